// SPDX-License-Identifier: Apache-2.0
//
// The journal around a running core: what phones register is in the file, and a core that starts
// with it knows them.
#include <filesystem>

#include "gtest/gtest.h"

#include "controlplane/io/core_bindings.hpp"
#include "controlplane/io/test_call.hpp"
#include "controlplane/io/test_journal.hpp"

namespace tandem::controlplane {
namespace {

std::string register_text(std::uint32_t number, std::uint32_t cseq, const std::string& expires) {
    const auto aor = "<sip:" + std::to_string(number) + "@10.77.0.10>";
    const auto user = std::to_string(number);
    const auto unique = user + "-" + std::to_string(cseq);
    return "REGISTER sip:10.77.0.10 SIP/2.0\r\nVia: SIP/2.0/UDP 10.77.0.120:5060;branch=z9hG4bK" +
           unique + "\r\nFrom: " + aor + ";tag=r\r\nTo: " + aor + "\r\nCall-ID: r" + user +
           "\r\nCSeq: " + std::to_string(cseq) + " REGISTER\r\nContact: <sip:" + user +
           "@10.77.0.120:5060>;expires=" + expires + "\r\nContent-Length: 0\r\n\r\n";
}

// One life of a control plane on a state directory.
class Life {
  public:
    Life(const config::Configuration& configuration, const std::string& state)
        : journal(state),
          core(configuration, {.random = {1}, .node = "a", .term = 1}, {.journal = &journal}),
          bindings(core), thread(journal, bindings) {}

    std::uint32_t in_use() {
        std::uint32_t count = 0;
        EXPECT_TRUE(wait_until([&] {
            return core.query(
                [&](const Core& asked, const Now&) { count = asked.registrar().in_use(); });
        }));
        return count;
    }

    Journal journal;
    CoreThread core;
    CoreBindings bindings;
    JournalThread thread;
};

class CoreBindingsTest : public testing::Test {
  protected:
    void SetUp() override {
        configuration_.application.run_directory = directory_.path();
        configuration_.dn_ranges.push_back(dn_range(2000, 2999));
        configuration_.application.max_registrations = 1000;
        start_life();
        dataplane_.emplace(directory_.file(shm::kHandoverSocketName), 1000);
        ASSERT_TRUE(dataplane_->turn_until([&] { return dataplane_->opened == 1; }));
    }

    void start_life() { life_.emplace(configuration_, directory_.file("state")); }

    void send(std::uint32_t number, std::uint32_t cseq, const std::string& expires) {
        dataplane_->receive(register_text(number, cseq, expires), "10.77.0.120:5060");
        ASSERT_TRUE(dataplane_->turn_until([&] { return !dataplane_->responses.empty(); }));
        EXPECT_EQ(dataplane_->responses.front().head.status_code, 200);
        dataplane_->responses.clear();
    }

    bool wait_appended(std::uint64_t count) {
        return wait_until([&] { return life_->journal.status().appended == count; });
    }

    TemporaryDirectory directory_;
    config::Configuration configuration_ = call_configuration();
    std::optional<Life> life_;
    std::optional<TestDataplane> dataplane_;
};

TEST_F(CoreBindingsTest, ACoreThatStartsAgainKnowsItsPhones) {
    for (std::uint32_t i = 0; i < 20; ++i) {
        send(2000 + i, 1, "600");
    }
    send(2003, 2, "0");
    ASSERT_TRUE(wait_appended(21));
    EXPECT_EQ(life_->in_use(), 19U);
    life_.reset();
    start_life();
    EXPECT_EQ(life_->in_use(), 19U);
    ASSERT_TRUE(wait_until([&] { return life_->journal.status().restored == 19; }));
    EXPECT_EQ(life_->journal.status().skipped, 0U);
}

TEST_F(CoreBindingsTest, TheRegistrarGivesAllItHolds) {
    std::vector<std::string> expected;
    for (std::uint32_t i = 0; i < 600; ++i) {
        send(2000 + i, 1, "600");
        expected.push_back(std::to_string(2000 + i));
    }
    std::vector<std::string> found;
    BodyPage page;
    std::uint32_t cursor = 0;
    for (bool at_end = false; !at_end;) {
        const auto answer = life_->bindings.read(cursor, page);
        ASSERT_TRUE(answer);
        at_end = *answer;
        for (std::size_t i = 0; i < page.count(); ++i) {
            const auto change = read_body(page.body(i));
            ASSERT_TRUE(change);
            found.emplace_back(change->number);
        }
    }
    EXPECT_EQ(found, expected);
    const auto numbers = life_->bindings.numbers();
    ASSERT_TRUE(numbers);
    EXPECT_EQ(numbers->in_use, 600U);
    EXPECT_EQ(numbers->restored, 0U);
}

TEST_F(CoreBindingsTest, ARewriteSaysWhatTheChangesSaid) {
    for (std::uint32_t i = 0; i < 30; ++i) {
        send(2000 + i, 1, "600");
    }
    ASSERT_TRUE(wait_appended(30));
    const auto path = life_->journal.status().path;
    const auto before = file_bytes(path);
    const auto appended = texts_of(read_journal(before).bindings);
    life_.reset();
    // A damaged record makes the next life write the whole anew.
    auto bytes = before;
    bytes.resize(bytes.size() + 1);
    append_record(read_journal(before).salt, body_of(OwnedBinding::of(999'999).view()), bytes);
    write_file(path, bytes);
    start_life();
    ASSERT_TRUE(wait_until([&] { return life_->journal.status().rewrites == 1; }));
    EXPECT_EQ(life_->journal.status().skipped, 1U);
    const auto after = file_bytes(path);
    const auto rewritten = read_journal(after).bindings;
    ASSERT_EQ(rewritten.size(), appended.size());
    // Its expiry follows the clocks of this life: the same but for what lies between two readings.
    const auto was = read_journal(before).bindings;
    for (std::size_t i = 0; i < was.size(); ++i) {
        auto same = OwnedBinding::copy(rewritten[i]);
        EXPECT_EQ(same.change.expires_wall_ns, was[i].expires_wall_ns);
        EXPECT_EQ(same.text(), appended[i]);
    }
}

} // namespace
} // namespace tandem::controlplane
