// SPDX-License-Identifier: Apache-2.0
//
// Frames of the fuzz target `frame`, made and judged without the dataplane's code, so that both can
// be wrong only independently. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tandem::fuzz {

// An Ethernet frame with a UDP datagram to port 5060 of the node, all checksums right. The low bits
// of `who` choose one of four hosts (two that are known to the node, one that must be asked for,
// one behind the gateway), bit 2 the address of the node, the upper bits the port of the host.
[[nodiscard]] std::string datagram_frame(std::uint8_t who, std::string_view payload);

// The frame with the checksums of IPv4, UDP and ICMP made right where there are such headers.
[[nodiscard]] std::string mended_frame(std::string_view frame);

// The address of host `who` as datagram_frame() has it.
[[nodiscard]] std::uint32_t host_address(std::uint8_t who);

struct FrameJudgement {
    bool is_well_formed = false;
    std::string_view udp_payload; // of a datagram that is not fragmented
};

// Judges a frame the node sent.
[[nodiscard]] FrameJudgement judge_frame(std::string_view frame);

} // namespace tandem::fuzz
