// SPDX-License-Identifier: Apache-2.0
//
// MIME-Version (RFC 3261 20.24). Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tandem::sipparse {

struct MimeVersion {
    std::uint32_t major_number = 0;
    std::uint32_t minor_number = 0;
};

[[nodiscard]] std::optional<MimeVersion> parse_mime_version(std::string_view value) noexcept;

} // namespace tandem::sipparse
