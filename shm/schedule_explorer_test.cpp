// SPDX-License-Identifier: Apache-2.0
//
// The explorer itself, by the small cases everybody knows the answers to: which values the memory
// model lets be read, which races there are, and that every schedule is reached where a process can
// die anywhere. A check of the rings is worth what this is worth.
#include <array>
#include <set>
#include <string>

#include "gtest/gtest.h"

#include "shm/schedule_explorer_for_test.hpp"

namespace tandem::shm {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kRelease = std::memory_order_release;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kSequential = std::memory_order_seq_cst;

// Two words, up to three programs, and what they see.
class Litmus final : public ScheduleCase {
  public:
    using Program = std::function<void(Litmus&)>;

    explicit Litmus(std::vector<Program> programs) : programs_(std::move(programs)) {}

    void set_up() override {
        x.store(0, kRelaxed);
        y.store(0, kRelaxed);
        left = 9;
        right = 9;
    }

    std::vector<Actor> actors() override {
        std::vector<Actor> actors;
        for (std::size_t i = 0; i < programs_.size(); ++i) {
            actors.push_back(
                {.name = std::to_string(i), .program = [this, i] { programs_[i](*this); }});
        }
        return actors;
    }

    void finish() override { outcomes.insert(std::to_string(left) + std::to_string(right)); }

    // Every pair of `left` and `right` that some schedule ends with, or the failure.
    std::string outcomes_of() {
        const ScheduleReport report = explorer.explore(*this);
        std::string text = report.failure;
        for (const std::string& one : outcomes) {
            text += (text.empty() ? "" : " ") + one;
        }
        return text;
    }

    ScheduleExplorer explorer;
    Atomic<std::uint64_t> x = 0;
    Atomic<std::uint64_t> y = 0;
    std::uint64_t plain = 0;
    std::uint64_t left = 9;
    std::uint64_t right = 9;
    std::set<std::string> outcomes;

  private:
    std::vector<Program> programs_;
};

std::string store_buffering(std::memory_order store, std::memory_order load) {
    Litmus pair({[=](Litmus& at) {
                     at.x.store(1, store);
                     at.left = at.y.load(load);
                 },
                 [=](Litmus& at) {
                     at.y.store(1, store);
                     at.right = at.x.load(load);
                 }});
    return pair.outcomes_of();
}

TEST(ScheduleExplorer, StoreBufferingNeedsTheSingleOrder) {
    EXPECT_EQ(store_buffering(kSequential, kSequential), "01 10 11");
    EXPECT_EQ(store_buffering(kRelease, kAcquire), "00 01 10 11");
    EXPECT_EQ(store_buffering(kRelaxed, kRelaxed), "00 01 10 11");
}

std::string message_passing(std::memory_order store, std::memory_order load) {
    Litmus pair({[=](Litmus& at) {
                     at.x.store(1, kRelaxed);
                     at.y.store(1, store);
                 },
                 [=](Litmus& at) {
                     at.left = at.y.load(load);
                     at.right = at.x.load(kRelaxed);
                 }});
    return pair.outcomes_of();
}

TEST(ScheduleExplorer, MessagePassingNeedsReleaseAndAcquire) {
    EXPECT_EQ(message_passing(kRelease, kAcquire), "00 01 11");
    EXPECT_EQ(message_passing(kRelaxed, kAcquire), "00 01 10 11");
    EXPECT_EQ(message_passing(kRelease, kRelaxed), "00 01 10 11");
}

TEST(ScheduleExplorer, AWordIsNeverSeenGoingBack) {
    Litmus pair({[](Litmus& at) {
                     at.x.store(1, kRelaxed);
                     at.x.store(2, kRelaxed);
                 },
                 [](Litmus& at) {
                     at.left = at.x.load(kRelaxed);
                     at.right = at.x.load(kRelaxed);
                 }});
    EXPECT_EQ(pair.outcomes_of(), "00 01 02 11 12 22");
}

std::string plain_bytes(std::memory_order store) {
    Litmus pair({[=](Litmus& at) {
                     at.explorer.plain_write(&at.plain);
                     at.plain = 7;
                     at.x.store(1, store);
                 },
                 [](Litmus& at) {
                     if (at.x.load(kAcquire) == 1) {
                         at.explorer.plain_read(&at.plain);
                         at.left = at.plain;
                     }
                 }});
    return pair.outcomes_of();
}

TEST(ScheduleExplorer, FindsARaceOnPlainBytes) {
    EXPECT_EQ(plain_bytes(kRelease), "79 99");
    EXPECT_EQ(plain_bytes(kRelaxed).substr(0, 4), "race");
}

// Overwriting what is still being read: the reader's release is what makes it good.
std::string reuse(std::memory_order store) {
    Litmus pair({[=](Litmus& at) {
                     at.explorer.plain_read(&at.plain);
                     at.x.store(1, store);
                 },
                 [](Litmus& at) {
                     if (at.x.load(kAcquire) == 1) {
                         at.explorer.plain_write(&at.plain);
                     }
                 }});
    return pair.outcomes_of();
}

TEST(ScheduleExplorer, FindsAWriteOverWhatIsBeingRead) {
    EXPECT_EQ(reuse(kRelease), "99");
    EXPECT_EQ(reuse(kRelaxed).substr(0, 4), "race");
}

// Three stores of one program and a death: every prefix is what is left behind, and a loader in
// between sees each of them.
class Death final : public ScheduleCase {
  public:
    void set_up() override { x_.store(0, kRelaxed); }

    std::vector<Actor> actors() override {
        const auto write = [this] {
            for (std::uint64_t value = 1; value <= 3; ++value) {
                x_.store(value, kRelaxed);
            }
        };
        const auto kill = [this] {
            explorer.kill(0);
            explorer.start(2);
        };
        const auto look = [this] { seen_ = x_.load(kRelaxed); };
        return {{.name = "writer", .program = write},
                {.name = "fate", .program = kill},
                {.name = "heir", .program = look, .starts = false}};
    }

    void finish() override {
        left.insert(x_.load(kRelaxed));
        explorer.require(seen_ == x_.load(kRelaxed), "an heir sees all its predecessor wrote");
    }

    ScheduleExplorer explorer;
    std::set<std::uint64_t> left;

  private:
    Atomic<std::uint64_t> x_ = 0;
    std::uint64_t seen_ = 0;
};

TEST(ScheduleExplorer, AProcessDiesBeforeEveryStep) {
    Death death;
    const auto report = death.explorer.explore(death);
    EXPECT_EQ(report.failure, "");
    EXPECT_EQ(death.left, (std::set<std::uint64_t>{0, 1, 2, 3}));
    EXPECT_EQ(report.schedules, 4U);
}

// What commutes is explored once: three programs with words of their own have one schedule, two
// that store to one word have two.
TEST(ScheduleExplorer, StepsThatCommuteAreExploredOnce) {
    std::array<Atomic<std::uint64_t>, 3> words{};
    Litmus apart({[&](Litmus&) { words[0].store(1, kRelaxed); },
                  [&](Litmus&) { words[1].store(1, kRelaxed); },
                  [&](Litmus&) { words[2].store(1, kRelaxed); }});
    EXPECT_EQ(apart.explorer.explore(apart).schedules, 1U);
    Litmus together(
        {[](Litmus& at) { at.x.store(1, kRelaxed); }, [](Litmus& at) { at.x.store(2, kRelaxed); }});
    EXPECT_EQ(together.explorer.explore(together).schedules, 2U);
}

} // namespace
} // namespace tandem::shm
