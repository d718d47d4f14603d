// SPDX-License-Identifier: Apache-2.0
//
// Stage publish: events into the ring, bytes to the egress stages, counts and notes to shared
// memory. The one system call, the doorbell, is made once per burst and only for a core that
// sleeps. Runs on the worker, inside calls of the transaction layer.
#include "dataplane/publish.hpp"

#include <algorithm>

#include "dataplane/counter_map.hpp"
#include "dataplane/egress/udp.hpp"
#include "shm/write_record.hpp"

namespace tandem::dataplane {

namespace {

constexpr bool is_line_end(char c) noexcept {
    return c == '\r' || c == '\n';
}

// Without the line ends in front, up to the end of the line. No search of the library: it calls a
// function for each character of the set.
std::string_view start_line_of(std::string_view bytes) noexcept {
    while (!bytes.empty() && is_line_end(bytes.front())) {
        bytes.remove_prefix(1);
    }
    std::size_t end = 0;
    while (end < bytes.size() && !is_line_end(bytes[end])) {
        ++end;
    }
    return bytes.substr(0, end);
}

// Of a status line: "Ringing" in "SIP/2.0 180 Ringing"; empty for a request.
std::string_view reason_of(std::string_view bytes) noexcept {
    constexpr std::string_view kBeforeReason = "SIP/2.0 180 ";
    const auto line = start_line_of(bytes);
    return line.substr(std::min(kBeforeReason.size(), line.size()));
}

std::string_view method_of(std::string_view bytes) noexcept {
    const auto line = start_line_of(bytes);
    return line.substr(0, line.find(' '));
}

// Repetitions come without an index.
bool has_sdp(const transaction::Note& note) noexcept {
    constexpr std::string_view kSdp = "v=0";
    return note.body ? note.body->starts_with(kSdp)
                     : note.bytes.find("\r\n\r\nv=0") != std::string_view::npos;
}

// What a reader of the ladder wants besides numbers: words of the start line, and whether an offer
// or answer went along.
void describe(const transaction::Note& note, shm::Note& out) noexcept {
    if (note.status_code != 0) {
        out.set_text(reason_of(note.bytes));
    } else if (note.method == sipparse::Method::Other) {
        out.set_text(method_of(note.bytes));
    }
    if (has_sdp(note)) {
        out.flags |= shm::NoteFlags::kHasSdp;
    }
}

} // namespace

using shm::CounterId;
using transaction::ClientHandle;
using transaction::InboundMessage;
using transaction::ServerHandle;

shm::RingProducer* Publisher::ring() const noexcept {
    if (options_.link == nullptr || !options_.link->is_open()) {
        return nullptr;
    }
    visit(*options_.state, StageId::Publish);
    shm::RingProducer& events = options_.link->events();
    events.mark(options_.state->trace.current());
    return &events;
}

bool Publisher::published(bool written) noexcept {
    is_dirty_ = is_dirty_ || written;
    return written;
}

bool Publisher::transmit(const transaction::Flow& flow, std::string_view bytes) {
    return egress::udp_send(*options_.state, flow, bytes);
}

bool Publisher::publish_request(ServerHandle transaction, const InboundMessage& message) {
    shm::RingProducer* const events = ring();
    return events != nullptr && published(shm::write_request(*events,
                                                             {.transaction = transaction,
                                                              .received_ns = message.now,
                                                              .flow = message.flow,
                                                              .message = {}},
                                                             *message.view.index,
                                                             message.view.bytes));
}

bool Publisher::publish_response(ClientHandle transaction,
                                 std::uint64_t user,
                                 const InboundMessage& message) {
    shm::RingProducer* const events = ring();
    return events != nullptr && published(shm::write_response(*events,
                                                              {.transaction = transaction,
                                                               .user = user,
                                                               .received_ns = message.now,
                                                               .flow = message.flow,
                                                               .message = {}},
                                                              *message.view.index,
                                                              message.view.bytes));
}

bool Publisher::publish_cancel(ServerHandle cancel,
                               ServerHandle invite,
                               const InboundMessage& message) {
    shm::RingProducer* const events = ring();
    return events != nullptr && published(shm::write_cancel(*events,
                                                            {.transaction = cancel,
                                                             .invite = invite,
                                                             .received_ns = message.now,
                                                             .flow = message.flow,
                                                             .message = {}},
                                                            *message.view.index,
                                                            message.view.bytes));
}

bool Publisher::publish_ack(ServerHandle invite, const InboundMessage& message) {
    shm::RingProducer* const events = ring();
    return events != nullptr &&
           published(shm::write_ack(
               *events,
               {.invite = invite, .received_ns = message.now, .flow = message.flow, .message = {}},
               *message.view.index,
               message.view.bytes));
}

bool Publisher::publish_timeout(const transaction::Timeout& timeout) {
    shm::RingProducer* const events = ring();
    return events != nullptr && published(shm::write_timeout(*events,
                                                             {.handle = timeout.handle,
                                                              .user = timeout.user,
                                                              .at_ns = timeout.at,
                                                              .kind = timeout.kind}));
}

bool Publisher::publish_stray(const InboundMessage& message) {
    shm::RingProducer* const events = ring();
    const bool written =
        events != nullptr && published(shm::write_stray(
                                 *events,
                                 {.received_ns = message.now, .flow = message.flow, .message = {}},
                                 *message.view.index,
                                 message.view.bytes));
    if (written) {
        options_.state->counters.add(CounterId::StraysPublished);
    }
    return written;
}

bool Publisher::publish_orphan(const transaction::Orphan& orphan) {
    shm::RingProducer* const events = ring();
    return events != nullptr && published(shm::write_orphan(*events,
                                                            {.handle = orphan.handle,
                                                             .at_ns = orphan.at,
                                                             .flow = orphan.flow,
                                                             .message = {},
                                                             .kind = orphan.kind},
                                                            orphan.message,
                                                            orphan.to_tag));
}

bool Publisher::publish_client_slots(std::span<const ClientHandle> slots) {
    shm::RingProducer* const events = ring();
    return events != nullptr && published(shm::write_client_slots(*events, slots));
}

void Publisher::count(transaction::Counter counter) {
    dataplane::count(*options_.state, kCounterMap[static_cast<std::size_t>(counter)].to);
}

void Publisher::note(const transaction::Note& note) {
    const bool is_out = note.direction == transaction::Direction::Out;
    if (is_out && !note.repeated) {
        options_.state->counters.add(note.status_code == 0 ? CounterId::SipRequestsSent
                                                           : CounterId::SipResponsesSent);
    }
    const auto repeated = note.repeated ? shm::NoteFlags::kRetransmission : std::uint16_t{0};
    const auto own = note.own ? shm::NoteFlags::kByDataplane : std::uint16_t{0};
    shm::Note out;
    out.time_ns = note.at;
    out.call_id_hash = note.call;
    out.remote = note.flow.remote;
    out.local = note.flow.local;
    out.cseq = note.cseq_number;
    out.status = note.status_code;
    out.flags = static_cast<std::uint16_t>(repeated | own);
    out.method = static_cast<std::uint8_t>(note.method);
    out.direction = is_out ? shm::NoteDirection::Out : shm::NoteDirection::In;
    out.worker = static_cast<std::uint8_t>(options_.state->worker);
    describe(note, out);
    options_.notes.write(out);
}

void Publisher::end_burst() noexcept {
    shm::RingProducer* const events =
        options_.link != nullptr && options_.link->is_open() ? &options_.link->events() : nullptr;
    if (events == nullptr || !is_dirty_) {
        return;
    }
    is_dirty_ = false;
    events->publish();
    options_.state->rings.event_peak_bytes.raise_to(events->used_bytes());
    if (options_.doorbell_fd >= 0 && events->ring_doorbell_if_asleep(options_.doorbell_fd)) {
        options_.state->counters.add(CounterId::DoorbellsRung);
    }
}

void publish_run(WorkerState& state) noexcept {
    if (state.publisher != nullptr) {
        state.publisher->end_burst();
    }
}

} // namespace tandem::dataplane
