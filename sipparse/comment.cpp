// SPDX-License-Identifier: Apache-2.0
//
// comment = LPAREN *( ctext / quoted-pair / comment ) RPAREN
#include "sipparse/comment.hpp"

namespace tandem::sipparse {

std::size_t comment_bytes(std::string_view text) noexcept {
    std::size_t depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '(') {
            ++depth;
        } else if (depth == 0) {
            return 0;
        } else if (text[i] == '\\') {
            ++i;
        } else if (text[i] == ')' && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

} // namespace tandem::sipparse
