// SPDX-License-Identifier: Apache-2.0
//
// Looks for what would make DPDK fail with lines nobody understands, before DPDK is started, and
// says it plainly: no permission, no interface, no device, no huge pages. Cold thread, at start.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "config/configuration.hpp"

namespace tandem::dataplane::port {

// One sentence about the first thing that is missing, or nothing.
[[nodiscard]] std::optional<std::string> missing(const config::Configuration& configuration);

// Bytes of huge pages that are free now, all sizes.
[[nodiscard]] std::size_t free_huge_page_bytes();

// Whether the packets (of `needed_bytes`) go to huge pages; the error is a sentence for a
// configuration that insists on them.
struct HugePageChoice {
    bool use = false;
    std::optional<std::string> problem;
};

[[nodiscard]] HugePageChoice
choose_huge_pages(config::Hugepages wanted, std::size_t needed_bytes, std::size_t free_bytes);

} // namespace tandem::dataplane::port
