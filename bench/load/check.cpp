// SPDX-License-Identifier: Apache-2.0
//
// Expected texts are written with the functions the phones write with and compared byte by byte
// where RFC 3261 wants a copy, by meaning where it does not.
#include "bench/load/check.hpp"

#include <initializer_list>
#include <optional>

#include "sipparse/integer_header.hpp"
#include "sipparse/name_addr.hpp"
#include "sipparse/sip_uri.hpp"
#include "sipparse/via.hpp"

namespace tandem::bench::load {

namespace {

using sipparse::HeaderId;
using sipparse::MessageView;
using sipparse::Method;

constexpr std::size_t kTextBytes = 160;
constexpr std::size_t kSdpBytes = 512;
using Text = TextOf<kTextBytes>;

Side other(Side side) {
    return side == Side::Caller ? Side::Callee : Side::Caller;
}

// The first fault of a row of checks, each made only when those before it held.
template <typename... Checks>
Fault first_of(Checks... checks) {
    Fault fault = Fault::None;
    static_cast<void>(((fault = checks(), fault == Fault::None) && ...));
    return fault;
}

bool is_one(const MessageView& view, HeaderId id, std::string_view value) {
    return view.count(id) == 1 && *view.find(id) == value;
}

// Our Via came back: sent-by, branch, and what the switch saw of us (RFC 3581 section 4).
Fault check_echoed_via(const MessageView& view, Place sent_by, std::string_view branch) {
    const auto via = sipparse::top_via(view);
    if (!via || view.count(HeaderId::Via) != 1 || via->transport != "UDP" ||
        via->branch != branch || via->port != sent_by.port || via->rport != sent_by.port) {
        return Fault::Via;
    }
    Text host;
    host.writer.address(sent_by.address);
    const bool received = via->received.empty() || via->received == host.text();
    return via->host == host.text() && received ? Fault::None : Fault::Via;
}

// A Via of the switch, and no other.
Fault check_switch_via(const MessageView& view) {
    const auto via = sipparse::top_via(view);
    Text host;
    host.writer.address(kSwitch.address);
    const bool port = via && (via->port == kSwitch.port || via->port == 0);
    return port && view.count(HeaderId::Via) == 1 && via->transport == "UDP" &&
                   via->host == host.text() && via->has_rfc3261_branch()
               ? Fault::None
               : Fault::Via;
}

// Display name and URI of a party are the caller's; `tag` is not looked at when empty.
Fault check_party(
    const MessageView& view, HeaderId id, const Call& call, Side party, std::string_view tag) {
    const Fault fault = id == HeaderId::From ? Fault::From : Fault::To;
    const auto value = view.find(id);
    const auto parsed =
        value && view.count(id) == 1 ? sipparse::parse_name_addr(*value) : std::nullopt;
    if (!parsed) {
        return fault;
    }
    Text display;
    if (party == Side::Caller) {
        display.writer.put("\"Agent ").number(Directory::number(call.caller)).put('"');
    }
    Text uri;
    write_aor(uri.writer, call.phone(party));
    if (parsed->display != display.text() || parsed->uri != uri.text()) {
        return fault;
    }
    return tag.empty() || parsed->tag() == tag ? Fault::None : Fault::Tag;
}

Fault check_call_id(const MessageView& view, const Call& call, Side side) {
    Text own;
    if (side == Side::Caller) {
        write_call_id(own.writer, call);
    } else {
        own.writer.put(call.callee_call_id.text());
    }
    return is_one(view, HeaderId::CallId, own.text()) ? Fault::None : Fault::CallId;
}

Fault check_cseq(const MessageView& view, std::uint32_t number, Method method) {
    return view.cseq_number() == number && view.method() == method ? Fault::None : Fault::CSeq;
}

Fault check_switch_contact(const MessageView& view) {
    const auto uri = sipparse::parse_sip_uri(contact_uri(view));
    Text host;
    host.writer.address(kSwitch.address);
    const bool ours =
        uri && uri->host == host.text() && (uri->port == kSwitch.port || uri->port == 0);
    return ours ? Fault::None : Fault::Contact;
}

Fault check_body(const MessageView& view, const Call& call, Side author) {
    if (!is_one(view, HeaderId::ContentType, "application/sdp")) {
        return Fault::ContentType;
    }
    TextOf<kSdpBytes> sdp;
    write_sdp(sdp.writer, call, author);
    return view.body() == sdp.text() ? Fault::None : Fault::Body;
}

Fault check_no_body(const MessageView& view) {
    return view.body().empty() ? Fault::None : Fault::Body;
}

Fault check_route(const MessageView& view, const Call& call, Side side, bool in_dialog) {
    if (!call.routed || !in_dialog) {
        return view.has(HeaderId::Route) ? Fault::Route : Fault::None;
    }
    Text route;
    write_route(route.writer, call, side);
    return is_one(view, HeaderId::Route, route.text()) ? Fault::None : Fault::Route;
}

// RFC 3261 12.1.1: a response that makes a dialog repeats the Record-Route of the request.
Fault check_record_route(const MessageView& view, const Call& call) {
    if (!call.routed) {
        return view.has(HeaderId::RecordRoute) ? Fault::RecordRoute : Fault::None;
    }
    Text route;
    write_route(route.writer, call, Side::Caller);
    return is_one(view, HeaderId::RecordRoute, route.text()) ? Fault::None : Fault::RecordRoute;
}

Fault check_max_forwards(const MessageView& view, std::optional<std::uint8_t> exactly) {
    const auto value = view.find(HeaderId::MaxForwards);
    const auto hops = value ? sipparse::parse_max_forwards(*value) : std::nullopt;
    const bool good = hops && (exactly ? *hops == *exactly : *hops > 0);
    return good ? Fault::None : Fault::MaxForwards;
}

Fault check_ways(const Arrival& arrival, const Place& destination) {
    if (arrival.source != kSwitch) {
        return Fault::Source;
    }
    return arrival.destination == destination ? Fault::None : Fault::Destination;
}

std::string_view learnt_tag(const Call& call, Side side) {
    return side == Side::Caller ? call.caller_remote_tag.text() : call.callee_remote_tag.text();
}

// What every request inside the dialog of `side` has in common.
Fault check_in_dialog(const Call& call, Side side, const Arrival& arrival) {
    const MessageView& view = arrival.view;
    Text uri;
    write_contact_uri(uri.writer, call, side);
    Text tag;
    write_tag(tag.writer, side, call.name);
    return first_of(
        [&] { return check_ways(arrival, call.place(side)); },
        [&] { return view.request_uri() == uri.text() ? Fault::None : Fault::RequestUri; },
        [&] { return check_switch_via(view); },
        [&] { return check_max_forwards(view, std::nullopt); },
        [&] { return check_route(view, call, side, true); },
        [&] {
            return check_party(view, HeaderId::From, call, other(side), learnt_tag(call, side));
        },
        [&] { return check_party(view, HeaderId::To, call, side, tag.text()); },
        [&] { return check_call_id(view, call, side); },
        [&] { return check_no_body(view); });
}

// What every response to a request of `side` has in common.
Fault check_response(const Call& call, Side side, char request, const Arrival& arrival) {
    const MessageView& view = arrival.view;
    Text branch;
    write_branch(branch.writer, side, request, call.name);
    Text tag;
    write_tag(tag.writer, side, call.name);
    return first_of(
        [&] { return check_ways(arrival, call.place(side)); },
        [&] { return check_echoed_via(view, call.place(side), branch.text()); },
        [&] { return check_party(view, HeaderId::From, call, side, tag.text()); },
        [&] { return check_party(view, HeaderId::To, call, other(side), learnt_tag(call, side)); },
        [&] { return check_call_id(view, call, side); });
}

} // namespace

std::string_view contact_uri(const MessageView& view) {
    const auto value = view.count(HeaderId::Contact) == 1 ? view.find(HeaderId::Contact)
                                                          : std::optional<std::string_view>{};
    const auto contact = value ? sipparse::parse_name_addr(*value) : std::nullopt;
    return contact ? contact->uri : std::string_view{};
}

std::string_view tag_of(const MessageView& view, HeaderId id) {
    const auto value = view.find(id);
    const auto party = value ? sipparse::parse_name_addr(*value) : std::nullopt;
    return party ? party->tag().value_or(std::string_view{}) : std::string_view{};
}

Fault check_invite_response(const Call& call, const Arrival& arrival) {
    const MessageView& view = arrival.view;
    const std::uint16_t status = view.status_code();
    if (status != 100 && status != 180 && status != 200) {
        return Fault::StartLine;
    }
    const Fault common = first_of([&] { return check_cseq(view, call.cseq, Method::Invite); },
                                  [&] { return check_response(call, Side::Caller, 'I', arrival); });
    if (common != Fault::None || status == 100) {
        return common != Fault::None ? common : check_no_body(view);
    }
    return first_of(
        [&] { return tag_of(view, HeaderId::To).empty() ? Fault::Tag : Fault::None; },
        [&] { return check_switch_contact(view); },
        [&] { return check_record_route(view, call); },
        [&] { return status == 200 ? check_body(view, call, Side::Callee) : check_no_body(view); });
}

Fault check_invite(const Call& call, const Arrival& arrival) {
    const MessageView& view = arrival.view;
    Text uri;
    write_register_contact(uri.writer, call.callee);
    Text their_call_id;
    write_call_id(their_call_id.writer, call);
    return first_of(
        [&] { return check_ways(arrival, Directory::place(call.callee)); },
        [&] { return view.request_uri() == uri.text() ? Fault::None : Fault::RequestUri; },
        [&] { return check_switch_via(view); },
        [&] { return check_max_forwards(view, 69); },
        [&] { return check_route(view, call, Side::Callee, false); },
        [&] { return view.has(HeaderId::RecordRoute) ? Fault::RecordRoute : Fault::None; },
        [&] { return check_party(view, HeaderId::From, call, Side::Caller, {}); },
        [&] { return tag_of(view, HeaderId::From).empty() ? Fault::Tag : Fault::None; },
        [&] { return check_party(view, HeaderId::To, call, Side::Callee, {}); },
        [&] { return tag_of(view, HeaderId::To).empty() ? Fault::None : Fault::Tag; },
        // A back-to-back user agent has a dialog of its own on each side.
        [&] {
            return view.count(HeaderId::CallId) != 1 ||
                           *view.find(HeaderId::CallId) == their_call_id.text()
                       ? Fault::CallId
                       : Fault::None;
        },
        [&] { return view.cseq_number() > 0 ? Fault::None : Fault::CSeq; },
        [&] { return check_switch_contact(view); },
        [&] { return check_body(view, call, Side::Caller); });
}

Fault check_ack(const Call& call, const Arrival& arrival) {
    return first_of([&] { return check_cseq(arrival.view, call.invite_cseq, Method::Ack); },
                    [&] { return check_in_dialog(call, Side::Callee, arrival); });
}

Fault check_bye(const Call& call, Side side, const Arrival& arrival) {
    // Above that of the switch's INVITE, when there was one in this dialog.
    const std::uint32_t above = side == Side::Callee ? call.invite_cseq : 0;
    return first_of([&] { return arrival.view.cseq_number() > above ? Fault::None : Fault::CSeq; },
                    [&] { return check_in_dialog(call, side, arrival); });
}

Fault check_bye_response(const Call& call, Side side, const Arrival& arrival) {
    const MessageView& view = arrival.view;
    return first_of([&] { return view.status_code() == 200 ? Fault::None : Fault::StartLine; },
                    [&] { return check_cseq(view, call.cseq + 1, Method::Bye); },
                    [&] { return check_response(call, side, 'B', arrival); },
                    [&] { return check_no_body(view); });
}

Fault check_register_response(const Registration& registration, const Arrival& arrival) {
    const MessageView& view = arrival.view;
    const Place place = Directory::place(registration.phone);
    Text branch;
    write_register_branch(branch.writer, registration);
    Text call_id;
    write_register_call_id(call_id.writer, registration.phone);
    Text contact;
    write_register_contact(contact.writer, registration.phone);
    Text tag;
    tag.writer.put('r').hex(registration.salt);
    const auto registered = view.find(HeaderId::Contact);
    const auto binding = registered ? sipparse::parse_name_addr(*registered) : std::nullopt;
    const auto expires = binding ? binding->param("expires") : std::nullopt;
    return first_of(
        [&] { return check_ways(arrival, place); },
        [&] { return view.status_code() == 200 ? Fault::None : Fault::StartLine; },
        [&] { return check_echoed_via(view, place, branch.text()); },
        [&] { return tag_of(view, HeaderId::From) == tag.text() ? Fault::None : Fault::From; },
        [&] { return tag_of(view, HeaderId::To).empty() ? Fault::Tag : Fault::None; },
        [&] {
            return is_one(view, HeaderId::CallId, call_id.text()) ? Fault::None : Fault::CallId;
        },
        [&] { return check_cseq(view, registration.cseq, Method::Register); },
        [&] {
            return contact_uri(view) == contact.text() && expires ? Fault::None : Fault::Contact;
        },
        [&] { return check_no_body(view); });
}

} // namespace tandem::bench::load
