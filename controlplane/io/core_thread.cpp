// SPDX-License-Identifier: Apache-2.0
//
// The loop around the core. One reading of the clocks per burst; one look at the seam per
// millisecond, because that costs system calls; one doorbell never, because a worker never sleeps.
#include "controlplane/io/core_thread.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/process.hpp"

namespace tandem::controlplane {

namespace {

// Events stepped between two readings of the clock.
constexpr std::size_t kBurst = 64;
// The heartbeat, and how late the end of a sleep may notice the seam.
constexpr std::uint64_t kBeatNs = base::kNsPerMs;
// Between two looks for room in the command ring: events wait, and the worker rings no bell for it.
constexpr std::uint64_t kRoomNapNs = 100'000;

std::string socket_path(const config::Configuration& configuration) {
    std::string path = configuration.application.run_directory;
    path += '/';
    path += shm::kHandoverSocketName;
    return path;
}

void raise_to(std::atomic<std::uint64_t>& peak, std::uint64_t value) {
    if (value > peak.load(std::memory_order_relaxed)) {
        peak.store(value, std::memory_order_relaxed);
    }
}

void add(std::atomic<std::uint64_t>& counter) {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

} // namespace

CoreThread::CoreThread(const config::Configuration& configuration,
                       const CoreSeed& seed,
                       const CoreThreadParts& parts)
    : journal_(parts.journal), recorder_(parts.recorder),
      core_(configuration, seed, recorder_ == nullptr ? effects_ : recorder_->between(effects_)),
      seam_(socket_path(configuration)), thread_([this] { run(); }) {}

CoreThread::~CoreThread() {
    stopping_.store(true, std::memory_order_relaxed);
    thread_.join();
}

Now CoreThread::read_clocks() {
    return {.monotonic_ns = base::monotonic_now(), .wall_ns = base::wall_now()};
}

void CoreThread::run() {
    // Naps end on time; without this they may be 50 us late.
    ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    restore_bindings();
    while (!stopping_.load(std::memory_order_relaxed)) {
        const Now now = read_clocks();
        if (now.monotonic_ns >= next_seam_ns_) {
            follow_seam(now);
        }
        bool worked = drain(now);
        if (core_deadline() <= now.monotonic_ns && has_room()) {
            step(TimersInput{}, now);
            worked = true;
        }
        publish();
        queries_.serve(core_, now);
        add(counters_.loops);
        raise_to(counters_.longest_loop_ns, base::monotonic_now() - now.monotonic_ns);
        if (!worked) {
            sleep(now);
        }
    }
    if (recorder_ != nullptr) {
        recorder_->close(core_);
    }
}

// The only way to the core.
// Whoever follows the record at hand hears of the step; nobody does when none is.
void CoreThread::step(const Input& input, const Now& now) {
    base::StageWatcher* const watcher = trace_.watcher();
    effects_.watch(watcher);
    if (recorder_ == nullptr) {
        core_.step(input, now, watcher);
    } else {
        recorder_->step(core_, input, now, watcher);
    }
    effects_.watch(nullptr);
}

void CoreThread::restore_bindings() {
    if (journal_ == nullptr) {
        return;
    }
    const Now now = read_clocks();
    for (const auto& binding : journal_->bindings()) {
        step(BindingInput{binding}, now);
    }
    effects_.use_journal(&journal_->queue());
}

void CoreThread::follow_seam(const Now& now) {
    const auto change = seam_.step(now.monotonic_ns);
    if (change == SeamChange::Opened) {
        // Of the region, not of our file: it may have changed since the dataplane started.
        command_ring_bytes_ = seam_.region().command_ring(0).capacity_bytes;
        effects_.use_ring(&seam_.link().commands(), command_ring_bytes_);
        trace_.attach(
            seam_.region().worker_trace(0), seam_.region().core_trace(0), seam_.link().commands());
        step(seam_.attached_input(), now);
    } else if (change == SeamChange::Closed) {
        command_ring_bytes_ = 0;
        effects_.use_ring(nullptr, 0);
        trace_.detach();
        step(DetachedInput{}, now);
    }
    seam_.beat(now.monotonic_ns);
    next_seam_ns_ = now.monotonic_ns + kBeatNs;
}

// Steps a burst of events; false when there was none.
bool CoreThread::drain(const Now& now) {
    if (!seam_.is_open()) {
        return false;
    }
    auto& events = seam_.link().events();
    for (std::size_t count = 0; count < kBurst; ++count) {
        if (!has_room()) {
            return false;
        }
        const auto input = intake_.next(events, trace_);
        if (!input) {
            return count > 0;
        }
        step(*input, now);
        trace_.end();
        intake_.release(events);
    }
    return true;
}

// False: the worker has to drain its commands before anything is stepped.
bool CoreThread::has_room() {
    if (effects_.has_room()) {
        return true;
    }
    add(counters_.waits_for_room);
    return false;
}

void CoreThread::publish() {
    if (seam_.is_open()) {
        seam_.link().commands().publish();
    }
    if (journal_ != nullptr) {
        journal_->queue().publish();
    }
}

base::MonotonicNs CoreThread::core_deadline() const {
    return core_.next_deadline().value_or(std::numeric_limits<base::MonotonicNs>::max());
}

std::uint64_t CoreThread::sleep_ns(const Now& now) const {
    const auto deadline = std::min(core_deadline(), next_seam_ns_);
    return deadline > now.monotonic_ns ? deadline - now.monotonic_ns : 0;
}

void CoreThread::sleep(const Now& now) {
    const bool full = !effects_.has_room();
    const bool listens = seam_.is_open() && !full;
    if (listens && !seam_.link().events().fall_asleep()) {
        return;
    }
    std::array<pollfd, 3> fds{{{.fd = queries_.poll_fd(), .events = POLLIN, .revents = 0},
                               {.fd = seam_.doorbell_fd(), .events = POLLIN, .revents = 0},
                               {.fd = seam_.connection_fd(), .events = POLLIN, .revents = 0}}};
    const auto ns = full ? kRoomNapNs : sleep_ns(now);
    const timespec patience{.tv_sec = static_cast<time_t>(ns / base::kNsPerS),
                            .tv_nsec = static_cast<long>(ns % base::kNsPerS)};
    add(counters_.sleeps);
    ::ppoll(fds.data(), fds.size(), &patience, nullptr);
    if (listens) {
        seam_.link().events().wake_up();
    }
    if ((fds[1].revents & POLLIN) != 0) {
        std::uint64_t drained = 0;
        const auto bytes = ::read(fds[1].fd, &drained, sizeof drained);
        static_cast<void>(bytes); // another reader took it: there is none, and it would not matter
    }
    if (fds[2].revents != 0) {
        next_seam_ns_ = 0;
    }
}

bool CoreThread::with_region(
    const std::function<void(const shm::Region& region, const Now& now)>& work) {
    return query([&](const Core&, const Now& now) {
        if (seam_.is_open()) {
            work(seam_.region(), now);
        }
    });
}

bool CoreThread::status(CoreThreadStatus& out) {
    return query([&](const Core&, const Now&) {
        out.seam = seam_.status();
        out.effects = effects_.counts();
        out.intake = intake_.counts();
        out.command_ring_bytes = command_ring_bytes_;
        out.command_ring_used_bytes =
            seam_.is_open() ? seam_.link().commands().used_bytes() : std::size_t{0};
        out.thread_cpu_ns = base::thread_cpu_ns();
    });
}

} // namespace tandem::controlplane
