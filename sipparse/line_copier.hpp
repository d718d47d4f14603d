// SPDX-License-Identifier: Apache-2.0
//
// Copies header lines of a message in runs: lines that stand behind each other and look as a writer
// would write them are one copy. Others (folds, compact or odd names, white space at the end) are
// written anew, so what comes out is always the same as MessageWriter::header() line by line.
// Inside sipparse only; holds views, allocates nothing.
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
    [[nodiscard]] bool is_as_written(const HeaderLine& line) const noexcept;
    void write_anew(const HeaderLine& line) noexcept;

    const MessageView& view_;
    MessageWriter& writer_;
    std::size_t first_ = 0; // lines [first_, first_ + count_) wait
    std::size_t count_ = 0;
    std::size_t end_ = 0; // where the text of the last of them ends
};

} // namespace tandem::sipparse
