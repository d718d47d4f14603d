// SPDX-License-Identifier: Apache-2.0
//
// What the readers of plain heads share and no vector helps with.
#include "sipparse/plain_head.hpp"

#include "sipparse/header_names.hpp"
#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

bool is_token_name(const char* name, std::size_t bytes) noexcept {
    return bytes <= kTableNameBytesMax && is_token({name, bytes});
}

} // namespace tandem::sipparse
