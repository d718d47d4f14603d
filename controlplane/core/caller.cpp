// SPDX-License-Identifier: Apache-2.0
//
// The order of questions: is the source a trunk, which DN is it, can it prove that, does it send
// from where it registered.
#include "controlplane/core/caller.hpp"

#include <array>

#include "controlplane/core/dialled_number.hpp"
#include "controlplane/core/digest.hpp"
#include "controlplane/core/registrar.hpp"
#include "sipparse/name_addr.hpp"
#include "sipparse/sip_uri.hpp"

namespace tandem::controlplane {

namespace {

using base::Error;
using base::Result;

constexpr std::size_t kPasswordBytesMax = 512;

Result<DnIndex, Refusal> dn_of_from(const RequestInput& request, const Directory& directory) {
    const auto value = request.message.view.find(sipparse::HeaderId::From);
    const auto from = value ? sipparse::parse_name_addr(*value) : std::nullopt;
    if (!from) {
        return Error{Refusal(400, "Malformed From")};
    }
    const auto uri = sipparse::parse_sip_uri(from->uri);
    const auto dn =
        uri ? directory.find_dn(DialledNumber(uri->user).text()) : std::optional<DnIndex>{};
    if (!dn) {
        return Error{Refusal(403, "Forbidden")};
    }
    return *dn;
}

// Nothing when the sender proved that it is the DN.
std::optional<Refusal>
refuse_identity(const RequestInput& request, DnIndex dn, const CallerParts& parts, const Now& now) {
    std::array<char, kPasswordBytesMax> buffer;
    const auto password = parts.directory.password(dn, buffer);
    if (password.empty()) {
        return std::nullopt;
    }
    base::visit(parts.visits, base::Stage::Digest);
    const auto view = parts.directory.dn(dn);
    const std::string_view realm = view.range->realm;
    const auto verdict = parts.digest.check(
        request, {.username = view.number, .password = password, .realm = realm}, now);
    switch (verdict) {
    case DigestVerdict::Good:
        return std::nullopt;
    case DigestVerdict::Malformed:
        return Refusal(400, "Malformed Authorization");
    case DigestVerdict::TooMany:
        return Refusal(403, "Too Many Failed Authentications");
    case DigestVerdict::NoAnswer:
    case DigestVerdict::Wrong:
    case DigestVerdict::Stale:
        break;
    }
    return parts.digest.challenge(request, realm, verdict == DigestVerdict::Stale, now);
}

} // namespace

Result<Device, Refusal>
identify_caller(const RequestInput& request, const CallerParts& parts, const Now& now) {
    base::visit(parts.visits, base::Stage::Caller);
    const auto source = request.message.flow.remote;
    if (const auto trunk = parts.directory.trunk_from(source)) {
        return Device{.dn = std::nullopt, .trunk = trunk};
    }
    const auto dn = dn_of_from(request, parts.directory);
    if (!dn) {
        return Error{dn.error()};
    }
    if (const auto refusal = refuse_identity(request, *dn, parts, now)) {
        return Error{*refusal};
    }
    const bool registering = request.message.view.method() == sipparse::Method::Register;
    if (parts.directory.dn(*dn).range->require_registration && !registering &&
        !parts.registrar.holds_flow(*dn, source, now)) {
        return Error{Refusal(403, "Not Registered From Here")};
    }
    return Device{.dn = *dn, .trunk = std::nullopt};
}

} // namespace tandem::controlplane
