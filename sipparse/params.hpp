// SPDX-License-Identifier: Apache-2.0
//
// Parameters of a header value or URI: *( ";" name [ "=" value ] ), values being tokens, hosts or
// quoted strings (RFC 3261 25.1 generic-param). Iterates and finds on demand; never copies.
// Used by the header parsers; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "sipparse/list_values.hpp"

namespace tandem::sipparse {

struct Param {
    std::string_view name;
    std::string_view value; // as written, with its quotes if it has some; empty without "="
    bool has_value = false;
};

class Params {
  public:
    Params() = default;

    // The text between the value and the end of the element; with or without the first semicolon.
    explicit Params(std::string_view text) noexcept : text_(text) {}

    class Iterator {
      public:
        explicit Iterator(std::string_view rest) noexcept : rest_(rest) { advance(); }

        [[nodiscard]] const Param& operator*() const noexcept { return param_; }

        [[nodiscard]] const Param* operator->() const noexcept { return &param_; }

        Iterator& operator++() noexcept {
            advance();
            return *this;
        }

        [[nodiscard]] bool operator==(EndOfRange /*end*/) const noexcept { return at_end_; }

        // Ended because the text is not a list of parameters.
        [[nodiscard]] bool malformed() const noexcept { return malformed_; }

      private:
        void advance() noexcept;

        std::string_view rest_;
        Param param_;
        bool at_end_ = false;
        bool malformed_ = false;
    };

    [[nodiscard]] Iterator begin() const noexcept { return Iterator(text_); }

    [[nodiscard]] static EndOfRange end() noexcept { return {}; }

    // First parameter of that name, any case.
    [[nodiscard]] std::optional<Param> find(std::string_view name) const noexcept;

    // Value of the first parameter of that name; empty when it has none, nothing when it is absent.
    [[nodiscard]] std::optional<std::string_view> value(std::string_view name) const noexcept;

    [[nodiscard]] bool has(std::string_view name) const noexcept { return find(name).has_value(); }

    // Is the whole text well formed, without empty parameters?
    [[nodiscard]] bool well_formed() const noexcept;

    [[nodiscard]] std::string_view text() const noexcept { return text_; }

  private:
    std::string_view text_;
};

} // namespace tandem::sipparse
