// SPDX-License-Identifier: Apache-2.0
//
// Message buffers by size class, each with a list of its free ones.
#include "transaction/message_store.hpp"

#include <cstring>
#include <limits>

namespace tandem::transaction {
namespace {

// How many buffers ahead the first line of a free one is fetched.
constexpr std::uint32_t kBuffersAhead = 1;

} // namespace

MessageStore::MessageStore(
    const std::array<std::uint32_t, kBufferClassBytes.size()>& buffers_max) noexcept {
    for (std::size_t size_class = 0; size_class < classes_.size(); ++size_class) {
        SizeClass& buffers = classes_[size_class];
        const std::uint32_t limit = buffers_max[size_class];
        if (limit > 0) {
            buffers.memory = base::HugeMemory::allocate_or_exit("transaction messages",
                                                                std::size_t{limit} *
                                                                    kBufferClassBytes[size_class],
                                                                base::PageChoice::Huge);
            buffers.free =
                base::FreeList("transaction messages", limit, base::PageChoice::Transparent);
        }
    }
}

StoredMessage MessageStore::put(std::string_view message) noexcept {
    if (message.empty() || message.size() > std::numeric_limits<std::uint16_t>::max()) {
        return {};
    }
    for (std::size_t size_class = 0; size_class < classes_.size(); ++size_class) {
        SizeClass& buffers = classes_[size_class];
        if (message.size() > kBufferClassBytes[size_class]) {
            continue;
        }
        const auto buffer = buffers.free.take();
        if (!buffer) {
            continue;
        }
        if (const auto coming = buffers.free.coming(kBuffersAhead)) {
            __builtin_prefetch(at(size_class, *coming), 1);
        }
        std::memcpy(at(size_class, *buffer), message.data(), message.size());
        return {.buffer = *buffer,
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
    classes_[stored.size_class].free.give(stored.buffer);
    stored = {};
}

PoolStatus MessageStore::status(std::size_t size_class) const noexcept {
    return {.used = classes_[size_class].free.used(),
            .limit = classes_[size_class].free.capacity()};
}

std::byte* MessageStore::at(std::size_t size_class, std::uint32_t buffer) const noexcept {
    return classes_[size_class].memory.bytes().data() +
           std::size_t{buffer} * kBufferClassBytes[size_class];
}

} // namespace tandem::transaction
