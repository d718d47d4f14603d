// SPDX-License-Identifier: Apache-2.0
//
// What lies where in the region the two processes of a node share: fixed structs, explicit widths,
// offsets from the start of the region, no pointers. Each 128 byte line has one writer. The hash
// over everything that must agree is computed by the compiler (shm/layout_hash.hpp); a change of
// a record, a line, the index or the counter table changes it. docs/shm-layout.md is generated.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "base/time.hpp"
#include "shm/atomic.hpp"
#include "shm/ring.hpp"

namespace tandem::shm {

constexpr std::uint32_t kRegionMagic = 0x4D444E54; // "TNDM" in memory
constexpr std::uint16_t kRegionMajor = 1;          // raised when an old reader would misread
constexpr std::uint16_t kRegionMinor = 0;          // raised when something was added
constexpr std::size_t kWorkersMax = 16;            // more workers than a NIC of a call centre feeds
constexpr std::size_t kPageBytes = 4096;           // parts begin at multiples of it

constexpr std::uint32_t region_version(std::uint16_t major, std::uint16_t minor) noexcept {
    return std::uint32_t{major} << 16U | minor;
}

// What the dataplane was started with and the core must know.
struct RegionLimits {
    std::uint32_t server_transactions = 0; // per worker
    std::uint32_t client_transactions = 0; // per worker: slots the core can hold
    std::uint32_t reserved[2] = {};
};

struct RingPlace {
    std::uint64_t cursors_offset = 0;
    std::uint64_t data_offset = 0;
    std::uint64_t data_bytes = 0; // power of two
};

struct WorkerPlace {
    std::uint64_t request_line_offset = 0; // AttachRequestLine
    std::uint64_t grant_line_offset = 0;   // AttachGrantLine
    RingPlace events;
    RingPlace commands;
    std::uint64_t notes_offset = 0;  // NoteRing
    std::uint64_t note_count = 0;    // power of two
    std::uint64_t traces_offset = 0; // TraceList of the worker, then that of the core's thread
};

// What the header says besides who it is. Written before the version and never after; a reader
// copies it, checks the copy and uses nothing else.
struct RegionFacts {
    std::uint64_t layout_hash = 0;
    std::uint64_t total_bytes = 0;
    std::uint32_t dataplane_epoch = 0; // start of the dataplane in seconds; part of each branch
    std::uint32_t dataplane_pid = 0;
    base::MonotonicNs started_ns = 0;
    base::WallNs started_wall_ns = 0;
    std::uint16_t node = 0;
    std::uint16_t worker_count = 0;
    std::uint32_t counter_count = 0;
    std::array<std::uint8_t, 16> branch_key{};  // SipHash key of the branch check
    std::array<std::uint8_t, 16> call_id_key{}; // SipHash key of the Call-ID hashes in notes
    RegionLimits limits;
    std::uint64_t dataplane_line_offset = 0;
    std::uint64_t controlplane_line_offset = 0;
    std::uint64_t counters_offset = 0; // worker_count + 1 blocks of kCounterBlockBytes
    std::uint64_t counters_bytes = 0;
    std::array<WorkerPlace, kWorkersMax> workers{}; // worker_count of them in use
};

static_assert(std::is_trivially_copyable_v<RegionFacts>);

struct RegionHeader {
    std::uint32_t magic = 0;
    // dataplane: rw once, others: ro. Stored last with release: whoever reads it with acquire and
    // does not get 0 sees the whole header and all parts initialised.
    std::atomic<std::uint32_t> version = 0;
    RegionFacts facts;
};

// dataplane main thread: rw, all others: ro.
struct alignas(kCursorLineBytes) DataplaneLine {
    Atomic<base::MonotonicNs> heartbeat_ns = 0; // orders nothing
    // Process id of the attached control plane, 0 while there is none. Release: a worker that reads
    // it with acquire sees what the main thread did about the change before.
    Atomic<std::uint32_t> controlplane_pid = 0;
    Atomic<std::uint32_t> controlplane_lost = 0; // how often one went away; orders nothing
};

// controlplane core thread: rw, all others: ro.
struct alignas(kCursorLineBytes) ControlplaneLine {
    Atomic<base::MonotonicNs> heartbeat_ns = 0; // orders nothing
    Atomic<base::MonotonicNs> started_ns = 0;   // orders nothing
};

// One per worker; controlplane core thread: rw, worker: ro.
struct alignas(kCursorLineBytes) AttachRequestLine {
    // Number of the attachment wanted. Release, after the core stopped using the rings.
    Atomic<std::uint64_t> requested = 0;
    // The number again once the core has reset its cursors. Release: with it the reset is visible.
    Atomic<std::uint64_t> confirmed = 0;
};

// One per worker; that worker: rw, all others: ro.
struct alignas(kCursorLineBytes) AttachGrantLine {
    // Number of the attachment granted, 0 while there is none. Release: with it the reset of the
    // worker's cursors is visible.
    Atomic<std::uint64_t> granted = 0;
    Atomic<base::MonotonicNs> heartbeat_ns = 0;    // orders nothing
    Atomic<std::uint64_t> loops = 0;               // orders nothing
    Atomic<std::uint64_t> rings_found_corrupt = 0; // orders nothing
};

static_assert(std::atomic<std::uint32_t>::is_always_lock_free);
static_assert(sizeof(RegionHeader) <= kPageBytes);
static_assert(sizeof(DataplaneLine) == kCursorLineBytes);
static_assert(sizeof(ControlplaneLine) == kCursorLineBytes);
static_assert(sizeof(AttachRequestLine) == kCursorLineBytes);
static_assert(sizeof(AttachGrantLine) == kCursorLineBytes);

} // namespace tandem::shm
