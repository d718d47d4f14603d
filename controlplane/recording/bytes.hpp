// SPDX-License-Identifier: Apache-2.0
//
// Numbers and texts as bytes of a recording, and back: numbers as LEB128 (seven bits a byte, the
// lowest first), texts behind their length. A reader takes any bytes: what does not read fails it,
// and a failed reader gives zeroes and empty texts. Any thread; holds no state but its place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tandem::controlplane::recording {

inline void put_number(std::string& out, std::uint64_t value) {
    while (value >= 0x80) {
        out.push_back(static_cast<char>(value | 0x80));
        value >>= 7U;
    }
    out.push_back(static_cast<char>(value));
}

inline void put_text(std::string& out, std::string_view text) {
    put_number(out, text.size());
    out.append(text);
}

class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(rest_.front());
            rest_.remove_prefix(1);
            if (shift == 63 && byte > 1) {
                break; // more than 64 bits
            }
            value |= std::uint64_t{byte & 0x7fU} << shift;
            if ((byte & 0x80U) == 0) {
                return value;
            }
        }
        return fail();
    }

    // A number of a narrower type.
    std::uint64_t number_up_to(std::uint64_t most) {
        const auto value = number();
        return value > most ? fail() : value;
    }

    std::string_view text() {
        const auto bytes = number();
        if (bytes > rest_.size()) {
            fail();
            return {};
        }
        const auto found = rest_.substr(0, bytes);
        rest_.remove_prefix(bytes);
        return found;
    }

    std::uint64_t fail() {
        failed_ = true;
        rest_ = {};
        return 0;
    }

    [[nodiscard]] bool failed() const { return failed_; }

    // All was read, and nothing is left.
    [[nodiscard]] bool done() const { return !failed_ && rest_.empty(); }

    [[nodiscard]] std::string_view rest() const { return rest_; }

  private:
    std::string_view rest_;
    bool failed_ = false;
};

} // namespace tandem::controlplane::recording
