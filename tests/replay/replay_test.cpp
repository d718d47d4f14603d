// SPDX-License-Identifier: Apache-2.0
//
// Runs every case of cases/: one node over a port in memory for each, time simulated in steps of a
// millisecond, and everything that comes out (frames, events, stages) compared as text with what
// the case says must come out. Needs no root and no huge pages.
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "case_file.hpp"
#include "dataplane/pipeline.hpp"
#include "frame_text.hpp"
#include "scripted_core.hpp"
#include "test_node.hpp"

namespace tandem::replay {
namespace {

constexpr base::MonotonicNs kStart = 1'000 * base::kNsPerS;

// What happened, in words; a payload as the lines of a case.
struct Happening {
    std::uint64_t at_ms = 0;
    std::string kind;
    std::string words;
    std::string payload;
};

std::string to_text(const Happening& happening) {
    std::string text =
        fmt::format("at {}ms {} {}\n", happening.at_ms, happening.kind, happening.words);
    const std::string& payload = happening.payload;
    bool printable = payload.size() >= 2 && payload.substr(payload.size() - 2) == "\r\n";
    for (const char c : payload) {
        printable = printable && (c == '\r' || c == '\n' || (c >= ' ' && c <= '~'));
    }
    if (!printable) {
        return payload.empty() ? text : text + "bytes " + hex_from_bytes(payload) + "\n";
    }
    std::size_t at = 0;
    while (at < payload.size()) {
        const std::size_t end = payload.find("\r\n", at);
        const std::string line = payload.substr(at, end - at);
        text += line.empty() ? "|\n" : "| " + line + "\n";
        at = end + 2;
    }
    return text;
}

// A line of a case may hold '*' for any characters: tags and times of the dataplane's own making.
bool matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t mark = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') {
        ++p;
    }
    return p == pattern.size();
}

bool matches(const Happening& expected, const Happening& happened) {
    return expected.at_ms == happened.at_ms && expected.kind == happened.kind &&
           matches(expected.words, happened.words) && matches(expected.payload, happened.payload);
}

class Player {
  public:
    explicit Player(const Case& replayed)
        : case_(replayed), node_({.mtu = replayed.mtu,
                                  .server_transactions = replayed.server_transactions,
                                  .announces = replayed.announces}) {
        for (const std::string& address : case_.neighbours) {
            node_.teach_neighbour(address, kStart);
        }
        if (case_.core) {
            node_.attach_core(kStart);
            core_ = std::make_unique<ScriptedCore>(node_);
            node_.burst(kStart);
            (void)core_->events(); // the client slots
        }
    }

    std::vector<Happening> all() {
        for (std::uint64_t ms = 0; ms <= case_.end_ms; ++ms) {
            feed(ms);
            node_.burst(kStart + ms * base::kNsPerMs);
            collect(ms);
        }
        return std::move(happened_);
    }

    TestNode& node() { return node_; }

  private:
    void feed(std::uint64_t ms) {
        for (const Step& step : case_.steps) {
            if (step.at_ms != ms) {
                continue;
            }
            if (step.kind == "in") {
                ASSERT_TRUE(node_.port().put(frame_from_text(step.words, step.payload)));
            } else if (step.kind == "core" && step.words == "come") {
                node_.attach_core(kStart + ms * base::kNsPerMs);
                core_ = std::make_unique<ScriptedCore>(node_);
            } else if (step.kind == "core") {
                core_->command(step.words, step.payload);
                if (step.words == "die") {
                    core_.reset();
                }
            } else if (step.kind == "trace") {
                traces_ = true;
                if (desk().status().session == 0) {
                    ASSERT_TRUE(desk().post({.packets = shm::kTracePacketsMax, .filter = {}}));
                }
            }
        }
    }

    void collect(std::uint64_t ms) {
        if (traces_) {
            traces_ = false;
            happened_.push_back({ms, "trace", stages(), {}});
        }
        for (const std::string& frame : node_.port().take()) {
            const FrameText text = text_from_frame(frame);
            happened_.push_back({ms, "out", text.words, text.payload});
        }
        if (core_ != nullptr && !core_->is_deaf()) {
            for (const std::string& event : core_->events()) {
                happened_.push_back({ms, "event", event, {}});
            }
        }
    }

    dataplane::trace::TraceDesk& desk() { return node_.node().state().trace.desk(); }

    // The stages that were visited since the last look.
    std::string stages() {
        std::vector<shm::TraceNote> notes(shm::kTraceNotesMax);
        const auto collected = shm::collect_trace(
            node_.node().region().worker_trace(0), desk().status().session, notes);
        std::string names;
        for (; noted_ < collected.count; ++noted_) {
            const shm::TraceNote& note = notes[noted_];
            if (note.kind != shm::TraceKind::Counted) {
                names += names.empty() ? "" : " ";
                names += base::stage_row(note.stage).name;
            }
        }
        return names;
    }

    const Case& case_;
    TestNode node_;
    std::unique_ptr<ScriptedCore> core_;
    bool traces_ = false;
    std::size_t noted_ = 0; // notes of the trace that were told
    std::vector<Happening> happened_;
};

std::vector<Happening> expected_of(const Case& replayed) {
    std::vector<Happening> expected;
    for (const Step& step : replayed.steps) {
        if (step.kind == "out" || step.kind == "event" || step.kind == "trace") {
            expected.push_back({step.at_ms, step.kind, step.words, step.payload});
        }
    }
    return expected;
}

class Replay : public testing::TestWithParam<std::string> {};

TEST_P(Replay, WhatComesOutIsWhatTheCaseSays) {
    const Case replayed = read_case(std::string(TANDEM_REPLAY_CASES) + "/" + GetParam());
    Player player(replayed);
    const std::vector<Happening> happened = player.all();
    const std::vector<Happening> expected = expected_of(replayed);
    std::string text;
    for (const Happening& happening : happened) {
        text += to_text(happening);
    }
    bool same = happened.size() == expected.size();
    for (std::size_t i = 0; i < std::min(happened.size(), expected.size()); ++i) {
        const bool fits = matches(expected[i], happened[i]);
        EXPECT_TRUE(fits) << "expected\n"
                          << to_text(expected[i]) << "happened\n"
                          << to_text(happened[i]);
        same = same && fits;
    }
    EXPECT_TRUE(same) << expected.size() << " expected, " << happened.size()
                      << " happened; all that happened:\n"
                      << text;
    for (const Count& count : replayed.counts) {
        EXPECT_EQ(player.node().counter(count.name), count.expected) << count.name;
    }
    // Whatever a case does, no packet stays behind in the node but those that wait for ARP.
    EXPECT_FALSE(player.node().node().link().events().is_corrupt());
}

std::vector<std::string> case_names() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(TANDEM_REPLAY_CASES)) {
        if (entry.path().extension() == ".replay") {
            names.push_back(entry.path().filename().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

INSTANTIATE_TEST_SUITE_P(Cases,
                         Replay,
                         testing::ValuesIn(case_names()),
                         [](const testing::TestParamInfo<std::string>& case_info) {
                             std::string name =
                                 case_info.param.substr(0, case_info.param.find('.'));
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

} // namespace
} // namespace tandem::replay
