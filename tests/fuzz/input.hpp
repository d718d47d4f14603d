// SPDX-License-Identifier: Apache-2.0
//
// The bytes of one fuzz input, taken from the front: numbers in little endian, and pieces as copies
// of just their size, so that a read behind a piece is a read behind an allocation. An input that
// ends early gives zeros and short pieces: every input means something. One thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace tandem::fuzz {

// The oracle of every target: libFuzzer keeps the input that made it end the process.
inline void require(bool holds, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    if (!holds) {
        std::fprintf(stderr, "%s:%d: does not hold\n", file, line);
        std::abort();
    }
}

// A copy on the heap that is exactly as long as it says.
class Piece {
  public:
    explicit Piece(std::span<const std::uint8_t> bytes)
        : bytes_(std::make_unique<std::uint8_t[]>(bytes.size())), size_(bytes.size()) {
        std::copy(bytes.begin(), bytes.end(), bytes_.get());
    }

    [[nodiscard]] std::size_t size() const { return size_; }

    [[nodiscard]] std::span<std::uint8_t> bytes() const { return {bytes_.get(), size_}; }

    [[nodiscard]] std::string_view text() const {
        return {reinterpret_cast<const char*>(bytes_.get()), size_};
    }

    [[nodiscard]] std::span<const std::byte> as_bytes() const { return std::as_bytes(bytes()); }

  private:
    std::unique_ptr<std::uint8_t[]> bytes_;
    std::size_t size_;
};

class Input {
  public:
    Input(const std::uint8_t* data, std::size_t size) : left_(data, size) {}

    [[nodiscard]] bool is_empty() const { return left_.empty(); }

    template <typename Number>
    Number number() {
        Number value = 0;
        const std::size_t bytes = std::min(sizeof value, left_.size());
        if (bytes > 0) {
            std::memcpy(&value, left_.data(), bytes);
        }
        left_ = left_.subspan(bytes);
        return value;
    }

    // At most `bytes` of what is left.
    Piece piece(std::size_t bytes) {
        const auto taken = left_.first(std::min(bytes, left_.size()));
        left_ = left_.subspan(taken.size());
        return Piece(taken);
    }

    Piece rest() { return piece(left_.size()); }

  private:
    std::span<const std::uint8_t> left_;
};

} // namespace tandem::fuzz
