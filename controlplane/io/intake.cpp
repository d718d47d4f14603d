// SPDX-License-Identifier: Apache-2.0
//
// Turns what the reader of records found into the core's own words.
#include "controlplane/io/intake.hpp"

namespace tandem::controlplane {

namespace {

struct InputOf {
    std::span<transaction::ClientHandle> slots;

    Input operator()(const shm::RequestView& view) const {
        return RequestInput{.transaction = view.event.transaction,
                            .message = {.view = view.message, .flow = view.event.flow}};
    }

    Input operator()(const shm::ResponseView& view) const {
        return ResponseInput{.transaction = view.event.transaction,
                             .user = view.event.user,
                             .message = {.view = view.message, .flow = view.event.flow}};
    }

    Input operator()(const shm::CancelView& view) const {
        return CancelInput{.transaction = view.event.transaction,
                           .invite = view.event.invite,
                           .message = {.view = view.message, .flow = view.event.flow}};
    }

    Input operator()(const shm::AckView& view) const {
        return AckInput{.invite = view.event.invite,
                        .message = {.view = view.message, .flow = view.event.flow}};
    }

    Input operator()(const shm::StrayView& view) const {
        return StrayInput{.message = {.view = view.message, .flow = view.event.flow}};
    }

    Input operator()(const shm::OrphanView& view) const {
        const auto& event = view.event;
        const bool is_server = event.kind == transaction::OrphanKind::Request;
        const auto server = transaction::ServerHandle::unpack(event.handle);
        const auto client = transaction::ClientHandle::unpack(event.handle);
        return OrphanInput{.kind = event.kind,
                           .server = is_server ? server : transaction::ServerHandle{},
                           .client = is_server ? transaction::ClientHandle{} : client,
                           .message = {.view = view.message, .flow = event.flow},
                           .to_tag = view.to_tag};
    }

    Input operator()(const shm::TimeoutView& view) const {
        return TimeoutInput{
            .kind = view.event.kind, .handle = view.event.handle, .user = view.event.user};
    }

    Input operator()(const shm::ClientSlotsView& view) const {
        for (std::size_t i = 0; i < view.slots.size(); ++i) {
            slots[i] = view.slots[i];
        }
        return SlotsInput{.slots = slots.first(view.slots.size())};
    }
};

} // namespace

std::optional<Input> Intake::next(shm::RingConsumer& ring, CoreTrace& trace) {
    while (const auto record = ring.peek()) {
        trace.begin(record->trace);
        const auto view = reader_.read(*record);
        ++counts_.records;
        if (view) {
            trace.visited(base::Stage::Intake);
            return input_of(*view);
        }
        ++counts_.unreadable;
        trace.end();
        ring.release();
    }
    return std::nullopt;
}

void Intake::release(shm::RingConsumer& ring) {
    ring.release();
}

Input Intake::input_of(const shm::EventView& view) {
    return std::visit(InputOf{.slots = slots_}, view);
}

} // namespace tandem::controlplane
