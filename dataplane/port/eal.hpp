// SPDX-License-Identifier: Apache-2.0
//
// DPDK's environment: the arguments a configuration stands for, and its start, once per process.
// Cold thread, at start.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "config/configuration.hpp"

namespace tandem::dataplane::port {

struct EalOptions {
    bool huge_pages = false;
    std::size_t packet_bytes = 0; // memory of the packet pool; used without huge pages
};

// The program name first, then what we need, then the words of the configuration, which win.
[[nodiscard]] std::vector<std::string> eal_arguments(const config::Configuration& configuration,
                                                     const EalOptions& options);

// Starts EAL. One sentence when it did not.
[[nodiscard]] std::optional<std::string> start_eal(std::vector<std::string> arguments);

} // namespace tandem::dataplane::port
