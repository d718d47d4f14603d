// SPDX-License-Identifier: Apache-2.0
//
// tandem-replay as whoever starts it meets it: another process than the one that recorded. Its path
// is in $TANDEM_REPLAY.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "controlplane/recording/test_recording.hpp"

namespace tandem::controlplane::recording {
namespace {

using testing::HasSubstr;

struct Ended {
    int exit_status = -1;
    std::string output; // with what it said on standard error
};

class ReplayProgramTest : public testing::Test {
  protected:
    void SetUp() override { ASSERT_NE(::mkdtemp(directory_.data()), nullptr); }

    void TearDown() override { std::filesystem::remove_all(directory_); }

    std::string write(const std::string& name, const std::string& bytes) {
        const auto path = directory_ + "/" + name;
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }

    static Ended run(const std::string& arguments) {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes it.
        const char* program = std::getenv("TANDEM_REPLAY");
        Ended ended;
        if (program == nullptr) {
            ADD_FAILURE() << "TANDEM_REPLAY does not name the program";
            return ended;
        }
        std::FILE* pipe = ::popen((std::string(program) + " " + arguments + " 2>&1").c_str(), "r");
        std::array<char, 4096> block{};
        while (const auto count = std::fread(block.data(), 1, block.size(), pipe)) {
            ended.output.append(block.data(), count);
        }
        const int status = ::pclose(pipe);
        ended.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        return ended;
    }

    std::string directory_ = testing::TempDir() + "tandem-replay-XXXXXX";
};

TEST_F(ReplayProgramTest, TheSameIsZero) {
    const auto path = write("good", recorded_call());
    const auto result = run("--closed " + path);
    EXPECT_EQ(result.exit_status, 0) << result.output;
    EXPECT_EQ(result.output,
              path + ": the same, 6 steps, everything compared 3 times; closed in order\n");
}

TEST_F(ReplayProgramTest, ADifferenceIsOneWhateverElseIsWrong) {
    std::string effects;
    const auto other = changed_steps(recorded_call(), [&](std::size_t, Step& step) {
        const auto at = step.effects.find("Max-Forwards: 69");
        if (at != std::string_view::npos) {
            effects = step.effects;
            effects[at + 15] = '8';
            step.effects = effects;
        }
    });
    const auto result = run(write("differs", other) + " " + write("good", recorded_call()) + " " +
                            write("bad", "no recording"));
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.output, HasSubstr("differs: NOT THE SAME, 4 steps"));
    EXPECT_THAT(result.output, HasSubstr("step 4: effect send_request (1 of 1): message"));
    EXPECT_THAT(result.output, HasSubstr("good: the same"));
    EXPECT_THAT(result.output, HasSubstr("bad: UNREADABLE"));
}

TEST_F(ReplayProgramTest, WhatDoesNotReadIsTwo) {
    EXPECT_EQ(run("").exit_status, 2);
    EXPECT_EQ(run("--what").exit_status, 2);
    EXPECT_EQ(run(directory_).exit_status, 2);
    EXPECT_EQ(run(write("empty", "")).exit_status, 2);
    const auto missing = run(directory_ + "/missing");
    EXPECT_EQ(missing.exit_status, 2);
    EXPECT_THAT(missing.output, HasSubstr("No such file"));
    auto damaged = recorded_call();
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
    EXPECT_EQ(run(write("damaged", damaged)).exit_status, 2);
}

TEST_F(ReplayProgramTest, AKilledProcessIsGoodUnlessItMustHaveClosed) {
    const auto whole = recorded_call();
    const auto path = write("killed", whole.substr(0, whole.size() - 20));
    const auto result = run(path);
    EXPECT_EQ(result.exit_status, 0) << result.output;
    EXPECT_THAT(result.output, HasSubstr("not closed: the process was killed"));
    EXPECT_EQ(run("--closed " + path).exit_status, 2);
}

TEST_F(ReplayProgramTest, SaysWhatItIs) {
    EXPECT_EQ(run("--help").exit_status, 0);
    EXPECT_EQ(run("--version").output, "tandem-replay " TANDEM_VERSION "\n");
}

} // namespace
} // namespace tandem::controlplane::recording
