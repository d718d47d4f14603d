// SPDX-License-Identifier: Apache-2.0
//
// TANDEM_ASSERT guards our own bugs in every build type: it prints the condition and its place and
// ends the process, so that the other node of a pair takes over. It never guards bytes that come
// from the wire, a file, an operator or the other process: those get an error value and a counter.
#pragma once

namespace tandem::base {

// Writes one line to standard error with write(2) and aborts. Safe in any thread.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

} // namespace tandem::base

#define TANDEM_ASSERT(condition)                                                                   \
    do {                                                                                           \
        if (!(condition)) [[unlikely]] {                                                           \
            ::tandem::base::assertion_failed(#condition, __FILE__, __LINE__);                      \
        }                                                                                          \
    } while (false)
