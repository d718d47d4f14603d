// SPDX-License-Identifier: Apache-2.0
//
// The explorer: a depth-first walk over the choices of one schedule after another, each run from
// its beginning. memory: what each actor may see; reduction: which choices are worth making;
// stacks: how a program is stopped before each access.
#include "shm/schedule_explorer_for_test.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

extern "C" void tandem_switch_stack(void** from, void* to);

// Saves what the ABI wants to survive a call, on the old stack, and takes it from the new one.
asm(R"(
.text
.globl tandem_switch_stack
.hidden tandem_switch_stack
.type tandem_switch_stack,@function
tandem_switch_stack:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
.size tandem_switch_stack, .-tandem_switch_stack
)");

namespace tandem::shm {

namespace {

constexpr std::size_t kMain = kActorsMax; // set_up() and finish()
constexpr std::size_t kStackBytes = 64U << 10U;

using View = std::array<std::uint16_t, kPlacesMax>; // by place: the oldest store still to be seen
using Clock = std::array<std::uint32_t, kActorsMax + 1>;

template <typename Numbers>
void join(Numbers& into, const Numbers& from) {
    for (std::size_t i = 0; i < into.size(); ++i) {
        into[i] = std::max(into[i], from[i]);
    }
}

struct Store {
    std::uint64_t value = 0;
    bool is_release = false;
    View view{}; // with is_release: what a reader that acquires sees from then on
    Clock clock{};
};

struct Place {
    ScheduledPlace at;
    std::uint64_t before = 0; // to be restored
    std::vector<Store> stores;
    std::uint16_t last_sequential = 0; // of the single order of seq_cst accesses
};

struct PlainPlace {
    const void* address = nullptr;
    std::size_t writer = kMain;
    std::uint32_t written = 0; // the writer's clock then
    Clock read{};              // each reader's clock then
};

struct Access {
    enum class Kind : std::uint8_t { Load, Store, Kill, Start };

    Kind kind = Kind::Load;
    ScheduledPlace place;   // Load, Store
    std::size_t target = 0; // Kill, Start
};

bool is_same_word(const Access& a, const Access& b) {
    const auto has_word = [](const Access& access) {
        return access.kind == Access::Kind::Load || access.kind == Access::Kind::Store;
    };
    return has_word(a) && has_word(b) && a.place.address == b.place.address;
}

// Whether the order of two steps of different actors matters.
bool depends(std::size_t actor_a, const Access& a, std::size_t actor_b, const Access& b) {
    if (a.kind == Access::Kind::Kill && a.target == actor_b) {
        return true;
    }
    if (b.kind == Access::Kind::Kill && b.target == actor_a) {
        return true;
    }
    return is_same_word(a, b) && (a.kind == Access::Kind::Store || b.kind == Access::Kind::Store);
}

struct Step {
    std::size_t actor = 0;
    Access access;
    std::size_t choice = 0; // its place in the path
    std::uint64_t value = 0;
    std::size_t age = 0; // Load: how many newer stores there were
    Clock clock{};       // by actor: steps that come before it in every equal schedule
};

// A point where the walk may go on differently: who steps, or what a load reads.
struct Choice {
    bool is_step = false;
    std::uint32_t chosen = 0;
    std::uint32_t count = 0; // of values to read
    ActorSet enabled = 0;
    ActorSet wanted = 0;
    ActorSet done = 0;
    ActorSet asleep = 0;
};

ActorSet bit(std::size_t actor) {
    return ActorSet{1} << actor;
}

struct Stack {
    std::unique_ptr<std::byte[]> bytes = std::make_unique<std::byte[]>(kStackBytes);
    void* pointer = nullptr;
};

struct Runner {
    enum class Status : std::uint8_t { Waiting, Ready, Ended, Dead };

    Actor actor;
    Status status = Status::Waiting;
    Access next; // while Ready
    View view{};
    Clock clock{};
    Clock steps{}; // by actor: how many of its steps come before our next one
};

} // namespace

class ScheduleExplorer::State {
  public:
    ScheduleReport explore(ScheduleCase& explored, const ScheduleOptions& options) {
        report_ = {};
        path_.clear();
        options_ = options;
        do {
            const bool is_whole = run(explored);
            report_.schedules += is_whole ? 1 : 0;
            report_.cut += is_whole ? 0 : 1;
            if (report_.failure.empty() && report_.schedules > options_.schedules_max) {
                report_.failure = "more schedules than expected";
            }
        } while (report_.failure.empty() && next_path());
        return report_;
    }

    void require(bool holds, const char* what) {
        if (holds || !report_.failure.empty()) {
            return;
        }
        report_.failure = std::string(what) + story();
        if (current_ != kMain) {
            leave(); // for ever
        }
    }

    void plain(const void* address, bool is_write) {
        PlainPlace& place = plain_place(address);
        const Clock& clock = clock_of(current_);
        require(clock[place.writer] >= place.written, "race: a write is not seen");
        if (!is_write) {
            place.read[current_] = clock[current_];
            return;
        }
        for (std::size_t reader = 0; reader < place.read.size(); ++reader) {
            require(clock[reader] >= place.read[reader], "race: a write over what is being read");
        }
        place.writer = current_;
        place.written = clock[current_];
    }

    std::uint64_t load(ScheduledPlace at, std::memory_order order) {
        stop_before({.kind = Access::Kind::Load, .place = at});
        order = weakened(at, false, order);
        const std::size_t number = place_number(at);
        Place& place = places_[number];
        View& view = view_of(current_);
        std::uint16_t oldest = view[number];
        if (order == std::memory_order_seq_cst) {
            oldest = std::max(oldest, place.last_sequential);
        }
        const auto newest = static_cast<std::uint16_t>(place.stores.size() - 1);
        const auto age = choose(std::uint32_t{newest} - oldest + 1);
        const auto chosen = static_cast<std::uint16_t>(newest - age);
        const Store& store = place.stores[chosen];
        view[number] = chosen;
        if (order != std::memory_order_relaxed && store.is_release) {
            join(view, store.view);
            join(clock_of(current_), store.clock);
        }
        note_value(store.value, age);
        return store.value;
    }

    void store(ScheduledPlace at, std::uint64_t value, std::memory_order order) {
        stop_before({.kind = Access::Kind::Store, .place = at});
        order = weakened(at, true, order);
        const std::size_t number = place_number(at);
        Place& place = places_[number];
        const auto newest = static_cast<std::uint16_t>(place.stores.size());
        View& view = view_of(current_);
        Clock& clock = clock_of(current_);
        view[number] = newest;
        Store made{.value = value, .is_release = order != std::memory_order_relaxed};
        if (made.is_release) {
            made.view = view;
            made.clock = clock;
            ++clock[current_];
        }
        if (order == std::memory_order_seq_cst) {
            place.last_sequential = newest;
        }
        place.stores.push_back(made);
        std::memcpy(at.address, &value, at.bytes);
        note_value(value, 0);
    }

    void kill(std::size_t target) {
        stop_before({.kind = Access::Kind::Kill, .place = {}, .target = target});
        Runner& dead = runners_[target];
        join(view_of(current_), dead.view);
        join(clock_of(current_), dead.clock);
        if (dead.status != Runner::Status::Ended) {
            dead.status = Runner::Status::Dead;
        }
    }

    void start(std::size_t target) {
        stop_before({.kind = Access::Kind::Start, .place = {}, .target = target});
        Runner& runner = runners_[target];
        runner.view = view_of(current_);
        runner.clock = clock_of(current_);
        runner.clock[target] = 1;
        runner.steps = runners_[current_].steps;
        ++clock_of(current_)[current_];
        started_ = target; // goes up to its first access once we are off this stack
    }

    // The body of a program's stack.
    void run_program() {
        runners_[current_].actor.program();
        runners_[current_].status = Runner::Status::Ended;
        leave();
    }

  private:
    // One schedule

    // False when it was cut.
    bool run(ScheduleCase& explored) {
        places_.clear();
        plain_places_.clear();
        runners_.clear();
        steps_.clear();
        depth_ = 0;
        current_ = kMain;
        main_view_ = {};
        main_clock_ = {};
        main_clock_[kMain] = 1;
        explored.set_up();
        make_runners(explored.actors());
        const bool is_whole = run_steps();
        if (is_whole && report_.failure.empty()) {
            for (const Runner& runner : runners_) {
                join(main_view_, runner.view);
                join(main_clock_, runner.clock);
            }
            explored.finish();
        }
        for (const Place& place : places_) {
            std::memcpy(place.at.address, &place.before, place.at.bytes);
        }
        report_.steps += steps_.size();
        return is_whole;
    }

    void make_runners(std::vector<Actor> actors) {
        stacks_.resize(std::max(stacks_.size(), actors.size()));
        for (std::size_t i = 0; i < actors.size(); ++i) {
            Runner& runner = runners_.emplace_back();
            runner.actor = std::move(actors[i]);
            runner.view = main_view_;
            runner.clock = main_clock_;
            runner.clock[i] = 1;
        }
        ++main_clock_[kMain];
        for (std::size_t i = 0; i < runners_.size(); ++i) {
            if (runners_[i].actor.starts) {
                begin(i);
            }
        }
    }

    bool run_steps() {
        ActorSet asleep = 0;
        std::size_t last = 0;
        while (report_.failure.empty()) {
            const ActorSet enabled = enabled_actors();
            if (enabled == 0) {
                return true;
            }
            if (depth_ == path_.size() && !add_step_choice(enabled, asleep, last)) {
                return false;
            }
            const std::size_t index = depth_++;
            const std::size_t actor = path_[index].chosen;
            const Access access = runners_[actor].next;
            order_step(actor, access, index);
            asleep = still_asleep(path_[index], actor, access);
            go_on(actor);
            if (started_ != kMain) {
                begin(std::exchange(started_, kMain));
            }
            last = actor;
        }
        return true;
    }

    [[nodiscard]] ActorSet enabled_actors() const {
        ActorSet enabled = 0;
        for (std::size_t i = 0; i < runners_.size(); ++i) {
            enabled |= runners_[i].status == Runner::Status::Ready ? bit(i) : 0;
        }
        return enabled;
    }

    // False when whoever could go on would only repeat what was explored before.
    bool add_step_choice(ActorSet enabled, ActorSet asleep, std::size_t last) {
        const ActorSet awake = enabled & ~asleep;
        if (awake == 0) {
            return false;
        }
        const std::size_t actor =
            (awake & bit(last)) != 0 ? last : static_cast<std::size_t>(std::countr_zero(awake));
        path_.push_back({.is_step = true,
                         .chosen = static_cast<std::uint32_t>(actor),
                         .enabled = enabled,
                         .wanted = options_.reduces ? bit(actor) : enabled,
                         .asleep = asleep});
        return true;
    }

    std::uint32_t choose(std::uint32_t count) {
        if (count == 1 || current_ == kMain) {
            return 0;
        }
        if (depth_ == path_.size()) {
            path_.push_back({.count = count});
        }
        return path_[depth_++].chosen;
    }

    // Moves the path on to the next schedule; false when all were explored.
    bool next_path() {
        while (!path_.empty()) {
            Choice& choice = path_.back();
            if (!choice.is_step) {
                if (++choice.chosen < choice.count) {
                    return true;
                }
            } else {
                choice.done |= bit(choice.chosen);
                const ActorSet left = choice.wanted & ~choice.done & ~choice.asleep;
                if (left != 0) {
                    choice.chosen = static_cast<std::uint32_t>(std::countr_zero(left));
                    return true;
                }
            }
            path_.pop_back();
        }
        return false;
    }

    // Reduction

    // Whoever was explored from here already need not go first as long as nothing comes that its
    // next step depends on.
    [[nodiscard]] ActorSet
    still_asleep(const Choice& choice, std::size_t actor, const Access& access) const {
        ActorSet asleep = 0;
        for (std::size_t i = 0; options_.reduces && i < runners_.size(); ++i) {
            if (((choice.asleep | choice.done) & bit(i)) != 0 && i != actor &&
                !depends(i, runners_[i].next, actor, access)) {
                asleep |= bit(i);
            }
        }
        return asleep;
    }

    // Notes the step and, for each earlier one it depends on and is not ordered after, wants the
    // other order as well.
    void order_step(std::size_t actor, const Access& access, std::size_t choice) {
        Runner& runner = runners_[actor];
        Clock clock = runner.steps;
        ActorSet looked = bit(actor);
        for (std::size_t at = steps_.size(); at-- > 0;) {
            const Step& earlier = steps_[at];
            if (!depends(earlier.actor, earlier.access, actor, access)) {
                continue;
            }
            if (clock[earlier.actor] <= at && (looked & bit(earlier.actor)) == 0) {
                want(path_[earlier.choice], actor);
            }
            looked |= bit(earlier.actor);
            join(clock, earlier.clock);
        }
        if (access.kind == Access::Kind::Kill) {
            path_[choice].wanted |= path_[choice].enabled & bit(access.target);
        }
        clock[actor] = static_cast<std::uint32_t>(steps_.size() + 1);
        runner.steps = clock;
        steps_.push_back({.actor = actor, .access = access, .choice = choice, .clock = clock});
    }

    static void want(Choice& choice, std::size_t actor) {
        choice.wanted |= (choice.enabled & bit(actor)) != 0 ? bit(actor) : choice.enabled;
    }

    // Memory

    std::size_t place_number(ScheduledPlace at) {
        for (std::size_t i = 0; i < places_.size(); ++i) {
            if (places_[i].at.address == at.address) {
                return i;
            }
        }
        Place& place = places_.emplace_back();
        place.at = at;
        std::memcpy(&place.before, at.address, at.bytes);
        place.stores.push_back({.value = place.before});
        if (places_.size() > kPlacesMax) {
            report_.failure = "the case touches too many words";
            places_.pop_back();
            return 0;
        }
        return places_.size() - 1;
    }

    PlainPlace& plain_place(const void* address) {
        for (PlainPlace& place : plain_places_) {
            if (place.address == address) {
                return place;
            }
        }
        plain_places_.push_back({.address = address});
        return plain_places_.back();
    }

    std::memory_order weakened(ScheduledPlace at, bool is_store, std::memory_order order) const {
        for (const Weakening& weakening : options_.weakenings) {
            if (weakening.address == at.address && weakening.is_store == is_store) {
                return weakening.order;
            }
        }
        return order;
    }

    View& view_of(std::size_t actor) { return actor == kMain ? main_view_ : runners_[actor].view; }

    Clock& clock_of(std::size_t actor) {
        return actor == kMain ? main_clock_ : runners_[actor].clock;
    }

    // Stacks

    static void enter_program();

    void begin(std::size_t actor) {
        Stack& stack = stacks_[actor];
        auto* const top = reinterpret_cast<std::uint64_t*>(
            reinterpret_cast<std::uintptr_t>(stack.bytes.get() + kStackBytes) &
            ~std::uintptr_t{15});
        constexpr std::size_t kSavedRegisters = 6;
        std::fill(top - 2 - kSavedRegisters, top, 0);
        top[-2] = reinterpret_cast<std::uint64_t>(&enter_program); // where the first switch returns
        stack.pointer = top - 2 - kSavedRegisters;
        go_on(actor);
    }

    // Lets the actor do its next access and go up to the one after.
    void go_on(std::size_t actor) {
        const std::size_t before = std::exchange(current_, actor);
        runners_[actor].status = Runner::Status::Ready;
        tandem_switch_stack(&main_stack_, stacks_[actor].pointer);
        current_ = before;
    }

    void leave() { tandem_switch_stack(&stacks_[current_].pointer, main_stack_); }

    void stop_before(const Access& access) {
        if (current_ != kMain) {
            runners_[current_].next = access;
            leave();
        }
    }

    // The story of a failure

    void note_value(std::uint64_t value, std::size_t age) {
        if (current_ != kMain) {
            steps_.back().value = value;
            steps_.back().age = age;
        }
    }

    [[nodiscard]] std::string story() const {
        std::string text = ":\n";
        for (const Step& step : steps_) {
            text += "  " + runners_[step.actor].actor.name + " ";
            switch (step.access.kind) {
            case Access::Kind::Load:
                text += "loads " + std::to_string(step.value) + " from ";
                break;
            case Access::Kind::Store:
                text += "stores " + std::to_string(step.value) + " to ";
                break;
            case Access::Kind::Kill:
                text += "kills " + runners_[step.access.target].actor.name + "\n";
                continue;
            case Access::Kind::Start:
                text += "starts " + runners_[step.access.target].actor.name + "\n";
                continue;
            }
            for (std::size_t i = 0; i < places_.size(); ++i) {
                if (places_[i].at.address == step.access.place.address) {
                    text += "word " + std::to_string(i);
                }
            }
            text += step.age > 0 ? ", " + std::to_string(step.age) + " stores late\n" : "\n";
        }
        return text;
    }

    ScheduleReport report_;
    ScheduleOptions options_;
    std::vector<Choice> path_;
    std::size_t depth_ = 0;
    std::vector<Step> steps_;
    std::vector<Runner> runners_;
    std::vector<Stack> stacks_;
    std::vector<Place> places_;
    std::vector<PlainPlace> plain_places_;
    View main_view_{};
    Clock main_clock_{};
    std::size_t current_ = kMain;
    std::size_t started_ = kMain;
    void* main_stack_ = nullptr;
};

namespace {

// Programs and atomics find their explorer here, while it explores.
ScheduleExplorer* exploring = nullptr; // NOLINT(*-avoid-non-const-global-variables)

} // namespace

ScheduleExplorer::ScheduleExplorer() : state_(std::make_unique<State>()) {}

ScheduleExplorer::~ScheduleExplorer() = default;

void ScheduleExplorer::State::enter_program() {
    exploring->state_->run_program();
}

ScheduleReport ScheduleExplorer::explore(ScheduleCase& explored, const ScheduleOptions& options) {
    exploring = this;
    ScheduleReport report = state_->explore(explored, options);
    exploring = nullptr;
    return report;
}

void ScheduleExplorer::require(bool holds, const char* what) {
    state_->require(holds, what);
}

void ScheduleExplorer::plain_read(const void* address) {
    state_->plain(address, false);
}

void ScheduleExplorer::plain_write(const void* address) {
    state_->plain(address, true);
}

void ScheduleExplorer::kill(std::size_t actor) {
    state_->kill(actor);
}

void ScheduleExplorer::start(std::size_t actor) {
    state_->start(actor);
}

// Outside of explore() (a fixture builds its region) they are plain accesses.
std::uint64_t scheduled_load(ScheduledPlace place, std::memory_order order) noexcept {
    if (exploring != nullptr) {
        return exploring->state_->load(place, order);
    }
    std::uint64_t value = 0;
    std::memcpy(&value, place.address, place.bytes);
    return value;
}

void scheduled_store(ScheduledPlace place, std::uint64_t value, std::memory_order order) noexcept {
    if (exploring != nullptr) {
        exploring->state_->store(place, value, order);
        return;
    }
    std::memcpy(place.address, &value, place.bytes);
}

} // namespace tandem::shm
