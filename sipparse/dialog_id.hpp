// SPDX-License-Identifier: Apache-2.0
//
// Headers that name a dialog: Replaces (RFC 3891), Join (RFC 3911), Target-Dialog (RFC 4538). Tags
// are seen from whoever receives the header. Views into the value; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "sipparse/params.hpp"

namespace tandem::sipparse {

struct DialogId {
    std::string_view call_id;
    std::string_view local_tag;  // to-tag of Replaces and Join, local-tag of Target-Dialog
    std::string_view remote_tag; // from-tag of Replaces and Join, remote-tag of Target-Dialog
    bool early_only = false;     // of Replaces: answered dialogs are not meant (RFC 3891 3)
    Params params;
};

// Replaces and Join: both tags must be there, once each (RFC 3891 6.1).
[[nodiscard]] std::optional<DialogId> parse_replaces(std::string_view value) noexcept;
// Both tags must be there, once each (RFC 4538 7).
[[nodiscard]] std::optional<DialogId> parse_target_dialog(std::string_view value) noexcept;

} // namespace tandem::sipparse
