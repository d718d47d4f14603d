// SPDX-License-Identifier: Apache-2.0
//
// Tells from the first bytes of a datagram on the SIP port what it wants to be. Decides nothing
// else; whether it is a well formed SIP message is the parser's business. Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace tandem::dataplane::screen {

enum class Kind : std::uint8_t {
    Sip,             // may begin a SIP message
    Ping,            // CRLFCRLF: wants a CRLF back (RFC 5626 3.5.1, here also for UDP)
    SilentKeepAlive, // nothing, other line ends, or zero bytes only: opens a NAT's hole
    Stun,
    Foreign, // cannot begin a SIP message
};

[[nodiscard]] Kind classify(std::string_view datagram) noexcept;

} // namespace tandem::dataplane::screen
