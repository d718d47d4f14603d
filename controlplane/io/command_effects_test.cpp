// SPDX-License-Identifier: Apache-2.0
//
// Every effect, read back on the worker's side of a real region; what happens without a ring and
// with a full one; and when a step may be made at all.
#include <cstring>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

#include "controlplane/core/test_message.hpp"
#include "controlplane/io/command_effects.hpp"
#include "controlplane/io/test_dataplane.hpp"
#include "controlplane/io/test_journal.hpp"
#include "shm/read_record.hpp"

namespace tandem::controlplane {
namespace {

constexpr std::string_view kText = "any bytes: the dataplane reads them itself";
constexpr transaction::ServerHandle kServer = {.index = 3, .generation = 4};
constexpr transaction::ClientHandle kClient = {.index = 7, .generation = 8};
constexpr transaction::ClientHandle kInvite = {.index = 9, .generation = 10};
const transaction::Flow kFlow = {.remote = endpoint_of("10.77.0.100:5060"),
                                 .local = endpoint_of("10.77.0.10:5060"),
                                 .port = 2,
                                 .worker = 0,
                                 .reserved = 0};

class CommandEffectsTest : public testing::Test {
  protected:
    void SetUp() override { effects_.use_ring(&producer_, capacity_bytes()); }

    [[nodiscard]] std::size_t capacity_bytes() const {
        return region_.command_ring(0).capacity_bytes;
    }

    std::size_t write_text() {
        const auto room = effects_.message_buffer();
        std::copy(kText.begin(), kText.end(), room.begin());
        return kText.size();
    }

    template <typename View>
    View next_as() {
        producer_.publish();
        const auto record = consumer_.peek();
        EXPECT_TRUE(record);
        if (!record) {
            return {};
        }
        const auto view = shm::read_command(*record);
        EXPECT_TRUE(view);
        const View* found = view ? std::get_if<View>(&*view) : nullptr;
        EXPECT_NE(found, nullptr);
        return found != nullptr ? *found : View{};
    }

    void send_every_kind() {
        effects_.send_request({}, write_text());
        effects_.send_response({.transaction = kServer, .status_code = 200}, write_text());
        effects_.send_ack({}, write_text());
        effects_.stop_repeating(kServer, 1);
        effects_.return_slot(kClient);
    }

    shm::Region region_ = test_region(1);
    shm::RingProducer producer_{region_.command_ring(0)};
    shm::RingConsumer consumer_{region_.command_ring(0)};
    CommandEffects effects_;
};

TEST_F(CommandEffectsTest, RoomForTheLargestMessage) {
    EXPECT_EQ(effects_.message_buffer().size(), sipparse::kMessageBytesMax);
}

TEST_F(CommandEffectsTest, Request) {
    effects_.send_request({.transaction = kClient, .invite = kInvite, .user = 5, .flow = kFlow},
                          write_text());
    const auto view = next_as<shm::SendRequestView>();
    EXPECT_EQ(view.command.transaction, kClient);
    EXPECT_EQ(view.command.invite, kInvite);
    EXPECT_EQ(view.command.user, 5U);
    EXPECT_EQ(view.command.flow.remote, kFlow.remote);
    EXPECT_EQ(view.command.flow.local, kFlow.local);
    EXPECT_EQ(view.command.flow.port, 2);
    EXPECT_EQ(view.message, kText);
    EXPECT_EQ(effects_.counts().requests, 1U);
}

TEST_F(CommandEffectsTest, Response) {
    effects_.send_response({.transaction = kServer, .status_code = 404}, write_text());
    const auto view = next_as<shm::SendResponseView>();
    EXPECT_EQ(view.command.transaction, kServer);
    EXPECT_EQ(view.command.status_code, 404);
    EXPECT_EQ(view.command.flags, 0);
    EXPECT_EQ(view.message, kText);
    EXPECT_EQ(effects_.counts().responses, 1U);
}

TEST_F(CommandEffectsTest, ReliableProvisional) {
    effects_.send_response(
        {.transaction = kServer, .status_code = 183, .reliable = true, .rseq = 42}, write_text());
    const auto view = next_as<shm::SendResponseView>();
    EXPECT_EQ(view.command.flags, shm::SendResponseCommand::ReliableProvisional);
    EXPECT_EQ(view.command.rseq, 42U);
}

TEST_F(CommandEffectsTest, Ack) {
    effects_.send_ack({.invite = kInvite, .flow = kFlow}, write_text());
    const auto view = next_as<shm::SendAckView>();
    EXPECT_EQ(view.command.invite, kInvite);
    EXPECT_EQ(view.command.flow.remote, kFlow.remote);
    EXPECT_EQ(view.message, kText);
    EXPECT_EQ(effects_.counts().acks, 1U);
}

TEST_F(CommandEffectsTest, StopRepeating) {
    effects_.stop_repeating(kServer, 42);
    const auto view = next_as<shm::StopRepeatingView>();
    EXPECT_EQ(view.command.transaction, kServer);
    EXPECT_EQ(view.command.rseq, 42U);
}

TEST_F(CommandEffectsTest, ReturnedSlot) {
    effects_.return_slot(kClient);
    const auto view = next_as<shm::ReturnSlotsView>();
    ASSERT_EQ(view.slots.size(), 1U);
    EXPECT_EQ(view.slots[0], kClient);
}

TEST_F(CommandEffectsTest, BindingChangesGoToTheJournal) {
    const auto change = OwnedBinding::of(0);
    effects_.binding_changed(change.view());
    producer_.publish();
    EXPECT_FALSE(consumer_.peek());
    EXPECT_EQ(effects_.counts().binding_changes, 1U);
    EXPECT_EQ(effects_.counts().unsent, 0U);
    JournalQueue journal(shm::kRingBytesMin);
    effects_.use_journal(&journal);
    effects_.binding_changed(change.view());
    EXPECT_EQ(effects_.counts().binding_changes, 2U);
    EXPECT_EQ(journal.pushed(), 1U);
}

TEST_F(CommandEffectsTest, NothingIsVisibleBeforeItIsPublished) {
    effects_.return_slot(kClient);
    EXPECT_FALSE(consumer_.peek());
    producer_.publish();
    EXPECT_TRUE(consumer_.peek());
}

TEST_F(CommandEffectsTest, WithoutADataplaneEffectsAreCountedAsUnsent) {
    effects_.use_ring(nullptr, 0);
    EXPECT_TRUE(effects_.has_room()); // the core goes on without it
    send_every_kind();
    EXPECT_EQ(effects_.counts().unsent, 5U);
    EXPECT_EQ(effects_.counts().requests, 0U);
    EXPECT_EQ(effects_.counts().responses, 0U);
    EXPECT_EQ(effects_.counts().acks, 0U);
}

TEST_F(CommandEffectsTest, AFullRingIsCountedAsUnsent) {
    while (effects_.counts().unsent == 0) {
        effects_.send_ack({}, effects_.message_buffer().size());
    }
    const auto sent = effects_.counts().acks;
    EXPECT_GT(sent, 0U);
    std::uint64_t read = 0;
    producer_.publish();
    for (; consumer_.peek(); ++read) {
        consumer_.release();
    }
    EXPECT_EQ(read, sent);
}

TEST_F(CommandEffectsTest, AStepIsMadeWhileHalfOfASmallRingIsFree) {
    EXPECT_TRUE(effects_.has_room());
    while (effects_.has_room()) {
        EXPECT_LE(producer_.used_bytes(), capacity_bytes() / 2);
        effects_.send_ack({}, write_text());
    }
    EXPECT_GT(producer_.used_bytes(), capacity_bytes() / 2);
    EXPECT_EQ(effects_.counts().unsent, 0U);
    producer_.publish();
    ASSERT_TRUE(consumer_.peek());
    consumer_.release();
    EXPECT_TRUE(effects_.has_room());
}

TEST_F(CommandEffectsTest, AStepIsMadeWhileItsLargestEffectsFit) {
    const auto large = test_region(1, 8 * kStepEffectsBytesMax);
    shm::RingProducer producer(large.command_ring(0));
    effects_.use_ring(&producer, 8 * kStepEffectsBytesMax);
    while (effects_.has_room()) {
        effects_.send_ack({}, effects_.message_buffer().size());
    }
    EXPECT_GT(producer.used_bytes(), 7 * kStepEffectsBytesMax);
    EXPECT_LT(producer.used_bytes(), 7 * kStepEffectsBytesMax + sipparse::kMessageBytesMax + 256);
}

} // namespace
} // namespace tandem::controlplane
