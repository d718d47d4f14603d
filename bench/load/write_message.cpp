// SPDX-License-Identifier: Apache-2.0
//
// What desk phones send: the headers they have, in their order and of their length.
#include "bench/load/write_message.hpp"

namespace tandem::bench::load {

namespace {

constexpr std::string_view kUserAgent = "User-Agent: Tandem-Load/1.0 (desk phone)\r\n";
constexpr std::string_view kAllow =
    "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, NOTIFY, REFER\r\n";

// Bodies are written first, because their length stands in front of them.
constexpr std::size_t kSdpBytesMax = 512;

void write_body(TextWriter& out, const Call& call, Side side) {
    TextOf<kSdpBytesMax> sdp;
    write_sdp(sdp.writer, call, side);
    out.put("Content-Type: application/sdp\r\nContent-Length: ").number(sdp.text().size());
    out.put("\r\n\r\n").put(sdp.text());
}

void write_no_body(TextWriter& out) {
    out.put("Content-Length: 0\r\n\r\n");
}

void write_own_via(TextWriter& out, const Call& call, Side side, char request) {
    out.put("Via: SIP/2.0/UDP ").place(call.place(side)).put(";branch=");
    write_branch(out, side, request, call.name);
    out.put(";rport\r\nMax-Forwards: 70\r\n");
}

// `name` is "From: " or "To: "; display and URI of a party as the caller wrote them.
void write_party(TextWriter& out, std::string_view name, const Call& call, Side party) {
    out.put(name);
    if (party == Side::Caller) {
        out.put("\"Agent ").number(Directory::number(call.caller)).put("\" ");
    }
    out.put('<');
    write_aor(out, call.phone(party));
    out.put('>');
}

void write_own_party(TextWriter& out, std::string_view name, const Call& call, Side side) {
    write_party(out, name, call, side);
    out.put(";tag=");
    write_tag(out, side, call.name);
    out.put("\r\n");
}

std::string_view remote_tag(const Call& call, Side side) {
    return side == Side::Caller ? call.caller_remote_tag.text() : call.callee_remote_tag.text();
}

std::string_view target(const Call& call, Side side) {
    return side == Side::Caller ? call.caller_target.text() : call.callee_target.text();
}

void write_other_party(TextWriter& out, std::string_view name, const Call& call, Side side) {
    write_party(out, name, call, side == Side::Caller ? Side::Callee : Side::Caller);
    out.put(";tag=").put(remote_tag(call, side)).put("\r\n");
}

void write_call_id_line(TextWriter& out, const Call& call, Side side) {
    out.put("Call-ID: ");
    if (side == Side::Caller) {
        write_call_id(out, call);
    } else {
        out.put(call.callee_call_id.text());
    }
    out.put("\r\n");
}

void write_cseq(TextWriter& out, std::uint32_t number, std::string_view method) {
    out.put("CSeq: ").number(number).put(' ').put(method).put("\r\n");
}

void write_contact(TextWriter& out, const Call& call, Side side) {
    out.put("Contact: <");
    write_contact_uri(out, call, side);
    out.put(">\r\n");
}

// ACK and BYE: everything a request inside a dialog has.
void write_in_dialog(
    TextWriter& out, const Call& call, Side side, std::string_view method, std::uint32_t cseq) {
    out.put(method).put(' ').put(target(call, side)).put(" SIP/2.0\r\n");
    write_own_via(out, call, side, method[0]);
    write_own_party(out, "From: ", call, side);
    write_other_party(out, "To: ", call, side);
    write_call_id_line(out, call, side);
    write_cseq(out, cseq, method);
    out.put(kUserAgent);
    write_no_body(out);
}

std::string_view reason(std::uint16_t status) {
    switch (status) {
    case 100:
        return "Trying";
    case 180:
        return "Ringing";
    default:
        return "OK";
    }
}

} // namespace

void write_invite(TextWriter& out, const Call& call) {
    out.put("INVITE ");
    write_aor(out, call.callee);
    out.put(" SIP/2.0\r\n");
    write_own_via(out, call, Side::Caller, 'I');
    if (call.routed) {
        out.put("Record-Route: ");
        write_route(out, call, Side::Caller);
        out.put("\r\n");
    }
    write_own_party(out, "From: ", call, Side::Caller);
    write_party(out, "To: ", call, Side::Callee);
    out.put("\r\n");
    write_call_id_line(out, call, Side::Caller);
    write_cseq(out, call.cseq, "INVITE");
    write_contact(out, call, Side::Caller);
    out.put(kAllow).put(kUserAgent).put("Supported: replaces\r\n");
    write_body(out, call, Side::Caller);
}

void write_ack(TextWriter& out, const Call& call) {
    write_in_dialog(out, call, Side::Caller, "ACK", call.cseq);
}

void write_invite_response(TextWriter& out, const Call& call, std::uint16_t status) {
    out.put("SIP/2.0 ").number(status).put(' ').put(reason(status)).put("\r\nVia: ");
    out.put(call.invite_via.text()).put("\r\n");
    if (call.routed && status > 100) {
        out.put("Record-Route: ");
        write_route(out, call, Side::Callee);
        out.put("\r\n");
    }
    write_other_party(out, "From: ", call, Side::Callee);
    if (status == 100) {
        write_party(out, "To: ", call, Side::Callee);
        out.put("\r\n");
    } else {
        write_own_party(out, "To: ", call, Side::Callee);
    }
    write_call_id_line(out, call, Side::Callee);
    write_cseq(out, call.invite_cseq, "INVITE");
    if (status == 100) {
        write_no_body(out);
        return;
    }
    write_contact(out, call, Side::Callee);
    out.put(kAllow).put(kUserAgent);
    if (status == 200) {
        write_body(out, call, Side::Callee);
    } else {
        write_no_body(out);
    }
}

void write_bye(TextWriter& out, const Call& call, Side side) {
    // Each side counts for itself (RFC 3261 12.2.1.1).
    write_in_dialog(out, call, side, "BYE", call.cseq + 1);
}

void write_bye_response(TextWriter& out, const EchoedHeaders& request) {
    out.put("SIP/2.0 200 OK\r\nVia: ").put(request.via);
    out.put("\r\nFrom: ").put(request.from);
    out.put("\r\nTo: ").put(request.to);
    out.put("\r\nCall-ID: ").put(request.call_id);
    out.put("\r\nCSeq: ").put(request.cseq).put("\r\n");
    out.put(kUserAgent);
    write_no_body(out);
}

void write_register_branch(TextWriter& out, const Registration& registration) {
    out.put("z9hG4bKr").hex(registration.phone).hex(registration.salt);
}

void write_register_call_id(TextWriter& out, std::uint32_t phone) {
    out.hex(static_cast<std::uint32_t>(scatter(phone))).put("-reg@");
    out.address(Directory::address(phone));
}

void write_register_contact(TextWriter& out, std::uint32_t phone) {
    out.put("sip:").number(Directory::number(phone)).put('@').place(Directory::place(phone));
}

void write_register(TextWriter& out, const Registration& registration) {
    const std::uint32_t phone = registration.phone;
    out.put("REGISTER sip:").address(kSwitch.address).put(" SIP/2.0\r\nVia: SIP/2.0/UDP ");
    out.place(Directory::place(phone)).put(";branch=");
    write_register_branch(out, registration);
    out.put(";rport\r\nMax-Forwards: 70\r\nFrom: <");
    write_aor(out, phone);
    out.put(">;tag=r").hex(registration.salt).put("\r\nTo: <");
    write_aor(out, phone);
    out.put(">\r\nCall-ID: ");
    write_register_call_id(out, phone);
    out.put("\r\nCSeq: ").number(registration.cseq).put(" REGISTER\r\nContact: <");
    write_register_contact(out, phone);
    out.put(">\r\nExpires: ").number(kRegistrationExpiresS).put("\r\n");
    out.put(kAllow).put(kUserAgent);
    write_no_body(out);
}

} // namespace tandem::bench::load
