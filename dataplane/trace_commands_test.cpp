// SPDX-License-Identifier: Apache-2.0
//
// From notes of both threads to what `trace` answers.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "dataplane/trace_commands.hpp"

namespace tandem::dataplane {
namespace {

using shm::TraceKind;
using shm::TraceNote;

TraceNote note(shm::TraceNumber number, base::MonotonicNs time_ns, base::Stage stage) {
    TraceNote out;
    out.number = number;
    out.time_ns = time_ns;
    out.stage = stage;
    return out;
}

TraceNote arrival(shm::TraceNumber number, base::MonotonicNs time_ns) {
    TraceNote out = note(number, time_ns, base::Stage::Rx);
    out.kind = TraceKind::Arrived;
    out.remote = {.address = {0x0a4d0064}, .port = 5060};
    out.local = {.address = {0x0a4d000a}, .port = 5060};
    out.set_text("INVITE sip:1001@10.77.0.10 SIP/2.0\r\n");
    return out;
}

trace::Status status_from(shm::TraceNumber first, std::uint32_t picked) {
    return {.phase = trace::Phase::Following,
            .session = 1,
            .first = first,
            .picked = picked,
            .wanted = 16,
            .filter = {}};
}

std::vector<std::string> stages_of(const nlohmann::json& answer, std::uint32_t packet) {
    std::vector<std::string> names;
    for (const auto& step : answer["steps"]) {
        if (step["packet"] == packet) {
            names.push_back(step["stage"]);
        }
    }
    return names;
}

TEST(TraceReport, JoinsBothThreadsInTheOrderOfTime) {
    const std::vector<TraceNote> worker = {arrival(5, 1'000),
                                           arrival(6, 1'100),
                                           note(5, 1'200, base::Stage::Publish),
                                           note(5, 3'000, base::Stage::Drain),
                                           note(5, 3'000, base::Stage::Tx)};
    const std::vector<TraceNote> core = {note(5, 2'000, base::Stage::CoreThread),
                                         note(5, 2'500, base::Stage::Router)};
    std::vector<config::Port> ports(1);
    ports[0].name = "sip0";
    const auto answer = trace_json({.status = status_from(5, 2),
                                    .worker = worker,
                                    .core = core,
                                    .wall_minus_monotonic_ns = 7 * base::kNsPerMs,
                                    .ports = ports});
    EXPECT_EQ(stages_of(answer, 1),
              (std::vector<std::string>{"rx", "publish", "core-thread", "router", "drain", "tx"}));
    EXPECT_EQ(stages_of(answer, 2), std::vector<std::string>{"rx"});
    EXPECT_EQ(answer["steps"][3]["ns"], 1'500);
    EXPECT_EQ(answer["steps"][3]["thread"], "core");
    EXPECT_EQ(answer["steps"][3]["file"], "controlplane/core/router.cpp");
    const auto& packet = answer["packets"][0];
    EXPECT_EQ(packet["port"], "sip0");
    EXPECT_EQ(packet["source"], "10.77.0.100:5060");
    EXPECT_EQ(packet["destination"], "10.77.0.10:5060");
    EXPECT_EQ(packet["arrived"], 7);
    EXPECT_EQ(packet["line"], "INVITE sip:1001@10.77.0.10 SIP/2.0");
    EXPECT_TRUE(packet["dropped"].is_null());
}

TEST(TraceReport, NamesTheReasonOfADrop) {
    TraceNote drop = note(1, 20, base::Stage::Ip4);
    drop.kind = TraceKind::Counted;
    drop.counter = static_cast<std::uint16_t>(shm::CounterId::IpBadChecksum);
    const std::vector<TraceNote> worker = {arrival(1, 10), drop};
    const auto answer =
        trace_json({.status = status_from(1, 1), .worker = worker, .core = {}, .ports = {}});
    EXPECT_EQ(answer["packets"][0]["dropped"], "ip_bad_checksum");
    EXPECT_EQ(answer["steps"][1]["what"], "drop ip_bad_checksum");
    EXPECT_TRUE(answer["packets"][0]["port"].is_null()) << "a port that is not configured";
}

TEST(TraceReport, SaysWhatLeaves) {
    TraceNote sent = note(1, 20, base::Stage::SendUdp);
    sent.kind = TraceKind::Sent;
    sent.local = {.address = {0x0a4d000a}, .port = 5060};
    sent.remote = {.address = {0x0a4d0065}, .port = 5062};
    sent.set_text("SIP/2.0 200 OK");
    const std::vector<TraceNote> worker = {arrival(1, 10), sent};
    const auto answer =
        trace_json({.status = status_from(1, 1), .worker = worker, .core = {}, .ports = {}});
    EXPECT_EQ(answer["steps"][1]["what"], "10.77.0.10:5060 > 10.77.0.101:5062 SIP/2.0 200 OK");
    EXPECT_EQ(answer["steps"][1]["kind"], "sent");
}

TEST(TraceReport, LeavesOutNumbersOfOtherTraces) {
    const std::vector<TraceNote> worker = {arrival(0xffff, 10), arrival(1, 11)};
    const std::vector<TraceNote> core = {note(0, 12, base::Stage::Core),
                                         note(2, 12, base::Stage::Core),
                                         note(0xfffe, 12, base::Stage::Core)};
    const auto answer =
        trace_json({.status = status_from(0xffff, 2), .worker = worker, .core = core, .ports = {}});
    EXPECT_EQ(answer["packets"].size(), 2U) << "the numbers went round";
    EXPECT_EQ(answer["steps"].size(), 2U);
}

TEST(TraceReport, TellsOnePacketWhenOneIsWanted) {
    const std::vector<TraceNote> worker = {arrival(1, 10), arrival(2, 11)};
    const auto answer = trace_json(
        {.status = status_from(1, 2), .worker = worker, .core = {}, .only = 2, .ports = {}});
    ASSERT_EQ(answer["packets"].size(), 1U);
    EXPECT_EQ(answer["packets"][0]["packet"], 2);
}

TEST(TraceReport, IsEmptyBeforeTheFirstTrace) {
    const auto answer = trace_json({.status = {}, .worker = {}, .core = {}, .ports = {}});
    EXPECT_EQ(answer["trace"]["state"], "never started");
    EXPECT_TRUE(answer["packets"].empty());
    EXPECT_TRUE(answer["steps"].empty());
}

} // namespace
} // namespace tandem::dataplane
