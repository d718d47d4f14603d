// SPDX-License-Identifier: Apache-2.0
//
// tandemctl as its users meet it: the program is started, against servers made of ctl, and judged
// by what it prints and how it exits. The path of the program is in $TANDEMCTL.
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "cli/completion.hpp"
#include "cli/fake_node_test.hpp"
#include "ctl/listen_socket.hpp"

namespace tandem::cli {

namespace {

using nlohmann::json;

constexpr int kPatienceMs = 20'000; // a hang of the program is a failure, not a hang of the suite

struct Finished {
    int code = -1;
    std::string output = {};
    std::string error = {};
};

// A started tandemctl; ended by its id if a test leaves it behind.
class Program {
  public:
    enum class Streams { Pipes, Terminal };

    Program(std::vector<std::string> arguments, Streams streams) {
        std::array<int, 2> output{};
        std::array<int, 2> error{};
        EXPECT_EQ(::pipe2(output.data(), O_CLOEXEC), 0);
        EXPECT_EQ(::pipe2(error.data(), O_CLOEXEC), 0);
        arguments.insert(arguments.begin(), "tandemctl");
        std::vector<char*> raw;
        raw.reserve(arguments.size() + 1);
        for (auto& argument : arguments) {
            raw.push_back(argument.data());
        }
        raw.push_back(nullptr);
        // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes it.
        const char* path = std::getenv("TANDEMCTL");
        int terminal = -1;
        pid_ = streams == Streams::Terminal ? ::forkpty(&terminal, nullptr, nullptr, nullptr)
                                            : ::fork();
        if (pid_ == 0) {
            if (streams == Streams::Pipes) {
                ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
                ::dup2(output[1], STDOUT_FILENO);
                ::dup2(error[1], STDERR_FILENO);
            }
            ::execv(path, raw.data());
            ::_exit(127);
        }
        ::close(output[1]);
        ::close(error[1]);
        error_ = ctl::Descriptor(error[0]);
        output_ = ctl::Descriptor(output[0]);
        if (terminal >= 0) {
            output_ = ctl::Descriptor(terminal);
        }
    }

    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    ~Program() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }

    void interrupt() const {
        ASSERT_GT(pid_, 0); // -1 would mean every process there is
        ::kill(pid_, SIGINT);
    }

    void type(const std::string& text) const {
        EXPECT_EQ(::write(output_.number(), text.data(), text.size()),
                  static_cast<ssize_t>(text.size()));
    }

    // Reads until `text` came (again); false when the program ended or is silent.
    bool reads(const std::string& text) {
        for (;;) {
            const auto found = output_text_.find(text, seen_);
            if (found != std::string::npos) {
                seen_ = found + text.size();
                return true;
            }
            if (!read_some(output_, output_text_)) {
                ADD_FAILURE() << "wanted '" << text << "' in: " << output_text_;
                return false;
            }
        }
    }

    Finished finish() {
        while (read_some(output_, output_text_)) {
        }
        std::string error_text;
        while (read_some(error_, error_text)) {
        }
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        return {.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                .output = output_text_,
                .error = error_text};
    }

  private:
    static bool read_some(const ctl::Descriptor& from, std::string& text) {
        pollfd polled = {.fd = from.number(), .events = POLLIN, .revents = 0};
        if (::poll(&polled, 1, kPatienceMs) <= 0) {
            return false;
        }
        std::array<char, 4096> bytes{};
        const auto count = ::read(from.number(), bytes.data(), bytes.size());
        if (count > 0) {
            text.append(bytes.data(), static_cast<std::size_t>(count));
        }
        return count > 0;
    }

    pid_t pid_ = -1;
    ctl::Descriptor output_;
    ctl::Descriptor error_;
    std::string output_text_;
    std::size_t seen_ = 0;
};

class TandemctlTest : public testing::Test {
  protected:
    TandemctlTest() {
        set_environment("TANDEM_RUN_DIRECTORY", node_.directory().c_str());
        set_environment("HOME", node_.directory().c_str());
        set_environment("TERM", "dumb");
        set_environment("INPUTRC", nullptr);
    }

    static Finished run(const std::vector<std::string>& arguments) {
        return Program(arguments, Program::Streams::Pipes).finish();
    }

    [[nodiscard]] std::string socket_of(const std::string& process) const {
        return node_.directory() + "/" + process + ".sock";
    }

    FakeNode node_;
};

TEST_F(TandemctlTest, AsksTheOneThatKnows) {
    node_.start();
    const auto ports = run({"ports"});
    EXPECT_EQ(ports.code, 0);
    EXPECT_EQ(ports.output, "NAME    BYTES\nsip0  1.5 KiB\nsip1        -\n");
    EXPECT_EQ(ports.error, "");
    EXPECT_EQ(run({"calls"}).output, "none\n");
}

TEST_F(TandemctlTest, AsksBothAndShowsTwoParts) {
    node_.start();
    const auto status = run({"status"});
    EXPECT_EQ(status.code, 0);
    EXPECT_EQ(status.output,
              "dataplane\nstate  forwarding\nup     2m03s\n\n"
              "control plane\nstate  primary\nup     2m03s\n");
    const auto parts = json::parse(run({"--json", "status"}).output);
    EXPECT_EQ(parts.at("dataplane").at("state"), "forwarding");
    EXPECT_EQ(parts.at("controlplane").at("up_ms"), 123'000);
}

TEST_F(TandemctlTest, SaysInItsPartThatAProcessIsDown) {
    node_.start();
    node_.end_controlplane();
    const auto status = run({"status"});
    EXPECT_EQ(status.code, 0);
    EXPECT_EQ(status.output,
              "dataplane\nstate  forwarding\nup     2m03s\n\ncontrol plane: not running (" +
                  socket_of("controlplane") + ": No such file or directory)\n");
    const auto parts = json::parse(run({"status", "--json"}).output);
    EXPECT_EQ(parts.at("controlplane").at("error").at("code"), 3);
    EXPECT_EQ(run({"ports"}).code, 0);
}

TEST_F(TandemctlTest, SaysWhichProcessIsDownForItsOwnCommands) {
    node_.start();
    node_.end_controlplane();
    {
        // What kill -9 leaves: a socket on which nobody accepts.
        const auto stale = ctl::listen_on(node_.directory(), socket_of("controlplane"));
        ASSERT_TRUE(stale);
    }
    const auto calls = run({"calls"});
    EXPECT_EQ(calls.code, 3);
    EXPECT_EQ(calls.output, "");
    EXPECT_EQ(calls.error,
              "control plane: not running (" + socket_of("controlplane") +
                  ": Connection refused)\n");
    node_.end_dataplane();
    EXPECT_EQ(run({"status"}).code, 3);
    EXPECT_NE(run({"status"}).output.find("dataplane: not running"), std::string::npos);
    node_.start_controlplane();
    EXPECT_EQ(run({"calls"}).code, 0);
}

TEST_F(TandemctlTest, SaysThatNoNodeRunsHere) {
    const auto calls = run({"calls"});
    EXPECT_EQ(calls.code, 3);
    EXPECT_NE(calls.error.find("no node runs here (" + node_.directory()), std::string::npos);
    EXPECT_NE(calls.error.find("tandem-dataplane --config FILE"), std::string::npos);
    EXPECT_EQ(run({"--run-directory", "/nowhere/at/all", "calls"}).code, 3);
    EXPECT_EQ(run({"--help"}).code, 0);
}

TEST_F(TandemctlTest, NotesAProcessWhoseCommandsAreNotKnown) {
    node_.start_dataplane();
    const auto status = run({"status"});
    EXPECT_EQ(status.code, 0);
    EXPECT_EQ(status.output, "state  forwarding\nup     2m03s\n");
    EXPECT_NE(status.error.find("note: control plane: not running"), std::string::npos);
    const auto calls = run({"calls"});
    EXPECT_EQ(calls.code, 2);
    EXPECT_NE(calls.error.find("note: control plane: not running"), std::string::npos);
}

TEST_F(TandemctlTest, SuggestsTheNearestCommand) {
    node_.start();
    const auto wrong = run({"cals"});
    EXPECT_EQ(wrong.code, 2);
    EXPECT_EQ(wrong.error, "tandemctl: unknown command 'cals', did you mean 'calls'?\n");
    EXPECT_NE(run({"call", "shwo", "17"}).error.find("did you mean 'call show'?"),
              std::string::npos);
    EXPECT_NE(run({"log"}).error.find("needs another word: 'log level'"), std::string::npos);
    EXPECT_EQ(run({"weather"}).code, 2);
    EXPECT_EQ(run({"weather", "--watch"}).code, 2);
}

TEST_F(TandemctlTest, AnswersWrongArgumentsWithTheUsage) {
    node_.start();
    const auto missing = run({"call", "show"});
    EXPECT_EQ(missing.code, 2);
    EXPECT_NE(missing.error.find("ID is missing: the id of the call"), std::string::npos);
    EXPECT_NE(missing.error.find("usage: tandemctl call show ID [--ladder]"), std::string::npos);
    EXPECT_EQ(run({"call", "show", "17", "18"}).code, 2);
    EXPECT_EQ(run({"call", "show", "17", "--lader"}).code, 2);
    EXPECT_EQ(run({"call", "show", "17", "--ladder", "--ladder"}).code, 2);
    EXPECT_NE(run({"log", "level", "wran"}).error.find("did you mean 'warn'?"), std::string::npos);
    EXPECT_EQ(run({"--watch=never", "calls"}).code, 2);
}

TEST_F(TandemctlTest, ExitsWithOneWhenTheCommandFails) {
    node_.start();
    const auto none = run({"call", "show", "18"});
    EXPECT_EQ(none.code, 1);
    EXPECT_EQ(none.error, "tandemctl: no call '18'\n");
    const auto as_json = run({"call", "show", "18", "--json"});
    EXPECT_EQ(as_json.code, 1);
    EXPECT_EQ(json::parse(as_json.output).at("error").at("code"), 1);
}

TEST_F(TandemctlTest, PassesArgumentsAndCleansWhatItPrints) {
    node_.start();
    const auto plain = run({"call", "show", "17"});
    EXPECT_EQ(plain.output, "id    17\nfrom  1000?[31m\n");
    const auto ladder = run({"call", "show", "--ladder", "--", "17"});
    EXPECT_EQ(ladder.output, "id    17\nfrom  1000?[31m\n\nLadder\n1000 ---INVITE--> 1001\n");
    EXPECT_EQ(run({"log", "level", "debug"}).output, "level  debug\n");
}

TEST_F(TandemctlTest, HelpsWithAndWithoutANode) {
    node_.start();
    const auto help = run({"help"});
    EXPECT_EQ(help.code, 0);
    EXPECT_NE(help.output.find("call show ID [--ladder]"), std::string::npos);
    const auto one = run({"help", "call", "show"});
    EXPECT_NE(one.output.find("Show one call. Answered by the control plane."), std::string::npos);
    EXPECT_EQ(run({"call", "show", "--help"}).output, one.output);
    EXPECT_EQ(run({"help", "cals"}).code, 2);
    const auto nothing = run({});
    EXPECT_EQ(nothing.code, 2);
    EXPECT_EQ(nothing.output, help.output);
    EXPECT_EQ(run({"--version"}).output.substr(0, 10), "tandemctl ");
}

TEST_F(TandemctlTest, WatchesUntilInterrupted) {
    node_.start();
    Program watch({"--watch=0.1", "ports"}, Program::Streams::Pipes);
    EXPECT_TRUE(watch.reads("sip0"));
    EXPECT_TRUE(watch.reads("--- "));
    EXPECT_TRUE(watch.reads("sip0"));
    node_.end_dataplane();
    node_.start_dataplane();
    EXPECT_TRUE(watch.reads("sip0"));
    watch.interrupt();
    const auto finished = watch.finish();
    EXPECT_EQ(finished.code, 0);
    EXPECT_EQ(finished.output.find('\033'), std::string::npos);
}

TEST_F(TandemctlTest, ClearsTheScreenOnlyOfATerminal) {
    node_.start();
    Program watch({"--watch=0.1", "ports"}, Program::Streams::Terminal);
    EXPECT_TRUE(watch.reads("\033[2J"));
    EXPECT_TRUE(watch.reads("sip0"));
    EXPECT_TRUE(watch.reads("\033[2J"));
    watch.interrupt();
    EXPECT_EQ(watch.finish().code, 0);
}

TEST_F(TandemctlTest, CompletesForTheShell) {
    node_.start();
    EXPECT_EQ(run({"--complete", "ca"}).output, "call\ncalls\n");
    EXPECT_EQ(run({"--complete", "call "}).output, "show\n");
    EXPECT_EQ(run({"--complete", "--json call show 17 --l"}).output, "--ladder\n");
    EXPECT_EQ(run({"--complete", "log level "}).output, "debug\nerror\ninfo\nwarn\n");
    EXPECT_EQ(run({"--complete", "help call s"}).output, "show\n");
    EXPECT_EQ(run({"--complete", "--js"}).output, "--json\n");
    EXPECT_EQ(run({"--complete", ""}).output, "call\ncalls\nhelp\nlog\nports\nstatus\n");
    EXPECT_EQ(run({"--complete=--js"}).output, "--json\n");
    set_environment("TANDEM_RUN_DIRECTORY", nullptr);
    EXPECT_EQ(run({"--complete", "--run-directory " + node_.directory() + " st"}).output,
              "status\n");
}

TEST_F(TandemctlTest, PromptsOnATerminal) {
    node_.start();
    Program prompt({}, Program::Streams::Terminal);
    EXPECT_TRUE(prompt.reads("tandem> "));
    prompt.type("ports\n");
    EXPECT_TRUE(prompt.reads("sip0"));
    EXPECT_TRUE(prompt.reads("tandem> "));
    prompt.type("log lev\td\t\n");
    EXPECT_TRUE(prompt.reads("level  debug"));
    EXPECT_TRUE(prompt.reads("tandem> "));
    prompt.type("half a line");
    EXPECT_TRUE(prompt.reads("half a line"));
    prompt.type("\003");
    EXPECT_TRUE(prompt.reads("tandem> "));
    prompt.type("calls --json\n");
    EXPECT_TRUE(prompt.reads("[]"));
    EXPECT_TRUE(prompt.reads("tandem> "));
    prompt.type("ports --watch 0.1\n");
    EXPECT_TRUE(prompt.reads("sip0"));
    EXPECT_TRUE(prompt.reads("sip0"));
    prompt.type("\003");
    EXPECT_TRUE(prompt.reads("tandem> "));
    prompt.type("\020\020\n"); // two lines back in the history
    EXPECT_TRUE(prompt.reads("[]"));
    EXPECT_TRUE(prompt.reads("tandem> "));
    prompt.type("\004");
    EXPECT_EQ(prompt.finish().code, 0);
    Program again({}, Program::Streams::Terminal);
    EXPECT_TRUE(again.reads("tandem> "));
    again.type("\020\n"); // the history outlives the prompt
    EXPECT_TRUE(again.reads("[]"));
    again.type("quit\n");
    EXPECT_EQ(again.finish().code, 0);
}

// A server of one connection after the other that answers each request with the same bytes.
class OddServer {
  public:
    OddServer(const std::string& directory, const std::string& path)
        : socket_(std::move(*ctl::listen_on(directory, path))) {}

    // Serves one connection; with an empty answer it closes.
    void serve_once(const std::string& answer) const {
        pollfd polled = {.fd = socket_.descriptor.number(), .events = POLLIN, .revents = 0};
        ASSERT_EQ(::poll(&polled, 1, kPatienceMs), 1);
        const ctl::Descriptor client(
            ::accept4(socket_.descriptor.number(), nullptr, nullptr, SOCK_CLOEXEC));
        std::array<char, 4096> bytes{};
        ASSERT_GT(::recv(client.number(), bytes.data(), bytes.size(), 0), 0);
        ASSERT_EQ(::send(client.number(), answer.data(), answer.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(answer.size()));
    }

  private:
    ctl::ListenSocket socket_;
};

TEST_F(TandemctlTest, SaysWhatAnOddProcessDid) {
    node_.start();
    node_.end_controlplane();
    const OddServer odd(node_.directory(), socket_of("controlplane"));
    const std::string table =
        R"({"jsonrpc":"2.0","id":1,"result":)" +
        json::parse(ctl::commands_json("controlplane", FakeNode::controlplane_table())).dump() +
        "}\n";
    const auto answer_to_calls = [&](const std::string& answer) {
        Program program({"calls"}, Program::Streams::Pipes);
        odd.serve_once(table);
        odd.serve_once(answer);
        const auto finished = program.finish();
        EXPECT_EQ(finished.code, 3) << finished.error;
        return finished.error;
    };
    EXPECT_EQ(answer_to_calls(""), "control plane: closed the connection without an answer\n");
    EXPECT_EQ(answer_to_calls("{\"jsonrpc\""),
              "control plane: closed the connection without an answer\n");
    for (const char* line : {"hello\n", "[]\n", "7\n", "{}\n", "{\"error\":7}\n"}) {
        EXPECT_EQ(answer_to_calls(line),
                  "control plane: sent what is no answer of a control socket\n");
    }
}

TEST_F(TandemctlTest, DoesNotWaitForEverForAProcessThatHangs) {
    node_.start();
    node_.end_controlplane();
    // It listens and never accepts, as a stopped process does.
    const auto hanging = ctl::listen_on(node_.directory(), socket_of("controlplane"));
    ASSERT_TRUE(hanging);
    const ProcessLink link(node_.directory(), "controlplane", "control plane");
    const auto answer = link.ask("ping", nullptr, std::chrono::milliseconds(50));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, LinkFault::Unreachable);
    EXPECT_EQ(answer.error().text, "gave no answer in time");
}

} // namespace

} // namespace tandem::cli
