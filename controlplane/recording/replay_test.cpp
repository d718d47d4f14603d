// SPDX-License-Identifier: Apache-2.0
//
// A recording replays the same, and anything that was done otherwise is found: each effect, each
// object, each version, and each way a file can be bad.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlplane/recording/test_recording.hpp"

namespace tandem::controlplane::recording {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::size_t kInviteStep = 4; // of recorded_call()

TEST(Replay, ARecordedCallIsTheSame) {
    const auto result = replay(recorded_call());
    EXPECT_EQ(result.verdict, Verdict::Same) << result.text;
    EXPECT_TRUE(result.closed);
    EXPECT_EQ(result.steps, 6U);
    EXPECT_EQ(result.comparisons, 3U);
}

TEST(Replay, OneOtherByteOfAnEffectIsFound) {
    std::string effects;
    const auto file = changed_steps(recorded_call(), [&](std::size_t number, Step& step) {
        if (number == kInviteStep) {
            effects = step.effects;
            const auto at = effects.find("Max-Forwards: 69");
            ASSERT_NE(at, std::string::npos);
            effects[at + 15] = '8';
            step.effects = effects;
        }
    });
    const auto result = replay(file);
    EXPECT_EQ(result.verdict, Verdict::Differs);
    EXPECT_THAT(result.text, StartsWith("step 4: effect send_request (1 of 1): message"));
    EXPECT_THAT(result.text, HasSubstr("Max-Forwards: 68"));
    EXPECT_THAT(result.text, HasSubstr("Max-Forwards: 69"));
    EXPECT_THAT(result.text, HasSubstr("input: request"));
    EXPECT_THAT(result.text, HasSubstr("INVITE sip:1001@10.77.0.10"));
}

TEST(Replay, OneOtherByteOfAnInputIsFound) {
    std::string input;
    const auto file = changed_steps(recorded_call(), [&](std::size_t number, Step& step) {
        if (number == kInviteStep) {
            input = step.input;
            input[input.find("tag=f") + 4] = 'g';
            step.input = input;
        }
    });
    const auto result = replay(file);
    EXPECT_EQ(result.verdict, Verdict::Differs);
    EXPECT_THAT(result.text, HasSubstr("step 4: object call (1 of 1): head"));
}

TEST(Replay, AnEffectTooManyOrTooFewIsFound) {
    for (const bool more : {true, false}) {
        std::string effects;
        const auto file = changed_steps(recorded_call(), [&](std::size_t number, Step& step) {
            if (number == kInviteStep) {
                effects = more ? std::string(step.effects) + "\x05\x01" : "";
                step.effects = effects;
            }
        });
        const auto result = replay(file);
        EXPECT_EQ(result.verdict, Verdict::Differs);
        EXPECT_THAT(result.text, HasSubstr(more ? "has 2 bytes more" : "was not recorded"));
    }
}

TEST(Replay, AnotherVersionOfAnObjectIsFound) {
    std::string objects;
    const auto file = changed_steps(recorded_call(), [&](std::size_t number, Step& step) {
        if (number == kInviteStep) {
            objects = step.objects;
            ByteReader reader(std::string_view(objects).substr(1));
            static_cast<void>(reader.number());
            const auto at = objects.size() - reader.rest().size();
            ASSERT_EQ(objects[at], 1);
            objects[at] = 2;
            step.objects = objects;
        }
    });
    const auto result = replay(file);
    EXPECT_EQ(result.verdict, Verdict::Differs);
    EXPECT_THAT(result.text, HasSubstr("object call (1 of 1): version"));
}

TEST(Replay, AnotherClockIsFound) {
    const auto file = changed_steps(recorded_call(), [](std::size_t number, Step& step) {
        step.now.wall_ns += number == kInviteStep ? 1U : 0U;
    });
    const auto result = replay(file);
    EXPECT_EQ(result.verdict, Verdict::Differs);
    EXPECT_THAT(result.text, HasSubstr("times.started_ns"));
}

TEST(Replay, AnotherSeedIsFound) {
    auto start = test_start();
    start.seed[0] ^= 1;
    std::string file(kFormatLine);
    put_record(file, RecordType::Start, start_payload(start));
    file += recorded_call().substr(file.size());
    EXPECT_EQ(replay(file).verdict, Verdict::Differs);
}

TEST(Replay, AnObjectThatChangesWithoutAWordIsFound) {
    std::string file(kFormatLine);
    const auto whole = recorded_call();
    RecordReader records(whole);
    while (const auto record = records.next()) {
        std::string payload(record->payload);
        if (record->type == RecordType::Objects) {
            const auto at = payload.find("sip:1001@10.77.0.101");
            if (at != std::string::npos) {
                payload[at + 4] = '2';
            }
        }
        put_record(file, record->type, payload);
    }
    const auto result = replay(file);
    EXPECT_EQ(result.verdict, Verdict::Differs);
    EXPECT_THAT(result.text, StartsWith("after step 3: object bindings"));
}

// Cut anywhere: never a crash, and never more than was whole. A cut between records is what a kill
// leaves; within one it is torn; both compare all that is there.
TEST(Replay, AFileThatWasCutIsComparedUpToThere) {
    const auto file = recorded_call();
    RecordReader records(file);
    ASSERT_TRUE(records.next());
    ASSERT_TRUE(records.next());
    const auto first_step = records.offset();
    const auto end_record = file.size() - kRecordHeadBytes - 1;
    // Each byte of the last record, and a sample of all others.
    for (std::size_t bytes = 0; bytes < file.size(); bytes += bytes < end_record ? 61 : 1) {
        const auto result = replay(std::string_view(file).substr(0, bytes));
        EXPECT_FALSE(result.closed) << bytes;
        EXPECT_EQ(result.verdict, bytes < first_step ? Verdict::Unreadable : Verdict::Same)
            << bytes << ": " << result.text;
    }
}

TEST(Replay, ADamagedFileIsNoOtherCore) {
    const auto file = recorded_call();
    for (std::size_t at = 0; at < file.size(); at += 101) {
        auto damaged = file;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        const auto result = replay(damaged);
        EXPECT_NE(result.verdict, Verdict::Differs) << at << ": " << result.text;
        EXPECT_FALSE(result.verdict == Verdict::Same && result.closed) << at;
    }
}

TEST(Replay, ARecorderThatGaveUpIsIncomplete) {
    for (const auto reason : {EndReason::FellBehind, EndReason::Full}) {
        TestRecording recording;
        recording.step(TimersInput{}, 1);
        recording.end(reason);
        const auto result = replay(recording.file);
        EXPECT_EQ(result.verdict, Verdict::Incomplete);
        EXPECT_EQ(result.text, reason_text(reason));
    }
}

TEST(Replay, NothingFollowsAnEnd) {
    auto file = recorded_call();
    put_record(file, RecordType::End, end_payload(EndReason::Closed));
    EXPECT_THAT(replay(file).text, HasSubstr("follows its end"));
    EXPECT_THAT(replay(recorded_call() + "x").text, HasSubstr("torn"));
}

TEST(Replay, WhatIsNoRecordingIsSaid) {
    EXPECT_THAT(replay("").text, HasSubstr("no recording"));
    EXPECT_THAT(replay("tandem recording 9\n").text, HasSubstr("no recording"));
    EXPECT_THAT(replay(kFormatLine).text, HasSubstr("empty"));
    std::string file(kFormatLine);
    put_record(file, RecordType::Objects, "");
    EXPECT_THAT(replay(file).text, HasSubstr("does not begin"));
    auto start = test_start();
    start.program_version = "0.0.0";
    file = kFormatLine;
    put_record(file, RecordType::Start, start_payload(start));
    EXPECT_THAT(replay(file).text, HasSubstr("version 0.0.0"));
    start = test_start();
    start.configuration = "application: { sip-adress = \"10.77.0.10\"; };";
    file = kFormatLine;
    put_record(file, RecordType::Start, start_payload(start));
    EXPECT_THAT(replay(file).text, HasSubstr("the recorded configuration:1:"));
}

} // namespace
} // namespace tandem::controlplane::recording
