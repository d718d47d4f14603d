// SPDX-License-Identifier: Apache-2.0
//
// For tests: a recording made in memory, of a configuration that is given as text, and a way to
// look at or change its records. Never part of a process.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "config/load_file.hpp"
#include "controlplane/core/core.hpp"
#include "controlplane/core/test_message.hpp"
#include "controlplane/recording/effect_fields.hpp"
#include "controlplane/recording/field_bytes.hpp"
#include "controlplane/recording/format.hpp"
#include "controlplane/recording/input_fields.hpp"
#include "controlplane/recording/replay.hpp"

namespace tandem::controlplane::recording {

inline const std::string kTestConfiguration =
    "application: { sip-address = \"10.77.0.10\"; max-calls-at-once = 10;\n"
    "  max-registrations = 100; max-transactions = 1024; max-lingering-transactions = 1024;\n"
    "  max-contacts = 3; };\n"
    "ports = ( { name = \"sip0\"; device = \"net_null0\"; address = \"10.77.0.1\"; } );\n"
    "dns = ( { type = \"Extension\"; numbers = \"1000-1009\"; contact = \"*\"; },\n"
    "        { type = \"Extension\"; numbers = \"1900\"; contact = \"*\"; password = \"pw\"; },\n"
    "        { type = \"Extension\"; numbers = \"1200\"; contact = \"10.77.0.101:5070\"; },\n"
    "        { type = \"Trunk\"; name = \"gw\"; contact = \"10.77.0.200\"; prefix = \"9\"; } );\n";

inline Start test_start() {
    return {.program_version = TANDEM_VERSION,
            .configuration = kTestConfiguration,
            .node = "a",
            .term = 7,
            .seed = {1, 2, 3}};
}

// A core whose every step is recorded.
class TestRecording {
  public:
    TestRecording()
        : configuration_(config::load_text(kTestConfiguration, "test").value()),
          fields_(effects_, &kept),
          core_(configuration_, {.random = start_.seed, .node = "a", .term = 7}, fields_),
          file(kFormatLine) {
        put_record(file, RecordType::Start, start_payload(start_));
    }

    void step(const Input& input, std::uint64_t at_s) {
        const Now now{.monotonic_ns = 1'000 * base::kNsPerS + at_s * base::kNsPerS,
                      .wall_ns = 1'700'000'000 * base::kNsPerS + at_s * base::kNsPerS};
        FieldBytes input_bytes;
        FieldBytes objects;
        effects_.clear();
        write_input(input_bytes, input);
        core_.step(input, now);
        core_.write_changed_objects(objects);
        std::string payload;
        put_step(payload,
                 {.now = now,
                  .input = input_bytes.bytes(),
                  .effects = effects_.bytes(),
                  .objects = objects.bytes()});
        put_record(file, RecordType::Step, payload);
    }

    void compare() {
        FieldBytes all;
        core_.write_core(all);
        core_.write_objects(all);
        put_record(file, RecordType::Objects, all.bytes());
    }

    void end(EndReason reason = EndReason::Closed) {
        put_record(file, RecordType::End, end_payload(reason));
    }

    [[nodiscard]] const Core& core() const { return core_; }

  private:
    Start start_ = test_start();
    config::Configuration configuration_;
    FieldBytes effects_;

  public:
    KeptEffects kept;

  private:
    EffectFields fields_;
    Core core_;

  public:
    std::string file;
};

// Attached, a registration, a call to it that rings for a while and is given up.
inline std::string recorded_call() {
    TestRecording recording;
    std::vector<transaction::ClientHandle> slots;
    for (std::uint32_t i = 0; i < 128; ++i) {
        slots.push_back({.index = i, .generation = 1});
    }
    recording.step(AttachedInput{.owner = {.epoch = 9, .node = 1, .worker = 0},
                                 .branch_key = {.low = 1, .high = 2},
                                 .call_id_key = {.low = 3, .high = 4}},
                   0);
    recording.step(SlotsInput{.slots = slots}, 0);
    const TestMessage registration(
        "REGISTER sip:10.77.0.10 SIP/2.0\nVia: SIP/2.0/UDP 10.77.0.101;branch=z9hG4bKr\n"
        "From: <sip:1001@10.77.0.10>;tag=f\nTo: <sip:1001@10.77.0.10>\nCall-ID: r\n"
        "CSeq: 1 REGISTER\nContact: <sip:1001@10.77.0.101>\nContent-Length: 0\n\n",
        "10.77.0.101:5060");
    recording.step(registration.request(1), 1);
    recording.compare();
    const TestMessage invite(
        "INVITE sip:1001@10.77.0.10 SIP/2.0\nVia: SIP/2.0/UDP 10.77.0.100;branch=z9hG4bKi\n"
        "Max-Forwards: 70\nFrom: <sip:1000@10.77.0.10>;tag=f\nTo: <sip:1001@10.77.0.10>\n"
        "Call-ID: i\nCSeq: 1 INVITE\nContact: <sip:1000@10.77.0.100>\n"
        "Content-Type: application/sdp\nContent-Length: 5\n\nv=0\n",
        "10.77.0.100:5060");
    recording.step(invite.request(2), 2);
    EXPECT_EQ(recording.core().live_calls(), 1U);
    recording.compare();
    recording.step(TimersInput{}, 100);
    recording.step(DetachedInput{}, 101);
    EXPECT_EQ(recording.core().live_calls(), 0U);
    recording.compare();
    recording.end();
    return recording.file;
}

// The file with its steps changed by `change`, and with checksums that are right: what a core that
// did otherwise would have left.
inline std::string changed_steps(const std::string& file,
                                 const std::function<void(std::size_t, Step&)>& change) {
    std::string changed(kFormatLine);
    RecordReader records(file);
    std::size_t number = 0;
    while (const auto record = records.next()) {
        std::string payload(record->payload);
        if (record->type == RecordType::Step) {
            auto step = read_step(record->payload).value();
            change(++number, step);
            payload.clear();
            put_step(payload, step);
        }
        put_record(changed, record->type, payload);
    }
    return changed;
}

} // namespace tandem::controlplane::recording
