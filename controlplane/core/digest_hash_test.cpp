// SPDX-License-Identifier: Apache-2.0
//
// The hashes of digest authentication against the published example of RFC 7616 section 3.9.1.
#include "gtest/gtest.h"

#include "controlplane/core/digest_hash.hpp"
#include "controlplane/core/test_directory.hpp"

namespace tandem::controlplane {
namespace {

using config::DigestAlgorithm;

std::string example_response(DigestAlgorithm algorithm) {
    DigestHash hash(kTestSecret);
    const auto a1 = hash.hash(algorithm, {"Mufasa", "http-auth@example.org", "Circle of Life"});
    const auto a2 = hash.hash(algorithm, {"GET", "/dir/index.html"});
    const auto response = hash.hash(algorithm,
                                    {a1.text(),
                                     "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                                     "00000001",
                                     "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
                                     "auth",
                                     a2.text()});
    return std::string(response.text());
}

TEST(DigestHashTest, GivesTheResponsesOfTheRfc) {
    EXPECT_EQ(example_response(DigestAlgorithm::Md5), "8ca523f5e9506fed4657c9700eebdbec");
    EXPECT_EQ(example_response(DigestAlgorithm::Sha256),
              "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

TEST(DigestHashTest, EqualsTakesEitherCaseAndTheWholeLengthOnly) {
    DigestHash hash(kTestSecret);
    const auto digest = hash.hash(DigestAlgorithm::Md5, {"a"});
    EXPECT_TRUE(digest.equals("0cc175b9c0f1b6a831c399e269772661"));
    EXPECT_TRUE(digest.equals("0CC175B9C0F1B6A831C399E269772661"));
    EXPECT_FALSE(digest.equals("0cc175b9c0f1b6a831c399e26977266"));
    EXPECT_FALSE(digest.equals("0cc175b9c0f1b6a831c399e2697726610"));
    EXPECT_FALSE(digest.equals("1cc175b9c0f1b6a831c399e269772661"));
    EXPECT_FALSE(digest.equals(""));
}

TEST(DigestHashTest, ASealDependsOnEverythingItSeals) {
    DigestHash hash(kTestSecret);
    const auto source = endpoint_of("10.77.0.100").address;
    const auto seal = hash.seal({1, 7}, source, "realm");
    EXPECT_EQ(seal, hash.seal({1, 7}, source, "realm"));
    EXPECT_NE(seal, hash.seal({2, 7}, source, "realm"));
    EXPECT_NE(seal, hash.seal({1, 8}, source, "realm"));
    EXPECT_NE(seal, hash.seal({1, 7}, endpoint_of("10.77.0.101").address, "realm"));
    EXPECT_NE(seal, hash.seal({1, 7}, source, "other"));
    constexpr std::array<std::uint8_t, 32> kOtherKey = {9};
    DigestHash other(kOtherKey);
    EXPECT_NE(seal, other.seal({1, 7}, source, "realm"));
}

} // namespace
} // namespace tandem::controlplane
