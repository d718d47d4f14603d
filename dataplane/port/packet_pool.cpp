// SPDX-License-Identifier: Apache-2.0
//
// Creates the pool of packet buffers. Cold thread, at start.
#include "dataplane/port/packet_pool.hpp"

#include <rte_lcore.h>
#include <rte_mbuf.h>

namespace tandem::dataplane::port {

std::size_t pool_bytes(std::uint32_t packets) noexcept {
    constexpr std::size_t kObjectOverheadBytes = 192; // mbuf, mempool object header and trailer
    return std::size_t{packets} *
           (kPacketDataBytes + RTE_PKTMBUF_HEADROOM + kPacketPrivateBytes + kObjectOverheadBytes);
}

rte_mempool* create_packet_pool(const char* name, std::uint32_t packets) noexcept {
    return rte_pktmbuf_pool_create(name,
                                   packets,
                                   kPoolCache,
                                   kPacketPrivateBytes,
                                   kPacketDataBytes + RTE_PKTMBUF_HEADROOM,
                                   SOCKET_ID_ANY);
}

} // namespace tandem::dataplane::port
