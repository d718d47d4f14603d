// SPDX-License-Identifier: Apache-2.0
//
// The life of calls, legs, attempts and exchanges in their pools.
#include "controlplane/core/call/call_objects.hpp"

namespace tandem::controlplane {

namespace {

// Upper half of an entry of the invites table.
constexpr std::uint32_t kExchangeBit = 1U << 31U;

template <typename Pool, typename Handle>
void link_first(Pool& pool, Handle& first, Handle added) {
    pool.get(added)->next = first;
    first = added;
}

template <typename Pool, typename Handle>
void unlink(Pool& pool, Handle& first, Handle gone) {
    Handle* link = &first;
    while (auto* object = pool.get(*link)) {
        if (*link == gone) {
            *link = object->next;
            return;
        }
        link = &object->next;
    }
}

template <typename... Texts>
void release_all(CoreState& core, Texts&... texts) {
    (core.texts.release(texts), ...);
}

std::uint64_t hash_of(const CoreState& core, std::uint64_t word) {
    return base::SipHash(core.hash_key).add(word).finish();
}

bool register_invite_entry(CoreState& core, transaction::ServerHandle invite, std::uint32_t value) {
    return core.invites.insert(hash_of(core, invite.packed()), value);
}

// 8 bits of node, 24 of term, 32 of a count.
std::uint64_t next_call_id(CoreState& core) {
    return std::uint64_t{core.node} << 56U | std::uint64_t{core.term & 0xff'ffffU} << 32U |
           ++core.calls_named;
}

void bind_timer(base::TimerNode& node, std::uint64_t owner, CallTimer kind) {
    node.owner = owner;
    node.kind = static_cast<std::uint32_t>(kind);
}

} // namespace

CallHandle create_call(CoreState& core) {
    const auto handle = core.calls_live < core.configuration.application.max_calls_at_once
                            ? core.calls.create()
                            : CallHandle{};
    auto* call = core.calls.get(handle);
    if (call == nullptr) {
        core.counters.add(CoreCounter::PoolFullCalls);
        return {};
    }
    ++core.calls_live;
    call->id = next_call_id(core);
    touch(core, handle);
    bind_timer(call->no_answer_timer, handle.packed(), CallTimer::NoAnswer);
    bind_timer(call->session_timer, handle.packed(), CallTimer::Session);
    bind_timer(call->ending_timer, handle.packed(), CallTimer::Ending);
    if (!core.calls_by_id.insert(hash_of(core, call->id), handle.index)) {
        destroy_call(core, handle);
        core.counters.add(CoreCounter::PoolFullCalls);
        return {};
    }
    return handle;
}

void touch(CoreState& core, CallHandle handle) {
    if (auto* call = core.calls.get(handle)) {
        core.changes.touch({.kind = ObjectKind::Call, .key = call->id, .place = handle.packed()},
                           call->version);
    }
}

LegHandle create_leg(CoreState& core, CallHandle call) {
    const auto handle = core.legs.create();
    if (auto* leg = core.legs.get(handle)) {
        leg->call = call;
        link_first(core.legs, core.calls.get(call)->legs, handle);
    } else {
        core.counters.add(CoreCounter::PoolFullLegs);
    }
    return handle;
}

AttemptHandle create_attempt(CoreState& core, CallHandle call) {
    const auto handle = core.attempts.create();
    if (auto* attempt = core.attempts.get(handle)) {
        attempt->call = call;
        bind_timer(attempt->give_up_timer, handle.packed(), CallTimer::AttemptGiveUp);
        link_first(core.attempts, core.calls.get(call)->attempts, handle);
    } else {
        core.counters.add(CoreCounter::PoolFullAttempts);
    }
    return handle;
}

ExchangeHandle create_exchange(CoreState& core, CallHandle call) {
    const auto handle = core.exchanges.create();
    if (auto* exchange = core.exchanges.get(handle)) {
        exchange->call = call;
        bind_timer(exchange->give_up_timer, handle.packed(), CallTimer::ExchangeGiveUp);
        link_first(core.exchanges, core.calls.get(call)->exchanges, handle);
    } else {
        core.counters.add(CoreCounter::PoolFullExchanges);
    }
    return handle;
}

void destroy_call(CoreState& core, CallHandle handle) {
    auto* call = core.calls.get(handle);
    if (call == nullptr) {
        return;
    }
    touch(core, handle);
    while (core.exchanges.get(call->exchanges) != nullptr) {
        destroy_exchange(core, call->exchanges);
    }
    while (core.attempts.get(call->attempts) != nullptr) {
        destroy_attempt(core, call->attempts);
    }
    while (core.legs.get(call->legs) != nullptr) {
        destroy_leg(core, call->legs);
    }
    if (call->state != CallState::Ending && call->state != CallState::Ended) {
        --core.calls_live;
    }
    if (call->caller_seat) {
        core.directory.release_call(call->caller);
    }
    if (call->callee_seat) {
        core.directory.release_call(call->callee);
    }
    core.timers.cancel(call->no_answer_timer);
    core.timers.cancel(call->session_timer);
    core.timers.cancel(call->ending_timer);
    core.calls_by_id.erase(hash_of(core, call->id), handle.index);
    if (call->invite.is_set()) {
        core.invites.erase(hash_of(core, call->invite.packed()), handle.index);
    }
    release_all(core, call->head, call->caller_number, call->dialled, call->best.message);
    core.calls.destroy(handle);
}

void destroy_leg(CoreState& core, LegHandle handle) {
    auto* leg = core.legs.get(handle);
    if (leg == nullptr) {
        return;
    }
    auto& call = *core.calls.get(leg->call);
    unlink(core.legs, call.legs, handle);
    release_all(core,
                leg->call_id,
                leg->local_tag,
                leg->remote_tag,
                leg->local_party,
                leg->remote_party,
                leg->remote_target,
                leg->route_set,
                leg->contact_user);
    core.legs.destroy(handle);
}

void retire_leg(CoreState& core, LegHandle handle) {
    auto* leg = core.legs.get(handle);
    if (leg == nullptr) {
        return;
    }
    leg->state = LegState::Gone;
    if (leg->exchanges == 0) {
        destroy_leg(core, handle);
    }
}

void destroy_attempt(CoreState& core, AttemptHandle handle) {
    auto* attempt = core.attempts.get(handle);
    if (attempt == nullptr) {
        return;
    }
    unlink(core.attempts, core.calls.get(attempt->call)->attempts, handle);
    core.timers.cancel(attempt->give_up_timer);
    release_all(core,
                attempt->call_id,
                attempt->local_tag,
                attempt->local_party,
                attempt->remote_party,
                attempt->request_uri,
                attempt->contact_user);
    core.attempts.destroy(handle);
}

void destroy_exchange(CoreState& core, ExchangeHandle handle) {
    auto* exchange = core.exchanges.get(handle);
    if (exchange == nullptr) {
        return;
    }
    unlink(core.exchanges, core.calls.get(exchange->call)->exchanges, handle);
    core.timers.cancel(exchange->give_up_timer);
    for (const auto leg : {exchange->from, exchange->to}) {
        if (auto* end = core.legs.get(leg)) {
            --end->exchanges;
            if (end->state == LegState::Gone) {
                retire_leg(core, leg);
            }
        }
    }
    if (exchange->server.is_set() && exchange->method == sipparse::Method::Invite) {
        core.invites.erase(hash_of(core, exchange->server.packed()), handle.index | kExchangeBit);
    }
    release_all(core, exchange->head, exchange->new_target);
    core.exchanges.destroy(handle);
}

bool register_invite(CoreState& core, transaction::ServerHandle invite, CallHandle call) {
    return register_invite_entry(core, invite, call.index);
}

bool register_invite(CoreState& core, transaction::ServerHandle invite, ExchangeHandle exchange) {
    return register_invite_entry(core, invite, exchange.index | kExchangeBit);
}

InviteOwner find_invite(const CoreState& core, transaction::ServerHandle invite) {
    const auto found = core.invites.find(hash_of(core, invite.packed()), [&](std::uint32_t value) {
        if ((value & kExchangeBit) == 0) {
            const auto* call = core.calls.at(value);
            return call != nullptr && call->invite == invite;
        }
        const auto* exchange = core.exchanges.at(value & ~kExchangeBit);
        return exchange != nullptr && exchange->server == invite;
    });
    if (!found) {
        return {};
    }
    if ((*found & kExchangeBit) == 0) {
        return {.call = core.calls.handle_at(*found), .exchange = {}};
    }
    return {.call = {}, .exchange = core.exchanges.handle_at(*found & ~kExchangeBit)};
}

CallHandle find_call(const CoreState& core, std::uint64_t id) {
    const auto found = core.calls_by_id.find(hash_of(core, id), [&](std::uint32_t index) {
        const auto* call = core.calls.at(index);
        return call != nullptr && call->id == id;
    });
    return found ? core.calls.handle_at(*found) : CallHandle{};
}

bool keep_text(CoreState& core, std::string_view value, Text& text) {
    if (core.texts.store(value, text)) {
        return true;
    }
    core.counters.add(CoreCounter::PoolFullTexts);
    return false;
}

} // namespace tandem::controlplane
