// SPDX-License-Identifier: Apache-2.0
//
// The values the core is made of, as fields of a sink: one overload for each type. Core thread
// only.
#pragma once

#include <concepts>
#include <type_traits>

#include "base/endpoint.hpp"
#include "base/handle.hpp"
#include "base/timer_wheel.hpp"
#include "controlplane/core/directory.hpp"
#include "controlplane/core/field_sink.hpp"
#include "transaction/names.hpp"

namespace tandem::controlplane {

template <typename T>
requires std::integral<T> || std::is_enum_v<T>

void write_field(FieldSink& sink, std::string_view name, T value) {
    sink.number(name, static_cast<std::uint64_t>(value));
}

template <typename Tag>
void write_field(FieldSink& sink, std::string_view name, base::Handle<Tag> handle) {
    sink.number(name, handle.packed());
}

inline void write_field(FieldSink& sink, std::string_view name, base::Ipv4Address address) {
    sink.number(name, address.value);
}

inline void write_field(FieldSink& sink, std::string_view name, const base::Endpoint& endpoint) {
    sink.number(name, std::uint64_t{endpoint.address.value} << 16U | endpoint.port);
}

// 0: not armed.
inline void write_field(FieldSink& sink, std::string_view name, const base::TimerNode& timer) {
    sink.number(name, timer.is_armed() ? timer.deadline() : 0);
}

inline void write_field(FieldSink& sink, std::string_view name, std::string_view value) {
    sink.text(name, value);
}

// Even: a DN; odd: a trunk; 0: neither.
inline void write_field(FieldSink& sink, std::string_view name, const Device& device) {
    const auto& [dn, trunk] = device;
    if (dn) {
        return sink.number(name, (static_cast<std::uint64_t>(*dn) + 1) << 1U);
    }
    sink.number(name, trunk ? (static_cast<std::uint64_t>(*trunk) + 1) << 1U | 1U : 0);
}

inline void write_flow(FieldSink& sink, const transaction::Flow& flow) {
    const auto& [remote, local, port, worker, reserved] = flow;
    static_cast<void>(reserved);
    write_field(sink, "flow.remote", remote);
    write_field(sink, "flow.local", local);
    write_field(sink, "flow.port", port);
    write_field(sink, "flow.worker", worker);
}

} // namespace tandem::controlplane
