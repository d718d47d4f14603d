// SPDX-License-Identifier: Apache-2.0
//
// Bindings of an earlier life of the core: taken back at the start, and listed in the order in
// which they can be. What the configuration does not allow any more is refused, with its reason.
#include <algorithm>

#include "controlplane/core/core_state.hpp"
#include "controlplane/core/receive_other.hpp"
#include "controlplane/core/registrar_state.hpp"
#include "sipparse/sip_uri.hpp"

namespace tandem::controlplane {

namespace {

bool is_sip(const std::optional<sipparse::SipUri>& uri) {
    return uri && uri->scheme == sipparse::UriScheme::Sip;
}

CoreCounter counter_of(RestoreOutcome outcome) {
    switch (outcome) {
    case RestoreOutcome::Restored:
    case RestoreOutcome::ReplacedOldest:
        break;
    case RestoreOutcome::Expired:
        return CoreCounter::RestoreExpired;
    case RestoreOutcome::UnknownDn:
        return CoreCounter::RestoreUnknownDn;
    case RestoreOutcome::StaticDn:
        return CoreCounter::RestoreStaticDn;
    case RestoreOutcome::BadContact:
        return CoreCounter::RestoreBadContact;
    case RestoreOutcome::PoolFull:
        return CoreCounter::RestorePoolFull;
    }
    return CoreCounter::BindingsRestored;
}

} // namespace

void receive_binding(CoreState& core, const BindingInput& input) {
    const auto outcome = core.registrar.restore(input.binding, core.now);
    core.counters.add(counter_of(outcome));
    if (outcome == RestoreOutcome::ReplacedOldest) {
        core.counters.add(CoreCounter::RestoreOverMaxContacts);
    }
}

RestoreOutcome Registrar::restore(const BindingChange& binding, const Now& now) {
    auto& state = *state_;
    if (binding.expires_wall_ns <= now.wall_ns) {
        return RestoreOutcome::Expired;
    }
    const auto dn = state.directory_.find_dn(binding.number);
    if (!dn) {
        return RestoreOutcome::UnknownDn;
    }
    const auto& options = *state.tables_.at(*dn).range;
    if (!options.contact.learned) {
        return RestoreOutcome::StaticDn;
    }
    const auto contact = sipparse::parse_sip_uri(binding.contact_uri);
    if (!is_sip(contact) || binding.contact_uri.size() > kContactUriBytesMax ||
        binding.flow.address.value == 0 || binding.flow.port == 0 ||
        state.is_own(binding.flow.address)) {
        return RestoreOutcome::BadContact;
    }
    if (const auto known = state.find(*dn, {.text = binding.contact_uri, .uri = *contact});
        known.is_set()) {
        state.unlink(known);
    }
    if (state.pool_.in_use() == state.pool_.capacity()) {
        return RestoreOutcome::PoolFull;
    }
    const std::uint64_t life_ns_max = state.application_.max_expires_s * base::kNsPerS;
    state.add({.dn = *dn,
               .contact_uri = binding.contact_uri,
               .destination = binding.flow,
               .source = binding.source,
               .call_id_hash = binding.call_id_hash,
               .cseq = binding.cseq,
               .via_source = binding.via_source,
               .restored = true,
               .life_ns = std::min(binding.expires_wall_ns - now.wall_ns, life_ns_max)},
              now);
    if (state.tables_.at(*dn).bindings <= options.max_contacts) {
        return RestoreOutcome::Restored;
    }
    state.unlink(state.oldest(*dn));
    return RestoreOutcome::ReplacedOldest;
}

std::size_t Registrar::list_by_dn(std::uint32_t& dn_cursor, std::span<BindingView> out) const {
    // One call looks at so many DNs at most: most of them may have no binding.
    constexpr std::uint32_t kDnsPerCall = 4096;
    TANDEM_ASSERT(out.size() >= kContactsOfDnMax);
    const auto& state = *state_;
    const auto end = std::min(dn_cursor + kDnsPerCall, state.directory_.dn_count());
    std::size_t count = 0;
    for (; dn_cursor < end; ++dn_cursor) {
        const DnIndex dn{dn_cursor};
        const std::size_t bindings = state.tables_.at(dn).bindings;
        if (bindings > out.size() - count) {
            break;
        }
        std::size_t place = count += bindings;
        state.for_each_of(
            dn, [&](BindingHandle, const Binding& binding) { out[--place] = view_of(binding); });
    }
    return count;
}

} // namespace tandem::controlplane
