// SPDX-License-Identifier: Apache-2.0
//
// Gets zeroed, populated memory from the kernel, on the largest pages it gives. Called at start
// only: the system calls here are the last ones pools and tables make.
#include "base/huge_memory.hpp"

#include <cerrno>
#include <cstdlib>
#include <fmt/core.h>
#include <sys/mman.h>
#include <utility>

namespace tandem::base {

namespace {

constexpr std::size_t kSmallPageBytes = std::size_t{4} << 10U;
constexpr std::size_t kHugePageBytes = std::size_t{2} << 20U;

std::size_t round_up(std::size_t bytes, std::size_t page_bytes) noexcept {
    return (bytes + page_bytes - 1) / page_bytes * page_bytes;
}

std::byte* map(std::size_t bytes, int flags) noexcept {
    void* address =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
    return address == MAP_FAILED ? nullptr : static_cast<std::byte*>(address);
}

// The huge page advice must come before the first touch, hence no MAP_POPULATE.
PageKind populate(std::byte* data, std::size_t bytes) noexcept {
    const bool wants_huge = bytes >= kHugePageBytes;
    const bool advised = wants_huge && ::madvise(data, bytes, MADV_HUGEPAGE) == 0;
    if (::madvise(data, bytes, MADV_POPULATE_WRITE) != 0) {
        for (std::size_t at = 0; at < bytes; at += kSmallPageBytes) {
            *static_cast<volatile std::byte*>(data + at) = std::byte{0};
        }
    }
    return advised ? PageKind::Transparent : PageKind::Small;
}

} // namespace

HugeMemory::~HugeMemory() {
    if (data_ != nullptr) {
        ::munmap(data_, size_bytes_);
    }
}

HugeMemory::HugeMemory(HugeMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_bytes_(std::exchange(other.size_bytes_, 0)),
      kind_(other.kind_) {}

HugeMemory& HugeMemory::operator=(HugeMemory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_bytes_, other.size_bytes_);
    std::swap(kind_, other.kind_);
    return *this;
}

Result<HugeMemory, int> HugeMemory::allocate(std::size_t bytes, PageChoice choice) noexcept {
    if (bytes == 0 || bytes > SIZE_MAX - kHugePageBytes) {
        return Error{EINVAL};
    }
    // A reserved huge page for less than half of one would be wasted on it.
    if (choice == PageChoice::Huge && bytes >= kHugePageBytes / 2) {
        const std::size_t size_bytes = round_up(bytes, kHugePageBytes);
        if (std::byte* data = map(size_bytes, MAP_HUGETLB | MAP_POPULATE)) {
            return HugeMemory(data, size_bytes, PageKind::Huge);
        }
    }
    const std::size_t size_bytes = round_up(bytes, kSmallPageBytes);
    std::byte* data = map(size_bytes, 0);
    if (data == nullptr) {
        return Error{errno};
    }
    return HugeMemory(data, size_bytes, populate(data, size_bytes));
}

HugeMemory
HugeMemory::allocate_or_exit(const char* owner, std::size_t bytes, PageChoice choice) noexcept {
    auto memory = allocate(bytes, choice);
    if (!memory) {
        fmt::print(
            stderr, "no memory: {} needs {} bytes (error {})\n", owner, bytes, memory.error());
        std::_Exit(EXIT_FAILURE);
    }
    return std::move(*memory);
}

} // namespace tandem::base
