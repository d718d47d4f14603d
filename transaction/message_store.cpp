// SPDX-License-Identifier: Apache-2.0
//
// Free lists of message buffers, one per size.
#include "transaction/message_store.hpp"

#include <cstring>
#include <limits>

#include "base/assert.hpp"

namespace tandem::transaction {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

} // namespace

MessageStore::MessageStore(
    const std::array<std::uint32_t, kBufferClassBytes.size()>& buffers_max) noexcept {
    for (std::size_t size_class = 0; size_class < classes_.size(); ++size_class) {
        SizeClass& buffers = classes_[size_class];
        buffers.limit = buffers_max[size_class];
        buffers.first_free = kNone;
        if (buffers.limit > 0) {
            buffers.memory = base::HugeMemory::allocate_or_exit("transaction messages",
                                                                std::size_t{buffers.limit} *
                                                                    kBufferClassBytes[size_class],
                                                                base::PageChoice::Huge);
        }
    }
}

StoredMessage MessageStore::put(std::string_view message) noexcept {
    if (message.empty() || message.size() > std::numeric_limits<std::uint16_t>::max()) {
        return {};
    }
    for (std::size_t size_class = 0; size_class < classes_.size(); ++size_class) {
        SizeClass& buffers = classes_[size_class];
        if (message.size() > kBufferClassBytes[size_class] || buffers.used == buffers.limit) {
            continue;
        }
        std::uint32_t buffer = buffers.first_free;
        if (buffer == kNone) {
            buffer = buffers.touched++;
        } else {
            std::memcpy(&buffers.first_free, at(size_class, buffer), sizeof(buffers.first_free));
        }
        ++buffers.used;
        std::memcpy(at(size_class, buffer), message.data(), message.size());
        return {.buffer = buffer,
                .bytes = static_cast<std::uint16_t>(message.size()),
                .size_class = static_cast<std::uint8_t>(size_class)};
    }
    return {};
}

std::string_view MessageStore::bytes(const StoredMessage& stored) const noexcept {
    if (!stored.is_set()) {
        return {};
    }
    return {reinterpret_cast<const char*>(at(stored.size_class, stored.buffer)), stored.bytes};
}

void MessageStore::release(StoredMessage& stored) noexcept {
    if (!stored.is_set()) {
        return;
    }
    SizeClass& buffers = classes_[stored.size_class];
    TANDEM_ASSERT(buffers.used > 0);
    std::memcpy(
        at(stored.size_class, stored.buffer), &buffers.first_free, sizeof(buffers.first_free));
    buffers.first_free = stored.buffer;
    --buffers.used;
    stored = {};
}

PoolStatus MessageStore::status(std::size_t size_class) const noexcept {
    return {.used = classes_[size_class].used, .limit = classes_[size_class].limit};
}

std::byte* MessageStore::at(std::size_t size_class, std::uint32_t buffer) const noexcept {
    return classes_[size_class].memory.bytes().data() +
           std::size_t{buffer} * kBufferClassBytes[size_class];
}

} // namespace tandem::transaction
