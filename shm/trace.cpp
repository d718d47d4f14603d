// SPDX-License-Identifier: Apache-2.0
//
// Writing a list of trace notes, and reading one that another process may have written.
#include "shm/trace.hpp"

#include <algorithm>
#include <cstring>

#include "shm/counters.hpp"

namespace tandem::shm {

namespace {

bool is_sound(const TraceNote& note) noexcept {
    return static_cast<std::size_t>(note.stage) < base::kStageCount &&
           note.kind >= TraceKind::Arrived && note.kind <= TraceKind::Counted &&
           note.counter < kCounterCount && note.text_bytes <= kTraceTextBytesMax;
}

} // namespace

void TraceNote::set_text(std::string_view message) noexcept {
    const auto line = message.substr(0, message.find_first_of("\r\n")).substr(0, text.size());
    std::ranges::transform(line, text.begin(), [](char c) { return c < ' ' || c > '~' ? '?' : c; });
    text_bytes = static_cast<std::uint8_t>(line.size());
}

std::string_view TraceNote::get_text() const noexcept {
    return {text.data(), std::min<std::size_t>(text_bytes, text.size())};
}

void TraceWriter::enter(std::uint32_t session) noexcept {
    if (list_ == nullptr || list_->session.load(std::memory_order_relaxed) == session) {
        return;
    }
    list_->count.store(0, std::memory_order_relaxed);
    // Release: the list is empty before it is that of the session.
    list_->session.store(session, std::memory_order_release);
}

bool TraceWriter::write(const TraceNote& note) noexcept {
    if (list_ == nullptr) {
        return false;
    }
    const std::uint32_t count = list_->count.load(std::memory_order_relaxed);
    if (count < kTraceNotesMax) {
        list_->notes[count] = note;
    }
    if (count < 2 * kTraceNotesMax) { // so that it never comes round
        // Release: the note is written.
        list_->count.store(count + 1, std::memory_order_release);
    }
    return count < kTraceNotesMax;
}

bool TraceWriter::is_full() const noexcept {
    return list_ == nullptr || list_->count.load(std::memory_order_relaxed) >= kTraceNotesMax;
}

TraceCollection
collect_trace(const TraceList& list, std::uint32_t session, std::span<TraceNote> out) noexcept {
    TraceCollection result;
    // Acquire: see TraceWriter::enter().
    if (list.session.load(std::memory_order_acquire) != session) {
        return result;
    }
    const std::uint32_t count = list.count.load(std::memory_order_acquire);
    const std::uint32_t held = std::min(count, kTraceNotesMax);
    result.lost = count - held;
    for (std::uint32_t at = 0; at < held; ++at) {
        TraceNote note;
        std::memcpy(&note, &list.notes[at], sizeof note);
        if (!is_sound(note) || result.count == out.size()) {
            ++result.lost;
            continue;
        }
        const std::string_view text = note.get_text();
        note.set_text(std::string_view(text));
        out[result.count++] = note;
    }
    return result;
}

} // namespace tandem::shm
