// SPDX-License-Identifier: Apache-2.0
//
// Builds EAL's command line and starts it. What a configuration names itself is not given twice.
// Cold thread, at start.
#include "dataplane/port/eal.hpp"

#include <algorithm>
#include <iterator>
#include <rte_eal.h>
#include <rte_errno.h>

namespace tandem::dataplane::port {

namespace {

constexpr std::size_t kMiB = 1U << 20U;
// EAL's own tables, rings and the ports' queues.
constexpr std::size_t kEalOwnMiB = 64;
constexpr const char* kInMemory = "--in-memory";

bool names(const std::vector<std::string>& words, std::string_view option) {
    return std::any_of(words.begin(), words.end(), [option](const std::string& word) {
        return word == option ||
               (word.size() > option.size() && word.compare(0, option.size(), option) == 0 &&
                word[option.size()] == '=');
    });
}

bool any_pci(const config::Configuration& configuration) {
    return std::any_of(configuration.ports.begin(),
                       configuration.ports.end(),
                       [](const auto& port) { return !port.is_vdev; });
}

} // namespace

std::vector<std::string> eal_arguments(const config::Configuration& configuration,
                                       const EalOptions& options) {
    const std::vector<std::string>& given = configuration.dataplane.eal;
    std::vector<std::string> words = {"tandem-dataplane"};
    const auto add_unless_given = [&](const std::string& option, const std::string& value) {
        if (!names(given, option)) {
            words.push_back(value.empty() ? option : option + "=" + value);
        }
    };
    add_unless_given("--file-prefix", "tandem-" + configuration.application.node);
    add_unless_given("--no-telemetry", "");
    add_unless_given("--log-level", "lib.*:warning");
    if (!any_pci(configuration)) {
        add_unless_given("--no-pci", "");
        add_unless_given("--iova-mode", "va");
    }
    if (options.huge_pages) {
        // Else each exit or kill leaks huge pages, and two nodes meet in one directory.
        add_unless_given(kInMemory, "");
    } else {
        add_unless_given("--no-huge", "");
        add_unless_given("--no-shconf", "");
        if (!names(given, "-m")) {
            words.emplace_back("-m");
            words.push_back(std::to_string(options.packet_bytes / kMiB + kEalOwnMiB));
        }
    }
    if (!configuration.dataplane.lcores.empty()) {
        words.push_back("--lcores=" + configuration.dataplane.lcores);
    }
    for (const config::Port& port : configuration.ports) {
        words.push_back((port.is_vdev ? "--vdev=" : "--allow=") + port.device);
    }
    // EAL refuses it beside --no-huge, with which nothing is left behind anyway.
    std::copy_if(given.begin(), given.end(), std::back_inserter(words), [&](const auto& word) {
        return options.huge_pages || word != kInMemory;
    });
    return words;
}

std::optional<std::string> start_eal(std::vector<std::string> arguments) {
    // EAL keeps pointers into the words for as long as the process lives.
    static std::vector<std::string> kept; // NOLINT(*-avoid-non-const-global-variables): see above
    kept = std::move(arguments);
    std::vector<char*> pointers;
    pointers.reserve(kept.size() + 1);
    for (std::string& word : kept) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    if (rte_eal_init(static_cast<int>(kept.size()), pointers.data()) < 0) {
        return std::string("DPDK did not start: ") + rte_strerror(rte_errno) +
               " (its own lines above say more)";
    }
    return std::nullopt;
}

} // namespace tandem::dataplane::port
