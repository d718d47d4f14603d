// SPDX-License-Identifier: Apache-2.0
//
// A session description with another direction, address, port or version: everything else is copied
// byte by byte, in its order. For holding and resuming a call, and for moving its media, on behalf
// of a device that does not do it itself. Allocates nothing; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sipparse/sdp.hpp"

namespace tandem::sipparse {

// What is not set stays as it is.
struct SdpEdit {
    // Number of the media in the order of its m= lines; nothing: all of them. Of several edits of
    // one media the last one counts, for each of its parts.
    std::optional<std::uint16_t> media = {};
    // Replaces the direction attributes of the media, or is added behind its lines (RFC 3264 8.4).
    std::optional<SdpDirection> direction = {};
    // Replaces the c= lines of the media, or is added before its b=, k= and a= lines. Both are
    // written as given.
    std::optional<SdpConnection> connection = {};
    std::optional<std::uint16_t> port = {};
};

struct SdpEdits {
    std::span<const SdpEdit> medias = {};
    // sess-version of o=: a changed description needs one more than the one before (RFC 3264 8).
    std::optional<std::uint64_t> version = {};
};

// `sdp` as parse_sdp() gave it, without an error; `out` must not overlap its text. Empty when it
// does not fit.
[[nodiscard]] std::string_view
write_sdp(const Sdp& sdp, const SdpEdits& edits, std::span<char> out) noexcept;

} // namespace tandem::sipparse
