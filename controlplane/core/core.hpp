// SPDX-License-Identifier: Apache-2.0
//
// The pure core: one input in, effects out, on one thread. It does no I/O, reads no clock and
// allocates nothing after construction; its only chance is the seed. The same inputs give the same
// effects, byte by byte: in production, in tests, in the simulator and in the benchmark.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/random.hpp"
#include "base/stage.hpp"
#include "base/time.hpp"
#include "config/configuration.hpp"
#include "controlplane/core/counters.hpp"
#include "controlplane/core/effects.hpp"
#include "controlplane/core/input.hpp"
#include "controlplane/core/snapshot.hpp"

namespace tandem::controlplane {

class Digest;
class Directory;
class FieldSink;
class Registrar;
struct CoreState;

struct CoreSeed {
    base::RandomSeed random{};
    std::string_view node;  // 1-8 of [a-z0-9]; read at construction only
    std::uint32_t term = 0; // rises with each start of this node: call ids carry it
};

// How full a pool is, by name.
struct PoolUse {
    std::string_view name;
    std::uint32_t in_use = 0;
    std::uint32_t peak = 0;
    std::uint32_t capacity = 0;
    std::uint64_t refused = 0;      // how often it was asked in vain
    std::uint64_t bytes_in_use = 0; // memory of what is in use
};

constexpr std::size_t kCorePoolCount = 7;

class Core {
  public:
    // Takes all memory it will ever use. `configuration` and `effects` outlive the core.
    Core(const config::Configuration& configuration, const CoreSeed& seed, Effects& effects);
    ~Core();
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    // Runs due timers, then the input. Effects come while it runs; the views of the input are not
    // used afterwards. `watcher`, if any, hears of the stages the input visits, not of the timers.
    void step(const Input& input, const Now& now, base::StageWatcher* watcher = nullptr);

    // Monotonic time at which the core wants a TimersInput; nothing when it waits for no time.
    [[nodiscard]] std::optional<base::MonotonicNs> next_deadline() const;

    // For a second core; between steps.

    // All objects with their versions (changes.hpp), but the core's own.
    void write_objects(FieldSink& sink) const;
    // What no object has: counters, keys, free slots, chance. With the objects, all the core is.
    void write_core(FieldSink& sink) const;
    // The objects the last step changed. When it changed more than Changes lists, everything: the
    // core's own object first.
    void write_changed_objects(FieldSink& sink) const;

    // For operators; between steps.

    // Calls in the order of their places, a page at a time: start with cursor 0 and go on until
    // fewer than out.size() were written. A call that begins or ends meanwhile may be missed.
    [[nodiscard]] std::size_t calls(std::uint32_t& cursor, std::span<CallSnapshot> out) const;
    // A live or recently ended call.
    [[nodiscard]] std::optional<CallSnapshot> call(std::uint64_t id) const;
    // The newest first; returns how many were written.
    [[nodiscard]] std::size_t ended_calls(std::span<CallSnapshot> out) const;
    [[nodiscard]] std::uint32_t live_calls() const;
    [[nodiscard]] const CoreCounters& counters() const;
    [[nodiscard]] std::array<PoolUse, kCorePoolCount> pools() const;
    [[nodiscard]] bool is_attached() const;
    [[nodiscard]] const Directory& directory() const;
    [[nodiscard]] const Registrar& registrar() const;
    [[nodiscard]] const Digest& digest() const;

  private:
    std::unique_ptr<CoreState> state_;
};

} // namespace tandem::controlplane
