// SPDX-License-Identifier: Apache-2.0
//
// Via: "SIP" "/" version "/" transport, white space, sent-by, parameters. White space may stand
// around every slash and colon (RFC 4475 3.1.1.1).
#include "sipparse/via.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

// Takes a token off the front, and white space behind it. Empty when there is none.
std::string_view take_token(std::string_view& text) noexcept {
    const std::string_view token = text.substr(0, token_bytes(text));
    text = trim_left(text.substr(token.size()));
    return token;
}

bool take_slash(std::string_view& text) noexcept {
    if (text.empty() || text.front() != '/') {
        return false;
    }
    text = trim_left(text.substr(1));
    return true;
}

// "SIP/2.0/UDP" and the white space behind it.
bool take_protocol(std::string_view& text, Via& via) noexcept {
    constexpr std::string_view kUsual = "SIP/2.0/UDP ";
    constexpr std::size_t kTransportBytes = 3;
    if (text.starts_with(kUsual)) {
        via.transport = text.substr(kUsual.size() - 1 - kTransportBytes, kTransportBytes);
        text = trim_left(text.substr(kUsual.size()));
        return true;
    }
    const std::string_view name = take_token(text);
    if (!equals_ignoring_case(name, "SIP") || !take_slash(text) || take_token(text) != "2.0" ||
        !take_slash(text)) {
        return false;
    }
    const std::size_t before = text.size();
    via.transport = take_token(text);
    const bool white_space_behind = before - text.size() > via.transport.size();
    return !via.transport.empty() && white_space_behind;
}

// received may be an IPv6 address with or without brackets (RFC 5118 4.5).
bool is_address_text(std::string_view text) noexcept {
    for (const char c : text) {
        if (!is_alpha(c) && !is_digit(c) && c != '.' && c != ':' && c != '-' && c != '[' &&
            c != ']' && c != '_') {
            return false;
        }
    }
    return !text.empty();
}

bool set_rport(const Param& param, Via& via) noexcept {
    via.has_rport = true;
    if (!param.has_value) {
        return true;
    }
    const auto port = parse_number(param.value, 65'535);
    via.rport = static_cast<std::uint16_t>(port.value_or(0));
    return via.rport != 0;
}

bool set_ttl(const Param& param, Via& via) noexcept {
    const auto ttl = parse_number(param.value, 255);
    via.ttl = static_cast<std::uint8_t>(ttl.value_or(0));
    return ttl.has_value();
}

bool set_param(const Param& param, Via& via) noexcept {
    if (equals_ignoring_case(param.name, "branch")) {
        via.branch = param.value;
        return is_token(param.value);
    }
    if (equals_ignoring_case(param.name, "rport")) {
        return set_rport(param, via);
    }
    if (equals_ignoring_case(param.name, "received")) {
        via.received = param.value;
        return is_address_text(param.value);
    }
    if (equals_ignoring_case(param.name, "maddr")) {
        via.maddr = param.value;
        return is_address_text(param.value);
    }
    return equals_ignoring_case(param.name, "ttl") ? set_ttl(param, via) : true;
}

} // namespace

bool Via::has_rfc3261_branch() const noexcept {
    return branch.size() > kBranchCookie.size() &&
           equals_ignoring_case(branch.substr(0, kBranchCookie.size()), kBranchCookie);
}

std::optional<Via> parse_via(std::string_view element) noexcept {
    std::optional<Via> result(std::in_place); // filled where the caller wants it, never copied
    Via& via = *result;
    std::string_view text = trim(element);
    if (!take_protocol(text, via)) {
        result.reset();
        return result;
    }
    const std::size_t semicolon = text.find(';');
    const auto sent_by = parse_host_port(trim(text.substr(0, semicolon)), true);
    if (!sent_by) {
        result.reset();
        return result;
    }
    via.host = sent_by->host;
    via.port = sent_by->port;
    if (semicolon == std::string_view::npos) {
        return result;
    }
    via.params = Params(text.substr(semicolon));
    Params::Iterator iterator = via.params.begin();
    while (iterator != Params::end() && set_param(*iterator, via)) {
        ++iterator;
    }
    if (iterator != Params::end() || iterator.malformed()) {
        result.reset();
    }
    return result;
}

std::optional<Via> top_via(const MessageView& view) noexcept {
    const auto element = view.find_first(HeaderId::Via);
    return element ? parse_via(*element) : std::nullopt;
}

} // namespace tandem::sipparse
