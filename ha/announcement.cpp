// SPDX-License-Identifier: Apache-2.0
//
// The schedule of gratuitous ARP. Within a round the two forms of one address follow each other, so
// that every address is claimed as early as possible. Runs on the dataplane's worker.
#include "ha/announcement.hpp"

namespace tandem::ha {

void Announcement::start(base::MonotonicNs now) noexcept {
    started_ns_ = now;
    round_ = 0;
    frame_ = 0;
}

const ArpFrame* Announcement::next_due(std::span<const base::Ipv4Address> held,
                                       base::MonotonicNs now) noexcept {
    if (is_silent() || now < started_ns_ + kAnnouncementAtMs[round_] * base::kNsPerMs) {
        return nullptr;
    }
    const std::size_t address = frame_ / 2;
    if (address >= held.size()) {
        ++round_;
        frame_ = 0;
        return nullptr;
    }
    if (frame_ % 2 == 0) {
        write_gratuitous_request(own_mac_, held[address], frame_bytes_);
    } else {
        write_gratuitous_reply(own_mac_, held[address], frame_bytes_);
    }
    ++frame_;
    return &frame_bytes_;
}

} // namespace tandem::ha
