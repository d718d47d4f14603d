// SPDX-License-Identifier: Apache-2.0
//
// Notes of the core thread, in the list that the dataplane reads.
#include "controlplane/io/core_trace.hpp"

namespace tandem::controlplane {

void CoreTrace::attach(const shm::TraceList& worker,
                       shm::TraceList& list,
                       shm::RingProducer& commands) noexcept {
    worker_ = &worker;
    commands_ = &commands;
    writer_ = shm::TraceWriter(&list);
    number_ = 0;
    commands.mark(0);
}

void CoreTrace::detach() noexcept {
    worker_ = nullptr;
    commands_ = nullptr;
    writer_ = shm::TraceWriter();
    number_ = 0;
}

void CoreTrace::begin(shm::TraceNumber number) noexcept {
    if (number == 0 || worker_ == nullptr) [[likely]] {
        number_ = 0;
        return;
    }
    number_ = number;
    // Acquire: pairs with TraceWriter::enter() of the worker.
    writer_.enter(worker_->session.load(std::memory_order_acquire));
    note(base::Stage::CoreThread);
}

void CoreTrace::end() noexcept {
    if (number_ != 0) [[unlikely]] {
        number_ = 0;
        commands_->mark(0);
    }
}

void CoreTrace::visited(base::Stage stage) noexcept {
    if (number_ == 0) {
        return;
    }
    if (stage == base::Stage::Core) {
        commands_->mark(number_);
    }
    note(stage);
}

void CoreTrace::note(base::Stage stage) noexcept {
    shm::TraceNote note;
    note.time_ns = base::monotonic_now();
    note.number = number_;
    note.stage = stage;
    (void)writer_.write(note); // a full list counts what it lost
}

} // namespace tandem::controlplane
