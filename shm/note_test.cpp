// SPDX-License-Identifier: Apache-2.0
//
// Notes with one thread: collecting by Call-ID, overwriting, completeness, hostile content.
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "shm/note.hpp"

namespace tandem::shm {
namespace {

class NoteTest : public testing::Test {
  protected:
    void write(base::MonotonicNs time_ns, std::uint64_t hash) {
        Note note;
        note.time_ns = time_ns;
        note.call_id_hash = hash;
        writer_.write(note);
    }

    NoteRing ring_;
    std::vector<NoteSlot> slots_ = std::vector<NoteSlot>(64);
    NoteMemory memory_{.ring = &ring_, .slots = slots_.data(), .count = 64};
    NoteWriter writer_{memory_};
    NoteReader reader_{memory_};
    std::vector<Note> out_ = std::vector<Note>(100);
};

TEST_F(NoteTest, EmptyRingHasNothing) {
    const std::uint64_t hash = 1;
    const auto result = reader_.collect({&hash, 1}, out_);
    EXPECT_EQ(result.count, 0U);
    EXPECT_EQ(result.oldest_ns, 0U);
    EXPECT_TRUE(result.is_complete_ring);
    EXPECT_EQ(reader_.oldest_time(), 0U);
}

TEST_F(NoteTest, CollectsTheNotesOfACallsTwoLegs) {
    write(10, 1);
    write(11, 2);
    write(12, 3);
    write(13, 1);
    const std::vector<std::uint64_t> hashes = {1, 3};
    const auto result = reader_.collect(hashes, out_);
    ASSERT_EQ(result.count, 3U);
    EXPECT_EQ(out_[0].time_ns, 10U);
    EXPECT_EQ(out_[1].time_ns, 12U);
    EXPECT_EQ(out_[2].time_ns, 13U);
    EXPECT_EQ(result.oldest_ns, 10U);
    EXPECT_TRUE(result.is_complete_ring);
    EXPECT_FALSE(result.out_is_full);
}

TEST_F(NoteTest, OverwritesTheOldestAndSaysSo) {
    for (std::uint64_t time_ns = 1; time_ns <= 100; ++time_ns) {
        write(time_ns, 1);
    }
    const std::uint64_t hash = 1;
    const auto result = reader_.collect({&hash, 1}, out_);
    EXPECT_EQ(result.count, 64U);
    EXPECT_EQ(out_[0].time_ns, 37U);
    EXPECT_EQ(result.oldest_ns, 37U);
    EXPECT_EQ(reader_.oldest_time(), 37U);
    EXPECT_FALSE(result.is_complete_ring);
}

TEST_F(NoteTest, SaysWhenTheBufferIsTooSmall) {
    write(1, 1);
    write(2, 1);
    const std::uint64_t hash = 1;
    const auto result = reader_.collect({&hash, 1}, std::span(out_).first(1));
    EXPECT_EQ(result.count, 1U);
    EXPECT_TRUE(result.out_is_full);
    EXPECT_EQ(out_[0].time_ns, 1U);
}

TEST_F(NoteTest, SkipsANoteThatIsBeingWritten) {
    write(1, 1);
    write(2, 1);
    slots_[0].sequence.store(2 * 65 - 1); // note 65 is on its way into slot 0
    const std::uint64_t hash = 1;
    const auto result = reader_.collect({&hash, 1}, out_);
    ASSERT_EQ(result.count, 1U);
    EXPECT_EQ(out_[0].time_ns, 2U);
    EXPECT_EQ(result.overwritten, 1U);
    EXPECT_FALSE(result.is_complete_ring);
}

TEST_F(NoteTest, AWriterThatTakesOverGoesOn) {
    write(1, 1);
    NoteWriter next(memory_);
    Note note;
    note.time_ns = 2;
    note.call_id_hash = 1;
    next.write(note);
    const std::uint64_t hash = 1;
    EXPECT_EQ(reader_.collect({&hash, 1}, out_).count, 2U);
}

TEST_F(NoteTest, SurvivesHostileCounts) {
    write(1, 1);
    const std::uint64_t hash = 1;
    for (const std::uint64_t written : {~std::uint64_t{0}, std::uint64_t{1} << 63U}) {
        ring_.written.store(written);
        EXPECT_EQ(reader_.collect({&hash, 1}, out_).count, 0U);
        EXPECT_EQ(reader_.oldest_time(), 0U);
    }
}

TEST(Note, TextIsCutAndNeverReadTooFar) {
    Note note;
    note.set_text("Busy Here");
    EXPECT_EQ(note.get_text(), "Busy Here");
    note.set_text(std::string(100, 'x'));
    EXPECT_EQ(note.get_text(), std::string(kNoteTextBytesMax, 'x'));
    note.text_bytes = 255;
    EXPECT_EQ(note.get_text().size(), kNoteTextBytesMax);
}

TEST(NoteWriter, DefaultWriterWritesNothing) {
    NoteWriter writer;
    writer.write(Note{});
}

} // namespace
} // namespace tandem::shm
