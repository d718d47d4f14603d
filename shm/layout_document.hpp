// SPDX-License-Identifier: Apache-2.0
//
// docs/shm-layout.md as text, made of the layout table. Used by the generator and by the test that
// compares the committed file with it. Never part of a running process.
#pragma once

#include <string>

namespace tandem::shm {

[[nodiscard]] std::string layout_document();

} // namespace tandem::shm
