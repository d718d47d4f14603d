// SPDX-License-Identifier: Apache-2.0
//
// Every record of the event ring, written as the worker writes it into a real region, becomes the
// right input; what does not read is counted and makes room.
#include <array>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "controlplane/core/test_message.hpp"
#include "controlplane/io/intake.hpp"
#include "controlplane/io/test_dataplane.hpp"
#include "shm/write_record.hpp"

namespace tandem::controlplane {
namespace {

constexpr const char* kOptions = "OPTIONS sip:10.77.0.10 SIP/2.0\n"
                                 "Via: SIP/2.0/UDP 10.77.0.100;branch=z9hG4bKo\n"
                                 "From: <sip:1000@10.77.0.10>;tag=f\n"
                                 "To: <sip:10.77.0.10>\n"
                                 "Call-ID: o1\n"
                                 "CSeq: 1 OPTIONS\n"
                                 "Content-Length: 0\n\n";

const transaction::Flow kFlow = {.remote = endpoint_of("10.77.0.100:5060"),
                                 .local = endpoint_of("10.77.0.10:5060"),
                                 .port = 1,
                                 .worker = 0,
                                 .reserved = 0};
constexpr transaction::ServerHandle kServer = {.index = 3, .generation = 4};
constexpr transaction::ServerHandle kInvite = {.index = 5, .generation = 6};
constexpr transaction::ClientHandle kClient = {.index = 7, .generation = 8};

class IntakeTest : public testing::Test {
  protected:
    // The next input as the kind expected, or an empty one and a failure.
    template <typename Kind>
    Kind next_as() {
        producer_.publish();
        const auto input = intake_.next(consumer_, trace_);
        EXPECT_TRUE(input);
        const Kind* found = input ? std::get_if<Kind>(&*input) : nullptr;
        EXPECT_NE(found, nullptr);
        return found != nullptr ? *found : Kind{};
    }

    void expect_the_message(const Datagram& datagram) {
        EXPECT_EQ(datagram.view.bytes, message_.view().bytes);
        EXPECT_EQ(datagram.view.method_text(), "OPTIONS");
        EXPECT_EQ(datagram.view.find("Call-ID"), "o1");
        EXPECT_EQ(datagram.flow.remote, kFlow.remote);
        EXPECT_EQ(datagram.flow.local, kFlow.local);
        EXPECT_EQ(datagram.flow.port, 1);
    }

    void expect_empty() { EXPECT_FALSE(intake_.next(consumer_, trace_)); }

    // A record of which the reader understands nothing.
    void write_rubbish() {
        std::byte* room = producer_.claim(999, 16);
        ASSERT_NE(room, nullptr);
        std::memset(room, 0xab, 16);
        producer_.commit(16);
    }

    [[nodiscard]] const sipparse::MessageIndex& index() const { return *message_.view().index; }

    [[nodiscard]] std::string_view bytes() const { return message_.view().bytes; }

    TestMessage message_{kOptions, "10.77.0.100:5060"};
    shm::Region region_ = test_region(1);
    shm::RingProducer producer_{region_.event_ring(0)};
    shm::RingConsumer consumer_{region_.event_ring(0)};
    Intake intake_;
    CoreTrace trace_;
};

TEST_F(IntakeTest, AnEmptyRingIsNoInput) {
    expect_empty();
    EXPECT_EQ(intake_.counts().records, 0U);
}

TEST_F(IntakeTest, Request) {
    ASSERT_TRUE(
        shm::write_request(producer_,
                           {.transaction = kServer, .received_ns = 9, .flow = kFlow, .message = {}},
                           index(),
                           bytes()));
    const auto input = next_as<RequestInput>();
    EXPECT_EQ(input.transaction, kServer);
    expect_the_message(input.message);
}

TEST_F(IntakeTest, Response) {
    const TestMessage ok("SIP/2.0 200 OK\nVia: SIP/2.0/UDP 10.77.0.10;branch=z9hG4bKo\n"
                         "From: <sip:1000@10.77.0.10>;tag=f\nTo: <sip:10.77.0.10>;tag=t\n"
                         "Call-ID: o1\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n",
                         "10.77.0.100:5060");
    ASSERT_TRUE(shm::write_response(
        producer_,
        {.transaction = kClient, .user = 77, .received_ns = 9, .flow = kFlow, .message = {}},
        *ok.view().index,
        ok.view().bytes));
    const auto input = next_as<ResponseInput>();
    EXPECT_EQ(input.transaction, kClient);
    EXPECT_EQ(input.user, 77U);
    EXPECT_EQ(input.message.view.status_code(), 200);
    EXPECT_EQ(input.message.flow.remote, kFlow.remote);
}

TEST_F(IntakeTest, Cancel) {
    ASSERT_TRUE(shm::write_cancel(
        producer_,
        {.transaction = kServer, .invite = kInvite, .received_ns = 9, .flow = kFlow, .message = {}},
        index(),
        bytes()));
    const auto input = next_as<CancelInput>();
    EXPECT_EQ(input.transaction, kServer);
    EXPECT_EQ(input.invite, kInvite);
    expect_the_message(input.message);
}

TEST_F(IntakeTest, Ack) {
    ASSERT_TRUE(shm::write_ack(producer_,
                               {.invite = kInvite, .received_ns = 9, .flow = kFlow, .message = {}},
                               index(),
                               bytes()));
    const auto input = next_as<AckInput>();
    EXPECT_EQ(input.invite, kInvite);
    expect_the_message(input.message);
}

TEST_F(IntakeTest, Stray) {
    ASSERT_TRUE(shm::write_stray(
        producer_, {.received_ns = 9, .flow = kFlow, .message = {}}, index(), bytes()));
    expect_the_message(next_as<StrayInput>().message);
}

TEST_F(IntakeTest, Orphans) {
    const sipparse::MessageView message{.bytes = bytes(), .index = &index()};
    ASSERT_TRUE(shm::write_orphan(producer_,
                                  {.handle = kServer.packed(),
                                   .at_ns = 9,
                                   .flow = kFlow,
                                   .message = {},
                                   .kind = transaction::OrphanKind::Request},
                                  message,
                                  {}));
    const auto request = next_as<OrphanInput>();
    EXPECT_EQ(request.kind, transaction::OrphanKind::Request);
    EXPECT_EQ(request.server, kServer);
    EXPECT_FALSE(request.client.is_set());
    expect_the_message(request.message);
    intake_.release(consumer_);
    ASSERT_TRUE(shm::write_orphan(producer_,
                                  {.handle = kClient.packed(),
                                   .at_ns = 9,
                                   .flow = kFlow,
                                   .message = {},
                                   .kind = transaction::OrphanKind::Refused},
                                  message,
                                  "theirs"));
    const auto refused = next_as<OrphanInput>();
    EXPECT_EQ(refused.client, kClient);
    EXPECT_FALSE(refused.server.is_set());
    EXPECT_EQ(refused.to_tag, "theirs");
    expect_the_message(refused.message);
}

TEST_F(IntakeTest, TimeoutsAndTransportFailures) {
    for (const auto kind :
         {transaction::TimeoutKind::ClientFinal, transaction::TimeoutKind::TransportServer}) {
        ASSERT_TRUE(shm::write_timeout(
            producer_, {.handle = kClient.packed(), .user = 5, .at_ns = 9, .kind = kind}));
        const auto input = next_as<TimeoutInput>();
        EXPECT_EQ(input.kind, kind);
        EXPECT_EQ(input.handle, kClient.packed());
        EXPECT_EQ(input.user, 5U);
        intake_.release(consumer_);
    }
    expect_empty();
    EXPECT_EQ(intake_.counts().records, 2U);
}

TEST_F(IntakeTest, SlotsAsManyAsARecordHolds) {
    std::vector<transaction::ClientHandle> slots;
    for (std::uint32_t i = 0; i < shm::kSlotsPerRecordMax; ++i) {
        slots.push_back({.index = i, .generation = i + 1});
    }
    ASSERT_TRUE(shm::write_client_slots(producer_, slots));
    const auto input = next_as<SlotsInput>();
    ASSERT_EQ(input.slots.size(), slots.size());
    EXPECT_TRUE(std::equal(slots.begin(), slots.end(), input.slots.begin()));
    intake_.release(consumer_);
    ASSERT_TRUE(shm::write_client_slots(producer_, std::span(slots).first(1)));
    EXPECT_EQ(next_as<SlotsInput>().slots.size(), 1U);
}

TEST_F(IntakeTest, ARecordStaysUntilItIsReleased) {
    ASSERT_TRUE(shm::write_client_slots(producer_, std::array{kClient}));
    static_cast<void>(next_as<SlotsInput>());
    static_cast<void>(next_as<SlotsInput>());
    intake_.release(consumer_);
    expect_empty();
}

TEST_F(IntakeTest, WhatDoesNotReadIsCountedAndMakesRoom) {
    write_rubbish();
    write_rubbish();
    ASSERT_TRUE(shm::write_client_slots(producer_, std::array{kClient}));
    write_rubbish();
    EXPECT_EQ(next_as<SlotsInput>().slots[0], kClient);
    intake_.release(consumer_);
    expect_empty();
    EXPECT_EQ(intake_.counts().records, 4U);
    EXPECT_EQ(intake_.counts().unreadable, 3U);
    EXPECT_EQ(producer_.used_bytes(), 0U);
}

} // namespace
} // namespace tandem::controlplane
