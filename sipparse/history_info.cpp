// SPDX-License-Identifier: Apache-2.0
//
//   hi-entry         = hi-targeted-to-uri *( SEMI hi-param ), the URI a name-addr
//   hi-index         = "index" EQUAL index-val, index-val = 1*DIGIT *( "." 1*DIGIT )
//   hi-target-param  = ( "rc" / "mp" / "np" ) EQUAL index-val
//   diversion-params = name-addr *( SEMI ( diversion-reason / diversion-counter / diversion-limit
//                    / diversion-privacy / diversion-screen / diversion-extension ) )
//   counter, limit   = 1*2DIGIT
#include "sipparse/history_info.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

bool is_index(std::string_view text) noexcept {
    bool digit_before = false;
    for (const char c : text) {
        if (!is_digit(c) && (c != '.' || !digit_before)) {
            return false;
        }
        digit_before = is_digit(c);
    }
    return digit_before;
}

// False: it is there and no index.
bool take_index(const NameAddr& address, std::string_view name, std::string_view& out) noexcept {
    const auto param = address.params.find(name);
    out = param ? param->value : std::string_view{};
    return !param || is_index(out);
}

// False: it is there and no number.
bool take_count(const NameAddr& address,
                std::string_view name,
                std::optional<std::uint32_t>& out) noexcept {
    constexpr std::uint64_t kCountMax = 99;
    const auto param = address.params.find(name);
    const auto number = param ? parse_number(param->value, kCountMax) : std::nullopt;
    out = number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
    return param.has_value() == number.has_value();
}

std::string_view text_of(const NameAddr& address, std::string_view name) noexcept {
    return without_quotes(address.param(name).value_or(std::string_view{}));
}

} // namespace

std::optional<HistoryInfo> parse_history_info(std::string_view element) noexcept {
    const auto address = parse_name_addr(element);
    if (!address || !address->in_brackets) {
        return std::nullopt;
    }
    HistoryInfo result;
    result.address = *address;
    const bool well_formed = take_index(*address, "index", result.index) && !result.index.empty() &&
                             take_index(*address, "rc", result.rc) &&
                             take_index(*address, "mp", result.mp) &&
                             take_index(*address, "np", result.np);
    return well_formed ? std::optional(result) : std::nullopt;
}

std::optional<Diversion> parse_diversion(std::string_view element) noexcept {
    const auto address = parse_name_addr(element);
    if (!address) {
        return std::nullopt;
    }
    Diversion result;
    result.address = *address;
    result.reason = text_of(*address, "reason");
    result.privacy = text_of(*address, "privacy");
    result.screen = text_of(*address, "screen");
    const bool well_formed = take_count(*address, "counter", result.counter) &&
                             take_count(*address, "limit", result.limit);
    return well_formed ? std::optional(result) : std::nullopt;
}

} // namespace tandem::sipparse
