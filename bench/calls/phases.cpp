// SPDX-License-Identifier: Apache-2.0
//
// How each phase drives the load. Calls begin whenever the switch has less than a burst to do, so
// that it is always busy and never behind: the rate settles where one core is full.
#include "bench/calls/phases.hpp"

namespace tandem::bench {

namespace {

constexpr std::uint64_t kPatienceNs = 60 * base::kNsPerS;
// A driver's burst (dataplane/packet.hpp): what the worker takes in one turn.
constexpr std::size_t kBurst = dataplane::kRxBurst;
constexpr std::uint64_t kForeverNs = 86'400 * base::kNsPerS;

// Equal seeds would give two calls of two loads the same branch.
load::CallLoadOptions
load_options(const Options& options, std::uint64_t talk_ns, std::uint64_t load_number) {
    load::CallLoadOptions load;
    load.directory.numbers = options.numbers;
    load.seed = options.seed + (load_number << 32U);
    load.ring_after_ns = options.ring_ms * base::kNsPerMs;
    load.talk_ns = talk_ns;
    return load;
}

double per(std::uint64_t after, std::uint64_t before, std::uint64_t count) {
    const auto growth = static_cast<double>(after) - static_cast<double>(before);
    return count == 0 ? 0 : growth / static_cast<double>(count);
}

} // namespace

Phases::Phases(const Options& options, rte_mempool& pool, bool huge_pages)
    : options_(options), station_(port_, pool, faults_),
      node_({.numbers = options.numbers, .calls_per_second = options.calls_per_second},
            port_,
            pool,
            huge_pages),
      registrations_({.numbers = options.numbers}, station_, faults_),
      held_(load_options(options, kForeverNs, 1), station_, faults_),
      calls_(load_options(options, 2 * base::kNsPerS, 2), station_, faults_) {
    // The switch learns where everybody is, and its core gets its slots.
    station_.ask_for_switch();
    const auto nobody = [](const load::Datagram&, base::MonotonicNs) {};
    static_cast<void>(turn_until(
        base::kNsPerS, nobody, [](base::MonotonicNs) {}, [] { return false; }));
}

// False: not over within the patience.
template <typename Take, typename Act, typename IsOver>
bool Phases::turn_until(std::uint64_t patience_ns, Take&& take, Act&& act, IsOver&& is_over) {
    Measurement measurement(node_, station_);
    const base::MonotonicNs end = base::monotonic_now() + patience_ns;
    while (base::monotonic_now() < end) {
        for (int i = 0; i < 16; ++i) {
            measurement.turn(take, act);
        }
        if (is_over()) {
            return true;
        }
    }
    return false;
}

void Phases::register_all() {
    const MemoryUse before = memory_use(node_);
    const auto take = [this](const load::Datagram& datagram, base::MonotonicNs) {
        registrations_.receive(datagram);
    };
    const auto act = [this](base::MonotonicNs) {
        while (port_.to_switch().size() < kBurst &&
               registrations_.counts().sent < options_.numbers && registrations_.send_next()) {
        }
    };
    const bool all = turn_until(kPatienceNs, take, act, [this] {
        return registrations_.counts().completed == options_.numbers;
    });
    if (!all) {
        faults_.add(load::Fault::Missing, "registration", 0, "registering", {});
        return;
    }
    const MemoryUse after = memory_use(node_);
    memory_.bytes_per_registration =
        per(after.bindings_bytes, before.bindings_bytes, options_.numbers) +
        per(after.process_bytes, before.process_bytes, options_.numbers);
}

void Phases::hold_calls() {
    const auto take = [this](const load::Datagram& datagram, base::MonotonicNs now) {
        held_.receive(datagram, now);
    };
    std::uint32_t next = 0;
    const auto act = [this, &next](base::MonotonicNs now) {
        static_cast<void>(held_.run_due(now, kBurst));
        while (port_.to_switch().size() < kBurst && next < options_.held_calls) {
            const std::uint32_t callee = (next + options_.numbers / 2) % options_.numbers;
            static_cast<void>(held_.start_call_between(next++, callee, now));
        }
    };
    const MemoryUse before = memory_use(node_);
    const bool all = turn_until(
        kPatienceNs, take, act, [this] { return held_.counts().answered == options_.held_calls; });
    if (!all || node_.core().live_calls() != options_.held_calls) {
        faults_.add(load::Fault::Missing, "caller", 0, "held", {});
        return;
    }
    const MemoryUse after = memory_use(node_);
    memory_.held = options_.held_calls;
    memory_.live_bytes_per_call = per(after.live_bytes, before.live_bytes, memory_.held);
    memory_.process_bytes_per_call = per(after.process_bytes, before.process_bytes, memory_.held);
    memory_.bytes_per_call = memory_.live_bytes_per_call + memory_.process_bytes_per_call;
    memory_.lingering = after.lingering - before.lingering;
    memory_.bytes_per_lingering =
        per(after.lingering_bytes, before.lingering_bytes, memory_.lingering);
    const auto end_act = [this](base::MonotonicNs now) {
        static_cast<void>(held_.run_due(now, kBurst));
        if (port_.to_switch().size() < kBurst) {
            held_.hang_up_all(now, kBurst);
        }
    };
    if (!turn_until(kPatienceNs, take, end_act, [this] { return held_.calls_at_once() == 0; }) ||
        node_.core().live_calls() != 0) {
        faults_.add(load::Fault::Missing, "caller", 0, "ending held calls", {});
    }
}

void Phases::start_calls(base::MonotonicNs now) {
    while (port_.to_switch().size() < kBurst) {
        const std::uint64_t allowed =
            options_.calls_limit == 0
                ? UINT64_MAX
                : (now - calls_begin_ns_) * options_.calls_limit / base::kNsPerS;
        if (calls_.counts().started >= allowed || !calls_.start_call(now)) {
            return;
        }
    }
}

LoadResult
Phases::result_of(const Measurement& measurement, const StageTimes& before, double cycles_per_ns) {
    LoadResult result;
    result.plain = cost_of(measurement.slices(), false, cycles_per_ns);
    result.by_stage = cost_of(measurement.slices(), true, cycles_per_ns);
    result.traffic = measurement.traffic();
    result.stages = stage_clock().times();
    for (std::size_t i = 0; i < result.stages.size(); ++i) {
        result.stages[i].cycles -= before[i].cycles;
        result.stages[i].visits -= before[i].visits;
    }
    double cycles = 0;
    double own_cycles = 0;
    for (const Slice& slice : measurement.slices()) {
        const double of_slice = slice.by_stage ? static_cast<double>(slice.switch_cycles) : 0.0;
        cycles += of_slice;
        own_cycles += of_slice * slice.share();
    }
    result.share_by_stage = cycles > 0 ? own_cycles / cycles : 1;
    result.lingering = memory_use(node_).lingering;
    return result;
}

LoadResult Phases::load_calls(double cycles_per_ns) {
    const auto take = [this](const load::Datagram& datagram, base::MonotonicNs now) {
        calls_.receive(datagram, now);
    };
    const auto act = [this](base::MonotonicNs now) {
        if (port_.to_switch().size() < kBurst) {
            static_cast<void>(calls_.run_due(now, kBurst));
        }
        start_calls(now);
    };
    const auto done = [this] { return calls_.counts().completed; };
    calls_begin_ns_ = base::monotonic_now();
    Measurement fill(node_, station_);
    fill.run(options_.fill_s, false, take, act, done);
    const StageTimes before = stage_clock().times();
    Measurement measurement(node_, station_);
    measurement.reserve(options_.measure_s);
    measurement.run(options_.measure_s, true, take, act, done);
    const LoadResult result = result_of(measurement, before, cycles_per_ns);
    drain_calls();
    return result;
}

// What was begun ends, and nothing of it stays.
void Phases::drain_calls() {
    const auto take = [this](const load::Datagram& datagram, base::MonotonicNs now) {
        calls_.receive(datagram, now);
    };
    const auto act = [this](base::MonotonicNs now) {
        static_cast<void>(calls_.run_due(now, kBurst));
    };
    if (!turn_until(kPatienceNs, take, act, [this] { return calls_.calls_at_once() == 0; }) ||
        node_.core().live_calls() != 0) {
        faults_.add(load::Fault::Missing, "caller", 0, "ending all calls", {});
    }
}

// A burst whenever the pace allows one; the switch is turned until it has answered, and not in
// between, so that idle turns are not counted to registrations.
LoadResult Phases::load_registrations(double cycles_per_ns) {
    const auto take = [this](const load::Datagram& datagram, base::MonotonicNs) {
        registrations_.receive(datagram);
    };
    const base::MonotonicNs begin = base::monotonic_now();
    const std::uint64_t first = registrations_.counts().sent;
    const auto act = [&](base::MonotonicNs) {
        if (registrations_.open() > 0) {
            return;
        }
        const auto allowed = [&] {
            return (base::monotonic_now() - begin) * options_.registers_per_second / base::kNsPerS;
        };
        while (allowed() < registrations_.counts().sent - first + kBurst) {
        }
        for (std::size_t i = 0; i < kBurst && registrations_.send_next(); ++i) {
        }
    };
    const auto done = [this] { return registrations_.counts().completed; };
    Measurement fill(node_, station_);
    fill.run(options_.register_fill_s, false, take, act, done);
    const StageTimes before = stage_clock().times();
    Measurement measurement(node_, station_);
    measurement.reserve(options_.register_measure_s);
    measurement.run(options_.register_measure_s, true, take, act, done);
    const LoadResult result = result_of(measurement, before, cycles_per_ns);
    if (!turn_until(
            kPatienceNs,
            take,
            [](base::MonotonicNs) {},
            [&] { return registrations_.open() == 0; })) {
        faults_.add(load::Fault::Missing, "registration", 0, "registering again", {});
    }
    return result;
}

} // namespace tandem::bench
