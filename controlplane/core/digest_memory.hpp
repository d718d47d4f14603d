// SPDX-License-Identifier: Apache-2.0
//
// What digest authentication remembers, in tables of fixed size: the highest nonce count of each
// nonce in use, and the failed answers of each source address. Both forget the oldest entry of a
// full set; forgetting a nonce makes it stale, never usable again.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/endpoint.hpp"
#include "base/time.hpp"
#include "controlplane/core/changes.hpp"
#include "controlplane/core/field_sink.hpp"

namespace tandem::controlplane {

// Nonces whose count was used (RFC 7616 3.4: nc must grow).
class NonceCounts {
  public:
    NonceCounts();

    // `name` is random for each nonce, `time_ms` when it was made. True once for each count above
    // the last one; false for a count used before, and for a nonce older than one this set forgot.
    [[nodiscard]] bool take(std::uint64_t name, std::uint64_t time_ms, std::uint32_t count);

    static constexpr std::uint32_t kSets = 4'096; // 32,768 phones that use one nonce at a time

    // The set of a nonce: what is told to a second core as a whole.
    [[nodiscard]] static std::uint32_t set_of(std::uint64_t name) {
        return static_cast<std::uint32_t>(name % kSets);
    }

    [[nodiscard]] Version& version(std::uint32_t set) { return sets_[set].version; }

    [[nodiscard]] const Version& version(std::uint32_t set) const { return sets_[set].version; }

    void write_fields(std::uint32_t set, FieldSink& sink) const;

  private:
    static constexpr std::size_t kWays = 8;

    struct Entry {
        std::uint64_t name = 0;
        std::uint64_t time_ms = 0; // 0 = free
        std::uint32_t count = 0;
    };

    struct Set {
        std::array<Entry, kWays> entries;
        std::uint64_t forgotten_until_ms = 0;
        Version version;
    };

    std::vector<Set> sets_;
};

// Failed answers per source address and window (auth-failures-max, auth-failures-window).
class DigestFailures {
  public:
    // max = 0: no limit.
    DigestFailures(std::uint32_t max, std::uint64_t window_ns);

    [[nodiscard]] bool limited(base::Ipv4Address source, base::MonotonicNs now);
    void add(base::Ipv4Address source, base::MonotonicNs now);

    [[nodiscard]] std::uint64_t count() const { return count_; }

    [[nodiscard]] std::uint64_t limited_count() const { return limited_count_; }

    void write_fields(FieldSink& sink) const;

  private:
    static constexpr std::size_t kWays = 8;
    static constexpr std::size_t kSets = 1'024; // as many as the top ten bits of a hash name

    struct Entry {
        base::Ipv4Address source;
        std::uint32_t failures = 0; // 0 = free
        base::MonotonicNs since_ns = 0;
    };

    using Set = std::array<Entry, kWays>;

    Set& set_of(base::Ipv4Address source);
    [[nodiscard]] bool is_over(const Entry& entry, base::MonotonicNs now) const;

    std::uint32_t max_;
    std::uint64_t window_ns_;
    std::uint64_t count_ = 0;
    std::uint64_t limited_count_ = 0;
    std::vector<Set> sets_;
};

} // namespace tandem::controlplane
