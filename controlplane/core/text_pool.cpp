// SPDX-License-Identifier: Apache-2.0
//
// Blocks by size class, each with a list of its free ones.
#include "controlplane/core/text_pool.hpp"

#include <algorithm>
#include <cstring>

namespace tandem::controlplane {

namespace {

constexpr unsigned kClassShift = 28;
constexpr std::uint32_t kIndexMask = (1U << kClassShift) - 1;
// Small laboratories get room for a few calls with long headers, whatever their share would be.
constexpr std::uint32_t kBlocksMin = 16;
// A call stores its texts in runs. How many blocks ahead memory is fetched: two texts take about as
// long to write as a line takes to come.
constexpr std::uint32_t kBlocksAhead = 2;

std::uint32_t bytes_of_block(std::uint32_t row) noexcept {
    return kTextClasses[row].block_bytes + static_cast<std::uint32_t>(sizeof(std::uint32_t));
}

} // namespace

TextPool::TextPool(std::uint32_t calls_max) {
    for (std::size_t row = 0; row < kTextClasses.size(); ++row) {
        const auto& size = kTextClasses[row];
        const auto wanted = std::uint64_t{calls_max} * size.per_64_calls / 64;
        const auto blocks = static_cast<std::uint32_t>(
            std::clamp<std::uint64_t>(wanted, kBlocksMin, kIndexMask - 1));
        auto& entry = classes_[row];
        entry.memory = base::HugeMemory::allocate_or_exit(
            "call texts", std::size_t{blocks} * size.block_bytes, base::PageChoice::Transparent);
        entry.free = base::FreeList("call texts", blocks, base::PageChoice::Transparent);
        capacity_ += blocks;
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
        if (kTextClasses[row].block_bytes < bytes) {
            continue;
        }
        const auto index = classes_[row].free.take();
        if (!index) {
            continue;
        }
        prefetch_coming(row);
        ++in_use_;
        bytes_in_use_ += bytes_of_block(row);
        peak_ = std::max(peak_, in_use_);
        return row << kClassShift | (*index + 1);
    }
    return 0;
}

// Blocks were given back long ago: the line that will hold a text comes from memory while the ones
// before it are written.
void TextPool::prefetch_coming(std::uint32_t row) const noexcept {
    if (const auto index = classes_[row].free.coming(kBlocksAhead)) {
        __builtin_prefetch(data(row << kClassShift | (*index + 1)), 1);
    }
}

void TextPool::give_block(std::uint32_t block) noexcept {
    const std::uint32_t row = block >> kClassShift;
    classes_[row].free.give((block & kIndexMask) - 1);
    --in_use_;
    bytes_in_use_ -= bytes_of_block(row);
}

char* TextPool::data(std::uint32_t block) const noexcept {
    const std::uint32_t row = block >> kClassShift;
    const std::size_t index = (block & kIndexMask) - 1;
    return reinterpret_cast<char*>(classes_[row].memory.bytes().data()) +
           index * kTextClasses[row].block_bytes;
}

} // namespace tandem::controlplane
