// SPDX-License-Identifier: Apache-2.0
//
// Lists of trace notes: sessions, the end of a list, and lists which another process spoiled.
#include <memory>
#include <vector>

#include "gtest/gtest.h"

#include "shm/counters.hpp"
#include "shm/trace.hpp"

namespace tandem::shm {
namespace {

class Trace : public testing::Test {
  protected:
    [[nodiscard]] TraceCollection collect(std::uint32_t session) {
        notes_.resize(kTraceNotesMax);
        const auto result = collect_trace(*list_, session, notes_);
        notes_.resize(result.count);
        return result;
    }

    std::unique_ptr<TraceList> list_ = std::make_unique<TraceList>();
    TraceWriter writer_{list_.get()};
    std::vector<TraceNote> notes_;
};

TraceNote note(TraceNumber number, base::Stage stage) {
    TraceNote out;
    out.number = number;
    out.stage = stage;
    return out;
}

TEST_F(Trace, NotesComeBackInOrder) {
    writer_.enter(1);
    EXPECT_TRUE(writer_.write(note(7, base::Stage::Rx)));
    EXPECT_TRUE(writer_.write(note(7, base::Stage::Tx)));
    EXPECT_EQ(collect(1).lost, 0U);
    ASSERT_EQ(notes_.size(), 2U);
    EXPECT_EQ(notes_[0].stage, base::Stage::Rx);
    EXPECT_EQ(notes_[1].stage, base::Stage::Tx);
    EXPECT_EQ(notes_[1].number, 7);
}

TEST_F(Trace, AListIsThatOfItsSessionOnly) {
    writer_.enter(1);
    (void)writer_.write(note(1, base::Stage::Rx));
    EXPECT_EQ(collect(2).count, 0U);
    writer_.enter(1);
    EXPECT_EQ(collect(1).count, 1U) << "entering again empties nothing";
    writer_.enter(2);
    EXPECT_EQ(collect(2).count, 0U);
    EXPECT_EQ(collect(1).count, 0U);
}

TEST_F(Trace, AWriterThatTakesOverGoesOn) {
    writer_.enter(3);
    (void)writer_.write(note(1, base::Stage::Rx));
    TraceWriter next(list_.get());
    next.enter(3);
    (void)next.write(note(1, base::Stage::Core));
    EXPECT_EQ(collect(3).count, 2U);
}

TEST_F(Trace, AFullListLosesAndSaysSo) {
    writer_.enter(1);
    for (std::uint32_t i = 0; i < kTraceNotesMax; ++i) {
        ASSERT_TRUE(writer_.write(note(1, base::Stage::Rx)));
    }
    EXPECT_TRUE(writer_.is_full());
    for (std::uint32_t i = 0; i < 2 * kTraceNotesMax; ++i) {
        ASSERT_FALSE(writer_.write(note(1, base::Stage::Tx)));
    }
    EXPECT_EQ(collect(1).lost, kTraceNotesMax) << "the number of lost notes ends somewhere";
    EXPECT_EQ(notes_.size(), kTraceNotesMax);
    EXPECT_EQ(notes_.back().stage, base::Stage::Rx);
}

TEST_F(Trace, WithoutAListNothingIsWritten) {
    TraceWriter none;
    none.enter(1);
    EXPECT_FALSE(none.write(note(1, base::Stage::Rx)));
    EXPECT_TRUE(none.is_full());
}

TEST_F(Trace, TextIsOneShortPrintableLine) {
    TraceNote out;
    out.set_text("INVITE sip:1 SIP/2.0\r\nVia: x");
    EXPECT_EQ(out.get_text(), "INVITE sip:1 SIP/2.0");
    out.set_text(std::string(100, 'a'));
    EXPECT_EQ(out.get_text(), std::string(kTraceTextBytesMax, 'a'));
    out.set_text("a\x1b[2J\xff");
    EXPECT_EQ(out.get_text(), "a?[2J?");
    out.set_text("\r\n");
    EXPECT_EQ(out.get_text(), "");
}

TEST_F(Trace, NotesThatMakeNoSenseAreLeftOut) {
    writer_.enter(1);
    for (int i = 0; i < 5; ++i) {
        (void)writer_.write(note(1, base::Stage::Rx));
    }
    list_->notes[0].stage = static_cast<base::Stage>(base::kStageCount);
    list_->notes[1].kind = static_cast<TraceKind>(0);
    list_->notes[2].counter = static_cast<std::uint16_t>(kCounterCount);
    list_->notes[3].text_bytes = kTraceTextBytesMax + 1;
    EXPECT_EQ(collect(1).lost, 4U);
    EXPECT_EQ(notes_.size(), 1U);
}

TEST_F(Trace, ACountThatIsNoCountIsBounded) {
    writer_.enter(1);
    list_->count.store(0xffff'ffff);
    (void)collect(1);
    EXPECT_LE(notes_.size(), kTraceNotesMax);
}

TEST_F(Trace, TextOfAnotherProcessCannotSteerATerminal) {
    writer_.enter(1);
    (void)writer_.write(note(1, base::Stage::Rx));
    list_->notes[0].text[0] = '\x1b';
    list_->notes[0].text_bytes = 1;
    (void)collect(1);
    EXPECT_EQ(notes_.at(0).get_text(), "?");
}

} // namespace
} // namespace tandem::shm
