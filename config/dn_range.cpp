// SPDX-License-Identifier: Apache-2.0
//
// Expands DN ranges into numbers and their passwords. It decides only how a number of a range is
// written (leading zeros kept); it reads no file. Called at start by the control plane, which
// builds its DN table from it, on the main thread.
#include <algorithm>
#include <array>
#include <charconv>

#include "config/configuration.hpp"

namespace tandem::config {

namespace {

constexpr std::string_view kNumberPlaceholder = "<number>";
constexpr std::size_t kUint64DigitsMax = 20;

void write_number(std::uint64_t value, std::uint32_t digits, std::string& out) {
    std::array<char, kUint64DigitsMax> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    const auto length = static_cast<std::size_t>(end - text.data());
    out.assign(std::max<std::size_t>(digits, length) - length, '0');
    out.append(text.data(), length);
}

std::uint64_t count_of(const NumberRange& range) {
    return range.digits == 0 ? 1 : range.last - range.first + 1;
}

} // namespace

bool DnCursor::next(std::string& number) {
    if (index_ == range_->numbers.size()) {
        return false;
    }
    const NumberRange& current = range_->numbers[index_];
    if (current.digits == 0) {
        number = current.name;
    } else {
        write_number(current.first + offset_, current.digits, number);
    }
    offset_ += 1;
    if (offset_ == count_of(current)) {
        index_ += 1;
        offset_ = 0;
    }
    return true;
}

std::uint64_t dn_count(const DnRange& range) {
    std::uint64_t count = 0;
    for (const NumberRange& numbers : range.numbers) {
        count += count_of(numbers);
    }
    return count;
}

std::uint64_t dn_count(const Configuration& configuration) {
    std::uint64_t count = 0;
    for (const DnRange& range : configuration.dn_ranges) {
        count += dn_count(range);
    }
    return count;
}

std::string password_of(const DnRange& range, std::string_view number) {
    std::string password = range.password;
    for (std::size_t at = password.find(kNumberPlaceholder); at != std::string::npos;
         at = password.find(kNumberPlaceholder, at + number.size())) {
        password.replace(at, kNumberPlaceholder.size(), number);
    }
    return password;
}

} // namespace tandem::config
