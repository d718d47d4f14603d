// SPDX-License-Identifier: Apache-2.0
//
// Slices and what follows from them.
#include "bench/calls/measure.hpp"

#include <algorithm>
#include <ctime>

namespace tandem::bench {

namespace {

std::uint64_t thread_cpu_ns() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<std::uint64_t>(time.tv_sec) * base::kNsPerS +
           static_cast<std::uint64_t>(time.tv_nsec);
}

double median(std::vector<double>& values) {
    if (values.empty()) {
        return 0;
    }
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

} // namespace

Traffic Measurement::traffic_now() const {
    const auto& effects = node_.effects();
    return {.received = node_.counter(shm::CounterId::FramesReceived),
            .sent = node_.counter(shm::CounterId::FramesSent),
            .events = node_.events(),
            .commands = effects.requests + effects.responses + effects.acks,
            .done = 0};
}

void Measurement::begin(bool by_stage, std::uint64_t done) {
    slice_ = {.by_stage = by_stage};
    begin_ = traffic_now();
    begin_.done = done;
    cpu_begin_ns_ = thread_cpu_ns();
    slice_begin_ns_ = base::monotonic_now();
    if (by_stage) {
        stage_clock().turn_on();
    }
}

void Measurement::end(std::uint64_t done) {
    if (slice_.by_stage) {
        stage_clock().turn_off();
        const Traffic now = traffic_now();
        traffic_.received += now.received - begin_.received;
        traffic_.sent += now.sent - begin_.sent;
        traffic_.events += now.events - begin_.events;
        traffic_.commands += now.commands - begin_.commands;
        traffic_.done += done - begin_.done;
    }
    slice_.wall_ns = base::monotonic_now() - slice_begin_ns_;
    slice_.cpu_ns = thread_cpu_ns() - cpu_begin_ns_;
    slice_.done = done - begin_.done;
    slices_.push_back(slice_);
}

// Another process takes the core from phones and switch alike, in proportion to their time.
Cost cost_of(const std::vector<Slice>& slices, bool by_stage, double cycles_per_ns) {
    std::vector<double> costs;
    std::vector<double> phones;
    std::vector<double> rates;
    Cost cost{.share = 1.0};
    for (const Slice& slice : slices) {
        if (slice.by_stage != by_stage || slice.done == 0) {
            continue;
        }
        const double per = slice.share() / cycles_per_ns / static_cast<double>(slice.done);
        costs.push_back(static_cast<double>(slice.switch_cycles) * per);
        phones.push_back(static_cast<double>(slice.phones_cycles) * per);
        rates.push_back(static_cast<double>(slice.done) * 1e9 / static_cast<double>(slice.wall_ns));
        cost.share = std::min(cost.share, slice.share());
    }
    cost.slices = costs.size();
    cost.switch_ns = median(costs);
    cost.phones_ns = median(phones);
    cost.per_second = median(rates);
    if (!costs.empty()) {
        cost.switch_low_ns = costs.front();
        cost.switch_high_ns = costs.back();
    }
    return cost;
}

} // namespace tandem::bench
