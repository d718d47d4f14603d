// SPDX-License-Identifier: Apache-2.0
//
// Every struct and number that both processes must see alike, as one table of names, offsets and
// sizes taken from the compiler. The layout hash and docs/shm-layout.md are made of it. A struct
// that is put into the region or a record must stand here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/endpoint.hpp"
#include "base/stage.hpp"
#include "shm/counters.hpp"
#include "shm/layout.hpp"
#include "shm/note.hpp"
#include "shm/records.hpp"
#include "shm/ring.hpp"
#include "shm/trace.hpp"
#include "sipparse/header_id.hpp"
#include "sipparse/message_index.hpp"
#include "sipparse/method.hpp"

namespace tandem::shm {

struct FieldRow {
    std::string_view name;
    std::size_t offset = 0;
    std::size_t bytes = 0;
};

struct StructRow {
    std::string_view name;
    std::size_t bytes = 0;
    std::string_view role; // one phrase for the document
    std::span<const FieldRow> fields;
};

struct NumberRow {
    std::string_view group;
    std::string_view name;
    std::uint64_t value = 0;
};

// clang-format off
#define TANDEM_FIELD(type, field) FieldRow{#field, offsetof(type, field), sizeof(type::field)}

inline constexpr std::array kRegionFactsFields = {
    TANDEM_FIELD(RegionFacts, layout_hash), TANDEM_FIELD(RegionFacts, total_bytes),
    TANDEM_FIELD(RegionFacts, dataplane_epoch), TANDEM_FIELD(RegionFacts, dataplane_pid),
    TANDEM_FIELD(RegionFacts, started_ns), TANDEM_FIELD(RegionFacts, started_wall_ns),
    TANDEM_FIELD(RegionFacts, node), TANDEM_FIELD(RegionFacts, worker_count),
    TANDEM_FIELD(RegionFacts, counter_count), TANDEM_FIELD(RegionFacts, branch_key),
    TANDEM_FIELD(RegionFacts, call_id_key), TANDEM_FIELD(RegionFacts, limits),
    TANDEM_FIELD(RegionFacts, dataplane_line_offset),
    TANDEM_FIELD(RegionFacts, controlplane_line_offset),
    TANDEM_FIELD(RegionFacts, counters_offset), TANDEM_FIELD(RegionFacts, counters_bytes),
    TANDEM_FIELD(RegionFacts, workers)};
inline constexpr std::array kRegionHeaderFields = {
    TANDEM_FIELD(RegionHeader, magic), TANDEM_FIELD(RegionHeader, version),
    TANDEM_FIELD(RegionHeader, facts)};
inline constexpr std::array kRegionLimitsFields = {
    TANDEM_FIELD(RegionLimits, server_transactions),
    TANDEM_FIELD(RegionLimits, client_transactions), TANDEM_FIELD(RegionLimits, reserved)};
inline constexpr std::array kRingPlaceFields = {
    TANDEM_FIELD(RingPlace, cursors_offset), TANDEM_FIELD(RingPlace, data_offset),
    TANDEM_FIELD(RingPlace, data_bytes)};
inline constexpr std::array kWorkerPlaceFields = {
    TANDEM_FIELD(WorkerPlace, request_line_offset), TANDEM_FIELD(WorkerPlace, grant_line_offset),
    TANDEM_FIELD(WorkerPlace, events), TANDEM_FIELD(WorkerPlace, commands),
    TANDEM_FIELD(WorkerPlace, notes_offset), TANDEM_FIELD(WorkerPlace, note_count),
    TANDEM_FIELD(WorkerPlace, traces_offset)};
inline constexpr std::array kDataplaneLineFields = {
    TANDEM_FIELD(DataplaneLine, heartbeat_ns), TANDEM_FIELD(DataplaneLine, controlplane_pid),
    TANDEM_FIELD(DataplaneLine, controlplane_lost)};
inline constexpr std::array kControlplaneLineFields = {
    TANDEM_FIELD(ControlplaneLine, heartbeat_ns), TANDEM_FIELD(ControlplaneLine, started_ns)};
inline constexpr std::array kAttachRequestLineFields = {
    TANDEM_FIELD(AttachRequestLine, requested), TANDEM_FIELD(AttachRequestLine, confirmed)};
inline constexpr std::array kAttachGrantLineFields = {
    TANDEM_FIELD(AttachGrantLine, granted), TANDEM_FIELD(AttachGrantLine, heartbeat_ns),
    TANDEM_FIELD(AttachGrantLine, loops), TANDEM_FIELD(AttachGrantLine, rings_found_corrupt)};
inline constexpr std::array kProducerLineFields = {TANDEM_FIELD(ProducerLine, tail_bytes)};
inline constexpr std::array kConsumerLineFields = {
    TANDEM_FIELD(ConsumerLine, head_bytes), TANDEM_FIELD(ConsumerLine, sleeps)};
inline constexpr std::array kRingCursorsFields = {
    TANDEM_FIELD(RingCursors, producer), TANDEM_FIELD(RingCursors, consumer)};
inline constexpr std::array kRecordHeaderFields = {
    TANDEM_FIELD(RecordHeader, length_bytes), TANDEM_FIELD(RecordHeader, type),
    TANDEM_FIELD(RecordHeader, trace)};
inline constexpr std::array kEndpointFields = {
    TANDEM_FIELD(base::Endpoint, address), TANDEM_FIELD(base::Endpoint, port),
    TANDEM_FIELD(base::Endpoint, reserved)};
inline constexpr std::array kHandleFields = {
    TANDEM_FIELD(ServerHandle, index), TANDEM_FIELD(ServerHandle, generation)};
inline constexpr std::array kFlowFields = {
    TANDEM_FIELD(Flow, remote), TANDEM_FIELD(Flow, local), TANDEM_FIELD(Flow, port),
    TANDEM_FIELD(Flow, worker), TANDEM_FIELD(Flow, reserved)};
inline constexpr std::array kMessageExtentFields = {
    TANDEM_FIELD(MessageExtent, index_bytes), TANDEM_FIELD(MessageExtent, message_bytes)};
inline constexpr std::array kRequestEventFields = {
    TANDEM_FIELD(RequestEvent, transaction), TANDEM_FIELD(RequestEvent, received_ns),
    TANDEM_FIELD(RequestEvent, flow), TANDEM_FIELD(RequestEvent, message)};
inline constexpr std::array kResponseEventFields = {
    TANDEM_FIELD(ResponseEvent, transaction), TANDEM_FIELD(ResponseEvent, user),
    TANDEM_FIELD(ResponseEvent, received_ns), TANDEM_FIELD(ResponseEvent, flow),
    TANDEM_FIELD(ResponseEvent, message)};
inline constexpr std::array kCancelEventFields = {
    TANDEM_FIELD(CancelEvent, transaction), TANDEM_FIELD(CancelEvent, invite),
    TANDEM_FIELD(CancelEvent, received_ns), TANDEM_FIELD(CancelEvent, flow),
    TANDEM_FIELD(CancelEvent, message)};
inline constexpr std::array kAckEventFields = {
    TANDEM_FIELD(AckEvent, invite), TANDEM_FIELD(AckEvent, received_ns),
    TANDEM_FIELD(AckEvent, flow), TANDEM_FIELD(AckEvent, message)};
inline constexpr std::array kTimeoutEventFields = {
    TANDEM_FIELD(TimeoutEvent, handle), TANDEM_FIELD(TimeoutEvent, user),
    TANDEM_FIELD(TimeoutEvent, at_ns), TANDEM_FIELD(TimeoutEvent, kind),
    TANDEM_FIELD(TimeoutEvent, reserved)};
inline constexpr std::array kStrayEventFields = {
    TANDEM_FIELD(StrayEvent, received_ns), TANDEM_FIELD(StrayEvent, flow),
    TANDEM_FIELD(StrayEvent, message)};
inline constexpr std::array kOrphanEventFields = {
    TANDEM_FIELD(OrphanEvent, handle), TANDEM_FIELD(OrphanEvent, at_ns),
    TANDEM_FIELD(OrphanEvent, flow), TANDEM_FIELD(OrphanEvent, message),
    TANDEM_FIELD(OrphanEvent, to_tag_bytes), TANDEM_FIELD(OrphanEvent, kind),
    TANDEM_FIELD(OrphanEvent, reserved)};
inline constexpr std::array kClientSlotsEventFields = {
    TANDEM_FIELD(ClientSlotsEvent, count), TANDEM_FIELD(ClientSlotsEvent, reserved)};
inline constexpr std::array kSendRequestCommandFields = {
    TANDEM_FIELD(SendRequestCommand, transaction), TANDEM_FIELD(SendRequestCommand, invite),
    TANDEM_FIELD(SendRequestCommand, user), TANDEM_FIELD(SendRequestCommand, flow),
    TANDEM_FIELD(SendRequestCommand, message)};
inline constexpr std::array kSendResponseCommandFields = {
    TANDEM_FIELD(SendResponseCommand, transaction), TANDEM_FIELD(SendResponseCommand, status_code),
    TANDEM_FIELD(SendResponseCommand, flags), TANDEM_FIELD(SendResponseCommand, rseq),
    TANDEM_FIELD(SendResponseCommand, message)};
inline constexpr std::array kSendAckCommandFields = {
    TANDEM_FIELD(SendAckCommand, invite), TANDEM_FIELD(SendAckCommand, flow),
    TANDEM_FIELD(SendAckCommand, message)};
inline constexpr std::array kStopRepeatingCommandFields = {
    TANDEM_FIELD(StopRepeatingCommand, transaction), TANDEM_FIELD(StopRepeatingCommand, rseq),
    TANDEM_FIELD(StopRepeatingCommand, reserved)};
inline constexpr std::array kReturnSlotsCommandFields = {
    TANDEM_FIELD(ReturnSlotsCommand, count), TANDEM_FIELD(ReturnSlotsCommand, reserved)};
inline constexpr std::array kMessageIndexFields = {
    TANDEM_FIELD(sipparse::MessageIndex, total_bytes),
    TANDEM_FIELD(sipparse::MessageIndex, header_count),
    TANDEM_FIELD(sipparse::MessageIndex, status_code), TANDEM_FIELD(sipparse::MessageIndex, kind),
    TANDEM_FIELD(sipparse::MessageIndex, method),
    TANDEM_FIELD(sipparse::MessageIndex, method_text),
    TANDEM_FIELD(sipparse::MessageIndex, request_uri),
    TANDEM_FIELD(sipparse::MessageIndex, version), TANDEM_FIELD(sipparse::MessageIndex, reason),
    TANDEM_FIELD(sipparse::MessageIndex, body), TANDEM_FIELD(sipparse::MessageIndex, cseq_number),
    TANDEM_FIELD(sipparse::MessageIndex, present), TANDEM_FIELD(sipparse::MessageIndex, first),
    TANDEM_FIELD(sipparse::MessageIndex, error_offset),
    TANDEM_FIELD(sipparse::MessageIndex, lines)};
inline constexpr std::array kHeaderLineFields = {
    TANDEM_FIELD(sipparse::HeaderLine, name_offset),
    TANDEM_FIELD(sipparse::HeaderLine, value_offset),
    TANDEM_FIELD(sipparse::HeaderLine, value_bytes),
    TANDEM_FIELD(sipparse::HeaderLine, id), TANDEM_FIELD(sipparse::HeaderLine, next)};
inline constexpr std::array kNoteFields = {
    TANDEM_FIELD(Note, time_ns), TANDEM_FIELD(Note, call_id_hash), TANDEM_FIELD(Note, remote),
    TANDEM_FIELD(Note, local), TANDEM_FIELD(Note, cseq), TANDEM_FIELD(Note, message_bytes),
    TANDEM_FIELD(Note, status), TANDEM_FIELD(Note, flags), TANDEM_FIELD(Note, method),
    TANDEM_FIELD(Note, direction), TANDEM_FIELD(Note, text_bytes), TANDEM_FIELD(Note, worker),
    TANDEM_FIELD(Note, text), TANDEM_FIELD(Note, reserved)};
inline constexpr std::array kNoteSlotFields = {
    TANDEM_FIELD(NoteSlot, sequence), TANDEM_FIELD(NoteSlot, words)};
inline constexpr std::array kNoteRingFields = {TANDEM_FIELD(NoteRing, written)};
inline constexpr std::array kTraceListFields = {
    TANDEM_FIELD(TraceList, session), TANDEM_FIELD(TraceList, count),
    TANDEM_FIELD(TraceList, notes)};
inline constexpr std::array kTraceNoteFields = {
    TANDEM_FIELD(TraceNote, time_ns), TANDEM_FIELD(TraceNote, remote),
    TANDEM_FIELD(TraceNote, local), TANDEM_FIELD(TraceNote, counter),
    TANDEM_FIELD(TraceNote, number), TANDEM_FIELD(TraceNote, port),
    TANDEM_FIELD(TraceNote, stage), TANDEM_FIELD(TraceNote, kind),
    TANDEM_FIELD(TraceNote, text_bytes), TANDEM_FIELD(TraceNote, reserved),
    TANDEM_FIELD(TraceNote, text)};

#undef TANDEM_FIELD

#define TANDEM_STRUCT(type, fields, role) StructRow{#type, sizeof(type), role, fields}

inline constexpr std::array kLayoutStructs = {
    TANDEM_STRUCT(RegionHeader, kRegionHeaderFields, "at offset 0 of the region"),
    TANDEM_STRUCT(RegionFacts, kRegionFactsFields, "written before the version, never after"),
    TANDEM_STRUCT(RegionLimits, kRegionLimitsFields, "what the dataplane was started with"),
    TANDEM_STRUCT(WorkerPlace, kWorkerPlaceFields, "where the parts of one worker lie"),
    TANDEM_STRUCT(RingPlace, kRingPlaceFields, "where a ring lies"),
    TANDEM_STRUCT(DataplaneLine, kDataplaneLineFields, "written by the dataplane's main thread"),
    TANDEM_STRUCT(ControlplaneLine, kControlplaneLineFields, "written by the core's thread"),
    TANDEM_STRUCT(AttachRequestLine, kAttachRequestLineFields,
                  "one per worker, written by the core's thread"),
    TANDEM_STRUCT(AttachGrantLine, kAttachGrantLineFields, "one per worker, written by it"),
    TANDEM_STRUCT(RingCursors, kRingCursorsFields, "of each ring"),
    TANDEM_STRUCT(ProducerLine, kProducerLineFields, "written by the producer"),
    TANDEM_STRUCT(ConsumerLine, kConsumerLineFields, "written by the consumer"),
    TANDEM_STRUCT(RecordHeader, kRecordHeaderFields, "in front of each record"),
    TANDEM_STRUCT(RequestEvent, kRequestEventFields, "event 1"),
    TANDEM_STRUCT(ResponseEvent, kResponseEventFields, "event 2"),
    TANDEM_STRUCT(CancelEvent, kCancelEventFields, "event 3"),
    TANDEM_STRUCT(AckEvent, kAckEventFields, "event 4"),
    TANDEM_STRUCT(TimeoutEvent, kTimeoutEventFields, "events 5 and 6"),
    TANDEM_STRUCT(StrayEvent, kStrayEventFields, "event 7"),
    TANDEM_STRUCT(ClientSlotsEvent, kClientSlotsEventFields, "event 8; `count` handles follow"),
    TANDEM_STRUCT(OrphanEvent, kOrphanEventFields,
                  "event 9; `to_tag_bytes` of text follow the message"),
    TANDEM_STRUCT(SendRequestCommand, kSendRequestCommandFields, "command 1"),
    TANDEM_STRUCT(SendResponseCommand, kSendResponseCommandFields, "command 2"),
    TANDEM_STRUCT(SendAckCommand, kSendAckCommandFields, "command 3"),
    TANDEM_STRUCT(StopRepeatingCommand, kStopRepeatingCommandFields, "command 4"),
    TANDEM_STRUCT(ReturnSlotsCommand, kReturnSlotsCommandFields,
                  "command 5; `count` handles follow"),
    TANDEM_STRUCT(ServerHandle, kHandleFields, "names a transaction; ClientHandle is the same"),
    TANDEM_STRUCT(Flow, kFlowFields, "where a message came from or goes to"),
    TANDEM_STRUCT(base::Endpoint, kEndpointFields, "IPv4 address and UDP port, host byte order"),
    TANDEM_STRUCT(MessageExtent, kMessageExtentFields, "lengths of what follows the struct"),
    TANDEM_STRUCT(sipparse::MessageIndex, kMessageIndexFields,
                  "in events; only the lines in use are written"),
    TANDEM_STRUCT(sipparse::HeaderLine, kHeaderLineFields, "one header line of an index"),
    TANDEM_STRUCT(NoteRing, kNoteRingFields, "in front of the note slots of a worker"),
    TANDEM_STRUCT(NoteSlot, kNoteSlotFields, "one note with its sequence number"),
    TANDEM_STRUCT(Note, kNoteFields, "what is in the words of a slot"),
    TANDEM_STRUCT(TraceList, kTraceListFields, "per worker two: its own, the core's"),
    TANDEM_STRUCT(TraceNote, kTraceNoteFields, "one stage a followed packet visited"),
};

#undef TANDEM_STRUCT

#define TANDEM_NUMBER(type, name) NumberRow{#type, #name, static_cast<std::uint64_t>(type::name)}

inline constexpr std::array kLayoutNumbers = {
    TANDEM_NUMBER(EventType, Request), TANDEM_NUMBER(EventType, Response),
    TANDEM_NUMBER(EventType, Cancel), TANDEM_NUMBER(EventType, Ack),
    TANDEM_NUMBER(EventType, Timeout), TANDEM_NUMBER(EventType, TransportFailure),
    TANDEM_NUMBER(EventType, Stray), TANDEM_NUMBER(EventType, ClientSlots),
    TANDEM_NUMBER(EventType, Orphan),
    TANDEM_NUMBER(CommandType, SendRequest), TANDEM_NUMBER(CommandType, SendResponse),
    TANDEM_NUMBER(CommandType, SendAck), TANDEM_NUMBER(CommandType, StopRepeating),
    TANDEM_NUMBER(CommandType, ReturnSlots),
    TANDEM_NUMBER(TimeoutKind, ClientFinal), TANDEM_NUMBER(TimeoutKind, ServerAck),
    TANDEM_NUMBER(TimeoutKind, TwoXxAck), TANDEM_NUMBER(TimeoutKind, ReliableProvisional),
    TANDEM_NUMBER(TimeoutKind, TransportClient), TANDEM_NUMBER(TimeoutKind, TransportServer),
    TANDEM_NUMBER(OrphanKind, Request), TANDEM_NUMBER(OrphanKind, Invite),
    TANDEM_NUMBER(OrphanKind, Refused),
    TANDEM_NUMBER(SendResponseCommand, ReliableProvisional),
    TANDEM_NUMBER(NoteDirection, In), TANDEM_NUMBER(NoteDirection, Out),
    NumberRow{"NoteFlags", "kRetransmission", NoteFlags::kRetransmission},
    NumberRow{"NoteFlags", "kByDataplane", NoteFlags::kByDataplane},
    NumberRow{"NoteFlags", "kHasSdp", NoteFlags::kHasSdp},
    NumberRow{"NoteFlags", "kDropped", NoteFlags::kDropped},
    TANDEM_NUMBER(TraceKind, Arrived), TANDEM_NUMBER(TraceKind, Visited),
    TANDEM_NUMBER(TraceKind, Sent), TANDEM_NUMBER(TraceKind, Counted),
    NumberRow{"limit", "kWorkersMax", kWorkersMax},
    NumberRow{"limit", "kRingBytesMin", kRingBytesMin},
    NumberRow{"limit", "kRingBytesMax", kRingBytesMax},
    NumberRow{"limit", "kRingRecordsMin", kRingRecordsMin},
    NumberRow{"limit", "kSlotsPerRecordMax", kSlotsPerRecordMax},
    NumberRow{"limit", "kOrphanTagBytesMax", transaction::kOrphanTagBytesMax},
    NumberRow{"limit", "kTracePacketsMax", kTracePacketsMax},
    NumberRow{"limit", "kTraceNotesMax", kTraceNotesMax},
    NumberRow{"limit", "kMessageBytesMax", sipparse::kMessageBytesMax},
    NumberRow{"limit", "kHeaderLinesMax", sipparse::kHeaderLinesMax},
};

#undef TANDEM_NUMBER

// clang-format on

// FNV-1a over everything above, the counters, the stages, the methods and the header ids.
class LayoutHash {
  public:
    constexpr void add(std::string_view text) noexcept {
        for (const char character : text) {
            add_byte(static_cast<std::uint8_t>(character));
        }
        add_byte(0);
    }

    constexpr void add(std::uint64_t number) noexcept {
        for (unsigned shift = 0; shift < 64; shift += 8) {
            add_byte(static_cast<std::uint8_t>(number >> shift));
        }
    }

    [[nodiscard]] constexpr std::uint64_t value() const noexcept { return value_; }

  private:
    constexpr void add_byte(std::uint8_t byte) noexcept {
        value_ = (value_ ^ byte) * 0x100000001B3;
    }

    std::uint64_t value_ = 0xCBF29CE484222325;
};

consteval std::uint64_t compute_layout_hash() noexcept {
    LayoutHash hash;
    for (const auto& row : kLayoutStructs) {
        hash.add(row.name);
        hash.add(row.bytes);
        for (const auto& field : row.fields) {
            hash.add(field.name);
            hash.add(field.offset);
            hash.add(field.bytes);
        }
    }
    for (const auto& row : kLayoutNumbers) {
        hash.add(row.name);
        hash.add(row.value);
    }
    for (const auto& row : kCounters) {
        hash.add(row.name);
    }
    for (const auto& row : base::kStageRows) {
        hash.add(row.name);
    }
    for (const auto name : sipparse::kMethodNames) {
        hash.add(name);
    }
    for (const auto& row : sipparse::kHeaderRows) {
        hash.add(row.name);
    }
    return hash.value();
}

inline constexpr std::uint64_t kLayoutHash = compute_layout_hash();

} // namespace tandem::shm
