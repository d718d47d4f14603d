// SPDX-License-Identifier: Apache-2.0
//
// Messages of the call-centre mix (bench/corpus/gen_mix.py), damaged in every way of a kind: cut at
// every byte, every byte made each of eight others, every form of line end. All implementations of
// stage 1 must give the same index, stage 2 must bear it. Some messages spread over the mix, or all
// of them when TANDEM_WHOLE_MIX is set: that takes minutes.
#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/corpus/corpus.hpp"
#include "sipparse/request_check.hpp"
#include "tests/torture/index_by_all.hpp"

namespace tandem::torture {

namespace {

using sipparse::MessageIndex;
using sipparse::ParseError;

constexpr std::size_t kSample = 40;
constexpr std::size_t kFewest = 1'000; // of the whole mix

// Stage 2 over a damaged message. What it finds lies inside.
void check_stage_2(std::string_view text, const MessageIndex& index) {
    const sipparse::MessageView view{text, &index};
    const sipparse::RequestRules rules{
        .option_tags = {}, .takes_sips = true, .follows_route = true};
    for (const sipparse::Defect& defect :
         {sipparse::check_request(view, rules), sipparse::check_headers(view)}) {
        EXPECT_LE(defect.offset + defect.text.size(), text.size());
    }
}

class DamageMixTest : public testing::Test {
  protected:
    void SetUp() override {
        corpus_ = bench::load_corpus(MIX_FILE);
        ASSERT_GE(corpus_.messages.size(), kFewest) << MIX_FILE;
        const bool is_whole = std::getenv("TANDEM_WHOLE_MIX") != nullptr; // NOLINT(*-mt-unsafe)
        const std::size_t step = is_whole ? 1 : corpus_.messages.size() / kSample;
        for (std::size_t i = 0; i < corpus_.messages.size(); i += step) {
            messages_.push_back(corpus_.messages[i]);
        }
    }

    void TearDown() override {
        RecordProperty("messages", static_cast<int>(messages_.size()));
        RecordProperty("indexed", std::to_string(indexed_));
    }

    ParseError index(std::string_view text) {
        ++indexed_;
        const ParseError error = index_by_all(text, index_);
        if (!HasFailure()) {
            check_stage_2(text, index_);
        }
        return error;
    }

    std::vector<std::string_view> messages_;
    MessageIndex index_;
    std::size_t indexed_ = 0;

  private:
    bench::Corpus corpus_;
};

TEST_F(DamageMixTest, CutAtEveryByte) {
    for (const std::string_view message : messages_) {
        ASSERT_EQ(index(message), ParseError::None);
        ExactCopy memory(message);
        for (std::size_t bytes = 0; bytes < message.size(); ++bytes) {
            const ParseError error = index(memory.hold_at_end(message.substr(0, bytes)));
            ASSERT_NE(error, ParseError::None) << "a part is taken for the whole";
            ASSERT_FALSE(HasFailure()) << "cut at " << bytes << " of " << message;
        }
    }
}

// What ends a line, a value, an element or a text, what is in no class, and the other case.
std::array<char, 8> others_for(char c) {
    return {'\r', '\n', '\0', ' ', ':', ',', '\xff', static_cast<char>(c ^ 0x20)};
}

TEST_F(DamageMixTest, EveryByteMadeAnother) {
    for (const std::string_view message : messages_) {
        ExactCopy damaged(message);
        for (std::size_t i = 0; i < message.size(); ++i) {
            for (const char other : others_for(message[i])) {
                damaged.at(i) = other;
                (void)index(damaged.text());
                ASSERT_FALSE(HasFailure())
                    << static_cast<int>(other) << " at " << i << " of " << message;
            }
            damaged.at(i) = message[i];
        }
    }
}

constexpr std::array<std::string_view, 5> kLineEnds{"\r\n", "\n", "\r", "\n\r", "\r\r\n"};
constexpr std::size_t kGoodLineEnds = 2; // the first of them
constexpr std::size_t kLfCr = 3;

// The message with the line ends of its head chosen by choose(line).
template <typename Choose>
std::string with_line_ends(std::string_view message, Choose choose) {
    const std::size_t head = message.find("\r\n\r\n") + 4;
    std::string text;
    std::size_t line = 0;
    for (std::size_t start = 0; start < head; ++line) {
        const std::size_t end = message.find("\r\n", start);
        text += message.substr(start, end - start);
        text += choose(line);
        start = end + 2;
    }
    text += message.substr(head);
    return text;
}

std::size_t lines_of_head(std::string_view message) {
    std::size_t lines = 0;
    (void)with_line_ends(message, [&lines](std::size_t /*line*/) {
        ++lines;
        return kLineEnds[0];
    });
    return lines;
}

TEST_F(DamageMixTest, EveryFormOfLineEnd) {
    for (const std::string_view message : messages_) {
        const std::size_t lines = lines_of_head(message);
        for (std::size_t form = 0; form < kLineEnds.size(); ++form) {
            const bool is_good = form < kGoodLineEnds;
            const ExactCopy everywhere(
                with_line_ends(message, [form](std::size_t) { return kLineEnds[form]; }));
            EXPECT_EQ(index(everywhere.text()) == ParseError::None, is_good) << form;
            for (std::size_t wrong = 0; wrong < lines; ++wrong) {
                const ExactCopy once(with_line_ends(message, [form, wrong](std::size_t line) {
                    return kLineEnds[line == wrong ? form : 0];
                }));
                // Behind the empty line a CR is the first byte of the body.
                const bool cr_is_body = form == kLfCr && wrong + 1 == lines;
                EXPECT_EQ(index(once.text()) == ParseError::None, is_good || cr_is_body) << form;
                ASSERT_FALSE(HasFailure()) << "line " << wrong << " of " << message;
            }
        }
    }
}

TEST_F(DamageMixTest, MixedLineEnds) {
    for (const std::string_view message : messages_) {
        for (std::size_t shift = 0; shift < kLineEnds.size(); ++shift) {
            const ExactCopy all(with_line_ends(message, [shift](std::size_t line) {
                return kLineEnds[(line + shift) % kLineEnds.size()];
            }));
            EXPECT_NE(index(all.text()), ParseError::None);
            const ExactCopy good(with_line_ends(message, [shift](std::size_t line) {
                return kLineEnds[(line + shift) % kGoodLineEnds];
            }));
            EXPECT_EQ(index(good.text()), ParseError::None);
            ASSERT_FALSE(HasFailure()) << "shift " << shift << " of " << message;
        }
    }
}

} // namespace

} // namespace tandem::torture
