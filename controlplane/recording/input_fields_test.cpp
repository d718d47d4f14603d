// SPDX-License-Identifier: Apache-2.0
//
// Every kind of input comes back as it was written, and bytes that are no input are refused.
#include <array>
#include <gtest/gtest.h>
#include <set>

#include "controlplane/core/test_message.hpp"
#include "controlplane/recording/field_bytes.hpp"
#include "controlplane/recording/input_fields.hpp"

namespace tandem::controlplane::recording {
namespace {

const TestMessage& message() {
    static const TestMessage kMessage("OPTIONS sip:10.77.0.10 SIP/2.0\nVia: SIP/2.0/UDP "
                                      "10.77.0.100;branch=z9hG4bKo\nFrom: <sip:1@x>;tag=f\n"
                                      "To: <sip:2@x>\nCall-ID: c\nCSeq: 1 OPTIONS\n\nbody",
                                      "10.77.0.100:5061");
    return kMessage;
}

const std::array<transaction::ClientHandle, 2> kSlots{
    {{.index = 1, .generation = 2}, {.index = UINT32_MAX, .generation = UINT32_MAX}}};

// One of each kind, with all bits somewhere.
std::vector<Input> every_input() {
    auto datagram = message().request().message;
    datagram.flow.port = 3;
    datagram.flow.worker = UINT16_MAX;
    const transaction::ServerHandle server{.index = 7, .generation = UINT32_MAX};
    const transaction::ServerHandle invite{.index = 8, .generation = 9};
    return {RequestInput{.transaction = server, .message = datagram},
            ResponseInput{.transaction = kSlots[1], .user = UINT64_MAX, .message = datagram},
            CancelInput{.transaction = server, .invite = invite, .message = datagram},
            AckInput{.invite = invite, .message = datagram},
            TimeoutInput{
                .kind = transaction::TimeoutKind::TransportServer, .handle = UINT64_MAX, .user = 5},
            StrayInput{.message = datagram},
            SlotsInput{.slots = kSlots},
            AttachedInput{.owner = {.epoch = UINT32_MAX, .node = 1, .worker = 2},
                          .branch_key = {.low = 3, .high = UINT64_MAX},
                          .call_id_key = {.low = 4, .high = 5}},
            DetachedInput{},
            TimersInput{},
            OrphanInput{.kind = transaction::OrphanKind::Refused,
                        .server = server,
                        .client = kSlots[1],
                        .message = datagram,
                        .to_tag = "theirs"},
            BindingInput{.binding = {.number = "1000",
                                     .contact_uri = "sip:1000@10.77.0.100:5062",
                                     .call_id_hash = UINT64_MAX,
                                     .flow = datagram.flow.remote,
                                     .source = datagram.flow.local,
                                     .cseq = UINT32_MAX,
                                     .via_source = true,
                                     .expires_wall_ns = UINT64_MAX}}};
}

std::string bytes_of(const Input& input) {
    FieldBytes bytes;
    write_input(bytes, input);
    return bytes.bytes();
}

TEST(InputFields, EveryKindComesBack) {
    InputReader reader;
    std::set<std::size_t> kinds;
    for (const auto& input : every_input()) {
        const auto bytes = bytes_of(input);
        const auto back = reader.read(bytes);
        ASSERT_TRUE(back) << input.index();
        EXPECT_EQ(back->index(), input.index());
        EXPECT_EQ(bytes_of(*back), bytes) << input.index();
        kinds.insert(input.index());
    }
    EXPECT_EQ(kinds.size(), std::variant_size_v<Input>);
}

TEST(InputFields, TheIndexIsMadeAnew) {
    InputReader reader;
    const auto bytes = bytes_of(message().request());
    const auto input = reader.read(bytes);
    ASSERT_TRUE(input);
    const auto& view = std::get<RequestInput>(*input).message.view;
    EXPECT_EQ(view.method(), sipparse::Method::Options);
    EXPECT_EQ(view.body(), "body");
    EXPECT_EQ(view.find(sipparse::HeaderId::CallId), "c");
}

TEST(InputFields, WhatIsCutOrLongerIsRefused) {
    InputReader reader;
    for (const auto& input : every_input()) {
        const auto bytes = bytes_of(input);
        for (std::size_t count = 0; count < bytes.size(); ++count) {
            EXPECT_FALSE(reader.read(bytes.substr(0, count))) << input.index() << " " << count;
        }
        EXPECT_FALSE(reader.read(bytes + '\0')) << input.index();
    }
    EXPECT_FALSE(reader.read(std::string(1, static_cast<char>(std::variant_size_v<Input>))));
}

TEST(InputFields, NumbersThatDoNotFitAreRefused) {
    InputReader reader;
    const auto kind = [](std::size_t index) { return std::string(1, static_cast<char>(index)); };
    const auto timeout = every_input()[4].index();
    EXPECT_TRUE(reader.read(kind(timeout) + "\x01\x01\x01"));
    EXPECT_FALSE(reader.read(kind(timeout) + std::string("\x00\x01\x01", 3)));
    EXPECT_FALSE(reader.read(kind(timeout) + "\x07\x01\x01"));
    const auto attached = every_input()[7].index();
    EXPECT_TRUE(reader.read(kind(attached) + "\x01\x01\x01\x01\x01\x01\x01"));
    EXPECT_FALSE(reader.read(kind(attached) + "\x01\xff\x7f\x01\x01\x01\x01\x01"));
    // Eleven bytes of a number, and a number of 65 bits.
    EXPECT_FALSE(reader.read(kind(timeout) + "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\x01"));
    EXPECT_FALSE(
        reader.read(kind(timeout) + "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01"));
}

} // namespace
} // namespace tandem::controlplane::recording
