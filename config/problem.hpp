// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with a configuration file, and the list in which the checks collect it. Decides the
// order (by line) and how many are kept; the sentences come from the checks. Built by the loader on
// the main thread; read by whoever prints it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tandem::config {

// One thing that is wrong with a file.
struct Problem {
    std::string file;
    std::uint32_t line = 0; // 0: the file as a whole
    std::string text;       // what is wrong and what is allowed; one line, no final newline
};

// More than this many tell an operator nothing new; the rest is counted in a last entry.
constexpr std::size_t kProblemsMax = 1000;

class ProblemList {
  public:
    explicit ProblemList(std::string file) : file_(std::move(file)) {}

    void add(std::uint32_t line, std::string text);

    [[nodiscard]] bool empty() const { return problems_.empty(); }

    [[nodiscard]] const std::string& file() const { return file_; }

    // The problems in the order of their lines; the list is empty afterwards.
    [[nodiscard]] std::vector<Problem> take();

  private:
    std::string file_;
    std::vector<Problem> problems_;
    std::size_t left_out_ = 0;
};

} // namespace tandem::config
