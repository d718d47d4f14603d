// SPDX-License-Identifier: Apache-2.0
//
// The rows behind option_table(). Separate from config/option_table.hpp only so that the rows
// stand in a file of their own, which grows with the features. Called by config/option_table.cpp.
#pragma once

#include <span>

#include "config/option_table.hpp"

namespace tandem::config {

[[nodiscard]] std::span<const OptionRow> option_rows();

} // namespace tandem::config
