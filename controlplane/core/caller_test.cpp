// SPDX-License-Identifier: Apache-2.0
//
// Who is let in: trunks by source, DNs by From and digest, and who has to register first.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controlplane/core/caller.hpp"
#include "controlplane/core/changes.hpp"
#include "controlplane/core/digest.hpp"
#include "controlplane/core/registrar.hpp"
#include "controlplane/core/test_digest.hpp"

namespace tandem::controlplane {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CallerTest : public ::testing::Test {
  protected:
    CallerTest()
        : configuration_([] {
              auto configuration = small_configuration();
              configuration.application.auth_failures_max = 3;
              configuration.dn_ranges[0].require_registration = true;
              configuration.trunks.push_back(trunk_to("gw", "10.77.0.200:5060", "9"));
              return configuration;
          }()),
          directory_(configuration_), registrar_(configuration_, directory_, changes_),
          digest_(configuration_.application, kTestSecret, changes_) {}

    struct Asked {
        std::string from = "<sip:1900@10.77.0.10>;tag=f";
        std::string headers = {};
        std::string source = "10.77.0.100:5060";
        std::string method = "INVITE";
        std::uint64_t at_s = 0;
    };

    base::Result<Device, Refusal> ask(const Asked& asked) {
        const TestMessage message(asked.method +
                                      " sip:1000@10.77.0.10 SIP/2.0\nVia: SIP/2.0/UDP "
                                      "10.77.0.100:5060;branch=z9hG4bKa\nFrom: " +
                                      asked.from +
                                      "\nTo: <sip:1000@10.77.0.10>\nCall-ID: c\nCSeq: 1 " +
                                      asked.method + "\n" + asked.headers + "Content-Length: 0\n\n",
                                  asked.source);
        return identify_caller(
            message.request(),
            {.directory = directory_, .registrar = registrar_, .digest = digest_},
            at_seconds(asked.at_s));
    }

    // The challenges of a 401, one value each.
    static std::vector<std::string> challenges(const base::Result<Device, Refusal>& result) {
        EXPECT_FALSE(result);
        std::vector<std::string> values;
        if (!result) {
            EXPECT_EQ(result.error().status_code(), 401);
            for (const auto& header : result.error().headers()) {
                values.emplace_back(result.error().value(header));
            }
        }
        return values;
    }

    static TestAnswer right() {
        return {.username = "1900",
                .password = "pw-1900",
                .method = "INVITE",
                .uri = "sip:1000@10.77.0.10"};
    }

    config::Configuration configuration_;
    Directory directory_;
    Changes changes_;
    Registrar registrar_;
    Digest digest_;
};

TEST_F(CallerTest, ATrunkIsKnownByItsAddressWhateverItSays) {
    const auto caller =
        ask({.from = "<sip:anybody@example.com>;tag=f", .source = "10.77.0.200:5060"});
    ASSERT_TRUE(caller);
    EXPECT_EQ(caller->trunk, TrunkIndex{0});
    EXPECT_FALSE(caller->dn);
}

TEST_F(CallerTest, ADnWithoutPasswordIsTakenAtItsWord) {
    const auto caller = ask({.from = "\"Two\" <sip:1200@10.77.0.10>;tag=f"});
    ASSERT_TRUE(caller);
    EXPECT_EQ(caller->dn, directory_.find_dn("1200"));
}

TEST_F(CallerTest, EscapesInTheUserPartAreUndone) {
    const auto caller = ask({.from = "<sip:%31200@10.77.0.10>;tag=f"});
    ASSERT_TRUE(caller);
    EXPECT_EQ(caller->dn, directory_.find_dn("1200"));
}

TEST_F(CallerTest, AnybodyElseIsForbidden) {
    for (const auto* from : {"<sip:4711@10.77.0.10>;tag=f",
                             "<tel:+4711>;tag=f",
                             "<sip:10.77.0.10>;tag=f",
                             "<http://x>;tag=f"}) {
        const auto caller = ask({.from = from});
        ASSERT_FALSE(caller) << from;
        EXPECT_EQ(caller.error().status_code(), 403) << from;
    }
}

TEST_F(CallerTest, APasswordIsChallengedForWithEachAlgorithmInOrder) {
    const auto offered = challenges(ask({}));
    ASSERT_EQ(offered.size(), 2U);
    EXPECT_THAT(offered[0], HasSubstr("algorithm=SHA-256"));
    EXPECT_THAT(offered[1], HasSubstr("algorithm=MD5"));
    for (const auto& challenge : offered) {
        EXPECT_THAT(challenge, HasSubstr("Digest realm=\"10.77.0.10\", nonce=\""));
        EXPECT_THAT(challenge, HasSubstr("qop=\"auth\""));
        EXPECT_THAT(challenge, Not(HasSubstr("stale")));
    }
}

TEST_F(CallerTest, EveryChallengeHasANonceOfItsOwn) {
    const auto first = challenges(ask({})).front();
    const auto second = challenges(ask({})).front();
    EXPECT_NE(first, second);
    EXPECT_TRUE(ask({.headers = authorization(second, right())}));
    EXPECT_TRUE(ask({.headers = authorization(first, right())}));
}

TEST_F(CallerTest, EitherAlgorithmLetsTheDnIn) {
    for (const auto& challenge : challenges(ask({}))) {
        auto answer = right();
        answer.nc = challenge.find("SHA") != std::string::npos ? "00000001" : "00000002";
        const auto caller = ask({.headers = authorization(challenge, answer)});
        ASSERT_TRUE(caller) << challenge;
        EXPECT_EQ(caller->dn, directory_.find_dn("1900"));
    }
    EXPECT_EQ(digest_.wrong_count(), 0U);
}

TEST_F(CallerTest, AnAnswerIsGoodOnce) {
    const auto challenge = challenges(ask({})).front();
    const auto line = authorization(challenge, right());
    EXPECT_TRUE(ask({.headers = line}));
    const auto again = challenges(ask({.headers = line}));
    EXPECT_THAT(again.front(), HasSubstr("stale=true"));
    auto next = right();
    next.nc = "00000002";
    EXPECT_TRUE(ask({.headers = authorization(challenge, next)}));
}

TEST_F(CallerTest, AnOldNonceIsStaleAndAForeignOneToo) {
    const auto challenge = challenges(ask({})).front();
    const auto late = ask({.headers = authorization(challenge, right()), .at_s = 61});
    EXPECT_THAT(challenges(late).front(), HasSubstr("stale=true"));
    const auto elsewhere =
        ask({.headers = authorization(challenge, right()), .source = "10.77.0.101:5060"});
    EXPECT_THAT(challenges(elsewhere).front(), HasSubstr("stale=true"));
    const auto made_up = authorization(
        "Digest realm=\"10.77.0.10\", nonce=\"abc\", algorithm=MD5, qop=\"auth\"", right());
    EXPECT_THAT(challenges(ask({.headers = made_up})).front(), HasSubstr("stale=true"));
    EXPECT_EQ(digest_.wrong_count(), 0U);
}

TEST_F(CallerTest, AWrongAnswerIsChallengedAgainAndSoonNotEvenThat) {
    const auto challenge = challenges(ask({})).front();
    auto wrong = right();
    wrong.password = "guess";
    for (int i = 0; i < 3; ++i) {
        EXPECT_THAT(challenges(ask({.headers = authorization(challenge, wrong)})).front(),
                    Not(HasSubstr("stale")));
    }
    const auto limited = ask({.headers = authorization(challenge, right())});
    ASSERT_FALSE(limited);
    EXPECT_EQ(limited.error().status_code(), 403);
    EXPECT_EQ(digest_.wrong_count(), 3U);
    EXPECT_EQ(digest_.limited_count(), 1U);
    const auto other = ask({.headers = {}, .source = "10.77.0.101:5060"});
    EXPECT_EQ(challenges(other).size(), 2U);
    const auto later = challenges(ask({.at_s = 60})).front();
    EXPECT_TRUE(ask({.headers = authorization(later, right()), .at_s = 60}));
}

TEST_F(CallerTest, AnotherDnsPasswordDoesNotHelp) {
    const auto challenge = challenges(ask({})).front();
    auto other = right();
    other.username = "1901";
    other.password = "pw-1901";
    EXPECT_EQ(challenges(ask({.headers = authorization(challenge, other)})).size(), 2U);
    EXPECT_EQ(digest_.wrong_count(), 1U);
}

TEST_F(CallerTest, AMalformedAnswerIsABadRequest) {
    const auto challenge = challenges(ask({})).front();
    auto without_qop = right();
    without_qop.qop = "";
    for (const auto& line : {std::string("Authorization: Digest username=\"1900\n"),
                             std::string("Authorization: Digest realm=\"10.77.0.10\"\n"),
                             authorization(challenge, without_qop)}) {
        const auto caller = ask({.headers = line});
        ASSERT_FALSE(caller) << line;
        EXPECT_EQ(caller.error().status_code(), 400) << line;
    }
    // Another scheme or another realm is no answer for us.
    for (const auto* line :
         {"Authorization: Basic MTkwMDpwdw==\n",
          "Authorization: Digest username=\"1900\", realm=\"else\", nonce=\"n\", uri=\"sip:x\", "
          "response=\"00000000000000000000000000000000\"\n"}) {
        EXPECT_EQ(challenges(ask({.headers = line})).size(), 2U) << line;
    }
}

TEST_F(CallerTest, RequireRegistrationAsksForTheFlowOfABinding) {
    const Asked call{.from = "<sip:1001@10.77.0.10>;tag=f"};
    const auto refused = ask(call);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status_code(), 403);
    EXPECT_TRUE(ask({.from = call.from, .method = "REGISTER"}));
    KeptEffects effects;
    const TestMessage message(
        "REGISTER sip:10.77.0.10 SIP/2.0\nVia: SIP/2.0/UDP 10.77.0.100;branch=z9hG4bKr\n"
        "From: <sip:1001@10.77.0.10>;tag=f\nTo: <sip:1001@10.77.0.10>\nCall-ID: r\n"
        "CSeq: 1 REGISTER\nContact: <sip:1001@10.77.0.100>;expires=60\nContent-Length: 0\n\n",
        "10.77.0.100:5060");
    registrar_.receive(message.request(), *directory_.find_dn("1001"), "t", at_seconds(0), effects);
    EXPECT_TRUE(ask(call));
    EXPECT_FALSE(ask({.from = call.from, .source = "10.77.0.101:5060"}));
    EXPECT_FALSE(ask({.from = call.from, .at_s = 61}));
}

} // namespace
} // namespace tandem::controlplane
