// SPDX-License-Identifier: Apache-2.0
//
// What a core that died has left open, told to the one that came, which alone may answer, cancel
// and acknowledge it (docs/adr/0011). Told by a sweep over the live records, a few per burst, and
// by the messages of the peers: a request whose bytes are not kept is told by its repetition, an
// INVITE without a provisional response by its first one, a refusal by itself. No record remembers
// that it was told: as long as nothing was said, the peers repeat, and each repetition tells again.
#include "sipparse/index.hpp"
#include "transaction/match_key.hpp"
#include "transaction/timers.hpp"
#include "transaction/verbs.hpp"

namespace tandem::transaction {
namespace {

// Per expire(): as many as the worker takes commands per burst, so that the answers keep up; and
// places looked at, each of them a line of memory that is not in the cache.
constexpr std::uint32_t kOrphansPerBurst = 64;
constexpr std::uint32_t kPlacesPerBurst = 512;

struct Budget {
    std::uint32_t orphans = kOrphansPerBurst;
    std::uint32_t places = kPlacesPerBurst;

    [[nodiscard]] bool is_spent() const noexcept { return orphans == 0 || places == 0; }
};

// False: the ring is full.
bool publish(Tables& tables, const Orphan& orphan) noexcept {
    if (!tables.output.publish_orphan(orphan)) {
        return false;
    }
    tables.output.count(Counter::OrphanTold);
    return true;
}

// The same with bytes the layer keeps; what cannot be told is counted and not tried again.
bool publish_kept(Tables& tables, Orphan orphan, std::string_view bytes) noexcept {
    if (sipparse::index_datagram(bytes, tables.command_index) != sipparse::ParseError::None) {
        tables.output.count(Counter::OrphanUntellable);
        return true;
    }
    orphan.message = {bytes, &tables.command_index};
    return publish(tables, orphan);
}

bool awaits_final(const ServerTransaction& server) noexcept {
    return server.is_invite() ? server.invite == invite_server::State::Proceeding
                              : server.non_invite == non_invite_server::State::Trying ||
                                    server.non_invite == non_invite_server::State::Proceeding;
}

std::string_view kept_bytes(const Tables& tables, const ServerTransaction& server) noexcept {
    const std::string_view response = last_response(tables, server);
    return response.empty() ? tables.messages.bytes(server.trying) : response;
}

Orphan orphaned_request(ServerHandle handle,
                        const ServerTransaction& server,
                        base::MonotonicNs now) noexcept {
    return {
        .kind = OrphanKind::Request, .handle = handle.packed(), .flow = server.reply, .at = now};
}

// Whatever the core does about it, it ends within 64*T1.
void end_in_time(base::MonotonicNs& end_at, base::MonotonicNs now) noexcept {
    end_at = std::min(end_at, now + kCancelledNs);
}

// False: not now.
bool sweep_server(Tables& tables, std::uint32_t index, Budget& budget, base::MonotonicNs now) {
    ServerTransaction* const server = tables.servers.at(index);
    if (server == nullptr || !is_orphan(tables, server->core_life) || !awaits_final(*server)) {
        return true;
    }
    const std::string_view bytes = kept_bytes(tables, *server);
    if (bytes.empty()) {
        return true; // its repetition tells it
    }
    const ServerHandle handle = tables.servers.handle_at(index);
    if (!publish_kept(tables, orphaned_request(handle, *server, now), bytes)) {
        return false;
    }
    --budget.orphans;
    end_in_time(server->end_at, now);
    settle_server(tables, handle, now);
    return true;
}

bool sweep_client(Tables& tables, std::uint32_t index, Budget& budget, base::MonotonicNs now) {
    ClientTransaction* const client = tables.clients.at(index);
    const bool wants_cancel = client != nullptr && is_orphan(tables, client->core_life) &&
                              client->is_invite() && !client->is_cancelled &&
                              client->invite == invite_client::State::Proceeding;
    if (!wants_cancel) {
        return true;
    }
    if (!tell_orphaned_invite(tables, *client, now)) {
        return false;
    }
    --budget.orphans;
    arm_client(tables, *client);
    return true;
}

// Moves `next` on; false: it has to be gone on with in the next burst.
template <typename SweepOne>
bool sweep_pool(std::uint32_t& next, std::uint32_t end, Budget& budget, SweepOne&& sweep_one) {
    for (; next < end; ++next) {
        if (budget.is_spent() || !sweep_one(next)) {
            return false;
        }
        --budget.places;
    }
    return true;
}

} // namespace

void begin_orphan_sweep(Tables& tables) noexcept {
    ++tables.core_life;
    tables.orphans = tables.servers.in_use() + tables.clients.in_use();
    tables.sweep = {.is_over = tables.orphans == 0};
}

void sweep_orphans(Tables& tables, base::MonotonicNs now) noexcept {
    OrphanSweep& sweep = tables.sweep;
    if (sweep.is_over || tables.core_absent) {
        return;
    }
    Budget budget;
    sweep.is_over =
        sweep_pool(sweep.next_server,
                   tables.servers.capacity(),
                   budget,
                   [&](std::uint32_t index) { return sweep_server(tables, index, budget, now); }) &&
        sweep_pool(sweep.next_client, tables.clients.capacity(), budget, [&](std::uint32_t index) {
            return sweep_client(tables, index, budget, now);
        });
    sweep.is_over = sweep.is_over || tables.orphans == 0;
}

void tell_orphaned_request(Tables& tables,
                           const ServerMatch& match,
                           const InboundMessage& repeated) noexcept {
    ServerTransaction& server = *match.live;
    if (tables.core_absent || !is_orphan(tables, server.core_life) || !awaits_final(server) ||
        !kept_bytes(tables, server).empty()) {
        return;
    }
    Orphan orphan = orphaned_request(match.handle, server, repeated.now);
    orphan.message = repeated.view;
    if (publish(tables, orphan)) {
        end_in_time(server.end_at, repeated.now);
        settle_server(tables, match.handle, repeated.now);
    }
}

bool tell_orphaned_invite(Tables& tables,
                          ClientTransaction& client,
                          base::MonotonicNs now) noexcept {
    const bool is_told = publish_kept(tables,
                                      {.kind = OrphanKind::Invite,
                                       .handle = tables.slots.handle_of(client.slot).packed(),
                                       .flow = client.flow,
                                       .at = now},
                                      tables.messages.bytes(client.request));
    if (is_told) {
        end_in_time(client.end_at, now);
    }
    return is_told;
}

bool tell_orphaned_refusal(Tables& tables,
                           const InboundMessage& refusal,
                           const RefusedInvite& invite) noexcept {
    const std::string_view to_tag = tag_of(refusal.view, sipparse::HeaderId::To);
    if (to_tag.size() > kOrphanTagBytesMax) {
        tables.output.count(Counter::OrphanUntellable);
        return true;
    }
    return publish_kept(tables,
                        {.kind = OrphanKind::Refused,
                         .handle = tables.slots.handle_of(invite.slot).packed(),
                         .flow = invite.flow,
                         .to_tag = to_tag,
                         .at = refusal.now},
                        tables.messages.bytes(invite.request));
}

} // namespace tandem::transaction
