// SPDX-License-Identifier: Apache-2.0
//
// The core acknowledges a final response of one of its INVITEs: the ACK is sent, and kept to answer
// the repetitions of that response (17.1.1.3, 13.2.2.4).
#include "sipparse/index.hpp"
#include "transaction/match_key.hpp"
#include "transaction/verbs.hpp"

namespace tandem::transaction {
namespace {

// Where the ACK of a To-tag is kept.
struct AckPlace {
    Flow* flow = nullptr;
    StoredMessage* bytes = nullptr;
};

AckPlace find_place(Tables& tables, Lingering& record, std::uint64_t tag_key) noexcept {
    if (record.ack_key == tag_key) {
        return {&record.flow, &record.bytes};
    }
    for (std::uint32_t index = record.first_fork; index != ClientSlot::kNone;) {
        Fork& fork = *tables.forks.at(index);
        if (fork.tag_key == tag_key) {
            return {&fork.flow, &fork.ack};
        }
        index = fork.next;
    }
    return {};
}

void send_now(Tables& tables, const SendAck& command, const sipparse::MessageView& view) noexcept {
    // A failed ACK is not reported: the peer repeats its response, and the ACK goes out again.
    send(tables,
         {.flow = command.flow,
          .bytes = view.message(),
          .body = view.body(),
          .call = call_of(tables, view),
          .cseq_number = view.cseq_number(),
          .method = sipparse::Method::Ack,
          .now = command.now});
}

void keep(Tables& tables,
          const AckPlace& place,
          const SendAck& command,
          const sipparse::MessageView& view) noexcept {
    tables.messages.release(*place.bytes);
    *place.bytes = tables.messages.put(view.message());
    *place.flow = command.flow;
    if (!place.bytes->is_set()) {
        tables.output.count(Counter::FullBuffers);
    }
}

} // namespace

void command_ack(Tables& tables, const SendAck& command) noexcept {
    tables.visits.visit(base::Stage::ClientAck);
    if (sipparse::index_datagram(command.message, tables.command_index) !=
        sipparse::ParseError::None) {
        tables.output.count(Counter::CommandUnreadable);
        return;
    }
    const sipparse::MessageView view{command.message, &tables.command_index};
    if (!view.is_request() || view.method() != sipparse::Method::Ack) {
        tables.output.count(Counter::CommandUnreadable);
        return;
    }
    if (!command.invite.is_set()) {
        send_now(tables, command, view);
        return;
    }
    const ClientSlot* const slot = tables.slots.find(command.invite);
    if (slot == nullptr ||
        (slot->place != SlotPlace::Lingering && slot->place != SlotPlace::Live)) {
        tables.output.count(Counter::CommandStaleHandle);
        return;
    }
    Lingering* const record =
        slot->place == SlotPlace::Lingering ? tables.lingering.at(slot->record) : nullptr;
    const bool has_final = record != nullptr && record->method == sipparse::Method::Invite &&
                           record->cseq_number == view.cseq_number();
    const AckPlace place =
        has_final ? find_place(tables, *record, to_tag_key(view, tables.options.hash_key))
                  : AckPlace{};
    if (place.bytes == nullptr) {
        tables.output.count(Counter::CommandOutOfState); // nothing to acknowledge under that tag
        return;
    }
    keep(tables, place, command, view);
    if (record->kind == LingeringKind::InviteClientUnacked) {
        record->kind = LingeringKind::InviteClientCompleted;
    }
    send_now(tables, command, view);
}

} // namespace tandem::transaction
