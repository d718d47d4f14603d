// SPDX-License-Identifier: Apache-2.0
//
// Both ends of a ring. The producer trusts its own copies of its cursors, never the shared ones;
// the consumer likewise. What must be read from the other side is read once, checked, and then used
// from the copy.
#include "shm/ring.hpp"

#include <algorithm>
#include <bit>
#include <unistd.h>

#include "base/assert.hpp"

namespace tandem::shm {

namespace {

constexpr std::size_t align_up(std::size_t bytes) noexcept {
    return (bytes + kRecordAlignBytes - 1) / kRecordAlignBytes * kRecordAlignBytes;
}

// One relaxed 64 bit access, so that the compiler reads a header once and the value that was
// checked is the value that is used. Publication orders it: see the cursors.
RecordHeader load_header(const RingMemory& memory, std::uint64_t at) noexcept {
    auto& word =
        *reinterpret_cast<std::uint64_t*>(memory.data + (at & (memory.capacity_bytes - 1)));
    return std::bit_cast<RecordHeader>(
        AtomicRef<std::uint64_t>(word).load(std::memory_order_relaxed));
}

void store_header(const RingMemory& memory, std::uint64_t at, RecordHeader header) noexcept {
    auto& word =
        *reinterpret_cast<std::uint64_t*>(memory.data + (at & (memory.capacity_bytes - 1)));
    AtomicRef<std::uint64_t>(word).store(std::bit_cast<std::uint64_t>(header),
                                         std::memory_order_relaxed);
}

struct Found {
    enum class Kind : std::uint8_t { Nothing, Record, Broken };

    Kind kind = Kind::Nothing;
    RecordHeader header;
    std::uint64_t at = 0;         // of the record, behind any padding
    std::size_t record_bytes = 0; // with header and alignment
};

Record record_of(const RingMemory& memory, const Found& found) noexcept {
    const std::uint64_t offset = found.at & (memory.capacity_bytes - 1);
    return {
        .type = found.header.type,
        .trace = found.header.trace,
        .payload = {memory.data + offset + sizeof(RecordHeader),
                    static_cast<std::size_t>(found.header.length_bytes) - sizeof(RecordHeader)}};
}

// The first record at or after `at` and before `tail`. Every length is checked against the space
// that is published and against the end of the ring.
Found find_record(const RingMemory& memory, std::uint64_t at, std::uint64_t tail) noexcept {
    Found found;
    found.at = at;
    while (found.at != tail) {
        const std::uint64_t offset = found.at & (memory.capacity_bytes - 1);
        const std::uint64_t to_end = memory.capacity_bytes - offset;
        const std::uint64_t available = std::min(tail - found.at, to_end);
        const RecordHeader header = load_header(memory, found.at);
        const std::size_t length =
            header.length_bytes > 0 ? static_cast<std::size_t>(header.length_bytes) : 0;
        if (length < sizeof(RecordHeader) || align_up(length) > available) {
            found.kind = Found::Kind::Broken;
            return found;
        }
        if (header.type == kPaddingType) {
            if (length != to_end) {
                found.kind = Found::Kind::Broken;
                return found;
            }
            found.at += length;
            continue;
        }
        found.kind = Found::Kind::Record;
        found.header = header;
        found.record_bytes = align_up(length);
        return found;
    }
    return found;
}

} // namespace

RingProducer::RingProducer(const RingMemory& memory) noexcept
    : memory_(memory),
      payload_bytes_max_(memory.capacity_bytes / kRingRecordsMin - sizeof(RecordHeader)) {
    TANDEM_ASSERT(std::has_single_bit(memory.capacity_bytes) &&
                  memory.capacity_bytes >= kRingRecordsMin * 2 * sizeof(RecordHeader));
}

bool RingProducer::has_room(std::size_t bytes) noexcept {
    if (committed_ + bytes - head_cached_ <= memory_.capacity_bytes) {
        return true;
    }
    // Acquire: the consumer has finished reading what we are about to overwrite.
    const std::uint64_t head = memory_.cursors->consumer.head_bytes.load(std::memory_order_acquire);
    if (head - head_cached_ > published_ - head_cached_ || head % kRecordAlignBytes != 0) {
        corrupt_ = true; // it went back, or past what it was given
        return false;
    }
    head_cached_ = head;
    return committed_ + bytes - head_cached_ <= memory_.capacity_bytes;
}

std::byte* RingProducer::claim(std::uint16_t type, std::size_t bytes) noexcept {
    TANDEM_ASSERT(!claiming_ && type != kPaddingType);
    if (corrupt_ || bytes > payload_bytes_max_) {
        return nullptr;
    }
    const std::size_t record_bytes = align_up(sizeof(RecordHeader) + bytes);
    const std::size_t to_end = memory_.capacity_bytes - (committed_ & (memory_.capacity_bytes - 1));
    const std::size_t padding_bytes = record_bytes > to_end ? to_end : 0;
    if (!has_room(padding_bytes + record_bytes)) {
        refused_ += corrupt_ ? 0 : 1;
        return nullptr;
    }
    if (padding_bytes > 0) {
        store_header(memory_,
                     committed_,
                     {.length_bytes = static_cast<std::int32_t>(padding_bytes),
                      .type = kPaddingType,
                      .trace = 0});
    }
    claim_at_ = committed_ + padding_bytes;
    claim_bytes_ = bytes;
    claiming_ = true;
    store_header(
        memory_,
        claim_at_,
        {.length_bytes = -static_cast<std::int32_t>(record_bytes), .type = type, .trace = trace_});
    return claimed();
}

std::byte* RingProducer::claimed() const noexcept {
    if (!claiming_) {
        return nullptr;
    }
    return memory_.data + (claim_at_ & (memory_.capacity_bytes - 1)) + sizeof(RecordHeader);
}

void RingProducer::commit(std::size_t bytes) noexcept {
    TANDEM_ASSERT(claiming_ && bytes <= claim_bytes_);
    RecordHeader header = load_header(memory_, claim_at_);
    header.length_bytes = static_cast<std::int32_t>(sizeof(RecordHeader) + bytes);
    store_header(memory_, claim_at_, header);
    committed_ = claim_at_ + align_up(sizeof(RecordHeader) + bytes);
    claiming_ = false;
}

void RingProducer::abort() noexcept {
    TANDEM_ASSERT(claiming_);
    claiming_ = false;
}

void RingProducer::publish(std::uint64_t position) noexcept {
    position = std::min(position, committed_);
    if (corrupt_ || position <= published_) {
        return;
    }
    published_ = position;
    // Release: the records are written before the cursor shows them. Sequentially consistent: the
    // look at `sleeps` in ring_doorbell_if_asleep() comes after it, see
    // RingConsumer::fall_asleep().
    memory_.cursors->producer.tail_bytes.store(position, std::memory_order_seq_cst);
}

bool RingProducer::ring_doorbell_if_asleep(int event_fd) noexcept {
    // After the tail in the single order of both: either we see the sleep, or the consumer sees the
    // records.
    const std::uint64_t sleeps = memory_.cursors->consumer.sleeps.load(std::memory_order_seq_cst);
    if (sleeps % 2 == 0 || sleeps == sleep_rung_) {
        return false;
    }
    sleep_rung_ = sleeps;
    const std::uint64_t one = 1;
    return ::write(event_fd, &one, sizeof one) == static_cast<ssize_t>(sizeof one);
}

std::uint64_t RingProducer::unread_begin() noexcept {
    // Acquire: nothing of the consumer's reading comes after what the caller does now.
    const std::uint64_t head = memory_.cursors->consumer.head_bytes.load(std::memory_order_acquire);
    if (head - head_cached_ > published_ - head_cached_ || head % kRecordAlignBytes != 0) {
        corrupt_ = true;
        return published_;
    }
    return head;
}

std::optional<Record> RingProducer::unread_at(std::uint64_t& at) noexcept {
    const Found found = find_record(memory_, at, published_);
    if (found.kind != Found::Kind::Record) {
        corrupt_ = corrupt_ || found.kind == Found::Kind::Broken;
        return std::nullopt;
    }
    at = found.at + found.record_bytes;
    return record_of(memory_, found);
}

void RingProducer::reset() noexcept {
    committed_ = 0;
    published_ = 0;
    head_cached_ = 0;
    claiming_ = false;
    corrupt_ = false;
    // The attach handshake publishes this; see shm/attach.cpp.
    memory_.cursors->producer.tail_bytes.store(0, std::memory_order_relaxed);
}

std::size_t RingProducer::used_bytes() const noexcept {
    // A gauge: orders nothing.
    const std::uint64_t head = memory_.cursors->consumer.head_bytes.load(std::memory_order_relaxed);
    return std::min<std::uint64_t>(committed_ - head, memory_.capacity_bytes);
}

RingConsumer::RingConsumer(const RingMemory& memory) noexcept : memory_(memory) {
    TANDEM_ASSERT(std::has_single_bit(memory.capacity_bytes));
    // Taken over from whoever slept here before, so that the number keeps growing and is even.
    const std::uint64_t sleeps = memory.cursors->consumer.sleeps.load(std::memory_order_relaxed);
    sleeps_ = sleeps + sleeps % 2;
}

// False when the ring is corrupt.
bool RingConsumer::refresh_tail() noexcept {
    // Acquire: the records before the tail are written. Sequentially consistent for fall_asleep().
    const std::uint64_t tail = memory_.cursors->producer.tail_bytes.load(std::memory_order_seq_cst);
    if (tail - read_ > memory_.capacity_bytes || tail % kRecordAlignBytes != 0 ||
        tail - read_ < tail_cached_ - read_) {
        corrupt_ = true; // more than fits, or it went back
        return false;
    }
    tail_cached_ = tail;
    return true;
}

std::optional<Record> RingConsumer::peek() noexcept {
    if (corrupt_ || (read_ == tail_cached_ && !refresh_tail()) || read_ == tail_cached_) {
        return std::nullopt;
    }
    const Found found = find_record(memory_, read_, tail_cached_);
    if (found.kind != Found::Kind::Record) {
        // Padding alone is never published: a claim that needs it always ends in a record.
        corrupt_ = true;
        return std::nullopt;
    }
    read_ = found.at;
    peeked_bytes_ = found.record_bytes;
    return record_of(memory_, found);
}

void RingConsumer::release() noexcept {
    TANDEM_ASSERT(peeked_bytes_ > 0);
    read_ += peeked_bytes_;
    peeked_bytes_ = 0;
    // Release: we have read what the producer may now overwrite.
    memory_.cursors->consumer.head_bytes.store(read_, std::memory_order_release);
}

bool RingConsumer::fall_asleep() noexcept {
    ++sleeps_;
    // Sequentially consistent, before the look at the tail: see ring_doorbell_if_asleep().
    memory_.cursors->consumer.sleeps.store(sleeps_, std::memory_order_seq_cst);
    if (!corrupt_ && read_ == tail_cached_ && refresh_tail() && read_ == tail_cached_) {
        return true;
    }
    wake_up();
    return false;
}

void RingConsumer::wake_up() noexcept {
    sleeps_ += sleeps_ % 2;
    // Orders nothing: a producer that sees it late rings once too often.
    memory_.cursors->consumer.sleeps.store(sleeps_, std::memory_order_relaxed);
}

void RingConsumer::reset() noexcept {
    read_ = 0;
    tail_cached_ = 0;
    peeked_bytes_ = 0;
    corrupt_ = false;
    // The attach handshake publishes this; see shm/attach.cpp.
    memory_.cursors->consumer.head_bytes.store(0, std::memory_order_relaxed);
}

} // namespace tandem::shm
