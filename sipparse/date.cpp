// SPDX-License-Identifier: Apache-2.0
//
// SIP-date = wkday "," SP 2DIGIT SP month SP 4DIGIT SP 2DIGIT ":" 2DIGIT ":" 2DIGIT SP "GMT"
#include "sipparse/date.hpp"

#include <array>
#include <chrono>

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::size_t kDateBytes = 29; // "Sat, 13 Nov 2010 23:29:00 GMT"
constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 12> kMonths = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// 1 for the first name; 0: none of them.
template <std::size_t kCount>
unsigned number_of(std::string_view text,
                   const std::array<std::string_view, kCount>& names) noexcept {
    for (unsigned i = 0; i < kCount; ++i) {
        if (equals_ignoring_case(text, names[i])) {
            return i + 1;
        }
    }
    return 0;
}

bool has_separators(std::string_view text) noexcept {
    return text.substr(3, 2) == ", " && text[7] == ' ' && text[11] == ' ' && text[16] == ' ' &&
           text[19] == ':' && text[22] == ':' && equals_ignoring_case(text.substr(25), " GMT");
}

} // namespace

std::optional<std::int64_t> parse_date(std::string_view value) noexcept {
    constexpr std::int64_t kSecondsOfDay = 86'400;
    const std::string_view text = trim(value);
    if (text.size() != kDateBytes || !has_separators(text) ||
        number_of(text.substr(0, 3), kDays) == 0) {
        return std::nullopt;
    }
    const auto number = [text](std::size_t at, std::size_t digits, std::uint64_t largest) {
        return parse_number(text.substr(at, digits), largest);
    };
    const auto day = number(5, 2, 31);
    const unsigned month = number_of(text.substr(8, 3), kMonths);
    const auto year = number(12, 4, 9'999);
    const auto hour = number(17, 2, 23);
    const auto minute = number(20, 2, 59);
    const auto second = number(23, 2, 60); // a leap second
    if (!day || month == 0 || !year || !hour || !minute || !second) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(month),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) {
        return std::nullopt;
    }
    const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    return days * kSecondsOfDay + static_cast<std::int64_t>(*hour * 3'600 + *minute * 60 + *second);
}

} // namespace tandem::sipparse
