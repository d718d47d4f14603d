// SPDX-License-Identifier: Apache-2.0
//
// What operators see of a call: a copy with its own texts, made between steps. Live calls and the
// recently ended ones have the same form.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "controlplane/core/call/call.hpp"

namespace tandem::controlplane {

// A number or name for people; longer ones are cut.
class ShortText {
  public:
    static constexpr std::size_t kBytesMax = 47;

    ShortText() = default;

    explicit ShortText(std::string_view text)
        : bytes_(
              static_cast<std::uint8_t>(text.substr(0, kBytesMax).copy(text_.data(), kBytesMax))) {}

    [[nodiscard]] std::string_view text() const { return {text_.data(), bytes_}; }

  private:
    std::array<char, kBytesMax> text_{};
    std::uint8_t bytes_ = 0;
};

struct LegSnapshot {
    Side side = Side::Caller;
    LegState state = LegState::Idle;
    Device device;
    base::Endpoint remote; // where its requests go
};

constexpr std::size_t kSnapshotLegsMax = 8; // more dialogs of one call are not shown

struct CallSnapshot {
    std::uint64_t id = 0;
    CallState state = CallState::Ended;
    EndCause cause = EndCause::None;
    std::uint16_t final_status = 0; // what the caller got for the INVITE; 0 = nothing yet
    Device caller;
    Device callee;
    ShortText caller_number;
    ShortText dialled;
    CallTimes times;
    std::uint32_t session_interval_s = 0;
    std::array<std::uint64_t, 2> leg_hashes{}; // SipHash of the Call-IDs, as the notes have them
    std::uint32_t leg_count = 0;
    std::array<LegSnapshot, kSnapshotLegsMax> legs{};
};

} // namespace tandem::controlplane
