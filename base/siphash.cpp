// SPDX-License-Identifier: Apache-2.0
//
// SipHash with two rounds per eight bytes and four at the end, as its authors' paper gives it.
#include "base/siphash.hpp"

#include <cstring>

#include "base/sip_round.hpp"

namespace tandem::base {

namespace {

[[gnu::always_inline]] inline void compress(SipState& v, std::uint64_t word) noexcept {
    v.v3 ^= word;
    sip_round(v);
    sip_round(v);
    v.v0 ^= word;
}

} // namespace

SipHashKey SipHashKey::from_bytes(std::span<const std::uint8_t, 16> bytes) noexcept {
    SipHashKey key;
    std::memcpy(&key.low, bytes.data(), 8);
    std::memcpy(&key.high, bytes.data() + 8, 8);
    return key;
}

SipHash::SipHash(const SipHashKey& key) noexcept : state_(sip_state(key)) {}

SipHash& SipHash::add(std::string_view bytes) noexcept {
    SipState words = state_; // in registers: a step through members would go through memory
    const std::size_t held = length_bytes_ % 8;
    length_bytes_ += bytes.size();
    if (held > 0) {
        const std::size_t wanted = 8 - held;
        if (bytes.size() < wanted) {
            tail_ |= load_sip_tail(bytes.data(), bytes.size()) << (8 * held);
            return *this;
        }
        compress(words, tail_ | load_sip_tail(bytes.data(), wanted) << (8 * held));
        bytes.remove_prefix(wanted);
    }
    for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
        compress(words, load_sip_word(bytes.data()));
    }
    tail_ = load_sip_tail(bytes.data(), bytes.size());
    state_ = words;
    return *this;
}

SipHash& SipHash::add(std::uint64_t number) noexcept {
    char bytes[8];
    std::memcpy(bytes, &number, sizeof bytes);
    return add(std::string_view(bytes, sizeof bytes));
}

std::uint64_t SipHash::finish() const noexcept {
    SipState words = state_;
    compress(words, length_bytes_ << 56U | tail_);
    words.v2 ^= 0xFF;
    for (int round = 0; round < 4; ++round) {
        sip_round(words);
    }
    return words.v0 ^ words.v1 ^ words.v2 ^ words.v3;
}

std::uint64_t siphash(const SipHashKey& key, std::string_view bytes) noexcept {
    return SipHash(key).add(bytes).finish();
}

} // namespace tandem::base
