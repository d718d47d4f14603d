// SPDX-License-Identifier: Apache-2.0
//
// Tells the subnet which addresses live here: gratuitous ARP for each held address, request form
// first, then reply form, repeated on a schedule because a single frame may be lost. It decides
// when and what; the caller sends and gives the time. One object per port, used by the dataplane's
// worker only.
//
//             start(now)                    last round sent
//   Silent ---------------> Announcing -----------------------> Silent
//                            |      ^
//                            +------+ round due: one pair of frames per address
//
//   state      | start            | due                       | due, last round
//   Silent     | Announcing, t=0  | -                         | -
//   Announcing | Announcing, t=0  | a pair per address        | a pair per address, Silent
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/endpoint.hpp"
#include "base/time.hpp"
#include "ha/arp.hpp"

namespace tandem::ha {

// Each round after the start, in milliseconds after it. The later ones are for switches that learn
// slowly and for neighbours that hold an answer back for a second.
constexpr std::array<std::uint32_t, 4> kAnnouncementAtMs = {0, 100, 1'100, 3'000};

class Announcement {
  public:
    explicit Announcement(const MacAddress& own_mac) noexcept : own_mac_(own_mac) {}

    // Begins (again) with the first round: at start, and when the link comes up.
    void start(base::MonotonicNs now) noexcept;

    // The next frame that is due, or nothing. Call until it returns nothing. `held` must not change
    // within a round; what is added later is announced by another start().
    [[nodiscard]] const ArpFrame* next_due(std::span<const base::Ipv4Address> held,
                                           base::MonotonicNs now) noexcept;

    [[nodiscard]] bool is_silent() const noexcept { return round_ == kAnnouncementAtMs.size(); }

  private:
    MacAddress own_mac_;
    base::MonotonicNs started_ns_ = 0;
    std::size_t round_ = kAnnouncementAtMs.size();
    std::size_t frame_ = 0; // in the round: address * 2, + 1 for the reply form
    ArpFrame frame_bytes_{};
};

} // namespace tandem::ha
