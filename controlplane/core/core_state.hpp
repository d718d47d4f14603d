// SPDX-License-Identifier: Apache-2.0
//
// Everything the core owns, and what a step lends it (effects, now). The verbs of core/ and
// core/call/ take it by reference; nobody else sees it. Sizes of all pools are decided here, from
// max-calls-at-once. Core thread only.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/hash_table.hpp"
#include "base/pool.hpp"
#include "base/random.hpp"
#include "base/siphash.hpp"
#include "base/stage.hpp"
#include "base/timer_wheel.hpp"
#include "config/configuration.hpp"
#include "controlplane/core/call/call.hpp"
#include "controlplane/core/changes.hpp"
#include "controlplane/core/client_slots.hpp"
#include "controlplane/core/core.hpp"
#include "controlplane/core/counters.hpp"
#include "controlplane/core/digest.hpp"
#include "controlplane/core/directory.hpp"
#include "controlplane/core/effects.hpp"
#include "controlplane/core/ended_calls.hpp"
#include "controlplane/core/input.hpp"
#include "controlplane/core/registrar.hpp"
#include "controlplane/core/router.hpp"
#include "controlplane/core/text_pool.hpp"
#include "sipparse/message_index.hpp"
#include "transaction/branch.hpp"

namespace tandem::controlplane {

// Ending calls wait up to a minute for answers that never come; they do not count as live.
constexpr std::uint32_t kEndingShare = 4; // one more call per so many
constexpr std::uint32_t kPoolSlack = 32;
constexpr std::uint8_t kExchangesPerLegMax = 8; // more requests at once on one dialog get 500
// Client transactions kept back for what ends calls (CANCEL, BYE) when new ones are refused.
constexpr std::uint32_t kSlotsForEndings = 64;
constexpr std::uint32_t kEndedCallsKept = 1024;

// 64*T1 (RFC 3261 section 17.1.1.1): when a transaction gives up.
constexpr std::uint64_t kGiveUpNs = 32 * base::kNsPerS;
// An ending may take an ACK that never comes, then a BYE nobody answers; then it is cut short.
constexpr std::uint64_t kEndingNs = 3 * kGiveUpNs;

// What a call of two parties takes at most: its texts, itself, two legs, and its share of attempts
// and exchanges.
static_assert(kTextBytesPerCall + sizeof(Call) + 2 * sizeof(Leg) + sizeof(Attempt) / 8 +
                  sizeof(Exchange) / 8 <=
              4608);

// Timers one step runs, so that its effects stay below kStepEffectsBytesMax even when each ends a
// call with sixteen attempts; the rest is due again in the next step.
constexpr std::uint32_t kTimersPerStepMax = 32;

struct Attachment {
    bool attached = false;
    transaction::BranchOwner owner;
    transaction::BranchKey branch_key;
    base::SipHashKey call_id_key;
};

// A dataplane that is gone. Its INVITEs may still be answered until `until`.
struct EarlierLife {
    transaction::BranchOwner owner;
    transaction::BranchKey branch_key;
    base::MonotonicNs until = 0;
};

// A dataplane that dies more often than this within eleven minutes has other troubles.
constexpr std::size_t kEarlierLivesKept = 8;

struct CoreState {
    CoreState(const config::Configuration& configuration,
              const CoreSeed& seed,
              Effects& effects_in);

    const config::Configuration& configuration;
    Effects& effects;
    base::StageVisits visits; // of an input that a trace follows; first, others refer to it
    Now now;
    base::RandomStream random;
    base::SipHashKey hash_key;
    std::uint8_t node = 0;
    std::uint32_t term = 0;
    std::uint32_t calls_named = 0; // lower half of the next call id
    base::Endpoint sip_endpoint;   // where our legs live: sip-address and sip-port
    Changes changes;               // of the step under way, or the last one

    Directory directory;
    Registrar registrar;
    Digest digest;
    Router router;

    Attachment attachment;
    std::array<EarlierLife, kEarlierLivesKept> earlier_lives{}; // the next goes into the oldest
    ClientSlots slots;
    TextPool texts;
    base::Pool<Call, CallTag> calls;
    base::Pool<Leg, LegTag> legs;
    base::Pool<Attempt, AttemptTag> attempts;
    base::Pool<Exchange, ExchangeTag> exchanges;
    base::HashTable calls_by_id;
    base::HashTable invites; // server transactions of INVITEs: index, exchanges with the top bit
    base::TimerWheel timers;
    CoreCounters counters;
    EndedCalls ended;
    std::uint32_t calls_live = 0; // not counting those that are ending

    // For the best failure, a stored message that is read again.
    sipparse::MessageIndex best_index;
};

} // namespace tandem::controlplane
