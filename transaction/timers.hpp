// SPDX-License-Identifier: Apache-2.0
//
// The timers of RFC 3261 17 (table 4), RFC 6026 and RFC 3262 as values. Which of them run is
// decided by the machines, when they are due by the layer. Constants only; any thread.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/time.hpp"

namespace tandem::transaction {

inline constexpr std::uint64_t kT1Ns = 500 * base::kNsPerMs; // round-trip estimate
inline constexpr std::uint64_t kT2Ns = 4 * base::kNsPerS;    // longest repeat interval
inline constexpr std::uint64_t kT4Ns = 5 * base::kNsPerS;    // longest life of a message on the way

inline constexpr std::uint64_t kTimerAFirstNs = kT1Ns; // INVITE repeats, doubling (17.1.1.2)
inline constexpr std::uint64_t kTimerBNs = 64 * kT1Ns; // INVITE without response (17.1.1.2)
inline constexpr std::uint64_t kTimerDNs = 64 * kT1Ns; // repeated finals; at least 32 s (17.1.1.2)
inline constexpr std::uint64_t kTimerEFirstNs = kT1Ns; // request repeats, to T2 (17.1.2.2)
inline constexpr std::uint64_t kTimerFNs = 64 * kT1Ns; // request without final (17.1.2.2)
inline constexpr std::uint64_t kTimerGFirstNs = kT1Ns; // non-2xx repeats, to T2 (17.2.1)
inline constexpr std::uint64_t kTimerHNs = 64 * kT1Ns; // non-2xx without ACK (17.2.1)
inline constexpr std::uint64_t kTimerINs = kT4Ns;      // repeated ACKs (17.2.1)
inline constexpr std::uint64_t kTimerJNs = 64 * kT1Ns; // repeated requests (17.2.2)
inline constexpr std::uint64_t kTimerKNs = kT4Ns;      // repeated responses (17.1.2.2)
inline constexpr std::uint64_t kTimerLNs =
    64 * kT1Ns; // repeated INVITEs after a 2xx (RFC 6026 7.1)
inline constexpr std::uint64_t kTimerMNs = 64 * kT1Ns; // repeated and forked 2xx (RFC 6026 7.2)

// On a reliable transport nothing is repeated, so nothing has to be absorbed (table 4). Timer D is
// not among these: our ACK comes as a command of the core and finds its INVITE until D fires.
[[nodiscard]] constexpr std::uint64_t timer_i(bool repeats) {
    return repeats ? kTimerINs : 0;
}

[[nodiscard]] constexpr std::uint64_t timer_j(bool repeats) {
    return repeats ? kTimerJNs : 0;
}

[[nodiscard]] constexpr std::uint64_t timer_k(bool repeats) {
    return repeats ? kTimerKNs : 0;
}

inline constexpr std::uint64_t kTryingAfterNs = 200 * base::kNsPerMs; // 17.2.1
inline constexpr std::uint64_t kTwoXxFirstNs = kT1Ns;                 // 13.3.1.4, to T2
inline constexpr std::uint64_t kTwoXxEndNs = 64 * kT1Ns;              // 13.3.1.4
inline constexpr std::uint64_t kReliableFirstNs = kT1Ns;              // RFC 3262 3, no upper bound
inline constexpr std::uint64_t kReliableEndNs = 64 * kT1Ns;           // RFC 3262 3
inline constexpr std::uint64_t kCancelledNs = 64 * kT1Ns; // INVITE without final after CANCEL (9.1)
// An INVITE nobody ends: the longest ring-timeout is 600 s, and after it the CANCEL has its 32 s.
// Started anew by each provisional response, as a proxy's timer C is (16.7).
inline constexpr std::uint64_t kUnansweredInviteNs = 660 * base::kNsPerS;
// How long a 503 of our own is remembered, so that a repetition cannot start a call: as long as a
// repetition sent before the 503 arrived can be on the way.
inline constexpr std::uint64_t kRefusalNs = kT4Ns;
inline constexpr std::uint64_t kUnansweredRequestNs = 64 * kT1Ns; // the client gave up by timer F

static_assert(kTwoXxEndNs == kTimerLNs, "the keeper and the Accepted state end together");
static_assert(kTimerDNs >= 32 * base::kNsPerS);

[[nodiscard]] constexpr std::uint64_t doubled(std::uint64_t interval_ns) {
    return 2 * interval_ns;
}

[[nodiscard]] constexpr std::uint64_t doubled_to_t2(std::uint64_t interval_ns) {
    return std::min(2 * interval_ns, kT2Ns);
}

} // namespace tandem::transaction
