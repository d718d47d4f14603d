// SPDX-License-Identifier: Apache-2.0
//
// One pass over the characters of a configuration file; see config/text_scan.hpp. It follows the
// token rules of libconfig as far as groups, names, strings, comments and numbers go, and leaves
// every other judgement to libconfig. Called by the loader, on the main thread.
#include "config/text_scan.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace tandem::config {

namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name_start(char c) {
    return is_letter(c) || c == '*';
}

bool is_name_part(char c) {
    return is_name_start(c) || is_digit(c) || c == '-' || c == '_';
}

class TextScanner {
  public:
    TextScanner(std::string_view text, ProblemList& problems) : text_(text), problems_(&problems) {
        frames_.push_back(Frame{'{', {}});
    }

    void run() {
        while (at_ < text_.size() && !stopped_) {
            step();
        }
    }

  private:
    struct Frame {
        char opened_by; // '{' is a group (the file too), '(' a list, '[' an array
        std::vector<std::pair<std::string_view, std::uint32_t>> names; // with their lines
    };

    void step() {
        const char c = text_[at_];
        const std::string_view rest = text_.substr(at_);
        if (c == '#' || rest.starts_with("//")) {
            skip_line();
        } else if (rest.starts_with("/*")) {
            skip_to("*/", "comment");
        } else if (c == '"') {
            skip_string();
        } else if (is_name_start(c)) {
            read_name();
        } else if (is_digit(c) || c == '+' || c == '-') {
            read_number();
        } else if (rest.starts_with("@include")) {
            stop("@include is not supported: a node is configured by one file");
        } else {
            read_mark(c);
        }
    }

    void read_mark(char c) {
        at_ += 1;
        if (c == '\n') {
            line_ += 1;
            return;
        }
        if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
            return;
        }
        const std::string_view name = std::exchange(pending_name_, {});
        if (c == '\0') {
            stop("a zero byte: this is no text file");
        } else if (c == '{' || c == '(' || c == '[') {
            open(c);
        } else if (c == '}' || c == ')' || c == ']') {
            if (frames_.size() > 1) {
                frames_.pop_back();
            }
        } else if ((c == '=' || c == ':') && !name.empty()) {
            note_setting(name);
        }
    }

    void open(char c) {
        if (frames_.size() > kNestingMax) {
            stop(fmt::format("nested more than {} levels deep", kNestingMax));
            return;
        }
        frames_.push_back(Frame{c, {}});
    }

    void note_setting(std::string_view name) {
        Frame& frame = frames_.back();
        if (frame.opened_by != '{') {
            return;
        }
        for (const auto& [known, line] : frame.names) {
            if (known == name) {
                problems_->add(pending_line_,
                               fmt::format("\"{}\" is given twice: here and on line {}; once is "
                                           "allowed",
                                           name,
                                           line));
                return;
            }
        }
        if (frame.names.size() == kGroupSettingsMax) {
            stop(fmt::format("more than {} options in one group", kGroupSettingsMax));
            return;
        }
        frame.names.emplace_back(name, pending_line_);
    }

    void skip_line() { at_ = std::min(text_.find('\n', at_), text_.size()); }

    void skip_to(std::string_view end, std::string_view what) {
        const std::size_t found = text_.find(end, at_ + 2);
        if (found == std::string_view::npos) {
            stop(fmt::format("the {} that starts here has no end", what));
            return;
        }
        count_lines(at_, found);
        at_ = found + end.size();
    }

    void skip_string() {
        std::size_t end = at_ + 1;
        while (end < text_.size() && text_[end] != '"') {
            end += text_[end] == '\\' ? 2U : 1U;
        }
        if (end >= text_.size()) {
            stop("the string that starts here has no end");
            return;
        }
        count_lines(at_, end);
        at_ = end + 1;
        pending_name_ = {};
    }

    void read_name() {
        const std::size_t start = at_;
        while (at_ < text_.size() && is_name_part(text_[at_])) {
            at_ += 1;
        }
        pending_name_ = text_.substr(start, at_ - start);
        pending_line_ = line_;
    }

    // libconfig keeps the low 32 bits of a number that does not fit: no option needs one.
    void read_number() {
        const std::size_t start = at_;
        at_ += 1;
        while (at_ < text_.size() && (is_name_part(text_[at_]) || text_[at_] == '.')) {
            at_ += 1;
        }
        pending_name_ = {};
        std::string_view digits = text_.substr(start, at_ - start);
        if (digits.front() == '+' || digits.front() == '-') {
            digits.remove_prefix(1);
        }
        const bool is_hex = digits.starts_with("0x") || digits.starts_with("0X");
        if (is_hex) {
            digits.remove_prefix(2);
        }
        std::int32_t number = 0;
        const auto result =
            std::from_chars(digits.data(), digits.data() + digits.size(), number, is_hex ? 16 : 10);
        if (result.ec == std::errc::result_out_of_range) {
            problems_->add(line_,
                           fmt::format("the number {:.40} is too large; no option takes more than "
                                       "{}",
                                       text_.substr(start, at_ - start),
                                       std::numeric_limits<std::int32_t>::max()));
        }
    }

    void count_lines(std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; ++i) {
            line_ += text_[i] == '\n' ? 1U : 0U;
        }
    }

    void stop(std::string text) {
        problems_->add(line_, std::move(text));
        stopped_ = true;
    }

    std::string_view text_;
    ProblemList* problems_;
    std::vector<Frame> frames_;
    std::string_view pending_name_; // the last token, when it was a name
    std::uint32_t pending_line_ = 0;
    std::size_t at_ = 0;
    std::uint32_t line_ = 1;
    bool stopped_ = false;
};

} // namespace

void scan_text(std::string_view text, ProblemList& problems) {
    TextScanner(text, problems).run();
}

} // namespace tandem::config
