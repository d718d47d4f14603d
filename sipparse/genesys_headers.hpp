// SPDX-License-Identifier: Apache-2.0
//
// Headers of the X-Genesys-* kind, by which the parts of a contact centre tell each other about a
// call: its CallUUID, the caller, user data. The names are not in the table of
// headers; this walks those of a message in their order. Any thread.
#pragma once

#include <string_view>

#include "sipparse/message_view.hpp"

namespace tandem::sipparse {

inline constexpr std::string_view kGenesysPrefix = "X-Genesys-";

struct GenesysHeader {
    std::string_view key;   // behind the prefix, as written: "CallUUID"
    std::string_view value; // trimmed; may hold folds
};

// for (const GenesysHeader& header : GenesysHeaders(view)). The view must outlive it.
class GenesysHeaders {
  public:
    explicit GenesysHeaders(const MessageView& view) noexcept : view_(view) {}

    class Iterator {
      public:
        explicit Iterator(const MessageView& view) noexcept
            : view_(view), line_(view.first_line(HeaderId::Other)) {
            find();
        }

        [[nodiscard]] const GenesysHeader& operator*() const noexcept { return header_; }

        Iterator& operator++() noexcept {
            line_ = view_.next_line(line_);
            find();
            return *this;
        }

        [[nodiscard]] bool operator==(EndOfRange /*end*/) const noexcept {
            return line_ >= view_.header_count();
        }

      private:
        void find() noexcept;

        MessageView view_;
        std::size_t line_;
        GenesysHeader header_;
    };

    [[nodiscard]] Iterator begin() const noexcept { return Iterator(view_); }

    [[nodiscard]] static EndOfRange end() noexcept { return {}; }

  private:
    MessageView view_;
};

} // namespace tandem::sipparse
