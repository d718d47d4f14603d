// SPDX-License-Identifier: Apache-2.0
//
// The seal: after it, the calling thread must not allocate and must not make a system call. A seal
// that is broken ends the process at once, with the culprit on the stack. Allocation is watched by
// the interposed allocator of seal_malloc.cpp (debug builds and tests), system calls by a seccomp
// filter. It proves the rule of the hot path; production does not use it.
#pragma once

namespace tandem::dataplane {

// Whether this binary was linked with an allocator that can be sealed.
[[nodiscard]] bool can_seal_allocations() noexcept;
// From here on an allocation or release of memory by this thread aborts the process.
void seal_allocations() noexcept;
// Takes the seal off again, for the end of a thread.
void unseal_allocations() noexcept;

// From here on every system call of this thread but exit_group(2) kills the process (SIGSYS). There
// is no way back. False: the kernel refused the filter.
[[nodiscard]] bool seal_system_calls() noexcept;

} // namespace tandem::dataplane
