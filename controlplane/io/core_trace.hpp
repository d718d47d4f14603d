// SPDX-License-Identifier: Apache-2.0
//
// The core thread's part of a trace: which record carries the number of a followed packet, the
// stages its input visits, and the same number on every command its effects write. The core itself
// knows nothing of it but that somebody hears where it is. Which packets are followed, and when
// that ends, the dataplane decides; here a number is believed as it comes. Core thread only.
#pragma once

#include "base/stage.hpp"
#include "shm/ring.hpp"
#include "shm/trace.hpp"

namespace tandem::controlplane {

class CoreTrace final : public base::StageWatcher {
  public:
    // A dataplane is attached: its worker's list tells the session, `list` takes our notes,
    // `commands` our numbers. All outlive the use here.
    void attach(const shm::TraceList& worker,
                shm::TraceList& list,
                shm::RingProducer& commands) noexcept;
    void detach() noexcept;

    // A record of the event ring is looked at. Number 0: of a packet nobody follows.
    void begin(shm::TraceNumber number) noexcept;
    // Its step is done.
    void end() noexcept;

    // For whoever does the step: null while the record at hand is not followed.
    [[nodiscard]] base::StageWatcher* watcher() noexcept { return number_ != 0 ? this : nullptr; }

    // From the core's first stage on, what is written is caused by the packet: the timers that were
    // due before the input have run by then.
    void visited(base::Stage stage) noexcept override;

  private:
    void note(base::Stage stage) noexcept;

    const shm::TraceList* worker_ = nullptr;
    shm::RingProducer* commands_ = nullptr;
    shm::TraceWriter writer_;
    shm::TraceNumber number_ = 0;
};

} // namespace tandem::controlplane
