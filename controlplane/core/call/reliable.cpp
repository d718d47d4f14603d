// SPDX-License-Identifier: Apache-2.0
//
// The numbers of reliable provisional responses.
#include "controlplane/core/call/reliable.hpp"

#include "sipparse/integer_header.hpp"
#include "sipparse/option_tags.hpp"

namespace tandem::controlplane {

namespace {

// Section 3: the first number is chosen between 1 and 2^31 - 1; this leaves room to count on.
constexpr std::uint64_t kFirstRseqMax = 1U << 24U;

} // namespace

std::optional<std::uint32_t> reliable_rseq(const sipparse::MessageView& response) {
    using sipparse::HeaderId;
    const auto value = response.find(HeaderId::RSeq);
    const bool required =
        sipparse::option_tags(response, HeaderId::Require).has(sipparse::OptionTag::Reliable100);
    return value && required ? sipparse::parse_rseq(*value) : std::nullopt;
}

bool is_next_reliable(std::uint32_t last_rseq, std::uint32_t rseq) {
    return last_rseq == 0 || rseq == last_rseq + 1;
}

bool waits_for_prack(const Leg& to, transaction::ServerHandle invite) {
    return to.reliable.invite.is_set() && to.reliable.invite == invite;
}

std::uint32_t note_reliable(CoreState& core, Leg& to, const ReliableProvisional& provisional) {
    const bool same_invite = to.reliable.rseq != 0 && to.reliable.cseq == provisional.cseq;
    const auto rseq = same_invite
                          ? to.reliable.rseq + 1
                          : static_cast<std::uint32_t>(1 + core.random.below(kFirstRseqMax));
    to.reliable = provisional;
    to.reliable.rseq = rseq;
    return rseq;
}

void stop_repeating(CoreState& core, Leg& leg) {
    if (leg.reliable.invite.is_set()) {
        core.effects.stop_repeating(leg.reliable.invite, leg.reliable.rseq);
        leg.reliable.invite = {};
    }
}

} // namespace tandem::controlplane
