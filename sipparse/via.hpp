// SPDX-License-Identifier: Apache-2.0
//
// One element of Via (RFC 3261 20.42, rport of RFC 3581) as views into the message. Decides if it
// is well formed; never resolves names. The dataplane reads the top one of every message. Any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/message_view.hpp"
#include "sipparse/params.hpp"

namespace tandem::sipparse {

// What a branch of RFC 3261 begins with (8.1.1.7); case-insensitive as every token.
inline constexpr std::string_view kBranchCookie = "z9hG4bK";

struct Via {
    std::string_view transport; // "UDP", as written
    std::string_view host;      // sent-by; IPv6 with its brackets
    std::uint16_t port = 0;     // sent-by; 0 = none was given
    std::uint16_t rport = 0;    // value of rport; 0 = flag without value, or absent
    bool has_rport = false;     // the flag of RFC 3581
    std::optional<std::uint8_t> ttl;
    std::string_view branch;   // empty when absent
    std::string_view received; // empty when absent
    std::string_view maddr;    // empty when absent
    Params params;             // all of them

    // Cookie and something behind it: the branch identifies the transaction (17.2.3).
    [[nodiscard]] bool has_rfc3261_branch() const noexcept;
};

[[nodiscard]] std::optional<Via> parse_via(std::string_view element) noexcept;

// Whether each element of a Via line is well formed.
[[nodiscard]] bool is_via_list(std::string_view value) noexcept;

// First element of the first Via line.
[[nodiscard]] std::optional<Via> top_via(const MessageView& view) noexcept;

// The same into a place of the caller, a fresh Via. False: there is none, or it is malformed, and
// what is in `out` means nothing.
[[nodiscard]] bool read_top_via(const MessageView& view, Via& out) noexcept;

} // namespace tandem::sipparse
