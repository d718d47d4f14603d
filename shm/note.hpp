// SPDX-License-Identifier: Apache-2.0
//
// Notes: 128 bytes for each SIP message that came in or went out, in a ring per worker that
// overwrites its oldest. From them the control plane draws the ladder of a call, off the hot
// structures. The writer never waits; a reader notices a note that was overwritten while it read.
// Written by the worker, read by cold threads of either process.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/endpoint.hpp"
#include "base/time.hpp"

namespace tandem::shm {

enum class NoteDirection : std::uint8_t { In = 1, Out = 2 };

struct NoteFlags {
    static constexpr std::uint16_t kRetransmission = 1; // received or sent again
    static constexpr std::uint16_t kByDataplane = 2;    // written by the dataplane itself
    static constexpr std::uint16_t kHasSdp = 4;
    static constexpr std::uint16_t kDropped = 8; // received, and ended in the dataplane
};

constexpr std::size_t kNoteTextBytesMax = 24;

struct Note {
    base::MonotonicNs time_ns = 0;
    std::uint64_t call_id_hash = 0; // SipHash of the Call-ID with RegionInfo::call_id_key
    base::Endpoint remote;
    base::Endpoint local;
    std::uint32_t cseq = 0;
    std::uint32_t message_bytes = 0;
    std::uint16_t status = 0; // 0: a request
    std::uint16_t flags = 0;  // NoteFlags
    std::uint8_t method = 0;  // sipparse::Method; of a response that of its CSeq
    NoteDirection direction = NoteDirection::In;
    std::uint8_t text_bytes = 0;
    std::uint8_t worker = 0;
    std::array<char, kNoteTextBytesMax> text{}; // begin of the reason phrase, or an unknown method
    std::array<std::uint8_t, 48> reserved{};

    void set_text(std::string_view value) noexcept;

    // At most kNoteTextBytesMax bytes, whatever another process wrote.
    [[nodiscard]] std::string_view get_text() const noexcept;
};

static_assert(sizeof(Note) == 120);

// One slot: the number of the note in it, then the note in words, so that a torn read is defined.
struct NoteSlot {
    // writer: rw, readers: ro. 2n - 1 while note n is written, 2n when it is complete. Acquire and
    // release with the words: a reader that sees a word of a newer note sees a newer sequence.
    std::atomic<std::uint64_t> sequence = 0;
    std::array<std::atomic<std::uint64_t>, sizeof(Note) / 8> words{};
};

static_assert(sizeof(NoteSlot) == 128);

struct alignas(128) NoteRing {
    std::atomic<std::uint64_t> written = 0; // writer: rw, readers: ro; notes ever written. Release
                                            // with the slots before it
};

// Where a note ring lies in this process: the head, then `count` slots. count is a power of two.
struct NoteMemory {
    NoteRing* ring = nullptr;
    NoteSlot* slots = nullptr;
    std::size_t count = 0;
};

constexpr std::size_t kNoteCountMin = 64;
constexpr std::size_t kNoteCountMax = std::size_t{1} << 24U;

class NoteWriter {
  public:
    NoteWriter() noexcept = default; // writes nothing

    explicit NoteWriter(const NoteMemory& memory) noexcept;

    void write(const Note& note) noexcept;

  private:
    NoteMemory memory_;
    std::uint64_t written_ = 0;
};

struct NoteCollection {
    std::size_t count = 0;         // notes stored, oldest first
    bool out_is_full = false;      // there were more that match
    std::uint64_t overwritten = 0; // notes lost to the writer while collecting
    base::MonotonicNs oldest_ns =
        0;                         // of the oldest note of the whole ring, matching or not; 0: none
    bool is_complete_ring = false; // nothing was ever overwritten: the ring holds all there was
};

class NoteReader {
  public:
    explicit NoteReader(const NoteMemory& memory) noexcept : memory_(memory) {}

    // Copies the notes whose Call-ID hash is one of `hashes` to `out`, oldest first. What began
    // before oldest_ns may be incomplete, unless is_complete_ring.
    [[nodiscard]] NoteCollection collect(std::span<const std::uint64_t> hashes,
                                         std::span<Note> out) const noexcept;

    // Time of the oldest note that can still be read; 0 when there is none.
    [[nodiscard]] base::MonotonicNs oldest_time() const noexcept;

  private:
    [[nodiscard]] bool read(std::uint64_t number, Note& note) const noexcept;

    NoteMemory memory_;
};

} // namespace tandem::shm
