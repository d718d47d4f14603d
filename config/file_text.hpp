// SPDX-License-Identifier: Apache-2.0
//
// Reads a whole configuration file into memory. Decides what counts as a file (regular, readable,
// not absurdly large); never looks at what it says. Called by the loader, on the main thread.
#pragma once

#include <string>

#include "base/result.hpp"

namespace tandem::config {

// The text, or why there is none: a sentence without the name of the file.
[[nodiscard]] base::Result<std::string, std::string> read_file_text(const std::string& path);

} // namespace tandem::config
