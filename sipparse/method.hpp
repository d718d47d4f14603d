// SPDX-License-Identifier: Apache-2.0
//
// SIP methods by number. Method values lie in shared memory inside MessageIndex. A method that is
// not in the table is Other; its text is then what counts. Pure look-ups; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tandem::sipparse {

enum class Method : std::uint8_t {
    Other = 0,
    Invite,
    Ack,
    Bye,
    Cancel,
    Options,
    Register,
    Prack,
    Update,
    Info,
    Message,
    Notify,
    Subscribe,
    Refer,
    Publish,
};

// In the order of Method; the name of Other is empty.
inline constexpr std::array kMethodNames = std::to_array<std::string_view>({
    "",
    "INVITE",
    "ACK",
    "BYE",
    "CANCEL",
    "OPTIONS",
    "REGISTER",
    "PRACK",
    "UPDATE",
    "INFO",
    "MESSAGE",
    "NOTIFY",
    "SUBSCRIBE",
    "REFER",
    "PUBLISH",
});

inline constexpr std::size_t kMethodCount = kMethodNames.size();
static_assert(static_cast<std::size_t>(Method::Publish) + 1 == kMethodCount);

[[nodiscard]] constexpr std::string_view method_name(Method method) noexcept {
    const auto row = static_cast<std::size_t>(method);
    return kMethodNames[row < kMethodCount ? row : 0];
}

// Methods are case-sensitive (RFC 3261 7.1): "invite" is Other.
[[nodiscard]] Method find_method(std::string_view text) noexcept;

// The same for a name inside a longer text: `readable_bytes` >= text.size() may be read from
// text.data(). Eight of them spare a loop.
[[nodiscard]] Method find_method(std::string_view text, std::size_t readable_bytes) noexcept;

} // namespace tandem::sipparse
