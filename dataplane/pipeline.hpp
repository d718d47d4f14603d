// SPDX-License-Identifier: Apache-2.0
//
// The stages in the order of a message, each with its file: what the worker runs in one loop, what
// the README of this folder lists, and what a trace names. A stage without `run` is entered by a
// call from another stage and holds nothing.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "dataplane/drain.hpp"
#include "dataplane/expire.hpp"
#include "dataplane/ingress/arp.hpp"
#include "dataplane/ingress/ether.hpp"
#include "dataplane/ingress/icmp.hpp"
#include "dataplane/ingress/ip4.hpp"
#include "dataplane/ingress/udp.hpp"
#include "dataplane/port/rx.hpp"
#include "dataplane/port/tx.hpp"
#include "dataplane/publish.hpp"
#include "dataplane/screen/screen.hpp"
#include "dataplane/sip/sip.hpp"
#include "dataplane/stage.hpp"

namespace tandem::dataplane {

struct Stage {
    StageId id;
    std::string_view name;
    std::string_view file;
    void (*run)(WorkerState&) noexcept;
};

inline constexpr std::array kStages = std::to_array<Stage>({
    {StageId::Rx, "rx", "dataplane/port/rx.cpp", port::rx_run},
    {StageId::Ether, "ether", "dataplane/ingress/ether.cpp", ingress::ether_run},
    {StageId::Arp, "arp", "dataplane/ingress/arp.cpp", ingress::arp_run},
    {StageId::Ip4, "ip4", "dataplane/ingress/ip4.cpp", ingress::ip4_run},
    {StageId::Icmp, "icmp", "dataplane/ingress/icmp.cpp", ingress::icmp_run},
    {StageId::Udp, "udp", "dataplane/ingress/udp.cpp", ingress::udp_run},
    {StageId::Screen, "screen", "dataplane/screen/screen.cpp", screen::screen_run},
    {StageId::Sip, "sip", "dataplane/sip/sip.cpp", sip::sip_run},
    {StageId::Drain, "drain", "dataplane/drain.cpp", drain_run},
    {StageId::Expire, "expire", "dataplane/expire.cpp", expire_run},
    {StageId::Publish, "publish", "dataplane/publish.cpp", publish_run},
    {StageId::SendUdp, "send-udp", "dataplane/egress/udp.cpp", nullptr},
    {StageId::SendIp4, "send-ip4", "dataplane/egress/ip4.cpp", nullptr},
    {StageId::SendEther, "send-ether", "dataplane/egress/ether.cpp", nullptr},
    {StageId::Tx, "tx", "dataplane/port/tx.cpp", port::tx_run},
});

static_assert(kStages.size() == kStageIds);

[[nodiscard]] constexpr const Stage& stage_of(StageId id) noexcept {
    std::size_t place = 0;
    while (kStages[place].id != id) {
        ++place;
    }
    return kStages[place];
}

// One loop over all stages, at the time and with the batches of `state`.
inline void run_stages(WorkerState& state) noexcept {
    for (const Stage& stage : kStages) {
        if (stage.run != nullptr) {
            stage.run(state);
        }
    }
}

} // namespace tandem::dataplane
