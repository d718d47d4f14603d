// SPDX-License-Identifier: Apache-2.0
//
// A trace from its order to its end, without a loop around it: what it picks, whose notes it
// writes, when it ends, and that numbers of other traces are nothing to it.
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "dataplane/trace/packet_trace.hpp"
#include "transaction/layer.hpp"

namespace tandem::dataplane::trace {
namespace {

class NoOutput final : public transaction::Output {
  public:
    bool transmit(const transaction::Flow& /*flow*/, std::string_view /*bytes*/) override {
        return true;
    }

    bool publish_request(transaction::ServerHandle /*transaction*/,
                         const transaction::InboundMessage& /*message*/) override {
        return false;
    }

    bool publish_response(transaction::ClientHandle /*transaction*/,
                          std::uint64_t /*user*/,
                          const transaction::InboundMessage& /*message*/) override {
        return false;
    }

    bool publish_cancel(transaction::ServerHandle /*cancel*/,
                        transaction::ServerHandle /*invite*/,
                        const transaction::InboundMessage& /*message*/) override {
        return false;
    }

    bool publish_ack(transaction::ServerHandle /*invite*/,
                     const transaction::InboundMessage& /*message*/) override {
        return false;
    }

    bool publish_timeout(const transaction::Timeout& /*timeout*/) override { return false; }

    bool publish_stray(const transaction::InboundMessage& /*message*/) override { return false; }

    bool publish_orphan(const transaction::Orphan& /*orphan*/) override { return false; }

    bool publish_client_slots(std::span<const transaction::ClientHandle> /*slots*/) override {
        return false;
    }

    void count(transaction::Counter /*counter*/) override {}

    void note(const transaction::Note& /*note*/) override {}
};

transaction::LayerOptions small_layer() {
    transaction::LayerOptions options;
    options.limits = {.server_transactions_max = 4,
                      .client_slots_max = 16,
                      .client_transactions_max = 4,
                      .lingering_max = 16,
                      .forks_max = 1,
                      .refusals_max = 1,
                      .buffers_max = {4, 4, 4, 1, 1}};
    return options;
}

std::vector<std::uint8_t> frame(std::uint8_t last_byte_of_source, std::string_view payload) {
    std::vector<std::uint8_t> bytes(14 + 20 + 8);
    bytes[12] = 0x08;
    bytes[14] = 0x45;
    bytes[14 + 9] = 17;
    bytes[14 + 12] = 10;
    bytes[14 + 15] = last_byte_of_source;
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    return bytes;
}

class PacketTraceTest : public testing::Test {
  protected:
    PacketTraceTest() { trace_.write_to(*list_); }

    void order(std::uint32_t packets, const Filter& filter = {}) {
        ASSERT_TRUE(trace_.desk().post({.packets = packets, .filter = filter}));
        EXPECT_FALSE(trace_.desk().is_taken());
        burst();
        EXPECT_TRUE(trace_.desk().is_taken());
    }

    void burst(std::uint64_t later_ns = 0) { trace_.follow(layer_, now_ += later_ns); }

    shm::TraceNumber pick(const std::vector<std::uint8_t>& bytes) { return trace_.pick(bytes, 0); }

    Phase phase() { return trace_.desk().status().phase; }

    std::vector<shm::TraceNote> notes() {
        std::vector<shm::TraceNote> found(shm::kTraceNotesMax);
        found.resize(shm::collect_trace(*list_, trace_.desk().status().session, found).count);
        return found;
    }

    std::unique_ptr<shm::TraceList> list_ = std::make_unique<shm::TraceList>();
    NoOutput output_;
    transaction::Layer layer_{small_layer(), output_};
    PacketTrace trace_;
    base::MonotonicNs now_ = base::kNsPerS;
};

TEST_F(PacketTraceTest, IsOffUntilItIsOrdered) {
    EXPECT_FALSE(trace_.is_on());
    EXPECT_EQ(phase(), Phase::Off);
    EXPECT_EQ(pick(frame(1, "INVITE")), 0);
    trace_.visited(base::Stage::Ether);
    trace_.enter(1);
    EXPECT_EQ(trace_.current(), 0);
    burst();
    EXPECT_TRUE(notes().empty());
}

TEST_F(PacketTraceTest, NotesWhatAPickedPacketVisits) {
    order(2);
    EXPECT_EQ(phase(), Phase::Picking);
    const auto number = pick(frame(7, "INVITE sip:x SIP/2.0\r\n"));
    ASSERT_NE(number, 0);
    trace_.visited(base::Stage::Ether);
    trace_.counted(shm::CounterId::IpBadChecksum);
    trace_.leave();
    trace_.visited(base::Stage::Udp); // of no packet
    trace_.enter(number);
    transaction::Flow flow;
    flow.local.port = 5060;
    trace_.sent(base::Stage::SendUdp, flow, "SIP/2.0 200 OK\r\n");
    const auto found = notes();
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].kind, shm::TraceKind::Arrived);
    EXPECT_EQ(found[0].get_text(), "INVITE sip:x SIP/2.0");
    EXPECT_EQ(found[0].remote.address.value, 0x0a000007U);
    EXPECT_EQ(found[1].stage, base::Stage::Ether);
    EXPECT_EQ(found[2].kind, shm::TraceKind::Counted);
    EXPECT_EQ(found[2].stage, base::Stage::Ether) << "a count belongs to the stage before";
    EXPECT_EQ(found[2].counter, static_cast<std::uint16_t>(shm::CounterId::IpBadChecksum));
    EXPECT_EQ(found[3].get_text(), "SIP/2.0 200 OK");
    EXPECT_EQ(found[3].local.port, 5060);
    for (const auto& note : found) {
        EXPECT_EQ(note.number, number);
        EXPECT_GE(note.time_ns, found[0].time_ns);
    }
}

TEST_F(PacketTraceTest, ABurstBeginsWithNoPacket) {
    order(2);
    (void)pick(frame(1, "a"));
    EXPECT_NE(trace_.current(), 0);
    burst();
    EXPECT_EQ(trace_.current(), 0);
    (void)pick(frame(1, "a"));
    (void)pick(frame(1, "a")); // one too many
    EXPECT_EQ(trace_.current(), 0);
}

TEST_F(PacketTraceTest, EndsByItselfAMomentAfterTheLastPacket) {
    order(2);
    EXPECT_NE(pick(frame(1, "a")), 0);
    burst(base::kNsPerS * 3'600);
    EXPECT_EQ(phase(), Phase::Picking) << "it waits for packets as long as it takes";
    const auto last = pick(frame(1, "a"));
    EXPECT_EQ(phase(), Phase::Following);
    EXPECT_EQ(pick(frame(1, "a")), 0);
    burst(kFollowNs - 1);
    EXPECT_TRUE(trace_.is_on());
    trace_.enter(last);
    EXPECT_EQ(trace_.current(), last) << "what it causes is still noted";
    burst(1);
    EXPECT_FALSE(trace_.is_on());
    EXPECT_EQ(phase(), Phase::Ended);
    trace_.enter(last);
    EXPECT_EQ(trace_.current(), 0);
    EXPECT_EQ(trace_.desk().status().picked, 2U);
    EXPECT_EQ(notes().size(), 2U) << "what was seen stays";
}

TEST_F(PacketTraceTest, StopsWhenItIsTold) {
    order(5);
    (void)pick(frame(1, "a"));
    order(0);
    EXPECT_FALSE(trace_.is_on());
    EXPECT_EQ(phase(), Phase::Ended);
    EXPECT_EQ(notes().size(), 1U);
}

TEST_F(PacketTraceTest, AStopWithoutATraceChangesNothing) {
    order(0);
    EXPECT_EQ(phase(), Phase::Off);
}

TEST_F(PacketTraceTest, ANewTraceForgetsTheLast) {
    order(2);
    const auto old = pick(frame(1, "old"));
    order(2);
    EXPECT_TRUE(notes().empty());
    trace_.enter(old);
    EXPECT_EQ(trace_.current(), 0) << "a record that is still on its way is none of this trace";
    EXPECT_NE(pick(frame(1, "new")), old);
}

TEST_F(PacketTraceTest, TheFilterChooses) {
    Filter filter;
    filter.address.value = 0x0a000007;
    std::string_view("INVITE").copy(filter.prefix.data(), filter.prefix.size());
    filter.prefix_bytes = 6;
    order(9, filter);
    EXPECT_EQ(pick(frame(8, "INVITE")), 0);
    EXPECT_EQ(pick(frame(7, "BYE")), 0);
    EXPECT_EQ(pick(frame(7, "INV")), 0);
    EXPECT_NE(pick(frame(7, "INVITE sip:x")), 0);
    EXPECT_EQ(pick({}), 0);
}

TEST_F(PacketTraceTest, NoMorePacketsThanThereIsRoomFor) {
    order(0xffff'ffff);
    EXPECT_EQ(trace_.desk().status().wanted, shm::kTracePacketsMax);
}

TEST_F(PacketTraceTest, AFullListEndsThePicking) {
    order(2);
    (void)pick(frame(1, "a"));
    for (std::uint32_t i = 0; i < shm::kTraceNotesMax; ++i) {
        trace_.visited(base::Stage::Ether);
    }
    order(2);
    EXPECT_EQ(phase(), Phase::Picking);
    const auto number = pick(frame(1, "a"));
    for (std::uint32_t i = 0; i < shm::kTraceNotesMax; ++i) {
        trace_.visited(base::Stage::Ether);
    }
    EXPECT_EQ(phase(), Phase::Picking);
    (void)pick(frame(1, "a"));
    EXPECT_EQ(phase(), Phase::Following);
    EXPECT_NE(number, 0);
}

TEST_F(PacketTraceTest, NumbersGoRoundWithoutZero) {
    std::uint32_t picked = 0;
    while (picked < 70'000) {
        order(shm::kTracePacketsMax);
        for (std::uint32_t i = 0; i < shm::kTracePacketsMax; ++i, ++picked) {
            const auto number = pick({});
            ASSERT_NE(number, 0);
            trace_.leave();
            trace_.enter(number);
            ASSERT_EQ(trace_.current(), number);
        }
    }
}

TEST_F(PacketTraceTest, OneOrderAtATime) {
    ASSERT_TRUE(trace_.desk().post({.packets = 1, .filter = {}}));
    EXPECT_FALSE(trace_.desk().post({.packets = 1, .filter = {}}));
    burst();
    EXPECT_TRUE(trace_.desk().post({.packets = 0, .filter = {}}));
}

} // namespace
} // namespace tandem::dataplane::trace
