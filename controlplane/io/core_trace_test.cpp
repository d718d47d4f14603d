// SPDX-License-Identifier: Apache-2.0
//
// The core thread's part of a trace: whose notes it writes and which commands carry a number.
#include <vector>

#include "gtest/gtest.h"

#include "controlplane/io/core_trace.hpp"
#include "controlplane/io/test_dataplane.hpp"
#include "shm/write_record.hpp"

namespace tandem::controlplane {
namespace {

class CoreTraceTest : public testing::Test {
  protected:
    CoreTraceTest() {
        shm::TraceWriter(&region_.worker_trace(0)).enter(4);
        trace_.attach(region_.worker_trace(0), region_.core_trace(0), commands_);
    }

    // A command of the core, and the number it carries.
    shm::TraceNumber write_command() {
        EXPECT_TRUE(shm::write_stop_repeating(commands_, {.transaction = {}, .rseq = 1}));
        commands_.publish();
        const auto record = reader_.peek();
        EXPECT_TRUE(record);
        const auto number = record ? record->trace : shm::TraceNumber{0};
        reader_.release();
        return number;
    }

    std::vector<base::Stage> stages() {
        std::vector<shm::TraceNote> notes(shm::kTraceNotesMax);
        notes.resize(shm::collect_trace(region_.core_trace(0), 4, notes).count);
        std::vector<base::Stage> found;
        for (const auto& note : notes) {
            EXPECT_EQ(note.number, 9);
            found.push_back(note.stage);
        }
        return found;
    }

    shm::Region region_ = test_region(1);
    shm::RingProducer commands_{region_.command_ring(0)};
    shm::RingConsumer reader_{region_.command_ring(0)};
    CoreTrace trace_;
};

TEST_F(CoreTraceTest, ARecordOfNobodyLeavesNoTrace) {
    trace_.begin(0);
    EXPECT_EQ(trace_.watcher(), nullptr);
    trace_.visited(base::Stage::Core);
    EXPECT_EQ(write_command(), 0);
    trace_.end();
    EXPECT_TRUE(stages().empty());
}

TEST_F(CoreTraceTest, CommandsCarryTheNumberFromTheCoresFirstStageOn) {
    trace_.begin(9);
    ASSERT_NE(trace_.watcher(), nullptr);
    trace_.watcher()->visited(base::Stage::Intake);
    EXPECT_EQ(write_command(), 0) << "of a timer that was due before";
    trace_.watcher()->visited(base::Stage::Core);
    trace_.watcher()->visited(base::Stage::Router);
    EXPECT_EQ(write_command(), 9);
    EXPECT_EQ(write_command(), 9);
    trace_.end();
    EXPECT_EQ(write_command(), 0);
    EXPECT_EQ(trace_.watcher(), nullptr);
    using base::Stage;
    EXPECT_EQ(stages(),
              (std::vector{Stage::CoreThread, Stage::Intake, Stage::Core, Stage::Router}));
}

TEST_F(CoreTraceTest, ANewSessionForgetsTheLast) {
    trace_.begin(9);
    trace_.end();
    shm::TraceWriter(&region_.worker_trace(0)).enter(5);
    EXPECT_EQ(stages().size(), 1U);
    trace_.begin(9);
    trace_.end();
    EXPECT_TRUE(stages().empty()) << "the list is that of session 5 now";
}

TEST_F(CoreTraceTest, WithoutADataplaneNumbersMeanNothing) {
    trace_.begin(9);
    trace_.detach();
    EXPECT_EQ(trace_.watcher(), nullptr);
    trace_.visited(base::Stage::Core);
    trace_.end();
    trace_.begin(9);
    EXPECT_EQ(trace_.watcher(), nullptr);
}

} // namespace
} // namespace tandem::controlplane
