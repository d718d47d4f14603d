// SPDX-License-Identifier: Apache-2.0
//
// The drawing of a call, whole and piece by piece: columns, arrows, labels, remarks, what is
// missing. Times are shown in local time, so the tests run in UTC.
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controlplane/io/ladder.hpp"
#include "sipparse/method.hpp"

namespace tandem::controlplane {
namespace {

using shm::NoteDirection;
using shm::NoteFlags;
using sipparse::Method;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

constexpr std::uint64_t kCallerHash = 11;
constexpr std::uint64_t kCalleeHash = 22;
constexpr std::string_view kAlice = "10.77.0.100:5060";
constexpr std::string_view kBob = "10.77.0.101:5070";
constexpr NoteDirection kIn = NoteDirection::In;
constexpr NoteDirection kOut = NoteDirection::Out;

struct Spoken {
    std::uint64_t ms = 0;
    NoteDirection direction = kIn;
    Method method = Method::Invite;
    std::uint16_t status = 0;
    std::string_view text = {};
    std::uint16_t flags = 0;
};

shm::Note note_of(const Spoken& spoken, std::uint64_t hash, std::string_view remote) {
    shm::Note note;
    note.time_ns = 5 * base::kNsPerS + spoken.ms * base::kNsPerMs;
    note.call_id_hash = hash;
    note.remote = base::parse_endpoint(remote, 5060).value();
    note.direction = spoken.direction;
    note.method = static_cast<std::uint8_t>(spoken.method);
    note.status = spoken.status;
    note.flags = spoken.flags;
    note.set_text(spoken.text);
    return note;
}

shm::Note with_alice(const Spoken& spoken) {
    return note_of(spoken, kCallerHash, kAlice);
}

shm::Note with_bob(const Spoken& spoken) {
    return note_of(spoken, kCalleeHash, kBob);
}

class LadderTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        ::setenv("TZ", "UTC", 1); // NOLINT(concurrency-mt-unsafe): no thread exists
        ::tzset();
    }

    static std::string draw(const std::vector<shm::Note>& notes, std::string incomplete = "") {
        return draw_ladder({.notes = notes,
                            .caller_hash = kCallerHash,
                            .began_wall_ns = 1'700'000'000'123'000'000,
                            .incomplete = std::move(incomplete)});
    }

    // Of a ladder with one note: the line of that note.
    static std::string only_line(const shm::Note& note) {
        const auto text = draw({note});
        const auto end = text.size() - 1;
        const auto begin = text.rfind('\n', end - 1) + 1;
        return text.substr(begin, end - begin);
    }
};

TEST_F(LadderTest, DrawsANormalCall) {
    const std::vector<shm::Note> notes = {
        with_alice({.ms = 0, .flags = NoteFlags::kHasSdp}),
        with_alice({.ms = 0,
                    .direction = kOut,
                    .status = 100,
                    .text = "Trying",
                    .flags = NoteFlags::kByDataplane}),
        with_bob({.ms = 1, .direction = kOut, .flags = NoteFlags::kHasSdp}),
        with_bob({.ms = 501,
                  .direction = kOut,
                  .flags = NoteFlags::kRetransmission | NoteFlags::kHasSdp}),
        with_bob({.ms = 600, .status = 180, .text = "Ringing"}),
        with_alice({.ms = 601, .direction = kOut, .status = 180, .text = "Ringing"}),
        with_bob({.ms = 2'000, .status = 200, .text = "OK", .flags = NoteFlags::kHasSdp}),
        with_bob({.ms = 2'001, .direction = kOut, .method = Method::Ack}),
        with_alice({.ms = 2'001,
                    .direction = kOut,
                    .status = 200,
                    .text = "OK",
                    .flags = NoteFlags::kHasSdp}),
        with_alice({.ms = 2'010, .method = Method::Ack}),
        with_alice({.ms = 62'500, .method = Method::Bye}),
        with_alice(
            {.ms = 62'501, .direction = kOut, .method = Method::Bye, .status = 200, .text = "OK"}),
        with_bob({.ms = 62'501, .direction = kOut, .method = Method::Bye}),
        with_bob({.ms = 62'520, .method = Method::Bye, .status = 200, .text = "OK"}),
    };
    EXPECT_EQ(draw(notes), R"(seconds since 2023-11-14 22:13:20.123

    10.77.0.100:5060                   tandem                   10.77.0.101:5070
    0.000   |-------- INVITE +sdp ------->|                             |
    0.000   |<------- 100 Trying ---------|                             |  by the dataplane
    0.001   |                             |-------- INVITE +sdp ------->|
    0.501   |                             |-------- INVITE +sdp ------->|  again
    0.600   |                             |<------- 180 Ringing --------|
    0.601   |<------- 180 Ringing --------|                             |
    2.000   |                             |<------- 200 OK +sdp --------|
    2.001   |                             |------------ ACK ----------->|
    2.001   |<------- 200 OK +sdp --------|                             |
    2.010   |------------ ACK ----------->|                             |
   62.500   |------------ BYE ----------->|                             |
   62.501   |<------ 200 OK (BYE) --------|                             |
   62.501   |                             |------------ BYE ----------->|
   62.520   |                             |<------ 200 OK (BYE) --------|
)");
}

TEST_F(LadderTest, ArrowsPointWhereTheMessageWent) {
    EXPECT_EQ(only_line(with_alice({})), "    0.000   |---------- INVITE ---------->|");
    EXPECT_EQ(only_line(with_alice({.direction = kOut})),
              "    0.000   |<--------- INVITE -----------|");
    const auto from_bob = draw({with_alice({}), with_bob({.method = Method::Bye})});
    EXPECT_THAT(from_bob,
                EndsWith("    0.000   |                             |<----------- BYE "
                         "------------|\n"));
    const auto to_bob =
        draw({with_alice({}), with_bob({.direction = kOut, .method = Method::Bye})});
    EXPECT_THAT(to_bob,
                EndsWith("    0.000   |                             |------------ BYE "
                         "----------->|\n"));
}

TEST_F(LadderTest, TheCallerStandsLeftWhoeverSpokeFirst) {
    const auto text = draw({with_bob({}), with_alice({})});
    EXPECT_THAT(
        text,
        HasSubstr(
            "    10.77.0.100:5060                   tandem                   10.77.0.101:5070\n"));
}

TEST_F(LadderTest, EveryContactOfAForkHasAColumn) {
    const auto third = [](const Spoken& spoken) {
        return note_of(spoken, kCalleeHash, "10.77.0.102:5060");
    };
    const auto text = draw({with_alice({}),
                            with_bob({.direction = kOut}),
                            third({.direction = kOut}),
                            third({.status = 486, .text = "Busy Here"})});
    EXPECT_THAT(text, HasSubstr("10.77.0.101:5070              10.77.0.102:5060\n"));
    // The label stands beside the switch; the arrow crosses the life line between.
    EXPECT_THAT(text,
                EndsWith("    0.000   |                             |<------ 486 Busy Here "
                         "-------------------------------------|\n"));
}

TEST_F(LadderTest, ContactsWithOneAddressAreKeptApartByTheirCallId) {
    const auto text = draw({with_alice({}),
                            note_of({.direction = kOut}, 22, kBob),
                            note_of({.direction = kOut}, 33, kBob)});
    EXPECT_THAT(text, HasSubstr("10.77.0.101:5070              10.77.0.101:5070\n"));
}

TEST_F(LadderTest, WithoutMessagesOfTheCallerTheSwitchStandsLeft) {
    EXPECT_EQ(only_line(with_bob({.direction = kOut})),
              "    0.000   |---------- INVITE ---------->|");
}

TEST_F(LadderTest, LabelsSayWhatTheMessageIs) {
    const auto label_is = [](const Spoken& spoken, const std::string& label) {
        EXPECT_THAT(only_line(with_alice(spoken)), HasSubstr("- " + label + " "));
    };
    label_is({.method = Method::Ack}, "ACK");
    label_is({.flags = NoteFlags::kHasSdp}, "INVITE +sdp");
    label_is({.status = 180, .text = "Ringing"}, "180 Ringing");
    label_is({.status = 503}, "503");
    label_is({.method = Method::Options, .status = 200, .text = "OK"}, "200 OK (OPTIONS)");
    label_is({.status = 183, .text = "Session Progress", .flags = NoteFlags::kHasSdp},
             "183 Session Progress +sdp");
    label_is({.method = Method::Other, .text = "FETCH"}, "FETCH");
    label_is({.method = Method::Other, .status = 405, .text = "Not Allowed"}, "405 Not Allowed");
}

TEST_F(LadderTest, ALongReasonGivesWayToTheRest) {
    const Spoken spoken{.method = Method::Subscribe,
                        .status = 481,
                        .text = "Call/Transaction Does Not Exist",
                        .flags = NoteFlags::kHasSdp};
    EXPECT_EQ(only_line(with_alice(spoken)), "    0.000   |- 481 Ca.. (SUBSCRIBE) +sdp >|");
    EXPECT_EQ(only_line(with_alice(
                  {.direction = kOut, .status = 480, .text = "Temporarily Unavailable"})),
              "    0.000   |< 480 Temporarily Unavail.. -|");
}

TEST_F(LadderTest, BytesOfTheWireDoNotReachTheTerminal) {
    EXPECT_EQ(only_line(with_alice({.status = 200, .text = "\x1b[2JO\xc3\xa4K\n\x7f"})),
              "    0.000   |------ 200 ?[2JO??K?? ------>|");
}

TEST_F(LadderTest, RemarksTellWhatIsUnusual) {
    EXPECT_THAT(only_line(with_alice({.flags = NoteFlags::kRetransmission})),
                EndsWith(">|  again"));
    EXPECT_THAT(only_line(with_alice({.flags = NoteFlags::kByDataplane})),
                EndsWith(">|  by the dataplane"));
    EXPECT_THAT(only_line(with_alice({.flags = NoteFlags::kDropped})),
                EndsWith(">|  went no further"));
    EXPECT_THAT(
        only_line(with_alice({.flags = NoteFlags::kRetransmission | NoteFlags::kByDataplane})),
        EndsWith(">|  again, by the dataplane"));
}

TEST_F(LadderTest, ATwoPartyCallFitsInto100Columns) {
    auto note = with_bob({.status = 480,
                          .text = "Temporarily Unavailable",
                          .flags = NoteFlags::kRetransmission | NoteFlags::kByDataplane});
    note.remote = base::parse_endpoint("255.255.255.255:65535", 5060).value();
    const auto text = draw({with_alice({}), note});
    std::size_t longest = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = text.find('\n', begin);
        longest = std::max(longest, end - begin);
        begin = end + 1;
    }
    EXPECT_LE(longest, 100U);
}

TEST_F(LadderTest, SaysWhyMessagesAreMissing) {
    EXPECT_THAT(draw({with_alice({})}, "older messages have been overwritten"),
                EndsWith("|\n\nincomplete: older messages have been overwritten\n"));
    EXPECT_THAT(draw({with_alice({})}), Not(HasSubstr("incomplete")));
}

TEST_F(LadderTest, SaysThatThereIsNothing) {
    EXPECT_EQ(draw({}), "no notes of this call are left\n");
    EXPECT_EQ(draw({}, "no dataplane is attached"),
              "no notes of this call are left: no dataplane is attached\n");
}

TEST_F(LadderTest, ASprayOfPeersDoesNotWidenItWithoutEnd) {
    std::vector<shm::Note> notes = {with_alice({})};
    for (std::uint16_t port = 1; port <= 500; ++port) {
        notes.push_back(with_bob({.direction = kOut}));
        notes.back().remote.port = port;
    }
    const auto text = draw(notes);
    EXPECT_THAT(text, HasSubstr("10.77.0.101:19\n"));
    EXPECT_THAT(text, EndsWith("\nnot shown: 481 messages of further peers\n"));
}

TEST_F(LadderTest, AnotherProcessMayWriteNonsense) {
    shm::Note note = with_alice({.status = 65'535, .flags = 0xffff});
    note.method = 255;
    note.text_bytes = 255;
    note.direction = static_cast<NoteDirection>(77);
    note.time_ns = 0;
    const auto text = draw({with_alice({.ms = 9}), note});
    EXPECT_THAT(text, HasSubstr("    0.000   |<"));
    EXPECT_THAT(text, HasSubstr("65535"));
}

} // namespace
} // namespace tandem::controlplane
