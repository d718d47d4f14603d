// SPDX-License-Identifier: Apache-2.0
//
// Digest credentials and challenges: parameters, algorithms, nonce count, refusals.
#include "gtest/gtest.h"

#include "sipparse/credentials.hpp"
#include "sipparse/indexed_message_test.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::string_view kAnswer =
    "Digest username=\"1900\", realm=\"10.77.0.10\",\r\n nonce=\"abc,=\", uri=\"sip:10.77.0.10\", "
    "response=\"00ff\", algorithm=SHA-256, cnonce=\"c\", qop=auth, nc=0000001a, opaque=\"\", x=y";

TEST(CredentialsTest, EveryParameter) {
    const auto params = parse_digest(kAnswer);
    ASSERT_TRUE(params);
    EXPECT_TRUE(quoted_equals(params->username, "1900"));
    EXPECT_TRUE(quoted_equals(params->realm, "10.77.0.10"));
    EXPECT_TRUE(quoted_equals(params->nonce, "abc,="));
    EXPECT_EQ(without_quotes(params->uri), "sip:10.77.0.10");
    EXPECT_EQ(without_quotes(params->response), "00ff");
    EXPECT_EQ(params->algorithm, DigestAlgorithm::Sha256);
    EXPECT_EQ(params->nonce_count, 0x1aU);
    EXPECT_EQ(params->qop, "auth");
    EXPECT_EQ(params->opaque, "\"\"");
    EXPECT_TRUE(has_answer(*params));
}

TEST(CredentialsTest, Challenge) {
    const auto params =
        parse_digest("digest realm=\"r\", nonce=\"n\", qop=\"auth,auth-int\", stale=TRUE");
    ASSERT_TRUE(params);
    EXPECT_EQ(params->algorithm, DigestAlgorithm::Md5);
    EXPECT_EQ(params->qop, "\"auth,auth-int\"");
    EXPECT_EQ(params->stale, "TRUE");
    EXPECT_FALSE(has_answer(*params));
}

TEST(CredentialsTest, Algorithms) {
    const auto algorithm = [](std::string_view text) {
        return parse_digest("Digest algorithm=" + std::string(text))->algorithm;
    };
    EXPECT_EQ(algorithm("md5"), DigestAlgorithm::Md5);
    EXPECT_EQ(algorithm("\"MD5\""), DigestAlgorithm::Md5);
    EXPECT_EQ(algorithm("MD5-sess"), DigestAlgorithm::Md5Sess);
    EXPECT_EQ(algorithm("SHA-256-sess"), DigestAlgorithm::Sha256Sess);
    EXPECT_EQ(algorithm("SHA-512-256"), DigestAlgorithm::Unknown);
}

TEST(CredentialsTest, QopNeedsItsCompanions) {
    const std::string base =
        "Digest username=\"a\",realm=\"b\",nonce=\"c\",uri=\"d\",response=\"e\"";
    EXPECT_TRUE(has_answer(*parse_digest(base)));
    EXPECT_FALSE(has_answer(*parse_digest(base + ",qop=auth,nc=00000001")));
    EXPECT_FALSE(has_answer(*parse_digest(base + ",qop=auth,cnonce=\"x\"")));
}

TEST(CredentialsTest, GarbageIsRefused) {
    for (const char* text : {"",
                             "Basic abc",
                             "NoOneKnowsThisScheme opaque-data=here",
                             "Digest",
                             "Digestusername=\"a\"",
                             "Digest username",
                             "Digest username=",
                             "Digest username=\"a",
                             "Digest =x",
                             "Digest username=\"a\" realm=\"b\"",
                             "Digest nc=1",
                             "Digest nc=0000000g",
                             "Digest realm=\"a\", realm=\"b\"",
                             "Digest realm=\"a\"b"}) {
        EXPECT_FALSE(parse_digest(text)) << text;
    }
}

TEST(CredentialsTest, EveryCutIsBorne) {
    for_each_cut(kAnswer, [](std::string_view cut) {
        const auto params = parse_digest(cut);
        EXPECT_TRUE(!params || params->username.size() == 6 || params->username.empty());
    });
}

} // namespace

} // namespace tandem::sipparse
