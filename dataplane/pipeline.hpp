// SPDX-License-Identifier: Apache-2.0
//
// The stages in the order of a message, each with its file: what the worker runs in one loop, what
// the README of this folder lists, and what a trace names. Names and files are those of the one
// table (base/stage.hpp). A stage without `run` is entered by a call from another stage and holds
// nothing.
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

[[nodiscard]] constexpr Stage listed(StageId id, void (*run)(WorkerState&) noexcept) noexcept {
    const base::StageRow& row = base::stage_row(id);
    return {.id = id, .name = row.name, .file = row.file, .run = run};
}

inline constexpr std::array kStages = std::to_array<Stage>({
    listed(StageId::Rx, port::rx_run),
    listed(StageId::Ether, ingress::ether_run),
    listed(StageId::Arp, ingress::arp_run),
    listed(StageId::Ip4, ingress::ip4_run),
    listed(StageId::Icmp, ingress::icmp_run),
    listed(StageId::Udp, ingress::udp_run),
    listed(StageId::Screen, screen::screen_run),
    listed(StageId::Sip, sip::sip_run),
    listed(StageId::Drain, drain_run),
    listed(StageId::Expire, expire_run),
    listed(StageId::Publish, publish_run),
    listed(StageId::SendUdp, nullptr),
    listed(StageId::SendIp4, nullptr),
    listed(StageId::SendEther, nullptr),
    listed(StageId::Tx, port::tx_run),
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
            state.trace.leave(); // whatever the stage before worked for
            stage.run(state);
        }
    }
}

} // namespace tandem::dataplane
