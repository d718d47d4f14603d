// SPDX-License-Identifier: Apache-2.0
//
// A port that is a piece of memory: tests put frames in and take frames out. No driver, no system
// call, no allocation while the worker runs (room is reserved). One thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <rte_mbuf.h>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/port/port_io.hpp"

namespace tandem::replay {

class MemoryPort final : public dataplane::port::PortIo {
  public:
    explicit MemoryPort(rte_mempool& pool) : pool_(&pool) {
        in_.reserve(kRoom);
        out_.reserve(kRoom);
    }

    MemoryPort(const MemoryPort&) = delete;
    MemoryPort& operator=(const MemoryPort&) = delete;

    ~MemoryPort() override {
        for (rte_mbuf* const packet : in_) {
            rte_pktmbuf_free(packet);
        }
        for (rte_mbuf* const packet : out_) {
            rte_pktmbuf_free(packet);
        }
    }

    // False: the frame is longer than a buffer, or the pool is empty.
    bool put(std::string_view frame) {
        rte_mbuf* const packet = rte_pktmbuf_alloc(pool_);
        if (packet == nullptr) {
            return false;
        }
        void* const to = rte_pktmbuf_append(packet, static_cast<std::uint16_t>(frame.size()));
        if (to == nullptr) {
            rte_pktmbuf_free(packet);
            return false;
        }
        std::copy(frame.begin(), frame.end(), static_cast<char*>(to));
        in_.push_back(packet);
        return true;
    }

    // The frames sent since the last call, in order.
    std::vector<std::string> take() {
        std::vector<std::string> frames;
        for (rte_mbuf* const packet : out_) {
            frames.emplace_back(rte_pktmbuf_mtod(packet, const char*),
                                rte_pktmbuf_data_len(packet));
            rte_pktmbuf_free(packet);
        }
        out_.clear();
        return frames;
    }

    // Gives sent frames back to the pool without looking at them.
    void discard() noexcept {
        for (rte_mbuf* const packet : out_) {
            rte_pktmbuf_free(packet);
        }
        out_.clear();
    }

    void set_blocked(bool blocked) { blocked_ = blocked; }

    std::uint16_t rx_burst(std::span<rte_mbuf*> out) noexcept override {
        const std::size_t count = std::min(out.size(), in_.size());
        std::copy_n(in_.begin(), count, out.begin());
        in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(count));
        return static_cast<std::uint16_t>(count);
    }

    std::uint16_t tx_burst(std::span<rte_mbuf*> packets) noexcept override {
        if (blocked_) {
            return 0;
        }
        const std::size_t count = std::min(packets.size(), kRoom - out_.size());
        out_.insert(out_.end(), packets.begin(), packets.begin() + static_cast<long>(count));
        return static_cast<std::uint16_t>(count);
    }

  private:
    static constexpr std::size_t kRoom = 1'024;

    rte_mempool* pool_;
    std::vector<rte_mbuf*> in_;
    std::vector<rte_mbuf*> out_;
    bool blocked_ = false;
};

} // namespace tandem::replay
