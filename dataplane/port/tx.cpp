// SPDX-License-Identifier: Apache-2.0
//
// Stage tx: one call of the driver for the frames of a loop, or earlier when a batch is full. What
// the driver does not take is dropped and counted: the transaction repeats it. Runs on the worker.
#include "dataplane/port/tx.hpp"

namespace tandem::dataplane::port {

namespace {

void flush(WorkerState& state, PortState& port) noexcept {
    const std::span<rte_mbuf*> frames = port.tx.packets();
    if (frames.empty()) {
        return;
    }
    std::uint64_t bytes = 0;
    for (rte_mbuf* const frame : frames) {
        bytes += rte_pktmbuf_pkt_len(frame);
    }
    const std::uint16_t sent = port.io->tx_burst(frames);
    for (rte_mbuf* const frame : frames.subspan(sent)) {
        bytes -= rte_pktmbuf_pkt_len(frame);
    }
    port.counters.tx_packets.add(sent);
    port.counters.tx_bytes.add(bytes);
    state.counters.add(shm::CounterId::FramesSent, sent);
    state.counters.add(shm::CounterId::BytesSent, bytes);
    for (rte_mbuf* const frame : frames.subspan(sent)) {
        take_up(state, frame);
        count(state, shm::CounterId::TxFailed);
        rte_pktmbuf_free(frame);
    }
    port.tx.clear();
}

} // namespace

void tx_enter(WorkerState& state, PortState& port, rte_mbuf* frame) noexcept {
    visit(state, StageId::Tx);
    if (port.tx.is_full()) {
        flush(state, port);
    }
    port.tx.push(frame);
}

void tx_run(WorkerState& state) noexcept {
    for (PortState* const port : state.ports) {
        flush(state, *port);
    }
}

} // namespace tandem::dataplane::port
