// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: what follows an Ethernet header of type ARP. What is read can be judged and, when
// it asks for an address of ours, answered with a frame that reads back. Built with libFuzzer.
#include "ha/arp.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    constexpr std::size_t kEthernetHeaderBytes = 14;
    // A copy of just its size: a read behind the packet is then a read behind the allocation.
    const auto copy = std::make_unique<std::uint8_t[]>(size);
    std::memcpy(copy.get(), data, size);
    const auto packet = ha::read_arp({copy.get(), size});
    if (!packet) {
        return 0;
    }
    const std::array held = {packet->target};
    if (ha::judge_arp(*packet, held) == ha::ArpVerdict::Answer) {
        ha::ArpFrame frame{};
        ha::write_arp_answer(*packet, {0x02, 0, 0, 0, 0, 1}, frame);
        const auto answer = ha::read_arp(std::span(frame).subspan(kEthernetHeaderBytes));
        if (!answer || answer->sender != packet->target) {
            std::abort();
        }
    }
    return 0;
}
