// SPDX-License-Identifier: Apache-2.0
//
// Makes and ends the pooled objects of a call, with their texts, links, timers and table entries,
// so that nothing of them can leak: every object is ended by the one function here. Sends nothing
// and decides nothing. Core thread only.
#pragma once

#include "controlplane/core/core_state.hpp"

namespace tandem::controlplane {

// The named object is not set when its pool is full; that is counted.
[[nodiscard]] CallHandle create_call(CoreState& core);
[[nodiscard]] LegHandle create_leg(CoreState& core, CallHandle call);
[[nodiscard]] AttemptHandle create_attempt(CoreState& core, CallHandle call);
[[nodiscard]] ExchangeHandle create_exchange(CoreState& core, CallHandle call);

// Stale handles are allowed and do nothing. destroy_call takes all the call still has with it.
void destroy_call(CoreState& core, CallHandle call);
void destroy_leg(CoreState& core, LegHandle leg);
void destroy_attempt(CoreState& core, AttemptHandle attempt);
void destroy_exchange(CoreState& core, ExchangeHandle exchange);

// Destroys a leg that is Gone, or leaves that to the last exchange that still needs its texts.
void retire_leg(CoreState& core, LegHandle leg);

// To be said by whoever found the call an input or a timer is about, before anything of the call,
// its legs, attempts or exchanges changes: see changes.hpp.
void touch(CoreState& core, CallHandle call);

// Server transactions of INVITEs, so that CANCEL, ACK and timeouts find who they are for.
[[nodiscard]] bool
register_invite(CoreState& core, transaction::ServerHandle invite, CallHandle call);
[[nodiscard]] bool
register_invite(CoreState& core, transaction::ServerHandle invite, ExchangeHandle exchange);

// At most one is set.
struct InviteOwner {
    CallHandle call;
    ExchangeHandle exchange;
};

[[nodiscard]] InviteOwner find_invite(const CoreState& core, transaction::ServerHandle invite);
[[nodiscard]] CallHandle find_call(const CoreState& core, std::uint64_t id);

// Stores a text of a call; a full pool is counted.
[[nodiscard]] bool keep_text(CoreState& core, std::string_view value, Text& text);

// Calls visit(Handle, Object&) for each object of a list; the visitor may destroy the one it is
// given.
template <typename Pool, typename Handle, typename Visit>
void for_each_in_list(Pool& pool, Handle first, Visit&& visit) {
    while (auto* object = pool.get(first)) {
        const Handle next = object->next;
        visit(first, *object);
        first = next;
    }
}

} // namespace tandem::controlplane
