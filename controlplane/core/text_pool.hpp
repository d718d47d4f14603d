// SPDX-License-Identifier: Apache-2.0
//
// Where the core keeps the texts of calls (tags, URIs, route sets, the head of a response to come):
// blocks of a few sizes in memory taken once at construction. A text lies in the smallest free
// block it fits in, larger sizes stand in for an empty one. A full pool says no and is counted.
// Core thread only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/free_list.hpp"
#include "base/huge_memory.hpp"

namespace tandem::controlplane {

// A stored text. Empty texts need no block. Owned by the object it is a member of, which gives it
// back with TextPool::release().
struct Text {
    std::uint32_t block = 0; // size class in the upper 4 bits, index + 1 below; 0 = none
    std::uint32_t bytes = 0;
};

struct TextClass {
    std::uint32_t block_bytes;
    std::uint32_t per_64_calls; // blocks
};

// A ringing call holds 22 short texts (two legs with seven each, an attempt with six, two numbers),
// an answered one 16, and the head of the response to the INVITE; requests in flight hold a head
// each. The larger sizes are for long Via lists and route sets.
constexpr std::array<TextClass, 8> kTextClasses{{
    {64, 14 * 64},
    {128, 5 * 64},
    {256, 64},
    {512, 80},
    {1024, 16},
    {2048, 4},
    {4096, 2},
    {8192, 1},
}};
constexpr std::uint32_t kTextBytesMax = kTextClasses.back().block_bytes;

// Texts are the larger part of the 4 KiB a call may take.
constexpr std::uint32_t kTextBytesPerCall = [] {
    std::uint32_t bytes = 0;
    for (const auto& row : kTextClasses) {
        bytes += row.block_bytes * row.per_64_calls / 64;
    }
    return bytes;
}();
static_assert(kTextBytesPerCall <= 3072);

class TextPool {
  public:
    explicit TextPool(std::uint32_t calls_max);
    TextPool(const TextPool&) = delete;
    TextPool& operator=(const TextPool&) = delete;

    // Puts `value` in place of what `text` held; on false `text` is as it was. `value` may be a
    // view of the text it replaces.
    [[nodiscard]] bool store(std::string_view value, Text& text) noexcept;
    void release(Text& text) noexcept;
    // Valid until the text is stored anew or released.
    [[nodiscard]] std::string_view view(const Text& text) const noexcept;

    [[nodiscard]] std::uint32_t in_use() const noexcept { return in_use_; }

    [[nodiscard]] std::uint64_t bytes_in_use() const noexcept { return bytes_in_use_; }

    [[nodiscard]] std::uint32_t peak() const noexcept { return peak_; }

    [[nodiscard]] std::uint32_t capacity() const noexcept { return capacity_; }

    // How often store() said no.
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

  private:
    struct Class {
        base::HugeMemory memory;
        base::FreeList free;
    };

    [[nodiscard]] std::uint32_t take_block(std::size_t bytes) noexcept;
    void prefetch_coming(std::uint32_t row) const noexcept;
    void give_block(std::uint32_t block) noexcept;
    [[nodiscard]] char* data(std::uint32_t block) const noexcept;

    std::array<Class, kTextClasses.size()> classes_;
    std::uint32_t capacity_ = 0;
    std::uint32_t in_use_ = 0;
    std::uint64_t bytes_in_use_ = 0; // of whole blocks and their entries in the free list
    std::uint32_t peak_ = 0;
    std::uint64_t refused_ = 0;
};

} // namespace tandem::controlplane
