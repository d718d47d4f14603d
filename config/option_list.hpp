// SPDX-License-Identifier: Apache-2.0
//
// Lists options with the value in force and where it comes from, for the `options` command of the
// control sockets. Passwords are never shown. It decides nothing and changes nothing; any thread
// may call it while the Configuration lives.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/configuration.hpp"

namespace tandem::config {

struct OptionStatus {
    std::string object;    // "application", "dataplane", "port sip0", "dn 1000-1099", "trunk gw"
    std::string_view name; // of the option; points into the option table
    std::string value;     // in force; "" = not set
    std::string source; // "file:line", "application" (a DN without a value of its own), "default"
    std::string_view takes_effect; // "immediately", "next call", "restart"
    std::string default_value;
    std::string allowed;
    std::string_view help;
};

// All options of application, dataplane and ports, in the order of docs/config.md.
[[nodiscard]] std::vector<OptionStatus> options(const Configuration& configuration);
// The options of the DN with that number or name; empty when the file has no such DN.
[[nodiscard]] std::vector<OptionStatus> dn_options(const Configuration& configuration,
                                                   std::string_view number);

} // namespace tandem::config
