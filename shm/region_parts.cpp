// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic on the parts of a region: laying out, and distrusting what another process laid out.
#include "shm/region_parts.hpp"

#include <algorithm>
#include <bit>

#include "shm/layout_table.hpp"
#include "shm/trace.hpp"

namespace tandem::shm {

namespace {

constexpr std::uint64_t page_up(std::uint64_t bytes) noexcept {
    return (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
}

constexpr std::uint64_t note_ring_bytes(std::uint64_t count) noexcept {
    return sizeof(NoteRing) + count * sizeof(NoteSlot);
}

// The worker's list and that of the core's thread.
constexpr std::uint64_t kTracesBytes = 2 * sizeof(TraceList);

constexpr std::uint64_t counters_bytes(std::uint16_t worker_count) noexcept {
    return (std::uint64_t{worker_count} + 1) * kCounterBlockBytes;
}

bool ring_size_is_good(std::uint64_t bytes) noexcept {
    return std::has_single_bit(bytes) && bytes >= kRingBytesMin && bytes <= kRingBytesMax;
}

bool note_count_is_good(std::uint64_t count) noexcept {
    return std::has_single_bit(count) && count >= kNoteCountMin && count <= kNoteCountMax;
}

AttachError
fault(AttachRefusal refusal, std::uint64_t found = 0, std::uint64_t expected = 0) noexcept {
    return {.refusal = refusal, .found = found, .expected = expected};
}

// Sizes first: parts_of() and the sums below rely on them.
std::optional<AttachError> find_bad_size(const RegionFacts& facts) noexcept {
    if (facts.worker_count == 0 || facts.worker_count > kWorkersMax) {
        return fault(AttachRefusal::BadWorkerCount, facts.worker_count, kWorkersMax);
    }
    if (facts.counter_count != kCounterCount ||
        facts.counters_bytes != counters_bytes(facts.worker_count)) {
        return fault(AttachRefusal::BadCounterCount, facts.counter_count, kCounterCount);
    }
    for (std::size_t worker = 0; worker < facts.worker_count; ++worker) {
        const WorkerPlace& place = facts.workers[worker];
        for (const auto bytes : {place.events.data_bytes, place.commands.data_bytes}) {
            if (!ring_size_is_good(bytes)) {
                return fault(AttachRefusal::BadRingSize, bytes, kRingBytesMin);
            }
        }
        if (!note_count_is_good(place.note_count)) {
            return fault(AttachRefusal::BadNoteCount, place.note_count, kNoteCountMin);
        }
    }
    return std::nullopt;
}

} // namespace

RegionParts parts_of(const RegionFacts& facts) noexcept {
    RegionParts parts;
    const auto add =
        [&](std::string_view name, std::size_t worker, std::uint64_t offset, std::uint64_t bytes) {
            parts.rows[parts.count++] = {.name = name,
                                         .worker = static_cast<std::uint16_t>(worker),
                                         .offset = offset,
                                         .bytes = bytes};
        };
    add("header", 0, 0, sizeof(RegionHeader));
    add("dataplane line", 0, facts.dataplane_line_offset, sizeof(DataplaneLine));
    add("controlplane line", 0, facts.controlplane_line_offset, sizeof(ControlplaneLine));
    add("counters", 0, facts.counters_offset, facts.counters_bytes);
    for (std::size_t worker = 0; worker < facts.worker_count; ++worker) {
        const WorkerPlace& place = facts.workers[worker];
        add("attach request line", worker, place.request_line_offset, sizeof(AttachRequestLine));
        add("attach grant line", worker, place.grant_line_offset, sizeof(AttachGrantLine));
        add("event cursors", worker, place.events.cursors_offset, sizeof(RingCursors));
        add("event ring", worker, place.events.data_offset, place.events.data_bytes);
        add("command cursors", worker, place.commands.cursors_offset, sizeof(RingCursors));
        add("command ring", worker, place.commands.data_offset, place.commands.data_bytes);
        add("notes", worker, place.notes_offset, note_ring_bytes(place.note_count));
        add("traces", worker, place.traces_offset, kTracesBytes);
    }
    return parts;
}

bool options_are_good(const RegionOptions& options) noexcept {
    return options.worker_count > 0 && options.worker_count <= kWorkersMax &&
           options.dataplane_epoch != 0 && ring_size_is_good(options.event_ring_bytes) &&
           ring_size_is_good(options.command_ring_bytes) && note_count_is_good(options.note_count);
}

RegionFacts lay_out(const RegionOptions& options) noexcept {
    RegionFacts facts;
    std::uint64_t end = 0;
    const auto take = [&end](std::uint64_t bytes) {
        const std::uint64_t offset = end;
        end = page_up(end + bytes);
        return offset;
    };
    take(sizeof(RegionHeader));
    facts.layout_hash = kLayoutHash;
    facts.dataplane_epoch = options.dataplane_epoch;
    facts.node = options.node;
    facts.worker_count = options.worker_count;
    facts.counter_count = kCounterCount;
    facts.branch_key = options.branch_key;
    facts.call_id_key = options.call_id_key;
    facts.limits = options.limits;
    facts.dataplane_line_offset = take(sizeof(DataplaneLine));
    facts.controlplane_line_offset = take(sizeof(ControlplaneLine));
    facts.counters_bytes = counters_bytes(options.worker_count);
    facts.counters_offset = take(facts.counters_bytes);
    for (std::size_t worker = 0; worker < options.worker_count; ++worker) {
        WorkerPlace& place = facts.workers[worker];
        place.request_line_offset = take(sizeof(AttachRequestLine));
        place.grant_line_offset = take(sizeof(AttachGrantLine));
        place.events.cursors_offset = take(sizeof(RingCursors));
        place.events.data_bytes = options.event_ring_bytes;
        place.events.data_offset = take(options.event_ring_bytes);
        place.commands.cursors_offset = take(sizeof(RingCursors));
        place.commands.data_bytes = options.command_ring_bytes;
        place.commands.data_offset = take(options.command_ring_bytes);
        place.note_count = options.note_count;
        place.notes_offset = take(note_ring_bytes(options.note_count));
        place.traces_offset = take(kTracesBytes);
    }
    facts.total_bytes = end;
    return facts;
}

std::optional<AttachError> find_fault(const RegionFacts& facts, std::uint64_t file_bytes) noexcept {
    if (facts.layout_hash != kLayoutHash) {
        return fault(AttachRefusal::OtherLayout, facts.layout_hash, kLayoutHash);
    }
    if (facts.total_bytes > file_bytes) {
        return fault(AttachRefusal::Truncated, file_bytes, facts.total_bytes);
    }
    if (const auto bad_size = find_bad_size(facts)) {
        return bad_size;
    }
    RegionParts parts = parts_of(facts);
    const std::span rows(parts.rows.data(), parts.count);
    for (const RegionPart& part : rows) {
        if (part.offset % kCursorLineBytes != 0) {
            return fault(AttachRefusal::PartMisaligned, part.offset, kCursorLineBytes);
        }
        if (part.offset > facts.total_bytes || part.bytes > facts.total_bytes - part.offset) {
            return fault(AttachRefusal::PartOutOfBounds, part.offset, facts.total_bytes);
        }
    }
    std::ranges::sort(rows, {}, &RegionPart::offset);
    for (std::size_t row = 1; row < rows.size(); ++row) {
        if (rows[row].offset < rows[row - 1].offset + rows[row - 1].bytes) {
            return fault(AttachRefusal::PartsOverlap, rows[row].offset, rows[row - 1].offset);
        }
    }
    return std::nullopt;
}

} // namespace tandem::shm
