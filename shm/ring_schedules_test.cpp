// SPDX-License-Identifier: Apache-2.0
//
// Every schedule of a ring with a few records: a producer, a consumer, sleep and doorbell, the wrap
// at its end, a full ring, and the death of either side before any step. The sources are those of
// production, built over atomics that are stepped one by one. Each memory order in them is then
// weakened in turn, and must be missed: the check is not worth more than what it finds.
#include <array>
#include <cstdio>
#include <cstring>
#include <optional>
#include <set>
#include <sys/eventfd.h>
#include <unistd.h>
#include <vector>

#include "gtest/gtest.h"

#include "shm/ring.hpp"
#include "shm/ring_memory_for_test.hpp"
#include "shm/schedule_explorer_for_test.hpp"

namespace tandem::shm {
namespace {

constexpr std::size_t kCapacity = 128; // eight records of a number

struct RingCaseOptions {
    std::size_t before = 0;       // records that went through the ring before
    bool starts_odd = false;      // so that a record must go round the end behind padding
    std::size_t waiting = 0;      // records that lie in the ring when it starts
    std::uint64_t records = 3;    // that the producer wants to put in
    bool publishes_each = true;   // false: once, behind the last
    std::uint64_t aborts_at = 9;  // a claim of that number is begun and taken back first
    std::size_t looks = 4;        // how often the consumer peeks
    bool sleeps = false;          // the consumer falls asleep over an empty ring
    bool producer_dies = false;   // at any step
    bool consumer_dies = false;   // likewise
    bool publishes_early = false; // a fault: the tail moves before the record is committed
};

// What is written is what is read: once, in order, whole, and nothing else.
class RingCase final : public ScheduleCase {
  public:
    explicit RingCase(const RingCaseOptions& options)
        : options_(options), bell_(::eventfd(0, EFD_NONBLOCK)) {}

    ~RingCase() override { ::close(bell_); }

    RingCase(const RingCase&) = delete;
    RingCase& operator=(const RingCase&) = delete;

    ScheduleReport explore(const std::vector<Weakening>& weakenings = {}) {
        return explorer_.explore(*this, {.weakenings = weakenings});
    }

    // Every order of all accesses, also of those that commute.
    ScheduleReport explore_all() { return explorer_.explore(*this, {.reduces = false}); }

    // What schedules ended with: how far was put in, published and read, and the two flags.
    std::set<std::array<std::uint64_t, 5>> endings;

    RingCursors& cursors() { return memory_.cursors(); }

    std::uint64_t& word(std::size_t offset) { return memory_.word(offset); }

    void set_up() override {
        cursors().producer.tail_bytes.store(0);
        cursors().consumer.head_bytes.store(0);
        producer_.emplace(memory_.memory());
        consumer_.emplace(memory_.memory());
        published_ = 0;
        next_ = 0;
        read_ = 0;
        is_asleep_ = false;
        is_rung_ = false;
        if (options_.starts_odd) { // a record without payload moves all others by half a record
            require(producer_->claim(2, 0) != nullptr, "no room for the odd one");
            producer_->commit(0);
            producer_->publish();
            require(consumer_->peek().has_value(), "the odd one");
            consumer_->release();
        }
        for (std::size_t i = 0; i < options_.before; ++i) {
            require(put(), "no room before");
            producer_->publish();
            published_ = next_;
            take();
        }
        for (std::size_t i = 0; i < options_.waiting; ++i) {
            require(put(), "no room for those that wait");
        }
        producer_->publish();
        published_ = next_;
        goal_ = next_ + options_.records;
    }

    std::vector<Actor> actors() override {
        std::vector<Actor> actors = {{.name = "producer", .program = [this] { produce(); }},
                                     {.name = "consumer", .program = [this] { consume(); }}};
        if (options_.producer_dies || options_.consumer_dies) {
            const std::size_t victim = options_.producer_dies ? 0 : 1;
            actors.push_back(
                {.name = "fate", .program = [this, victim] { explorer_.kill(victim); }});
        }
        return actors;
    }

    void finish() override {
        endings.insert({next_, published_, read_, is_asleep_, is_rung_});
        if (is_asleep_ && read_ < published_) {
            require(is_rung_, "the consumer sleeps over work");
        }
        if (options_.consumer_dies) {
            expect_unread();
            return;
        }
        while (take()) {
        }
        require(read_ == published_, "a published record was not read");
        require(!consumer_->is_corrupt() && !producer_->is_corrupt(), "called corrupt");
    }

  private:
    void require(bool holds, const char* what) { explorer_.require(holds, what); }

    bool put() {
        if (next_ == options_.aborts_at && producer_->claim(3, 8) != nullptr) {
            producer_->abort();
        }
        std::byte* const at = producer_->claim(1, sizeof next_);
        if (at == nullptr) {
            require(!producer_->is_corrupt(), "the producer calls the ring corrupt");
            return false;
        }
        if (options_.publishes_early) {
            cursors().producer.tail_bytes.store(producer_->position() + 16);
        }
        explorer_.plain_write(at);
        std::memcpy(at, &next_, sizeof next_);
        producer_->commit(sizeof next_);
        ++next_;
        return true;
    }

    void publish() {
        // Noted first: from the step that stores the tail on they count.
        const std::uint64_t shown = next_;
        producer_->publish();
        published_ = shown;
        is_rung_ = producer_->ring_doorbell_if_asleep(bell_) || is_rung_;
    }

    void produce() {
        constexpr int kTriesMax = 4;
        for (int tries = 0; next_ < goal_ && tries < kTriesMax; ++tries) {
            const bool is_put = put();
            if (options_.publishes_each && is_put) {
                publish();
            }
        }
        publish();
    }

    bool take() {
        const auto record = consumer_->peek();
        if (!record) {
            return false;
        }
        require(record->type == 1, "a record that was never put in");
        require(record->payload.size() == sizeof read_, "a record of another length");
        explorer_.plain_read(record->payload.data());
        std::uint64_t number = 0;
        std::memcpy(&number, record->payload.data(), sizeof number);
        require(number == read_, "a record out of order, twice or torn");
        consumer_->release();
        ++read_;
        return true;
    }

    void consume() {
        for (std::size_t look = 0; look < options_.looks; ++look) {
            if (!take() && options_.sleeps && consumer_->fall_asleep()) {
                is_asleep_ = true;
                return;
            }
        }
    }

    // What the dead consumer did not release, and that alone, is found.
    void expect_unread() {
        std::uint64_t expected = read_;
        producer_->for_each_unread([&](const Record& record) {
            std::uint64_t number = 0;
            explorer_.plain_read(record.payload.data());
            std::memcpy(&number, record.payload.data(), sizeof number);
            require(record.type == 1 && number == expected, "not what was left unread");
            ++expected;
        });
        require(expected == published_, "an unread record is missing");
        require(!producer_->is_corrupt(), "the producer calls the ring corrupt");
    }

    RingCaseOptions options_;
    int bell_;
    ScheduleExplorer explorer_;
    RingMemoryForTest memory_{kCapacity};
    std::optional<RingProducer> producer_;
    std::optional<RingConsumer> consumer_;
    std::uint64_t next_ = 0;      // to be put in
    std::uint64_t goal_ = 0;      // where the producer stops
    std::uint64_t published_ = 0; // all below were shown to the consumer
    std::uint64_t read_ = 0;      // all below were read and released
    bool is_asleep_ = false;
    bool is_rung_ = false;
};

struct NamedCase {
    const char* name;
    RingCaseOptions options;
    std::uint64_t schedules_min; // as found; fewer means that the explorer skips some
};

class RingSchedules : public testing::TestWithParam<NamedCase> {};

TEST_P(RingSchedules, AllHold) {
    RingCase ring(GetParam().options);
    const ScheduleReport report = ring.explore();
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
    RingSchedules,
    testing::Values(
        NamedCase{"three_records", {.looks = 5}, 52},
        NamedCase{"four_records", {.records = 4, .looks = 6}, 171},
        NamedCase{"one_burst", {.publishes_each = false}, 5},
        NamedCase{"round_the_end", {.before = 6, .records = 4, .looks = 5}, 402},
        NamedCase{"padding_at_the_end", {.before = 6, .starts_odd = true, .looks = 5}, 122},
        NamedCase{"full", {.waiting = 7, .looks = 4}, 1'532},
        NamedCase{"full_behind_padding",
                  {.before = 3, .starts_odd = true, .waiting = 6, .records = 2, .looks = 4},
                  380},
        NamedCase{"aborted_claim", {.aborts_at = 1, .looks = 5}, 52},
        NamedCase{"sleep_and_doorbell", {.looks = 5, .sleeps = true}, 1'285},
        NamedCase{"producer_dies", {.looks = 5, .producer_dies = true}, 295},
        NamedCase{"consumer_dies", {.looks = 5, .consumer_dies = true}, 235},
        NamedCase{"consumer_dies_full", {.waiting = 7, .looks = 4, .consumer_dies = true}, 2'933}),
    [](const auto& tested) { return std::string(tested.param.name); });

// The reduction leaves nothing out: cases small enough for every single order end in the same ways
// with it and without.
TEST(RingSchedules, EndAsWithoutReduction) {
    for (const RingCaseOptions& options : {
             RingCaseOptions{.records = 2, .looks = 2},
             RingCaseOptions{.records = 1, .looks = 1, .sleeps = true},
             RingCaseOptions{.records = 1, .looks = 2, .producer_dies = true},
             RingCaseOptions{.records = 1, .looks = 2, .consumer_dies = true},
             RingCaseOptions{.waiting = 7, .records = 2, .looks = 1},
         }) {
        RingCase reduced(options);
        RingCase whole(options);
        const ScheduleReport few = reduced.explore();
        const ScheduleReport all = whole.explore_all();
        std::printf("%llu of %llu schedules\n",
                    static_cast<unsigned long long>(few.schedules),
                    static_cast<unsigned long long>(all.schedules));
        EXPECT_EQ(few.failure, "");
        EXPECT_EQ(all.failure, "");
        EXPECT_EQ(reduced.endings, whole.endings);
        EXPECT_LT(few.schedules, all.schedules);
    }
}

// Faults that must be found

TEST(RingSchedules, FindAPublicationBeforeTheCommit) {
    RingCase ring({.records = 1, .publishes_early = true});
    EXPECT_NE(ring.explore().failure, "");
}

TEST(RingSchedules, FindATailThatPublishesNothing) {
    RingCase ring({});
    EXPECT_NE(ring.explore({{&ring.cursors().producer.tail_bytes, true}}).failure, "");
}

TEST(RingSchedules, FindATailThatIsReadWithoutAcquire) {
    RingCase ring({});
    EXPECT_NE(ring.explore({{&ring.cursors().producer.tail_bytes, false}}).failure, "");
}

TEST(RingSchedules, FindAHeadThatReleasesNothing) {
    RingCase ring({.waiting = 7, .looks = 3});
    EXPECT_NE(ring.explore({{&ring.cursors().consumer.head_bytes, true}}).failure, "");
}

TEST(RingSchedules, FindAHeadThatIsReadWithoutAcquire) {
    RingCase ring({.waiting = 7, .looks = 3});
    EXPECT_NE(ring.explore({{&ring.cursors().consumer.head_bytes, false}}).failure, "");
}

// Release and acquire are not enough to fall asleep: all four accesses need the single order.
TEST(RingSchedules, FindALostWakeUp) {
    const RingCaseOptions options{.records = 1, .looks = 1, .sleeps = true};
    for (const bool is_store : {false, true}) {
        const auto order = is_store ? std::memory_order_release : std::memory_order_acquire;
        RingCase tail(options);
        EXPECT_NE(tail.explore({{&tail.cursors().producer.tail_bytes, is_store, order}}).failure,
                  "");
        RingCase sleeps(options);
        EXPECT_NE(sleeps.explore({{&sleeps.cursors().consumer.sleeps, is_store, order}}).failure,
                  "");
    }
}

} // namespace
} // namespace tandem::shm
