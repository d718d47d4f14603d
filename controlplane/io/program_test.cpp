// SPDX-License-Identifier: Apache-2.0
//
// tandem-controlplane as whoever starts it meets it: the program is started and judged by what it
// prints and how it exits. Its path is in $TANDEM_CONTROLPLANE.
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "controlplane/io/test_dataplane.hpp"
#include "controlplane/recording/replay.hpp"
#include "ctl/command.hpp"

namespace tandem::controlplane {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string text_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

// A started tandem-controlplane with its output in files; ended by its id if a test leaves it.
class Program {
  public:
    Program(const std::string& output_path, std::vector<std::string> arguments)
        : output_path_(output_path + ".out"), error_path_(output_path + ".err") {
        arguments.insert(arguments.begin(), "tandem-controlplane");
        std::vector<char*> raw;
        raw.reserve(arguments.size() + 1);
        for (auto& argument : arguments) {
            raw.push_back(argument.data());
        }
        raw.push_back(nullptr);
        // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes it.
        const char* path = std::getenv("TANDEM_CONTROLPLANE");
        const int output = ::open(output_path_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        const int error = ::open(error_path_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(output, STDOUT_FILENO);
            ::dup2(error, STDERR_FILENO);
            ::execv(path, raw.data());
            ::_exit(127);
        }
        ::close(output);
        ::close(error);
    }

    ~Program() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }

    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    void signal(int number) const {
        ASSERT_GT(pid_, 0); // -1 would mean every process there is
        ::kill(pid_, number);
    }

    // Its exit status once it has ended; -1 for anything but an exit.
    int exit_status() {
        int status = 0;
        EXPECT_TRUE(wait_until([&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; }))
            << output() << error();
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    [[nodiscard]] std::string output() const { return text_of(output_path_); }

    [[nodiscard]] std::string error() const { return text_of(error_path_); }

  private:
    std::string output_path_;
    std::string error_path_;
    pid_t pid_ = -1;
};

class ProgramTest : public testing::Test {
  protected:
    void SetUp() override {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes it.
        if (std::getenv("TANDEM_CONTROLPLANE") == nullptr) {
            FAIL() << "TANDEM_CONTROLPLANE does not name the program";
        }
    }

    // A configuration with pools of a size that starts at once.
    std::string write_configuration(const std::string& further = "") {
        const auto path = directory_.file("tandem.conf");
        std::ofstream(path) << "application: { sip-address = \"10.77.0.10\";\n"
                            << "  run-directory = \"" << run_directory() << "\";\n"
                            << "  state-directory = \"" << state_directory() << "\";\n"
                            << "  max-calls-at-once = 10;\n"
                            << further << "};\n"
                            << "ports = ( { name = \"sip0\"; device = \"net_null0\"; "
                               "address = \"10.77.0.1\"; } );\n"
                            << "dns = ( { type = \"Extension\"; numbers = \"1000\"; "
                               "contact = \"*\"; } );\n";
        return path;
    }

    [[nodiscard]] std::string run_directory() const { return directory_.file("run"); }

    [[nodiscard]] std::string state_directory() const { return directory_.file("state"); }

    std::string output_path() { return directory_.file(std::to_string(++started_)); }

    [[nodiscard]] bool comes_up() const {
        return wait_until(
            [&] { return std::filesystem::exists(run_directory() + "/controlplane.sock"); });
    }

    TemporaryDirectory directory_;

  private:
    int started_ = 0;
};

TEST_F(ProgramTest, BadArgumentsAreExplained) {
    const std::vector<std::vector<std::string>> bad = {
        {}, {"--check"}, {"--config"}, {"--colour"}, {"--config", "x", "further"}};
    for (const auto& arguments : bad) {
        Program program(output_path(), arguments);
        EXPECT_EQ(program.exit_status(), 2) << testing::PrintToString(arguments);
        EXPECT_NE(program.error(), "");
        EXPECT_EQ(program.output(), "");
    }
}

TEST_F(ProgramTest, HelpAndVersion) {
    Program help(output_path(), {"--help"});
    EXPECT_EQ(help.exit_status(), 0);
    EXPECT_THAT(help.output(), StartsWith("usage: tandem-controlplane --config FILE"));
    Program version(output_path(), {"--version"});
    EXPECT_EQ(version.exit_status(), 0);
    EXPECT_THAT(version.output(), StartsWith("tandem-controlplane "));
}

TEST_F(ProgramTest, PrintsItsCommands) {
    Program program(output_path(), {"--print-commands"});
    EXPECT_EQ(program.exit_status(), 0);
    const auto table = ctl::commands_from_json(program.output());
    ASSERT_TRUE(table) << table.error();
    EXPECT_FALSE(table->empty());
}

TEST_F(ProgramTest, ChecksAGoodFile) {
    Program program(output_path(), {"--config", write_configuration(), "--check"});
    EXPECT_EQ(program.exit_status(), 0) << program.error();
    EXPECT_THAT(program.output(), HasSubstr("tandem.conf is good"));
    EXPECT_FALSE(std::filesystem::exists(run_directory()));
    EXPECT_FALSE(std::filesystem::exists(state_directory()));
}

TEST_F(ProgramTest, ABadFileIsRefusedWithItsLine) {
    const auto path = write_configuration("  colour = 3;\n");
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"--config", path, "--check"}, {"--config", path}}) {
        Program program(output_path(), arguments);
        EXPECT_EQ(program.exit_status(), 2);
        EXPECT_THAT(program.error(), StartsWith(path + ":5: "));
        EXPECT_THAT(program.error(), HasSubstr("colour"));
    }
}

TEST_F(ProgramTest, AFileThatIsNotThereIsRefused) {
    Program program(output_path(), {"--config", directory_.file("none.conf")});
    EXPECT_EQ(program.exit_status(), 2);
    EXPECT_THAT(program.error(), HasSubstr("none.conf"));
}

TEST_F(ProgramTest, EndsWellOnASignal) {
    const auto path = write_configuration();
    for (const int number : {SIGTERM, SIGINT}) {
        Program program(output_path(), {"--config", path});
        ASSERT_TRUE(comes_up()) << program.error();
        program.signal(number);
        EXPECT_EQ(program.exit_status(), 0);
        EXPECT_FALSE(std::filesystem::exists(run_directory() + "/controlplane.sock"));
    }
}

TEST_F(ProgramTest, ASecondOneOfTheSameRunDirectorySaysWhyNot) {
    const auto path = write_configuration();
    Program first(output_path(), {"--config", path});
    ASSERT_TRUE(comes_up());
    Program second(output_path(), {"--config", path});
    EXPECT_EQ(second.exit_status(), 1);
    EXPECT_THAT(second.output() + second.error(),
                HasSubstr("cannot start: another process answers on"));
    first.signal(SIGTERM);
    EXPECT_EQ(first.exit_status(), 0);
}

TEST_F(ProgramTest, ComesBackAfterItWasKilled) {
    const auto path = write_configuration();
    {
        const Program killed(output_path(), {"--config", path});
        ASSERT_TRUE(comes_up());
    }
    Program program(output_path(), {"--config", path});
    EXPECT_TRUE(wait_until([&] {
        return program.error().find("is up") != std::string::npos ||
               program.output().find("is up") != std::string::npos;
    }));
    program.signal(SIGTERM);
    EXPECT_EQ(program.exit_status(), 0);
}

// In order and killed: another process, this one, does the same.
TEST_F(ProgramTest, WhatItsCoreDidIsRecordedAndCanBeRepeated) {
    const auto recordings = directory_.file("recordings");
    const auto path = write_configuration("record-inputs = \"" + recordings + "\";");
    for (const bool in_order : {true, false}) {
        {
            Program program(output_path(), {"--config", path});
            ASSERT_TRUE(comes_up()) << program.error();
            if (in_order) {
                program.signal(SIGTERM);
                EXPECT_EQ(program.exit_status(), 0);
            }
        }
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(recordings)) {
            const auto result = recording::replay(text_of(entry.path()));
            EXPECT_EQ(result.verdict, recording::Verdict::Same) << result.text;
            EXPECT_EQ(result.closed, in_order);
            std::filesystem::remove(entry.path());
            ++count;
        }
        EXPECT_EQ(count, 1U);
    }
}

TEST_F(ProgramTest, DoesNotStartWhereItCannotRecord) {
    std::ofstream(directory_.file("file")) << "no directory";
    const auto path = write_configuration("record-inputs = \"" + directory_.file("file") + "\";");
    Program program(output_path(), {"--config", path});
    EXPECT_EQ(program.exit_status(), 1);
    EXPECT_THAT(program.output() + program.error(), HasSubstr("cannot record: cannot make"));
}

} // namespace
} // namespace tandem::controlplane
