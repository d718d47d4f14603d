// SPDX-License-Identifier: Apache-2.0
//
// tandem-controlplane: reads its configuration, starts the core thread and the control socket, and
// waits for the signal to end. Nothing is started before the configuration is known to be good.
#include <array>
#include <cstdio>
#include <getopt.h>
#include <memory>
#include <signal.h> // NOLINT(modernize-deprecated-headers): sigset_t and sigtimedwait are POSIX
#include <string>
#include <utility>

#include "base/log.hpp"
#include "config/file_text.hpp"
#include "config/load_file.hpp"
#include "controlplane/io/commands.hpp"
#include "controlplane/io/core_bindings.hpp"
#include "controlplane/io/core_thread.hpp"
#include "controlplane/io/full_pools.hpp"
#include "controlplane/io/journal.hpp"
#include "controlplane/io/recorder.hpp"
#include "ctl/server.hpp"

namespace {

namespace base = tandem::base;
namespace config = tandem::config;
namespace controlplane = tandem::controlplane;
namespace ctl = tandem::ctl;

constexpr int kExitGood = 0;
constexpr int kExitFailed = 1;
constexpr int kExitBadInput = 2;

constexpr const char* kUsage =
    "usage: tandem-controlplane --config FILE [--check]\n"
    "\n"
    "Runs the call, device and agent state machines of a node and serves its control socket.\n"
    "\n"
    "  --config FILE     the node's configuration\n"
    "  --check           only say whether the configuration is good\n"
    "  --print-commands  print the commands of the control socket as JSON\n"
    "  --version         print the version\n"
    "  --help            print this text\n"
    "\n"
    "Exit status: 0 ended by a signal or nothing to complain about, 1 could not start,\n"
    "2 bad arguments or a bad configuration.\n";

struct Invocation {
    std::string config_file;
    bool check = false;
    int exit_status = -1; // not -1: nothing is left to do
};

Invocation read_arguments(int count, char** values) {
    static constexpr std::array<option, 6> kOptions{{{"config", required_argument, nullptr, 'c'},
                                                     {"check", no_argument, nullptr, 'k'},
                                                     {"print-commands", no_argument, nullptr, 'p'},
                                                     {"version", no_argument, nullptr, 'v'},
                                                     {"help", no_argument, nullptr, 'h'},
                                                     {nullptr, 0, nullptr, 0}}};
    Invocation invocation;
    int choice = 0;
    // No thread exists yet. NOLINTNEXTLINE(concurrency-mt-unsafe)
    while ((choice = ::getopt_long(count, values, "", kOptions.data(), nullptr)) != -1) {
        switch (choice) {
        case 'c':
            invocation.config_file = optarg;
            break;
        case 'k':
            invocation.check = true;
            break;
        case 'p':
            std::fputs(ctl::commands_json("controlplane", controlplane::commands({})).c_str(),
                       stdout);
            invocation.exit_status = kExitGood;
            return invocation;
        case 'v':
            std::puts("tandem-controlplane " TANDEM_VERSION);
            invocation.exit_status = kExitGood;
            return invocation;
        case 'h':
            std::fputs(kUsage, stdout);
            invocation.exit_status = kExitGood;
            return invocation;
        default:
            invocation.exit_status = kExitBadInput;
            return invocation;
        }
    }
    if (optind < count || invocation.config_file.empty()) {
        std::fputs(kUsage, stderr);
        invocation.exit_status = kExitBadInput;
    }
    return invocation;
}

// SIGINT and SIGTERM are taken by wait_for_end() alone, in every thread that starts later.
sigset_t block_signals() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGINT);
    ::sigaddset(&signals, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    // A limit on the size of files (LimitFSIZE=) is the journal's trouble, not the end of calls.
    ::signal(SIGXFSZ, SIG_IGN);
    return signals;
}

void wait_for_end(const sigset_t& signals, controlplane::CoreThread& core) {
    controlplane::FullPools full_pools;
    const timespec second{.tv_sec = 1, .tv_nsec = 0};
    int signal = -1;
    while ((signal = ::sigtimedwait(&signals, nullptr, &second)) < 0) {
        full_pools.report(core);
    }
    base::log::info("ending: signal {}", signal);
}

// Records the core when the configuration says so; `configuration` is then what was recorded, in
// case the file was changed after it had been read first. False: said why.
bool start_recorder(const std::string& config_file,
                    const controlplane::CoreSeed& seed,
                    config::Configuration& configuration,
                    std::unique_ptr<controlplane::Recorder>& recorder) {
    const std::string directory = configuration.application.record_inputs;
    if (directory.empty()) {
        return true;
    }
    const auto text = config::read_file_text(config_file);
    if (!text) {
        base::log::error("cannot record: {}: {}", config_file, text.error());
        return false;
    }
    auto loaded = config::load_text(*text, config_file);
    if (!loaded) {
        config::print_problems(loaded.error(), stderr);
        return false;
    }
    configuration = std::move(*loaded);
    auto started = controlplane::Recorder::start(directory,
                                                 {.program_version = TANDEM_VERSION,
                                                  .configuration = *text,
                                                  .node = configuration.application.node,
                                                  .term = seed.term,
                                                  .seed = seed.random});
    if (!started) {
        base::log::error("cannot record: {}", started.error());
        return false;
    }
    recorder = std::move(*started);
    return true;
}

int run(const std::string& config_file, config::Configuration configuration) {
    const sigset_t signals = block_signals();
    base::log::start("controlplane",
                     static_cast<base::log::Level>(configuration.application.log_level));
    controlplane::CoreSeed seed{.random = base::seed_from_system(), .node = {}, .term = 1};
    std::unique_ptr<controlplane::Recorder> recorder;
    if (!start_recorder(config_file, seed, configuration, recorder)) {
        return kExitFailed;
    }
    seed.node = configuration.application.node;
    controlplane::CommandSubject subject{.configuration = &configuration,
                                         .started_wall_ns = base::wall_now()};
    controlplane::Journal journal(configuration.application.state_directory);
    controlplane::CoreThread core(
        configuration, seed, {.recorder = recorder.get(), .journal = &journal});
    controlplane::CoreBindings bindings(core);
    const controlplane::JournalThread journal_thread(journal, bindings);
    subject.core = &core;
    subject.journal = &journal;
    auto server = ctl::Server::start({.run_directory = configuration.application.run_directory,
                                      .process = "controlplane",
                                      .log = [](auto line) { base::log::info("{}", line); }},
                                     controlplane::commands(subject));
    if (!server) {
        base::log::error("cannot start: {}", server.error());
        return kExitFailed;
    }
    base::log::info("node {} is up", configuration.application.node);
    wait_for_end(signals, core);
    return kExitGood;
}

} // namespace

int main(int count, char** values) {
    const auto invocation = read_arguments(count, values);
    if (invocation.exit_status >= 0) {
        return invocation.exit_status;
    }
    auto configuration = config::load_file(invocation.config_file);
    if (!configuration) {
        config::print_problems(configuration.error(), stderr);
        return kExitBadInput;
    }
    if (invocation.check) {
        std::printf("%s is good\n", invocation.config_file.c_str());
        return kExitGood;
    }
    return run(invocation.config_file, std::move(*configuration));
}
