// SPDX-License-Identifier: Apache-2.0
//
// The router all phones are behind, as far as the switch sees it: it makes frames of what phones
// send, takes frames apart for them, and answers ARP for its own address. One thread.
#pragma once

#include <cstdint>
#include <optional>

#include "bench/calls/memory_port.hpp"
#include "bench/load/fault.hpp"
#include "bench/load/frame.hpp"
#include "bench/load/wire.hpp"

struct rte_mempool;

namespace tandem::bench {

constexpr load::Mac kSwitchMac = {2, 0, 0, 0, 0, 1};
constexpr load::Mac kRouterMac = {2, 0, 0, 0, 0, 0xfe};
constexpr std::uint32_t kRouterAddress = load::ipv4(10, 77, 0, 254);

class Station final : public load::Wire {
  public:
    // All outlive the station.
    Station(MemoryPort& port, rte_mempool& pool, load::Faults& faults)
        : port_(port), pool_(pool), faults_(faults) {}

    Station(const Station&) = delete;
    Station& operator=(const Station&) = delete;
    ~Station() override;

    std::span<char> room() override;
    void
    send(const load::Place& source, const load::Place& destination, std::size_t bytes) override;

    // Asks for the switch's address, so that it learns ours.
    void ask_for_switch();

    // Hands every datagram the switch has sent to `take(const load::Datagram&)`. Returns how many
    // frames there were.
    template <typename Take>
    std::size_t receive(Take&& take) {
        std::size_t frames = 0;
        while (rte_mbuf* const packet = port_.from_switch().pop()) {
            ++frames;
            if (const auto datagram = read(packet)) {
                take(*datagram);
            }
            rte_pktmbuf_free(packet);
        }
        return frames;
    }

  private:
    [[nodiscard]] std::optional<load::Datagram> read(rte_mbuf* packet);
    void send_arp(const load::Arp& arp);

    MemoryPort& port_;
    rte_mempool& pool_;
    load::Faults& faults_;
    rte_mbuf* packet_ = nullptr; // lent out by room()
    std::uint16_t ip_id_ = 0;
};

} // namespace tandem::bench
