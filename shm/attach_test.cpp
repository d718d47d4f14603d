// SPDX-License-Identifier: Apache-2.0
//
// The attach handshake: both tables walked row by row, and both links played against each other
// through deaths, returns and corruption, in every order of polling that a seed draws.
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "base/random.hpp"
#include "shm/attach.hpp"

namespace tandem::shm {
namespace {

struct WorkerRow {
    WorkerState state;
    WorkerEvent event;
    WorkerStep expected;
};

TEST(AttachTable, WorkerRowsAreAsDrawn) {
    using S = WorkerState;
    using E = WorkerEvent;
    using A = WorkerAction;
    const std::vector<WorkerRow> rows = {
        {S::Detached, E::Requested, {S::Granted, A::Grant}},
        {S::Detached, E::Confirmed, {S::Detached, A::None}},
        {S::Detached, E::Lost, {S::Detached, A::None}},
        {S::Detached, E::Corrupt, {S::Detached, A::None}},
        {S::Granted, E::Requested, {S::Granted, A::Grant}},
        {S::Granted, E::Confirmed, {S::Attached, A::Open}},
        {S::Granted, E::Lost, {S::Detached, A::Withdraw}},
        {S::Granted, E::Corrupt, {S::Granted, A::None}},
        {S::Attached, E::Requested, {S::Detached, A::Close}},
        {S::Attached, E::Confirmed, {S::Attached, A::None}},
        {S::Attached, E::Lost, {S::Detached, A::Close}},
        {S::Attached, E::Corrupt, {S::Detached, A::Close}},
    };
    ASSERT_EQ(rows.size(), 3U * 4U);
    for (const WorkerRow& row : rows) {
        EXPECT_EQ(step(row.state, row.event), row.expected)
            << static_cast<int>(row.state) << " " << static_cast<int>(row.event);
    }
}

struct CoreRow {
    CoreState state;
    CoreEvent event;
    CoreStep expected;
};

TEST(AttachTable, CoreRowsAreAsDrawn) {
    using S = CoreState;
    using E = CoreEvent;
    using A = CoreAction;
    const std::vector<CoreRow> rows = {
        {S::Idle, E::Begin, {S::Requested, A::Request}},
        {S::Idle, E::Granted, {S::Idle, A::None}},
        {S::Idle, E::Revoked, {S::Idle, A::None}},
        {S::Idle, E::Corrupt, {S::Idle, A::None}},
        {S::Requested, E::Begin, {S::Requested, A::None}},
        {S::Requested, E::Granted, {S::Attached, A::Confirm}},
        {S::Requested, E::Revoked, {S::Requested, A::None}},
        {S::Requested, E::Corrupt, {S::Requested, A::None}},
        {S::Attached, E::Begin, {S::Attached, A::None}},
        {S::Attached, E::Granted, {S::Attached, A::None}},
        {S::Attached, E::Revoked, {S::Requested, A::Request}},
        {S::Attached, E::Corrupt, {S::Requested, A::Request}},
    };
    ASSERT_EQ(rows.size(), 3U * 4U);
    for (const CoreRow& row : rows) {
        EXPECT_EQ(step(row.state, row.event), row.expected)
            << static_cast<int>(row.state) << " " << static_cast<int>(row.event);
    }
}

bool put(RingProducer& ring, std::uint64_t number) {
    std::byte* at = ring.claim(1, sizeof number);
    if (at == nullptr) {
        return false;
    }
    std::memcpy(at, &number, sizeof number);
    ring.commit(sizeof number);
    ring.publish();
    return true;
}

std::uint64_t number_of(const Record& record) {
    std::uint64_t number = 0;
    std::memcpy(&number, record.payload.data(), sizeof number);
    return number;
}

std::optional<std::uint64_t> take(RingConsumer& ring) {
    const auto record = ring.peek();
    if (!record) {
        return std::nullopt;
    }
    const std::uint64_t number = number_of(*record);
    ring.release();
    return number;
}

class AttachTest : public testing::Test {
  protected:
    AttachTest()
        : region_(std::move(*Region::create({.dataplane_epoch = 1,
                                             .event_ring_bytes = kRingBytesMin,
                                             .command_ring_bytes = kRingBytesMin,
                                             .note_count = kNoteCountMin,
                                             .limits = {},
                                             .try_huge_pages = false}))),
          worker_(region_, 0) {}

    void set_alive(bool alive) { region_.dataplane_line().controlplane_pid.store(alive ? 1 : 0); }

    // Until neither side has anything to do.
    void settle(CoreLink& core) {
        for (int round = 0; round < 6; ++round) {
            static_cast<void>(core.poll());
            static_cast<void>(worker_.poll());
        }
    }

    Region region_;
    WorkerLink worker_;
};

TEST_F(AttachTest, OpensBothSidesOnce) {
    CoreLink core(region_, 0);
    EXPECT_EQ(core.poll(), LinkChange::None); // requests
    EXPECT_EQ(worker_.poll(), LinkChange::None);
    EXPECT_EQ(worker_.state(), WorkerState::Detached); // nobody is known to live
    set_alive(true);
    EXPECT_EQ(worker_.poll(), LinkChange::None); // grants
    EXPECT_EQ(worker_.state(), WorkerState::Granted);
    EXPECT_FALSE(worker_.is_open());
    EXPECT_EQ(core.poll(), LinkChange::Opened);
    EXPECT_EQ(worker_.poll(), LinkChange::Opened);
    EXPECT_EQ(core.poll(), LinkChange::None);
    EXPECT_EQ(worker_.poll(), LinkChange::None);
    ASSERT_TRUE(put(worker_.events(), 5));
    ASSERT_TRUE(put(core.commands(), 6));
    EXPECT_EQ(take(core.events()), 5U);
    EXPECT_EQ(take(worker_.commands()), 6U);
}

TEST_F(AttachTest, ReturningCoreFindsEmptyRingsAndUnreadIsReported) {
    set_alive(true);
    {
        CoreLink core(region_, 0);
        settle(core);
        ASSERT_TRUE(put(worker_.events(), 1));
        ASSERT_TRUE(put(worker_.events(), 2));
        ASSERT_EQ(take(core.events()), 1U);
        ASSERT_TRUE(put(core.commands(), 3));
        ASSERT_NE(core.commands().claim(1, 8), nullptr); // dies with a claim not committed
    }
    set_alive(false);
    EXPECT_EQ(worker_.poll(), LinkChange::Closed);
    EXPECT_EQ(take(worker_.commands()), 3U); // what was published still counts
    EXPECT_EQ(take(worker_.commands()), std::nullopt);
    std::vector<std::uint64_t> unread;
    worker_.for_each_unread([&](const Record& record) { unread.push_back(number_of(record)); });
    EXPECT_EQ(unread, std::vector<std::uint64_t>{2});
    EXPECT_EQ(worker_.poll(), LinkChange::None);

    set_alive(true);
    EXPECT_EQ(worker_.poll(), LinkChange::None);
    EXPECT_FALSE(worker_.is_open()); // the old request does not count again
    CoreLink next(region_, 0);
    settle(next);
    ASSERT_TRUE(next.is_open());
    ASSERT_TRUE(worker_.is_open());
    EXPECT_EQ(take(next.events()), std::nullopt);
    EXPECT_EQ(take(worker_.commands()), std::nullopt);
    ASSERT_TRUE(put(worker_.events(), 7));
    EXPECT_EQ(take(next.events()), 7U);
}

TEST_F(AttachTest, QuickReturnIsNoticedByItsNumber) {
    set_alive(true);
    CoreLink core(region_, 0);
    settle(core);
    ASSERT_TRUE(put(worker_.events(), 1));
    CoreLink next(region_, 0); // the first died unnoticed
    EXPECT_EQ(next.poll(), LinkChange::None);
    EXPECT_EQ(worker_.poll(), LinkChange::Closed);
    int unread = 0;
    worker_.for_each_unread([&](const Record&) { ++unread; });
    EXPECT_EQ(unread, 1);
    settle(next);
    EXPECT_TRUE(next.is_open());
    EXPECT_EQ(take(next.events()), std::nullopt);
}

TEST_F(AttachTest, LostWhileGrantedIsWithdrawn) {
    set_alive(true);
    CoreLink core(region_, 0);
    EXPECT_EQ(core.poll(), LinkChange::None);
    EXPECT_EQ(worker_.poll(), LinkChange::None);
    set_alive(false);
    EXPECT_EQ(worker_.poll(), LinkChange::None);
    EXPECT_EQ(worker_.state(), WorkerState::Detached);
    EXPECT_EQ(region_.attach_grant(0).granted.load(), 0U);
    EXPECT_EQ(core.poll(), LinkChange::None);
    EXPECT_FALSE(core.is_open());
}

TEST_F(AttachTest, CorruptCommandRingIsSetUpAnew) {
    set_alive(true);
    CoreLink core(region_, 0);
    settle(core);
    region_.command_ring(0).cursors->producer.tail_bytes.store(3);
    EXPECT_EQ(take(worker_.commands()), std::nullopt);
    EXPECT_EQ(worker_.poll(), LinkChange::Closed);
    EXPECT_EQ(region_.attach_grant(0).rings_found_corrupt.load(), 1U);
    EXPECT_EQ(core.poll(), LinkChange::Closed);
    settle(core);
    ASSERT_TRUE(core.is_open());
    ASSERT_TRUE(worker_.is_open());
    ASSERT_TRUE(put(core.commands(), 9));
    EXPECT_EQ(take(worker_.commands()), 9U);
}

TEST_F(AttachTest, CorruptEventRingIsSetUpAnew) {
    set_alive(true);
    CoreLink core(region_, 0);
    settle(core);
    ASSERT_TRUE(put(worker_.events(), 1));
    std::memset(region_.event_ring(0).data, 0xFF, 64);
    EXPECT_EQ(take(core.events()), std::nullopt);
    EXPECT_EQ(core.poll(), LinkChange::Closed);
    EXPECT_EQ(core.corrupt_count(), 1U);
    EXPECT_EQ(worker_.poll(), LinkChange::Closed);
    settle(core);
    ASSERT_TRUE(core.is_open());
    ASSERT_TRUE(put(worker_.events(), 2));
    EXPECT_EQ(take(core.events()), 2U);
}

TEST_F(AttachTest, BeatsAreVisible) {
    worker_.beat(55);
    worker_.beat(66);
    EXPECT_EQ(region_.attach_grant(0).heartbeat_ns.load(), 66U);
    EXPECT_EQ(region_.attach_grant(0).loops.load(), 2U);
}

// A core that dies, returns at once or later, while both sides poll in random order: nobody ever
// sees a record of another attachment, and in quiet times both are open.
TEST_F(AttachTest, NeverMixesAttachments) {
    base::RandomStream random(base::RandomSeed{8});
    std::optional<CoreLink> core;
    std::uint64_t life = 0;
    for (int round = 0; round < 100'000; ++round) {
        const auto choice = random.below(1000);
        if (choice < 3) {
            ++life;
            core.emplace(region_, 0);
            set_alive(true);
        } else if (choice < 5) {
            core.reset();
            set_alive(random.below(2) == 0); // sometimes noticed late
        } else if (choice < 400 && core) {
            static_cast<void>(core->poll());
        } else if (choice < 800) {
            static_cast<void>(worker_.poll());
        } else if (core && core->is_open()) {
            static_cast<void>(put(core->commands(), life));
            while (const auto number = take(core->events())) {
                ASSERT_EQ(*number, region_.attach_request(0).requested.load());
            }
        }
        if (worker_.is_open()) {
            // An attachment's number is what the worker granted.
            static_cast<void>(put(worker_.events(), region_.attach_grant(0).granted.load()));
            while (const auto number = take(worker_.commands())) {
                ASSERT_LE(*number, life);
            }
        }
    }
    core.emplace(region_, 0);
    set_alive(true);
    settle(*core);
    EXPECT_TRUE(core->is_open());
    EXPECT_TRUE(worker_.is_open());
    EXPECT_EQ(core->corrupt_count(), 0U);
    EXPECT_EQ(region_.attach_grant(0).rings_found_corrupt.load(), 0U);
}

} // namespace
} // namespace tandem::shm
