// SPDX-License-Identifier: Apache-2.0
//
// Construction, the step, and what operators ask.
#include "controlplane/core/core.hpp"

#include <algorithm>
#include <variant>

#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/call_snapshot.hpp"
#include "controlplane/core/close_orphan.hpp"
#include "controlplane/core/core_objects.hpp"
#include "controlplane/core/core_state.hpp"
#include "controlplane/core/receive_other.hpp"
#include "controlplane/core/receive_request.hpp"

namespace tandem::controlplane {

namespace {

// A one-letter node is its letter; longer names are folded into eight bits, so that a pair wants
// names whose folds differ.
std::uint8_t node_number(std::string_view node) {
    std::uint32_t number = 0;
    for (const char c : node) {
        number = number * 31U + static_cast<unsigned char>(c);
    }
    return static_cast<std::uint8_t>(number);
}

std::array<std::uint8_t, 32> draw_key(base::RandomStream& random) {
    std::array<std::uint8_t, 32> key{};
    random.fill(std::as_writable_bytes(std::span(key)));
    return key;
}

std::uint32_t calls_capacity(const config::Application& application) {
    const auto calls = application.max_calls_at_once;
    return calls + calls / kEndingShare + kPoolSlack;
}

} // namespace

CoreState::CoreState(const config::Configuration& configuration_in,
                     const CoreSeed& seed,
                     Effects& effects_in)
    : configuration(configuration_in), effects(effects_in),
      random(seed.random), hash_key{.low = random.next_u64(), .high = random.next_u64()},
      node(node_number(seed.node)),
      term(seed.term), sip_endpoint{.address = configuration.application.sip_address,
                                    .port = configuration.application.sip_port},
      directory(configuration), registrar(configuration, directory, changes, &visits),
      digest(configuration.application, draw_key(random), changes),
      router(directory, registrar, changes, &visits),
      slots(configuration.application.max_transactions +
            configuration.application.max_lingering_transactions),
      texts(calls_capacity(configuration.application)),
      calls("calls", calls_capacity(configuration.application)),
      legs("legs",
           2 * calls_capacity(configuration.application) +
               calls_capacity(configuration.application) / 4 + kPoolSlack),
      attempts("attempts", calls_capacity(configuration.application) + 2 * kPoolSlack),
      exchanges("exchanges", calls_capacity(configuration.application) + kPoolSlack),
      calls_by_id("calls by id", calls.capacity()),
      invites("invites", calls.capacity() + exchanges.capacity()), timers(0),
      ended(kEndedCallsKept) {}

Core::Core(const config::Configuration& configuration, const CoreSeed& seed, Effects& effects)
    : state_(std::make_unique<CoreState>(configuration, seed, effects)) {} // at construction

Core::~Core() = default;

namespace {

// One overload per alternative of Input.
struct Receive {
    CoreState& core;

    void operator()(const RequestInput& input) const { receive_request(core, input); }

    void operator()(const ResponseInput& input) const { receive_response(core, input); }

    void operator()(const CancelInput& input) const { receive_cancel(core, input); }

    void operator()(const AckInput& input) const { receive_ack(core, input); }

    void operator()(const TimeoutInput& input) const { receive_timeout(core, input); }

    void operator()(const StrayInput& input) const { receive_stray(core, input); }

    void operator()(const OrphanInput& input) const { close_orphan(core, input); }

    void operator()(const SlotsInput& input) const { receive_slots(core, input); }

    void operator()(const AttachedInput& input) const { attach(core, input); }

    void operator()(const DetachedInput& /*input*/) const { detach(core); }

    void operator()(const BindingInput& input) const { receive_binding(core, input); }

    void operator()(const TimersInput& /*input*/) const {}
};

} // namespace

void Core::step(const Input& input, const Now& now, base::StageWatcher* watcher) {
    auto& core = *state_;
    core.now = now;
    core.changes.begin_step();
    core.counters.add(CoreCounter::StepsTotal);
    core.registrar.expire(now, core.effects);
    std::uint32_t fired = 0;
    core.timers.advance(now.monotonic_ns, [&](base::TimerNode& timer) {
        if (++fired > kTimersPerStepMax) {
            core.timers.arm(timer, timer.deadline());
        } else {
            run_call_timer(core, timer);
        }
    });
    core.visits.watch(watcher);
    core.visits.visit(base::Stage::Core);
    std::visit(Receive{core}, input);
    core.visits.watch(nullptr);
}

std::optional<base::MonotonicNs> Core::next_deadline() const {
    constexpr auto kNever = std::numeric_limits<base::MonotonicNs>::max();
    const auto next = std::min(state_->timers.next_deadline().value_or(kNever),
                               state_->registrar.next_deadline());
    return next == kNever ? std::nullopt : std::optional(next);
}

std::size_t Core::calls(std::uint32_t& cursor, std::span<CallSnapshot> out) const {
    std::size_t written = 0;
    for (; cursor < state_->calls.capacity() && written < out.size(); ++cursor) {
        if (const auto* call = state_->calls.at(cursor)) {
            out[written++] = snapshot_of(*state_, *call);
        }
    }
    return written;
}

std::optional<CallSnapshot> Core::call(std::uint64_t id) const {
    if (const auto* call = state_->calls.get(find_call(*state_, id))) {
        return snapshot_of(*state_, *call);
    }
    for (std::uint32_t i = 0; i < state_->ended.count(); ++i) {
        if (state_->ended.at(i).id == id) {
            return state_->ended.at(i);
        }
    }
    return std::nullopt;
}

std::size_t Core::ended_calls(std::span<CallSnapshot> out) const {
    const auto count = std::min<std::size_t>(out.size(), state_->ended.count());
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = state_->ended.at(static_cast<std::uint32_t>(i));
    }
    return count;
}

void Core::write_objects(FieldSink& sink) const {
    controlplane::write_objects(*state_, sink);
}

void Core::write_core(FieldSink& sink) const {
    controlplane::write_core(*state_, sink);
}

void Core::write_changed_objects(FieldSink& sink) const {
    controlplane::write_changed_objects(*state_, sink);
}

std::uint32_t Core::live_calls() const {
    return state_->calls_live;
}

const CoreCounters& Core::counters() const {
    return state_->counters;
}

std::array<PoolUse, kCorePoolCount> Core::pools() const {
    const auto use = [](const auto& pool) {
        return PoolUse{.name = pool.name(),
                       .in_use = pool.in_use(),
                       .peak = pool.peak(),
                       .capacity = pool.capacity(),
                       .refused = pool.refused(),
                       .bytes_in_use = std::uint64_t{pool.in_use()} * pool.element_bytes()};
    };
    const auto& core = *state_;
    // The option bounds live calls; the pool has more room for those that are ending.
    const PoolUse calls{.name = "calls",
                        .in_use = core.calls.in_use(),
                        .peak = core.calls.peak(),
                        .capacity = core.configuration.application.max_calls_at_once,
                        .refused = core.counters.value(CoreCounter::PoolFullCalls),
                        .bytes_in_use = use(core.calls).bytes_in_use};
    const PoolUse texts{.name = "texts",
                        .in_use = core.texts.in_use(),
                        .peak = core.texts.peak(),
                        .capacity = core.texts.capacity(),
                        .refused = core.texts.refused(),
                        .bytes_in_use = core.texts.bytes_in_use()};
    // Given by the dataplane: in use is what lies here for the next requests.
    const PoolUse slots{.name = "free client slots",
                        .in_use = core.slots.count(),
                        .peak = core.slots.count(),
                        .capacity = core.slots.capacity(),
                        .refused = core.counters.value(CoreCounter::PoolFullClientSlots),
                        .bytes_in_use = core.slots.count() * sizeof(transaction::ClientHandle)};
    const PoolUse bindings{.name = "bindings",
                           .in_use = core.registrar.in_use(),
                           .peak = core.registrar.in_use(),
                           .capacity = core.registrar.capacity(),
                           .refused = core.registrar.refused_full(),
                           .bytes_in_use = core.registrar.bytes_in_use()};
    return {calls, use(core.legs), use(core.attempts), use(core.exchanges), texts, slots, bindings};
}

bool Core::is_attached() const {
    return state_->attachment.attached;
}

const Digest& Core::digest() const {
    return state_->digest;
}

const Directory& Core::directory() const {
    return state_->directory;
}

const Registrar& Core::registrar() const {
    return state_->registrar;
}

} // namespace tandem::controlplane
