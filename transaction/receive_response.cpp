// SPDX-License-Identifier: Apache-2.0
//
// A response from the wire. Its branch is ours and names the slot; a branch of another life is the
// core's to place. What cannot be handed up is dropped without a step, so that it is repeated.
#include "base/assert.hpp"
#include "transaction/match_key.hpp"
#include "transaction/timers.hpp"
#include "transaction/verbs.hpp"

namespace tandem::transaction {
namespace {

void publish_stray(Tables& tables, const InboundMessage& message) noexcept {
    if (tables.core_absent) {
        tables.output.count(Counter::DropCoreAbsent);
    } else if (!tables.output.publish_stray(message)) {
        tables.output.count(Counter::DropStrayRingFull);
    }
}

// Hands the response to the core; false: not now, nothing may change.
bool pass_up(Tables& tables, const InboundMessage& message, std::uint32_t slot) noexcept {
    if (tables.core_absent) {
        tables.output.count(Counter::DropCoreAbsent);
        return false;
    }
    if (!tables.output.publish_response(
            tables.slots.handle_of(slot), tables.slots.at(slot).user, message)) {
        tables.output.count(Counter::DropResponseRingFull);
        return false;
    }
    return true;
}

// Of an orphan the core gets what it can act upon: nothing but a 2xx names all there is to say.
bool pass_up_for_invite(Tables& tables,
                        const InboundMessage& message,
                        ClientTransaction& client) noexcept {
    const auto response = response_class(message.view.status_code());
    if (!is_orphan(tables, client.core_life) || response == ResponseClass::Success ||
        (response == ResponseClass::Provisional && client.is_cancelled)) {
        return pass_up(tables, message, client.slot);
    }
    if (tables.core_absent) {
        tables.output.count(Counter::DropCoreAbsent);
        return false;
    }
    const RefusedInvite invite{client.slot, client.flow, client.request};
    const bool is_told = response == ResponseClass::Provisional
                             ? tell_orphaned_invite(tables, client, message.now)
                             : tell_orphaned_refusal(tables, message, invite);
    if (!is_told) {
        tables.output.count(Counter::DropResponseRingFull);
    }
    return is_told;
}

void receive_for_invite(Tables& tables,
                        const InboundMessage& message,
                        ClientTransaction& client) noexcept {
    using invite_client::Action;
    using invite_client::Event;
    constexpr Event kEvents[] = {Event::Provisional, Event::Success, Event::Failure};
    const auto response = response_class(message.view.status_code());
    const auto step =
        invite_client::step(client.invite, kEvents[static_cast<std::size_t>(response)]);
    TANDEM_ASSERT(step.actions.has(Action::PassUp)); // a live one waits for its final response
    if (!pass_up_for_invite(tables, message, client)) {
        return;
    }
    client.invite = step.state;
    client.repeat_at = 0;
    if (step.actions.has(Action::ArmD) || step.actions.has(Action::ArmM)) {
        const LingeringKind kind = step.actions.has(Action::ArmD)
                                       ? LingeringKind::InviteClientUnacked
                                       : LingeringKind::InviteClientAccepted;
        const std::uint64_t tag = to_tag_key(message.view, tables.options.hash_key);
        linger_client(tables, client, kind, tag, message.now);
        return;
    }
    if (!client.is_cancelled && !is_orphan(tables, client.core_life)) {
        client.end_at = message.now + kUnansweredInviteNs;
    }
    arm_client(tables, client);
}

void receive_for_non_invite(Tables& tables,
                            const InboundMessage& message,
                            ClientTransaction& client) noexcept {
    using non_invite_client::Action;
    using non_invite_client::Event;
    const bool is_provisional =
        response_class(message.view.status_code()) == ResponseClass::Provisional;
    const auto step = non_invite_client::step(client.non_invite,
                                              is_provisional ? Event::Provisional : Event::Final);
    TANDEM_ASSERT(step.actions.has(Action::PassUp));
    if (!pass_up(tables, message, client.slot)) {
        return;
    }
    client.non_invite = step.state;
    if (step.actions.has(Action::ArmK)) {
        linger_client(tables, client, LingeringKind::NonInviteClient, 0, message.now);
    } else {
        arm_client(tables, client);
    }
}

// The ACK of one To-tag, when the core has given it.
struct AckOfTag {
    const Flow& flow;
    const StoredMessage& bytes;
};

void send_ack_again(Tables& tables, const InboundMessage& message, const AckOfTag& ack) noexcept {
    tables.output.count(Counter::ResponseRepeated);
    if (!ack.bytes.is_set()) {
        return; // the core holds its ACK back
    }
    tables.output.count(Counter::AckSentAgain);
    send(tables,
         {.flow = ack.flow,
          .bytes = tables.messages.bytes(ack.bytes),
          .call = call_of(tables, message.view),
          .cseq_number = message.view.cseq_number(),
          .method = sipparse::Method::Ack,
          .is_repeated = true,
          .now = message.now});
}

// A 2xx with a To-tag not seen before goes up, as a call of its own (13.2.2.4).
void add_fork(Tables& tables,
              const InboundMessage& message,
              Lingering& record,
              std::uint64_t tag_key) noexcept {
    std::size_t tags = 1;
    std::uint32_t* link = &record.first_fork;
    while (*link != ClientSlot::kNone) {
        link = &tables.forks.at(*link)->next;
        ++tags;
    }
    if (tags >= kToTagsMax || tables.forks.is_full()) {
        tables.output.count(Counter::FullForks);
        return;
    }
    if (!pass_up(tables, message, record.slot)) {
        return;
    }
    const auto handle = tables.forks.create();
    TANDEM_ASSERT(handle.is_set());
    tables.forks.at(handle.index)->tag_key = tag_key;
    *link = handle.index;
}

// The core that died before it acknowledged the 2xx cannot be holding its ACK back.
void receive_known_tag(Tables& tables,
                       const InboundMessage& message,
                       const Lingering& record,
                       const AckOfTag& ack) noexcept {
    note_arrival(tables, message, true);
    if (!ack.bytes.is_set() && is_orphan(tables, record.core_life)) {
        tables.output.count(Counter::ResponseRepeated);
        (void)pass_up(tables, message, record.slot); // counted when it is not possible
        return;
    }
    send_ack_again(tables, message, ack);
}

void receive_by_tag(Tables& tables, const InboundMessage& message, Lingering& record) noexcept {
    const std::uint64_t tag_key = to_tag_key(message.view, tables.options.hash_key);
    if (record.ack_key == tag_key) {
        receive_known_tag(tables, message, record, {record.flow, record.bytes});
        return;
    }
    for (std::uint32_t index = record.first_fork; index != ClientSlot::kNone;) {
        const Fork& fork = *tables.forks.at(index);
        if (fork.tag_key == tag_key) {
            receive_known_tag(tables, message, record, {fork.flow, fork.ack});
            return;
        }
        index = fork.next;
    }
    note_arrival(tables, message, false);
    add_fork(tables, message, record, tag_key);
}

void receive_refusal_again(Tables& tables,
                           const InboundMessage& message,
                           const Lingering& record) noexcept {
    note_arrival(tables, message, true);
    if (record.kind == LingeringKind::InviteClientCompleted) {
        send_ack_again(tables, message, {record.flow, record.bytes});
        return;
    }
    tables.output.count(Counter::ResponseRepeated); // the ACK is on its way, or
    if (!is_orphan(tables, record.core_life)) {
        return;
    }
    if (tables.core_absent) { // nobody is there to write it, or
        tables.output.count(Counter::DropCoreAbsent);
    } else if (!tell_orphaned_refusal( // nobody has
                   tables,
                   message,
                   {record.slot, record.flow, record.bytes})) {
        tables.output.count(Counter::DropResponseRingFull);
    }
}

void receive_for_lingering_invite(Tables& tables,
                                  const InboundMessage& message,
                                  Lingering& record) noexcept {
    using invite_client::Action;
    using invite_client::Event;
    using invite_client::State;
    constexpr Event kEvents[] = {Event::Provisional, Event::Success, Event::Failure};
    const auto response = response_class(message.view.status_code());
    const State state =
        record.kind == LingeringKind::InviteClientAccepted ? State::Accepted : State::Completed;
    const auto step = invite_client::step(state, kEvents[static_cast<std::size_t>(response)]);
    if (step.actions.has(Action::ByTag)) {
        receive_by_tag(tables, message, record);
    } else if (step.actions.has(Action::AckAgain)) {
        receive_refusal_again(tables, message, record);
    } else {
        note_arrival(tables, message, false);
        tables.output.count(Counter::DropResponseUnexpected);
    }
}

void receive_in_slot(Tables& tables, const InboundMessage& message, std::uint32_t index) noexcept {
    const ClientSlot& slot = tables.slots.at(index);
    const sipparse::MessageView& view = message.view;
    if (slot.place == SlotPlace::Lingering) {
        Lingering& record = *tables.lingering.at(slot.record);
        if (record.method != view.method() || record.cseq_number != view.cseq_number()) {
            note_arrival(tables, message, false);
            tables.output.count(Counter::DropResponseUnexpected);
        } else if (record.kind == LingeringKind::NonInviteClient) {
            note_arrival(tables, message, true);
            tables.output.count(Counter::ResponseRepeated);
        } else {
            receive_for_lingering_invite(tables, message, record);
        }
        return;
    }
    note_arrival(tables, message, false);
    ClientTransaction& client = *tables.clients.at(slot.record);
    if (client.method != view.method() || client.cseq_number != view.cseq_number()) {
        tables.output.count(Counter::DropResponseUnexpected);
    } else if (client.is_invite()) {
        receive_for_invite(tables, message, client);
    } else {
        receive_for_non_invite(tables, message, client);
    }
}

bool has_record(const ClientSlot& slot) noexcept {
    return slot.place == SlotPlace::Live || slot.place == SlotPlace::Lingering;
}

void receive_in_own_branch(Tables& tables,
                           const InboundMessage& message,
                           ClientHandle handle) noexcept {
    ClientSlot* slot = tables.slots.find(handle);
    if (slot == nullptr || !has_record(*slot)) {
        note_arrival(tables, message, true);
        // A 2xx to an INVITE that has ended must still be acknowledged and its call ended.
        const bool is_late_answer =
            message.view.method() == sipparse::Method::Invite &&
            response_class(message.view.status_code()) == ResponseClass::Success;
        if (is_late_answer) {
            publish_stray(tables, message);
        } else {
            tables.output.count(Counter::DropBranchOld);
        }
        return;
    }
    std::uint32_t index = handle.index;
    if (message.view.method() == sipparse::Method::Cancel && !slot->is_cancel) {
        index = slot->partner; // a CANCEL has the branch of its INVITE (9.1)
    }
    if (index == ClientSlot::kNone) {
        note_arrival(tables, message, false);
        tables.output.count(Counter::DropResponseUnexpected);
        return;
    }
    receive_in_slot(tables, message, index);
}

} // namespace

void receive_response(Tables& tables, const InboundMessage& message) noexcept {
    tables.visits.visit(base::Stage::ClientResponse);
    const auto via = sipparse::top_via(message.view);
    const auto branch = via ? read_branch(via->branch) : std::nullopt;
    if (!branch) {
        note_arrival(tables, message, false);
        tables.output.count(via ? Counter::DropBranchForeign : Counter::DropNoVia);
        return;
    }
    if (branch->owner != tables.options.owner) {
        note_arrival(tables, message, false);
        publish_stray(tables, message);
        return;
    }
    if (branch->check !=
        branch_check(branch->owner, branch->transaction, tables.options.branch_key)) {
        note_arrival(tables, message, false);
        tables.output.count(Counter::DropBranchCheck);
        return;
    }
    receive_in_own_branch(tables, message, branch->transaction);
}

} // namespace tandem::transaction
