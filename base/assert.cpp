// SPDX-License-Identifier: Apache-2.0
//
// The end of a process whose own invariant broke. Only write(2) and abort(3): nothing here may
// allocate, because the failed invariant can be the allocator's.
#include "base/assert.hpp"

#include <cstdlib>
#include <cstring>
#include <sys/uio.h>
#include <unistd.h>

namespace tandem::base {

namespace {

iovec piece(const char* text) noexcept {
    return {const_cast<char*>(text), std::strlen(text)};
}

} // namespace

void assertion_failed(const char* condition, const char* file, int line) noexcept {
    char digits[12] = {};
    int at = static_cast<int>(sizeof digits) - 1;
    do {
        digits[--at] = static_cast<char>('0' + line % 10);
        line /= 10;
    } while (line > 0 && at > 0);
    const iovec pieces[] = {piece("assertion failed: "),
                            piece(condition),
                            piece(" at "),
                            piece(file),
                            piece(":"),
                            piece(digits + at),
                            piece("\n")};
    const ssize_t written =
        ::writev(STDERR_FILENO, pieces, static_cast<int>(sizeof pieces / sizeof pieces[0]));
    static_cast<void>(written);
    std::abort();
}

} // namespace tandem::base
