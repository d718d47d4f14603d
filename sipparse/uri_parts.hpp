// SPDX-License-Identifier: Apache-2.0
//
// Parameters or headers of a URI, taken out of their text once, so that two URIs can be compared
// whatever the order of their parts. There is room for some; URIs with more are not compared part
// by part. No allocation; any thread.
#pragma once

#include <array>
#include <cstddef>

#include "sipparse/params.hpp"

namespace tandem::sipparse {

// Parts of a kind that a comparison looks at: each is held against each of the other URI, so the
// cost would grow with the square of their number.
inline constexpr std::size_t kUriPartsMax = 32;

class UriParts {
  public:
    UriParts() = default;

    explicit UriParts(const Params& params) noexcept {
        for (const Param& param : params) {
            add(param);
            if (too_many_) {
                break;
            }
        }
    }

    void add(const Param& part) noexcept {
        too_many_ = count_ == kUriPartsMax;
        if (!too_many_) {
            parts_[count_++] = part;
        }
    }

    // One of them did not find room.
    [[nodiscard]] bool too_many() const noexcept { return too_many_; }

    [[nodiscard]] std::size_t size() const noexcept { return count_; }

    [[nodiscard]] const Param& operator[](std::size_t at) const noexcept { return parts_[at]; }

    [[nodiscard]] const Param* begin() const noexcept { return parts_.data(); }

    [[nodiscard]] const Param* end() const noexcept { return parts_.data() + count_; }

  private:
    std::array<Param, kUriPartsMax> parts_;
    std::size_t count_ = 0;
    bool too_many_ = false;
};

} // namespace tandem::sipparse
