// SPDX-License-Identifier: Apache-2.0
//
// The names of a call in text and back.
#include "bench/load/call.hpp"

#include <array>
#include <charconv>

namespace tandem::bench::load {

namespace {

constexpr std::size_t kHexDigits = 8;
constexpr std::size_t kTagBytes = 1 + 2 * kHexDigits;
constexpr std::string_view kCookie = "z9hG4bK";
constexpr std::string_view kOrigin = "v=0\r\no=- ";

template <int Base>
bool parse_word(std::string_view text, std::uint32_t& out) {
    const auto result = std::from_chars(text.data(), text.data() + text.size(), out, Base);
    return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

} // namespace

std::string_view name_of(CallerState state) {
    constexpr std::array<std::string_view, 6> kNames = {
        "inviting", "trying", "ringing", "talking", "leaving", "done"};
    return kNames[static_cast<std::size_t>(state)];
}

std::string_view name_of(CalleeState state) {
    constexpr std::array<std::string_view, 7> kNames = {
        "idle", "invited", "ringing", "answered", "talking", "leaving", "done"};
    return kNames[static_cast<std::size_t>(state)];
}

void write_tag(TextWriter& out, Side side, const CallName& name) {
    out.put(static_cast<char>(side)).hex(name.slot).hex(name.salt);
}

void write_branch(TextWriter& out, Side side, char request, const CallName& name) {
    out.put(kCookie);
    write_tag(out, side, name);
    out.put(request);
}

void write_call_id(TextWriter& out, const Call& call) {
    const std::uint64_t chance = scatter(call.serial ^ 0x5ca1'ab1eU);
    out.hex(static_cast<std::uint32_t>(chance >> 32U))
        .hex(static_cast<std::uint32_t>(chance))
        .put('-')
        .hex(call.name.slot)
        .put('@')
        .address(call.caller_place.address);
}

void write_aor(TextWriter& out, std::uint32_t phone) {
    out.put("sip:").number(Directory::number(phone)).put('@').address(kSwitch.address);
}

void write_contact_uri(TextWriter& out, const Call& call, Side side) {
    out.put("sip:").number(Directory::number(call.phone(side))).put('@').place(call.place(side));
}

void write_route(TextWriter& out, const Call& call, Side side) {
    out.put("<sip:").place(call.place(side)).put(";lr;edge=").hex(call.name.salt).put('>');
}

void write_sdp(TextWriter& out, const Call& call, Side side) {
    const std::uint32_t address = call.place(side).address;
    out.put(kOrigin).number(call.name.slot).put(' ').number(call.name.salt).put(" IN IP4 ");
    out.address(address);
    out.put(side == Side::Caller ? "\r\ns=offer\r\nc=IN IP4 " : "\r\ns=answer\r\nc=IN IP4 ");
    out.address(address).put("\r\nt=0 0\r\nm=audio ").number(call.place(side).port + 2U);
    out.put(side == Side::Caller ? " RTP/AVP 9 8 0 101\r\n"
                                   "a=rtpmap:9 G722/8000\r\n"
                                   "a=rtpmap:8 PCMA/8000\r\n"
                                   "a=rtpmap:0 PCMU/8000\r\n"
                                 : " RTP/AVP 8 101\r\n"
                                   "a=rtpmap:8 PCMA/8000\r\n");
    out.put("a=rtpmap:101 telephone-event/8000\r\n"
            "a=fmtp:101 0-16\r\n"
            "a=ptime:20\r\n"
            "a=sendrecv\r\n");
}

std::optional<TagName> parse_tag(std::string_view tag) {
    TagName parsed;
    if (tag.size() != kTagBytes || (tag[0] != 'a' && tag[0] != 'b') ||
        !parse_word<16>(tag.substr(1, kHexDigits), parsed.name.slot) ||
        !parse_word<16>(tag.substr(1 + kHexDigits), parsed.name.salt)) {
        return std::nullopt;
    }
    parsed.side = static_cast<Side>(tag[0]);
    return parsed;
}

std::optional<TagName> parse_branch(std::string_view branch) {
    if (branch.size() != kCookie.size() + kTagBytes + 1 || !branch.starts_with(kCookie)) {
        return std::nullopt;
    }
    return parse_tag(branch.substr(kCookie.size(), kTagBytes));
}

std::optional<CallName> parse_sdp(std::string_view body) {
    if (!body.starts_with(kOrigin)) {
        return std::nullopt;
    }
    body.remove_prefix(kOrigin.size());
    const std::size_t first = body.find(' ');
    const std::size_t second = first < body.size() ? body.find(' ', first + 1) : body.size();
    CallName name;
    if (second >= body.size() || !parse_word<10>(body.substr(0, first), name.slot) ||
        !parse_word<10>(body.substr(first + 1, second - first - 1), name.salt)) {
        return std::nullopt;
    }
    return name;
}

} // namespace tandem::bench::load
