// SPDX-License-Identifier: Apache-2.0
//
// Keeps the bytes the layer may have to send again: buffers of a few sizes, all taken at
// construction. A message lies in the smallest size that has one free, so a 300-byte response that
// lingers for 32 seconds costs 512 bytes and moves to the lingering record without a copy.
// One thread uses a store.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/free_list.hpp"
#include "base/huge_memory.hpp"
#include "transaction/layer.hpp"

namespace tandem::transaction {

// Names a buffer and how much of it is used. Whoever holds it gives it back exactly once.
struct StoredMessage {
    std::uint32_t buffer = 0;
    std::uint16_t bytes = 0; // 0 = none
    std::uint8_t size_class = 0;

    [[nodiscard]] bool is_set() const noexcept { return bytes != 0; }
};

class MessageStore {
  public:
    explicit MessageStore(
        const std::array<std::uint32_t, kBufferClassBytes.size()>& buffers_max) noexcept;

    // A copy of the message (1 to 65,535 bytes); not set when no buffer that is large enough is
    // free or the length is out of range.
    [[nodiscard]] StoredMessage put(std::string_view message) noexcept;
    // Valid until release().
    [[nodiscard]] std::string_view bytes(const StoredMessage& stored) const noexcept;
    // Gives the buffer back and clears the name; nothing happens when it is not set.
    void release(StoredMessage& stored) noexcept;

    [[nodiscard]] PoolStatus status(std::size_t size_class) const noexcept;

  private:
    struct SizeClass {
        base::HugeMemory memory;
        base::FreeList free;
    };

    [[nodiscard]] std::byte* at(std::size_t size_class, std::uint32_t buffer) const noexcept;

    std::array<SizeClass, kBufferClassBytes.size()> classes_;
};

} // namespace tandem::transaction
