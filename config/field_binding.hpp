// SPDX-License-Identifier: Apache-2.0
//
// Ties a row of the option table to a field of a configuration struct: kBind<&Port::mtu> stores a
// Value in that field and loads it again. Decides which alternative of Value carries which type of
// field; the loader has checked type and range before. Used by config/option_rows.cpp only, at
// compile time.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "config/option_table.hpp"

namespace tandem::config {

template <typename Field>
struct IsOptional : std::false_type {};

template <typename Inner>
struct IsOptional<std::optional<Inner>> : std::true_type {};

// Enumerations and unsigned numbers travel as std::int64_t.
template <typename Field>
constexpr bool kIsNumber =
    !std::is_same_v<Field, bool> && (std::is_enum_v<Field> || std::is_integral_v<Field>);

// A value whose alternative does not fit the field leaves the field as it is.
template <typename Field>
void store_field(const Value& value, Field& field) {
    if constexpr (std::is_same_v<Field, std::vector<DigestAlgorithm>>) {
        if (const auto* indices = std::get_if<std::vector<std::int64_t>>(&value)) {
            field.clear();
            for (const std::int64_t index : *indices) {
                field.push_back(static_cast<DigestAlgorithm>(index));
            }
        }
    } else if constexpr (kIsNumber<Field>) {
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            field = static_cast<Field>(*number);
        }
    } else if constexpr (IsOptional<Field>::value) {
        if (const auto* content = std::get_if<typename Field::value_type>(&value)) {
            field = *content;
        }
    } else {
        if (const auto* content = std::get_if<Field>(&value)) {
            field = *content;
        }
    }
}

template <typename Field>
[[nodiscard]] Value load_field(const Field& field) {
    if constexpr (std::is_same_v<Field, std::vector<DigestAlgorithm>>) {
        std::vector<std::int64_t> indices;
        indices.reserve(field.size());
        for (const DigestAlgorithm algorithm : field) {
            indices.push_back(static_cast<std::int64_t>(algorithm));
        }
        return Value(std::move(indices));
    } else if constexpr (kIsNumber<Field>) {
        return Value(static_cast<std::int64_t>(field));
    } else if constexpr (IsOptional<Field>::value) {
        return field ? Value(*field) : Value();
    } else {
        return Value(field);
    }
}

template <typename Member>
struct MemberOf;

template <typename Object, typename Field>
struct MemberOf<Field Object::*> {
    using ObjectType = Object;
};

template <auto kMember>
constexpr Binding kBind = {
    .applies = true,
    .store =
        [](void* object, const Value& value) {
            using Object = typename MemberOf<decltype(kMember)>::ObjectType;
            store_field(value, static_cast<Object*>(object)->*kMember);
        },
    .load =
        [](const void* object) {
            using Object = typename MemberOf<decltype(kMember)>::ObjectType;
            return load_field(static_cast<const Object*>(object)->*kMember);
        },
};

// The row stands at the level but fills no field of its own: the loader reads it.
constexpr Binding kReadByLoader = {.applies = true};

} // namespace tandem::config
