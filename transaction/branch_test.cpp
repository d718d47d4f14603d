// SPDX-License-Identifier: Apache-2.0
//
// Our branches: read as written, checked, and told from any other text.
#include <gtest/gtest.h>
#include <string>

#include "transaction/branch.hpp"

namespace tandem::transaction {
namespace {

constexpr BranchOwner kOwner{.epoch = 0xdeadbeef, .node = 0xa1, .worker = 3};
constexpr ClientHandle kHandle{.index = 0x00012345, .generation = 0xfffffffe};
constexpr BranchKey kKey{.low = 1, .high = 2};

std::string written(const BranchOwner& owner, ClientHandle handle, const BranchKey& key) {
    std::string text(kBranchBytes, '?');
    write_branch(owner, handle, key, std::span<char, kBranchBytes>(text.data(), kBranchBytes));
    return text;
}

TEST(Branch, IsReadAsItWasWritten) {
    const std::string text = written(kOwner, kHandle, kKey);
    EXPECT_EQ(text.substr(0, 35), "z9hG4bKa1deadbeef0300012345fffffffe");
    const auto branch = read_branch(text);
    ASSERT_TRUE(branch);
    EXPECT_EQ(branch->owner, kOwner);
    EXPECT_EQ(branch->transaction, kHandle);
    EXPECT_EQ(branch->check, branch_check(kOwner, kHandle, kKey));
}

TEST(Branch, CheckDependsOnEverything) {
    const std::uint32_t check = branch_check(kOwner, kHandle, kKey);
    BranchOwner owner = kOwner;
    owner.epoch += 1;
    EXPECT_NE(check, branch_check(owner, kHandle, kKey));
    owner = kOwner;
    owner.node = 1;
    EXPECT_NE(check, branch_check(owner, kHandle, kKey));
    owner = kOwner;
    owner.worker = 4;
    EXPECT_NE(check, branch_check(owner, kHandle, kKey));
    EXPECT_NE(check, branch_check(kOwner, {.index = 1, .generation = 1}, kKey));
    EXPECT_NE(check, branch_check(kOwner, kHandle, {.low = 1, .high = 3}));
}

TEST(Branch, CaseDoesNotCount) {
    std::string text = written(kOwner, kHandle, kKey);
    for (char& c : text) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    const auto branch = read_branch(text);
    ASSERT_TRUE(branch);
    EXPECT_EQ(branch->transaction, kHandle);
}

TEST(Branch, AnyOtherTextIsForeign) {
    const std::string text = written(kOwner, kHandle, kKey);
    for (std::size_t bytes = 0; bytes < text.size(); ++bytes) {
        EXPECT_FALSE(read_branch(text.substr(0, bytes))) << bytes;
    }
    EXPECT_FALSE(read_branch(text + "0"));
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string damaged = text;
        damaged[at] = '~';
        EXPECT_FALSE(read_branch(damaged)) << at;
    }
}

} // namespace
} // namespace tandem::transaction
