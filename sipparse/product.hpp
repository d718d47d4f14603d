// SPDX-License-Identifier: Apache-2.0
//
// Server and User-Agent (RFC 3261 20.35, 20.41): products and comments, one after the other. Views
// into the value; any thread.
#pragma once

#include <string_view>

#include "sipparse/list_values.hpp"

namespace tandem::sipparse {

struct Product {
    std::string_view name;    // empty for a comment
    std::string_view version; // empty when absent
    std::string_view comment; // with its parentheses; empty for a product
};

// for (const Product& product : Products(value))
class Products {
  public:
    explicit Products(std::string_view value) noexcept : value_(value) {}

    class Iterator {
      public:
        explicit Iterator(std::string_view rest) noexcept : rest_(rest) { advance(); }

        [[nodiscard]] const Product& operator*() const noexcept { return product_; }

        [[nodiscard]] const Product* operator->() const noexcept { return &product_; }

        Iterator& operator++() noexcept {
            advance();
            return *this;
        }

        [[nodiscard]] bool operator==(EndOfRange /*end*/) const noexcept { return at_end_; }

        // Ended because what follows is neither a product nor a comment.
        [[nodiscard]] bool malformed() const noexcept { return malformed_; }

      private:
        void advance() noexcept;

        std::string_view rest_;
        Product product_;
        bool at_end_ = false;
        bool malformed_ = false;
    };

    [[nodiscard]] Iterator begin() const noexcept { return Iterator(value_); }

    [[nodiscard]] static EndOfRange end() noexcept { return {}; }

    // At least one, and nothing but products and comments. Many user agents write free text.
    [[nodiscard]] bool well_formed() const noexcept;

  private:
    std::string_view value_;
};

} // namespace tandem::sipparse
