// SPDX-License-Identifier: Apache-2.0
//
// What REFER brings beside Refer-To, which is a name-addr: Referred-By (RFC 3892), Refer-Sub
// (RFC 4488). Any thread.
#pragma once

#include <optional>
#include <string_view>

#include "sipparse/name_addr.hpp"

namespace tandem::sipparse {

struct ReferredBy {
    NameAddr address;
    std::string_view cid; // Content-ID of the token in the body, with its quotes; empty when absent
};

[[nodiscard]] std::optional<ReferredBy> parse_referred_by(std::string_view value) noexcept;

// Whether the REFER is to make a subscription.
[[nodiscard]] std::optional<bool> parse_refer_sub(std::string_view value) noexcept;

} // namespace tandem::sipparse
