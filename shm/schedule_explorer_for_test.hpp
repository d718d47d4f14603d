// SPDX-License-Identifier: Apache-2.0
//
// Explores every schedule of a small case of actors (threads of processes) that share memory
// through the atomics of shm/atomic.hpp. Each atomic access is a step. At each step the explorer
// decides who goes on, and for a load which store it reads: the newest, or any older one that the
// C++ memory model still lets this actor see (release and acquire pass on what was seen, seq_cst
// accesses of a word are in one order, relaxed ones pass on nothing). Plain bytes are told to it,
// and two accesses that nothing orders are a race. A process can be killed between any two steps.
// Orders of accesses that commute are explored once (dynamic partial order reduction with sleep
// sets).
//
// Not modelled: a load that reads a store made later in the schedule (load buffering), and
// read-modify-write, which these sources do not use. One thread; programs run on stacks of their
// own and are simply left where they are when their process dies.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shm/scheduled_atomic_for_test.hpp"

namespace tandem::shm {

constexpr std::size_t kActorsMax = 6;
constexpr std::size_t kPlacesMax = 64; // words of shared memory one case touches

using ActorSet = std::uint32_t; // one bit for each actor

struct Actor {
    std::string name;
    std::function<void()> program;
    bool starts = true; // false: another actor starts it, see ScheduleExplorer::start()
};

// A case. All three are called for each schedule.
class ScheduleCase {
  public:
    virtual ~ScheduleCase() = default;
    // Everything anew. What it does comes before every actor's first step.
    virtual void set_up() = 0;
    [[nodiscard]] virtual std::vector<Actor> actors() = 0;
    // After all actors have ended or died; comes after all they did.
    virtual void finish() = 0;
};

// Makes one kind of access to one word weaker than the sources say.
struct Weakening {
    const void* address = nullptr;
    bool is_store = false;
    std::memory_order order = std::memory_order_relaxed;
};

struct ScheduleOptions {
    std::vector<Weakening> weakenings = {};
    bool reduces = true; // false: every order of all accesses, also of those that commute
    std::uint64_t schedules_max = 5'000'000; // more are a failure
};

struct ScheduleReport {
    std::uint64_t schedules = 0; // explored to their end
    std::uint64_t cut = 0;       // left because they repeat another one
    std::uint64_t steps = 0;
    std::string failure; // the first one found, with its schedule; "" = none
};

class ScheduleExplorer {
  public:
    ScheduleExplorer();
    ~ScheduleExplorer();
    ScheduleExplorer(const ScheduleExplorer&) = delete;
    ScheduleExplorer& operator=(const ScheduleExplorer&) = delete;

    // Stops at the first failure.
    [[nodiscard]] ScheduleReport explore(ScheduleCase& explored,
                                         const ScheduleOptions& options = {});

    // From programs, set_up() and finish(). The case fails when it does not hold.
    void require(bool holds, const char* what);
    // A plain access of `bytes` bytes that are not atomic.
    void plain_read(const void* address);
    void plain_write(const void* address);

    // Steps of an actor that stands for the system: an actor never goes on (what it stored is seen
    // by all that come after the killer), and one begins.
    void kill(std::size_t actor);
    void start(std::size_t actor);

  private:
    friend std::uint64_t scheduled_load(ScheduledPlace place, std::memory_order order) noexcept;
    friend void
    scheduled_store(ScheduledPlace place, std::uint64_t value, std::memory_order order) noexcept;

    class State;
    std::unique_ptr<State> state_;
};

} // namespace tandem::shm
