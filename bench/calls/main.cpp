// SPDX-License-Identifier: Apache-2.0
//
// bench_calls: whole calls through the real node on one core (bench/README.md). Prints tables on
// standard error and rows as JSON on standard output. Exit status: 0 every message was right,
// 1 some was not, 2 bad arguments or no memory.
#include <array>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <rte_errno.h>

#include "bench/calls/report.hpp"
#include "dataplane/port/eal.hpp"
#include "dataplane/port/packet_pool.hpp"
#include "dataplane/port/preflight.hpp"

namespace {

namespace bench = tandem::bench;
namespace port = tandem::dataplane::port;

// Both rings of the port full, and bursts under way.
constexpr std::uint32_t kPackets = 16'384;

struct Memory {
    rte_mempool* pool = nullptr;
    bool huge_pages = false;
};

Memory start_dpdk(const bench::Options& options) {
    const std::size_t bytes = port::pool_bytes(kPackets);
    const bool huge = options.huge_pages != 0 && port::free_huge_page_bytes() > 2 * bytes;
    std::vector<std::string> words = {"bench_calls",
                                      "--no-pci",
                                      "--no-telemetry",
                                      "--iova-mode=va",
                                      "--log-level=lib.*:warning",
                                      "--lcores=0@" + options.cpu};
    if (huge) {
        words.emplace_back("--in-memory");
    } else {
        words.insert(words.end(),
                     {"--no-huge", "--no-shconf", "-m", std::to_string((bytes >> 20U) + 64)});
    }
    if (const auto problem = port::start_eal(words)) {
        throw std::runtime_error(*problem);
    }
    rte_mempool* const pool = port::create_packet_pool("bench", kPackets);
    if (pool == nullptr) {
        throw std::runtime_error(rte_strerror(rte_errno));
    }
    return {.pool = pool, .huge_pages = huge};
}

void say(std::string_view what) {
    fmt::print(stderr, "{}\n", what);
}

int run(const bench::Options& options) {
    const Memory memory = start_dpdk(options);
    const bench::CycleRate rate;
    bench::stage_clock().calibrate();
    say(memory.huge_pages ? "packets and rings on huge pages" : "packets and rings on small pages");
    const auto phases = std::make_unique<bench::Phases>(options, *memory.pool, memory.huge_pages);
    say(fmt::format("registering {} numbers", options.numbers));
    phases->register_all();
    say(fmt::format("holding {} calls", options.held_calls));
    phases->hold_calls();
    bench::Results results;
    results.memory = phases->memory();
    say(fmt::format("calls: {} s, then {} s measured", options.fill_s, options.measure_s));
    results.calls = phases->load_calls(rate.cycles_per_ns());
    say(fmt::format("registrations: {} s, then {} s measured",
                    options.register_fill_s,
                    options.register_measure_s));
    results.registrations = phases->load_registrations(rate.cycles_per_ns());
    results.cycles_per_ns = rate.cycles_per_ns();
    bench::print_tables(results);
    const auto& calls = phases->calls();
    say(fmt::format("{} calls begun, {} complete, {} failed; {} messages checked, {} came again, "
                    "{} callers got 100",
                    calls.started,
                    calls.completed,
                    calls.failed,
                    calls.received,
                    calls.repeated,
                    calls.tryings));
    bench::print_drops(phases->node());
    const bool timed = bench::are_all_stages_timed(results.calls);
    if (phases->faults().count() > 0) {
        bench::print_faults(phases->faults());
    }
    bench::print_json(results);
    return timed && phases->faults().count() == 0 ? 0 : 1;
}

} // namespace

int main(int count, char** values) {
    const auto options = bench::read_options(count, values);
    if (!options) {
        return 2;
    }
    try {
        return run(*options);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "bench_calls: {}\n", problem.what());
        return 2;
    }
}
