// SPDX-License-Identifier: Apache-2.0
//
// Collects and prints problems of a configuration file; see config/problem.hpp. Decides only order
// and number. Called by the loader and by both processes, on the main thread.
#include "config/problem.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "config/load_file.hpp"

namespace tandem::config {

void ProblemList::add(std::uint32_t line, std::string text) {
    if (problems_.size() == kProblemsMax) {
        left_out_ += 1;
        return;
    }
    problems_.push_back(Problem{file_, line, std::move(text)});
}

std::vector<Problem> ProblemList::take() {
    std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
        return a.line < b.line;
    });
    if (left_out_ != 0) {
        problems_.push_back(Problem{file_, 0, fmt::format("{} more problems", left_out_)});
        left_out_ = 0;
    }
    return std::exchange(problems_, {});
}

std::string problems_text(const std::vector<Problem>& problems) {
    std::string text;
    for (const Problem& problem : problems) {
        text += problem.line == 0
                    ? fmt::format("{}: {}\n", problem.file, problem.text)
                    : fmt::format("{}:{}: {}\n", problem.file, problem.line, problem.text);
    }
    return text;
}

void print_problems(const std::vector<Problem>& problems, std::FILE* out) {
    fmt::print(out, "{}", problems_text(problems));
}

} // namespace tandem::config
