// SPDX-License-Identifier: Apache-2.0
//
// Composes From and To of the legs we make.
#include "controlplane/core/call/party.hpp"

#include <initializer_list>

#include "sipparse/name_addr.hpp"
#include "sipparse/sip_uri.hpp"

namespace tandem::controlplane {

namespace {

std::string_view join(std::initializer_list<std::string_view> pieces, std::span<char> out) {
    std::size_t used = 0;
    for (const auto piece : pieces) {
        if (out.size() - used < piece.size()) {
            return {};
        }
        used += piece.copy(out.data() + used, piece.size());
    }
    return {out.data(), used};
}

std::string_view compose(const CoreState& core,
                         std::string_view display,
                         std::string_view number,
                         std::span<char> out) {
    std::array<char, base::kIpv4TextBytesMax> address{};
    const auto* end = base::write_ipv4(core.sip_endpoint.address, address.data());
    const std::string_view host{address.data(), static_cast<std::size_t>(end - address.data())};
    const std::string_view space = display.empty() ? "" : " ";
    return join({display, space, "<sip:", number, "@", host, ">"}, out);
}

} // namespace

std::string_view party_of(const sipparse::MessageView& message, sipparse::HeaderId id) {
    const auto value = message.find(id);
    const auto parsed = value ? sipparse::parse_name_addr(*value) : std::nullopt;
    if (!parsed) {
        return {};
    }
    const char* end = parsed->uri.data() + parsed->uri.size() + (parsed->in_brackets ? 1 : 0);
    return {value->data(), static_cast<std::size_t>(end - value->data())};
}

std::string_view
caller_number(const CoreState& core, const sipparse::MessageView& request, const Device& caller) {
    if (caller.dn) {
        return core.directory.dn(*caller.dn).number;
    }
    const auto value = request.find(sipparse::HeaderId::From);
    const auto from = value ? sipparse::parse_name_addr(*value) : std::nullopt;
    const auto uri = from ? sipparse::parse_sip_uri(from->uri) : std::nullopt;
    const bool usable = uri && uri->has_user && uri->user.size() <= kCallerNumberBytesMax;
    return usable ? uri->user : "anonymous";
}

std::string_view compose_caller_party(const CoreState& core,
                                      const sipparse::MessageView& request,
                                      std::string_view number,
                                      std::span<char, kPartyBytesMax> out) {
    const auto value = request.find(sipparse::HeaderId::From);
    const auto from = value ? sipparse::parse_name_addr(*value) : std::nullopt;
    const auto display = from ? from->display : std::string_view{};
    const auto party = compose(core, display, number, out);
    return party.empty() ? compose(core, {}, number, out) : party;
}

std::string_view compose_callee_party(const CoreState& core,
                                      std::string_view number,
                                      std::span<char, kPartyBytesMax> out) {
    return compose(core, {}, number, out);
}

} // namespace tandem::controlplane
