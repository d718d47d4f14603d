// SPDX-License-Identifier: Apache-2.0
//
// Layer: the front of the room. Hands each input to its verb and counts for status().
#include "transaction/layer.hpp"

#include <algorithm>

#include "transaction/verbs.hpp"

namespace tandem::transaction {
namespace {

template <typename Pool>
PoolStatus pool_status(const Pool& pool) noexcept {
    return {.used = pool.in_use(), .limit = pool.capacity()};
}

void earliest(base::MonotonicNs& first, base::MonotonicNs candidate) noexcept {
    first = first == 0 ? candidate : std::min(first, candidate);
}

void earliest_of_queue(const Tables& tables,
                       const LingeringQueue& queue,
                       base::MonotonicNs& first) noexcept {
    if (queue.first != ClientSlot::kNone) {
        earliest(first, tables.lingering.at(queue.first)->deadline);
    }
}

} // namespace

Layer::Layer(const LayerOptions& options, Output& output)
    : tables_(std::make_unique<Tables>(options, output)) {} // at construction

Layer::~Layer() {
    // Timer nodes lie in pooled objects that are destroyed before the wheel's owner forgets them.
    tables_->servers.for_each(
        [this](ServerHandle, ServerTransaction& server) { tables_->wheel.cancel(server.timer); });
    tables_->clients.for_each(
        [this](auto, ClientTransaction& client) { tables_->wheel.cancel(client.timer); });
}

void Layer::watch(base::StageWatcher* watcher) {
    tables_->visits.watch(watcher);
}

void Layer::receive(const InboundMessage& message) {
    tables_->visits.visit(base::Stage::Transactions);
    if (message.view.is_request()) {
        receive_request(*tables_, message);
    } else {
        receive_response(*tables_, message);
    }
}

void Layer::answer_bad(const InboundMessage& message, sipparse::ParseError error) {
    tables_->visits.visit(base::Stage::Transactions);
    answer_bad_message(*tables_, message, error);
}

void Layer::send_request(const SendRequest& command) {
    tables_->visits.visit(base::Stage::Transactions);
    command_request(*tables_, command);
}

void Layer::send_response(const SendResponse& command) {
    tables_->visits.visit(base::Stage::Transactions);
    command_response(*tables_, command);
}

void Layer::send_ack(const SendAck& command) {
    tables_->visits.visit(base::Stage::Transactions);
    command_ack(*tables_, command);
}

void Layer::stop_repeating(const StopRepeating& command) {
    tables_->visits.visit(base::Stage::Transactions);
    command_stop_repeating(*tables_, command);
}

void Layer::return_slot(ClientHandle handle) {
    tables_->visits.visit(base::Stage::Transactions);
    const ClientSlot* const slot = tables_->slots.find(handle);
    if (slot == nullptr || slot->place != SlotPlace::Core) {
        tables_->output.count(Counter::CommandStaleHandle);
        return;
    }
    tables_->slots.release(handle.index);
}

void Layer::undelivered(std::string_view message, base::MonotonicNs now) {
    tables_->visits.visit(base::Stage::Transactions);
    transaction::undelivered(*tables_, message, now);
}

void Layer::expire(base::MonotonicNs now) {
    transaction::expire(*tables_, now);
}

base::MonotonicNs Layer::next_deadline() const {
    base::MonotonicNs first = tables_->wheel.next_deadline().value_or(0);
    earliest_of_queue(*tables_, tables_->short_queue, first);
    earliest_of_queue(*tables_, tables_->long_queue, first);
    const bool has_slots = !tables_->core_absent && tables_->slots.count(SlotPlace::Free) > 0;
    const bool has_orphans = !tables_->core_absent && !tables_->sweep.is_over;
    if (has_slots || has_orphans || tables_->slots.first_telling() != ClientSlot::kNone) {
        earliest(first, tables_->last_expire + base::kNsPerMs);
    }
    return first;
}

void Layer::core_absent(bool absent) {
    tables_->core_absent = absent;
}

void Layer::offer_slots() {
    tables_->slots.take_back();
    begin_orphan_sweep(*tables_);
}

LayerStatus Layer::status() const {
    LayerStatus status;
    status.server_live = pool_status(tables_->servers);
    status.client_live = pool_status(tables_->clients);
    status.lingering = pool_status(tables_->lingering);
    status.forks = pool_status(tables_->forks);
    status.refusals = {.used = tables_->states.refused,
                       .limit = tables_->options.limits.refusals_max};
    for (std::size_t size_class = 0; size_class < status.buffers.size(); ++size_class) {
        status.buffers[size_class] = tables_->messages.status(size_class);
    }
    status.orphans = tables_->orphans;
    const ClientSlots& slots = tables_->slots;
    status.slots_free = slots.count(SlotPlace::Free) + slots.count(SlotPlace::Telling);
    status.slots_core = slots.count(SlotPlace::Core);
    status.slots_in_use = slots.count(SlotPlace::Live) + slots.count(SlotPlace::Lingering);
    status.timers_armed = static_cast<std::uint32_t>(tables_->wheel.armed_count());
    status.invite_server = tables_->states.invite_server;
    status.non_invite_server = tables_->states.non_invite_server;
    status.invite_client = tables_->states.invite_client;
    status.non_invite_client = tables_->states.non_invite_client;
    return status;
}

} // namespace tandem::transaction
