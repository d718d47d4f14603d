// SPDX-License-Identifier: Apache-2.0
//
// The queue between the core and the journal: order, what happens when it is full, and the bell.
#include <poll.h>
#include <thread>

#include "gtest/gtest.h"

#include "controlplane/io/journal_queue.hpp"
#include "controlplane/io/test_journal.hpp"

namespace tandem::controlplane {
namespace {

bool is_rung(const JournalQueue& queue) {
    pollfd waited{.fd = queue.poll_fd(), .events = POLLIN, .revents = 0};
    return ::poll(&waited, 1, 0) == 1;
}

std::vector<std::string> take_all(JournalQueue& queue) {
    std::vector<std::string> texts;
    queue.take(1'000'000, [&](std::span<const std::byte> body) {
        const auto change = read_body(body);
        texts.push_back(change ? text_of(*change) : "unreadable");
    });
    return texts;
}

TEST(JournalQueueTest, ChangesComeInTheirOrderOncePublished) {
    JournalQueue queue(shm::kRingBytesMin);
    queue.push(OwnedBinding::of(0).view());
    queue.push(OwnedBinding::of(1, 0).view());
    EXPECT_TRUE(take_all(queue).empty());
    EXPECT_EQ(queue.waiting(), 2U);
    queue.publish();
    EXPECT_EQ(take_all(queue), texts_of({OwnedBinding::of(0), OwnedBinding::of(1, 0)}));
    EXPECT_EQ(queue.waiting(), 0U);
    EXPECT_FALSE(queue.take_loss());
}

TEST(JournalQueueTest, TakesNoMoreThanIsWanted) {
    JournalQueue queue(shm::kRingBytesMin);
    for (std::uint32_t i = 0; i < 5; ++i) {
        queue.push(OwnedBinding::of(i).view());
    }
    queue.publish();
    EXPECT_EQ(queue.take(3, [](auto) {}), 3U);
    EXPECT_EQ(queue.waiting(), 2U);
    EXPECT_EQ(take_all(queue), texts_of({OwnedBinding::of(3), OwnedBinding::of(4)}));
}

TEST(JournalQueueTest, AFullQueueLosesTheNewestAndSaysSo) {
    JournalQueue queue(shm::kRingBytesMin);
    std::uint32_t pushed = 0;
    while (queue.lost() == 0) {
        queue.push(OwnedBinding::of(pushed++).view());
    }
    queue.publish();
    EXPECT_EQ(queue.pushed(), pushed - 1);
    EXPECT_TRUE(queue.take_loss());
    EXPECT_FALSE(queue.take_loss()); // told once
    const auto texts = take_all(queue);
    ASSERT_EQ(texts.size(), pushed - 1);
    EXPECT_EQ(texts.back(), OwnedBinding::of(pushed - 2).text());
    queue.push(OwnedBinding::of(1).view());
    queue.publish();
    EXPECT_EQ(take_all(queue).size(), 1U); // and it goes on
}

TEST(JournalQueueTest, TheBellRingsForASleeperOnly) {
    JournalQueue queue(shm::kRingBytesMin);
    queue.push(OwnedBinding::of(0).view());
    queue.publish();
    EXPECT_FALSE(is_rung(queue));
    EXPECT_FALSE(queue.fall_asleep()); // there is work
    take_all(queue);
    EXPECT_TRUE(queue.fall_asleep());
    queue.publish(); // nothing was pushed
    EXPECT_FALSE(is_rung(queue));
    for (std::uint32_t i = 0; i < 3; ++i) {
        queue.push(OwnedBinding::of(i).view());
        queue.publish();
    }
    EXPECT_TRUE(is_rung(queue));
    EXPECT_EQ(queue.doorbells(), 1U);
    queue.wake_up();
    queue.silence();
    EXPECT_FALSE(is_rung(queue));
    EXPECT_EQ(take_all(queue).size(), 3U);
}

TEST(JournalQueueTest, ALossWakesASleeperToo) {
    JournalQueue queue(shm::kRingBytesMin);
    while (queue.lost() == 0) {
        queue.push(OwnedBinding::of(0).view());
    }
    queue.publish();
    take_all(queue);
    queue.silence();
    ASSERT_TRUE(queue.fall_asleep());
    queue.push(OwnedBinding::of(0).view());
    queue.publish();
    EXPECT_TRUE(is_rung(queue));
}

TEST(JournalQueueTest, NothingIsLostOrTornBetweenTwoThreads) {
    constexpr std::uint32_t kChanges = 50'000;
    JournalQueue queue(shm::kRingBytesMin);
    std::thread core([&] {
        for (std::uint32_t i = 0; i < kChanges;) {
            const auto lost = queue.lost();
            queue.push(OwnedBinding::of(i).view());
            queue.publish();
            if (queue.lost() == lost) {
                ++i;
            } else {
                std::this_thread::yield();
            }
        }
    });
    std::uint32_t next = 0;
    std::uint32_t wrong = 0;
    while (next < kChanges) {
        const auto taken = queue.take(64, [&](std::span<const std::byte> body) {
            const auto change = read_body(body);
            wrong += change && text_of(*change) == OwnedBinding::of(next).text() ? 0U : 1U;
            ++next;
        });
        if (taken == 0) {
            std::this_thread::yield();
        }
    }
    core.join();
    EXPECT_EQ(wrong, 0U);
    EXPECT_EQ(queue.waiting(), 0U);
}

} // namespace
} // namespace tandem::controlplane
