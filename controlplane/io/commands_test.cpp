// SPDX-License-Identifier: Apache-2.0
//
// The command table of the control plane and every handler of it on a running core: answers have
// what the table promises to show, and errors say what to do.
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "base/log.hpp"
#include "controlplane/io/commands.hpp"
#include "controlplane/io/test_call.hpp"

namespace tandem::controlplane {
namespace {

using nlohmann::json;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

// What an answer promises and does not have, one line each.
std::string missing_in(const json& part, const ctl::Section& section) {
    std::string missing;
    const auto look = [&](const json& object) {
        for (const auto& column : section.columns) {
            if (!object.is_object() || !object.contains(column.key)) {
                missing += column.key + " is not in " + object.dump() + "\n";
            }
        }
    };
    switch (section.shape) {
    case ctl::Shape::Table:
        if (!part.is_array()) {
            return "not a table: " + part.dump() + "\n";
        }
        std::for_each(part.begin(), part.end(), look);
        break;
    case ctl::Shape::Members:
        look(part);
        break;
    case ctl::Shape::Text:
        missing += part.is_string() ? "" : "not a text: " + part.dump() + "\n";
        break;
    }
    return missing;
}

class CommandsTest : public testing::Test {
  protected:
    void SetUp() override {
        configuration_.file = "tandem.conf";
        configuration_.application.run_directory = directory_.path();
        start_core();
    }

    void start_core() {
        core_.emplace(configuration_,
                      CoreSeed{.random = {1}, .node = "a", .term = 1},
                      CoreThreadParts{.journal = &journal_});
        table_ = commands({.core = &*core_,
                           .journal = &journal_,
                           .configuration = &configuration_,
                           .started_wall_ns = base::wall_now()});
    }

    void start_dataplane() {
        dataplane_.emplace(directory_.file(shm::kHandoverSocketName), 1000);
        ASSERT_TRUE(dataplane_->turn_until([&] { return dataplane_->opened == 1; }));
    }

    const ctl::Command& command(std::string_view path) {
        const auto found = std::find_if(
            table_.begin(), table_.end(), [&](const auto& row) { return row.path == path; });
        EXPECT_NE(found, table_.end()) << path;
        return found != table_.end() ? *found : table_.front();
    }

    // Asks again when the machine was too busy for the core to answer within its second.
    ctl::Answer answer(std::string_view path, const json& parameters) {
        const auto& asked = command(path);
        asked_.insert(asked.path);
        const auto arguments = ctl::check_arguments(asked, parameters);
        if (!arguments) {
            return base::Error{arguments.error()};
        }
        ctl::Answer answer = base::Error{core_failure()};
        EXPECT_TRUE(wait_until([&] {
            answer = asked.handler(*arguments);
            return answer || answer.error().code != ctl::FailureCode::Unavailable;
        }));
        return answer;
    }

    // An answer that must be good and hold every column of every section it has.
    json ask(std::string_view path, const json& parameters = json::object()) {
        const auto result = answer(path, parameters);
        if (!result) {
            ADD_FAILURE() << path << ": " << result.error().text;
            return {};
        }
        for (const auto& section : command(path).sections) {
            if (section.key.empty()) {
                EXPECT_EQ(missing_in(*result, section), "") << path;
            } else if (result->contains(section.key)) {
                EXPECT_EQ(missing_in(result->at(section.key), section), "") << path;
            }
        }
        return *result;
    }

    std::string failure(std::string_view path, const json& parameters, ctl::FailureCode code) {
        const auto result = answer(path, parameters);
        if (result) {
            ADD_FAILURE() << path << ": " << result->dump();
            return {};
        }
        EXPECT_EQ(result.error().code, code);
        return result.error().text;
    }

    TemporaryDirectory directory_;
    config::Configuration configuration_ = call_configuration();
    std::optional<TestDataplane> dataplane_;
    Journal journal_{directory_.file("state")};
    std::optional<CoreThread> core_;
    ctl::CommandTable table_;
    std::set<std::string> asked_;

  private:
    static ctl::Failure core_failure() { return {.code = ctl::FailureCode::Unavailable}; }
};

json row_named(const json& rows, std::string_view name) {
    for (const auto& row : rows) {
        if (row.at("name") == name) {
            return row;
        }
    }
    ADD_FAILURE() << "no row is called " << name;
    return {};
}

TEST(CommandTableTest, IsFreeOfFaultsAndNeedsNoProcessToBeDescribed) {
    EXPECT_EQ(ctl::fault_of(commands({})), std::nullopt);
    EXPECT_TRUE(ctl::commands_from_json(ctl::commands_json("controlplane", commands({}))));
}

TEST_F(CommandsTest, EveryCommandAnswersWithoutADataplane) {
    ask("status");
    ask("stats");
    ask("shm show");
    ask("calls");
    ask("calls", {{"ended", true}});
    ask("dn list");
    ask("dn list", {{"active", true}});
    ask("dn show", {{"number", "1000"}});
    ask("registrations");
    ask("registrations", {{"number", "1020"}});
    ask("journal");
    ask("trunks");
    ask("options");
    ask("log level");
    failure("call show", {{"id", "0"}}, ctl::FailureCode::NotFound);
    std::set<std::string> all;
    for (const auto& row : table_) {
        all.insert(row.path);
    }
    EXPECT_EQ(asked_, all);
}

TEST_F(CommandsTest, Status) {
    auto status = ask("status");
    EXPECT_EQ(status["node"], "a");
    EXPECT_EQ(status["pid"], ::getpid());
    EXPECT_EQ(status["dataplane"], "no dataplane is running");
    EXPECT_TRUE(status["dataplane_pid"].is_null());
    EXPECT_EQ(status["dns"], 14);
    EXPECT_EQ(status["trunks"], 1);
    EXPECT_EQ(status["configuration"], "tandem.conf");
    start_dataplane();
    EXPECT_TRUE(wait_until([&] { return ask("status")["dataplane"] == "attached"; },
                           [&] { dataplane_->turn(); }));
    EXPECT_EQ(ask("status")["dataplane_pid"], ::getpid());
}

TEST_F(CommandsTest, StatsCountWhatWentThrough) {
    start_dataplane();
    dataplane_->receive(options_text(1), kTestCaller);
    ASSERT_TRUE(dataplane_->turn_until([&] { return !dataplane_->responses.empty(); }));
    const auto rows = ask("stats");
    EXPECT_EQ(row_named(rows, "responses_sent")["value"], 1);
    EXPECT_EQ(row_named(rows, "events_unreadable")["value"], 0);
    EXPECT_EQ(row_named(rows, "effects_unsent")["value"], 0);
    std::set<std::string> names;
    for (const auto& row : rows) {
        EXPECT_FALSE(row.at("help").get<std::string>().empty());
        EXPECT_TRUE(names.insert(row.at("name")).second) << row;
    }
}

TEST_F(CommandsTest, ShmShow) {
    auto shown = ask("shm show");
    EXPECT_EQ(shown["seam"]["state"], "no dataplane is running");
    EXPECT_TRUE(shown["seam"]["region_bytes"].is_null());
    EXPECT_EQ(shown["pools"].size(), kCorePoolCount);
    start_dataplane();
    EXPECT_TRUE(wait_until([&] { return ask("shm show")["seam"]["state"] == "attached"; },
                           [&] { dataplane_->turn(); }));
    shown = ask("shm show");
    EXPECT_EQ(shown["seam"]["dataplane_epoch"], 1000);
    EXPECT_EQ(shown["seam"]["command_ring_bytes"], shm::kRingBytesMin);
    EXPECT_EQ(shown["seam"]["opened"], 1);
    EXPECT_THAT(shown["seam"]["layout"].get<std::string>(), HasSubstr(" hash "));
}

TEST_F(CommandsTest, CallsAndCallShow) {
    start_dataplane();
    TestCall call(*dataplane_);
    ASSERT_TRUE(call.answer());
    auto rows = ask("calls");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0]["caller"], "1000");
    EXPECT_EQ(rows[0]["dialled"], "1001");
    EXPECT_EQ(rows[0]["status"], 200);
    EXPECT_TRUE(rows[0]["ended"].is_null());
    const std::string id = rows[0]["id"];
    EXPECT_EQ(id.size(), 16U);

    auto shown = ask("call show", {{"id", id}});
    EXPECT_EQ(shown["call"]["id"], id);
    ASSERT_EQ(shown["legs"].size(), 2U);
    EXPECT_EQ(shown["legs"][0]["side"], "caller");
    EXPECT_EQ(shown["legs"][0]["device"], "dn 1000");
    EXPECT_EQ(shown["legs"][1]["device"], "dn 1001");
    EXPECT_FALSE(shown.contains("ladder"));

    ASSERT_TRUE(call.hang_up());
    EXPECT_TRUE(wait_until([&] { return ask("calls").empty(); }, [&] { dataplane_->turn(); }));
    rows = ask("calls", {{"ended", true}});
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0]["id"], id);
    EXPECT_FALSE(rows[0]["ended"].is_null());
    EXPECT_EQ(ask("call show", {{"id", id}})["call"]["id"], id);
}

TEST_F(CommandsTest, TheLadderComesFromTheNotesOfTheRegion) {
    start_dataplane();
    TestCall call(*dataplane_);
    ASSERT_TRUE(call.answer());
    const std::string id = ask("calls")[0]["id"];
    const json parameters = {{"id", id}, {"ladder", true}};
    EXPECT_EQ(ask("call show", parameters)["ladder"], "no notes of this call are left\n");

    std::uint64_t caller_hash = 0;
    ASSERT_TRUE(wait_until([&] {
        return core_->query([&](const Core& core, const Now&) {
            std::uint32_t cursor = 0;
            CallSnapshot snapshot;
            ASSERT_EQ(core.calls(cursor, {&snapshot, 1}), 1U);
            caller_hash = snapshot.leg_hashes[0];
        });
    }));
    shm::NoteWriter writer(dataplane_->region().notes(0));
    shm::Note note;
    note.time_ns = base::monotonic_now();
    note.call_id_hash = caller_hash;
    note.remote = endpoint_of(kTestCaller);
    note.method = static_cast<std::uint8_t>(sipparse::Method::Invite);
    writer.write(note);
    EXPECT_THAT(ask("call show", parameters)["ladder"].get<std::string>(),
                EndsWith("    0.000   |---------- INVITE ---------->|\n"));

    for (std::size_t i = 0; i < 2 * shm::kNoteCountMin; ++i) {
        note.time_ns = base::monotonic_now() + 10 * base::kNsPerS; // long after the call began
        writer.write(note);
    }
    EXPECT_THAT(ask("call show", parameters)["ladder"].get<std::string>(),
                EndsWith("incomplete: older messages have been overwritten "
                         "(option ladder-notes)\n"));
    dataplane_.reset();
    EXPECT_TRUE(wait_until([&] { return ask("status")["dataplane"] != "attached"; }));
    EXPECT_EQ(ask("call show", parameters)["ladder"],
              "no notes of this call are left: no dataplane is attached\n");
}

TEST_F(CommandsTest, AnUnknownCallIsNotFound) {
    for (const std::string id : {"12ab", "nonsense", "", "-1", "123456789012345678"}) {
        EXPECT_EQ(failure("call show", {{"id", id}}, ctl::FailureCode::NotFound),
                  "no call " + id + "; see `calls` and `calls --ended`");
    }
}

TEST_F(CommandsTest, DnListAndShow) {
    const auto rows = ask("dn list");
    ASSERT_EQ(rows.size(), 14U);
    EXPECT_EQ(rows[0]["number"], "1000");
    EXPECT_EQ(rows[0]["state"], "idle");
    EXPECT_EQ(rows[0]["contact"], "10.77.0.101:5070");
    EXPECT_EQ(rows[12]["number"], "1020");
    EXPECT_EQ(rows[12]["state"], "not registered");
    EXPECT_EQ(rows[12]["contact"], "*");
    EXPECT_EQ(ask("dn list", {{"active", true}}).size(), 0U);
    const auto shown = ask("dn show", {{"number", "1010"}});
    EXPECT_EQ(shown["dn"]["max_calls"], 1);
    EXPECT_EQ(shown["bindings"].size(), 0U);
    EXPECT_FALSE(shown["options"].empty());
    EXPECT_EQ(failure("dn show", {{"number", "4711"}}, ctl::FailureCode::NotFound),
              "no DN 4711 is configured");
}

TEST_F(CommandsTest, ALongListComesWhole) {
    core_.reset();
    configuration_.dn_ranges.push_back(dn_range(2000, 4999));
    start_core();
    const auto rows = ask("dn list");
    ASSERT_EQ(rows.size(), 3014U);
    std::set<std::string> numbers;
    for (const auto& row : rows) {
        numbers.insert(row.at("number"));
    }
    EXPECT_EQ(numbers.size(), rows.size());
}

TEST_F(CommandsTest, RegistrationsOfARegisteredDn) {
    start_dataplane();
    dataplane_->receive("REGISTER sip:10.77.0.10 SIP/2.0\r\n"
                        "Via: SIP/2.0/UDP 10.77.0.120:5060;branch=z9hG4bKr\r\n"
                        "From: <sip:1020@10.77.0.10>;tag=r\r\nTo: <sip:1020@10.77.0.10>\r\n"
                        "Call-ID: r\r\nCSeq: 1 REGISTER\r\n"
                        "Contact: <sip:1020@10.77.0.120:5060>\r\nContent-Length: 0\r\n\r\n",
                        "10.77.0.120:5060");
    ASSERT_TRUE(dataplane_->turn_until([&] { return !dataplane_->responses.empty(); }));
    ASSERT_EQ(dataplane_->responses.front().head.status_code, 200);
    const auto rows = ask("registrations");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0]["number"], "1020");
    EXPECT_EQ(rows[0]["sent_to"], "10.77.0.120:5060");
    EXPECT_GT(rows[0]["expires"].get<std::uint64_t>(), base::wall_now() / base::kNsPerMs);
    EXPECT_EQ(ask("registrations", {{"number", "1020"}}), rows);
    EXPECT_TRUE(ask("registrations", {{"number", "1021"}}).empty());
    EXPECT_EQ(ask("dn show", {{"number", "1020"}})["bindings"], rows);
    EXPECT_EQ(ask("dn list", {{"active", true}})[0]["state"], "idle");
    EXPECT_EQ(rows[0]["restored"], false);
    EXPECT_EQ(row_named(ask("stats"), "binding_changes")["value"], 1);
    EXPECT_EQ(ask("journal")["waiting"], 1); // nobody takes it: the journal's thread does not run
}

TEST_F(CommandsTest, TheJournalSaysWhereItIsAndWhatIsWrong) {
    const auto path = directory_.file("state/bindings.journal");
    EXPECT_EQ(ask("status")["journal"], "written to " + path);
    EXPECT_EQ(ask("journal")["state"], "written");
    EXPECT_EQ(ask("journal")["path"], path);
    EXPECT_EQ(row_named(ask("stats"), "journal_faults")["value"], 0);

    const Journal second(directory_.file("state"));
    table_ = commands({.core = &*core_, .journal = &second, .configuration = &configuration_});
    EXPECT_THAT(ask("status")["journal"].get<std::string>(), HasSubstr("in use by another"));
    EXPECT_THAT(ask("journal")["state"].get<std::string>(), HasSubstr("in use by another"));
    EXPECT_EQ(row_named(ask("stats"), "journal_faults")["value"], 1);
}

TEST_F(CommandsTest, Trunks) {
    const auto rows = ask("trunks");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0]["name"], "gw");
    EXPECT_EQ(rows[0]["prefix"], "9");
    EXPECT_EQ(rows[0]["replace_prefix"], "");
    EXPECT_EQ(rows[0]["contact"], "10.77.0.200:5060");
    EXPECT_EQ(rows[0]["capacity"], 2);
}

TEST_F(CommandsTest, Options) {
    const auto rows = ask("options", {{"name", "ring-timeout"}});
    ASSERT_FALSE(rows.empty());
    EXPECT_EQ(rows[0]["object"], "application");
    EXPECT_EQ(rows[0]["source"], "default");
    EXPECT_GT(ask("options").size(), rows.size());
    EXPECT_EQ(failure("options", {{"name", "colour"}}, ctl::FailureCode::NotFound),
              "no option is called colour; see `options` for all of them");
}

TEST_F(CommandsTest, LogLevel) {
    const auto before = ask("log level");
    EXPECT_EQ(ask("log level", {{"level", "error"}})["level"], "error");
    EXPECT_EQ(base::log::level(), base::log::Level::Error);
    EXPECT_EQ(ask("log level", {{"level", before["level"]}}), before);
    EXPECT_THAT(failure("log level", {{"level", "loud"}}, ctl::FailureCode::InvalidArguments),
                HasSubstr("trace"));
    EXPECT_TRUE(command("log level").arguments[0].needs_write);
}

} // namespace
} // namespace tandem::controlplane
