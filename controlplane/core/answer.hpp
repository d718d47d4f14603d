// SPDX-License-Identifier: Apache-2.0
//
// Writes an answer to a request that is still at hand: the refusals, and every 200 that needs no
// call. Answers of a call whose request is gone are written by the call's own files. Pure, on the
// core thread.
#pragma once

#include <span>
#include <string_view>

#include "controlplane/core/effects.hpp"
#include "controlplane/core/input.hpp"
#include "controlplane/core/refusal.hpp"
#include "sipparse/writer.hpp"

namespace tandem::controlplane {

struct Answer {
    std::uint16_t status_code = 0;
    std::string_view reason;
    std::string_view to_tag; // for a To without tag (RFC 3261 8.2.6.2)
    std::span<const sipparse::ExtraHeader> headers = {};
};

// Where a request came from, as the top Via of its responses says it (RFC 3261 18.2.1, RFC 3581).
struct ViaSource {
    explicit ViaSource(const Datagram& message);

    // Text of `received`; empty when the top Via names the source itself and asks for no rport.
    [[nodiscard]] std::string_view received() const { return {text_, bytes_}; }

    [[nodiscard]] std::uint16_t rport() const { return port_; }

  private:
    char text_[base::kIpv4TextBytesMax];
    std::size_t bytes_ = 0;
    std::uint16_t port_ = 0;
};

// Sends the answer. What cannot be written (a request of nearly 64 KiB of Via) is left to the
// peer's timeout; false says so, to be counted.
[[nodiscard]] bool answer(const RequestInput& request, const Answer& answer, Effects& effects);

[[nodiscard]] bool refuse(const RequestInput& request,
                          const Refusal& refusal,
                          std::string_view to_tag,
                          Effects& effects);

} // namespace tandem::controlplane
