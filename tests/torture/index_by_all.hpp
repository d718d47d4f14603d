// SPDX-License-Identifier: Apache-2.0
//
// For the tests of damage: a text in memory that ends where it ends, so that AddressSanitizer sees
// a read behind it, and its index by every implementation, which must agree bit by bit.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include "gtest/gtest.h"

#include "sipparse/index.hpp"

namespace tandem::torture {

// Memory of exactly the size of a text. It may be changed in place.
class ExactCopy {
  public:
    explicit ExactCopy(std::string_view text)
        : bytes_(std::make_unique<char[]>(text.size())), size_(text.size()) {
        std::copy(text.begin(), text.end(), bytes_.get());
    }

    [[nodiscard]] std::string_view text() const { return {bytes_.get(), size_}; }

    [[nodiscard]] char& at(std::size_t position) { return bytes_[position]; }

    // A beginning of another text, moved to the end of the memory: no allocation for each cut.
    [[nodiscard]] std::string_view hold_at_end(std::string_view beginning) {
        char* const start = bytes_.get() + size_ - beginning.size();
        std::copy(beginning.begin(), beginning.end(), start);
        return {start, beginning.size()};
    }

  private:
    std::unique_ptr<char[]> bytes_;
    std::size_t size_;
};

inline bool same_index(const sipparse::MessageIndex& left, const sipparse::MessageIndex& right) {
    return left.header_count == right.header_count &&
           std::memcmp(&left, &right, sipparse::index_bytes(left.header_count)) == 0;
}

// The index of the text by every implementation; they must agree.
inline sipparse::ParseError index_by_all(std::string_view text, sipparse::MessageIndex& index) {
    const auto error = sipparse::index_datagram_with(sipparse::Implementation::Scalar, text, index);
    EXPECT_TRUE(sipparse::validate(index, sizeof(index), text.size()));
    for (const sipparse::ImplementationRow& row : sipparse::kImplementations) {
        if (!sipparse::is_supported(row.implementation)) {
            continue;
        }
        sipparse::MessageIndex other;
        EXPECT_EQ(sipparse::index_datagram_with(row.implementation, text, other), error);
        EXPECT_TRUE(same_index(index, other)) << row.name;
    }
    return error;
}

} // namespace tandem::torture
