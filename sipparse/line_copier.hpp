// SPDX-License-Identifier: Apache-2.0
//
// Copies header lines of a message in runs: lines that stand behind each other are one copy, as
// they are written in the message. Only what would not be a line of CRLF alone (folds, a bare LF)
// is written anew. Inside sipparse only; holds views, allocates nothing.
#pragma once

#include <cstddef>

#include "sipparse/message_view.hpp"
#include "sipparse/writer.hpp"

namespace tandem::sipparse {

class LineCopier {
  public:
    // Both must outlive the copier.
    LineCopier(const MessageView& view, MessageWriter& writer) noexcept
        : view_(view), writer_(writer) {}

    // line < header_count(). It is written at the latest by finish(); before anything else is
    // written, finish() must be called.
    void add(std::size_t line) noexcept;

    void finish() noexcept;

  private:
    [[nodiscard]] std::size_t begin_of(std::size_t line) const noexcept;
    [[nodiscard]] std::size_t end_of(std::size_t line) const noexcept;
    [[nodiscard]] bool copy(std::size_t first, std::size_t behind) noexcept;
    void write_anew(std::size_t line) noexcept;

    const MessageView& view_;
    MessageWriter& writer_;
    std::size_t first_ = 0; // lines [first_, behind_) wait
    std::size_t behind_ = 0;
};

} // namespace tandem::sipparse
