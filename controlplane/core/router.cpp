// SPDX-License-Identifier: Apache-2.0
//
// Turns a dialled number into targets. A DN of that number goes before any trunk's prefix. What
// comes from a trunk reaches DNs only: the switch is no transit between trunks.
#include "controlplane/core/router.hpp"

#include <charconv>

#include "controlplane/core/dialled_number.hpp"
#include "controlplane/core/directory_tables.hpp"
#include "controlplane/core/registrar.hpp"
#include "sipparse/sip_uri.hpp"

namespace tandem::controlplane {

namespace {

using base::Error;
using base::Result;

// "sip:<user>@<address>:<port>", or empty when it does not fit.
std::string_view compose_uri(std::initializer_list<std::string_view> user,
                             base::Endpoint target,
                             std::span<char> out) {
    constexpr std::string_view kScheme = "sip:";
    std::size_t bytes = kScheme.size() + 1 + base::kEndpointTextBytesMax;
    for (const auto piece : user) {
        bytes += piece.size();
    }
    if (bytes > out.size()) {
        return {};
    }
    char* end = out.data() + kScheme.copy(out.data(), kScheme.size());
    for (const auto piece : user) {
        end += piece.copy(end, piece.size());
    }
    *end++ = '@';
    end = base::write_endpoint(target, end);
    return {out.data(), static_cast<std::size_t>(end - out.data())};
}

} // namespace

std::string_view without_uri_headers(std::string_view uri) {
    const auto parsed = sipparse::parse_sip_uri(uri);
    const bool has_headers = parsed && !parsed->headers.empty();
    return has_headers ? uri.substr(0, uri.size() - parsed->headers.size() - 1) : uri;
}

Router::Router(Directory& directory,
               const Registrar& registrar,
               Changes& changes,
               const base::StageVisits* visits)
    : directory_(directory), registrar_(registrar), changes_(changes), visits_(visits) {}

Result<Route, Refusal>
Router::route(const Device& caller, std::string_view dialled, const Now& now) {
    base::visit(visits_, base::Stage::Router);
    if (const auto dn = directory_.find_dn(DialledNumber(dialled).text())) {
        return route_to_dn(*dn, now);
    }
    if (caller.trunk) {
        return Error{Refusal(404, "Not Found")};
    }
    return route_to_trunk(dialled);
}

Result<Route, Refusal> Router::route_to_dn(DnIndex index, const Now& now) {
    const auto dn = directory_.dn(index);
    if (dn.range->max_calls != 0 && dn.calls >= dn.range->max_calls) {
        return Error{Refusal(486, "Busy Here")};
    }
    Route route;
    route.device.dn = index;
    route.ring_timeout_s = dn.range->ring_timeout_s;
    const auto& contact = dn.range->contact;
    if (!contact.learned) {
        const std::string_view user = contact.user.empty() ? dn.number : contact.user;
        route.targets[0] = {.device = route.device,
                            .destination = contact.target,
                            .request_uri = compose_uri({user}, contact.target, uris_[0])};
        route.count = 1;
        return route;
    }
    std::array<BindingView, kTargetsMax> bindings;
    route.count = static_cast<std::uint32_t>(registrar_.bindings(index, now, bindings));
    for (std::uint32_t i = 0; i < route.count; ++i) {
        route.targets[i] = {.device = route.device,
                            .destination = bindings[i].destination,
                            .request_uri = without_uri_headers(bindings[i].contact_uri)};
    }
    if (route.count == 0) {
        return Error{Refusal(480, "Not Registered")};
    }
    return route;
}

Result<Route, Refusal> Router::route_to_trunk(std::string_view dialled) {
    const auto choice = choose_trunk(dialled);
    if (!choice) {
        return Error{choice.error()};
    }
    auto& trunk = directory_.tables_->at(*choice);
    const auto key = static_cast<std::uint64_t>(*choice);
    changes_.touch({.kind = ObjectKind::Trunk, .key = key, .place = key}, trunk.version);
    trunk.turn = ++turn_;
    const auto& options = *trunk.options;
    auto rest = dialled;
    std::string_view front;
    if (options.replace_prefix) {
        front = *options.replace_prefix;
        rest.remove_prefix(options.prefix.size());
    }
    if (!options.contact.user.empty()) {
        front = options.contact.user;
        rest = {};
    }
    if (front.empty() && rest.empty()) {
        return Error{Refusal(404, "Not Found")}; // the prefix alone is no number
    }
    Route route;
    route.device.trunk = *choice;
    route.ring_timeout_s = options.ring_timeout_s;
    route.count = 1;
    route.targets[0] = {.device = route.device,
                        .destination = options.contact.target,
                        .request_uri =
                            compose_uri({front, rest}, options.contact.target, uris_[0])};
    if (route.targets[0].request_uri.empty()) {
        return Error{Refusal(414, "Request-URI Too Long")};
    }
    return route;
}

Result<TrunkIndex, Refusal> Router::choose_trunk(std::string_view dialled) const {
    const auto& trunks = directory_.tables_->trunks;
    std::optional<std::size_t> longest;
    for (const auto& trunk : trunks) {
        const auto& prefix = trunk.options->prefix;
        if (dialled.starts_with(prefix) && (!longest || prefix.size() > *longest)) {
            longest = prefix.size();
        }
    }
    if (!longest) {
        return Error{Refusal(404, "Not Found")};
    }
    std::optional<std::uint32_t> best;
    for (std::uint32_t i = 0; i < trunks.size(); ++i) {
        const auto& options = *trunks[i].options;
        const bool full = options.capacity != 0 && trunks[i].calls >= options.capacity;
        if (full || options.prefix.size() != *longest || !dialled.starts_with(options.prefix)) {
            continue;
        }
        const auto rank = [&](std::uint32_t index) {
            return std::pair(trunks[index].options->priority, trunks[index].turn);
        };
        if (!best || rank(i) < rank(*best)) {
            best = i;
        }
    }
    if (!best) {
        return Error{Refusal(503, "All Trunks Busy")};
    }
    return TrunkIndex{*best};
}

} // namespace tandem::controlplane
