// SPDX-License-Identifier: Apache-2.0
//
// The rules of a table, the checks of arguments, and the way of a table to JSON and back.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "ctl/command.hpp"
#include "ctl/nearest.hpp"

namespace tandem::ctl {

namespace {

using nlohmann::json;

Answer nothing(const Arguments& /*arguments*/) {
    return json();
}

Command level_command() {
    Command command{.path = "log level", .help = "Show or set the level", .handler = nothing};
    command.arguments = {
        {.name = "level",
         .type = ArgumentType::Enumeration,
         .positional = true,
         .needs_write = true,
         .allowed = {"error", "warn", "info", "debug"},
         .help = "the new level"},
        {.name = "lines", .type = ArgumentType::Integer, .min = 1, .max = 100, .preset = "10"},
        {.name = "all", .type = ArgumentType::Flag}};
    command.sections = {
        {.key = "levels",
         .title = "Levels",
         .columns = {{"name", "NAME", ColumnType::Text}, {"since", "SINCE", ColumnType::Time}}},
        {.key = "note", .shape = Shape::Text}};
    return command;
}

Command show_command() {
    Command command{.path = "call show", .help = "Show one call", .handler = nothing};
    command.arguments = {{.name = "id", .required = true, .positional = true, .help = "its id"}};
    return command;
}

std::string failure_of(const Command& command, const json& params) {
    const auto arguments = check_arguments(command, params);
    EXPECT_FALSE(arguments);
    EXPECT_EQ(arguments.error().code, FailureCode::InvalidArguments);
    return arguments.error().text;
}

TEST(ArgumentsTest, AreTypedAndPreset) {
    const auto given = check_arguments(level_command(), {{"level", "warn"}, {"all", true}});
    ASSERT_TRUE(given);
    EXPECT_EQ(given->string("level"), "warn");
    EXPECT_EQ(given->integer("lines"), 10);
    EXPECT_TRUE(given->flag("all"));
    const auto none = check_arguments(level_command(), nullptr);
    ASSERT_TRUE(none);
    EXPECT_FALSE(none->has("level"));
    EXPECT_EQ(none->string("level"), "");
    EXPECT_FALSE(none->flag("all"));
}

TEST(ArgumentsTest, RefusalsNameTheArgumentAndWhatIsAllowed) {
    const auto level = level_command();
    EXPECT_EQ(failure_of(level, {{"level", "wran"}}),
              "argument 'level' must be one of error, warn, info, debug, not 'wran'; "
              "did you mean 'warn'?");
    EXPECT_EQ(failure_of(level, {{"lines", 101}}),
              "argument 'lines' must be a whole number from 1 to 100, not '101'");
    EXPECT_EQ(failure_of(level, {{"lines", 18446744073709551615U}}),
              "argument 'lines' must be a whole number from 1 to 100, not "
              "'18446744073709551615'");
    EXPECT_EQ(failure_of(level, {{"lines", 1.5}}),
              "argument 'lines' must be a whole number from 1 to 100");
    EXPECT_EQ(failure_of(level, {{"lines", "5"}}),
              "argument 'lines' must be a whole number from 1 to 100");
    EXPECT_EQ(failure_of(level, {{"all", 1}}), "argument 'all' must be true or false");
    EXPECT_EQ(failure_of(level, {{"colour", 1}}),
              "unknown argument 'colour': 'log level' takes level, lines, all");
    EXPECT_EQ(failure_of(level, json::array({"warn"})),
              "params must be an object with named arguments");
    EXPECT_EQ(failure_of(show_command(), nullptr), "argument 'id' is missing: its id");
    EXPECT_EQ(failure_of(show_command(), {{"id", 7}}), "argument 'id' must be a string");
}

TEST(ArgumentsTest, AQuotedValueIsCut) {
    const auto text = failure_of(level_command(), {{"level", std::string(10'000, 'x')}});
    EXPECT_LT(text.size(), 250U);
}

TEST(TableTest, AGoodTableHasNoFault) {
    EXPECT_EQ(fault_of({level_command(), show_command()}), std::nullopt);
}

TEST(TableTest, FaultsAreNamed) {
    const auto fault_with = [](const auto& change) {
        auto command = level_command();
        change(command);
        return fault_of({command}).value_or("no fault");
    };
    EXPECT_NE(fault_with([](Command& it) { it.path = "Log level"; }).find("path"),
              std::string::npos);
    EXPECT_NE(fault_with([](Command& it) { it.path = "log  level"; }).find("path"),
              std::string::npos);
    EXPECT_NE(fault_with([](Command& it) { it.path = "a b c d"; }).find("path"), std::string::npos);
    EXPECT_NE(fault_with([](Command& it) { it.path = "help"; }).find("reserved"),
              std::string::npos);
    EXPECT_NE(fault_with([](Command& it) { it.handler = nullptr; }).find("handler"),
              std::string::npos);
    EXPECT_NE(fault_with([](Command& it) { it.arguments[0].allowed.clear(); }).find("'level'"),
              std::string::npos);
    EXPECT_NE(fault_with([](Command& it) { it.arguments[1].preset = "0"; }).find("preset"),
              std::string::npos);
    EXPECT_NE(fault_with([](Command& it) { it.arguments[1].name = "level"; }).find("'level'"),
              std::string::npos);
    EXPECT_NE(fault_with([](Command& it) { it.arguments[1].name = "json"; }).find("reserved"),
              std::string::npos);
    EXPECT_NE(fault_with([](Command& it) { it.arguments[2].required = true; }).find("flag"),
              std::string::npos);
    EXPECT_NE(fault_with([](Command& it) {
                  it.arguments.push_back({.name = "id", .required = true, .positional = true});
              }).find("behind an optional"),
              std::string::npos);
    EXPECT_NE(fault_of({show_command(), show_command()}).value_or("").find("twice"),
              std::string::npos);
}

TEST(CommandsJsonTest, TheTableComesBackAsItWas) {
    const auto text = commands_json("dataplane", {level_command(), show_command()});
    const auto table = commands_from_json(text);
    ASSERT_TRUE(table) << table.error();
    ASSERT_EQ(table->size(), 2U);
    const auto& level = table->front();
    EXPECT_EQ(level.arguments.at(0).allowed.size(), 4U);
    EXPECT_TRUE(level.arguments.at(0).needs_write);
    EXPECT_EQ(level.arguments.at(1).max, 100);
    EXPECT_EQ(level.sections.at(0).columns.at(1).type, ColumnType::Time);
    EXPECT_EQ(level.sections.at(1).shape, Shape::Text);
    EXPECT_EQ(commands_json("dataplane", *table), text);
}

TEST(CommandsJsonTest, WhatIsNoTableIsAnError) {
    EXPECT_FALSE(commands_from_json(""));
    EXPECT_FALSE(commands_from_json("[]"));
    EXPECT_FALSE(commands_from_json(R"({"format":2,"commands":[]})"));
    EXPECT_FALSE(commands_from_json(R"({"format":1,"commands":[{"path":1}]})"));
    auto text = commands_json("dataplane", {level_command()});
    text.replace(text.find("\"time\""), 6, "\"warp\"");
    EXPECT_NE(commands_from_json(text).error().find("'warp'"), std::string::npos);
}

TEST(NearestTest, SuggestsWhatWasMeantOrNothing) {
    const std::vector<std::string> words = {"calls", "call show", "status", "registrations"};
    EXPECT_EQ(nearest("cals", words), "calls");
    EXPECT_EQ(nearest("clals", words), "calls");
    EXPECT_EQ(nearest("statsu", words), "status");
    EXPECT_EQ(nearest("reg", words), "registrations");
    EXPECT_EQ(nearest("weather", words), std::nullopt);
    EXPECT_EQ(nearest("", words), std::nullopt);
    EXPECT_EQ(nearest(std::string(65, 'c'), words), std::nullopt);
}

} // namespace

} // namespace tandem::ctl
