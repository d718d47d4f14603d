// SPDX-License-Identifier: Apache-2.0
//
// What a frame seems to be before any stage has checked it: whom it names and how its payload
// begins, for a trace that has to decide at rx whether to follow it. It believes nothing: what does
// not fit into the frame is not there. Pure; on the worker, while a trace runs.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/endpoint.hpp"

namespace tandem::dataplane::trace {

struct Glimpse {
    base::Endpoint source{}; // address 0: no IPv4; port 0: no UDP
    base::Endpoint destination{};
    std::string_view payload{}; // of UDP, inside the frame
};

[[nodiscard]] Glimpse glimpse(std::span<const std::uint8_t> frame) noexcept;

} // namespace tandem::dataplane::trace
