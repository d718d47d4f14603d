// SPDX-License-Identifier: Apache-2.0
//
// Which refusal of several the caller gets, and as what. Pure constants.
#pragma once

#include <cstdint>
#include <string_view>

namespace tandem::controlplane {

// Order of preference, lower first: RFC 3261 section 16.7 step 6. Within 4xx, answers that tell the
// caller what to change go first.
[[nodiscard]] constexpr std::uint32_t failure_rank(std::uint16_t status) {
    const std::uint32_t status_class = status / 100U;
    if (status_class == 6) {
        return 0;
    }
    switch (status) {
    case 415:
    case 420:
    case 422:
    case 484:
    case 488:
        return status_class * 10;
    case 408: // nobody there: anything a callee said is better
    case 487: // our own CANCEL
        return status_class * 10 + 2;
    default:
        return status_class * 10 + 1;
    }
}

// `best` 0: there is none yet.
[[nodiscard]] constexpr bool is_better_failure(std::uint16_t status, std::uint16_t best) {
    return best == 0 || failure_rank(status) < failure_rank(best);
}

struct ShownFailure {
    std::uint16_t status_code;
    std::string_view reason;
};

// What the caller gets for a refusal a callee sent; `reason` is for where its own cannot be used.
[[nodiscard]] constexpr ShownFailure shown_failure(std::uint16_t status) {
    switch (status) {
    case 401:
    case 407:
        return {403, "Forbidden"};
    case 503:
        return {500, "Server Internal Error"};
    default:
        return {status, "Refused"};
    }
}

// What the caller gets when no callee said anything.
[[nodiscard]] constexpr ShownFailure own_failure(std::uint16_t status) {
    switch (status) {
    case 408:
        return {408, "Request Timeout"};
    case 480:
        return {480, "Temporarily Unavailable"};
    default:
        return {503, "Service Unavailable"};
    }
}

} // namespace tandem::controlplane
