// SPDX-License-Identifier: Apache-2.0
//
// Which header fields pass through the switch from one leg to the other. A back-to-back user agent
// writes the rest itself: Via, Max-Forwards, Route, Record-Route, Contact, From, To, Call-ID, CSeq
// belong to a leg; Supported, Require, Allow, Session-Expires, Min-SE, RSeq and RAck say what both
// ends AND the switch can do and are written by the files that know (write_request.cpp,
// session_timer.cpp, prack.cpp); credentials and challenges belong to one hop. An unknown field
// passes when its name begins with "X-" or is User-to-User (RFC 7433). Contact passes only in 3xx,
// where it is not about the dialog: the switch follows no redirection, it hands it on.
#pragma once

#include <string_view>

#include "sipparse/message_view.hpp"

namespace tandem::controlplane {

struct RelayedHeaderRow {
    sipparse::HeaderId id;
    bool in_requests;
    bool in_responses;
    bool from_trunks_only; // P-Asserted-Identity is believed from a trunk only (RFC 3325 section 5)
};

[[nodiscard]] const RelayedHeaderRow* find_relayed_header(sipparse::HeaderId id);

// Does this header line of a message pass? `from_trunk`: a trunk sent it.
[[nodiscard]] bool is_relayed(const sipparse::MessageView& message,
                              const sipparse::HeaderView& header,
                              bool from_trunk);

} // namespace tandem::controlplane
