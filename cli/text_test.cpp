// SPDX-License-Identifier: Apache-2.0
//
// The pure parts of tandemctl: values, tables, words, options.
#include <cstdlib>
#include <ctime>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cli/answer_text.hpp"
#include "cli/fake_node_test.hpp"
#include "cli/invocation.hpp"
#include "cli/value_text.hpp"

namespace tandem::cli {

namespace {

using ctl::ColumnType;
using nlohmann::json;

TEST(ValueTextTest, ShowsEachTypeInItsForm) {
    EXPECT_EQ(value_text(nullptr, ColumnType::Integer), "-");
    EXPECT_EQ(value_text("", ColumnType::Text), "-");
    EXPECT_EQ(value_text(true, ColumnType::Text), "yes");
    EXPECT_EQ(value_text(42, ColumnType::Integer), "42");
    EXPECT_EQ(value_text(1023, ColumnType::Bytes), "1023 B");
    EXPECT_EQ(value_text(1536, ColumnType::Bytes), "1.5 KiB");
    EXPECT_EQ(value_text(16 * 1024 * 1024, ColumnType::Bytes), "16.0 MiB");
    EXPECT_EQ(value_text(999, ColumnType::DurationMs), "999ms");
    EXPECT_EQ(value_text(12'340, ColumnType::DurationMs), "12.3s");
    EXPECT_EQ(value_text(123'000, ColumnType::DurationMs), "2m03s");
    EXPECT_EQ(value_text(3'660'000, ColumnType::DurationMs), "1h01m");
    EXPECT_EQ(value_text(90'000'000, ColumnType::DurationMs), "1d01h");
    EXPECT_EQ(value_text(-1500, ColumnType::DurationMs), "-1.5s");
    EXPECT_EQ(value_text(1e300, ColumnType::Time), "1e+300");
    EXPECT_EQ(value_text(json::array({1, 2}), ColumnType::Text), "[1,2]");
    set_environment("TZ", "UTC");
    ::tzset();
    EXPECT_EQ(value_text(1'700'000'000'999, ColumnType::Time), "2023-11-14 22:13:20");
}

TEST(ValueTextTest, LetsNoControlSequenceThrough) {
    EXPECT_EQ(value_text("a\033[2Jb\n", ColumnType::Text), "a?[2Jb?");
    EXPECT_EQ(value_text("a\xC2\x9B", ColumnType::Text), "a?");
    EXPECT_EQ(printable("a\tb\nc\r", true), "a\tb\nc?");
    EXPECT_EQ(value_text("Zoë", ColumnType::Text), "Zoë");
    EXPECT_EQ(width_of("Zoë…"), 4U);
}

ctl::Command table_command() {
    return {.path = "list",
            .sections = {{.columns = {{"name", "NAME"},
                                      {"count", "COUNT", ColumnType::Integer},
                                      {"note", "NOTE"}}}}};
}

TEST(AnswerTextTest, AlignsColumns) {
    const json rows = {{{"name", "Zoë"}, {"count", 7}, {"note", "x"}},
                       {{"name", "Ann-Marie"}, {"count", 12345}}};
    EXPECT_EQ(answer_text(table_command(), rows),
              "NAME       COUNT  NOTE\n"
              "Zoë            7  x\n"
              "Ann-Marie  12345  -\n");
}

TEST(AnswerTextTest, AnEmptyTableSaysNone) {
    EXPECT_EQ(answer_text(table_command(), json::array()), "none\n");
}

TEST(AnswerTextTest, CutsWideCells) {
    const json rows = {{{"name", std::string(100, 'n')}, {"count", 1}, {"note", "end"}}};
    const auto text = answer_text(table_command(), rows);
    EXPECT_NE(text.find(std::string(43, 'n') + "…      1  end\n"), std::string::npos) << text;
}

TEST(AnswerTextTest, JoinsSectionsAndLeavesOutAbsentOnes) {
    const ctl::Command command = {
        .path = "show",
        .sections = {{.key = "call",
                      .shape = ctl::Shape::Members,
                      .columns = {{"id", "id"}, {"to", "called"}}},
                     {.key = "parties", .title = "Parties", .columns = {{"dn", "DN"}}},
                     {.key = "ladder", .title = "Ladder", .shape = ctl::Shape::Text}}};
    const json answer = {{"call", {{"id", "17"}}}, {"ladder", "a -> b"}};
    EXPECT_EQ(answer_text(command, answer), "id      17\ncalled  -\n\nLadder\na -> b\n");
}

TEST(AnswerTextTest, ShowsAsJsonWhatDoesNotFit) {
    EXPECT_EQ(answer_text(table_command(), {{"a", 1}}), "{\n  \"a\": 1\n}\n");
    EXPECT_EQ(answer_text(table_command(), json::array({1})),
              "NAME  COUNT  NOTE\n-         -  -\n");
    EXPECT_EQ(answer_text({.path = "free"}, {{"a", 1}}), "{\n  \"a\": 1\n}\n");
    EXPECT_EQ(answer_text({.path = "free"}, nullptr), "done\n");
}

TEST(SplitWordsTest, SplitsAsAShellDoes) {
    EXPECT_EQ(split_words("call  show\t17 "), Words({"call", "show", "17"}));
    EXPECT_EQ(split_words(R"(a "b c" 'd "e' f\ g "")"), Words({"a", "b c", "d \"e", "f g", ""}));
    EXPECT_EQ(split_words("a 'b c"), Words({"a", "b c"}));
    EXPECT_EQ(split_words(""), Words());
}

TEST(InvocationTest, OwnOptionsStandAnywhere) {
    const auto parsed = parse_invocation(
        {"--json", "call", "show", "17", "--ladder", "--run-directory", "/x", "--lines=-5"}, {});
    ASSERT_TRUE(parsed);
    EXPECT_TRUE(parsed->json);
    EXPECT_EQ(parsed->run_directory, "/x");
    EXPECT_EQ(parsed->words, Words({"call", "show", "17", "--ladder", "--lines=-5"}));
}

TEST(InvocationTest, TheValueOfWatchIsOptional) {
    const auto watch_of = [](const Words& words) {
        const auto parsed = parse_invocation(words, {});
        return parsed && parsed->watch ? parsed->watch->count() : -1;
    };
    EXPECT_EQ(watch_of({"--watch", "calls"}), 2000);
    EXPECT_EQ(watch_of({"--watch", "5", "calls"}), 5000);
    EXPECT_EQ(watch_of({"--watch=0.5", "calls"}), 500);
    EXPECT_EQ(watch_of({"calls", "--watch"}), 2000);
    EXPECT_EQ(watch_of({"calls"}), -1);
    EXPECT_FALSE(parse_invocation({"--watch=0", "calls"}, {}));
    EXPECT_FALSE(parse_invocation({"--watch=soon", "calls"}, {}));
    EXPECT_FALSE(parse_invocation({"calls", "--run-directory"}, {}));
}

TEST(InvocationTest, TheEnvironmentNamesTheRunDirectory) {
    set_environment("TANDEM_RUN_DIRECTORY", "/from/environment");
    EXPECT_EQ(parse_invocation({"calls"}, {})->run_directory, "/from/environment");
    EXPECT_EQ(parse_invocation({"--run-directory=/x"}, {})->run_directory, "/x");
    set_environment("TANDEM_RUN_DIRECTORY", nullptr);
    EXPECT_EQ(parse_invocation({"calls"}, {})->run_directory, "/run/tandem");
    EXPECT_EQ(parse_invocation({"calls"}, {.run_directory = "/before"})->run_directory, "/before");
}

} // namespace

} // namespace tandem::cli
