// SPDX-License-Identifier: Apache-2.0
//
// Tests of config/option_rows.cpp: the defaults of the rows are those of the structs, each binding
// stores and loads its own field, and the defaults that users know are the documented ones.
#include <gtest/gtest.h>
#include <set>

#include "config/option_rows.hpp"

namespace tandem::config {
namespace {

// A default constructed struct of a level, with access to it as the bindings want it.
struct Objects {
    Application application;
    Dataplane dataplane;
    Port port;
    DnRange extension;
    Trunk trunk;

    void* at(Level level) {
        switch (level) {
        case Level::Application:
            return &application;
        case Level::Dataplane:
            return &dataplane;
        case Level::Port:
            return &port;
        case Level::Extension:
            return &extension;
        case Level::Trunk:
            break;
        }
        return &trunk;
    }
};

// Calls `check(row, level, binding)` for each field that a row fills.
template <typename Check>
void for_each_binding(Check check) {
    for (const OptionRow& row : option_rows()) {
        for (std::size_t i = 0; i < kLevelCount; ++i) {
            const auto level = static_cast<Level>(i);
            if (const Binding& binding = binding_at(row, level); binding.store != nullptr) {
                check(row, level, binding);
            }
        }
    }
}

TEST(OptionRows, defaults_are_valid_and_equal_those_of_the_structs) {
    for_each_binding([](const OptionRow& row, Level level, const Binding& binding) {
        if (row.presence != Presence::Optional) {
            EXPECT_EQ(default_value(row).index(), Value().index()) << row.name;
            return;
        }
        Objects objects;
        EXPECT_NE(default_value(row).index(), Value().index()) << row.name;
        EXPECT_EQ(value_text(binding.load(objects.at(level)), row.choices), row.fallback)
            << row.name;
        EXPECT_EQ(value_text(default_value(row), row.choices), row.fallback) << row.name;
    });
}

TEST(OptionRows, largest_numbers_fit_their_fields) {
    for_each_binding([](const OptionRow& row, Level level, const Binding& binding) {
        if (row.type != OptionType::Integer && row.type != OptionType::PowerOfTwo) {
            return;
        }
        Objects objects;
        binding.store(objects.at(level), Value(row.maximum));
        EXPECT_EQ(value_text(binding.load(objects.at(level)), {}), std::to_string(row.maximum))
            << row.name;
    });
}

TEST(OptionRows, every_choice_comes_back) {
    for_each_binding([](const OptionRow& row, Level level, const Binding& binding) {
        for (const std::string_view choice : split(row.choices, '|')) {
            if (const ParsedValue value = parse_text(row, choice)) {
                Objects objects;
                binding.store(objects.at(level), *value);
                EXPECT_EQ(value_text(binding.load(objects.at(level)), row.choices), choice);
            }
        }
    });
}

TEST(OptionRows, a_value_of_another_type_changes_nothing) {
    for_each_binding([](const OptionRow& row, Level level, const Binding& binding) {
        Objects objects;
        const std::string before = value_text(binding.load(objects.at(level)), row.choices);
        binding.store(objects.at(level), Value());
        EXPECT_EQ(value_text(binding.load(objects.at(level)), row.choices), before) << row.name;
    });
}

// Two rows of one level that were bound to one field would hide each other.
TEST(OptionRows, no_two_rows_of_a_level_share_a_field) {
    for (std::size_t i = 0; i < kLevelCount; ++i) {
        std::set<void (*)(void*, const Value&)> stores;
        for (const OptionRow* row : rows_at(static_cast<Level>(i))) {
            const Binding& binding = binding_at(*row, static_cast<Level>(i));
            if (binding.store != nullptr) {
                EXPECT_TRUE(stores.insert(binding.store).second) << row->name;
            }
        }
    }
}

TEST(OptionRows, documented_defaults) {
    const auto fallback = [](Level level, std::string_view name) {
        return find_row(level, name)->fallback;
    };
    EXPECT_EQ(fallback(Level::Application, "min-expires"), "60");
    EXPECT_EQ(fallback(Level::Application, "max-expires"), "3600");
    EXPECT_EQ(fallback(Level::Application, "ring-timeout"), "60");
    EXPECT_EQ(find_row(Level::Application, "ring-timeout")->maximum, 600);
    EXPECT_EQ(fallback(Level::Application, "process-heartbeat-timeout-ms"), "10");
    EXPECT_EQ(fallback(Level::Extension, "max-calls"), "0");
    EXPECT_EQ(fallback(Level::Extension, "max-contacts"), "1");
    EXPECT_EQ(fallback(Level::Trunk, "prefix"), "");
    EXPECT_EQ(fallback(Level::Trunk, "priority"), "0");
    EXPECT_EQ(fallback(Level::Trunk, "capacity"), "0");
    EXPECT_EQ(find_row(Level::Trunk, "replace-prefix")->presence, Presence::Unset);
}

} // namespace
} // namespace tandem::config
