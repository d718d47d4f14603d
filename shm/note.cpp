// SPDX-License-Identifier: Apache-2.0
//
// The seqlock of the note ring. Words are atomic, so a torn read is noticed and not undefined; the
// writer never waits for a reader.
#include "shm/note.hpp"

#include <algorithm>
#include <bit>

#include "base/assert.hpp"

namespace tandem::shm {

namespace {

using NoteWords = std::array<std::uint64_t, sizeof(Note) / 8>;

} // namespace

void Note::set_text(std::string_view value) noexcept {
    value = value.substr(0, kNoteTextBytesMax);
    std::ranges::copy(value, text.begin());
    text_bytes = static_cast<std::uint8_t>(value.size());
}

std::string_view Note::get_text() const noexcept {
    return {text.data(), std::min<std::size_t>(text_bytes, kNoteTextBytesMax)};
}

NoteWriter::NoteWriter(const NoteMemory& memory) noexcept : memory_(memory) {
    TANDEM_ASSERT(std::has_single_bit(memory.count));
    // A writer that takes over a ring goes on counting.
    written_ = memory.ring->written.load(std::memory_order_relaxed);
}

void NoteWriter::write(const Note& note) noexcept {
    if (memory_.count == 0) {
        return;
    }
    const std::uint64_t number = ++written_;
    NoteSlot& slot = memory_.slots[(number - 1) & (memory_.count - 1)];
    const auto words = std::bit_cast<NoteWords>(note);
    // The release of the words below keeps this store before them: a reader that gets one of the
    // new words also sees that the sequence moved.
    slot.sequence.store(2 * number - 1, std::memory_order_relaxed);
    for (std::size_t word = 0; word < words.size(); ++word) {
        slot.words[word].store(words[word], std::memory_order_release);
    }
    // Release: the words are written.
    slot.sequence.store(2 * number, std::memory_order_release);
    // Release: the slot is complete.
    memory_.ring->written.store(number, std::memory_order_release);
}

// False when note `number` is no longer (or not yet) in its slot.
bool NoteReader::read(std::uint64_t number, Note& note) const noexcept {
    const NoteSlot& slot = memory_.slots[(number - 1) & (memory_.count - 1)];
    // Acquire: if the note is complete, its words are visible.
    if (slot.sequence.load(std::memory_order_acquire) != 2 * number) {
        return false;
    }
    NoteWords words{};
    for (std::size_t word = 0; word < words.size(); ++word) {
        // Acquire: see the writer; also keeps the second look at the sequence behind.
        words[word] = slot.words[word].load(std::memory_order_acquire);
    }
    if (slot.sequence.load(std::memory_order_relaxed) != 2 * number) {
        return false;
    }
    note = std::bit_cast<Note>(words);
    return true;
}

NoteCollection NoteReader::collect(std::span<const std::uint64_t> hashes,
                                   std::span<Note> out) const noexcept {
    NoteCollection result;
    const std::uint64_t written = memory_.ring->written.load(std::memory_order_acquire);
    const std::uint64_t held = std::min<std::uint64_t>(written, memory_.count);
    for (std::uint64_t behind = held; behind > 0; --behind) {
        Note note;
        if (!read(written - behind + 1, note)) {
            ++result.overwritten;
            continue;
        }
        if (result.oldest_ns == 0) {
            result.oldest_ns = note.time_ns;
        }
        if (std::ranges::find(hashes, note.call_id_hash) == hashes.end()) {
            continue;
        }
        if (result.count == out.size()) {
            result.out_is_full = true;
            continue;
        }
        out[result.count++] = note;
    }
    result.is_complete_ring = written <= memory_.count && result.overwritten == 0;
    return result;
}

base::MonotonicNs NoteReader::oldest_time() const noexcept {
    const std::uint64_t written = memory_.ring->written.load(std::memory_order_acquire);
    const std::uint64_t held = std::min<std::uint64_t>(written, memory_.count);
    for (std::uint64_t behind = held; behind > 0; --behind) {
        Note note;
        if (read(written - behind + 1, note)) {
            return note.time_ns;
        }
    }
    return 0;
}

} // namespace tandem::shm
