// SPDX-License-Identifier: Apache-2.0
//
// Result and Handle: small values everything else relies on; assertions end the process.
#include <memory>
#include <string>

#include "gtest/gtest.h"

#include "base/handle.hpp"
#include "base/result.hpp"

namespace tandem::base {
namespace {

Result<int, int> half(int number) {
    if (number % 2 != 0) {
        return Error{number};
    }
    return number / 2;
}

TEST(Result, HoldsAValueOrAnError) {
    EXPECT_TRUE(half(4));
    EXPECT_EQ(*half(4), 2);
    EXPECT_FALSE(half(5).has_value());
    EXPECT_EQ(half(5).error(), 5);
}

TEST(Result, CarriesTypesThatOnlyMove) {
    Result<std::unique_ptr<std::string>, int> result = std::make_unique<std::string>("text");
    EXPECT_EQ(**result, "text");
    const auto taken = std::move(*result);
    EXPECT_EQ(*taken, "text");
}

TEST(ResultDeath, ReadingWhatIsNotThereEndsTheProcess) {
    EXPECT_DEATH(static_cast<void>(*half(5)), "assertion failed: has_value");
    EXPECT_DEATH(static_cast<void>(half(4).error()), "assertion failed: !has_value.*result.hpp:");
}

TEST(Handle, PacksIntoAWord) {
    using TestHandle = Handle<struct TestTag>;
    const TestHandle handle{.index = 7, .generation = 9};
    EXPECT_EQ(handle.packed(), 0x0000000900000007U);
    EXPECT_EQ(TestHandle::unpack(handle.packed()), handle);
    EXPECT_TRUE(handle.is_set());
    EXPECT_FALSE(TestHandle{}.is_set());
}

} // namespace
} // namespace tandem::base
