// SPDX-License-Identifier: Apache-2.0
//
// A ring of records in shared memory: one producer thread, one consumer thread, usually of two
// processes. Cursors run freely over 64 bits; a record is claimed, filled in place, committed and,
// with the rest of its burst, published. A full ring is an answer, never a wait. What the other
// side wrote (cursors, lengths) is checked before it is used: a ring that does not make sense is
// declared corrupt and is not touched again until both sides reset it (shm/attach.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "shm/atomic.hpp"

namespace tandem::shm {

// Records and cursors are multiples of this.
constexpr std::size_t kRecordAlignBytes = 8;

// In front of each record. `length_bytes` counts this header and the payload, without the gap to
// the next multiple of kRecordAlignBytes; it is negative while the record is being written.
struct RecordHeader {
    std::int32_t length_bytes = 0;
    std::uint16_t type = 0;  // EventType or CommandType; kPaddingType up to the end of the ring
    std::uint16_t trace = 0; // TraceNumber of the packet that caused it; 0: none that is followed
};

static_assert(sizeof(RecordHeader) == 8);

constexpr std::uint16_t kPaddingType = 0;

// The largest record is the largest message with its index and struct, 68 KiB; a ring takes records
// of up to an eighth of its size, so that padding at its end never wastes more than that.
constexpr std::size_t kRingBytesMin = 1U << 20U;
constexpr std::size_t kRingBytesMax = 1U << 30U;
constexpr std::size_t kRingRecordsMin = 8; // of the largest size

// Two cache lines apart, because processors fetch lines in pairs.
constexpr std::size_t kCursorLineBytes = 128;

struct alignas(kCursorLineBytes) ProducerLine {
    Atomic<std::uint64_t> tail_bytes = 0; // producer: rw, consumer: ro; all before is published
};

struct alignas(kCursorLineBytes) ConsumerLine {
    Atomic<std::uint64_t> head_bytes = 0; // consumer: rw, producer: ro; all before is free
    Atomic<std::uint64_t> sleeps = 0;     // consumer: rw, producer: ro; odd = asleep
};

struct RingCursors {
    ProducerLine producer;
    ConsumerLine consumer;
};

static_assert(sizeof(RingCursors) == 2 * kCursorLineBytes);
static_assert(Atomic<std::uint64_t>::is_always_lock_free);

// Where a ring lies in this process. capacity_bytes is a power of two (Region checks it).
struct RingMemory {
    RingCursors* cursors = nullptr;
    std::byte* data = nullptr;
    std::size_t capacity_bytes = 0;
};

// A published record. The payload is valid until RingConsumer::release() and lies in memory which
// the other process can write: copy what is checked before it is used (shm/read_record.hpp).
struct Record {
    std::uint16_t type = 0;
    std::uint16_t trace = 0; // any number: the other process wrote it
    std::span<const std::byte> payload;
};

class RingProducer {
  public:
    // The ring must be empty or abandoned: attaching to memory changes nothing until reset().
    explicit RingProducer(const RingMemory& memory) noexcept;

    // Room for a payload of `bytes`, aligned to 8; nullptr when the ring is full (counted in
    // refused()), corrupt, or the payload is larger than payload_bytes_max(). One claim at a time.
    [[nodiscard]] std::byte* claim(std::uint16_t type, std::size_t bytes) noexcept;

    // What records claimed from now on carry as their `trace`; 0: nothing.
    void mark(std::uint16_t trace) noexcept { trace_ = trace; }

    // Ends the claim with the first `bytes` of its payload, at most as many as were claimed. The
    // record becomes visible with the next publish().
    void commit(std::size_t bytes) noexcept;
    // The payload of the claim under way, as claim() returned it; nullptr when there is none.
    [[nodiscard]] std::byte* claimed() const noexcept;
    // Ends the claim as if it had not been.
    void abort() noexcept;

    // Makes every committed record visible; call once per burst. Cheap when there is none.
    void publish() noexcept { publish(committed_); }

    // The place behind the last committed record, and publication up to such a place: for effects
    // that wait for the peer (output commit). Places only grow, until reset().
    [[nodiscard]] std::uint64_t position() const noexcept { return committed_; }

    void publish(std::uint64_t position) noexcept;

    // After publish(): rings the consumer's eventfd when it sleeps, at most once per sleep. True
    // when it did (one system call), for a counter.
    bool ring_doorbell_if_asleep(int event_fd) noexcept;

    // Calls visit(const Record&) for each record that was published and not released; for the
    // requests a dead consumer left unread. Uses no memory of the consumer but its cursor.
    template <typename Visit>
    void for_each_unread(Visit&& visit) noexcept {
        std::uint64_t at = unread_begin();
        while (const auto record = unread_at(at)) {
            visit(*record);
        }
    }

    // Empties the ring from this side. Only while the consumer keeps its hands off
    // (shm/attach.hpp).
    void reset() noexcept;

    [[nodiscard]] std::size_t payload_bytes_max() const noexcept { return payload_bytes_max_; }

    [[nodiscard]] bool is_corrupt() const noexcept { return corrupt_; }

    // How often claim() said no because the ring was full.
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

    // Bytes in use, for gauges; reads the consumer's cursor.
    [[nodiscard]] std::size_t used_bytes() const noexcept;

  private:
    [[nodiscard]] bool has_room(std::size_t bytes) noexcept;
    [[nodiscard]] std::uint64_t unread_begin() noexcept;
    [[nodiscard]] std::optional<Record> unread_at(std::uint64_t& at) noexcept;

    RingMemory memory_;
    std::size_t payload_bytes_max_;
    std::uint64_t committed_ = 0;   // behind the last committed record
    std::uint64_t published_ = 0;   // what the producer line says
    std::uint64_t head_cached_ = 0; // the last head that was read
    std::uint64_t claim_at_ = 0;    // of the claim under way, behind any padding
    std::size_t claim_bytes_ = 0;   // payload bytes of it; meaningful while claiming_
    std::uint64_t sleep_rung_ = 0;  // the sleep for which the bell was rung
    std::uint64_t refused_ = 0;
    std::uint16_t trace_ = 0; // of records claimed from now on
    bool claiming_ = false;
    bool corrupt_ = false;
};

class RingConsumer {
  public:
    explicit RingConsumer(const RingMemory& memory) noexcept;

    // The oldest record, or nothing when the ring is empty or corrupt. Asked again before
    // release(), it is the same.
    [[nodiscard]] std::optional<Record> peek() noexcept;
    // Gives the peeked record's room back; its views end here.
    void release() noexcept;

    // Before sleeping on the eventfd: announces the sleep and looks once more. False: do not sleep,
    // there is work or the ring is corrupt (the announcement is taken back).
    [[nodiscard]] bool fall_asleep() noexcept;
    // After sleeping.
    void wake_up() noexcept;

    // Empties the ring from this side. Only while the producer keeps its hands off.
    void reset() noexcept;

    [[nodiscard]] bool is_corrupt() const noexcept { return corrupt_; }

  private:
    [[nodiscard]] bool refresh_tail() noexcept;

    RingMemory memory_;
    std::uint64_t read_ = 0;
    std::uint64_t tail_cached_ = 0;
    std::uint64_t sleeps_ = 0;
    std::size_t peeked_bytes_ = 0; // with alignment; 0: nothing is peeked
    bool corrupt_ = false;
};

} // namespace tandem::shm
