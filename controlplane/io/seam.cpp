// SPDX-License-Identifier: Apache-2.0
//
// Drives hand-over, region and attach handshake in that order, and takes them down together.
#include "controlplane/io/seam.hpp"

#include "base/log.hpp"

namespace tandem::controlplane {

Seam::Seam(std::string_view socket_path) : handover_(socket_path) {}

SeamChange Seam::step(base::MonotonicNs now) {
    const bool was_open = is_open();
    const auto before = handover_.state();
    const auto after = handover_.step(now);
    if (region_ && after != shm::HandoverState::Attached) {
        base::log::warning("the dataplane (pid {}) went away", region_->info().dataplane_pid);
        drop_region();
    } else if (!region_ && after == shm::HandoverState::Attached) {
        take_region(now);
    } else if (after == shm::HandoverState::Refused && before != after) {
        base::log::warning("no dataplane: {}", handover_.sentence());
    }
    if (link_) {
        static_cast<void>(link_->poll());
    }
    if (was_open == is_open()) {
        return SeamChange::None;
    }
    ++(was_open ? closed_count_ : opened_count_);
    return was_open ? SeamChange::Closed : SeamChange::Opened;
}

void Seam::take_region(base::MonotonicNs now) {
    auto region = shm::Region::attach(handover_.region_fd());
    if (region) {
        refusal_.clear();
        region_.emplace(std::move(*region));
        region_->controlplane_line().started_ns.store(now, std::memory_order_relaxed);
        link_.emplace(*region_, 0);
        base::log::info("attached to dataplane (pid {}, epoch {})",
                        region_->info().dataplane_pid,
                        region_->info().dataplane_epoch);
        return;
    }
    shm::SentenceBuffer buffer;
    const auto text = shm::sentence(region.error(), buffer);
    if (refusal_ != text) {
        refusal_ = text;
        base::log::error("cannot use the dataplane's region: {}", text);
    }
    handover_.reject(now);
}

void Seam::drop_region() {
    link_.reset();
    region_.reset();
}

AttachedInput Seam::attached_input() const {
    const auto& info = region_->info();
    return {.owner = {.epoch = info.dataplane_epoch,
                      .node = static_cast<std::uint8_t>(info.node),
                      .worker = 0},
            .branch_key = info.branch_key,
            .call_id_key = info.call_id_key};
}

SeamStatus Seam::status() const {
    SeamStatus status;
    status.is_open = is_open();
    status.dataplane_pid = handover_.dataplane_pid();
    status.sentence = refusal_.empty() ? handover_.sentence() : refusal_;
    if (status.sentence.empty() && !status.is_open) {
        status.sentence = "the worker has not granted the rings yet";
    }
    status.opened_count = opened_count_;
    status.closed_count = closed_count_;
    status.corrupt_count = link_ ? link_->corrupt_count() : 0;
    if (region_) {
        status.region = region_->info();
    }
    return status;
}

void Seam::beat(base::MonotonicNs now) {
    if (region_) {
        region_->controlplane_line().heartbeat_ns.store(now, std::memory_order_relaxed);
    }
}

} // namespace tandem::controlplane
