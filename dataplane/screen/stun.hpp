// SPDX-License-Identifier: Apache-2.0
//
// STUN (RFC 5389) as far as a SIP server on the same port needs it (RFC 5626 4.4.2): tells whether
// a datagram is STUN and writes the success response to a plain binding request. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/endpoint.hpp"

namespace tandem::dataplane::screen {

constexpr std::size_t kStunHeaderBytes = 20;
// Header and one XOR-MAPPED-ADDRESS of IPv4.
constexpr std::size_t kStunAnswerBytes = kStunHeaderBytes + 12;
using StunAnswer = std::array<std::uint8_t, kStunAnswerBytes>;

// The two top bits of a STUN message are 0 and the cookie stands at its place (6); no SIP message
// begins so.
[[nodiscard]] bool is_stun(std::string_view datagram) noexcept;

// False: no binding request, a wrong length, or an attribute that must be understood and is not
// (7.3.1); nothing is to be answered then. Otherwise `out` tells `source` its own address (15.2).
[[nodiscard]] bool
answer_stun(std::string_view datagram, base::Endpoint source, StunAnswer& out) noexcept;

} // namespace tandem::dataplane::screen
