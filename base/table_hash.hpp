// SPDX-License-Identifier: Apache-2.0
//
// SipHash-1-3 for hash tables in memory: a key that nobody outside knows, one round for eight bytes
// and three at the end (the rounds that Rust and Python use for theirs). Not for what is sent or
// kept: that is SipHash. Texts are hashed with their lengths in front, so that they need no
// separator and no padding. The key comes from RandomStream. In the header, so that the state stays
// in registers over all parts. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/sip_round.hpp"
#include "base/siphash.hpp"

namespace tandem::base {

class TableHash {
  public:
    explicit TableHash(const SipHashKey& key) noexcept : state_(sip_state(key)) {}

    // Texts that together are shorter than 64 KiB, as those of one message are: their lengths, four
    // to a word, then their bytes.
    template <typename... More>
    [[gnu::always_inline]] TableHash& add(std::string_view first, const More&... more) noexcept {
        constexpr std::size_t kLengthBits = 16;
        constexpr std::size_t kLengths = 64 / kLengthBits;
        std::array<std::uint64_t, sizeof...(more) / kLengths + 1> lengths = {};
        std::size_t at = 0;
        for (const std::size_t size : {first.size(), more.size()...}) {
            lengths[at / kLengths] |= std::uint64_t{size} << (kLengthBits * (at % kLengths));
            ++at;
        }
        for (const std::uint64_t word : lengths) {
            compress(word);
        }
        add_bytes(first);
        (add_bytes(more), ...);
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
    // The last eight are one word, which may overlap the one before.
    [[gnu::always_inline]] void add_bytes(std::string_view text) noexcept {
        if (text.size() < kSipWordBytes) {
            compress(load_sip_tail(text.data(), text.size()));
            return;
        }
        const char* const last = text.data() + text.size() - kSipWordBytes;
        for (const char* at = text.data(); at < last; at += kSipWordBytes) {
            compress(load_sip_word(at));
        }
        compress(load_sip_word(last));
    }

    [[gnu::always_inline]] void compress(std::uint64_t word) noexcept {
        state_.v3 ^= word;
        sip_round(state_);
        state_.v0 ^= word;
    }

    SipState state_;
};

} // namespace tandem::base
