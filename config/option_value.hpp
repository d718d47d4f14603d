// SPDX-License-Identifier: Apache-2.0
//
// The value of one option while it travels between the file and its field: text to value with a
// reason when it is refused, and value to text for people. It knows no option by name and no
// libconfig type. Called by the loader, the option list and the document generator, on the main
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "config/configuration.hpp"

namespace tandem::config {

// Choices of enumerations travel as their index (std::int64_t), lists of them as indices.
using Value = std::variant<std::monostate,
                           bool,
                           std::int64_t,
                           std::string,
                           base::Ipv4Address,
                           MacAddress,
                           Contact,
                           std::vector<std::string>,
                           std::vector<NumberRange>,
                           std::vector<std::int64_t>>;

// Why a text is refused: a part of a sentence, or "" when the allowed values say enough.
using Refusal = std::string;
using ParsedValue = base::Result<Value, Refusal>;

constexpr std::uint32_t kNumberDigitsMax = 15;  // E.164 numbers have no more
constexpr std::size_t kDnNameBytesMax = 32;     // of a DN that is not a number
constexpr std::uint16_t kSipPortDefault = 5060; // RFC 3261 section 19.1.2
constexpr std::uint64_t kDnsMax = 1'000'000;    // of one file: bounds the core's DN table

// A unicast IPv4 address: not 0/8, 127/8, 224/4 or above.
[[nodiscard]] ParsedValue parse_address(std::string_view text);
// "02:00:00:00:00:01", unicast.
[[nodiscard]] ParsedValue parse_mac(std::string_view text);
// "*", "10.0.0.1", "10.0.0.1:5062" or "sip:user@10.0.0.1:5062;transport=udp".
[[nodiscard]] ParsedValue parse_contact(std::string_view text);
// "1000-1099,1200,alice".
[[nodiscard]] ParsedValue parse_numbers(std::string_view text);
// One of `choices` ("off|auto").
[[nodiscard]] ParsedValue parse_choice(std::string_view text, std::string_view choices);
// One or more different ones of `choices`, separated by commas.
[[nodiscard]] ParsedValue parse_choice_list(std::string_view text, std::string_view choices);

// "a|b|c" -> {"a", "b", "c"}.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

// As it could stand in a file, without quotes; `choices` names the indices of enumerations.
[[nodiscard]] std::string value_text(const Value& value, std::string_view choices);
[[nodiscard]] std::string address_text(base::Ipv4Address address);
[[nodiscard]] std::string number_range_text(const NumberRange& range);

} // namespace tandem::config
