// SPDX-License-Identifier: Apache-2.0
//
// One table: name, what it sets, help.
#include "bench/calls/options.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <string_view>

namespace tandem::bench {

namespace {

struct Row {
    std::string_view name;
    std::uint32_t Options::*value;
    std::string_view help;
};

constexpr std::array kRows = std::to_array<Row>({
    {"numbers", &Options::numbers, "DNs that register and call, 10000 to 500000"},
    {"held-calls", &Options::held_calls, "calls held for the memory of one"},
    {"fill-s", &Options::fill_s, "seconds of calls before anything is measured"},
    {"measure-s", &Options::measure_s, "seconds measured, every second one by stage"},
    {"register-fill-s", &Options::register_fill_s, "the same for registrations"},
    {"register-measure-s", &Options::register_measure_s, "the same for registrations"},
    {"registers-per-second", &Options::registers_per_second, "pace of the registrations"},
    {"calls-per-second", &Options::calls_per_second, "rate the pools are sized for"},
    {"calls-limit", &Options::calls_limit, "calls begun a second at most; 0 is no limit"},
    {"huge-pages", &Options::huge_pages, "0: none for packets and rings, as valgrind needs it"},
    {"ring-ms", &Options::ring_ms, "silence of a called phone behind its 100"},
});

void print_usage() {
    std::fputs("usage: bench_calls [--cpu N] [--NAME NUMBER]...\n", stderr);
    const Options defaults;
    for (const Row& row : kRows) {
        std::fprintf(stderr,
                     "  --%-22.*s %.*s (%u)\n",
                     static_cast<int>(row.name.size()),
                     row.name.data(),
                     static_cast<int>(row.help.size()),
                     row.help.data(),
                     defaults.*row.value);
    }
}

bool parse(std::string_view text, std::uint32_t& out) {
    const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
    return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

bool take(std::string_view name, std::string_view value, Options& options) {
    if (name == "cpu") {
        options.cpu = value;
        std::uint32_t cpu = 0;
        return parse(value, cpu);
    }
    for (const Row& row : kRows) {
        if (name == row.name) {
            return parse(value, options.*row.value);
        }
    }
    return false;
}

} // namespace

std::optional<Options> read_options(int count, char** values) {
    Options options;
    for (int i = 1; i < count; i += 2) {
        const std::string_view name = values[i];
        if (!name.starts_with("--") || i + 1 == count ||
            !take(name.substr(2), values[i + 1], options)) {
            print_usage();
            return std::nullopt;
        }
    }
    if (options.numbers < 10'000 || options.numbers > 500'000 ||
        options.held_calls > options.numbers) {
        print_usage();
        return std::nullopt;
    }
    return options;
}

} // namespace tandem::bench
