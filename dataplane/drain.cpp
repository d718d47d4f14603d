// SPDX-License-Identifier: Apache-2.0
//
// Stage drain: one record, one call of the layer. A record that cannot be read is counted and
// skipped; what it names is checked by the layer, where it leaves from by the egress stages. Runs
// on the worker.
#include "dataplane/drain.hpp"

#include <algorithm>
#include <array>
#include <variant>

#include "sipparse/writer.hpp"
#include "transaction/layer.hpp"

namespace tandem::dataplane {

namespace {

using shm::CounterId;

// Calls the layer with what a command says.
struct Executor {
    transaction::Layer& layer;
    base::MonotonicNs now;

    void operator()(const shm::SendRequestView& view) const {
        layer.send_request({.transaction = view.command.transaction,
                            .invite = view.command.invite,
                            .user = view.command.user,
                            .flow = view.command.flow,
                            .message = view.message,
                            .now = now});
    }

    void operator()(const shm::SendResponseView& view) const {
        const bool reliable =
            (view.command.flags & shm::SendResponseCommand::ReliableProvisional) != 0;
        layer.send_response({.transaction = view.command.transaction,
                             .reliable = reliable,
                             .rseq = view.command.rseq,
                             .message = view.message,
                             .now = now});
    }

    void operator()(const shm::SendAckView& view) const {
        layer.send_ack({.invite = view.command.invite,
                        .flow = view.command.flow,
                        .message = view.message,
                        .now = now});
    }

    void operator()(const shm::StopRepeatingView& view) const {
        layer.stop_repeating({.transaction = view.command.transaction, .rseq = view.command.rseq});
    }

    void operator()(const shm::ReturnSlotsView& view) const {
        for (std::size_t i = 0; i < view.slots.size(); ++i) {
            layer.return_slot(view.slots[i]);
        }
    }
};

} // namespace

void Drain::execute(const shm::Record& record) noexcept {
    if (state_->trace.is_on()) [[unlikely]] {
        state_->trace.enter(record.trace);
        visit(*state_, StageId::Drain);
    }
    const auto command = reader_.read(record);
    if (!command) {
        count(*state_, CounterId::RecordBad);
        return;
    }
    std::visit(Executor{*state_->layer, state_->now}, command.value());
}

std::uint32_t Drain::execute_up_to(std::size_t limit) noexcept {
    shm::RingConsumer& commands = link_->commands();
    std::uint32_t executed = 0;
    while (executed < limit) {
        const auto record = commands.peek();
        if (!record) {
            break;
        }
        execute(*record);
        commands.release();
        ++executed;
    }
    return executed;
}

// Via received and rport tell the sender where it was seen (RFC 3261 18.2.1, RFC 3581 4).
void Drain::refuse_unread(const shm::Record& record) noexcept {
    const auto event = unread_.read(record);
    const auto* const request = event ? std::get_if<shm::RequestView>(&event.value()) : nullptr;
    if (request == nullptr) {
        return;
    }
    std::array<char, base::kIpv4TextBytesMax> received; // NOLINT(*-pro-type-member-init): out
    const char* const end = base::write_ipv4(request->event.flow.remote.address, received.data());
    constexpr std::array kHeaders = {
        sipparse::ExtraHeader{.id = sipparse::HeaderId::RetryAfter, .value = "2"}};
    // The tag need only be there: nothing is kept of a refused request (RFC 3261 8.2.6.2).
    const std::string_view message = sipparse::write_response(
        request->message,
        {.status_code = 503,
         .reason = "Service Unavailable",
         .to_tag = "unread",
         .received = {received.data(), static_cast<std::size_t>(end - received.data())},
         .rport = request->event.flow.remote.port,
         .headers = kHeaders},
        state_->refusal);
    if (message.empty()) {
        return;
    }
    count(*state_, CounterId::RequestsUnread);
    state_->layer->send_response(
        {.transaction = request->event.transaction, .message = message, .now = state_->now});
}

// What the core said before it died is still done; what it did not read it cannot answer any more.
void Drain::close() noexcept {
    // A ring holds no more records than this, and a core that goes on writing must not hold us.
    (void)execute_up_to(commands_.capacity_bytes / sizeof(shm::RecordHeader));
    state_->layer->core_absent(true);
    // Requests of this very burst are committed and not yet published: they count as unread too.
    link_->events().publish();
    link_->for_each_unread([this](const shm::Record& record) { refuse_unread(record); });
}

// A tail that makes no sense counts as a full ring; the consumer finds out when it reads.
std::uint64_t Drain::waiting_bytes() const noexcept {
    const std::uint64_t waiting =
        commands_.cursors->producer.tail_bytes.load(std::memory_order_relaxed) -
        commands_.cursors->consumer.head_bytes.load(std::memory_order_relaxed);
    return std::min<std::uint64_t>(waiting, commands_.capacity_bytes);
}

void Drain::run() noexcept {
    switch (link_->poll()) {
    case shm::LinkChange::Opened:
        state_->layer->core_absent(false);
        state_->layer->offer_slots();
        break;
    case shm::LinkChange::Closed:
        close();
        break;
    case shm::LinkChange::None:
        break;
    }
    if (!link_->is_open()) {
        return;
    }
    if (const std::uint64_t waiting = waiting_bytes(); waiting > 0) {
        state_->rings.command_peak_bytes.raise_to(waiting);
        state_->work += execute_up_to(kCommandsPerBurst);
    }
}

void drain_run(WorkerState& state) noexcept {
    if (state.drain != nullptr) {
        state.drain->run();
    }
}

} // namespace tandem::dataplane
