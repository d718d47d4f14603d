// SPDX-License-Identifier: Apache-2.0
//
// The counter table: names that people can use, no name twice; blocks that count.
#include <memory>
#include <set>

#include "gtest/gtest.h"

#include "shm/counters.hpp"

namespace tandem::shm {
namespace {

TEST(Counters, EveryRowHasAUniqueSnakeCaseNameAndAHelpText) {
    std::set<std::string_view> names;
    for (const auto& row : kCounters) {
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        EXPECT_EQ(row.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"),
                  std::string_view::npos)
            << row.name;
        EXPECT_FALSE(row.help.empty()) << row.name;
        EXPECT_NE(row.help.back(), '.') << row.name;
        EXPECT_EQ(find_counter(row.name), row.id);
        EXPECT_EQ(&counter_row(row.id), &row);
    }
    EXPECT_EQ(find_counter("no_such_counter"), std::nullopt);
}

TEST(Counters, KindsHaveNames) {
    EXPECT_EQ(counter_kind_name(CounterKind::Drop), "drop");
    EXPECT_EQ(counter_kind_name(CounterKind::Count), "count");
    EXPECT_EQ(counter_kind_name(CounterKind::Gauge), "gauge");
}

TEST(CounterBlock, AddsAndSets) {
    const auto values = std::make_unique<CounterValues>();
    CounterBlock block(values.get());
    block.add(CounterId::FramesReceived);
    block.add(CounterId::FramesReceived, 9);
    block.set(CounterId::Neighbours, 5);
    block.set(CounterId::Neighbours, 4);
    EXPECT_EQ(block.get(CounterId::FramesReceived), 10U);
    EXPECT_EQ(block.get(CounterId::Neighbours), 4U);
    EXPECT_EQ(block.get(CounterId::FramesSent), 0U);
}

} // namespace
} // namespace tandem::shm
