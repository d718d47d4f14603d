// SPDX-License-Identifier: Apache-2.0
//
// read_plain_head with AVX-512BW: a block is one vector, comparisons give masks at once.
// Compiled with -mavx512bw -mavx512vl; called only where the processor has them.
#include "sipparse/plain_head_steps.hpp"

namespace tandem::sipparse {

namespace {

struct Avx512 {
    using Counts = std::size_t;

    static __m512i load_block(const char* at) { return _mm512_loadu_si512(at); }

    // One bit for each of the 32 bytes.
    static std::uint32_t equal(__m256i left, __m256i right) {
        return _mm256_cmpeq_epi8_mask(left, right);
    }

    static std::uint64_t equal(__m512i block, char c) {
        return _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8(c));
    }

    static Counts no_counts() { return 0; }

    static Counts count(Counts counts, __m512i block, char c) {
        return counts + static_cast<std::size_t>(_mm_popcnt_u64(equal(block, c)));
    }

    static std::size_t sum(Counts counts) { return counts; }
};

} // namespace

PlainHead read_plain_head_avx512(const char* data,
                                 std::size_t bytes,
                                 std::size_t from,
                                 MessageIndex& out) noexcept {
    return read_plain_head<Avx512>(data, bytes, from, out);
}

} // namespace tandem::sipparse
