// SPDX-License-Identifier: Apache-2.0
//
// Asks the core page by page on behalf of a command, and the failure when it does not answer. Used
// by the commands_*.cpp files on the control server's thread.
#pragma once

#include <cstdint>
#include <vector>

#include "controlplane/io/core_thread.hpp"
#include "ctl/command.hpp"

namespace tandem::controlplane {

// Rows the core thread copies between two steps.
constexpr std::size_t kPageRows = 256;

[[nodiscard]] inline ctl::Failure core_is_silent() {
    return {.code = ctl::FailureCode::Unavailable,
            .text = "the core did not answer within a second"};
}

// read(core, now, cursor, page) copies rows from `cursor` on into `page`, moves the cursor and
// returns how many; 0 ends. visit(row) is called for each, off the core's thread. False: the core
// did not answer.
template <typename Row, typename Read, typename Visit>
[[nodiscard]] bool query_pages(CoreThread& thread, Read&& read, Visit&& visit) {
    std::vector<Row> page(kPageRows);
    std::uint32_t cursor = 0;
    std::size_t count = 0;
    do {
        count = 0;
        const bool answered = thread.query([&](const Core& core, const Now& now) {
            count = read(core, now, cursor, std::span<Row>(page));
        });
        if (!answered) {
            return false;
        }
        for (std::size_t i = 0; i < count; ++i) {
            visit(page[i]);
        }
    } while (count > 0);
    return true;
}

} // namespace tandem::controlplane
