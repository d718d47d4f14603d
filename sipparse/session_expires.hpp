// SPDX-License-Identifier: Apache-2.0
//
// Session-Expires (RFC 4028 4): seconds and who refreshes. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tandem::sipparse {

enum class Refresher : std::uint8_t { None, Uac, Uas };

struct SessionExpires {
    std::uint32_t interval_s = 0;
    Refresher refresher = Refresher::None;
};

// A refresher other than uac and uas is refused; other parameters are passed over.
[[nodiscard]] std::optional<SessionExpires> parse_session_expires(std::string_view value) noexcept;

} // namespace tandem::sipparse
