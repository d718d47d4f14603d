// SPDX-License-Identifier: Apache-2.0
//
// One binding of the registrar: a Contact of a DN with the flow its requests take, as it lies in
// the pool. Only registrar*.cpp see this; others get a BindingView.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/pool.hpp"
#include "base/timer_wheel.hpp"
#include "controlplane/core/registrar.hpp"

namespace tandem::controlplane {

struct Binding {
    DnIndex dn{};
    BindingHandle next; // of the same DN, older
    std::uint64_t call_id_hash = 0;
    std::uint32_t cseq = 0;
    std::uint16_t contact_bytes = 0;
    bool via_source = false;
    bool restored = false; // by BindingInput, and not refreshed since
    base::Endpoint destination;
    base::Endpoint source;
    base::MonotonicNs expires_ns = 0;
    base::WallNs expires_wall_ns = 0;
    base::TimerNode timer;
    std::array<char, kContactUriBytesMax> contact{};

    [[nodiscard]] std::string_view contact_uri() const { return {contact.data(), contact_bytes}; }
};

using BindingPool = base::Pool<Binding, BindingTag>;

} // namespace tandem::controlplane
