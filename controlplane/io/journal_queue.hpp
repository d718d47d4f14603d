// SPDX-License-Identifier: Apache-2.0
//
// The way of a changed binding from the core thread to the journal's: a bounded ring of bodies
// (journal_format.hpp) in this process. The core's side never waits, allocates or logs; it makes
// one system call for each sleep of the other side at most. What finds no room is counted and marks
// the whole journal as stale, so that it is written anew from the registrar.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>

#include "controlplane/core/effects.hpp"
#include "shm/ring.hpp"

namespace tandem::controlplane {

// About 20,000 changes of a usual length: a tenth of a second of the most the core can accept.
constexpr std::size_t kJournalQueueBytes = 4U << 20U;

class JournalQueue {
  public:
    explicit JournalQueue(std::size_t capacity_bytes = kJournalQueueBytes);
    ~JournalQueue();
    JournalQueue(const JournalQueue&) = delete;
    JournalQueue& operator=(const JournalQueue&) = delete;

    // The core thread. The change becomes visible with publish().
    void push(const BindingChange& change);
    // The core thread, once per turn of its loop: shows what was pushed and wakes the other side if
    // it sleeps. Cheap when there was nothing.
    void publish();

    // The journal's thread; every body is given once, in the order of the changes. visit(body).
    // Returns how many there were, at most `count_max`.
    template <typename Visit>
    std::size_t take(std::size_t count_max, Visit&& visit) {
        std::size_t count = 0;
        for (; count < count_max; ++count) {
            const auto record = consumer_.peek();
            if (!record) {
                break;
            }
            visit(record->payload);
            consumer_.release();
        }
        add(taken_, count);
        return count;
    }

    // The journal's thread: whether changes were lost since the last question.
    [[nodiscard]] bool take_loss() { return lost_some_.exchange(false, std::memory_order_acquire); }

    // The journal's thread, around a sleep on poll_fd(). False: there is work.
    [[nodiscard]] bool fall_asleep() { return consumer_.fall_asleep(); }

    void wake_up() { consumer_.wake_up(); }

    // The journal's thread: forgets what was rung so far.
    void silence();

    // Any thread: ends a sleep of the journal's thread.
    void ring() const;

    [[nodiscard]] int poll_fd() const { return event_fd_; }

    // For operators; any thread.
    [[nodiscard]] std::uint64_t pushed() const { return read(pushed_); }

    [[nodiscard]] std::uint64_t waiting() const { return read(pushed_) - read(taken_); }

    [[nodiscard]] std::uint64_t lost() const { return read(lost_); }

    [[nodiscard]] std::uint64_t doorbells() const { return read(doorbells_); }

  private:
    // Each is written by one thread and orders nothing.
    using Count = std::atomic<std::uint64_t>;

    static std::uint64_t read(const Count& count) { return count.load(std::memory_order_relaxed); }

    static void add(Count& count, std::uint64_t more) {
        count.store(read(count) + more, std::memory_order_relaxed);
    }

    std::unique_ptr<shm::RingCursors> cursors_; // at construction
    std::unique_ptr<std::uint64_t[]> words_;    // at construction
    shm::RingProducer producer_;                // core thread
    shm::RingConsumer consumer_;                // journal's thread
    int event_fd_ = -1;
    std::uint64_t unpublished_ = 0; // core thread
    // Set with release behind the loss by the core thread, taken by the journal's.
    std::atomic<bool> lost_some_ = false;
    Count pushed_ = 0;    // core thread: rw
    Count taken_ = 0;     // journal's thread: rw
    Count lost_ = 0;      // core thread: rw
    Count doorbells_ = 0; // core thread: rw
};

} // namespace tandem::controlplane
