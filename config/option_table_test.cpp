// SPDX-License-Identifier: Apache-2.0
//
// Tests of config/option_table.cpp over all rows: valid at the limits, refused beyond, found by
// name at their levels, and described in words.
#include <gtest/gtest.h>
#include <set>

#include "config/option_table.hpp"

namespace tandem::config {
namespace {

std::vector<Level> all_levels() {
    return {Level::Application, Level::Dataplane, Level::Port, Level::Extension, Level::Trunk};
}

// A text of that many characters which the row's predicate takes.
std::string sample(const OptionRow& row, std::int64_t length) {
    const auto size = static_cast<std::size_t>(length);
    for (const std::string& start : {std::string("net_x,"), std::string()}) {
        for (const char c : {'a', '/'}) {
            std::string text =
                start + std::string(size > start.size() ? size - start.size() : 0, c);
            if (text.size() == size && row.accepts(text)) {
                return text;
            }
        }
    }
    return "";
}

TEST(OptionTable, numbers_at_their_limits_and_beyond) {
    for (const OptionRow& row : option_table()) {
        if (row.type != OptionType::Integer && row.type != OptionType::PowerOfTwo) {
            EXPECT_FALSE(parse_integer(row, 1)) << row.name;
            continue;
        }
        EXPECT_LT(row.minimum, row.maximum) << row.name;
        EXPECT_TRUE(parse_integer(row, row.minimum)) << row.name;
        EXPECT_TRUE(parse_integer(row, row.maximum)) << row.name;
        EXPECT_FALSE(parse_integer(row, row.minimum - 1)) << row.name;
        EXPECT_FALSE(parse_integer(row, row.maximum + 1)) << row.name;
        EXPECT_EQ(parse_integer(row, row.maximum - 1).has_value(), row.type == OptionType::Integer)
            << row.name;
    }
}

TEST(OptionTable, texts_at_their_limits_and_beyond) {
    for (const OptionRow& row : option_table()) {
        if (row.type != OptionType::Text) {
            continue;
        }
        ASSERT_NE(row.accepts, nullptr) << row.name;
        const std::int64_t shortest = row.name == "device" ? 7 : row.minimum;
        EXPECT_TRUE(parse_text(row, sample(row, shortest))) << row.name;
        EXPECT_TRUE(parse_text(row, sample(row, row.maximum))) << row.name;
        EXPECT_FALSE(parse_text(row, sample(row, row.maximum) + "a")) << row.name;
        EXPECT_EQ(parse_text(row, "").has_value(), row.minimum == 0) << row.name;
        EXPECT_FALSE(parse_text(row, "a\nb")) << row.name;
    }
}

TEST(OptionTable, lists_check_each_item) {
    const OptionRow& row = *find_row(Level::Dataplane, "eal");
    EXPECT_TRUE(parse_list(row, {}));
    EXPECT_TRUE(parse_list(row, {"--no-pci", std::string(255, 'a')}));
    EXPECT_FALSE(parse_list(row, {"--no-pci", ""}));
    EXPECT_FALSE(parse_list(row, {std::string(256, 'a')}));
    EXPECT_FALSE(parse_list(*find_row(Level::Dataplane, "lcores"), {"0"}));
}

TEST(OptionTable, each_choice_and_no_other) {
    for (const OptionRow& row : option_table()) {
        if (row.type != OptionType::Choice && row.type != OptionType::ChoiceList) {
            EXPECT_TRUE(row.choices.empty()) << row.name;
            continue;
        }
        for (const std::string_view choice : split(row.choices, '|')) {
            EXPECT_TRUE(parse_text(row, choice)) << row.name << ' ' << choice;
        }
        EXPECT_FALSE(parse_text(row, "none-of-these")) << row.name;
        EXPECT_FALSE(parse_text(row, "")) << row.name;
    }
}

TEST(OptionTable, a_trunk_has_no_learnt_contact) {
    EXPECT_TRUE(parse_text(*find_row(Level::Extension, "contact"), "*"));
    const ParsedValue refused = parse_text(*find_row(Level::Trunk, "contact"), "*");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), "a trunk does not register");
}

TEST(OptionTable, text_is_no_value_of_numbers_and_booleans) {
    EXPECT_FALSE(parse_text(*find_row(Level::Application, "sip-port"), "5060"));
    EXPECT_FALSE(parse_text(*find_row(Level::Application, "require-registration"), "true"));
    EXPECT_FALSE(parse_text(*find_row(Level::Dataplane, "eal"), "--no-pci"));
}

TEST(OptionTable, names_are_found_once_at_each_level) {
    for (const Level level : all_levels()) {
        std::set<std::string_view> names;
        for (const OptionRow* row : rows_at(level)) {
            EXPECT_TRUE(names.insert(row->name).second) << row->name;
            EXPECT_EQ(find_row(level, row->name), row);
        }
        EXPECT_FALSE(names.empty());
        EXPECT_EQ(find_row(level, "no-such-option"), nullptr);
    }
}

TEST(OptionTable, every_row_is_described) {
    for (const OptionRow& row : option_table()) {
        EXPECT_GT(row.help.size(), 10U) << row.name;
        EXPECT_EQ(row.help.back(), '.') << row.name;
        EXPECT_FALSE(allowed_text(row).empty()) << row.name;
        EXPECT_FALSE(effect_name(row.effect).empty()) << row.name;
        EXPECT_TRUE(row.presence != Presence::Required || row.fallback.empty()) << row.name;
    }
}

TEST(OptionTable, words_for_messages) {
    EXPECT_EQ(allowed_text(*find_row(Level::Application, "ring-timeout")),
              "a whole number from 0 to 600 (s)");
    EXPECT_EQ(allowed_text(*find_row(Level::Application, "max-contacts")),
              "a whole number from 1 to 16");
    EXPECT_EQ(allowed_text(*find_row(Level::Application, "nat-contact")),
              "one of the strings off, auto");
    EXPECT_EQ(allowed_text(*find_row(Level::Trunk, "prefix")),
              "a string of at most 32 characters: letters, digits and *#+._-");
    EXPECT_EQ(default_text(*find_row(Level::Application, "ring-timeout")), "60");
    EXPECT_EQ(default_text(*find_row(Level::Application, "nat-contact")), "\"off\"");
    EXPECT_EQ(default_text(*find_row(Level::Application, "realm")), "the sip-address");
    EXPECT_EQ(level_name(Level::Port), "ports");
}

TEST(OptionTable, lines_by_name) {
    OptionLines lines(rows_at(Level::Dataplane).size(), 0);
    lines[1] = 17;
    EXPECT_EQ(line_of(lines, Level::Dataplane, rows_at(Level::Dataplane)[1]->name), 17U);
    EXPECT_EQ(line_of(lines, Level::Dataplane, rows_at(Level::Dataplane)[0]->name), 0U);
    EXPECT_EQ(line_of({}, Level::Dataplane, "idle"), 0U);
    EXPECT_EQ(line_of(lines, Level::Dataplane, "no-such-option"), 0U);
}

} // namespace
} // namespace tandem::config
