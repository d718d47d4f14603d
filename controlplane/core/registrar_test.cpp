// SPDX-License-Identifier: Apache-2.0
//
// The registrar, a REGISTER at a time: what is answered, and what is bound afterwards.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controlplane/core/changes.hpp"
#include "controlplane/core/directory.hpp"
#include "controlplane/core/registrar.hpp"
#include "controlplane/core/test_directory.hpp"

namespace tandem::controlplane {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class RegistrarTest : public ::testing::Test {
  protected:
    explicit RegistrarTest(config::Configuration configuration = small_configuration())
        : configuration_(std::move(configuration)), directory_(configuration_),
          registrar_(configuration_, directory_, changes_) {}

    struct Register {
        std::string headers;
        std::string number = "1000";
        std::string call_id = "one";
        int cseq = 1;
        std::string source = "10.77.0.100:5060";
        std::uint64_t at_s = 0;
    };

    // The text of the answer.
    std::string send(const Register& wanted) {
        const TestMessage message(
            "REGISTER sip:10.77.0.10 SIP/2.0\nVia: SIP/2.0/UDP 10.77.0.100:5060;branch=z9hG4bKa\n"
            "Max-Forwards: 70\nFrom: <sip:" +
                wanted.number + "@10.77.0.10>;tag=f\nTo: <sip:" + wanted.number +
                "@10.77.0.10>\nCall-ID: " + wanted.call_id +
                "\nCSeq: " + std::to_string(wanted.cseq) + " REGISTER\n" + wanted.headers +
                "Content-Length: 0\n\n",
            wanted.source);
        effects_.responses.clear();
        const auto dn = directory_.find_dn(sender_.empty() ? wanted.number : sender_);
        registrar_.receive(message.request(), *dn, "tt", at_seconds(wanted.at_s), effects_);
        EXPECT_EQ(effects_.responses.size(), 1U);
        return effects_.responses.empty() ? "" : effects_.responses.front().text;
    }

    std::vector<BindingView> bindings(std::string_view number, std::uint64_t at_s = 0) {
        std::vector<BindingView> views(16);
        views.resize(registrar_.bindings(*directory_.find_dn(number), at_seconds(at_s), views));
        return views;
    }

    config::Configuration configuration_;
    Directory directory_;
    Changes changes_;
    Registrar registrar_;
    KeptEffects effects_;
    std::string sender_; // who was identified, when it is not the number in To
};

TEST_F(RegistrarTest, BindsAContactAndTellsItsExpiry) {
    const auto answer = send({.headers = "Contact: <sip:1000@10.77.0.100:5062>\nExpires: 120\n"});
    EXPECT_THAT(answer, StartsWith("SIP/2.0 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("Contact: <sip:1000@10.77.0.100:5062>;expires=120\r\n"));
    EXPECT_THAT(answer, HasSubstr("To: <sip:1000@10.77.0.10>;tag=tt\r\n"));
    const auto bound = bindings("1000");
    ASSERT_EQ(bound.size(), 1U);
    EXPECT_EQ(bound[0].contact_uri, "sip:1000@10.77.0.100:5062");
    EXPECT_EQ(bound[0].destination, endpoint_of("10.77.0.100:5062"));
    EXPECT_EQ(bound[0].source, endpoint_of("10.77.0.100:5060"));
    ASSERT_EQ(effects_.bindings.size(), 1U);
    EXPECT_FALSE(effects_.bindings[0].removed);
}

TEST_F(RegistrarTest, ContactParameterGoesBeforeExpiresHeaderAndBothAreBounded) {
    EXPECT_THAT(send({.headers = "Contact: <sip:1000@10.77.0.100>;expires=90\nExpires: 120\n"}),
                HasSubstr(";expires=90\r\n"));
    EXPECT_THAT(send({.headers = "Contact: <sip:1000@10.77.0.100>;expires=86400\n", .cseq = 2}),
                HasSubstr(";expires=3600\r\n"));
    EXPECT_THAT(send({.headers = "Contact: <sip:1000@10.77.0.100>\n", .cseq = 3}),
                HasSubstr(";expires=3600\r\n"));
    EXPECT_THAT(send({.headers = "Contact: <sip:1000@10.77.0.100>;expires=soon\n", .cseq = 4}),
                HasSubstr(";expires=3600\r\n"));
}

TEST_F(RegistrarTest, RefusesAnIntervalThatIsTooBrief) {
    const auto answer = send({.headers = "Contact: <sip:1000@10.77.0.100>\nExpires: 59\n"});
    EXPECT_THAT(answer, StartsWith("SIP/2.0 423 Interval Too Brief\r\n"));
    EXPECT_THAT(answer, HasSubstr("Min-Expires: 60\r\n"));
    EXPECT_TRUE(bindings("1000").empty());
}

TEST_F(RegistrarTest, ARefreshKeepsOneBindingAndANewContactReplacesTheOld) {
    send({.headers = "Contact: <sip:1000@10.77.0.100:5060>\n"});
    send({.headers = "Contact: <sip:1000@10.77.0.100>\n", .cseq = 2, .at_s = 10});
    // 5060 and no port differ as URIs (RFC 3261 19.1.4), so the second took the first one's place.
    ASSERT_EQ(bindings("1000", 10).size(), 1U);
    EXPECT_EQ(bindings("1000", 10)[0].contact_uri, "sip:1000@10.77.0.100");
    send({.headers = "Contact: <SIP:1000@10.77.0.100>\n", .cseq = 3, .at_s = 20});
    EXPECT_EQ(bindings("1000", 20).size(), 1U);
    EXPECT_EQ(registrar_.in_use(), 1U);
}

TEST_F(RegistrarTest, AnOldCSeqOfTheSameCallIdChangesNothing) {
    send({.headers = "Contact: <sip:1000@10.77.0.100>;expires=100\n", .cseq = 5});
    for (const int cseq : {5, 4}) {
        EXPECT_THAT(send({.headers = "Contact: <sip:1000@10.77.0.100>;expires=0\n", .cseq = cseq}),
                    StartsWith("SIP/2.0 500 CSeq Too Low\r\n"));
    }
    EXPECT_THAT(send({.headers = "Contact: *\nExpires: 0\n", .cseq = 5}),
                StartsWith("SIP/2.0 500"));
    EXPECT_EQ(bindings("1000").size(), 1U);
    // A phone that restarted has another Call-ID and may begin anew.
    EXPECT_THAT(send({.headers = "Contact: <sip:1000@10.77.0.100>;expires=0\n", .call_id = "two"}),
                StartsWith("SIP/2.0 200"));
    EXPECT_TRUE(bindings("1000").empty());
}

TEST_F(RegistrarTest, StarRemovesAllAndStandsAlone) {
    send({.headers = "Contact: <sip:1000@10.77.0.100>\n"});
    for (const auto* headers : {"Contact: *\n",
                                "Contact: *\nExpires: 60\n",
                                "Contact: *\nContact: <sip:1000@10.77.0.100>\nExpires: 0\n"}) {
        EXPECT_THAT(send({.headers = headers, .cseq = 2}), StartsWith("SIP/2.0 400 Contact *"));
    }
    EXPECT_EQ(bindings("1000").size(), 1U);
    const auto answer = send({.headers = "Contact: *\nExpires: 0\n", .cseq = 2});
    EXPECT_THAT(answer, StartsWith("SIP/2.0 200"));
    EXPECT_THAT(answer, Not(HasSubstr("Contact:")));
    EXPECT_TRUE(bindings("1000").empty());
    EXPECT_TRUE(effects_.bindings.back().removed);
}

TEST_F(RegistrarTest, WithoutContactItTellsWhatIsBound) {
    EXPECT_THAT(send({.headers = ""}), Not(HasSubstr("Contact:")));
    send({.headers = "Contact: <sip:1000@10.77.0.100>;expires=100\n", .cseq = 2});
    EXPECT_THAT(send({.headers = "", .cseq = 3, .at_s = 30}), HasSubstr(";expires=70\r\n"));
}

TEST_F(RegistrarTest, ABindingEndsByItselfToTheSecond) {
    send({.headers = "Contact: <sip:1000@10.77.0.100>;expires=100\n"});
    effects_.bindings.clear();
    registrar_.expire(at_seconds(99), effects_);
    EXPECT_EQ(registrar_.in_use(), 1U);
    EXPECT_LE(registrar_.next_deadline(), at_seconds(100).monotonic_ns);
    EXPECT_TRUE(bindings("1000", 100).empty()); // also before anybody looked at the clock
    registrar_.expire(at_seconds(101), effects_);
    EXPECT_EQ(registrar_.in_use(), 0U);
    ASSERT_EQ(effects_.bindings.size(), 1U);
    EXPECT_TRUE(effects_.bindings[0].removed);
}

TEST_F(RegistrarTest, RefusesWhatItCannotReachOrRead) {
    for (const auto* contact : {"<sips:1000@10.77.0.100>",
                                "<sip:1000@10.77.0.100;transport=tcp>",
                                "<tel:+1000>",
                                "<sip:1000@10.77.0.100",
                                "<>",
                                "<http://10.77.0.100>"}) {
        EXPECT_THAT(send({.headers = std::string("Contact: ") + contact + "\n"}),
                    StartsWith("SIP/2.0 400 "))
            << contact;
    }
    const std::string long_user(300, '1');
    EXPECT_THAT(send({.headers = "Contact: <sip:" + long_user + "@10.77.0.100>\n"}),
                StartsWith("SIP/2.0 400 Contact Too Long"));
    std::string many;
    for (int i = 0; i < 17; ++i) {
        many += "Contact: <sip:" + std::to_string(i) + "@10.77.0.100>\n";
    }
    EXPECT_THAT(send({.headers = many}), StartsWith("SIP/2.0 400 Too Many Contacts"));
    EXPECT_EQ(registrar_.in_use(), 0U);
}

TEST_F(RegistrarTest, AContactThatLeadsBackHereIsRefused) {
    configuration_.ports.push_back({});
    configuration_.ports.back().address = endpoint_of("10.77.0.1").address;
    for (const auto* address : {"10.77.0.10", "10.77.0.10:5062", "10.77.0.1"}) {
        EXPECT_THAT(send({.headers = "Contact: <sip:1000@" + std::string(address) + ">\n"}),
                    StartsWith("SIP/2.0 403 Contact Is This Switch"))
            << address;
    }
    EXPECT_EQ(registrar_.in_use(), 0U);
}

TEST_F(RegistrarTest, NobodyRegistersForAnother) {
    sender_ = "1001";
    EXPECT_THAT(send({.headers = "Contact: <sip:1000@10.77.0.100>\n"}), StartsWith("SIP/2.0 403 "));
    sender_ = "1000";
    EXPECT_THAT(send({.headers = "Contact: <sip:7@10.77.0.100>\n", .number = "4711"}),
                StartsWith("SIP/2.0 404 "));
    sender_ = "1200";
    EXPECT_THAT(send({.headers = "Contact: <sip:7@10.77.0.100>\n", .number = "1200"}),
                StartsWith("SIP/2.0 403 Contact Is Configured"));
}

TEST_F(RegistrarTest, AHostNameIsReachedWhereItsRegisterCameFrom) {
    send({.headers = "Contact: <sip:1000@phone.example.com>\n"});
    EXPECT_EQ(bindings("1000")[0].destination, endpoint_of("10.77.0.100:5060"));
    EXPECT_TRUE(bindings("1000")[0].via_source);
}

TEST_F(RegistrarTest, HoldsFlowKnowsSourceAndDestinationOnly) {
    send({.headers = "Contact: <sip:1000@10.77.0.100:5062>;expires=100\n"});
    const auto dn = *directory_.find_dn("1000");
    EXPECT_TRUE(registrar_.holds_flow(dn, endpoint_of("10.77.0.100:5060"), at_seconds(0)));
    EXPECT_TRUE(registrar_.holds_flow(dn, endpoint_of("10.77.0.100:5062"), at_seconds(0)));
    EXPECT_FALSE(registrar_.holds_flow(dn, endpoint_of("10.77.0.100:5063"), at_seconds(0)));
    EXPECT_FALSE(registrar_.holds_flow(dn, endpoint_of("10.77.0.100:5060"), at_seconds(101)));
    EXPECT_FALSE(registrar_.holds_flow(
        *directory_.find_dn("1001"), endpoint_of("10.77.0.100:5060"), at_seconds(0)));
}

class NatRegistrarTest : public RegistrarTest {
  protected:
    NatRegistrarTest()
        : RegistrarTest([] {
              auto configuration = small_configuration();
              configuration.dn_ranges[0].nat_contact = config::NatContact::Auto;
              return configuration;
          }()) {}
};

TEST_F(NatRegistrarTest, APrivateContactThatIsNotTheSourceIsReachedAtTheSource) {
    send({.headers = "Contact: <sip:1000@192.168.1.7:5062>\n", .source = "203.0.113.9:41000"});
    ASSERT_EQ(bindings("1000").size(), 1U);
    EXPECT_EQ(bindings("1000")[0].destination, endpoint_of("203.0.113.9:41000"));
    EXPECT_EQ(bindings("1000")[0].contact_uri, "sip:1000@192.168.1.7:5062");
    EXPECT_TRUE(bindings("1000")[0].via_source);
}

TEST_F(NatRegistrarTest, APublicOrEqualContactIsUsedAsItIs) {
    send({.headers = "Contact: <sip:1000@198.51.100.4:5062>\n", .source = "203.0.113.9:41000"});
    EXPECT_EQ(bindings("1000")[0].destination, endpoint_of("198.51.100.4:5062"));
    send({.headers = "Contact: <sip:1000@10.77.0.100:5062>\n", .cseq = 2});
    EXPECT_EQ(bindings("1000")[0].destination, endpoint_of("10.77.0.100:5062"));
}

class ManyContactsTest : public RegistrarTest {
  protected:
    ManyContactsTest()
        : RegistrarTest([] {
              auto configuration = small_configuration();
              configuration.dn_ranges[0].max_contacts = 3;
              configuration.application.max_registrations = 4;
              return configuration;
          }()) {}
};

TEST_F(ManyContactsTest, TheNewestStayWhenThereAreTooMany) {
    for (int i = 0; i < 5; ++i) {
        send({.headers = "Contact: <sip:" + std::to_string(i) + "@10.77.0.100>\n", .cseq = i + 1});
    }
    const auto bound = bindings("1000");
    ASSERT_EQ(bound.size(), 3U);
    EXPECT_EQ(bound[0].contact_uri, "sip:4@10.77.0.100");
    EXPECT_EQ(bound[2].contact_uri, "sip:2@10.77.0.100");
}

TEST_F(ManyContactsTest, AFullPoolRefusesTheWholeRegister) {
    send({.headers = "Contact: <sip:a@10.77.0.100>, <sip:b@10.77.0.100>\n"});
    const auto answer = send({.headers = "Contact: <sip:a@10.77.0.101>, <sip:b@10.77.0.101>, "
                                         "<sip:c@10.77.0.101>\n",
                              .number = "1001"});
    EXPECT_THAT(answer, StartsWith("SIP/2.0 503 "));
    EXPECT_TRUE(bindings("1001").empty());
    EXPECT_EQ(registrar_.refused_full(), 1U);
    EXPECT_EQ(registrar_.in_use(), 2U);
}

TEST_F(ManyContactsTest, ListShowsEveryBindingOnce) {
    send({.headers = "Contact: <sip:a@10.77.0.100>, <sip:b@10.77.0.100>\n"});
    send({.headers = "Contact: <sip:c@10.77.0.100>\n", .number = "1001"});
    std::array<BindingView, 2> page;
    std::uint32_t cursor = 0;
    EXPECT_EQ(registrar_.list(cursor, page), 2U);
    EXPECT_EQ(registrar_.list(cursor, page), 1U);
    EXPECT_EQ(registrar_.list(cursor, page), 0U);
}

} // namespace
} // namespace tandem::controlplane
