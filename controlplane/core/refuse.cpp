// SPDX-License-Identifier: Apache-2.0
//
// Refusals of requests that are still at hand.
#include "controlplane/core/refuse.hpp"

#include <array>

#include "controlplane/core/answer.hpp"
#include "sipparse/name_addr.hpp"
#include "sipparse/sip_uri.hpp"

namespace tandem::controlplane {

namespace {

using sipparse::HeaderId;

constexpr std::string_view kRetryAfterS = "5";
constexpr std::uint64_t kRetryAfterMaxS = 10;
constexpr std::size_t kTagDigits = 16;

} // namespace

void refuse_request(CoreState& core,
                    const RequestInput& request,
                    const Refusal& refusal,
                    CoreCounter counter) {
    core.visits.visit(base::Stage::Refuse);
    core.counters.add(counter);
    std::array<char, kTagDigits> tag{};
    core.random.fill_hex(tag);
    if (!refuse(request, refusal, {tag.data(), tag.size()}, core.effects)) {
        core.counters.add(CoreCounter::MessagesTooLong);
    }
}

void refuse_unavailable(CoreState& core, const RequestInput& request) {
    core.visits.visit(base::Stage::Refuse);
    Refusal refusal(503, "Service Unavailable");
    (void)refusal.add(HeaderId::RetryAfter, {kRetryAfterS});
    std::array<char, kTagDigits> tag{};
    core.random.fill_hex(tag);
    if (!refuse(request, refusal, {tag.data(), tag.size()}, core.effects)) {
        core.counters.add(CoreCounter::MessagesTooLong);
    }
}

Refusal retry_later(CoreState& core, std::string_view reason) {
    constexpr std::array<std::string_view, kRetryAfterMaxS + 1> kSeconds{
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"};
    Refusal refusal(500, reason);
    (void)refusal.add(HeaderId::RetryAfter, {kSeconds[core.random.below(kSeconds.size())]});
    return refusal;
}

std::optional<Refusal> refuse_contact(const sipparse::MessageView& request) {
    const auto value = request.find_first(HeaderId::Contact);
    if (!value) {
        return Refusal(400, "Missing Contact");
    }
    const auto contact = sipparse::parse_name_addr(*value);
    if (!contact || !sipparse::parse_sip_uri(contact->uri)) {
        return Refusal(400, "Malformed Contact");
    }
    return std::nullopt;
}

} // namespace tandem::controlplane
