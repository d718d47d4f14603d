// SPDX-License-Identifier: Apache-2.0
//
// Every record written and read back, and every record cut, lengthened or spoiled byte by byte:
// the reader refuses or stays inside the record.
#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "base/random.hpp"
#include "shm/read_record.hpp"
#include "shm/ring_memory_for_test.hpp"
#include "shm/write_record.hpp"
#include "sipparse/index.hpp"

namespace tandem::shm {
namespace {

constexpr std::string_view kInvite = "INVITE sip:1001@10.77.0.10 SIP/2.0\r\n"
                                     "Via: SIP/2.0/UDP 10.77.0.100;branch=z9hG4bKa\r\n"
                                     "From: <sip:1000@10.77.0.10>;tag=f\r\n"
                                     "To: <sip:1001@10.77.0.10>\r\n"
                                     "Call-ID: c1\r\n"
                                     "CSeq: 1 INVITE\r\n"
                                     "Content-Length: 4\r\n\r\nv=0\n";

const Flow kFlow = {.remote = {.address = {0x0A4D0064}, .port = 5060, .reserved = 0},
                    .local = {.address = {0x0A4D000A}, .port = 5060, .reserved = 0},
                    .port = 1,
                    .worker = 0,
                    .reserved = 0};

class RecordTest : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_EQ(sipparse::index_datagram(kInvite, index_), sipparse::ParseError::None);
    }

    Record next() {
        producer_.publish();
        const auto record = consumer_.peek();
        EXPECT_TRUE(record);
        return record.value_or(Record{});
    }

    template <typename View>
    View read_event_as() {
        const auto view = reader_.read(next());
        EXPECT_TRUE(view);
        const View* found = view ? std::get_if<View>(&*view) : nullptr;
        EXPECT_NE(found, nullptr);
        return found != nullptr ? *found : View{};
    }

    template <typename View>
    View read_command_as() {
        const auto view = read_command(next());
        EXPECT_TRUE(view);
        const View* found = view ? std::get_if<View>(&*view) : nullptr;
        EXPECT_NE(found, nullptr);
        return found != nullptr ? *found : View{};
    }

    RingMemoryForTest ring_{kRingBytesMin};
    RingProducer producer_{ring_.memory()};
    RingConsumer consumer_{ring_.memory()};
    sipparse::MessageIndex index_;
    EventReader reader_;
};

TEST_F(RecordTest, Request) {
    const RequestEvent event{.transaction = {.index = 3, .generation = 4},
                             .received_ns = 99,
                             .flow = kFlow,
                             .message = {}};
    ASSERT_TRUE(write_request(producer_, event, index_, kInvite));
    const auto view = read_event_as<RequestView>();
    EXPECT_EQ(view.event.transaction, event.transaction);
    EXPECT_EQ(view.event.received_ns, 99U);
    EXPECT_EQ(view.event.flow.remote, kFlow.remote);
    EXPECT_EQ(view.message.bytes, kInvite);
    EXPECT_EQ(view.message.method(), sipparse::Method::Invite);
    EXPECT_EQ(view.message.request_uri(), "sip:1001@10.77.0.10");
    EXPECT_EQ(view.message.body(), "v=0\n");
}

TEST_F(RecordTest, WhatFollowsTheBodyStaysBehind) {
    const std::string longer = std::string(kInvite) + "trailing bytes";
    sipparse::MessageIndex index;
    ASSERT_EQ(sipparse::index_datagram(longer, index), sipparse::ParseError::None);
    ASSERT_TRUE(write_request(producer_, {}, index, longer));
    EXPECT_EQ(read_event_as<RequestView>().message.bytes, kInvite);
}

TEST_F(RecordTest, ResponseCancelAckStray) {
    ASSERT_TRUE(write_response(producer_,
                               {.transaction = {.index = 1, .generation = 2},
                                .user = 77,
                                .received_ns = 0,
                                .flow = {},
                                .message = {}},
                               index_,
                               kInvite));
    const auto response = read_event_as<ResponseView>();
    EXPECT_EQ(response.event.user, 77U);
    EXPECT_EQ(response.message.bytes, kInvite);
    consumer_.release();
    ASSERT_TRUE(write_cancel(producer_,
                             {.transaction = {.index = 1, .generation = 2},
                              .invite = {.index = 5, .generation = 6},
                              .received_ns = 0,
                              .flow = {},
                              .message = {}},
                             index_,
                             kInvite));
    EXPECT_EQ(read_event_as<CancelView>().event.invite.index, 5U);
    consumer_.release();
    ASSERT_TRUE(write_ack(
        producer_,
        {.invite = {.index = 8, .generation = 9}, .received_ns = 1, .flow = kFlow, .message = {}},
        index_,
        kInvite));
    EXPECT_EQ(read_event_as<AckView>().event.invite.generation, 9U);
    consumer_.release();
    ASSERT_TRUE(
        write_stray(producer_, {.received_ns = 4, .flow = kFlow, .message = {}}, index_, kInvite));
    EXPECT_EQ(read_event_as<StrayView>().message.bytes, kInvite);
}

TEST_F(RecordTest, OrphansOfEveryKind) {
    for (const auto kind : {OrphanKind::Request, OrphanKind::Invite, OrphanKind::Refused}) {
        const std::string tag = kind == OrphanKind::Refused ? std::string(256, 't') : "";
        ASSERT_TRUE(
            write_orphan(producer_,
                         {.handle = 77, .at_ns = 4, .flow = kFlow, .message = {}, .kind = kind},
                         {.bytes = kInvite, .index = &index_},
                         tag));
        const auto view = read_event_as<OrphanView>();
        EXPECT_EQ(view.event.handle, 77U);
        EXPECT_EQ(view.event.at_ns, 4U);
        EXPECT_EQ(view.event.flow.remote, kFlow.remote);
        EXPECT_EQ(view.event.kind, kind);
        EXPECT_EQ(view.message.bytes, kInvite);
        EXPECT_EQ(view.to_tag, tag);
        consumer_.release();
    }
}

TEST_F(RecordTest, OrphansThatLieAreRefused) {
    ASSERT_TRUE(write_orphan(
        producer_,
        {.handle = 1, .at_ns = 2, .flow = kFlow, .message = {}, .kind = OrphanKind::Refused},
        {.bytes = kInvite, .index = &index_},
        "tag"));
    const Record record = next();
    OrphanEvent good;
    std::memcpy(&good, record.payload.data(), sizeof good);
    const auto read = [&](const OrphanEvent& event) {
        std::vector<std::byte> bytes(record.payload.begin(), record.payload.end());
        std::memcpy(bytes.data(), &event, sizeof event);
        return reader_.read({.type = record.type, .payload = bytes});
    };
    EXPECT_TRUE(read(good));
    OrphanEvent bad = good;
    for (const int kind : {0, 4, 255}) {
        bad.kind = static_cast<OrphanKind>(kind);
        EXPECT_EQ(read(bad).error(), ReadError::BadEnumerator);
    }
    bad.kind = OrphanKind::Invite; // has no tag
    EXPECT_EQ(read(bad).error(), ReadError::BadExtent);
    bad = good;
    for (const std::uint32_t length : {0U, 2U, 4U, 256U, 257U, 0xFFFFFFFFU}) {
        bad.to_tag_bytes = length;
        EXPECT_EQ(read(bad).error(), ReadError::BadExtent) << length;
    }
    bad = good;
    bad.message.message_bytes += 3;
    EXPECT_EQ(read(bad).error(), ReadError::BadExtent);
}

TEST_F(RecordTest, TimeoutsOfEveryKind) {
    for (auto kind = TimeoutKind::ClientFinal; kind <= TimeoutKind::TransportServer;
         kind = static_cast<TimeoutKind>(static_cast<int>(kind) + 1)) {
        ASSERT_TRUE(write_timeout(
            producer_, {.handle = 1, .user = 2, .at_ns = 3, .kind = kind, .reserved = {}}));
        const Record record = next();
        EXPECT_EQ(record.type,
                  static_cast<std::uint16_t>(kind >= TimeoutKind::TransportClient
                                                 ? EventType::TransportFailure
                                                 : EventType::Timeout));
        EXPECT_EQ(read_event_as<TimeoutView>().event.kind, kind);
        consumer_.release();
    }
}

TEST_F(RecordTest, TimeoutKindsThatDoNotFitAreRefused) {
    for (const auto& [type, kind] :
         std::vector<std::pair<EventType, int>>{{EventType::Timeout, 0},
                                                {EventType::Timeout, 5},
                                                {EventType::TransportFailure, 4},
                                                {EventType::TransportFailure, 7}}) {
        TimeoutEvent event;
        event.kind = static_cast<TimeoutKind>(kind);
        const Record record{.type = static_cast<std::uint16_t>(type),
                            .payload = std::as_bytes(std::span(&event, 1))};
        EXPECT_EQ(reader_.read(record).error(), ReadError::BadEnumerator);
    }
}

TEST_F(RecordTest, ClientSlots) {
    std::vector<ClientHandle> slots;
    for (std::uint32_t at = 0; at < kSlotsPerRecordMax; ++at) {
        slots.push_back({.index = at, .generation = at + 1});
    }
    ASSERT_TRUE(write_client_slots(producer_, slots));
    const auto view = read_event_as<ClientSlotsView>();
    ASSERT_EQ(view.slots.size(), slots.size());
    for (std::size_t at = 0; at < slots.size(); ++at) {
        EXPECT_EQ(view.slots[at], slots[at]);
    }
    consumer_.release();
    ASSERT_TRUE(write_return_slots(producer_, std::span(slots).first(2)));
    const auto returned = read_command_as<ReturnSlotsView>();
    ASSERT_EQ(returned.slots.size(), 2U);
    EXPECT_EQ(returned.slots[1], slots[1]);
}

TEST_F(RecordTest, CommandsWrittenInPlaceShrinkToTheirMessage) {
    const auto room = claim_send_request(producer_);
    ASSERT_EQ(room.size(), sipparse::kMessageBytesMax);
    std::ranges::copy(kInvite, room.begin());
    commit_send_request(producer_,
                        {.transaction = {.index = 1, .generation = 2},
                         .invite = {},
                         .user = 5,
                         .flow = kFlow,
                         .message = {}},
                        kInvite.size());
    EXPECT_LT(producer_.used_bytes(), 1000U);
    const auto view = read_command_as<SendRequestView>();
    EXPECT_EQ(view.command.user, 5U);
    EXPECT_EQ(view.message, kInvite);
    consumer_.release();

    const auto response_room = claim_send_response(producer_, 1000);
    ASSERT_EQ(response_room.size(), 1000U);
    response_room[0] = 'x';
    commit_send_response(producer_,
                         {.transaction = {.index = 7, .generation = 8},
                          .status_code = 183,
                          .flags = SendResponseCommand::ReliableProvisional,
                          .rseq = 9,
                          .message = {}},
                         1);
    const auto response = read_command_as<SendResponseView>();
    EXPECT_EQ(response.command.rseq, 9U);
    EXPECT_EQ(response.message, "x");
    consumer_.release();

    const auto ack_room = claim_send_ack(producer_, 10);
    ack_room[0] = 'a';
    commit_send_ack(producer_, {.invite = {}, .flow = kFlow, .message = {}}, 1);
    EXPECT_EQ(read_command_as<SendAckView>().message, "a");
}

TEST_F(RecordTest, CommandsWithAFinishedMessage) {
    ASSERT_TRUE(write_send_request(producer_, {}, kInvite));
    EXPECT_EQ(read_command_as<SendRequestView>().message, kInvite);
    consumer_.release();
    ASSERT_TRUE(write_send_response(
        producer_,
        {.transaction = {}, .status_code = 200, .flags = 0, .rseq = 0, .message = {}},
        kInvite));
    EXPECT_EQ(read_command_as<SendResponseView>().command.status_code, 200);
    consumer_.release();
    ASSERT_TRUE(write_send_ack(producer_, {}, kInvite));
    EXPECT_EQ(read_command_as<SendAckView>().message, kInvite);
    consumer_.release();
    ASSERT_TRUE(write_stop_repeating(
        producer_, {.transaction = {.index = 1, .generation = 2}, .rseq = 3, .reserved = 0}));
    EXPECT_EQ(read_command_as<StopRepeatingView>().command.rseq, 3U);
}

TEST_F(RecordTest, FullRingWritesNothing) {
    int written = 0;
    while (write_request(producer_, {}, index_, kInvite)) {
        ++written;
    }
    EXPECT_GT(written, 1000);
    while (write_stop_repeating(producer_, {}) || write_client_slots(producer_, {})) {
    }
    EXPECT_TRUE(claim_send_request(producer_).empty());
    EXPECT_FALSE(write_send_ack(producer_, {}, kInvite));
    EXPECT_FALSE(write_timeout(producer_, {}));
    EXPECT_FALSE(write_client_slots(producer_, {}));
    EXPECT_GE(producer_.refused(), 6U);
}

// The other process may go on writing after the record was checked.
TEST_F(RecordTest, TheMessageOfACommandDoesNotChangeUnderItsReader) {
    CommandReader commands;
    const auto spoil = [](const Record& record) {
        auto* const bytes = const_cast<std::byte*>(record.payload.data());
        std::fill_n(bytes, record.payload.size(), std::byte{'#'});
    };
    ASSERT_TRUE(write_send_request(producer_, {}, kInvite));
    ASSERT_TRUE(write_send_response(
        producer_,
        {.transaction = {}, .status_code = 200, .flags = 0, .rseq = 0, .message = {}},
        kInvite));
    ASSERT_TRUE(write_send_ack(producer_, {}, kInvite));

    const auto request = commands.read(next());
    ASSERT_TRUE(request);
    spoil(next());
    EXPECT_EQ(std::get<SendRequestView>(*request).message, kInvite);
    consumer_.release();
    const auto response = commands.read(next());
    ASSERT_TRUE(response);
    spoil(next());
    EXPECT_EQ(std::get<SendResponseView>(*response).message, kInvite);
    consumer_.release();
    const auto ack = commands.read(next());
    ASSERT_TRUE(ack);
    spoil(next());
    EXPECT_EQ(std::get<SendAckView>(*ack).message, kInvite);
    consumer_.release();
    EXPECT_EQ(commands.read({.type = 9, .payload = {}}).error(), ReadError::UnknownType);
}

TEST_F(RecordTest, BadStatusCodesAndFlagsAreRefused) {
    for (const auto& [status, flags] :
         std::vector<std::pair<std::uint16_t, std::uint16_t>>{{99, 0}, {700, 0}, {200, 2}}) {
        ASSERT_TRUE(write_send_response(
            producer_,
            {.transaction = {}, .status_code = status, .flags = flags, .rseq = 0, .message = {}},
            "x"));
        EXPECT_EQ(read_command(next()).error(), ReadError::BadEnumerator);
        consumer_.release();
    }
}

TEST_F(RecordTest, UnknownTypesAreRefused) {
    const std::array<std::byte, 64> zeroes{};
    for (const std::uint16_t type : std::vector<std::uint16_t>{0, 10, 65535}) {
        EXPECT_EQ(reader_.read({.type = type, .payload = zeroes}).error(), ReadError::UnknownType);
        EXPECT_EQ(read_command({.type = type, .payload = zeroes}).error(), ReadError::UnknownType);
    }
}

TEST_F(RecordTest, SlotCountsThatLieAreRefused) {
    ClientSlotsEvent event{.count = kSlotsPerRecordMax + 1, .reserved = 0};
    const auto read = [&] {
        return reader_.read({.type = static_cast<std::uint16_t>(EventType::ClientSlots),
                             .payload = std::as_bytes(std::span(&event, 1))});
    };
    EXPECT_EQ(read().error(), ReadError::BadSlotCount);
    event.count = 1;
    EXPECT_EQ(read().error(), ReadError::BadExtent);
    event.count = 0;
    EXPECT_TRUE(read());
}

TEST_F(RecordTest, CommandsWithoutAMessageAreRefused) {
    SendAckCommand command;
    const Record record{.type = static_cast<std::uint16_t>(CommandType::SendAck),
                        .payload = std::as_bytes(std::span(&command, 1))};
    EXPECT_EQ(read_command(record).error(), ReadError::BadExtent);
}

// Touches everything a view offers, so that a sanitizer sees every read.
std::size_t touch(const sipparse::MessageView& message) {
    std::size_t sum = 0;
    const auto add = [&sum](std::string_view text) {
        for (const char character : text) {
            sum += static_cast<unsigned char>(character);
        }
    };
    add(message.message());
    add(message.body());
    add(message.request_uri());
    add(message.method_text());
    add(message.reason());
    for (std::size_t at = 0; at < message.header_count(); ++at) {
        add(message.header(at).name);
        add(message.header(at).value);
    }
    return sum;
}

std::size_t touch(const base::Result<EventView, ReadError>& view) {
    if (!view) {
        return 0;
    }
    std::size_t sum = 0;
    const auto add = [&sum](const auto* found) {
        if (found != nullptr) {
            sum += touch(found->message);
        }
    };
    add(std::get_if<RequestView>(&*view));
    add(std::get_if<ResponseView>(&*view));
    add(std::get_if<CancelView>(&*view));
    add(std::get_if<AckView>(&*view));
    add(std::get_if<StrayView>(&*view));
    add(std::get_if<OrphanView>(&*view));
    if (const auto* orphan = std::get_if<OrphanView>(&*view)) {
        for (const char c : orphan->to_tag) {
            sum += static_cast<unsigned char>(c);
        }
    }
    return sum;
}

TEST_F(RecordTest, EveryCutOfEveryEventIsRefused) {
    ASSERT_TRUE(write_request(producer_, {}, index_, kInvite));
    const Record whole = next();
    for (std::uint16_t type = 1; type <= 9; ++type) {
        for (std::size_t length = 0; length < whole.payload.size(); ++length) {
            // A copy of exactly that length, so that a sanitizer guards its end.
            const std::vector<std::byte> cut(whole.payload.begin(),
                                             whole.payload.begin() + static_cast<long>(length));
            const auto view = reader_.read({.type = type, .payload = cut});
            touch(view);
            if (type == 1) {
                EXPECT_FALSE(view) << length;
            }
        }
    }
}

TEST_F(RecordTest, SpoiledEventsNeverLeadOutOfTheRecord) {
    ASSERT_TRUE(write_request(producer_, {}, index_, kInvite));
    const Record whole = next();
    base::RandomStream random(base::RandomSeed{12});
    const std::size_t head_bytes =
        sizeof(RequestEvent) + sipparse::index_bytes(index_.header_count);
    std::size_t accepted = 0;
    for (int round = 0; round < 100'000; ++round) {
        std::vector<std::byte> spoiled(whole.payload.begin(), whole.payload.end());
        for (std::uint64_t count = 1 + random.below(3); count > 0; --count) {
            spoiled[random.below(head_bytes)] = static_cast<std::byte>(random.below(256));
        }
        const auto type = static_cast<std::uint16_t>(random.below(10) == 0 ? random.below(10) : 1);
        const auto view = reader_.read({.type = type, .payload = spoiled});
        accepted += view ? 1U : 0U;
        touch(view);
    }
    EXPECT_GT(accepted, 0U);
}

TEST_F(RecordTest, SpoiledOrphansNeverLeadOutOfTheRecord) {
    ASSERT_TRUE(write_orphan(
        producer_,
        {.handle = 1, .at_ns = 2, .flow = kFlow, .message = {}, .kind = OrphanKind::Refused},
        {.bytes = kInvite, .index = &index_},
        "tag"));
    const Record whole = next();
    base::RandomStream random(base::RandomSeed{14});
    std::size_t accepted = 0;
    for (int round = 0; round < 50'000; ++round) {
        const bool cuts = random.below(4) == 0;
        const std::size_t length =
            cuts ? random.below(whole.payload.size() + 1) : whole.payload.size();
        std::vector<std::byte> spoiled(whole.payload.begin(),
                                       whole.payload.begin() + static_cast<long>(length));
        for (std::uint64_t count = random.below(3); count > 0 && length > 0; --count) {
            spoiled[random.below(length)] = static_cast<std::byte>(random.below(256));
        }
        const auto view = reader_.read({.type = whole.type, .payload = spoiled});
        accepted += view ? 1U : 0U;
        touch(view);
    }
    EXPECT_GT(accepted, 0U);
}

TEST_F(RecordTest, SpoiledCommandsNeverLeadOutOfTheRecord) {
    ASSERT_TRUE(write_send_request(producer_, {}, kInvite));
    const Record whole = next();
    base::RandomStream random(base::RandomSeed{13});
    for (int round = 0; round < 50'000; ++round) {
        const std::size_t length = random.below(whole.payload.size() + 1);
        std::vector<std::byte> spoiled(whole.payload.begin(),
                                       whole.payload.begin() + static_cast<long>(length));
        if (length > 0) {
            spoiled[random.below(std::min<std::size_t>(length, 64))] =
                static_cast<std::byte>(random.below(256));
        }
        const auto view =
            read_command({.type = static_cast<std::uint16_t>(random.below(7)), .payload = spoiled});
        if (!view) {
            continue;
        }
        if (const auto* found = std::get_if<SendRequestView>(&*view)) {
            ASSERT_EQ(found->message.data() + found->message.size(),
                      reinterpret_cast<const char*>(spoiled.data() + spoiled.size()));
        }
        if (const auto* slots = std::get_if<ReturnSlotsView>(&*view)) {
            for (std::size_t at = 0; at < slots->slots.size(); ++at) {
                static_cast<void>(slots->slots[at]);
            }
        }
    }
}

TEST(ReadError, EveryOneHasASentence) {
    for (int error = 1; error <= 6; ++error) {
        EXPECT_NE(sentence(static_cast<ReadError>(error)), "unknown error");
    }
}

} // namespace
} // namespace tandem::shm
