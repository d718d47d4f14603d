// SPDX-License-Identifier: Apache-2.0
//
// HugeMemory gives zeroed memory of at least the size wanted, whatever pages the machine has.
#include <algorithm>
#include <cerrno>
#include <utility>

#include "gtest/gtest.h"

#include "base/huge_memory.hpp"

namespace tandem::base {
namespace {

class HugeMemorySizes : public testing::TestWithParam<std::pair<std::size_t, PageChoice>> {};

TEST_P(HugeMemorySizes, IsZeroedAndWritable) {
    const auto [bytes, choice] = GetParam();
    auto memory = HugeMemory::allocate(bytes, choice);
    ASSERT_TRUE(memory);
    ASSERT_GE(memory->bytes().size(), bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory->bytes().data()) % 4096, 0U);
    EXPECT_TRUE(std::ranges::all_of(memory->bytes(), [](std::byte b) { return b == std::byte{}; }));
    std::ranges::fill(memory->bytes(), std::byte{0xFF});
}

INSTANTIATE_TEST_SUITE_P(Sizes,
                         HugeMemorySizes,
                         testing::Values(std::pair{std::size_t{1}, PageChoice::Transparent},
                                         std::pair{std::size_t{4097}, PageChoice::Huge},
                                         std::pair{std::size_t{3} << 20U, PageChoice::Huge},
                                         std::pair{std::size_t{5} << 20U,
                                                   PageChoice::Transparent}));

TEST(HugeMemory, RefusesWhatCannotBe) {
    EXPECT_EQ(HugeMemory::allocate(0, PageChoice::Huge).error(), EINVAL);
    EXPECT_EQ(HugeMemory::allocate(SIZE_MAX, PageChoice::Huge).error(), EINVAL);
    EXPECT_FALSE(HugeMemory::allocate(std::size_t{1} << 60U, PageChoice::Transparent));
}

TEST(HugeMemory, MovesItsOwnership) {
    auto first = HugeMemory::allocate_or_exit("test", 100, PageChoice::Transparent);
    first.bytes()[0] = std::byte{42};
    HugeMemory second = std::move(first);
    EXPECT_EQ(second.bytes()[0], std::byte{42});
    HugeMemory third;
    EXPECT_TRUE(third.bytes().empty());
    third = std::move(second);
    EXPECT_EQ(third.bytes()[0], std::byte{42});
}

TEST(HugeMemoryDeath, SaysWhoWantedHowMuch) {
    EXPECT_EXIT(static_cast<void>(HugeMemory::allocate_or_exit(
                    "pool calls", std::size_t{1} << 60U, PageChoice::Transparent)),
                testing::ExitedWithCode(1),
                "pool calls needs 1152921504606846976 bytes");
}

} // namespace
} // namespace tandem::base
