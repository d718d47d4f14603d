// SPDX-License-Identifier: Apache-2.0
//
// read_plain_head with AVX2: a block is two vectors. Compiled with -mavx2; called only where the
// processor has it.
#include "sipparse/plain_head_steps.hpp"

namespace tandem::sipparse {

namespace {

struct Avx2 {
    using Counts = __m256i; // 32 of them, one byte each

    struct Block {
        __m256i low;
        __m256i high;
    };

    static Block load_block(const char* at) { return {load(at), load(at + 32)}; }

    // One bit for each of the 32 bytes.
    static std::uint32_t equal(__m256i left, __m256i right) {
        return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(left, right)));
    }

    static std::uint64_t equal(const Block& block, char c) {
        return equal(block.low, all(c)) | (std::uint64_t{equal(block.high, all(c))} << 32U);
    }

    static Counts no_counts() { return _mm256_setzero_si256(); }

    // Equal bytes are -1: subtracting counts.
    static Counts count(Counts counts, const Block& block, char c) {
        counts = _mm256_sub_epi8(counts, _mm256_cmpeq_epi8(block.low, all(c)));
        return _mm256_sub_epi8(counts, _mm256_cmpeq_epi8(block.high, all(c)));
    }

    static std::size_t sum(Counts counts) {
        const __m256i sums = _mm256_sad_epu8(counts, _mm256_setzero_si256());
        const __m128i halves =
            _mm_add_epi64(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
        return static_cast<std::size_t>(_mm_cvtsi128_si64(halves) + _mm_extract_epi64(halves, 1));
    }
};

} // namespace

PlainHead read_plain_head_avx2(const char* data,
                               std::size_t bytes,
                               std::size_t from,
                               MessageIndex& out) noexcept {
    return read_plain_head<Avx2>(data, bytes, from, out);
}

} // namespace tandem::sipparse
