// SPDX-License-Identifier: Apache-2.0
//
// Writes the CANCEL of an INVITE of ours (RFC 3261 section 9.1). Core thread only.
#pragma once

#include "controlplane/core/call/dialog.hpp"
#include "controlplane/core/core_state.hpp"

namespace tandem::controlplane {

struct Cancellation {
    const DialogView& dialog; // as it was when the INVITE was sent
    transaction::ClientHandle invite;
    std::uint32_t cseq = 0;
    std::string_view reason; // value of Reason (RFC 3326); empty = none
};

// False: no client transaction was left; the INVITE stays as it is.
bool send_cancel(CoreState& core, const Cancellation& cancellation);

} // namespace tandem::controlplane
