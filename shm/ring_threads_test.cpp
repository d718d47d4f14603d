// SPDX-License-Identifier: Apache-2.0
//
// The ring and the note ring with two threads: run under ThreadSanitizer this shows that their
// memory orders are enough. Sleep and doorbell are part of it.
#include <cstring>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "gtest/gtest.h"

#include "base/random.hpp"
#include "shm/note.hpp"
#include "shm/ring.hpp"
#include "shm/ring_memory_for_test.hpp"

namespace tandem::shm {
namespace {

constexpr std::uint64_t kRecords = 200'000;

// Each record holds its number, repeated to a length that both sides draw from the same stream.
std::size_t draw_words(base::RandomStream& random) {
    return 1 + random.below(60);
}

void produce(RingProducer& ring, int bell) {
    base::RandomStream random(base::RandomSeed{1});
    base::RandomStream own(base::RandomSeed{2});
    for (std::uint64_t number = 0; number < kRecords; ++number) {
        const std::size_t words = draw_words(random);
        std::byte* at = ring.claim(1, (words + own.below(3)) * 8);
        while (at == nullptr) {
            ASSERT_FALSE(ring.is_corrupt());
            ring.publish();
            ring.ring_doorbell_if_asleep(bell);
            std::this_thread::yield();
            at = ring.claim(1, words * 8);
        }
        for (std::size_t word = 0; word < words; ++word) {
            std::memcpy(at + word * 8, &number, 8);
        }
        ring.commit(words * 8);
        if (own.below(20) == 0 && ring.claim(2, 16) != nullptr) {
            ring.abort();
        }
        if (own.below(4) == 0) {
            ring.publish();
            ring.ring_doorbell_if_asleep(bell);
        }
    }
    ring.publish();
    ring.ring_doorbell_if_asleep(bell);
}

void sleep_on(int bell) {
    pollfd wanted{.fd = bell, .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&wanted, 1, -1), 1);
    std::uint64_t rung = 0;
    ASSERT_EQ(::read(bell, &rung, sizeof rung), 8);
}

void consume(RingConsumer& ring, int bell) {
    base::RandomStream random(base::RandomSeed{1});
    for (std::uint64_t number = 0; number < kRecords;) {
        const auto record = ring.peek();
        if (!record) {
            ASSERT_FALSE(ring.is_corrupt());
            if (ring.fall_asleep()) {
                sleep_on(bell); // a lost wake-up would hang here
                ring.wake_up();
            }
            continue;
        }
        ASSERT_EQ(record->type, 1);
        ASSERT_EQ(record->payload.size(), draw_words(random) * 8);
        for (std::size_t at = 0; at < record->payload.size(); at += 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, record->payload.data() + at, 8);
            ASSERT_EQ(word, number);
        }
        ring.release();
        ++number;
    }
}

TEST(RingThreads, NothingIsLostTornOrOutOfOrder) {
    RingMemoryForTest memory(8192);
    RingProducer producer(memory.memory());
    RingConsumer consumer(memory.memory());
    const int bell = ::eventfd(0, 0);
    std::thread producing([&] { produce(producer, bell); });
    consume(consumer, bell);
    producing.join();
    EXPECT_FALSE(producer.is_corrupt());
    ::close(bell);
}

TEST(NoteThreads, TornNotesAreNoticed) {
    constexpr std::size_t kCount = 64;
    constexpr std::uint64_t kNotes = 200'000;
    NoteRing ring;
    std::vector<NoteSlot> slots(kCount);
    const NoteMemory memory{.ring = &ring, .slots = slots.data(), .count = kCount};
    NoteWriter writer(memory);
    std::thread writing([&] {
        for (std::uint64_t number = 1; number <= kNotes; ++number) {
            Note note;
            note.time_ns = number;
            note.call_id_hash = 7;
            note.cseq = static_cast<std::uint32_t>(number);
            note.message_bytes = static_cast<std::uint32_t>(number);
            writer.write(note);
        }
    });
    const NoteReader reader(memory);
    const std::uint64_t hash = 7;
    std::vector<Note> out(kCount);
    base::MonotonicNs last = 0;
    while (last < kNotes) {
        const auto result = reader.collect({&hash, 1}, out);
        base::MonotonicNs before = 0;
        for (std::size_t at = 0; at < result.count; ++at) {
            ASSERT_GT(out[at].time_ns, before);
            ASSERT_EQ(out[at].cseq, out[at].time_ns);
            ASSERT_EQ(out[at].message_bytes, out[at].time_ns);
            before = out[at].time_ns;
        }
        last = std::max(last, before);
        std::this_thread::yield();
    }
    writing.join();
    EXPECT_EQ(reader.oldest_time(), kNotes - kCount + 1);
}

} // namespace
} // namespace tandem::shm
