// SPDX-License-Identifier: Apache-2.0
//
// Who the switch knows: DNs and trunks from the configuration, with what changes at run time (how
// many calls each has, bindings, out of turn counters). Decides nothing about SIP: caller.cpp,
// router.cpp and registrar.cpp read and change it. Core thread only; no allocation after
// construction. Entries are named by index and live as long as the process.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/endpoint.hpp"
#include "base/handle.hpp"
#include "base/time.hpp"
#include "config/configuration.hpp"

namespace tandem::controlplane {

enum class DnIndex : std::uint32_t {};
enum class TrunkIndex : std::uint32_t {};

class FieldSink;

using BindingHandle = base::Handle<struct BindingTag>;

// The peer of a leg, as far as the switch knows it. Exactly one is set.
struct Device {
    std::optional<DnIndex> dn;
    std::optional<TrunkIndex> trunk;
};

// Read-only view of one DN for callers outside the directory; lives until the next step.
struct DnView {
    DnIndex index{};
    std::string_view number;
    const config::DnRange* range = nullptr; // its options
    std::uint32_t calls = 0;                // legs of live calls
    std::uint32_t bindings = 0;
};

struct TrunkView {
    TrunkIndex index{};
    const config::Trunk* options = nullptr;
    std::uint32_t calls = 0;
    std::uint64_t calls_total = 0;
};

class Directory {
  public:
    explicit Directory(const config::Configuration& configuration);
    ~Directory();
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;

    [[nodiscard]] std::optional<DnIndex> find_dn(std::string_view number) const;
    [[nodiscard]] std::uint32_t dn_count() const;
    [[nodiscard]] std::uint32_t trunk_count() const;
    [[nodiscard]] DnView dn(DnIndex index) const;
    [[nodiscard]] TrunkView trunk(TrunkIndex index) const;
    // The password of a DN with "<number>" replaced, written to `buffer`; empty = none needed.
    [[nodiscard]] std::string_view password(DnIndex index, std::span<char> buffer) const;
    // The trunk a datagram comes from: by contact address, and by port when trunks share it.
    [[nodiscard]] std::optional<TrunkIndex> trunk_from(base::Endpoint source) const;

    // Count a leg of a live call in and out. take_call() refuses at max-calls or capacity.
    [[nodiscard]] bool take_call(const Device& device);
    void release_call(const Device& device);

    // What the core's own object has of the directory: calls of DNs and trunks.
    void write_fields(FieldSink& sink) const;
    // The objects of trunks that ever had a turn, or of one.
    void write_trunks(FieldSink& sink) const;
    void write_trunk(TrunkIndex index, FieldSink& sink) const;

  private:
    friend class Registrar;
    friend class Router;
    struct Tables;
    std::unique_ptr<Tables> tables_;
};

} // namespace tandem::controlplane
