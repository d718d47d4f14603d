// SPDX-License-Identifier: Apache-2.0
//
// An index from a hostile neighbour: every field out of range is refused, every range at its edge
// accepted.
#include <cstring>
#include <functional>
#include <random>
#include <vector>

#include "gtest/gtest.h"

#include "sipparse/indexed_message_test.hpp"
#include "sipparse/message_index.hpp"

namespace tandem::sipparse {

namespace {

std::vector<std::byte> record_of(const MessageIndex& index) {
    std::vector<std::byte> record(index_bytes(index.header_count));
    std::memcpy(record.data(), &index, record.size());
    return record;
}

TEST(MessageIndexTest, BytesInUse) {
    EXPECT_EQ(index_bytes(0), kIndexHeadBytes);
    EXPECT_EQ(index_bytes(kHeaderLinesMax), sizeof(MessageIndex));
}

TEST(MessageIndexTest, WhatStageOneWritesIsValid) {
    const IndexedMessage message(sample_invite());
    ASSERT_EQ(message.error, ParseError::None);
    const std::size_t used = index_bytes(message.index.header_count);
    EXPECT_TRUE(validate(message.index, used, message.bytes.size()));
    EXPECT_FALSE(validate(message.index, used - 1, message.bytes.size()));
    EXPECT_FALSE(validate(message.index, kIndexHeadBytes - 1, message.bytes.size()));
    EXPECT_FALSE(validate(message.index, used, message.bytes.size() - 1));
}

TEST(MessageIndexTest, EveryFieldIsChecked) {
    const IndexedMessage message(sample_invite());
    const std::vector<std::function<void(MessageIndex&)>> damages = {
        [](MessageIndex& index) { index.header_count = kHeaderLinesMax + 1; },
        [](MessageIndex& index) { index.total_bytes = 65'535; },
        [](MessageIndex& index) { index.kind = static_cast<MessageKind>(3); },
        [](MessageIndex& index) { index.method = static_cast<Method>(kMethodCount); },
        [](MessageIndex& index) { index.method_text.bytes = 65'535; },
        [](MessageIndex& index) { index.request_uri.offset = 65'535; },
        [](MessageIndex& index) { index.version.bytes = 65'535; },
        [](MessageIndex& index) {
            index.reason = {65'535, 65'535};
        },
        [](MessageIndex& index) { index.body.bytes = 65'535; },
        [](MessageIndex& index) { index.lines[8].name_offset = 65'535; },
        [](MessageIndex& index) { index.lines[0].value_offset = 65'535; },
        [](MessageIndex& index) { index.lines[3].value_bytes = 65'535; },
        [](MessageIndex& index) { index.lines[2].id = static_cast<HeaderId>(kHeaderIdCount); },
    };
    for (std::size_t i = 0; i < damages.size(); ++i) {
        MessageIndex damaged = message.index;
        damages[i](damaged);
        EXPECT_FALSE(validate(damaged, sizeof(damaged), message.bytes.size())) << i;
    }
}

TEST(MessageIndexTest, CopyTakesTheBytesInUse) {
    const IndexedMessage message(sample_invite());
    const auto record = record_of(message.index);
    MessageIndex copy;
    ASSERT_TRUE(copy_index(record, message.bytes.size(), copy));
    EXPECT_EQ(std::memcmp(&copy, &message.index, record.size()), 0);
    EXPECT_FALSE(copy_index({record.data(), record.size() - 1}, message.bytes.size(), copy));
    EXPECT_FALSE(copy_index({record.data(), kIndexHeadBytes - 1}, message.bytes.size(), copy));
    EXPECT_FALSE(copy_index({}, message.bytes.size(), copy));
    EXPECT_FALSE(copy_index(record, 3, copy));
}

TEST(MessageIndexTest, AcceptedNoiseCannotReadOutside) {
    const IndexedMessage message(sample_invite());
    const auto record = record_of(message.index);
    const ExactText exact(message.bytes);
    std::mt19937 random(3261);
    for (int round = 0; round < 20'000; ++round) {
        auto noise = record;
        for (int change = 0; change < 3; ++change) {
            noise[random() % noise.size()] = static_cast<std::byte>(random());
        }
        MessageIndex copy;
        if (!copy_index(noise, exact.text().size(), copy)) {
            continue;
        }
        const MessageView view{exact.text(), &copy};
        std::size_t sum = 0;
        for (std::size_t i = 0; i < view.header_count(); ++i) {
            for (const char c : view.header(i).value) {
                sum += static_cast<unsigned char>(c);
            }
        }
        sum += view.list(HeaderId::Via).begin() == EndOfRange{} ? 1U : 0U;
        for (const char c : view.body()) {
            sum += static_cast<unsigned char>(c);
        }
        EXPECT_GT(sum, 0U);
    }
}

} // namespace

} // namespace tandem::sipparse
