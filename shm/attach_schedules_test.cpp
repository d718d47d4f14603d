// SPDX-License-Identifier: Apache-2.0
//
// Every schedule of the attach handshake with records under way: a worker, a core, its death before
// any step, and the core that comes after it, noticed at once, late or never by whoever watches
// for deaths. A record belongs to one attachment; what a dead core was given and did not release is
// found once, for the 503, and what it had said is still carried out. The sources are those of
// production, over atomics that are stepped one by one.
#include <cstdio>
#include <cstring>
#include <map>
#include <optional>
#include <vector>

#include "gtest/gtest.h"

#include "shm/attach.hpp"
#include "shm/schedule_explorer_for_test.hpp"

namespace tandem::shm {
namespace {

using Numbers = std::vector<std::uint64_t>;

struct AttachCaseOptions {
    bool starts_attached = true;
    bool dies = true;             // the first core, before any of its steps
    bool death_is_told = true;    // false: it is back before anybody noticed
    bool heir_asks_first = false; // a fault: it can ask before it is told that it lives
    std::size_t worker_rounds = 3;
    std::size_t core_rounds = 2;
    std::size_t heir_rounds = 2;
};

// All that one attachment carried.
struct Attachment {
    Numbers events;   // published by the worker
    Numbers read;     // released by the core
    Numbers unread;   // found by the worker when it closed
    Numbers commands; // published by the core
    Numbers executed; // by the worker
};

class AttachCase final : public ScheduleCase {
  public:
    explicit AttachCase(const AttachCaseOptions& options)
        : options_(options), region_(std::move(*Region::create({.dataplane_epoch = 1,
                                                                .event_ring_bytes = kRingBytesMin,
                                                                .command_ring_bytes = kRingBytesMin,
                                                                .note_count = kNoteCountMin,
                                                                .limits = {},
                                                                .try_huge_pages = false}))) {}

    ScheduleReport explore(const std::vector<Weakening>& weakenings = {}) {
        return explorer_.explore(*this, {.weakenings = weakenings});
    }

    [[nodiscard]] const Region& region() const { return region_; }

    void set_up() override {
        attachments_.clear();
        cores_.clear();
        cores_.resize(2);
        next_ = 0;
        is_quiet_ = false;
        region_.dataplane_line().controlplane_pid.store(1);
        worker_.emplace(region_, 0);
        if (options_.starts_attached) {
            cores_[0].link.emplace(region_, 0);
            for (int turn = 0; turn < 4; ++turn) {
                core_turn(cores_[0]);
                worker_turn();
            }
            require(worker_->is_open() && cores_[0].link->is_open(), "not attached at the start");
        }
    }

    std::vector<Actor> actors() override {
        const auto worker = [this] {
            for (std::size_t round = 0; round < options_.worker_rounds; ++round) {
                worker_turn();
            }
        };
        const auto core = [this](std::size_t which, std::size_t rounds) {
            Core& alive = cores_[which];
            if (!alive.link) {
                alive.link.emplace(region_, 0);
            }
            for (std::size_t round = 0; round < rounds; ++round) {
                core_turn(alive);
            }
        };
        std::vector<Actor> actors = {
            {.name = "worker", .program = worker},
            {.name = "core", .program = [=, this] { core(0, options_.core_rounds); }}};
        if (options_.dies) {
            actors.push_back({.name = "fate", .program = [this] { end_the_core(); }});
            actors.push_back({.name = "heir",
                              .program = [=, this] { core(1, options_.heir_rounds); },
                              .starts = false});
        }
        return actors;
    }

    // Both sides go on and say nothing new; then all accounts must be right.
    void finish() override {
        is_quiet_ = true;
        Core& core = cores_[options_.dies ? 1 : 0];
        for (int turn = 0; turn < 8; ++turn) {
            core_turn(core);
            worker_turn();
        }
        require(core.link->is_open() && worker_->is_open(), "not attached at the end");
        require(core.link->corrupt_count() == 0, "the core calls a ring corrupt");
        require(region_.attach_grant(0).rings_found_corrupt.load() == 0,
                "the worker calls a ring corrupt");
        for (const auto& [number, attachment] : attachments_) {
            check(attachment);
        }
    }

  private:
    struct Core {
        std::optional<CoreLink> link;
        std::uint64_t number = 0; // of the attachment it has, as it stands in what it reads
    };

    void require(bool holds, const char* what) { explorer_.require(holds, what); }

    void check(const Attachment& attachment) {
        Numbers seen = attachment.read;
        seen.insert(seen.end(), attachment.unread.begin(), attachment.unread.end());
        // Of the attachment that is still open all was read above.
        require(seen == attachment.events, "an event lost, twice or out of order");
        require(attachment.executed == attachment.commands, "a command lost, twice or invented");
    }

    void end_the_core() {
        auto& pid = region_.dataplane_line().controlplane_pid;
        explorer_.kill(1);
        if (options_.death_is_told) {
            pid.store(0, std::memory_order_release);
        }
        if (options_.heir_asks_first) {
            explorer_.start(3);
        }
        pid.store(2, std::memory_order_release);
        if (!options_.heir_asks_first) {
            explorer_.start(3);
        }
    }

    // A record holds its number, and the attachment it belongs to above.
    bool put(RingProducer& ring, std::uint64_t number) {
        std::byte* const at = ring.claim(1, sizeof number);
        if (at == nullptr) {
            return false;
        }
        explorer_.plain_write(at);
        std::memcpy(at, &number, sizeof number);
        ring.commit(sizeof number);
        ring.publish();
        return true;
    }

    std::uint64_t number_of(const Record& record) {
        require(record.type == 1 && record.payload.size() == 8, "a record that was never put in");
        explorer_.plain_read(record.payload.data());
        std::uint64_t number = 0;
        std::memcpy(&number, record.payload.data(), sizeof number);
        return number;
    }

    static std::uint64_t attachment_of(std::uint64_t record) { return record >> 32U; }

    void execute_one() {
        const auto record = worker_->commands().peek();
        if (record) {
            const std::uint64_t number = number_of(*record);
            worker_->commands().release();
            attachments_[attachment_of(number)].executed.push_back(number);
        }
    }

    void worker_turn() {
        const std::uint64_t granted = granted_;
        switch (worker_->poll()) {
        case LinkChange::Closed:
            for (int commands = 0; commands < 8; ++commands) {
                execute_one();
            }
            worker_->for_each_unread([&](const Record& record) {
                attachments_[granted].unread.push_back(number_of(record));
            });
            return;
        case LinkChange::Opened:
            granted_ = region_.attach_grant(0).granted.load(std::memory_order_relaxed);
            break;
        case LinkChange::None:
            break;
        }
        if (!worker_->is_open()) {
            return;
        }
        const std::uint64_t event = granted_ << 32U | ++next_;
        if (!is_quiet_ && put(worker_->events(), event)) {
            attachments_[granted_].events.push_back(event);
        }
        execute_one();
    }

    void core_turn(Core& core) {
        if (core.link->poll() == LinkChange::Opened) {
            core.number = 0;
        }
        if (!core.link->is_open()) {
            return;
        }
        if (const auto record = core.link->events().peek()) {
            const std::uint64_t number = number_of(*record);
            core.link->events().release();
            require(core.number == 0 || core.number == attachment_of(number),
                    "an event of another attachment");
            core.number = attachment_of(number);
            attachments_[core.number].read.push_back(number);
        }
        if (core.number != 0 &&
            !is_quiet_) { // it has read from this attachment, so it knows its number
            const std::uint64_t command = core.number << 32U | ++next_;
            if (put(core.link->commands(), command)) {
                attachments_[core.number].commands.push_back(command);
            }
        }
    }

    AttachCaseOptions options_;
    ScheduleExplorer explorer_;
    Region region_;
    std::optional<WorkerLink> worker_;
    std::vector<Core> cores_;
    std::map<std::uint64_t, Attachment> attachments_;
    std::uint64_t granted_ = 0; // of the attachment the worker has
    std::uint64_t next_ = 0;    // makes every record another one
    bool is_quiet_ = false;
};

struct NamedCase {
    const char* name;
    AttachCaseOptions options;
    std::uint64_t schedules_min; // as found; fewer means that the explorer skips some
};

class AttachSchedules : public testing::TestWithParam<NamedCase> {};

TEST_P(AttachSchedules, AllHold) {
    AttachCase attach(GetParam().options);
    const ScheduleReport report = attach.explore();
    std::printf("%s: %llu schedules, %llu cut, %llu steps\n",
                GetParam().name,
                static_cast<unsigned long long>(report.schedules),
                static_cast<unsigned long long>(report.cut),
                static_cast<unsigned long long>(report.steps));
    EXPECT_EQ(report.failure, "");
    EXPECT_GE(report.schedules, GetParam().schedules_min);
}

INSTANTIATE_TEST_SUITE_P(
    Cases,
    AttachSchedules,
    testing::Values(
        NamedCase{"first_attach", {.starts_attached = false, .dies = false, .core_rounds = 3}, 131},
        NamedCase{"records_both_ways", {.dies = false, .core_rounds = 3}, 126},
        NamedCase{"death_is_told", {}, 17'170},
        NamedCase{"death_is_not_told", {.death_is_told = false}, 6'936},
        NamedCase{"death_while_attaching", {.starts_attached = false}, 11'093}),
    [](const auto& tested) { return std::string(tested.param.name); });

// Every order of the handshake that is stronger than relaxed is needed: without it, one of the
// cases goes wrong.

struct Order {
    const char* name;
    const void* (*word)(const Region& region);
    bool is_store;
};

class AttachOrders : public testing::TestWithParam<Order> {};

TEST_P(AttachOrders, IsMissed) {
    std::string failures;
    for (const AttachCaseOptions& options : {
             AttachCaseOptions{.worker_rounds = 2},
             AttachCaseOptions{.death_is_told = false},
             AttachCaseOptions{.starts_attached = false},
         }) {
        AttachCase attach(options);
        failures +=
            attach.explore({{GetParam().word(attach.region()), GetParam().is_store}}).failure;
    }
    EXPECT_NE(failures, "");
}

const void* granted_of(const Region& region) {
    return &region.attach_grant(0).granted;
}

const void* requested_of(const Region& region) {
    return &region.attach_request(0).requested;
}

const void* confirmed_of(const Region& region) {
    return &region.attach_request(0).confirmed;
}

const void* pid_of(const Region& region) {
    return &region.dataplane_line().controlplane_pid;
}

INSTANTIATE_TEST_SUITE_P(Each,
                         AttachOrders,
                         testing::Values(Order{"granted_store", granted_of, true},
                                         Order{"granted_load", granted_of, false},
                                         Order{"requested_store", requested_of, true},
                                         Order{"requested_load", requested_of, false},
                                         Order{"confirmed_store", confirmed_of, true},
                                         Order{"confirmed_load", confirmed_of, false},
                                         Order{"pid_store", pid_of, true},
                                         Order{"pid_load", pid_of, false}),
                         [](const auto& tested) { return std::string(tested.param.name); });

// The hand-over tells that a control plane lives before it gives it the region.
TEST(AttachSchedules, FindAHeirThatAsksBeforeItIsTold) {
    AttachCase attach({.starts_attached = false, .heir_asks_first = true});
    EXPECT_NE(attach.explore().failure, "");
}

} // namespace
} // namespace tandem::shm
