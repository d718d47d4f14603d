// SPDX-License-Identifier: Apache-2.0
//
// SipHash-1-3 for hash tables in memory: a key that nobody outside knows, one round for eight bytes
// and three at the end (the rounds that Rust and Python use for theirs). Not for what is sent or
// kept: that is SipHash. The caller adds the lengths of its parts as one number before them, so
// that parts need no separator and no padding. The key comes from RandomStream. In the header, so
// that the state stays in registers over all parts. Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/sip_round.hpp"
#include "base/siphash.hpp"

namespace tandem::base {

class TableHash {
  public:
    explicit TableHash(const SipHashKey& key) noexcept : state_(sip_state(key)) {}

    // The bytes, not how many they are. The last eight are one word, which may overlap the one
    // before.
    [[gnu::always_inline]] TableHash& add(std::string_view part) noexcept {
        if (part.size() < kSipWordBytes) {
            compress(load_sip_tail(part.data(), part.size()));
            return *this;
        }
        const char* const last = part.data() + part.size() - kSipWordBytes;
        for (const char* at = part.data(); at < last; at += kSipWordBytes) {
            compress(load_sip_word(at));
        }
        compress(load_sip_word(last));
        return *this;
    }

    [[gnu::always_inline]] TableHash& add(std::uint64_t number) noexcept {
        compress(number);
        return *this;
    }

    [[nodiscard]] [[gnu::always_inline]] std::uint64_t finish() const noexcept {
        SipState end = state_;
        end.v2 ^= 0xFF;
        for (int round = 0; round < 3; ++round) {
            sip_round(end);
        }
        return end.v0 ^ end.v1 ^ end.v2 ^ end.v3;
    }

  private:
    [[gnu::always_inline]] void compress(std::uint64_t word) noexcept {
        state_.v3 ^= word;
        sip_round(state_);
        state_.v0 ^= word;
    }

    SipState state_;
};

} // namespace tandem::base
