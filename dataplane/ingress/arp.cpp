// SPDX-License-Identifier: Apache-2.0
//
// Stage arp: carries out what ha/arp.cpp and ha/neighbour.cpp decide: sends answers, lets stations
// be learnt, and lets the frames go that waited for them. Runs on the worker.
#include "dataplane/ingress/arp.hpp"

#include "dataplane/egress/arp.hpp"
#include "ha/arp.hpp"

namespace tandem::dataplane::ingress {

namespace {

using shm::CounterId;

// The frame itself is no longer needed, so the answer may take another buffer.
void answer(WorkerState& state, PortState& port, const ha::ArpPacket& request) noexcept {
    ha::ArpFrame frame;
    ha::write_arp_answer(request, port.mac, frame);
    if (egress::arp_send(state, port, frame)) {
        count(state, CounterId::ArpRequestsAnswered);
    }
}

void judge(WorkerState& state, rte_mbuf* packet) noexcept {
    PortState& port = port_of(state, packet);
    const auto arp = ha::read_arp(bytes_of(packet).subspan(fields_of(packet).network_offset));
    if (!arp) {
        drop(state, packet, CounterId::ArpMalformed);
        return;
    }
    const ha::ArpVerdict verdict = ha::judge_arp(*arp, port.held.addresses());
    if (verdict == ha::ArpVerdict::NotOurs) {
        drop(state, packet, CounterId::ArpNotOurs);
        return;
    }
    rte_pktmbuf_free(packet);
    if (verdict == ha::ArpVerdict::Conflict) {
        count(state, CounterId::ArpConflicts); // heard and understood: no drop
        return;
    }
    if (verdict == ha::ArpVerdict::Answer) {
        answer(state, port, *arp);
    } else { // an announcement is a reply that nobody asked for, also in the form of a request
        count(state, CounterId::ArpRepliesReceived);
    }
    port.neighbours.learn(*arp, verdict, state.now);
    egress::neighbours_flush(state, port);
}

} // namespace

void arp_enter(WorkerState& state, rte_mbuf* packet) noexcept {
    state.arp.push(packet);
}

void arp_run(WorkerState& state) noexcept {
    for (rte_mbuf* const packet : state.arp.packets()) {
        visit(state, packet, StageId::Arp);
        judge(state, packet);
    }
    state.arp.clear();
}

} // namespace tandem::dataplane::ingress
