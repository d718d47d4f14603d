// SPDX-License-Identifier: Apache-2.0
//
//   telephone-uri       = "tel:" ( global-number / local-number )
//   global-number       = "+" *phonedigit DIGIT *phonedigit *par
//   local-number        = *phonedigit-hex ( HEXDIG / "*" / "#" ) *phonedigit-hex *par context *par
//   phonedigit          = DIGIT / visual-separator, phonedigit-hex adds HEXDIG, "*" and "#"
//   visual-separator    = "-" / "." / "(" / ")"
//   context             = ";phone-context=" ( domainname / "+" *phonedigit DIGIT *phonedigit )
#include "sipparse/tel_uri.hpp"

#include <algorithm>

#include "sipparse/lexical.hpp"
#include "sipparse/uri_parts.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::string_view kScheme = "tel:";

bool is_separator(char c) noexcept {
    return c == '-' || c == '.' || c == '(' || c == ')';
}

// At least one digit among digits and separators; hexadecimal digits, "*" and "#" where local.
bool is_number(std::string_view text, bool is_global) noexcept {
    bool has_digit = false;
    for (const char c : text) {
        const bool is_one =
            is_digit(c) || (!is_global && (hex_digit(c) >= 0 || c == '*' || c == '#'));
        if (!is_one && !is_separator(c)) {
            return false;
        }
        has_digit = has_digit || is_one;
    }
    return has_digit;
}

bool is_context(std::string_view text) noexcept {
    if (text.starts_with('+')) {
        return is_number(text.substr(1), true);
    }
    return !text.empty() && end_of_class<CharacterClass::Host>(text) == text.size();
}

void skip_separators(std::string_view& text) noexcept {
    while (!text.empty() && is_separator(text.front())) {
        text.remove_prefix(1);
    }
}

bool same_number(std::string_view left, std::string_view right) noexcept {
    while (true) {
        skip_separators(left);
        skip_separators(right);
        if (left.empty() || right.empty()) {
            return left.empty() && right.empty();
        }
        if (to_lower(left.front()) != to_lower(right.front())) {
            return false;
        }
        left.remove_prefix(1);
        right.remove_prefix(1);
    }
}

// A domain keeps its dots and hyphens.
bool same_context(std::string_view left, std::string_view right) noexcept {
    return left.starts_with('+') && right.starts_with('+') ? same_number(left, right)
                                                           : equals_ignoring_case(left, right);
}

bool is_compared_apart(std::string_view name) noexcept {
    return equals_ignoring_case(name, "ext") || equals_ignoring_case(name, "phone-context");
}

// Of a name that comes twice the first counts.
const Param* find(const UriParts& params, std::string_view name) noexcept {
    return std::ranges::find_if(
        params, [name](const Param& param) { return equals_ignoring_case(param.name, name); });
}

// Has `right` every parameter of `left`, with the same value?
bool covers(const UriParts& left, const UriParts& right) noexcept {
    return std::ranges::all_of(left, [&](const Param& param) {
        const Param* const other = find(right, param.name);
        return is_compared_apart(param.name) ||
               (other != right.end() &&
                equals_ignoring_case(find(left, param.name)->value, other->value));
    });
}

bool params_agree(const Params& left, const Params& right) noexcept {
    const UriParts a(left);
    const UriParts b(right);
    return !a.too_many() && !b.too_many() && covers(a, b) && covers(b, a);
}

} // namespace

std::optional<TelUri> parse_tel_uri(std::string_view text) noexcept {
    if (!equals_ignoring_case(text.substr(0, kScheme.size()), kScheme)) {
        return std::nullopt;
    }
    text.remove_prefix(kScheme.size());
    const std::size_t semicolon = text.find(';');
    TelUri uri;
    uri.number = text.substr(0, semicolon);
    uri.is_global = uri.number.starts_with('+');
    const std::string_view digits = uri.number.substr(uri.is_global ? 1 : 0);
    const std::string_view params =
        semicolon == std::string_view::npos ? std::string_view{} : text.substr(semicolon);
    uri.params = Params(params);
    if (!is_number(digits, uri.is_global) || !is_uri_text(params) || !uri.params.well_formed()) {
        return std::nullopt;
    }
    uri.context = uri.params.value("phone-context").value_or(std::string_view{});
    uri.extension = uri.params.value("ext").value_or(std::string_view{});
    uri.subaddress = uri.params.value("isub").value_or(std::string_view{});
    const bool context_fits =
        uri.is_global ? !uri.params.has("phone-context") : is_context(uri.context);
    const bool extension_fits = !uri.params.has("ext") || is_number(uri.extension, true);
    return context_fits && extension_fits ? std::optional(uri) : std::nullopt;
}

bool tel_equals(const TelUri& left, const TelUri& right) noexcept {
    if (left.number == right.number && left.params.text() == right.params.text()) {
        return true; // byte for byte
    }
    return left.is_global == right.is_global && same_number(left.number, right.number) &&
           same_context(left.context, right.context) &&
           same_number(left.extension, right.extension) && params_agree(left.params, right.params);
}

} // namespace tandem::sipparse
