// SPDX-License-Identifier: Apache-2.0
//
// The allocator that can be sealed per thread. Without sanitizers it stands in front of glibc's
// functions; with AddressSanitizer it uses the hooks of that allocator. Linked into tests and debug
// builds only.
#include <cstdlib>
#include <unistd.h>

#include "dataplane/seal.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define TANDEM_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TANDEM_ASAN 1
#endif
#endif

namespace tandem::dataplane {

namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): the allocator has no object
thread_local bool is_sealed = false;

void check_seal() noexcept {
    if (is_sealed) [[unlikely]] {
        is_sealed = false; // abort() may allocate
        constexpr char kText[] = "sealed thread allocates or releases memory\n";
        (void)!::write(STDERR_FILENO, kText, sizeof(kText) - 1);
        std::abort();
    }
}

} // namespace

bool can_seal_allocations() noexcept {
    return true;
}

void seal_allocations() noexcept {
    is_sealed = true;
}

void unseal_allocations() noexcept {
    is_sealed = false;
}

} // namespace tandem::dataplane

#ifdef TANDEM_ASAN

extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void*,
                                                                           std::size_t),
                                                         void (*on_free)(const volatile void*));

namespace tandem::dataplane {

namespace {

[[maybe_unused]] const int kHooks = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t) { check_seal(); },
    [](const volatile void*) { check_seal(); });

} // namespace

} // namespace tandem::dataplane

#else

// NOLINTBEGIN(*-reserved-identifier,*-identifier-naming): the names of glibc
extern "C" {

void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* memory, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
void __libc_free(void* memory);

void* malloc(std::size_t bytes) noexcept {
    tandem::dataplane::check_seal();
    return __libc_malloc(bytes);
}

void* calloc(std::size_t count, std::size_t bytes) noexcept {
    tandem::dataplane::check_seal();
    return __libc_calloc(count, bytes);
}

void* realloc(void* memory, std::size_t bytes) noexcept {
    tandem::dataplane::check_seal();
    return __libc_realloc(memory, bytes);
}

void* memalign(std::size_t alignment, std::size_t bytes) noexcept {
    tandem::dataplane::check_seal();
    return __libc_memalign(alignment, bytes);
}

void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
    tandem::dataplane::check_seal();
    return __libc_memalign(alignment, bytes);
}

int posix_memalign(void** out, std::size_t alignment, std::size_t bytes) noexcept {
    constexpr int kOutOfMemory = 12; // ENOMEM
    tandem::dataplane::check_seal();
    *out = __libc_memalign(alignment, bytes);
    return *out == nullptr ? kOutOfMemory : 0;
}

void free(void* memory) noexcept {
    if (memory != nullptr) {
        tandem::dataplane::check_seal();
    }
    __libc_free(memory);
}
}
// NOLINTEND(*-reserved-identifier,*-identifier-naming)

#endif
