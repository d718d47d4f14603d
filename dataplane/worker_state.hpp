// SPDX-License-Identifier: Apache-2.0
//
// All that one worker works with: its ports, batches, counters, the transaction layer and the time
// of the burst. Built by the cold thread at start (process.cpp, or a test), afterwards touched by
// the worker only, except the atomics, which say who reads them. Stages are functions over it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "dataplane/notices.hpp"
#include "dataplane/packet.hpp"
#include "dataplane/port/port_io.hpp"
#include "dataplane/stage.hpp"
#include "dataplane/trace/packet_trace.hpp"
#include "dataplane/vip/held_addresses.hpp"
#include "ha/announcement.hpp"
#include "ha/neighbour.hpp"
#include "shm/counters.hpp"
#include "sipparse/message_index.hpp"
#include "transaction/names.hpp"

struct rte_mempool;

namespace tandem::transaction {
class Layer;
}

namespace tandem::dataplane {

// A number that only the worker changes and anybody reads; nothing is ordered by it.
class WorkerNumber {
  public:
    void add(std::uint64_t amount = 1) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
    }

    void raise_to(std::uint64_t value) noexcept {
        if (value > value_.load(std::memory_order_relaxed)) {
            value_.store(value, std::memory_order_relaxed);
        }
    }

    [[nodiscard]] std::uint64_t get() const noexcept {
        return value_.load(std::memory_order_relaxed);
    }

  private:
    std::atomic<std::uint64_t> value_ = 0; // worker: rw, others: ro
};

struct PortCounters {
    WorkerNumber rx_packets;
    WorkerNumber rx_bytes;
    WorkerNumber tx_packets;
    WorkerNumber tx_bytes;
    WorkerNumber drops; // of packets received here, all reasons
};

struct RingNumbers {
    WorkerNumber event_peak_bytes;
    WorkerNumber command_peak_bytes;
};

struct LoopNumbers {
    WorkerNumber bursts;
    WorkerNumber busy_bursts; // with a packet, a command or a timer
    WorkerNumber naps;
    WorkerNumber gap_max_ns; // longest time between two bursts without a nap
};

struct PortOptions {
    port::PortIo* io = nullptr; // outlives the worker
    ha::MacAddress mac = ha::kZeroMac;
    ha::Subnet subnet;
    vip::HeldAddresses held;
    std::uint32_t mtu = 1'500; // of IP packets
};

struct PortState {
    explicit PortState(const PortOptions& options)
        : io(options.io), mac(options.mac), mtu(options.mtu), held(options.held),
          neighbours(options.subnet, options.mac), announcement(options.mac) {}

    port::PortIo* io;
    ha::MacAddress mac;
    std::uint32_t mtu;
    vip::HeldAddresses held;
    ha::NeighbourTable neighbours;
    ha::Announcement announcement;
    Batch<kTxBatch> tx;
    std::uint16_t ip_id = 0;
    // Raised by the cold thread for each time the link came up; the worker announces then.
    std::atomic<std::uint32_t> link_ups = 1; // cold thread: rw, worker: ro
    std::uint32_t link_ups_seen = 0;
    PortCounters counters;
};

class Drain;
class Publisher;

// A 503 repeats the Via, From, To, Call-ID and CSeq lines of its request; more than this is no
// request anybody waits for.
constexpr std::size_t kRefusalBytesMax = 16'384;

struct WorkerState {
    // Fixed at start.
    std::vector<PortState*> ports; // at most kPortsMax
    std::uint16_t sip_port = 5060;
    std::uint16_t worker = 0;
    rte_mempool* pool = nullptr;
    transaction::Layer* layer = nullptr;
    Publisher* publisher = nullptr;
    Drain* drain = nullptr;
    shm::CounterBlock counters; // this worker's block of the region
    Notices* notices = nullptr; // null: nobody reads them

    // Of this burst.
    base::MonotonicNs now = 0;
    std::uint32_t work = 0; // packets, commands and timers of this burst

    IngressBatch ether;
    IngressBatch arp;
    IngressBatch ip4;
    IngressBatch icmp;
    IngressBatch udp;
    IngressBatch screen;
    IngressBatch sip;
    sipparse::MessageIndex index;                 // of the message the sip stage works on
    std::array<char, kRefusalBytesMax> refusal{}; // the drain stage writes a 503 here

    LoopNumbers loop;
    RingNumbers rings;
    trace::PacketTrace trace;
};

inline void count(WorkerState& state, shm::CounterId counter) noexcept {
    state.counters.add(counter);
    if (state.trace.current() != 0) [[unlikely]] {
        state.trace.counted(counter);
    }
    const std::size_t notice = notice_of(counter);
    if (notice < kNoticedCounters.size() && state.notices != nullptr) {
        state.notices->raise(notice);
    }
}

// From here on the worker works for this packet, should a trace follow it.
inline void take_up(WorkerState& state, rte_mbuf* packet) noexcept {
    if (state.trace.is_on()) [[unlikely]] {
        state.trace.enter(fields_of(packet).trace);
    }
}

// What is at hand has come to this stage.
inline void visit(WorkerState& state, StageId stage) noexcept {
    if (state.trace.current() != 0) [[unlikely]] {
        state.trace.visited(stage);
    }
}

// The packet has come to this stage.
inline void visit(WorkerState& state, rte_mbuf* packet, StageId stage) noexcept {
    if (state.trace.is_on()) [[unlikely]] {
        state.trace.enter(fields_of(packet).trace);
        state.trace.visited(stage);
    }
}

inline PortState& port_of(WorkerState& state, rte_mbuf* packet) noexcept {
    return *state.ports[fields_of(packet).port];
}

// The UDP payload of a packet that passed the udp stage; lives as long as the packet.
inline std::string_view payload_of(rte_mbuf* packet) noexcept {
    const PacketFields& fields = fields_of(packet);
    return {rte_pktmbuf_mtod_offset(packet, const char*, fields.payload_offset),
            fields.payload_bytes};
}

// Where a packet that passed the udp stage came from; an answer goes the same way back.
inline transaction::Flow flow_of(const WorkerState& state, rte_mbuf* packet) noexcept {
    const PacketFields& fields = fields_of(packet);
    return {.remote = fields.source,
            .local = fields.destination,
            .port = fields.port,
            .worker = state.worker};
}

// Ends the way of a received packet: counts the reason and gives the buffer back.
inline void drop(WorkerState& state, rte_mbuf* packet, shm::CounterId reason) noexcept {
    count(state, reason);
    port_of(state, packet).counters.drops.add();
    rte_pktmbuf_free(packet);
}

} // namespace tandem::dataplane
