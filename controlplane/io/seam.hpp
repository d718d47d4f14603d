// SPDX-License-Identifier: Apache-2.0
//
// The control plane's end of the seam: waits for a dataplane, takes its region, agrees with its
// worker on empty rings, and tells when one of these ends. It decides when there are rings, never
// what goes through them. Core thread only; system calls only in step(), which the loop makes once
// a millisecond or on news, never per message.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "controlplane/core/input.hpp"
#include "shm/attach.hpp"
#include "shm/handover.hpp"
#include "shm/region.hpp"

namespace tandem::controlplane {

enum class SeamChange : std::uint8_t { None, Opened, Closed };

// What an operator is told; copied between threads.
struct SeamStatus {
    bool is_open = false;
    pid_t dataplane_pid = 0;
    std::string sentence; // why it is not open, "" when it is
    std::uint64_t opened_count = 0;
    std::uint64_t closed_count = 0;
    std::uint64_t corrupt_count = 0;
    std::optional<shm::RegionInfo> region;
};

class Seam {
  public:
    explicit Seam(std::string_view socket_path);

    // One look at everything. After Closed the rings are gone; Opened may follow at the next call.
    [[nodiscard]] SeamChange step(base::MonotonicNs now);

    [[nodiscard]] bool is_open() const { return link_ && link_->is_open(); }

    // To be used while is_open().
    [[nodiscard]] shm::CoreLink& link() { return *link_; }

    [[nodiscard]] const shm::Region& region() const { return *region_; }

    // What the core needs to know of the dataplane it is attached to.
    [[nodiscard]] AttachedInput attached_input() const;

    // For the core's sleep; -1 = none.
    [[nodiscard]] int connection_fd() const { return handover_.poll_fd(); }

    [[nodiscard]] int doorbell_fd() const { return handover_.doorbell_fd(); }

    [[nodiscard]] SeamStatus status() const;

    void beat(base::MonotonicNs now);

  private:
    void take_region(base::MonotonicNs now);
    void drop_region();

    shm::HandoverClient handover_;
    std::optional<shm::Region> region_;
    std::optional<shm::CoreLink> link_;
    std::string refusal_; // why the region was not taken
    std::uint64_t opened_count_ = 0;
    std::uint64_t closed_count_ = 0;
};

} // namespace tandem::controlplane
