// SPDX-License-Identifier: Apache-2.0
//
// The SIP parsers that Debian packages, on the same messages: libosip2, sofia-sip, libre. Each does
// what its users call for an incoming message, with its own allocations. One thread.
#pragma once

#include <array>
#include <string_view>

namespace tandem::bench {

// False: the message was refused.
using ParseByPeer = bool (*)(std::string_view message);

struct Peer {
    std::string_view name; // as in rows
    ParseByPeer parse;
};

[[nodiscard]] bool parse_by_osip2(std::string_view message);
[[nodiscard]] bool parse_by_sofia(std::string_view message);
[[nodiscard]] bool parse_by_re(std::string_view message);

inline constexpr std::array<Peer, 3> kPeers = {{
    {"osip2", parse_by_osip2},
    {"sofia", parse_by_sofia},
    {"re", parse_by_re},
}};

} // namespace tandem::bench
