// SPDX-License-Identifier: Apache-2.0
//
// Text without allocation: what phones write with, and short texts they keep. What does not fit is
// remembered as overflow, which the owner checks once per message. One thread per object.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "bench/load/place.hpp"

namespace tandem::bench::load {

class TextWriter {
  public:
    // `out` outlives the writer.
    explicit TextWriter(std::span<char> out) : out_(out) {}

    TextWriter& put(std::string_view text) {
        if (text.size() > out_.size() - used_) {
            overflowed_ = true;
            return *this;
        }
        std::copy(text.begin(), text.end(), out_.begin() + static_cast<std::ptrdiff_t>(used_));
        used_ += text.size();
        return *this;
    }

    TextWriter& put(char c) { return put(std::string_view(&c, 1)); }

    TextWriter& number(std::uint64_t value) {
        std::array<char, 20> digits{};
        std::size_t at = digits.size();
        do {
            digits[--at] = static_cast<char>('0' + value % 10);
            value /= 10;
        } while (value != 0);
        return put(std::string_view(digits.data() + at, digits.size() - at));
    }

    // Eight digits, lower case.
    TextWriter& hex(std::uint32_t value) {
        constexpr std::string_view kDigits = "0123456789abcdef";
        std::array<char, 8> digits{};
        for (std::size_t i = digits.size(); i-- > 0; value >>= 4U) {
            digits[i] = kDigits[value & 15U];
        }
        return put(std::string_view(digits.data(), digits.size()));
    }

    TextWriter& address(std::uint32_t address) {
        for (unsigned shift = 24;; shift -= 8) {
            number((address >> shift) & 0xffU);
            if (shift == 0) {
                return *this;
            }
            put('.');
        }
    }

    TextWriter& place(Place place) { return address(place.address).put(':').number(place.port); }

    [[nodiscard]] std::string_view text() const { return {out_.data(), used_}; }

    [[nodiscard]] bool overflowed() const { return overflowed_; }

  private:
    std::span<char> out_;
    std::size_t used_ = 0;
    bool overflowed_ = false;
};

// A text on the stack that is written like any other: TextOf<64> tag; tag.writer.put(…).
template <std::size_t Bytes>
struct TextOf {
    std::array<char, Bytes> bytes{};
    TextWriter writer{bytes};

    TextOf() = default;
    TextOf(const TextOf&) = delete;
    TextOf& operator=(const TextOf&) = delete;
    ~TextOf() = default;

    [[nodiscard]] std::string_view text() const { return writer.text(); }
};

// A short text of another's that is kept by value.
template <std::size_t Bytes>
class KeptText {
  public:
    // False: too long, and nothing is kept.
    [[nodiscard]] bool keep(std::string_view text) {
        size_ = text.size() <= Bytes ? static_cast<std::uint16_t>(text.size()) : std::uint16_t{0};
        std::copy_n(text.begin(), size_, bytes_.begin());
        return text.size() <= Bytes;
    }

    void clear() { size_ = 0; }

    [[nodiscard]] std::string_view text() const { return {bytes_.data(), size_}; }

  private:
    std::array<char, Bytes> bytes_;
    std::uint16_t size_ = 0;
};

} // namespace tandem::bench::load
