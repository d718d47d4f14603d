// SPDX-License-Identifier: Apache-2.0
//
// The parsers of the headers a request is routed and answered by, called by name: what the core
// runs for each request goes through no table of functions. check_headers() does.
#include "sipparse/request_check.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "sipparse/header_check.hpp"
#include "sipparse/name_addr.hpp"
#include "sipparse/sip_uri.hpp"
#include "sipparse/via.hpp"

namespace tandem::sipparse {

namespace {

// `text` is a part of the message.
Defect defect_at(const MessageView& view,
                 ParseError error,
                 HeaderId header,
                 std::string_view text) noexcept {
    return {.error = error,
            .header = header,
            .offset = static_cast<std::uint16_t>(text.data() - view.bytes.data()),
            .text = text};
}

Defect check_request_uri(const MessageView& view, const RequestRules& rules) noexcept {
    const std::string_view text = view.request_uri();
    const auto wrong = [&](ParseError error) {
        return defect_at(view, error, HeaderId::Other, text);
    };
    const UriScheme scheme = uri_scheme(text);
    if (scheme != UriScheme::Sip && (scheme != UriScheme::Sips || !rules.takes_sips)) {
        return wrong(ParseError::UriSchemeNotSupported);
    }
    const auto uri = parse_sip_uri(text);
    if (!uri) {
        return wrong(ParseError::RequestUriMalformed);
    }
    // 19.1.1; RFC 4475 3.1.2.11.
    return uri->headers.empty() ? Defect{} : wrong(ParseError::HeadersInRequestUri);
}

// The top one: by it the transaction is found and answered (17.2.3, 18.2). Those below are only
// copied back. An empty element in front leaves no top Via.
Defect check_top_via(const MessageView& view) noexcept {
    const std::string_view line = view.find(HeaderId::Via).value_or(view.bytes.substr(0, 0));
    const std::string_view element = view.find_first(HeaderId::Via).value_or(line);
    if (element.empty() || !parse_via(element)) {
        return defect_at(view,
                         ParseError::HeaderValueMalformed,
                         HeaderId::Via,
                         element.empty() ? line : element);
    }
    return {};
}

// From has a tag (8.1.1.3); To gets its own with the response.
Defect check_ends(const MessageView& view) noexcept {
    for (const HeaderId id : {HeaderId::From, HeaderId::To}) {
        const std::string_view value = view.find(id).value_or(view.bytes.substr(0, 0));
        const auto address = parse_name_addr(value);
        if (!address) {
            return defect_at(view, ParseError::HeaderValueMalformed, id, value);
        }
        if (id == HeaderId::From && !address->tag()) {
            return defect_at(view, ParseError::MissingFromTag, id, value);
        }
    }
    return {};
}

// Parameters of a Contact are preferences: what is wrong with their values is for who reads them
// (10.2.1.1 has a default for a malformed expires).
Defect check_contacts(const MessageView& view) noexcept {
    for (const std::string_view element : view.list(HeaderId::Contact)) {
        if (!is_contact_star(element) && !parse_name_addr(element)) {
            return defect_at(view, ParseError::HeaderValueMalformed, HeaderId::Contact, element);
        }
    }
    return {};
}

// Route and Record-Route are name-addr only: without brackets ";lr" would be of the header.
Defect check_routes(const MessageView& view, HeaderId id) noexcept {
    for (const std::string_view element : view.list(id)) {
        const auto address = parse_name_addr(element);
        if (!address || !address->in_brackets) {
            return defect_at(view, ParseError::HeaderValueMalformed, id, element);
        }
    }
    return {};
}

Defect check_extensions(const MessageView& view, OptionTagSet supported) noexcept {
    for (const HeaderId id : {HeaderId::Require, HeaderId::ProxyRequire}) {
        if (const auto tag = first_unsupported(view, id, supported)) {
            return defect_at(view, ParseError::ExtensionNotSupported, id, *tag);
        }
    }
    return {};
}

// RFC 3261 12.1, RFC 6665 4.4.1, RFC 3515.
bool makes_dialog(Method method) noexcept {
    return method == Method::Invite || method == Method::Subscribe || method == Method::Notify ||
           method == Method::Refer;
}

bool is_in_dialog(const MessageView& view) noexcept {
    return !find_tag(view.find(HeaderId::To).value_or(std::string_view{})).empty();
}

// Contact, Record-Route and Route, as far as they matter. In a dialog the route set stays as it is
// (12.2), and whoever takes a new target from Contact looks at it there.
Defect check_targets(const MessageView& view, const RequestRules& rules) noexcept {
    const bool makes_one = makes_dialog(view.method()) && !is_in_dialog(view);
    Defect defect;
    if (makes_one || view.method() == Method::Register) {
        defect = check_contacts(view);
    }
    if (!defect && makes_one) {
        defect = check_routes(view, HeaderId::RecordRoute);
    }
    if (!defect && rules.follows_route) {
        defect = check_routes(view, HeaderId::Route);
    }
    return defect;
}

// "malformed <name>" of every header, made when compiled: a reason phrase must last.
class MalformedSentences {
  public:
    constexpr MalformedSentences() {
        for (std::size_t id = 0; id < kHeaderIdCount; ++id) {
            Text& text = texts_[id];
            append(text, kFront);
            append(text, id == 0 ? "header value" : kHeaderRows[id].name);
        }
    }

    [[nodiscard]] constexpr std::string_view of(HeaderId id) const noexcept {
        const Text& text = texts_[static_cast<std::size_t>(header_row(id).id)];
        return {text.characters.data(), text.bytes};
    }

  private:
    static constexpr std::string_view kFront = "malformed ";

    struct Text {
        std::array<char, 48> characters{};
        std::size_t bytes = 0;
    };

    static constexpr void append(Text& text, std::string_view piece) {
        for (const char c : piece) {
            text.characters[text.bytes++] = c; // beyond the array it would not compile
        }
    }

    std::array<Text, kHeaderIdCount> texts_{};
};

constexpr MalformedSentences kMalformedSentences;

// The header line that covers the place; Other when none does.
HeaderId header_at(const MessageView& view, std::size_t offset) noexcept {
    HeaderId id = HeaderId::Other;
    for (std::size_t i = 0; i < view.header_count(); ++i) {
        const HeaderLine& line = view.index->lines[i];
        if (offset >= line.name_offset && offset <= line.value_offset + line.value_bytes) {
            id = line.id;
        }
    }
    return id;
}

} // namespace

Defect check_request(const MessageView& view, const RequestRules& rules) noexcept {
    Defect defect = check_request_uri(view, rules);
    if (!defect) {
        defect = check_top_via(view);
    }
    if (!defect) {
        defect = check_ends(view);
    }
    if (!defect) {
        defect = check_targets(view, rules);
    }
    const bool asks = view.method() != Method::Ack && view.method() != Method::Cancel;
    if (!defect && asks) {
        defect = check_extensions(view, rules.option_tags);
    }
    return defect;
}

Defect check_headers(const MessageView& view) noexcept {
    const std::size_t line = first_malformed_line(view);
    if (line == view.header_count()) {
        return {};
    }
    const HeaderView header = view.header(line);
    std::string_view text = header.value;
    if (header_row(header.id).is_list) {
        for (const std::string_view element : ListValues(header.value)) {
            if (!is_well_formed(header.id, element)) {
                text = element;
                break;
            }
        }
    }
    return defect_at(view, ParseError::HeaderValueMalformed, header.id, text);
}

Defect defect_of(ParseError error, const MessageView& view) noexcept {
    if (error == ParseError::None) {
        return {};
    }
    const std::size_t offset = std::min<std::size_t>(view.index->error_offset, view.bytes.size());
    return {.error = error,
            .header = header_at(view, offset),
            .offset = static_cast<std::uint16_t>(offset),
            .text = view.bytes.substr(offset, 0)};
}

std::string_view sentence(const Defect& defect) noexcept {
    return defect.error == ParseError::HeaderValueMalformed ? kMalformedSentences.of(defect.header)
                                                            : sentence(defect.error);
}

std::string_view describe(const Defect& defect, std::span<char> out) noexcept {
    std::array<char, 5> digits; // of 65535
    const char* const end =
        std::to_chars(digits.data(), digits.data() + digits.size(), defect.offset).ptr;
    std::size_t used = 0;
    for (const std::string_view piece :
         {sentence(defect),
          std::string_view(" at byte "),
          std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()))}) {
        used += piece.copy(out.data() + used, out.size() - used);
    }
    return {out.data(), used};
}

} // namespace tandem::sipparse
