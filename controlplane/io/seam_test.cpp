// SPDX-License-Identifier: Apache-2.0
//
// The seam against a real hand-over server and worker link in this process: both orders of start,
// deaths and returns, and a region that is refused. The seam's clock is the test's.
#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controlplane/io/seam.hpp"
#include "controlplane/io/test_dataplane.hpp"

namespace tandem::controlplane {
namespace {

using testing::HasSubstr;

class SeamTest : public testing::Test {
  protected:
    [[nodiscard]] std::string socket_path() const {
        return directory_.file(shm::kHandoverSocketName);
    }

    void start_dataplane(std::uint32_t epoch) { dataplane_.emplace(socket_path(), epoch); }

    // Both sides go on, the seam a retry interval at a time, until something changes.
    SeamChange next_change(Seam& seam) {
        auto change = SeamChange::None;
        EXPECT_TRUE(wait_until(
            [&] {
                change = seam.step(now_ += base::kNsPerS);
                return change != SeamChange::None;
            },
            [&] {
                if (dataplane_) {
                    dataplane_->turn();
                }
            }));
        return change;
    }

    TemporaryDirectory directory_;
    std::optional<TestDataplane> dataplane_;
    base::MonotonicNs now_ = 1;
};

TEST_F(SeamTest, OpensWhenTheDataplaneWasThereFirst) {
    start_dataplane(77);
    Seam seam(socket_path());
    EXPECT_FALSE(seam.is_open());
    EXPECT_EQ(next_change(seam), SeamChange::Opened);
    ASSERT_TRUE(seam.is_open());
    const auto attached = seam.attached_input();
    EXPECT_EQ(attached.owner.epoch, 77U);
    EXPECT_EQ(attached.owner.node, 1);
    EXPECT_EQ(attached.owner.worker, 0);
    EXPECT_EQ(attached.branch_key.low, dataplane_->region().info().branch_key.low);
    EXPECT_EQ(attached.call_id_key.low, dataplane_->region().info().call_id_key.low);
    EXPECT_GE(seam.connection_fd(), 0);
    EXPECT_GE(seam.doorbell_fd(), 0);
    const auto status = seam.status();
    EXPECT_TRUE(status.is_open);
    EXPECT_EQ(status.sentence, "");
    EXPECT_EQ(status.dataplane_pid, ::getpid());
    EXPECT_EQ(status.opened_count, 1U);
    EXPECT_EQ(status.closed_count, 0U);
    ASSERT_TRUE(status.region);
    EXPECT_EQ(status.region->dataplane_epoch, 77U);
    EXPECT_EQ(seam.step(now_ + 1), SeamChange::None);
}

TEST_F(SeamTest, WaitsForADataplaneThatComesLater) {
    Seam seam(socket_path());
    EXPECT_EQ(seam.step(++now_), SeamChange::None);
    EXPECT_EQ(seam.status().sentence, "no dataplane is running");
    EXPECT_EQ(seam.connection_fd(), -1);
    EXPECT_EQ(seam.doorbell_fd(), -1);
    EXPECT_FALSE(seam.status().region);
    seam.beat(now_); // nothing to beat in
    start_dataplane(1);
    EXPECT_EQ(next_change(seam), SeamChange::Opened);
}

TEST_F(SeamTest, SaysThatTheWorkerHasNotGrantedYet) {
    start_dataplane(1);
    Seam seam(socket_path());
    EXPECT_TRUE(wait_until([&] { return seam.status().region.has_value(); },
                           [&] {
                               static_cast<void>(seam.step(now_ += base::kNsPerS));
                               // The cold thread alone; the worker does not answer.
                               static_cast<void>(dataplane_->server().serve());
                           }));
    EXPECT_FALSE(seam.is_open());
    EXPECT_EQ(seam.status().sentence, "the worker has not granted the rings yet");
    EXPECT_EQ(next_change(seam), SeamChange::Opened);
}

TEST_F(SeamTest, BeatsInTheRegion) {
    start_dataplane(1);
    Seam seam(socket_path());
    ASSERT_EQ(next_change(seam), SeamChange::Opened);
    seam.beat(4711);
    EXPECT_EQ(dataplane_->region().controlplane_line().heartbeat_ns.load(), 4711U);
}

TEST_F(SeamTest, CarriesRecordsBothWays) {
    start_dataplane(1);
    Seam seam(socket_path());
    ASSERT_EQ(next_change(seam), SeamChange::Opened);
    dataplane_->turn();
    EXPECT_TRUE(seam.link().events().peek()); // the slots given at attach
    ASSERT_TRUE(shm::write_send_ack(seam.link().commands(), {}, "ACK"));
    seam.link().commands().publish();
    EXPECT_TRUE(dataplane_->turn_until([&] { return !dataplane_->acks.empty(); }));
    EXPECT_EQ(dataplane_->acks.front().message, "ACK");
}

TEST_F(SeamTest, DeathOfTheDataplaneClosesAndItsSuccessorOpensAgain) {
    start_dataplane(1);
    Seam seam(socket_path());
    ASSERT_EQ(next_change(seam), SeamChange::Opened);
    dataplane_.reset();
    EXPECT_EQ(next_change(seam), SeamChange::Closed);
    EXPECT_FALSE(seam.is_open());
    EXPECT_FALSE(seam.status().region);
    EXPECT_FALSE(seam.status().sentence.empty());
    seam.beat(++now_);
    start_dataplane(2);
    EXPECT_EQ(next_change(seam), SeamChange::Opened);
    EXPECT_EQ(seam.attached_input().owner.epoch, 2U);
    EXPECT_EQ(seam.status().opened_count, 2U);
    EXPECT_EQ(seam.status().closed_count, 1U);
}

TEST_F(SeamTest, ACorruptRingClosesAndOpensAgainWithTheSameRegion) {
    start_dataplane(1);
    Seam seam(socket_path());
    ASSERT_EQ(next_change(seam), SeamChange::Opened);
    auto& tail = dataplane_->region().event_ring(0).cursors->producer.tail_bytes;
    tail.store(tail.load() + 3); // no record ends there
    EXPECT_FALSE([&] {
        while (seam.link().events().peek()) {
            seam.link().events().release();
        }
        return !seam.link().events().is_corrupt();
    }());
    EXPECT_EQ(next_change(seam), SeamChange::Closed);
    EXPECT_EQ(next_change(seam), SeamChange::Opened);
    EXPECT_EQ(seam.status().corrupt_count, 1U);
    EXPECT_EQ(seam.attached_input().owner.epoch, 1U);
}

TEST_F(SeamTest, ARegionThatMakesNoSenseIsRefusedAndAskedForAgain) {
    start_dataplane(1);
    auto bytes = dataplane_->region().bytes();
    const auto magic = bytes[0];
    bytes[0] = ~magic;
    Seam seam(socket_path());
    EXPECT_TRUE(wait_until(
        [&] {
            EXPECT_EQ(seam.step(now_ += base::kNsPerS), SeamChange::None);
            return !seam.status().sentence.empty() &&
                   seam.status().sentence.find("region") != std::string::npos;
        },
        [&] { dataplane_->turn(); }));
    EXPECT_FALSE(seam.is_open());
    bytes[0] = magic;
    EXPECT_EQ(next_change(seam), SeamChange::Opened);
    EXPECT_EQ(seam.status().sentence, "");
}

TEST_F(SeamTest, ASecondControlPlaneIsTurnedAway) {
    start_dataplane(1);
    Seam first(socket_path());
    ASSERT_EQ(next_change(first), SeamChange::Opened);
    Seam second(socket_path());
    EXPECT_TRUE(wait_until(
        [&] {
            EXPECT_EQ(second.step(now_ += base::kNsPerS), SeamChange::None);
            return second.status().sentence.find(std::to_string(::getpid())) != std::string::npos;
        },
        [&] { dataplane_->turn(); }));
    EXPECT_FALSE(second.is_open());
    EXPECT_EQ(first.step(now_), SeamChange::None);
    EXPECT_TRUE(first.is_open());
}

} // namespace
} // namespace tandem::controlplane
