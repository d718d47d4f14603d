// SPDX-License-Identifier: Apache-2.0
//
// RFC 4028 sections 8 (proxies) and 10 (when to give up).
#include "controlplane/core/call/session_timer.hpp"

#include <algorithm>

#include "controlplane/core/call/write_request.hpp"
#include "sipparse/integer_header.hpp"
#include "sipparse/session_expires.hpp"

namespace tandem::controlplane {

namespace {

using base::Error;
using sipparse::HeaderId;

// Section 10: BYE this long before the end, but not more than a third of the interval.
constexpr std::uint64_t kByeBeforeEndS = 32;

std::string_view refresher_name(sipparse::Refresher refresher) {
    switch (refresher) {
    case sipparse::Refresher::Uac:
        return "uac";
    case sipparse::Refresher::Uas:
        return "uas";
    case sipparse::Refresher::None:
        break;
    }
    return {};
}

void arm(CoreState& core, Call& call, std::uint32_t interval_s) {
    call.session_interval_s = interval_s;
    if (interval_s == 0) {
        core.timers.cancel(call.session_timer);
        return;
    }
    const std::uint64_t interval = interval_s;
    const std::uint64_t patience_s = interval - std::min(kByeBeforeEndS, interval / 3);
    core.timers.arm(call.session_timer, core.now.monotonic_ns + patience_s * base::kNsPerS);
}

Refusal interval_too_small(std::uint32_t min_se_s) {
    Refusal refusal(422, "Session Interval Too Small");
    char digits[10];
    std::size_t at = sizeof digits;
    for (auto rest = min_se_s; at == sizeof digits || rest != 0; rest /= 10) {
        digits[--at] = static_cast<char>('0' + rest % 10);
    }
    (void)refusal.add(HeaderId::MinSe, {std::string_view{digits + at, sizeof digits - at}});
    return refusal;
}

} // namespace

base::Result<SessionRequest, Refusal> read_session_request(const CoreState& core,
                                                           const sipparse::MessageView& request) {
    const auto& limits = core.configuration.application;
    SessionRequest session;
    session.timer_supported =
        sipparse::option_tags(request, HeaderId::Supported).has(sipparse::OptionTag::Timer) ||
        sipparse::option_tags(request, HeaderId::Require).has(sipparse::OptionTag::Timer);
    if (const auto value = request.find(HeaderId::MinSe)) {
        const auto seconds = sipparse::parse_leading_delta_seconds(*value);
        if (!seconds) {
            return Error{Refusal(400, "Malformed Min-SE")};
        }
        session.min_se_s = *seconds;
    }
    const auto value = request.find(HeaderId::SessionExpires);
    if (!value) {
        // Section 8.1: a proxy may ask for a timer; it does so when the sender can refresh.
        session.expires_s =
            session.timer_supported ? std::max(limits.session_expires_s, session.min_se_s) : 0;
        return session;
    }
    const auto expires = sipparse::parse_session_expires(*value);
    if (!expires) {
        return Error{Refusal(400, "Malformed Session-Expires")};
    }
    session.expires_s = expires->interval_s;
    session.refresher = refresher_name(expires->refresher);
    if (session.expires_s >= limits.min_se_s) {
        return session;
    }
    if (session.timer_supported) {
        return Error{interval_too_small(limits.min_se_s)};
    }
    // Section 8.1: who does not know 422 gets a longer interval instead.
    session.min_se_s = std::max(session.min_se_s, limits.min_se_s);
    session.expires_s = session.min_se_s;
    return session;
}

void write_session_request(sipparse::MessageWriter& writer, const SessionRequest& session) {
    if (session.expires_s != 0) {
        writer.begin_header(HeaderId::SessionExpires);
        writer.value(std::uint64_t{session.expires_s});
        if (!session.refresher.empty()) {
            writer.value(";refresher=");
            writer.value(session.refresher);
        }
        writer.end_header();
    }
    if (session.min_se_s != 0) {
        writer.header(HeaderId::MinSe, std::uint64_t{session.min_se_s});
    }
}

void take_session_answer(CoreState& core,
                         Call& call,
                         const SessionAnswer& answer,
                         const sipparse::MessageView& response,
                         ReplyHeaders& headers) {
    const auto value = response.find(HeaderId::SessionExpires);
    const auto agreed = value ? sipparse::parse_session_expires(*value) : std::nullopt;
    if (agreed && agreed->interval_s != 0) {
        headers.add(HeaderId::SessionExpires, *value);
        arm(core, call, agreed->interval_s);
    } else if (answer.offered_s != 0 && answer.timer_supported) {
        // Section 8.2: the other side knows no timers, so the sender of the request refreshes.
        headers.compose_number(HeaderId::SessionExpires, answer.offered_s, ";refresher=uac");
        arm(core, call, answer.offered_s);
    } else {
        arm(core, call, 0);
        return;
    }
    // Section 9: the one who asked learns that timers are in use, whoever refreshes.
    if (answer.timer_supported) {
        headers.add(HeaderId::Require, "timer");
    }
}

} // namespace tandem::controlplane
