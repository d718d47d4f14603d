// SPDX-License-Identifier: Apache-2.0
//
// The region: one sealed memfd, created by the dataplane at each start and attached to by the
// control plane, which believes nothing in it before all of it was checked. After creation or
// attachment the places of all parts are held in this process and never read from the region
// again. Called at start by cold threads; the accessors by any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "base/siphash.hpp"
#include "base/time.hpp"
#include "shm/counters.hpp"
#include "shm/layout.hpp"
#include "shm/note.hpp"
#include "shm/ring.hpp"
#include "shm/trace.hpp"

namespace tandem::shm {

struct RegionOptions {
    std::uint16_t node = 0;
    std::uint16_t worker_count = 1;            // 1..kWorkersMax
    std::uint32_t dataplane_epoch = 0;         // not 0
    std::size_t event_ring_bytes = 16U << 20U; // powers of two, kRingBytesMin..kRingBytesMax
    std::size_t command_ring_bytes = 16U << 20U;
    std::size_t note_count = 1U << 17U; // per worker, power of two; 128 bytes each
    RegionLimits limits;
    std::array<std::uint8_t, 16> branch_key{};
    std::array<std::uint8_t, 16> call_id_key{};
    bool try_huge_pages = true;
};

// What was being done when the system said no, and why.
struct CreateError {
    const char* step = ""; // "memfd_create", "ftruncate", "options", …
    int error_number = 0;  // errno; 0 for bad options
};

enum class AttachRefusal : std::uint8_t {
    NotReady = 1, // created, not filled yet: try again
    CannotMap,
    NotSealed,
    TooSmall, // for a header
    WrongMagic,
    OtherMajor,
    OtherLayout,
    Truncated, // shorter than its header says
    BadWorkerCount,
    BadCounterCount,
    PartMisaligned,
    PartOutOfBounds,
    PartsOverlap,
    BadRingSize,
    BadNoteCount,
};

struct AttachError {
    AttachRefusal refusal = AttachRefusal::CannotMap;
    std::uint64_t found = 0; // what the region says (version, hash, size), where it says something
    std::uint64_t expected = 0; // what this process needs
};

constexpr std::size_t kSentenceBytesMax = 200;
using SentenceBuffer = std::array<char, kSentenceBytesMax>;

// One English sentence for logs and status, in `buffer`: "the region has layout version 2.0, this
// process needs 1.x". The view lives as long as the buffer.
[[nodiscard]] std::string_view sentence(const AttachError& error, SentenceBuffer& buffer) noexcept;
[[nodiscard]] std::string_view sentence(const CreateError& error, SentenceBuffer& buffer) noexcept;

// What the header says, for status and for whoever needs keys and limits.
struct RegionInfo {
    std::uint16_t node = 0;
    std::uint16_t worker_count = 0;
    std::uint16_t major = 0;
    std::uint16_t minor = 0;
    std::uint32_t dataplane_epoch = 0;
    std::uint32_t dataplane_pid = 0;
    std::uint64_t layout_hash = 0;
    std::uint64_t total_bytes = 0;
    base::MonotonicNs started_ns = 0;
    base::WallNs started_wall_ns = 0;
    RegionLimits limits;
    base::SipHashKey branch_key;
    base::SipHashKey call_id_key;
    bool on_huge_pages = false; // known to the creator only
};

// Owns the mapping, and in the dataplane the memfd. Movable; pointers handed out stay good.
class Region {
  public:
    ~Region();
    Region(Region&& other) noexcept;
    Region& operator=(Region&& other) noexcept;
    Region(const Region&) = delete;
    Region& operator=(const Region&) = delete;

    [[nodiscard]] static base::Result<Region, CreateError>
    create(const RegionOptions& options) noexcept;
    // The descriptor stays the caller's and may be closed afterwards.
    [[nodiscard]] static base::Result<Region, AttachError> attach(int memfd) noexcept;

    // The memfd of the creator, for the hand-over; -1 in the control plane.
    [[nodiscard]] int fd() const noexcept { return fd_; }

    [[nodiscard]] const RegionInfo& info() const noexcept { return info_; }

    [[nodiscard]] std::size_t worker_count() const noexcept { return info_.worker_count; }

    // worker < worker_count() in all of these.
    [[nodiscard]] RingMemory event_ring(std::size_t worker) const noexcept;
    [[nodiscard]] RingMemory command_ring(std::size_t worker) const noexcept;
    [[nodiscard]] AttachRequestLine& attach_request(std::size_t worker) const noexcept;
    [[nodiscard]] AttachGrantLine& attach_grant(std::size_t worker) const noexcept;
    [[nodiscard]] NoteMemory notes(std::size_t worker) const noexcept;
    // Written by the worker, and by the core's thread.
    [[nodiscard]] TraceList& worker_trace(std::size_t worker) const noexcept;
    [[nodiscard]] TraceList& core_trace(std::size_t worker) const noexcept;

    [[nodiscard]] DataplaneLine& dataplane_line() const noexcept;
    [[nodiscard]] ControlplaneLine& controlplane_line() const noexcept;

    // Each worker writes its own block; the dataplane's main thread that of writer worker_count().
    [[nodiscard]] CounterBlock counter_block(std::size_t writer) const noexcept;
    // The sum over all blocks (for gauges too: each writer tells its own part).
    [[nodiscard]] std::uint64_t counter(CounterId id) const noexcept;

    // The whole mapping, for tests that damage it.
    [[nodiscard]] std::span<std::byte> bytes() const noexcept { return {base_, mapped_bytes_}; }

  private:
    Region() noexcept = default;

    template <typename T>
    [[nodiscard]] T& part(std::uint64_t offset) const noexcept {
        return *reinterpret_cast<T*>(base_ + offset);
    }

    [[nodiscard]] RingMemory ring(const RingPlace& place) const noexcept;
    void take(Region& other) noexcept;
    void unmap() noexcept;

    std::byte* base_ = nullptr;
    std::size_t mapped_bytes_ = 0;
    int fd_ = -1;
    RegionInfo info_;
    RegionFacts facts_; // the checked copy of the header
};

} // namespace tandem::shm
