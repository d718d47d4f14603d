// SPDX-License-Identifier: Apache-2.0
//
// The table of stages: every row names a file that is there, once, and says visit() in it.
#include <filesystem>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

#include "base/stage.hpp"

namespace tandem::base {
namespace {

TEST(Stage, EveryRowHasANameAndAFileOfItsOwn) {
    std::set<std::string_view> names;
    std::set<std::string_view> files;
    for (const StageRow& row : kStageRows) {
        names.insert(row.name);
        files.insert(row.file);
        EXPECT_EQ(&stage_row(row.stage), &row);
        EXPECT_TRUE(std::filesystem::is_regular_file(std::filesystem::path(TANDEM_SOURCE_ROOT) /
                                                     std::string(row.file)))
            << row.file;
    }
    EXPECT_EQ(names.size(), kStageCount);
    EXPECT_EQ(files.size(), kStageCount);
}

class Listener final : public StageWatcher {
  public:
    void visited(Stage stage) noexcept override { heard.push_back(stage); }

    std::vector<Stage> heard;
};

TEST(Stage, VisitsAreHeardWhileSomebodyListens) {
    Listener listener;
    StageVisits visits;
    visits.visit(Stage::Rx);
    visits.watch(&listener);
    visits.visit(Stage::Core);
    visits.visit(Stage::Router);
    visits.watch(nullptr);
    visits.visit(Stage::Tx);
    EXPECT_EQ(listener.heard, (std::vector{Stage::Core, Stage::Router}));
}

} // namespace
} // namespace tandem::base
