// SPDX-License-Identifier: Apache-2.0
//
// The ring with one thread: claim, shrink, abort, wrap, full, burst publication, and everything a
// hostile other side can write into lengths and cursors.
#include <bit>
#include <cstring>
#include <deque>
#include <string>
#include <sys/eventfd.h>
#include <unistd.h>

#include "gtest/gtest.h"

#include "base/random.hpp"
#include "shm/ring.hpp"
#include "shm/ring_memory_for_test.hpp"

namespace tandem::shm {
namespace {

constexpr std::size_t kCapacity = 1024;

bool put(RingProducer& ring, std::uint16_t type, std::string_view text) {
    std::byte* at = ring.claim(type, text.size());
    if (at == nullptr) {
        return false;
    }
    std::memcpy(at, text.data(), text.size());
    ring.commit(text.size());
    return true;
}

std::string text_of(const Record& record) {
    return {reinterpret_cast<const char*>(record.payload.data()), record.payload.size()};
}

std::string take(RingConsumer& ring) {
    const auto record = ring.peek();
    if (!record) {
        return "<none>";
    }
    std::string text = std::to_string(record->type) + ":" + text_of(*record);
    ring.release();
    return text;
}

class RingTest : public testing::Test {
  protected:
    RingMemoryForTest ring_{kCapacity};
    RingProducer producer_{ring_.memory()};
    RingConsumer consumer_{ring_.memory()};
};

TEST_F(RingTest, CarriesRecordsInOrderOncePublished) {
    EXPECT_EQ(take(consumer_), "<none>");
    ASSERT_TRUE(put(producer_, 1, "one"));
    ASSERT_TRUE(put(producer_, 2, ""));
    EXPECT_EQ(take(consumer_), "<none>");
    producer_.publish();
    ASSERT_TRUE(put(producer_, 3, "three"));
    EXPECT_EQ(take(consumer_), "1:one");
    EXPECT_EQ(take(consumer_), "2:");
    EXPECT_EQ(take(consumer_), "<none>");
    producer_.publish();
    EXPECT_EQ(take(consumer_), "3:three");
}

TEST_F(RingTest, PeekedRecordStaysUntilReleased) {
    ASSERT_TRUE(put(producer_, 1, "one"));
    producer_.publish();
    EXPECT_EQ(text_of(*consumer_.peek()), "one");
    EXPECT_EQ(text_of(*consumer_.peek()), "one");
    consumer_.release();
    EXPECT_FALSE(consumer_.peek());
}

TEST_F(RingTest, PayloadsAreAligned) {
    for (std::size_t length = 0; length < 20; ++length) {
        std::byte* at = producer_.claim(1, length);
        ASSERT_NE(at, nullptr);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(at) % kRecordAlignBytes, 0U);
        EXPECT_EQ(producer_.claimed(), at);
        producer_.commit(length);
        EXPECT_EQ(producer_.claimed(), nullptr);
    }
}

TEST_F(RingTest, ClaimShrinksAtCommitAndVanishesAtAbort) {
    std::byte* at = producer_.claim(1, 100);
    std::memcpy(at, "abc", 3);
    producer_.commit(3);
    const auto used = producer_.used_bytes();
    EXPECT_EQ(used, 16U);
    ASSERT_NE(producer_.claim(2, 100), nullptr);
    producer_.abort();
    EXPECT_EQ(producer_.used_bytes(), used);
    ASSERT_TRUE(put(producer_, 3, "x"));
    producer_.publish();
    EXPECT_EQ(take(consumer_), "1:abc");
    EXPECT_EQ(take(consumer_), "3:x");
}

TEST_F(RingTest, PublishesUpToAPosition) {
    ASSERT_TRUE(put(producer_, 1, "a"));
    const auto position = producer_.position();
    ASSERT_TRUE(put(producer_, 1, "b"));
    producer_.publish(position);
    EXPECT_EQ(take(consumer_), "1:a");
    EXPECT_EQ(take(consumer_), "<none>");
    producer_.publish(position + 1'000'000); // no further than what is committed
    EXPECT_EQ(take(consumer_), "1:b");
    EXPECT_EQ(take(consumer_), "<none>");
    EXPECT_FALSE(consumer_.is_corrupt());
}

TEST_F(RingTest, FullRingSaysNoCountsAndRecovers) {
    int written = 0;
    while (put(producer_, 1, "12345678")) {
        ++written;
    }
    EXPECT_EQ(written, 64); // 16 bytes each
    EXPECT_EQ(producer_.refused(), 1U);
    EXPECT_FALSE(producer_.is_corrupt());
    producer_.publish();
    EXPECT_EQ(take(consumer_), "1:12345678");
    EXPECT_TRUE(put(producer_, 2, "again"));
    EXPECT_FALSE(put(producer_, 2, "again"));
}

TEST_F(RingTest, RecordsLargerThanAnEighthAreRefused) {
    EXPECT_EQ(producer_.payload_bytes_max(), kCapacity / 8 - 8);
    EXPECT_EQ(producer_.claim(1, producer_.payload_bytes_max() + 1), nullptr);
    EXPECT_EQ(producer_.refused(), 0U);
    EXPECT_TRUE(put(producer_, 1, std::string(producer_.payload_bytes_max(), 'x')));
}

TEST_F(RingTest, AbortedClaimBehindPaddingLeavesNoTrace) {
    while (producer_.position() % kCapacity != kCapacity - 16) {
        ASSERT_TRUE(put(producer_, 1, "12345678"));
        producer_.publish();
        ASSERT_EQ(take(consumer_), "1:12345678");
    }
    ASSERT_NE(producer_.claim(2, 64), nullptr); // does not fit before the end
    producer_.abort();
    ASSERT_TRUE(put(producer_, 3, "12345678")); // fits exactly
    producer_.publish();
    EXPECT_EQ(take(consumer_), "3:12345678");
    EXPECT_EQ(producer_.position() % kCapacity, 0U);
}

TEST_F(RingTest, EqualsAQueueUnderRandomUse) {
    base::RandomStream random(base::RandomSeed{2});
    std::deque<std::string> model;
    std::size_t unpublished = 0;
    for (int round = 0; round < 100'000; ++round) {
        const auto choice = random.below(10);
        if (choice < 5) {
            const std::string text(random.below(producer_.payload_bytes_max() + 1),
                                   static_cast<char>('a' + round % 26));
            if (put(producer_, 7, text)) {
                model.push_back("7:" + text);
                ++unpublished;
            }
        } else if (choice == 5) {
            if (producer_.claim(9, random.below(100)) != nullptr) {
                producer_.abort();
            }
        } else if (choice == 6) {
            producer_.publish();
            unpublished = 0;
        } else if (model.size() > unpublished) {
            ASSERT_EQ(take(consumer_), model.front());
            model.pop_front();
        } else {
            ASSERT_EQ(take(consumer_), "<none>");
        }
    }
    EXPECT_FALSE(producer_.is_corrupt());
    EXPECT_FALSE(consumer_.is_corrupt());
}

TEST_F(RingTest, VisitsWhatADeadConsumerLeftUnread) {
    base::RandomStream random(base::RandomSeed{6});
    std::deque<std::string> model;
    for (int round = 0; round < 3'000; ++round) {
        const std::string text(random.below(100), 'x');
        if (put(producer_, 4, text)) {
            model.push_back(text);
        }
        producer_.publish();
        if (random.below(3) == 0 && !model.empty()) {
            take(consumer_);
            model.pop_front();
        }
        ASSERT_TRUE(consumer_.peek() || model.empty()); // peeked, not released: still unread
        std::deque<std::string> unread;
        producer_.for_each_unread([&](const Record& record) { unread.push_back(text_of(record)); });
        ASSERT_EQ(unread, model);
    }
}

TEST_F(RingTest, ResetEmptiesBothSides) {
    ASSERT_TRUE(put(producer_, 1, "lost"));
    producer_.publish();
    ASSERT_TRUE(consumer_.peek());
    ASSERT_NE(producer_.claim(1, 8), nullptr); // an uncommitted claim is forgotten
    producer_.reset();
    consumer_.reset();
    EXPECT_EQ(take(consumer_), "<none>");
    ASSERT_TRUE(put(producer_, 2, "new"));
    producer_.publish();
    EXPECT_EQ(take(consumer_), "2:new");
}

// Doorbell

TEST_F(RingTest, RingsASleepingConsumerOncePerSleep) {
    const int bell = ::eventfd(0, EFD_NONBLOCK);
    EXPECT_FALSE(producer_.ring_doorbell_if_asleep(bell));
    ASSERT_TRUE(consumer_.fall_asleep());
    EXPECT_TRUE(producer_.ring_doorbell_if_asleep(bell));
    EXPECT_FALSE(producer_.ring_doorbell_if_asleep(bell));
    consumer_.wake_up();
    EXPECT_FALSE(producer_.ring_doorbell_if_asleep(bell));
    ASSERT_TRUE(consumer_.fall_asleep());
    EXPECT_TRUE(producer_.ring_doorbell_if_asleep(bell));
    std::uint64_t rung = 0;
    EXPECT_EQ(::read(bell, &rung, sizeof rung), 8);
    EXPECT_EQ(rung, 2U);
    ::close(bell);
}

TEST_F(RingTest, DoesNotSleepOverWork) {
    ASSERT_TRUE(put(producer_, 1, "work"));
    producer_.publish();
    EXPECT_FALSE(consumer_.fall_asleep());
    EXPECT_FALSE(producer_.ring_doorbell_if_asleep(-1));
    EXPECT_EQ(take(consumer_), "1:work");
    EXPECT_TRUE(consumer_.fall_asleep());
}

TEST_F(RingTest, SleepsOfAPredecessorAreTakenOver) {
    ring_.cursors().consumer.sleeps.store(41);
    RingConsumer next(ring_.memory());
    ASSERT_TRUE(next.fall_asleep());
    EXPECT_EQ(ring_.cursors().consumer.sleeps.load(), 43U);
}

// Hostile memory

struct BadHeader {
    std::int32_t length_bytes;
    std::uint16_t type;
};

class RingBadHeader : public testing::TestWithParam<BadHeader> {};

TEST_P(RingBadHeader, MakesTheConsumerDeclareTheRingCorrupt) {
    RingMemoryForTest ring(kCapacity);
    RingProducer producer(ring.memory());
    RingConsumer consumer(ring.memory());
    ASSERT_TRUE(put(producer, 1, "12345678"));
    producer.publish();
    ring.word(0) = std::bit_cast<std::uint64_t>(
        RecordHeader{.length_bytes = GetParam().length_bytes, .type = GetParam().type, .trace = 0});
    EXPECT_FALSE(consumer.peek());
    EXPECT_TRUE(consumer.is_corrupt());
    EXPECT_FALSE(consumer.peek());
    EXPECT_FALSE(consumer.fall_asleep());
    // The producer looks at its own records with the same care.
    producer.for_each_unread([](const Record&) { FAIL(); });
    EXPECT_TRUE(producer.is_corrupt());
    EXPECT_EQ(producer.claim(1, 8), nullptr);
}

INSTANTIATE_TEST_SUITE_P(
    Lengths,
    RingBadHeader,
    testing::Values(BadHeader{0, 1},
                    BadHeader{-16, 1},
                    BadHeader{7, 1},
                    BadHeader{17, 1},
                    BadHeader{1024, 1},
                    BadHeader{0x7FFFFFFF, 1},
                    BadHeader{static_cast<std::int32_t>(0x80000000), 1},
                    BadHeader{16, kPaddingType},     // padding that does not reach the end
                    BadHeader{1024, kPaddingType})); // padding that was not published

class RingBadTail : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RingBadTail, MakesTheConsumerDeclareTheRingCorrupt) {
    RingMemoryForTest ring(kCapacity);
    RingProducer producer(ring.memory());
    RingConsumer consumer(ring.memory());
    for (int record = 0; record < 4; ++record) {
        ASSERT_TRUE(put(producer, 1, "12345678"));
    }
    producer.publish();
    for (int record = 0; record < 4; ++record) {
        ASSERT_EQ(take(consumer), "1:12345678");
    }
    ring.cursors().producer.tail_bytes.store(GetParam());
    EXPECT_FALSE(consumer.peek());
    EXPECT_TRUE(consumer.is_corrupt());
}

INSTANTIATE_TEST_SUITE_P(Tails,
                         RingBadTail,
                         testing::Values(0,             // went back
                                         63,            // odd, and back
                                         65,            // not aligned
                                         64 + 1024 + 8, // more than fits
                                         ~std::uint64_t{0}));

class RingBadHead : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RingBadHead, MakesTheProducerDeclareTheRingCorrupt) {
    RingMemoryForTest ring(kCapacity);
    RingProducer producer(ring.memory());
    while (put(producer, 1, "12345678")) {
    }
    producer.publish();
    const auto refused = producer.refused();
    ring.cursors().consumer.head_bytes.store(GetParam());
    EXPECT_EQ(producer.claim(1, 8), nullptr);
    EXPECT_TRUE(producer.is_corrupt());
    EXPECT_EQ(producer.refused(), refused);
    EXPECT_LE(producer.used_bytes(), kCapacity);
    producer.for_each_unread([](const Record&) { FAIL(); });
}

INSTANTIATE_TEST_SUITE_P(Heads, RingBadHead, testing::Values(1, 1028, 1032, ~std::uint64_t{0} - 7));

TEST(RingHostile, RandomMemoryNeverLeadsOutOfTheRing) {
    base::RandomStream random(base::RandomSeed{11});
    for (int round = 0; round < 20'000; ++round) {
        RingMemoryForTest ring(kCapacity);
        RingConsumer consumer(ring.memory());
        for (std::size_t offset = 0; offset < kCapacity; offset += 8) {
            const RecordHeader header{.length_bytes = static_cast<std::int32_t>(random.below(90)),
                                      .type = static_cast<std::uint16_t>(random.below(5)),
                                      .trace = 0};
            ring.word(offset) = std::bit_cast<std::uint64_t>(header);
        }
        ring.cursors().producer.tail_bytes.store(random.below(200) * 8);
        const auto memory = ring.memory();
        while (const auto record = consumer.peek()) {
            ASSERT_GE(record->payload.data(), memory.data);
            ASSERT_LE(record->payload.data() + record->payload.size(),
                      memory.data + memory.capacity_bytes);
            consumer.release();
        }
    }
}

} // namespace
} // namespace tandem::shm
