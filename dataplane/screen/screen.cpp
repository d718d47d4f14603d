// SPDX-License-Identifier: Apache-2.0
//
// Stage screen: answers keep-alives, which never reach the parser, and drops what cannot be SIP. An
// answer goes back on the flow the datagram came by. Runs on the worker.
#include "dataplane/screen/screen.hpp"

#include "dataplane/egress/udp.hpp"
#include "dataplane/screen/classify.hpp"
#include "dataplane/screen/stun.hpp"
#include "dataplane/sip/sip.hpp"

namespace tandem::dataplane::screen {

namespace {

using shm::CounterId;

void answer(WorkerState& state,
            rte_mbuf* packet,
            std::string_view bytes,
            CounterId counter) noexcept {
    if (egress::udp_send(state, flow_of(state, packet), bytes)) {
        count(state, counter);
    }
    rte_pktmbuf_free(packet);
}

void screen(WorkerState& state, rte_mbuf* packet) noexcept {
    const std::string_view datagram = payload_of(packet);
    switch (classify(datagram)) {
    case Kind::Sip:
        sip::sip_enter(state, packet);
        return;
    case Kind::Ping:
        count(state, CounterId::Keepalive);
        answer(state, packet, "\r\n", CounterId::KeepaliveAnswered);
        return;
    case Kind::SilentKeepAlive:
        count(state, CounterId::Keepalive);
        drop(state, packet, CounterId::KeepaliveSilent);
        return;
    case Kind::Stun: {
        StunAnswer bytes;
        if (!answer_stun(datagram, fields_of(packet).source, bytes)) {
            drop(state, packet, CounterId::StunMalformed);
            return;
        }
        const void* const begin = bytes.data();
        answer(
            state, packet, {static_cast<const char*>(begin), bytes.size()}, CounterId::StunRequest);
        return;
    }
    case Kind::Foreign:
        break;
    }
    drop(state, packet, CounterId::SipNotSip);
}

} // namespace

void screen_enter(WorkerState& state, rte_mbuf* packet) noexcept {
    state.screen.push(packet);
}

void screen_run(WorkerState& state) noexcept {
    for (rte_mbuf* const packet : state.screen.packets()) {
        visit(state, packet, StageId::Screen);
        screen(state, packet);
    }
    state.screen.clear();
}

} // namespace tandem::dataplane::screen
