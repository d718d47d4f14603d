// SPDX-License-Identifier: Apache-2.0
//
// Notes of a trace: 96 bytes for each stage a followed packet visited, in a list per writer (the
// worker, and the core's thread) which ends when it is full. A packet has a number; records of both
// rings carry it (RecordHeader::trace), so what the core does because of a packet is noted under
// the packet's number. A trace has a session; a list belongs to the session it names. Written by
// those two threads while a trace runs, read by the dataplane's control server. docs/adr/0014.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "base/endpoint.hpp"
#include "base/stage.hpp"
#include "base/time.hpp"

namespace tandem::shm {

// Of a packet that is followed; 0: it is not. Counts on over all traces of a dataplane, round and
// round, so a number that is still on its way is none of a later trace.
using TraceNumber = std::uint16_t;

enum class TraceKind : std::uint8_t {
    Arrived = 1, // stage Rx, with flow and first line
    Visited = 2, // a stage
    Sent = 3,    // a stage, with flow and first line of what leaves
    Counted = 4, // in the stage before; `counter` is a CounterId
};

constexpr std::size_t kTraceTextBytesMax = 56; // the first line of most messages

struct TraceNote {
    base::MonotonicNs time_ns = 0;
    base::Endpoint remote{}; // Arrived, Sent; port 0: not known
    base::Endpoint local{};
    std::uint16_t counter = 0;
    TraceNumber number = 0;
    std::uint16_t port = 0; // Arrived: place in the configuration
    base::Stage stage = base::Stage::Rx;
    TraceKind kind = TraceKind::Visited;
    std::uint8_t text_bytes = 0;
    std::array<std::uint8_t, 7> reserved{};
    std::array<char, kTraceTextBytesMax> text{};

    // Cut at the end of the first line; what is no printable ASCII becomes '?'.
    void set_text(std::string_view message) noexcept;

    [[nodiscard]] std::string_view get_text() const noexcept;
};

static_assert(sizeof(TraceNote) == 96);
static_assert(std::is_trivially_copyable_v<TraceNote>);

// Packets of one trace, and notes of one writer: 32 for each packet.
constexpr std::uint32_t kTracePacketsMax = 256;
constexpr std::uint32_t kTraceNotesMax = 32 * kTracePacketsMax;

struct alignas(128) TraceList {
    // writer: rw, readers: ro. Release, behind `count` = 0: whoever sees the session sees its list.
    std::atomic<std::uint32_t> session = 0;
    // writer: rw, readers: ro; more than kTraceNotesMax: the rest was lost. Release, behind a note.
    std::atomic<std::uint32_t> count = 0;
    std::array<TraceNote, kTraceNotesMax> notes;
};

class TraceWriter {
  public:
    TraceWriter() noexcept = default; // writes nothing

    // The list outlives the writer. A writer that takes over a list goes on in it.
    explicit TraceWriter(TraceList* list) noexcept : list_(list) {}

    // Begins an empty list of that session, unless it is this one already.
    void enter(std::uint32_t session) noexcept;

    // False: the list is full, the note is lost (and counted).
    bool write(const TraceNote& note) noexcept;

    [[nodiscard]] bool is_full() const noexcept;

  private:
    TraceList* list_ = nullptr;
};

struct TraceCollection {
    std::size_t count = 0; // notes copied
    std::uint32_t lost = 0;
};

// Copies the sound notes of a session, in the order they were written. The other process is hostile
// input: a note with an unknown stage, kind or counter, or a longer text than fits, is left out.
[[nodiscard]] TraceCollection
collect_trace(const TraceList& list, std::uint32_t session, std::span<TraceNote> out) noexcept;

} // namespace tandem::shm
