// SPDX-License-Identifier: Apache-2.0
//
// The form of every machine of this room: step(state, event) gives the next state and a set of
// actions. A step is pure; only the layer acts. Any thread.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace tandem::transaction {

// A set of enumerators of one machine's Action type (at most 32 of them).
template <typename Action>
class ActionSet {
  public:
    constexpr ActionSet() = default;

    constexpr ActionSet(std::initializer_list<Action> actions) {
        for (const Action action : actions) {
            bits_ |= bit(action);
        }
    }

    [[nodiscard]] constexpr bool has(Action action) const { return (bits_ & bit(action)) != 0; }

    [[nodiscard]] constexpr bool is_empty() const { return bits_ == 0; }

    constexpr bool operator==(const ActionSet&) const = default;

  private:
    static constexpr std::uint32_t bit(Action action) {
        return 1U << static_cast<std::uint32_t>(action);
    }

    std::uint32_t bits_ = 0;
};

template <typename State, typename Action>
struct Step {
    State state;
    ActionSet<Action> actions;

    constexpr bool operator==(const Step&) const = default;
};

// What a response means to a machine.
enum class ResponseClass : std::uint8_t {
    Provisional, // 1xx
    Success,     // 2xx
    Failure,     // 3xx to 6xx
};

[[nodiscard]] constexpr ResponseClass response_class(std::uint16_t status_code) {
    if (status_code < 200) {
        return ResponseClass::Provisional;
    }
    return status_code < 300 ? ResponseClass::Success : ResponseClass::Failure;
}

} // namespace tandem::transaction
