// SPDX-License-Identifier: Apache-2.0
//
// The recorder: what it wrote replays, also from a core on its own thread with a dataplane; where
// it cannot go on it says so in the recording, and where it cannot start in a sentence.
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "config/load_file.hpp"
#include "controlplane/core/test_message.hpp"
#include "controlplane/io/core_thread.hpp"
#include "controlplane/io/recorder.hpp"
#include "controlplane/io/test_call.hpp"
#include "controlplane/recording/replay.hpp"

namespace tandem::controlplane {
namespace {

using recording::EndReason;
using recording::Verdict;
using testing::HasSubstr;

std::string configuration_text(const std::string& run_directory) {
    return "application: { sip-address = \"10.77.0.10\"; run-directory = \"" + run_directory +
           "\";\n  max-calls-at-once = 50; max-transactions = 4096; max-registrations = 64;\n"
           "  max-lingering-transactions = 4096; };\n"
           "ports = ( { name = \"sip0\"; device = \"net_null0\"; address = \"10.77.0.1\"; } );\n"
           "dns = ( { type = \"Extension\"; numbers = \"1000-1009\";\n"
           "          contact = \"10.77.0.101:5070\"; } );\n";
}

std::string bytes_of(const std::string& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
}

class RecorderTest : public testing::Test {
  protected:
    RecorderTest()
        : start_{.program_version = TANDEM_VERSION,
                 .configuration = configuration_text(directory_.path()),
                 .node = "a",
                 .term = 3,
                 .seed = {7}},
          configuration_(config::load_text(start_.configuration, "test").value()) {}

    [[nodiscard]] std::string recordings() const { return directory_.file("recordings"); }

    // Of the only recording there is.
    [[nodiscard]] std::string path() const {
        std::vector<std::string> paths;
        for (const auto& entry : std::filesystem::directory_iterator(recordings())) {
            paths.push_back(entry.path());
        }
        EXPECT_EQ(paths.size(), 1U);
        return paths.empty() ? "" : paths.front();
    }

    [[nodiscard]] std::unique_ptr<Recorder> start() const {
        auto started = Recorder::start(recordings(), start_);
        EXPECT_TRUE(started) << (started ? "" : started.error());
        return started ? std::move(*started) : nullptr;
    }

    [[nodiscard]] CoreSeed seed() const {
        return {.random = start_.seed, .node = start_.node, .term = start_.term};
    }

    // Steps until `count` OPTIONS were answered, or the recording has ended.
    void answer_options(Recorder& recorder, Core& core, std::uint32_t count) {
        const TestMessage options("OPTIONS sip:10.77.0.10 SIP/2.0\nVia: SIP/2.0/UDP "
                                  "10.77.0.101:5070;branch=z9hG4bKo\nMax-Forwards: 70\n"
                                  "From: <sip:1000@10.77.0.10>;tag=f\nTo: <sip:10.77.0.10>\n"
                                  "Call-ID: o\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n",
                                  kTestCaller);
        for (std::uint32_t i = 1; i <= count && !recorder.ended(); ++i) {
            recorder.step(core,
                          options.request(i),
                          {.monotonic_ns = i * base::kNsPerMs, .wall_ns = i * base::kNsPerMs});
        }
    }

    TemporaryDirectory directory_;
    recording::Start start_;
    config::Configuration configuration_;
    KeptEffects effects_;
};

TEST_F(RecorderTest, WhatItWroteReplays) {
    constexpr std::uint32_t kSteps = 3'000; // some comparisons of everything between
    {
        auto recorder = start();
        Core core(configuration_, seed(), recorder->between(effects_));
        answer_options(*recorder, core, kSteps);
        recorder->close(core);
        EXPECT_EQ(recorder->ended(), EndReason::Closed);
        // A core that goes on is not recorded, and goes on.
        recorder->step(core, TimersInput{}, {.monotonic_ns = 1, .wall_ns = 1});
    }
    EXPECT_EQ(effects_.responses.size(), kSteps) << "the effects went on to whom they are for";
    const auto result = recording::replay(bytes_of(path()));
    EXPECT_EQ(result.verdict, Verdict::Same) << result.text;
    EXPECT_TRUE(result.closed);
    EXPECT_EQ(result.steps, kSteps);
    EXPECT_GT(result.comparisons, 1U);
}

TEST_F(RecorderTest, OnlyTheOwnerReadsIt) {
    ASSERT_TRUE(start());

    struct stat status {};

    ASSERT_EQ(::stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(RecorderTest, OneThatWasNotClosedSaysSo) {
    {
        auto recorder = start();
        Core core(configuration_, seed(), recorder->between(effects_));
        answer_options(*recorder, core, 10);
    }
    const auto result = recording::replay(bytes_of(path()));
    EXPECT_EQ(result.verdict, Verdict::Same) << result.text;
    EXPECT_FALSE(result.closed);
    EXPECT_EQ(result.steps, 10U);
    EXPECT_THAT(result.text, HasSubstr("not closed"));
}

// A pipe that nobody reads is a disk that never ends to write.
TEST_F(RecorderTest, ADiskThatIsTooSlowEndsTheRecordingWithAWord) {
    int ends[2] = {-1, -1};
    ASSERT_EQ(::pipe(ends), 0);
    std::string file;
    std::thread reader;
    {
        Recorder recorder(
            ends[1], start_, {.buffer_bytes = std::size_t{1} << 20U, .file_bytes = 1U << 30U});
        Core core(configuration_, seed(), recorder.between(effects_));
        answer_options(recorder, core, 1'000'000);
        EXPECT_EQ(recorder.ended(), EndReason::FellBehind);
        const auto answered = effects_.responses.size();
        recorder.step(core, TimersInput{}, {.monotonic_ns = 1, .wall_ns = 1});
        recorder.close(core);
        EXPECT_EQ(recorder.ended(), EndReason::FellBehind) << "it stays incomplete";
        EXPECT_GT(answered, 100U);
        reader = std::thread([&] {
            std::array<char, 65'536> block{};
            for (ssize_t count = 0; (count = ::read(ends[0], block.data(), block.size())) > 0;) {
                file.append(block.data(), static_cast<std::size_t>(count));
            }
        });
    }
    reader.join();
    ::close(ends[0]);
    const auto result = recording::replay(file);
    EXPECT_EQ(result.verdict, Verdict::Incomplete) << result.text;
    EXPECT_THAT(result.text, HasSubstr("fell behind"));
    EXPECT_LT(result.steps, effects_.responses.size())
        << "the last step is the one that is missing";
}

TEST_F(RecorderTest, AFileThatIsFullSaysSo) {
    std::filesystem::create_directory(recordings());
    const auto path = recordings() + "/full";
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    constexpr std::size_t kBytes = 100'000;
    {
        Recorder recorder(
            descriptor, start_, {.buffer_bytes = std::size_t{1} << 20U, .file_bytes = kBytes});
        Core core(configuration_, seed(), recorder.between(effects_));
        answer_options(recorder, core, 1'000);
        EXPECT_EQ(recorder.ended(), EndReason::Full);
    }
    const auto file = bytes_of(path);
    EXPECT_LE(file.size(), kBytes);
    const auto result = recording::replay(file);
    EXPECT_EQ(result.verdict, Verdict::Incomplete);
    EXPECT_EQ(result.text, recording::reason_text(EndReason::Full));
}

TEST_F(RecorderTest, WhereItCannotWriteIsSaid) {
    std::ofstream(recordings()) << "a file";
    const auto started = Recorder::start(recordings(), start_);
    ASSERT_FALSE(started);
    EXPECT_THAT(started.error(), HasSubstr("cannot make " + recordings()));
}

TEST_F(RecorderTest, ACallThroughTheRingsReplays) {
    {
        auto recorder = start();
        CoreThread core(configuration_, seed(), {.recorder = recorder.get()});
        std::optional<TestDataplane> dataplane(
            std::in_place, directory_.file(shm::kHandoverSocketName), 1000);
        ASSERT_TRUE(dataplane->turn_until([&] { return dataplane->opened == 1; }));
        TestCall call(*dataplane);
        ASSERT_TRUE(call.answer());
        // Whoever asks the core does not move it.
        std::uint32_t live = 0;
        ASSERT_TRUE(wait_until([&] {
            return core.query([&](const Core& at_rest, const Now&) {
                std::array<CallSnapshot, 4> calls;
                std::uint32_t cursor = 0;
                live = static_cast<std::uint32_t>(at_rest.calls(cursor, calls));
            });
        }));
        EXPECT_EQ(live, 1U);
        dataplane.reset(); // and a new one: attached, detached, slots
        dataplane.emplace(directory_.file(shm::kHandoverSocketName), 1001);
        ASSERT_TRUE(dataplane->turn_until([&] { return dataplane->opened == 1; }));
        call.move_to(*dataplane);
        ASSERT_TRUE(call.hang_up());
    }
    const auto result = recording::replay(bytes_of(path()));
    EXPECT_EQ(result.verdict, Verdict::Same) << result.text;
    EXPECT_TRUE(result.closed);
    // Attached, slots, INVITE, 200, ACK, detached, attached, slots, BYE; its 200 may come too late.
    EXPECT_GE(result.steps, 9U);
}

} // namespace
} // namespace tandem::controlplane
