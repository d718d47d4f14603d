// SPDX-License-Identifier: Apache-2.0
//
// A port that is two rings of packets: the switch's worker at one end, the virtual phones at the
// other. No driver, no system call, no allocation after construction. One thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <rte_mbuf.h>
#include <span>

#include "dataplane/port/port_io.hpp"

namespace tandem::bench {

// Of power-of-two size; positions run freely.
class PacketRing {
  public:
    static constexpr std::size_t kPackets = 8'192;

    [[nodiscard]] std::size_t size() const { return last_ - first_; }

    [[nodiscard]] bool push(rte_mbuf* packet) {
        if (size() == kPackets) {
            return false;
        }
        packets_[last_++ % kPackets] = packet;
        return true;
    }

    // nullptr: empty.
    [[nodiscard]] rte_mbuf* pop() {
        return first_ == last_ ? nullptr : packets_[first_++ % kPackets];
    }

  private:
    std::array<rte_mbuf*, kPackets> packets_{};
    std::size_t first_ = 0;
    std::size_t last_ = 0;
};

class MemoryPort final : public dataplane::port::PortIo {
  public:
    MemoryPort() = default;
    MemoryPort(const MemoryPort&) = delete;
    MemoryPort& operator=(const MemoryPort&) = delete;
    ~MemoryPort() override = default;

    [[nodiscard]] PacketRing& to_switch() { return to_switch_; }

    [[nodiscard]] PacketRing& from_switch() { return from_switch_; }

    std::uint16_t rx_burst(std::span<rte_mbuf*> out) noexcept override {
        const std::size_t count = std::min(out.size(), to_switch_.size());
        for (rte_mbuf*& packet : out.first(count)) {
            packet = to_switch_.pop();
        }
        return static_cast<std::uint16_t>(count);
    }

    std::uint16_t tx_burst(std::span<rte_mbuf*> packets) noexcept override {
        std::uint16_t taken = 0;
        while (taken < packets.size() && from_switch_.push(packets[taken])) {
            ++taken;
        }
        return taken;
    }

  private:
    PacketRing to_switch_;
    PacketRing from_switch_;
};

} // namespace tandem::bench
