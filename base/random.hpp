// SPDX-License-Identifier: Apache-2.0
//
// The one source of randomness: a ChaCha20 key stream (RFC 8439) over a 32 byte seed. The same
// seed gives the same stream, which is how tests and the simulator repeat a run. It makes no
// system call; only seed_from_system() does, once at start. One thread uses a stream.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tandem::base {

constexpr std::size_t kRandomSeedBytes = 32;
using RandomSeed = std::array<std::uint8_t, kRandomSeedBytes>;

// From getrandom(2); waits for the kernel's pool at boot. Ends the process when there is none.
[[nodiscard]] RandomSeed seed_from_system() noexcept;

class RandomStream {
  public:
    explicit RandomStream(const RandomSeed& seed) noexcept;

    [[nodiscard]] std::uint64_t next_u64() noexcept;
    // Uniform in [0, bound), without bias. bound > 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) noexcept;
    void fill(std::span<std::byte> out) noexcept;
    // Lower-case hexadecimal digits, four random bits each, no terminator.
    void fill_hex(std::span<char> out) noexcept;

    // How far the stream was used: two streams of one seed with the same number go on alike.
    [[nodiscard]] std::uint64_t drawn_bytes() const noexcept {
        return block_count_ * block_.size() + used_ - block_.size();
    }

  private:
    void refill() noexcept;

    RandomSeed key_;
    std::uint64_t block_count_ = 0;
    std::array<std::uint8_t, 64> block_{};
    std::size_t used_ = 64;
};

// One block of key stream (RFC 8439 section 2.3); public for its test vectors.
[[nodiscard]] std::array<std::uint8_t, 64>
chacha20_block(const RandomSeed& key,
               std::uint32_t counter,
               const std::array<std::uint8_t, 12>& nonce) noexcept;

} // namespace tandem::base
