// SPDX-License-Identifier: Apache-2.0
//
// Which stage the thread is in, and how many cycles each has had. Stages nest: the time of an inner
// one is not the outer one's. One reading of the counter per change; what the readings cost is
// measured and taken off. Off, it costs one comparison per change. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bench/calls/cycles.hpp"

namespace tandem::bench {

enum class TimedStage : std::uint8_t {
    Outside, // the loop between stages
    Rx,
    Ether,
    Arp,
    Ip4,
    Icmp,
    Udp,
    Screen,
    Sip,
    Transaction,
    Expire,
    Publish,
    Intake,
    Core,
    Effects,
    Drain,
    SendUdp,
    SendIp4,
    SendEther,
    Tx,
};
constexpr std::array<std::string_view, 20> kTimedStageNames = {
    "outside", "rx",    "ether",       "arp",      "ip4",        "icmp",   "udp",
    "screen",  "sip",   "transaction", "expire",   "publish",    "intake", "core",
    "effects", "drain", "send-udp",    "send-ip4", "send-ether", "tx"};

struct StageTime {
    std::uint64_t cycles = 0; // without inner stages
    std::uint64_t visits = 0;
};

using StageTimes = std::array<StageTime, kTimedStageNames.size()>;

class StageClock {
  public:
    [[nodiscard]] bool is_on() const { return is_on_; }

    void turn_on();
    void turn_off();

    void enter(TimedStage stage) {
        const std::uint64_t now = cycles();
        at(stack_[depth_]).cycles += now - last_;
        stack_[++depth_] = stage;
        ++at(stage).visits;
        last_ = now;
    }

    void leave() {
        const std::uint64_t now = cycles();
        at(stack_[depth_]).cycles += now - last_;
        --depth_;
        ++at(stack_[depth_]).visits_inside;
        last_ = now;
    }

    // What was measured since the start, with the cost of the readings taken off.
    [[nodiscard]] StageTimes times() const;

    // Cycles the visit of an empty stage adds to itself and to the stage around it.
    [[nodiscard]] double own_cost() const { return inner_cost_; }

    [[nodiscard]] double outer_cost() const { return outer_cost_; }

    // Measures the two numbers above; at the start.
    void calibrate();

  private:
    struct Row {
        std::uint64_t cycles = 0;
        std::uint64_t visits = 0;
        std::uint64_t visits_inside = 0; // of stages directly inside this one
    };

    [[nodiscard]] Row& at(TimedStage stage) { return rows_[static_cast<std::size_t>(stage)]; }

    static constexpr std::size_t kDepthMax = 16;

    bool is_on_ = false;
    std::uint64_t last_ = 0;
    std::size_t depth_ = 0;
    std::array<TimedStage, kDepthMax> stack_{};
    std::array<Row, kTimedStageNames.size()> rows_{};
    double inner_cost_ = 0;
    double outer_cost_ = 0;
};

// The one clock of the program: the functions that stand in for stages (timed_calls.cpp) have no
// other way to it.
[[nodiscard]] StageClock& stage_clock();

class Timed {
  public:
    explicit Timed(TimedStage stage) : is_on_(stage_clock().is_on()) {
        if (is_on_) {
            stage_clock().enter(stage);
        }
    }

    Timed(const Timed&) = delete;
    Timed& operator=(const Timed&) = delete;

    ~Timed() {
        if (is_on_) {
            stage_clock().leave();
        }
    }

  private:
    bool is_on_;
};

} // namespace tandem::bench
