// SPDX-License-Identifier: Apache-2.0
//
// Via: "SIP" "/" version "/" transport, white space, sent-by, parameters. White space may stand
// around every slash and colon (RFC 4475 3.1.1.1).
#include "sipparse/via.hpp"

#include "sipparse/lexical.hpp"
#include "sipparse/usual_form.hpp"
#include "sipparse/words.hpp"

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
    for (std::size_t at = end_of_class<CharacterClass::Host>(text); at < text.size();
         at = end_of_class<CharacterClass::Host>(text, at + 1)) {
        if (text[at] != ':' && text[at] != '[' && text[at] != ']') {
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

bool set_branch(const Param& param, Via& via) noexcept {
    via.branch = param.value;
    return is_token(param.value);
}

bool set_received(const Param& param, Via& via) noexcept {
    via.received = param.value;
    return is_address_text(param.value);
}

bool set_maddr(const Param& param, Via& via) noexcept {
    via.maddr = param.value;
    return is_address_text(param.value);
}

// False: the parameter is one of those of Via, and its value is none for it.
bool set_param(const Param& param, Via& via) noexcept {
    if (is_letters(param.name, "branch")) {
        return set_branch(param, via);
    }
    if (is_letters(param.name, "rport")) {
        return set_rport(param, via);
    }
    if (is_letters(param.name, "received")) {
        return set_received(param, via);
    }
    if (is_letters(param.name, "maddr")) {
        return set_maddr(param, via);
    }
    return equals_ignoring_case(param.name, "ttl") ? set_ttl(param, via) : true;
}

// ":" and a port right behind it at `at`, if a colon is there. Bytes of them; nothing: another
// form, or wrong.
std::optional<std::size_t>
usual_port_bytes(std::string_view text, std::size_t at, std::uint16_t& port) noexcept {
    if (at == text.size() || text[at] != ':') {
        return 0;
    }
    const std::size_t begin = at + 1;
    if (begin + kWordBytes > text.size()) {
        return std::nullopt;
    }
    const std::uint64_t word = load_word(text.data() + begin);
    const std::size_t digits = digits_in_front(word);
    if (digits == 0 || digits == kWordBytes) {
        return std::nullopt;
    }
    const std::uint32_t number = number_in_front(word, digits);
    port = static_cast<std::uint16_t>(number);
    return number != 0 && number <= 65'535 ? std::optional(1 + digits) : std::nullopt;
}

// The form that nearly all have: "SIP/2.0/UDP " or another transport of three letters, a name or an
// IPv4 address, no white space or quotes behind it. Bytes up to the end of the element, which is
// that of the text or a comma; 0: it is another form, or wrong.
std::size_t usual_via_bytes(std::string_view text, Via& via) noexcept {
    if (!begins_as_usual_via(text)) {
        return 0;
    }
    via.transport = {text.data() + kWordBytes, kUsualSentBy - 1 - kWordBytes};
    const std::size_t host_end = end_of_class<CharacterClass::Host>(text, kUsualSentBy);
    via.host = {text.data() + kUsualSentBy, host_end - kUsualSentBy};
    const auto port_bytes = usual_port_bytes(text, host_end, via.port);
    if (via.host.empty() || !port_bytes) {
        return 0;
    }
    const std::size_t params = host_end + *port_bytes;
    const std::size_t end = walk_usual_params(
        text, params, [&via](const Param& param) { return set_param(param, via); });
    if (end == 0) {
        return 0;
    }
    via.params = Params({text.data() + params, end - params});
    return end;
}

// Any form.
bool read_via(std::string_view element, Via& via) noexcept {
    std::string_view text = trim(element);
    if (!take_protocol(text, via)) {
        return false;
    }
    const std::size_t semicolon = text.find(';');
    const auto sent_by = parse_host_port(trim(text.substr(0, semicolon)), true);
    if (!sent_by) {
        return false;
    }
    via.host = sent_by->host;
    via.port = sent_by->port;
    if (semicolon == std::string_view::npos) {
        return true;
    }
    via.params = Params(text.substr(semicolon));
    Params::Iterator iterator = via.params.begin();
    while (iterator != Params::end() && set_param(*iterator, via)) {
        ++iterator;
    }
    return iterator == Params::end() && !iterator.malformed();
}

} // namespace

bool Via::has_rfc3261_branch() const noexcept {
    return branch.size() > kBranchCookie.size() &&
           equals_ignoring_case(branch.substr(0, kBranchCookie.size()), kBranchCookie);
}

std::optional<Via> parse_via(std::string_view element) noexcept {
    std::optional<Via> result(std::in_place); // filled where the caller wants it, never copied
    if (!element.empty() && usual_via_bytes(element, *result) == element.size()) {
        return result;
    }
    result.emplace();
    if (!read_via(element, *result)) {
        result.reset();
    }
    return result;
}

bool is_via_list(std::string_view value) noexcept {
    Via via;
    if (!value.empty() && usual_via_bytes(value, via) == value.size()) {
        return true;
    }
    for (const std::string_view element : ListValues(value)) {
        if (!parse_via(element)) {
            return false;
        }
    }
    return true;
}

std::optional<Via> top_via(const MessageView& view) noexcept {
    std::optional<Via> result(std::in_place);
    if (!read_top_via(view, *result)) {
        result.reset();
    }
    return result;
}

bool read_top_via(const MessageView& view, Via& out) noexcept {
    const auto value = view.find(HeaderId::Via);
    if (!value) {
        return false;
    }
    if (usual_via_bytes(*value, out) != 0) {
        return true;
    }
    out = {};
    return read_via({value->data(), list_element_bytes(*value)}, out);
}

} // namespace tandem::sipparse
