// SPDX-License-Identifier: Apache-2.0
//
// The hashes digest authentication needs, over OpenSSL: H(a:b:c) in hex, and the HMAC that seals a
// nonce. Algorithms are fetched once, because fetching costs more than a hash. Knows nothing of
// SIP; used by digest.cpp on the core thread.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>

#include "base/endpoint.hpp"
#include "config/configuration.hpp"

namespace tandem::controlplane {

// A hash in lower-case hex.
class HexDigest {
  public:
    static constexpr std::size_t kBytesMax = 64; // SHA-256

    HexDigest(std::span<const std::uint8_t> hash);

    [[nodiscard]] std::string_view text() const { return {text_.data(), bytes_}; }

    // In constant time; `other` may be in upper case.
    [[nodiscard]] bool equals(std::string_view other) const;

  private:
    std::array<char, kBytesMax> text_{};
    std::size_t bytes_ = 0;
};

using Seal = std::array<std::uint8_t, 16>;

// What makes a nonce unique: when it was made, and its number.
struct NonceStamp {
    std::uint64_t time_ms = 0;
    std::uint32_t number = 0; // counts challenges
};

class DigestHash {
  public:
    explicit DigestHash(std::span<const std::uint8_t, 32> key);
    ~DigestHash();
    DigestHash(const DigestHash&) = delete;
    DigestHash& operator=(const DigestHash&) = delete;

    // H of the pieces joined by colons (RFC 7616 3.4).
    [[nodiscard]] HexDigest hash(config::DigestAlgorithm algorithm,
                                 std::initializer_list<std::string_view> pieces);
    // The first 16 bytes of HMAC-SHA-256 over stamp, source and realm.
    [[nodiscard]] Seal
    seal(const NonceStamp& stamp, base::Ipv4Address source, std::string_view realm);

  private:
    struct Engines;
    std::unique_ptr<Engines> engines_;
};

// Fills `out` with lower-case hex: of a number with leading zeros, or of bytes (out is twice as
// long).
void write_hex(std::uint64_t number, std::span<char> out);
void write_hex(std::span<const std::uint8_t> bytes, std::span<char> out);

} // namespace tandem::controlplane
