// SPDX-License-Identifier: Apache-2.0
//
// Result<T, E>: a value or an error, for the C++20 toolchains that have no std::expected.
// It never throws and never allocates. Reading the alternative that is not there is a bug of the
// caller and ends the process (TANDEM_ASSERT), so callers test with `if (result)` first.
#pragma once

#include <utility>
#include <variant>

#include "base/assert.hpp"

namespace tandem::base {

// Wraps an error so that Result<T, E> can be constructed when T and E are the same type.
template <typename E>
struct Error {
    E error;
};

template <typename E>
Error(E) -> Error<E>;

template <typename T, typename E>
class [[nodiscard]] Result {
  public:
    // Implicit on purpose: `return value;` and `return Error{reason};` read as what they are.
    // NOLINTNEXTLINE(google-explicit-constructor)
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}

    // NOLINTNEXTLINE(google-explicit-constructor)
    Result(Error<E> error) : state_(std::in_place_index<1>, std::move(error.error)) {}

    [[nodiscard]] bool has_value() const { return state_.index() == 0; }

    explicit operator bool() const { return has_value(); }

    [[nodiscard]] T& value() {
        TANDEM_ASSERT(has_value());
        return *std::get_if<0>(&state_);
    }

    [[nodiscard]] const T& value() const {
        TANDEM_ASSERT(has_value());
        return *std::get_if<0>(&state_);
    }

    [[nodiscard]] const E& error() const {
        TANDEM_ASSERT(!has_value());
        return *std::get_if<1>(&state_);
    }

    T& operator*() { return value(); }

    const T& operator*() const { return value(); }

    T* operator->() { return &value(); }

    const T* operator->() const { return &value(); }

  private:
    std::variant<T, E> state_;
};

} // namespace tandem::base
