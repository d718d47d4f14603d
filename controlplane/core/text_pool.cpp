// SPDX-License-Identifier: Apache-2.0
//
// Blocks by size class with a free list inside the free blocks.
#include "controlplane/core/text_pool.hpp"

#include <algorithm>
#include <cstring>

namespace tandem::controlplane {

namespace {

constexpr unsigned kClassShift = 28;
constexpr std::uint32_t kIndexMask = (1U << kClassShift) - 1;
// Small laboratories get room for a few calls with long headers, whatever their share would be.
constexpr std::uint32_t kBlocksMin = 16;

} // namespace

TextPool::TextPool(std::uint32_t calls_max) {
    for (std::size_t row = 0; row < kTextClasses.size(); ++row) {
        const auto& size = kTextClasses[row];
        const auto wanted = std::uint64_t{calls_max} * size.per_64_calls / 64;
        auto& entry = classes_[row];
        entry.blocks = static_cast<std::uint32_t>(
            std::clamp<std::uint64_t>(wanted, kBlocksMin, kIndexMask - 1));
        entry.memory =
            base::HugeMemory::allocate_or_exit("call texts",
                                               std::size_t{entry.blocks} * size.block_bytes,
                                               base::PageChoice::Transparent);
        capacity_ += entry.blocks;
    }
}

bool TextPool::store(std::string_view value, Text& text) noexcept {
    if (value.empty()) {
        release(text);
        return true;
    }
    const std::uint32_t block = take_block(value.size());
    if (block == 0) {
        ++refused_;
        return false;
    }
    std::memcpy(data(block), value.data(), value.size());
    release(text);
    text = {.block = block, .bytes = static_cast<std::uint32_t>(value.size())};
    return true;
}

void TextPool::release(Text& text) noexcept {
    if (text.block != 0) {
        give_block(text.block);
    }
    text = {};
}

std::string_view TextPool::view(const Text& text) const noexcept {
    return text.block == 0 ? std::string_view{} : std::string_view{data(text.block), text.bytes};
}

std::uint32_t TextPool::take_block(std::size_t bytes) noexcept {
    for (std::uint32_t row = 0; row < kTextClasses.size(); ++row) {
        auto& entry = classes_[row];
        if (kTextClasses[row].block_bytes < bytes) {
            continue;
        }
        std::uint32_t index = 0;
        if (entry.first_free != 0) {
            index = entry.first_free - 1;
            const std::uint32_t block = row << kClassShift | (index + 1);
            std::memcpy(&entry.first_free, data(block), sizeof entry.first_free);
            prefetch_next(row);
        } else if (entry.touched < entry.blocks) {
            index = entry.touched++;
        } else {
            continue;
        }
        ++in_use_;
        bytes_in_use_ += kTextClasses[row].block_bytes;
        peak_ = std::max(peak_, in_use_);
        return row << kClassShift | (index + 1);
    }
    return 0;
}

// The next block was given back long ago: its first line, which holds the link to the one behind
// it and will hold a text, comes from memory while this text is written.
void TextPool::prefetch_next(std::uint32_t row) const noexcept {
    if (classes_[row].first_free != 0) {
        __builtin_prefetch(data(row << kClassShift | classes_[row].first_free), 1);
    }
}

void TextPool::give_block(std::uint32_t block) noexcept {
    const std::uint32_t row = block >> kClassShift;
    auto& entry = classes_[row];
    std::memcpy(data(block), &entry.first_free, sizeof entry.first_free);
    entry.first_free = block & kIndexMask;
    --in_use_;
    bytes_in_use_ -= kTextClasses[row].block_bytes;
}

char* TextPool::data(std::uint32_t block) const noexcept {
    const std::uint32_t row = block >> kClassShift;
    const std::size_t index = (block & kIndexMask) - 1;
    return reinterpret_cast<char*>(classes_[row].memory.bytes().data()) +
           index * kTextClasses[row].block_bytes;
}

} // namespace tandem::controlplane
