// SPDX-License-Identifier: Apache-2.0
//
// What a REGISTER asks for, read as a whole before anything changes (RFC 3261 10.3 steps 6 and 7):
// which Contacts, for how long, reached where. Pure; used by registrar.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "config/configuration.hpp"
#include "controlplane/core/input.hpp"
#include "controlplane/core/refusal.hpp"
#include "sipparse/sip_uri.hpp"

namespace tandem::controlplane {

// More Contacts in one REGISTER than any DN may keep are refused with 400.
constexpr std::size_t kRegisterContactsMax = 16;

struct RegisterContact {
    std::string_view uri_text; // into the message
    sipparse::SipUri uri;
    base::Endpoint destination;
    bool via_source = false;
    std::uint32_t expires_s = 0; // 0 = remove it
};

// Views into the message. What is behind `count` in `contacts` is of earlier requests.
struct RegisterRequest {
    std::array<RegisterContact, kRegisterContactsMax> contacts;
    std::size_t count = 0;
    bool remove_all = false; // Contact: *
    std::string_view call_id;
    std::uint32_t cseq = 0;
};

struct RegisterLimits {
    std::uint32_t min_expires_s = 0;
    std::uint32_t max_expires_s = 0;
    config::NatContact nat_contact = config::NatContact::Off;
};

// Fills `request`, which may be used again and again: it is large. A refusal is 400 with what is
// wrong, or 423 with Min-Expires.
[[nodiscard]] std::optional<Refusal>
read_register(const Datagram& message, const RegisterLimits& limits, RegisterRequest& request);

} // namespace tandem::controlplane
