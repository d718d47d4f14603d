// SPDX-License-Identifier: Apache-2.0
//
// Writing and reading of our branches. Digits are lower case; reading takes either case, because a
// branch is a token and a peer may have changed its case (RFC 3261 7.3.1).
#include "transaction/branch.hpp"

#include <cstddef>

#include "sipparse/lexical.hpp"
#include "sipparse/via.hpp"
#include "sipparse/words.hpp"

namespace tandem::transaction {
namespace {

constexpr std::size_t kDigitsOfByte = 2;
constexpr std::size_t kDigitsOfWord = 8;
constexpr unsigned kBitsPerDigit = 4;

static_assert(kBranchBytes ==
              sipparse::kBranchCookie.size() + 2 * kDigitsOfByte + 4 * kDigitsOfWord);

char* put_hex(std::uint32_t value, std::size_t digits, char* out) noexcept {
    for (std::size_t digit = digits; digit > 0; --digit) {
        out[digit - 1] = "0123456789abcdef"[value & 0xFU];
        value >>= kBitsPerDigit;
    }
    return out + digits;
}

// Takes eight digits off the front of `text`; false when one of them is none.
bool take_word(std::string_view& text, std::uint32_t& value) noexcept {
    const std::uint64_t word = sipparse::load_word(text.data());
    value = sipparse::hex_number(word);
    text.remove_prefix(kDigitsOfWord);
    return sipparse::are_hex_digits(word);
}

bool take_byte(std::string_view& text, std::uint8_t& value) noexcept {
    const int high = sipparse::hex_digit(text[0]);
    const int low = sipparse::hex_digit(text[1]);
    value = static_cast<std::uint8_t>(high << kBitsPerDigit | low);
    text.remove_prefix(kDigitsOfByte);
    return high >= 0 && low >= 0;
}

} // namespace

std::uint32_t
branch_check(const BranchOwner& owner, ClientHandle transaction, const BranchKey& key) noexcept {
    const std::uint64_t owner_word = std::uint64_t{owner.epoch} << 32U |
                                     std::uint64_t{owner.node} << 8U | std::uint64_t{owner.worker};
    return static_cast<std::uint32_t>(
        base::SipHash(key).add(owner_word).add(transaction.packed()).finish());
}

void write_branch(const BranchOwner& owner,
                  ClientHandle transaction,
                  const BranchKey& key,
                  std::span<char, kBranchBytes> out) noexcept {
    char* at = out.data();
    at += sipparse::kBranchCookie.copy(at, sipparse::kBranchCookie.size());
    at = put_hex(owner.node, kDigitsOfByte, at);
    at = put_hex(owner.epoch, kDigitsOfWord, at);
    at = put_hex(owner.worker, kDigitsOfByte, at);
    at = put_hex(transaction.index, kDigitsOfWord, at);
    at = put_hex(transaction.generation, kDigitsOfWord, at);
    put_hex(branch_check(owner, transaction, key), kDigitsOfWord, at);
}

std::optional<Branch> read_branch(std::string_view text) noexcept {
    constexpr std::size_t kCookieBytes = sipparse::kBranchCookie.size();
    if (text.size() != kBranchBytes ||
        !sipparse::equals_ignoring_case(text.substr(0, kCookieBytes), sipparse::kBranchCookie)) {
        return std::nullopt;
    }
    text.remove_prefix(kCookieBytes);
    Branch branch;
    const bool is_ours =
        take_byte(text, branch.owner.node) && take_word(text, branch.owner.epoch) &&
        take_byte(text, branch.owner.worker) && take_word(text, branch.transaction.index) &&
        take_word(text, branch.transaction.generation) && take_word(text, branch.check);
    return is_ours ? std::optional(branch) : std::nullopt;
}

} // namespace tandem::transaction
