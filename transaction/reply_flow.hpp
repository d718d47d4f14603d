// SPDX-License-Identifier: Apache-2.0
//
// Where the responses to a request go (RFC 3261 18.2.2, RFC 3581 4) and what its top Via says about
// it. Decided once, when the request comes in. Pure; called by the layer.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/endpoint.hpp"
#include "sipparse/via.hpp"
#include "transaction/names.hpp"

namespace tandem::transaction {

inline constexpr std::uint16_t kSipPort = 5060;

// With rport the response goes to the source of the request, else to the source address at the
// port of sent-by (5060 when it has none). maddr is not obeyed: it would let any sender aim our
// responses at a third party, and nobody multicasts to a switch. `local` stays what it was: an
// answer leaves from the address the request came to.
[[nodiscard]] Flow reply_flow(const sipparse::Via& via, const Flow& request_flow) noexcept;

// What our own responses add to the top Via: `received` when sent-by is not the source address or
// rport was asked (18.2.1, RFC 3581 4), the source port when rport was asked, else 0.
struct ViaMarks {
    std::array<char, base::kIpv4TextBytesMax> received_text{};
    std::size_t received_bytes = 0;
    std::uint16_t rport = 0;

    [[nodiscard]] std::string_view received() const noexcept {
        return {received_text.data(), received_bytes};
    }
};

// `source`: where the request came from. With rport that is where the reply goes, so the remote of
// the reply flow serves as well.
[[nodiscard]] ViaMarks via_marks(const sipparse::Via& via, base::Endpoint source) noexcept;

} // namespace tandem::transaction
