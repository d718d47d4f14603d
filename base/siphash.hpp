// SPDX-License-Identifier: Apache-2.0
//
// SipHash-2-4 (Aumasson and Bernstein, 2012), 64 bit: the hash of what a stranger can choose
// (Call-IDs, numbers, tags) where it is sent, kept or shared, and the check of the branch. The
// dataplane's own tables use TableHash. The key comes from RandomStream. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tandem::base {

struct SipHashKey {
    std::uint64_t low = 0;  // key bytes 0-7, little endian
    std::uint64_t high = 0; // key bytes 8-15

    [[nodiscard]] static SipHashKey from_bytes(std::span<const std::uint8_t, 16> bytes) noexcept;

    bool operator==(const SipHashKey&) const = default;
};

// What the hashes of this family work on.
struct SipState {
    std::uint64_t v0 = 0;
    std::uint64_t v1 = 0;
    std::uint64_t v2 = 0;
    std::uint64_t v3 = 0;
};

// Hash of several parts as if they stood behind each other: add what separates them where parts of
// different length could be confused.
class SipHash {
  public:
    explicit SipHash(const SipHashKey& key) noexcept;

    SipHash& add(std::string_view bytes) noexcept;
    // The eight bytes of the number, little endian.
    SipHash& add(std::uint64_t number) noexcept;
    [[nodiscard]] std::uint64_t finish() const noexcept;

  private:
    SipState state_;
    std::uint64_t tail_ = 0; // bytes not yet hashed, little endian
    std::uint64_t length_bytes_ = 0;
};

[[nodiscard]] std::uint64_t siphash(const SipHashKey& key, std::string_view bytes) noexcept;

} // namespace tandem::base
