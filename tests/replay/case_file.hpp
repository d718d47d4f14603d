// SPDX-License-Identifier: Apache-2.0
//
// A case of the replay suite as written in cases/*.replay: what goes in and what must come out,
// with times. Reading only; replay_test.cpp runs it. The words are explained in README.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tandem::replay {

struct Step {
    std::uint64_t at_ms = 0;
    std::string kind; // "in", "out", "event", "core", "trace"
    std::string words;
    std::string payload;
    std::size_t line = 0;
};

struct Count {
    std::string name;
    std::uint64_t expected = 0;
};

struct Case {
    bool core = false;      // a scripted core is attached
    bool announces = false; // gratuitous ARP at the start is part of the case
    std::uint32_t mtu = 1'500;
    std::uint32_t server_transactions = 64;
    std::uint64_t end_ms = 0;
    std::vector<std::string> neighbours; // addresses known from the start, at the phone's MAC
    std::vector<Step> steps;             // in the order of the file
    std::vector<Count> counts;
};

// Throws std::runtime_error with the line it does not understand.
[[nodiscard]] Case read_case(const std::string& path);

} // namespace tandem::replay
