// SPDX-License-Identifier: Apache-2.0
//
// Stage sip: one index per message, then the transaction layer, which answers, absorbs or publishes
// it. The bytes stay in the packet until the layer returns; the layer and the event ring copy what
// they keep. Runs on the worker.
#include "dataplane/sip/sip.hpp"

#include "sipparse/index.hpp"
#include "transaction/layer.hpp"

namespace tandem::dataplane::sip {

namespace {

using shm::CounterId;

void count_kind(WorkerState& state) noexcept {
    if (state.index.kind == sipparse::MessageKind::Request) {
        count(state, CounterId::SipRequestsReceived);
    } else if (state.index.kind == sipparse::MessageKind::Response) {
        count(state, CounterId::SipResponsesReceived);
    }
}

void receive(WorkerState& state, rte_mbuf* packet) noexcept {
    const std::string_view datagram = payload_of(packet);
    const sipparse::ParseError error = sipparse::index_datagram(datagram, state.index);
    count_kind(state);
    const transaction::InboundMessage message = {
        .view = {.bytes = datagram, .index = &state.index},
        .flow = flow_of(state, packet),
        .now = state.now,
    };
    if (error == sipparse::ParseError::None) {
        state.layer->receive(message);
        return;
    }
    if (error == sipparse::ParseError::TooManyHeaderLines) {
        count(state, CounterId::SipTooManyHeaderLines);
    }
    state.layer->answer_bad(message, error);
}

} // namespace

void sip_enter(WorkerState& state, rte_mbuf* packet) noexcept {
    state.sip.push(packet);
}

void sip_run(WorkerState& state) noexcept {
    for (rte_mbuf* const packet : state.sip.packets()) {
        visit(state, packet, StageId::Sip);
        receive(state, packet);
        rte_pktmbuf_free(packet);
    }
    state.sip.clear();
}

} // namespace tandem::dataplane::sip
