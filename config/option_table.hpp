// SPDX-License-Identifier: Apache-2.0
//
// The one option table. Loader, validator, `options` command, docs/config.md and the tests all come
// from its rows; a new option is one field in config/configuration.hpp and one row here. It decides
// names, levels, types, defaults, ranges and when a change takes effect; it reads no file. Constant
// after start, usable from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "config/option_value.hpp"

namespace tandem::config {

// Where an option may stand. Extension and Trunk are the DN types of the list `dns`; a DN option
// that exists at Application too takes the value from there when the DN does not set it.
enum class Level : std::uint8_t { Application, Dataplane, Port, Extension, Trunk };

constexpr std::size_t kLevelCount = 5;

enum class OptionType : std::uint8_t {
    Boolean,
    Integer,    // minimum..maximum, in `unit`
    PowerOfTwo, // minimum..maximum, in `unit`
    Text,       // minimum..maximum characters, checked by `accepts`
    TextList,   // each item like Text
    Choice,     // one of `choices`
    ChoiceList, // "a,b": different ones of `choices`
    Address,
    Mac,
    Contact,
    StaticContact, // a Contact but "*"
    Numbers,
};

// When a change of the file takes effect in a running node.
enum class Effect : std::uint8_t { Immediately, NextCall, Restart };

enum class Presence : std::uint8_t {
    Optional, // has a default
    Unset,    // without it there is no value; `fallback` says in words what happens then
    Required,
};

// Moves a value into the field of a level's struct (Application, Dataplane, Port, DnRange, Trunk)
// and back; the void pointer is that struct.
struct Binding {
    bool applies = false;
    void (*store)(void* object, const Value& value) = nullptr;
    Value (*load)(const void* object) = nullptr;
};

struct Bindings {
    Binding application = {};
    Binding dataplane = {};
    Binding port = {};
    Binding extension = {};
    Binding trunk = {};
};

struct OptionRow {
    std::string_view name = {};
    OptionType type = OptionType::Boolean;
    Presence presence = Presence::Optional;
    std::string_view fallback = {}; // default as in a file, without quotes
    std::int64_t minimum = 0;
    std::int64_t maximum = 0;
    std::string_view unit = {};    // "s", "ms", "bytes", ...
    std::string_view choices = {}; // "off|auto"
    bool (*accepts)(std::string_view text) = nullptr;
    std::string_view allowed = {}; // of Text: what `accepts` accepts, in words
    Effect effect = Effect::Restart;
    bool secret = false; // never shown
    std::string_view help = {};
    Bindings at = {};
};

[[nodiscard]] std::span<const OptionRow> option_table();
// The rows of one level, in table order; the position of a row is its index in OptionLines.
[[nodiscard]] std::span<const OptionRow* const> rows_at(Level level);
// nullptr when the level has no such option.
[[nodiscard]] const OptionRow* find_row(Level level, std::string_view name);
// Line that sets the option; 0 when the file does not.
[[nodiscard]] std::uint32_t line_of(const OptionLines& lines, Level level, std::string_view name);

[[nodiscard]] const Binding& binding_at(const OptionRow& row, Level level);
[[nodiscard]] std::string_view level_name(Level level); // as in a file: "application", ...
[[nodiscard]] std::string_view effect_name(Effect effect);
// "a whole number from 0 to 600 (s)": for messages, the CLI and the document.
[[nodiscard]] std::string allowed_text(const OptionRow& row);
// The default as a file could give it, with quotes where they are needed; words for Unset.
[[nodiscard]] std::string default_text(const OptionRow& row);

// Checks a text as the file would give it (without quotes) against the row.
[[nodiscard]] ParsedValue parse_text(const OptionRow& row, std::string_view text);
[[nodiscard]] ParsedValue parse_integer(const OptionRow& row, std::int64_t number);
[[nodiscard]] ParsedValue parse_list(const OptionRow& row, std::vector<std::string> items);
// The value of `fallback`; std::monostate for rows without a default.
[[nodiscard]] Value default_value(const OptionRow& row);

} // namespace tandem::config
