// SPDX-License-Identifier: Apache-2.0
//
// Reads the Contacts of a REGISTER and decides for each how long it lasts and where it is reached.
#include "controlplane/core/register_request.hpp"

#include <algorithm>
#include <charconv>

#include "controlplane/core/registrar.hpp"
#include "sipparse/integer_header.hpp"
#include "sipparse/lexical.hpp"
#include "sipparse/name_addr.hpp"

namespace tandem::controlplane {

namespace {

constexpr std::uint16_t kSipPort = 5060;
// RFC 3261 10.2.1.1: a malformed expires value counts as one hour.
constexpr std::uint32_t kMalformedExpiresS = 3600;

std::uint32_t expires_or_default(std::optional<std::string_view> text, std::uint32_t otherwise) {
    if (!text) {
        return otherwise;
    }
    return sipparse::parse_delta_seconds(*text).value_or(kMalformedExpiresS);
}

Refusal interval_too_brief(std::uint32_t min_expires_s) {
    Refusal refusal(423, "Interval Too Brief");
    std::array<char, 10> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), min_expires_s).ptr;
    refusal.add(sipparse::HeaderId::MinExpires,
                {{digits.data(), static_cast<std::size_t>(end - digits.data())}});
    return refusal;
}

// A phone behind a NAT names a private address that is not the one its packets come from. A host
// name is not resolved: the source is the only address known to lead back to the phone.
void choose_destination(RegisterContact& contact,
                        base::Endpoint source,
                        config::NatContact nat_contact) {
    const auto address = base::parse_ipv4(contact.uri.host);
    const bool behind_nat = nat_contact == config::NatContact::Auto && address &&
                            base::is_private(*address) && *address != source.address;
    contact.via_source = !address || behind_nat;
    if (contact.via_source) {
        contact.destination = source;
        return;
    }
    contact.destination = {.address = *address,
                           .port = contact.uri.port != 0 ? contact.uri.port : kSipPort};
}

std::optional<Refusal> read_contact(std::string_view element,
                                    std::uint32_t default_expires_s,
                                    const Datagram& message,
                                    const RegisterLimits& limits,
                                    RegisterContact& contact) {
    const auto address = sipparse::parse_name_addr(element);
    const auto uri = address ? sipparse::parse_sip_uri(address->uri) : std::nullopt;
    if (!uri) {
        return Refusal(400, "Malformed Contact");
    }
    if (address->uri.size() > kContactUriBytesMax) {
        return Refusal(400, "Contact Too Long");
    }
    const auto transport = uri->transport();
    if (uri->scheme != sipparse::UriScheme::Sip ||
        (!transport.empty() && !sipparse::equals_ignoring_case(transport, "udp"))) {
        return Refusal(400, "Contact Transport Is Not UDP");
    }
    contact.uri_text = address->uri;
    contact.uri = *uri;
    contact.expires_s = std::min(expires_or_default(address->param("expires"), default_expires_s),
                                 limits.max_expires_s);
    if (contact.expires_s != 0 && contact.expires_s < limits.min_expires_s) {
        return interval_too_brief(limits.min_expires_s);
    }
    choose_destination(contact, message.flow.remote, limits.nat_contact);
    return std::nullopt;
}

} // namespace

std::optional<Refusal>
read_register(const Datagram& message, const RegisterLimits& limits, RegisterRequest& request) {
    const auto& view = message.view;
    request.count = 0;
    request.remove_all = false;
    request.call_id = view.find(sipparse::HeaderId::CallId).value_or(std::string_view{});
    request.cseq = view.cseq_number();
    const auto expires = view.find(sipparse::HeaderId::Expires);
    const auto default_expires_s = expires_or_default(expires, limits.max_expires_s);
    std::size_t elements = 0;
    for (const auto element : view.list(sipparse::HeaderId::Contact)) {
        ++elements;
        if (sipparse::is_contact_star(element)) {
            request.remove_all = true;
            continue;
        }
        if (request.count == kRegisterContactsMax) {
            return Refusal(400, "Too Many Contacts");
        }
        RegisterContact& contact = request.contacts[request.count++];
        if (auto refusal = read_contact(element, default_expires_s, message, limits, contact)) {
            return refusal;
        }
    }
    // RFC 3261 10.3 step 6: "*" stands alone and with Expires: 0.
    if (request.remove_all && (elements > 1 || !expires || default_expires_s != 0)) {
        return Refusal(400, "Contact * Needs Expires 0 And Stands Alone");
    }
    return std::nullopt;
}

} // namespace tandem::controlplane
