// SPDX-License-Identifier: Apache-2.0
//
// Where dialled numbers lead: contacts of DNs, and trunks by prefix, priority, turn and capacity.
#include "gtest/gtest.h"

#include "controlplane/core/changes.hpp"
#include "controlplane/core/registrar.hpp"
#include "controlplane/core/router.hpp"
#include "controlplane/core/test_directory.hpp"

namespace tandem::controlplane {
namespace {

class RouterTest : public ::testing::Test {
  protected:
    explicit RouterTest(config::Configuration configuration = small_configuration())
        : configuration_(std::move(configuration)), directory_(configuration_),
          registrar_(configuration_, directory_, changes_),
          router_(directory_, registrar_, changes_) {}

    void bind(const std::string& number, const std::string& contacts) {
        const TestMessage message("REGISTER sip:10.77.0.10 SIP/2.0\nVia: SIP/2.0/UDP "
                                  "10.77.0.100;branch=z9hG4bKr\nFrom: <sip:" +
                                      number + "@10.77.0.10>;tag=f\nTo: <sip:" + number +
                                      "@10.77.0.10>\nCall-ID: r\nCSeq: 1 REGISTER\nContact: " +
                                      contacts + "\nContent-Length: 0\n\n",
                                  "10.77.0.100:5060");
        registrar_.receive(
            message.request(), *directory_.find_dn(number), "t", at_seconds(0), effects_);
    }

    base::Result<Route, Refusal> route(std::string_view dialled) {
        return router_.route(caller_, dialled, at_seconds(0));
    }

    // Name of the trunk that takes the number, or the status of the refusal.
    std::string trunk_for(std::string_view dialled) {
        const auto found = route(dialled);
        return found ? directory_.trunk(*found->device.trunk).options->name
                     : std::to_string(found.error().status_code());
    }

    int status_for(std::string_view dialled) {
        const auto found = route(dialled);
        return found ? 0 : found.error().status_code();
    }

    config::Configuration configuration_;
    Directory directory_;
    Changes changes_;
    Registrar registrar_;
    Router router_;
    KeptEffects effects_;
    Device caller_;
};

TEST_F(RouterTest, UnknownNumbersAreNotFoundAndUnregisteredOnesUnavailable) {
    EXPECT_EQ(status_for("4711"), 404);
    EXPECT_EQ(status_for(""), 404);
    EXPECT_EQ(status_for("1000"), 480);
}

TEST_F(RouterTest, ALearnedContactIsTheTarget) {
    bind("1000", "<sip:1000@10.77.0.100:5062;x=1>");
    const auto found = route("1000");
    ASSERT_TRUE(found);
    ASSERT_EQ(found->count, 1U);
    EXPECT_EQ(found->targets[0].request_uri, "sip:1000@10.77.0.100:5062;x=1");
    EXPECT_EQ(found->targets[0].destination, endpoint_of("10.77.0.100:5062"));
    EXPECT_EQ(found->device.dn, directory_.find_dn("1000"));
    EXPECT_TRUE(route("%31000"));
}

TEST_F(RouterTest, AStaticContactNeedsNoRegistration) {
    const auto found = route("1200");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->targets[0].request_uri, "sip:1200@10.77.0.101:5070");
    EXPECT_EQ(found->targets[0].destination, endpoint_of("10.77.0.101:5070"));
}

TEST_F(RouterTest, BusyAtMaxCalls) {
    configuration_.dn_ranges[2].max_calls = 1;
    const Device device{.dn = directory_.find_dn("1200"), .trunk = {}};
    EXPECT_EQ(status_for("1200"), 0);
    ASSERT_TRUE(directory_.take_call(device));
    EXPECT_EQ(status_for("1200"), 486);
}

class ForkTest : public RouterTest {
  protected:
    ForkTest()
        : RouterTest([] {
              auto configuration = small_configuration();
              configuration.dn_ranges[0].max_contacts = 3;
              return configuration;
          }()) {}
};

TEST_F(ForkTest, EveryContactIsATarget) {
    bind("1000", "<sip:a@10.77.0.100>, <sip:b@10.77.0.101>");
    const auto found = route("1000");
    ASSERT_TRUE(found);
    ASSERT_EQ(found->count, 2U);
    EXPECT_EQ(found->targets[0].request_uri, "sip:b@10.77.0.101");
    EXPECT_EQ(found->targets[1].request_uri, "sip:a@10.77.0.100");
}

class TrunkTest : public RouterTest {
  protected:
    TrunkTest()
        : RouterTest([] {
              auto configuration = small_configuration();
              auto& trunks = configuration.trunks;
              trunks.push_back(trunk_to("nine", "10.77.0.200", "9"));
              trunks.back().replace_prefix = "";
              trunks.push_back(trunk_to("ninety", "10.77.0.201", "90"));
              trunks.back().replace_prefix = "00";
              trunks.push_back(trunk_to("plain", "10.77.0.202", "8"));
              trunks.push_back(trunk_to("turn-a", "10.77.0.203", "7"));
              trunks.push_back(trunk_to("turn-b", "10.77.0.204", "7"));
              trunks.push_back(trunk_to("reserve", "10.77.0.205", "7"));
              trunks[3].capacity = 1;
              trunks[4].capacity = 1;
              trunks[5].priority = 5;
              trunks[5].capacity = 1;
              return configuration;
          }()) {}
};

TEST_F(TrunkTest, TheLongestPrefixWinsAndIsReplaced) {
    EXPECT_EQ(route("9123")->targets[0].request_uri, "sip:123@10.77.0.200:5060");
    EXPECT_EQ(route("90123")->targets[0].request_uri, "sip:00123@10.77.0.201:5060");
    EXPECT_EQ(route("8123")->targets[0].request_uri, "sip:8123@10.77.0.202:5060");
    EXPECT_EQ(trunk_for("9"), "404"); // nothing is left behind the prefix
}

TEST_F(TrunkTest, EqualTrunksInTurnThenTheNextPriorityThenNone) {
    EXPECT_EQ(trunk_for("71"), "turn-a");
    EXPECT_EQ(trunk_for("71"), "turn-b");
    EXPECT_EQ(trunk_for("71"), "turn-a");
    ASSERT_TRUE(directory_.take_call({.dn = {}, .trunk = TrunkIndex{4}}));
    EXPECT_EQ(trunk_for("71"), "turn-a");
    ASSERT_TRUE(directory_.take_call({.dn = {}, .trunk = TrunkIndex{3}}));
    EXPECT_EQ(trunk_for("71"), "reserve");
    ASSERT_TRUE(directory_.take_call({.dn = {}, .trunk = TrunkIndex{5}}));
    EXPECT_EQ(trunk_for("71"), "503");
    directory_.release_call({.dn = {}, .trunk = TrunkIndex{4}});
    EXPECT_EQ(trunk_for("71"), "turn-b");
}

TEST_F(TrunkTest, WhatComesFromATrunkReachesDnsOnly) {
    caller_.trunk = TrunkIndex{0};
    EXPECT_EQ(status_for("8123"), 404);
    EXPECT_EQ(status_for("1200"), 0);
}

TEST_F(TrunkTest, ANumberThatFitsNoUriIsRefused) {
    EXPECT_EQ(status_for("8" + std::string(400, '1')), 414);
}

} // namespace
} // namespace tandem::controlplane
