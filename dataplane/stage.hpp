// SPDX-License-Identifier: Apache-2.0
//
// The names of the stages, in the order of a message, and a trace of the stages that packets
// visited. Tracing costs one comparison when it is off. Used by the worker.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tandem::dataplane {

enum class StageId : std::uint8_t {
    Rx,
    Ether,
    Arp,
    Ip4,
    Icmp,
    Udp,
    Screen,
    Sip,
    Publish,
    Drain,
    Expire,
    SendUdp,
    SendIp4,
    SendEther,
    Tx,
};
constexpr std::size_t kStageIds = 15;

// The last stages that were visited, each once per packet; when it is full it keeps the first ones.
class StageTrace {
  public:
    void visit(StageId stage) noexcept {
        if (count_ < visited_.size()) {
            visited_[count_++] = stage;
        }
    }

    [[nodiscard]] std::span<const StageId> visited() const noexcept {
        return {visited_.data(), count_};
    }

    void clear() noexcept { count_ = 0; }

  private:
    std::array<StageId, 256> visited_{};
    std::size_t count_ = 0;
};

} // namespace tandem::dataplane
