// SPDX-License-Identifier: Apache-2.0
//
// "10.77.0.1:5060" as a string, for answers of the control socket.
#pragma once

#include <array>
#include <string>

#include "base/endpoint.hpp"

namespace tandem::controlplane {

[[nodiscard]] inline std::string endpoint_text(base::Endpoint endpoint) {
    std::array<char, base::kEndpointTextBytesMax> text{};
    return {text.data(), base::write_endpoint(endpoint, text.data())};
}

} // namespace tandem::controlplane
