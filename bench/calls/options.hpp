// SPDX-License-Identifier: Apache-2.0
//
// The command line of the benchmark. Read once, at start.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tandem::bench {

struct Options {
    std::uint32_t numbers = 100'000;    // DNs, all registered
    std::uint32_t held_calls = 10'000;  // of the memory measurement
    std::uint32_t fill_s = 40;          // until what lingers is full (64*T1 is 32 s)
    std::uint32_t measure_s = 40;       // slices, half of them timed by stage
    std::uint32_t register_fill_s = 33; // likewise for registrations
    std::uint32_t register_measure_s = 10;
    std::uint32_t registers_per_second = 50'000;
    std::uint32_t calls_per_second = 25'000; // what the pools are sized for
    std::uint32_t calls_limit = 0;           // started per second at most; 0: as many as go
    std::uint32_t huge_pages = 1;            // 0: none even where there are any (valgrind)
    std::uint32_t ring_ms = 250;             // a called phone's silence behind its 100
    std::uint64_t seed = 20'261'125;
    std::string cpu = "0";
};

// Nothing: the usage was printed.
[[nodiscard]] std::optional<Options> read_options(int count, char** values);

} // namespace tandem::bench
