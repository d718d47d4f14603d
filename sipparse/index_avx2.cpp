// SPDX-License-Identifier: Apache-2.0
//
// The line scan with AVX2: 64 bytes at a time become three bit masks (LF, colon, CR), and lines are
// read off the masks. The last block of a message is copied, so that nothing behind the message is
// read. Compiled with -mavx2; called only where the processor has it.
#include <immintrin.h>

#include "sipparse/line_scan.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::size_t kBlockBytes = 64;

struct BlockMasks {
    std::uint64_t newlines;
    std::uint64_t colons;
    std::uint64_t carriage_returns;
};

inline std::uint64_t equal_mask(__m256i low, __m256i high, char wanted) noexcept {
    const __m256i pattern = _mm256_set1_epi8(wanted);
    const int low_bits = _mm256_movemask_epi8(_mm256_cmpeq_epi8(low, pattern));
    const int high_bits = _mm256_movemask_epi8(_mm256_cmpeq_epi8(high, pattern));
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(low_bits)) |
           (static_cast<std::uint64_t>(static_cast<std::uint32_t>(high_bits)) << 32);
}

inline BlockMasks load_block(const char* data) noexcept {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + 32));
    return {equal_mask(low, high, '\n'), equal_mask(low, high, ':'), equal_mask(low, high, '\r')};
}

inline BlockMasks load_last_block(const char* data, std::size_t bytes) noexcept {
    alignas(32) char block[kBlockBytes] = {};
    __builtin_memcpy(block, data, bytes);
    return load_block(block);
}

// Position of the lowest bit of a block, as a mark.
inline std::uint16_t position_of(std::size_t block_start, std::uint64_t mask) noexcept {
    return static_cast<std::uint16_t>(block_start +
                                      static_cast<std::size_t>(__builtin_ctzll(mask)));
}

inline std::size_t count_bits(std::uint64_t mask) noexcept {
    return static_cast<std::size_t>(__builtin_popcountll(mask));
}

// What is known of the line the scan is in.
struct OpenLine {
    std::size_t start;
    std::size_t carriage_returns;
    std::uint16_t colon;
};

// Closes the open line at the lowest LF of the masks and takes its bits out of them. True when the
// line is empty.
inline bool close_line(const char* data,
                       std::size_t block_start,
                       BlockMasks& masks,
                       OpenLine& line,
                       LineMark& mark) noexcept {
    const std::uint64_t through_newline = masks.newlines ^ (masks.newlines - 1);
    const std::uint64_t colons = masks.colons & through_newline;
    const std::size_t newline = position_of(block_start, masks.newlines);
    const std::size_t carriage_returns =
        line.carriage_returns + count_bits(masks.carriage_returns & through_newline);
    if (line.colon == kNoColon && colons != 0) {
        line.colon = position_of(block_start, colons);
    }
    const std::size_t line_end_bytes = newline > line.start && data[newline - 1] == '\r' ? 1 : 0;
    mark.newline = static_cast<std::uint16_t>(newline);
    mark.colon = line.colon;
    mark.bare_cr = carriage_returns != line_end_bytes;
    const bool empty = newline - line.start == line_end_bytes;
    line.start = newline + 1;
    line.carriage_returns = 0;
    line.colon = kNoColon;
    masks.newlines &= ~through_newline;
    masks.colons &= ~through_newline;
    masks.carriage_returns &= ~through_newline;
    return empty;
}

} // namespace

std::size_t
scan_lines_avx2(const char* data, std::size_t bytes, std::size_t from, LineMark* marks) noexcept {
    std::size_t count = 0;
    OpenLine line{from, 0, kNoColon};
    for (std::size_t block_start = from; block_start < bytes; block_start += kBlockBytes) {
        const std::size_t rest = bytes - block_start;
        BlockMasks masks = rest >= kBlockBytes ? load_block(data + block_start)
                                               : load_last_block(data + block_start, rest);
        while (masks.newlines != 0) {
            const bool empty = close_line(data, block_start, masks, line, marks[count]);
            ++count;
            if (empty || count == kLineMarksMax) {
                return count;
            }
        }
        if (line.colon == kNoColon && masks.colons != 0) {
            line.colon = position_of(block_start, masks.colons);
        }
        line.carriage_returns += count_bits(masks.carriage_returns);
    }
    return count;
}

} // namespace tandem::sipparse
