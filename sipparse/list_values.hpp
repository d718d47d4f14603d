// SPDX-License-Identifier: Apache-2.0
//
// Splits a header value at its commas (RFC 3261 7.3.1): not inside quoted strings, not inside
// angle brackets. Empty elements are passed over. Elements are trimmed views into the value.
// Used through MessageView::list() and directly on one value; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace tandem::sipparse {

struct EndOfRange {};

class ListValues {
  public:
    explicit ListValues(std::string_view value) noexcept : rest_(value) {}

    class Iterator {
      public:
        explicit Iterator(std::string_view rest) noexcept : rest_(rest) { advance(); }

        [[nodiscard]] std::string_view operator*() const noexcept { return element_; }

        Iterator& operator++() noexcept {
            advance();
            return *this;
        }

        [[nodiscard]] bool operator==(EndOfRange /*end*/) const noexcept { return at_end_; }

      private:
        void advance() noexcept;

        std::string_view rest_;
        std::string_view element_;
        bool at_end_ = false;
    };

    [[nodiscard]] Iterator begin() const noexcept { return Iterator(rest_); }

    [[nodiscard]] static EndOfRange end() noexcept { return {}; }

  private:
    std::string_view rest_;
};

// Bytes up to the first comma outside quotes and brackets, or value.size(). Stage 2 parsers use it
// to find the end of an element.
[[nodiscard]] std::size_t list_element_bytes(std::string_view value) noexcept;

} // namespace tandem::sipparse
