// SPDX-License-Identifier: Apache-2.0
//
// Session timers (RFC 4028) of a switch that stands between two user agents: it acts as the proxy
// of section 8. The interval travels end to end with its refresher, a too small one is refused or
// raised, a caller whose callee knows no timers refreshes itself, and a session nobody has
// refreshed ends on both sides. Core thread only.
#pragma once

#include <optional>
#include <string_view>

#include "controlplane/core/call/call.hpp"
#include "controlplane/core/call/reply.hpp"
#include "controlplane/core/core_state.hpp"
#include "controlplane/core/refusal.hpp"
#include "sipparse/writer.hpp"

namespace tandem::controlplane {

// What an INVITE or UPDATE says, with what the switch makes of it.
struct SessionRequest {
    bool timer_supported = false; // by the sender
    std::uint32_t expires_s = 0;  // to send on; 0 = no session timer
    std::uint32_t min_se_s = 0;   // to send on; 0 = none
    std::string_view refresher;   // "uac", "uas" or empty
};

// 422 with our Min-SE for an interval below it, 400 for a malformed header.
[[nodiscard]] base::Result<SessionRequest, Refusal>
read_session_request(const CoreState& core, const sipparse::MessageView& request);

void write_session_request(sipparse::MessageWriter& writer, const SessionRequest& session);

// The 2xx of an INVITE or UPDATE: adds Session-Expires and Require to what the sender of the
// request gets, and arms or ends the session timer of the call.
struct SessionAnswer {
    std::uint32_t offered_s = 0; // as sent on with the request
    bool timer_supported = false;
};

void take_session_answer(CoreState& core,
                         Call& call,
                         const SessionAnswer& answer,
                         const sipparse::MessageView& response,
                         ReplyHeaders& headers);

} // namespace tandem::controlplane
