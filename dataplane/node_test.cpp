// SPDX-License-Identifier: Apache-2.0
//
// What a configuration means in numbers, and the tables that name things.
#include <gtest/gtest.h>
#include <set>

#include "dataplane/command_shapes.hpp"
#include "dataplane/commands.hpp"
#include "dataplane/counter_map.hpp"
#include "dataplane/node.hpp"
#include "dataplane/pipeline.hpp"

namespace tandem::dataplane {
namespace {

TEST(Node, NamesBecomeNumbersThatDiffer) {
    EXPECT_EQ(node_number("a"), 1);
    EXPECT_EQ(node_number("z"), 26);
    EXPECT_GE(node_number("node1"), 32);
    EXPECT_NE(node_number("node1"), node_number("node2"));
}

TEST(Node, PoolsFollowTheConfiguredTransactions) {
    config::Application application;
    const auto large = layer_limits(application);
    EXPECT_EQ(large.server_transactions_max, application.max_transactions);
    EXPECT_GT(large.lingering_max, large.server_transactions_max + large.client_transactions_max);
    application.max_transactions = 1'024;
    application.max_lingering_transactions = 10;
    const auto small = layer_limits(application);
    EXPECT_GT(small.lingering_max, 2'048U);
    EXPECT_GE(small.client_slots_max, small.client_transactions_max);
    EXPECT_LT(small.buffers_max[0], large.buffers_max[0]);
    EXPECT_GE(small.buffers_max.back(), 1U);
}

TEST(Commands, TheTableIsSoundAndHasAllCommands) {
    const auto table = make_commands(nullptr);
    EXPECT_EQ(ctl::fault_of(table).value_or(""), "");
    std::vector<std::string> paths;
    for (const auto& command : table) {
        paths.push_back(command.path);
    }
    EXPECT_EQ(paths,
              (std::vector<std::string>{"status",
                                        "ports",
                                        "drops",
                                        "stats",
                                        "neighbours",
                                        "shm show",
                                        "trace",
                                        "trace start",
                                        "trace stop"}));
}

TEST(Pipeline, EveryStageStandsInTheListOnce) {
    std::set<StageId> ids;
    std::set<std::string_view> names;
    for (const Stage& stage : kStages) {
        ids.insert(stage.id);
        names.insert(stage.name);
        EXPECT_EQ(stage_of(stage.id).name, stage.name);
    }
    EXPECT_EQ(ids.size(), kStageIds);
    EXPECT_EQ(names.size(), kStageIds);
}

// That a pool is full is told beside the drop it causes, so no message counts as two drops. A 2xx
// of one fork too many and a 503 without memory have no second counter.
TEST(CounterMap, AFullPoolIsNoDropOfItsOwn) {
    using transaction::Counter;
    for (const Counter full : {Counter::FullServerTransactions,
                               Counter::FullClientTransactions,
                               Counter::FullLingering,
                               Counter::FullBuffers,
                               Counter::FullRefusals}) {
        const shm::CounterId id = kCounterMap[static_cast<std::size_t>(full)].to;
        EXPECT_EQ(shm::counter_row(id).kind, shm::CounterKind::Count) << shm::counter_row(id).name;
    }
    for (const Counter drop : {Counter::RefusedPoolFull,
                               Counter::DropCancelPoolFull,
                               Counter::CommandPoolFull,
                               Counter::FullForks}) {
        const shm::CounterId id = kCounterMap[static_cast<std::size_t>(drop)].to;
        EXPECT_EQ(shm::counter_row(id).kind, shm::CounterKind::Drop) << shm::counter_row(id).name;
    }
}

TEST(Notices, EachNoticedCounterHasItsLine) {
    Notices notices;
    for (const shm::CounterId counter : kNoticedCounters) {
        notices.raise(notice_of(counter));
    }
    std::size_t lines = 0;
    notices.board().poll(base::kNsPerS, [&](std::string_view, std::uint64_t times) {
        EXPECT_EQ(times, 1U);
        ++lines;
    });
    EXPECT_EQ(lines, kNoticedCounters.size());
    EXPECT_EQ(notice_of(shm::CounterId::FramesReceived), kNoticedCounters.size());
}

} // namespace
} // namespace tandem::dataplane
