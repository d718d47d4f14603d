// SPDX-License-Identifier: Apache-2.0
//
// The stages of the dataplane's loop among those of the one table (base/stage.hpp), in its order.
// Used by the worker.
#pragma once

#include <cstddef>

#include "base/stage.hpp"

namespace tandem::dataplane {

using StageId = base::Stage;

// They stand first in the table.
constexpr std::size_t kStageIds = static_cast<std::size_t>(StageId::Tx) + 1;

} // namespace tandem::dataplane
