// SPDX-License-Identifier: Apache-2.0
//
// An element of Contact with what registrars and redirecting servers read of it: q and expires
// (RFC 3261 20.10), +sip.instance and reg-id (RFC 5626), GRUUs (RFC 5627), bnc (RFC 6140). Views
// into the element; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/name_addr.hpp"

namespace tandem::sipparse {

struct Contact {
    NameAddr address;                       // with all parameters
    std::optional<std::uint16_t> quality;   // thousandths
    std::optional<std::uint32_t> expires_s; // seconds
    std::optional<std::uint32_t> reg_id;    // 1 to 2^31 - 1 (RFC 5626 4.2)
    std::string_view instance;              // of +sip.instance, with its quotes; empty when absent
    std::string_view pub_gruu;              // with its quotes; empty when absent
    std::string_view temp_gruu;             // with its quotes; empty when absent
    bool is_bulk = false;                   // bnc: for all numbers of a PBX (RFC 6140 5.1)
};

// Not for "*": see is_contact_star. One of these parameters that is malformed refuses it.
[[nodiscard]] std::optional<Contact> parse_contact(std::string_view element) noexcept;

} // namespace tandem::sipparse
