// SPDX-License-Identifier: Apache-2.0
//
// Is the value of a header well formed? Every header of the table by its own parser: for who
// refuses what he would only pass on, and the measure of a full parse. Any thread.
#pragma once

#include <string_view>

#include "sipparse/message_view.hpp"

namespace tandem::sipparse {

// The value of one line, all elements of a list included. True for Other, whose grammar nobody
// knows, and for the headers that stage 1 has looked at.
[[nodiscard]] bool is_well_formed(HeaderId id, std::string_view value) noexcept;

// The number of the first header line that is not; header_count() when all are.
[[nodiscard]] std::size_t first_malformed_line(const MessageView& view) noexcept;

} // namespace tandem::sipparse
