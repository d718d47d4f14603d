// SPDX-License-Identifier: Apache-2.0
//
// A final refusal that leaves no state behind: what a decision returns instead of its value, to be
// written as the response by the one place that answers (core/answer.cpp). The headers it carries
// (challenges, Min-Expires, Unsupported …) are kept as text of its own, so it outlives the request.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "base/assert.hpp"
#include "sipparse/header_id.hpp"

namespace tandem::controlplane {

class Refusal {
  public:
    // Two digest challenges of RFC 8760 with a realm of 255 characters.
    static constexpr std::size_t kTextBytesMax = 1024;
    static constexpr std::size_t kHeadersMax = 4;

    struct Header {
        sipparse::HeaderId id = sipparse::HeaderId::Other;
        std::uint16_t offset = 0;
        std::uint16_t bytes = 0;
    };

    // `reason` is static text.
    Refusal(std::uint16_t status_code, std::string_view reason)
        : status_code_(status_code), reason_(reason) {}

    // Adds a header whose value is the pieces joined. False, and nothing added, when there is no
    // room: the refusal stays good without it.
    bool add(sipparse::HeaderId id, std::initializer_list<std::string_view> pieces) {
        std::size_t bytes = 0;
        for (const auto piece : pieces) {
            bytes += piece.size();
        }
        if (count_ == kHeadersMax || used_ + bytes > kTextBytesMax) {
            return false;
        }
        headers_[count_++] = {.id = id,
                              .offset = static_cast<std::uint16_t>(used_),
                              .bytes = static_cast<std::uint16_t>(bytes)};
        for (const auto piece : pieces) {
            piece.copy(text_.data() + used_, piece.size());
            used_ += piece.size();
        }
        return true;
    }

    [[nodiscard]] std::uint16_t status_code() const { return status_code_; }

    [[nodiscard]] std::string_view reason() const { return reason_; }

    [[nodiscard]] std::span<const Header> headers() const { return {headers_.data(), count_}; }

    [[nodiscard]] std::string_view value(const Header& header) const {
        return {text_.data() + header.offset, header.bytes};
    }

  private:
    std::uint16_t status_code_;
    std::string_view reason_;
    std::size_t count_ = 0;
    std::size_t used_ = 0;
    std::array<Header, kHeadersMax> headers_{};
    std::array<char, kTextBytesMax> text_{};
};

} // namespace tandem::controlplane
