// SPDX-License-Identifier: Apache-2.0
//
// The one table of what the core counts: name and sentence of each. The control socket and the
// documents read it. Written by the core thread; readers get copies between steps.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tandem::controlplane {

enum class CoreCounter : std::uint8_t {
    StepsTotal,
    RequestsReceived,
    ResponsesReceived,
    CallsStarted,
    CallsAnswered,
    CallsFailed,
    CallsEnded,
    RefusedCaller,
    RefusedRoute,
    RefusedBusy,
    RefusedMalformed,
    RefusedUnknownDialog,
    RefusedOldCseq,
    RefusedGlare,
    RefusedTooManyRequests,
    RefusedSessionInterval,
    PoolFullCalls,
    PoolFullLegs,
    PoolFullAttempts,
    PoolFullExchanges,
    PoolFullTexts,
    PoolFullClientSlots,
    RingTimeouts,
    SessionsExpired,
    AckTimeouts,
    PrackTimeouts,
    ClientTimeouts,
    TransportFailures,
    ResponsesWithoutOwner,
    ResponsesLateSuccess,
    AcksWithoutOwner,
    CancelsWithoutOwner,
    StrayMessages,
    StraysUnproven,
    OrphansAnswered,
    OrphansCancelled,
    OrphansAcknowledged,
    MessagesTooLong,
    EndingsForced,
    SlotsRefused,
    DataplaneAttached,
    DataplaneDetached,
    BindingsRestored,
    RestoreExpired,
    RestoreUnknownDn,
    RestoreStaticDn,
    RestoreBadContact,
    RestorePoolFull,
    RestoreOverMaxContacts,
};

struct CoreCounterRow {
    CoreCounter id;
    std::string_view name;
    std::string_view help;
};

inline constexpr std::array kCoreCounterRows = std::to_array<CoreCounterRow>({
    {CoreCounter::StepsTotal, "steps_total", "inputs stepped"},
    {CoreCounter::RequestsReceived, "requests_received", "new server transactions"},
    {CoreCounter::ResponsesReceived, "responses_received", "responses to our requests"},
    {CoreCounter::CallsStarted, "calls_started", "INVITEs that became a call"},
    {CoreCounter::CallsAnswered, "calls_answered", "calls whose caller was sent a 2xx"},
    {CoreCounter::CallsFailed, "calls_failed", "calls that ended without a 2xx"},
    {CoreCounter::CallsEnded, "calls_ended", "calls that are over with nothing left of them"},
    {CoreCounter::RefusedCaller, "refused_caller", "requests refused for their sender (401, 403)"},
    {CoreCounter::RefusedRoute, "refused_route", "INVITEs that lead nowhere (404, 480, 503)"},
    {CoreCounter::RefusedBusy, "refused_busy", "INVITEs refused at max-calls or capacity"},
    {CoreCounter::RefusedMalformed,
     "refused_malformed",
     "requests refused with 400, 405, 416, 420"},
    {CoreCounter::RefusedUnknownDialog, "refused_unknown_dialog", "requests refused with 481"},
    {CoreCounter::RefusedOldCseq, "refused_old_cseq", "requests refused for an old CSeq (500)"},
    {CoreCounter::RefusedGlare, "refused_glare", "re-INVITEs and UPDATEs that crossed (491, 500)"},
    {CoreCounter::RefusedTooManyRequests,
     "refused_too_many_requests",
     "requests refused because their dialog has too many in flight (500)"},
    {CoreCounter::RefusedSessionInterval,
     "refused_session_interval",
     "requests refused for a small Session-Expires (422)"},
    {CoreCounter::PoolFullCalls, "pool_full_calls", "no room for a call"},
    {CoreCounter::PoolFullLegs, "pool_full_legs", "no room for a leg"},
    {CoreCounter::PoolFullAttempts, "pool_full_attempts", "no room for an outgoing INVITE"},
    {CoreCounter::PoolFullExchanges, "pool_full_exchanges", "no room for a relayed request"},
    {CoreCounter::PoolFullTexts, "pool_full_texts", "no room for a text of a call"},
    {CoreCounter::PoolFullClientSlots,
     "pool_full_client_slots",
     "the dataplane has given no more client transactions"},
    {CoreCounter::RingTimeouts, "ring_timeouts", "calls nobody answered in time (480)"},
    {CoreCounter::SessionsExpired, "sessions_expired", "calls ended because nobody refreshed them"},
    {CoreCounter::AckTimeouts, "ack_timeouts", "2xx without ACK"},
    {CoreCounter::PrackTimeouts, "prack_timeouts", "reliable provisional responses without PRACK"},
    {CoreCounter::ClientTimeouts, "client_timeouts", "our requests without final response"},
    {CoreCounter::TransportFailures, "transport_failures", "messages that could not leave"},
    {CoreCounter::ResponsesWithoutOwner,
     "responses_without_owner",
     "responses to what is over already"},
    {CoreCounter::ResponsesLateSuccess,
     "responses_late_success",
     "2xx nobody wants any more, answered with ACK and BYE"},
    {CoreCounter::AcksWithoutOwner, "acks_without_owner", "ACKs of what is over already"},
    {CoreCounter::CancelsWithoutOwner, "cancels_without_owner", "CANCELs of what is over already"},
    {CoreCounter::StrayMessages, "stray_messages", "messages of an earlier life of the dataplane"},
    {CoreCounter::StraysUnproven,
     "strays_unproven",
     "stray 2xx whose branch no dataplane of ours made, or long ago"},
    {CoreCounter::OrphansAnswered,
     "orphans_answered",
     "requests an earlier control plane left open (500; 200 to CANCEL)"},
    {CoreCounter::OrphansCancelled,
     "orphans_cancelled",
     "INVITEs an earlier control plane left open, sent CANCEL"},
    {CoreCounter::OrphansAcknowledged,
     "orphans_acknowledged",
     "refusals of INVITEs of an earlier control plane, sent ACK"},
    {CoreCounter::MessagesTooLong, "messages_too_long", "messages that grew beyond 65535 bytes"},
    {CoreCounter::EndingsForced, "endings_forced", "calls whose ending had to be cut short"},
    {CoreCounter::SlotsRefused,
     "slots_refused",
     "client transactions given beyond what can be kept"},
    {CoreCounter::DataplaneAttached, "dataplane_attached", "how often a dataplane attached"},
    {CoreCounter::DataplaneDetached, "dataplane_detached", "how often the dataplane went away"},
    {CoreCounter::BindingsRestored, "bindings_restored", "bindings taken over from the journal"},
    {CoreCounter::RestoreExpired, "restore_expired", "bindings of the journal whose time was over"},
    {CoreCounter::RestoreUnknownDn,
     "restore_unknown_dn",
     "bindings of the journal of a DN that is not configured"},
    {CoreCounter::RestoreStaticDn,
     "restore_static_dn",
     "bindings of the journal of a DN whose contact is configured"},
    {CoreCounter::RestoreBadContact,
     "restore_bad_contact",
     "bindings of the journal whose Contact cannot be used"},
    {CoreCounter::RestorePoolFull,
     "restore_pool_full",
     "bindings of the journal beyond max-registrations"},
    {CoreCounter::RestoreOverMaxContacts,
     "restore_over_max_contacts",
     "bindings of the journal that made room for a newer one (max-contacts)"},
});

inline constexpr std::size_t kCoreCounterCount = kCoreCounterRows.size();

static_assert(
    [] {
        for (std::size_t row = 0; row < kCoreCounterCount; ++row) {
            if (static_cast<std::size_t>(kCoreCounterRows[row].id) != row) {
                return false;
            }
        }
        return true;
    }(),
    "kCoreCounterRows must stand in the order of CoreCounter");

class CoreCounters {
  public:
    void add(CoreCounter counter, std::uint64_t count = 1) noexcept {
        values_[static_cast<std::size_t>(counter)] += count;
    }

    [[nodiscard]] std::uint64_t value(CoreCounter counter) const noexcept {
        return values_[static_cast<std::size_t>(counter)];
    }

  private:
    std::array<std::uint64_t, kCoreCounterCount> values_{};
};

} // namespace tandem::controlplane
