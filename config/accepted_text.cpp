// SPDX-License-Identifier: Apache-2.0
//
// The predicates of config/accepted_text.hpp. ASCII only, independent of the locale; they look at
// characters and know no option. Called through the rows of the option table, on the main thread.
#include "config/accepted_text.hpp"

#include <algorithm>

namespace tandem::config {

namespace {

bool is_lower_or_digit_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_name_character(char c) {
    return is_lower_or_digit_character(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
           c == '-';
}

bool is_printable_character(char c) {
    return c >= ' ' && c <= '~';
}

bool is_hex_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_vdev(std::string_view text) {
    constexpr std::string_view kDriverPrefix = "net_";
    const std::string_view driver = text.substr(0, text.find(','));
    return driver.size() > kDriverPrefix.size() && driver.starts_with(kDriverPrefix) &&
           std::all_of(driver.begin(),
                       driver.end(),
                       [](char c) { return is_lower_or_digit_character(c) || c == '_'; }) &&
           is_word(text);
}

} // namespace

bool is_node_name(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_lower_or_digit_character);
}

bool is_name(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_name_character);
}

bool is_absolute_path(std::string_view text) {
    return text.starts_with('/') && is_printable(text);
}

bool is_realm(std::string_view text) {
    return is_printable(text) && text.find_first_of("\"\\") == std::string_view::npos;
}

bool is_printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_printable_character);
}

bool is_word(std::string_view text) {
    return is_printable(text) && text.find(' ') == std::string_view::npos;
}

bool is_dialled(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return is_name_character(c) || c == '*' || c == '#' || c == '+';
    });
}

bool is_pci_address(std::string_view text) {
    constexpr std::string_view kShape = "hhhh:hh:hh.h"; // domain:bus:device.function
    constexpr std::size_t kDomainCharacters = 5;
    const std::string_view shape =
        text.size() == kShape.size() ? kShape : kShape.substr(kDomainCharacters);
    return std::equal(text.begin(), text.end(), shape.begin(), shape.end(), [](char c, char want) {
        return want == 'h' ? is_hex_character(c) : c == want;
    });
}

bool is_device(std::string_view text) {
    return is_pci_address(text) || is_vdev(text);
}

} // namespace tandem::config
