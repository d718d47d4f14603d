// SPDX-License-Identifier: Apache-2.0
//
// Caller preferences (RFC 3841): Accept-Contact, Reject-Contact, Request-Disposition. Feature
// parameters are those of Contact (RFC 3840). Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/params.hpp"

namespace tandem::sipparse {

// An element of Accept-Contact or Reject-Contact.
struct ContactPredicate {
    bool is_required = false; // "require": contacts that do not match are dropped
    bool is_explicit = false; // "explicit": what a contact does not say does not match
    Params params;            // features; "audio", "+sip.instance", with their quoted values
};

[[nodiscard]] std::optional<ContactPredicate>
parse_contact_predicate(std::string_view element) noexcept;

enum class Disposition : std::uint8_t {
    Proxy,
    Redirect,
    Cancel,
    NoCancel,
    Fork,
    NoFork,
    Recurse,
    NoRecurse,
    Parallel,
    Sequential,
    Queue,
    NoQueue,
};

// One directive of Request-Disposition.
[[nodiscard]] std::optional<Disposition> parse_disposition(std::string_view element) noexcept;

} // namespace tandem::sipparse
