// SPDX-License-Identifier: Apache-2.0
//
// The core itself as one object, and the walks over the others.
#include "controlplane/core/core_objects.hpp"

#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/fields.hpp"

namespace tandem::controlplane {

namespace {

constexpr std::uint8_t kind_number(ObjectKind kind) {
    return static_cast<std::uint8_t>(kind);
}

void write_gone(FieldSink& sink, const ChangedObject& object) {
    sink.begin("gone", kind_number(object.kind) | kGoneKind);
    sink.number("key", object.key);
}

template <typename Pool>
void write_pool(FieldSink& sink, const Pool& pool) {
    sink.text("pool", pool.name());
    sink.number("pool.in_use", pool.in_use());
    sink.number("pool.peak", pool.peak());
    sink.number("pool.refused", pool.refused());
}

void write_pools(const CoreState& core, FieldSink& sink) {
    write_pool(sink, core.calls);
    write_pool(sink, core.legs);
    write_pool(sink, core.attempts);
    write_pool(sink, core.exchanges);
    sink.number("texts.in_use", core.texts.in_use());
    sink.number("texts.peak", core.texts.peak());
    sink.number("texts.refused", core.texts.refused());
    sink.number("calls_by_id", core.calls_by_id.size());
    sink.number("invites", core.invites.size());
    sink.number("timers", core.timers.armed_count());
}

// Slots are many and only their order is of interest: a hash stands for them.
void write_slots(const ClientSlots& slots, FieldSink& sink) {
    base::SipHash hash(base::SipHashKey{});
    for (std::uint32_t i = 0; i < slots.count(); ++i) {
        hash.add(slots.at(i).packed());
    }
    sink.number("slots", slots.count());
    sink.number("slots.hash", hash.finish());
}

void write_earlier_lives(const CoreState& core, FieldSink& sink) {
    for (const auto& [owner, branch_key, until] : core.earlier_lives) {
        write_field(sink, "earlier.epoch", owner.epoch);
        write_field(sink, "earlier.node", owner.node);
        write_field(sink, "earlier.worker", owner.worker);
        write_field(sink, "earlier.branch_key.low", branch_key.low);
        write_field(sink, "earlier.branch_key.high", branch_key.high);
        write_field(sink, "earlier.until", until);
    }
}

void write_attachment(const Attachment& attachment, FieldSink& sink) {
    const auto& [attached, owner, branch_key, call_id_key] = attachment;
    write_field(sink, "attached", attached);
    write_field(sink, "epoch", owner.epoch);
    write_field(sink, "owner.node", owner.node);
    write_field(sink, "owner.worker", owner.worker);
    write_field(sink, "branch_key.low", branch_key.low);
    write_field(sink, "branch_key.high", branch_key.high);
    write_field(sink, "call_id_key.low", call_id_key.low);
    write_field(sink, "call_id_key.high", call_id_key.high);
}

// What identifies an ended call: the rest was compared while it lived.
void write_ended(const EndedCalls& ended, FieldSink& sink) {
    sink.number("ended", ended.count());
    for (std::uint32_t i = 0; i < ended.count(); ++i) {
        const auto& call = ended.at(i);
        sink.number("ended.id", call.id);
        write_field(sink, "ended.cause", call.cause);
        write_field(sink, "ended.final_status", call.final_status);
        write_field(sink, "ended.ended_ns", call.times.ended_ns);
    }
}

} // namespace

void write_core(const CoreState& core, FieldSink& sink) {
    sink.begin("core", kind_number(ObjectKind::Core));
    sink.number("node", core.node);
    // Each step changes the core, so their number is its version.
    sink.number("version", core.counters.value(CoreCounter::StepsTotal));
    sink.number("term", core.term);
    sink.number("calls_named", core.calls_named);
    sink.number("calls_live", core.calls_live);
    sink.number("random_drawn_bytes", core.random.drawn_bytes());
    for (const auto& row : kCoreCounterRows) {
        sink.number(row.name, core.counters.value(row.id));
    }
    write_attachment(core.attachment, sink);
    write_earlier_lives(core, sink);
    write_slots(core.slots, sink);
    write_pools(core, sink);
    write_ended(core.ended, sink);
    core.directory.write_fields(sink);
    core.registrar.write_fields(sink);
    core.digest.write_fields(sink);
}

void write_objects(const CoreState& core, FieldSink& sink) {
    core.calls.for_each([&](CallHandle, const Call& call) { write_call(core, call, sink); });
    core.registrar.write_bindings(sink);
    core.directory.write_trunks(sink);
    core.digest.write_nonces(sink);
}

void write_changed_objects(const CoreState& core, FieldSink& sink) {
    if (core.changes.more()) {
        write_core(core, sink);
        return write_objects(core, sink);
    }
    for (const auto& object : core.changes.listed()) {
        const auto key = static_cast<std::uint32_t>(object.key);
        switch (object.kind) {
        case ObjectKind::Core:
            break;
        case ObjectKind::Call:
            if (const auto* call = core.calls.get(CallHandle::unpack(object.place))) {
                write_call(core, *call, sink);
            } else {
                write_gone(sink, object);
            }
            break;
        case ObjectKind::Bindings:
            core.registrar.write_bindings_of(DnIndex{key}, sink);
            break;
        case ObjectKind::Trunk:
            core.directory.write_trunk(TrunkIndex{key}, sink);
            break;
        case ObjectKind::Nonces:
            core.digest.write_nonces_of(key, sink);
            break;
        }
    }
}

} // namespace tandem::controlplane
