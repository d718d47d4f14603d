// SPDX-License-Identifier: Apache-2.0
//
// The two bounded memories of digest authentication. Sets are small, so a look-up is a walk over
// eight neighbours; a flood of nonces or sources costs its own entries only.
#include "controlplane/core/digest_memory.hpp"

#include <algorithm>

namespace tandem::controlplane {

NonceCounts::NonceCounts() : sets_(kSets) {}

bool NonceCounts::take(std::uint64_t name, std::uint64_t time_ms, std::uint32_t count) {
    Set& set = sets_[set_of(name)];
    const auto known =
        std::find_if(set.entries.begin(), set.entries.end(), [&](const Entry& entry) {
            return entry.time_ms == time_ms && entry.name == name;
        });
    if (known != set.entries.end()) {
        if (count <= known->count) {
            return false;
        }
        known->count = count;
        return true;
    }
    if (time_ms <= set.forgotten_until_ms) {
        return false;
    }
    // A free entry has time 0 and so is the oldest.
    const auto oldest = std::min_element(
        set.entries.begin(), set.entries.end(), [](const Entry& left, const Entry& right) {
            return left.time_ms < right.time_ms;
        });
    if (time_ms < oldest->time_ms) {
        set.forgotten_until_ms = std::max(set.forgotten_until_ms, time_ms);
        return false;
    }
    set.forgotten_until_ms = std::max(set.forgotten_until_ms, oldest->time_ms);
    *oldest = {.name = name, .time_ms = time_ms, .count = count};
    return true;
}

void NonceCounts::write_fields(std::uint32_t set, FieldSink& sink) const {
    sink.number("forgotten_until_ms", sets_[set].forgotten_until_ms);
    for (const auto& [name, time_ms, count] : sets_[set].entries) {
        sink.number("nonce.name", name);
        sink.number("nonce.time_ms", time_ms);
        sink.number("nonce.count", count);
    }
}

DigestFailures::DigestFailures(std::uint32_t max, std::uint64_t window_ns)
    : max_(max), window_ns_(window_ns), sets_(kSets) {}

DigestFailures::Set& DigestFailures::set_of(base::Ipv4Address source) {
    // Fibonacci hashing spreads neighbours of one network over the sets.
    return sets_[(source.value * 0x9E3779B1U) >> 22U];
}

bool DigestFailures::is_over(const Entry& entry, base::MonotonicNs now) const {
    return entry.failures == 0 || now - entry.since_ns >= window_ns_;
}

bool DigestFailures::limited(base::Ipv4Address source, base::MonotonicNs now) {
    if (max_ == 0) {
        return false;
    }
    for (const auto& entry : set_of(source)) {
        if (entry.source == source && !is_over(entry, now) && entry.failures >= max_) {
            ++limited_count_;
            return true;
        }
    }
    return false;
}

void DigestFailures::add(base::Ipv4Address source, base::MonotonicNs now) {
    ++count_;
    Set& set = set_of(source);
    for (auto& entry : set) {
        if (entry.source == source && !is_over(entry, now)) {
            ++entry.failures;
            return;
        }
    }
    const auto oldest =
        std::min_element(set.begin(), set.end(), [&](const Entry& left, const Entry& right) {
            const bool left_over = is_over(left, now);
            const bool right_over = is_over(right, now);
            return left_over != right_over ? left_over : left.since_ns < right.since_ns;
        });
    *oldest = {.source = source, .failures = 1, .since_ns = now};
}

void DigestFailures::write_fields(FieldSink& sink) const {
    sink.number("failures", count_);
    sink.number("failures.limited", limited_count_);
    for (std::uint32_t set = 0; set < kSets; ++set) {
        for (const auto& [source, failures, since_ns] : sets_[set]) {
            if (failures != 0) {
                sink.number("failures.set", set);
                sink.number("failures.source", source.value);
                sink.number("failures.count", failures);
                sink.number("failures.since_ns", since_ns);
            }
        }
    }
}

} // namespace tandem::controlplane
