// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: the branch of a response. What read_branch() takes apart, write_branch() puts
// together again to the same text but for the check, and no text passes the check of a key but the
// one that was made with it. Built with libFuzzer.
#include "transaction/branch.hpp"

#include <array>
#include <cctype>

#include "tests/fuzz/input.hpp"

namespace tandem::fuzz {

namespace {

constexpr transaction::BranchKey kKey{.low = 0x0706050403020100, .high = 0x0f0e0d0c0b0a0908};
constexpr std::size_t kCheckBytes = 8;

bool is_same(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) ==
               std::tolower(static_cast<unsigned char>(b));
    });
}

} // namespace

} // namespace tandem::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    fuzz::Input input(data, size);
    const fuzz::Piece piece = input.rest();
    const auto branch = transaction::read_branch(piece.text());
    if (!branch) {
        return 0;
    }
    std::array<char, transaction::kBranchBytes> again{};
    transaction::write_branch(branch->owner, branch->transaction, fuzz::kKey, again);
    const std::string_view text(again.data(), again.size());
    const std::size_t named = text.size() - fuzz::kCheckBytes;
    fuzz::require(fuzz::is_same(piece.text().substr(0, named), text.substr(0, named)));

    const auto read_again = transaction::read_branch(text);
    fuzz::require(read_again && read_again->owner == branch->owner &&
                  read_again->transaction == branch->transaction);
    const auto check = transaction::branch_check(branch->owner, branch->transaction, fuzz::kKey);
    fuzz::require(read_again->check == check);
    fuzz::require((branch->check == check) == fuzz::is_same(piece.text(), text));
    return 0;
}
