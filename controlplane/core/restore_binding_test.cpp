// SPDX-License-Identifier: Apache-2.0
//
// Bindings of an earlier life: a registrar that was given all changes of another one answers as
// that one would, and what is not allowed any more is refused with its reason.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controlplane/core/changes.hpp"
#include "controlplane/core/directory.hpp"
#include "controlplane/core/registrar.hpp"
#include "controlplane/core/test_switch.hpp"
#include "controlplane/recording/field_bytes.hpp"

namespace tandem::controlplane {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::size_t kContactsMax = 16;

config::Configuration configuration() {
    auto configuration = small_configuration();
    configuration.dn_ranges[0].max_contacts = 3;
    configuration.dn_ranges[0].nat_contact = config::NatContact::Auto;
    return configuration;
}

// A directory with its registrar, fed with REGISTERs as text.
class Life {
  public:
    explicit Life(config::Configuration wanted = configuration())
        : configuration_(std::move(wanted)), directory_(configuration_),
          registrar_(configuration_, directory_, changes_) {}

    struct Register {
        std::string contact;
        int cseq = 1;
        std::string call_id = "one";
        std::string number = "1000";
        std::string source = "10.77.0.100:5060";
        std::uint64_t at_s = 0;
    };

    std::string send(const Register& wanted) {
        const TestMessage message(
            "REGISTER sip:10.77.0.10 SIP/2.0\nVia: SIP/2.0/UDP 10.77.0.100:5060;branch=z9hG4bKa\n"
            "Max-Forwards: 70\nFrom: <sip:" +
                wanted.number + "@10.77.0.10>;tag=f\nTo: <sip:" + wanted.number +
                "@10.77.0.10>\nCall-ID: " + wanted.call_id +
                "\nCSeq: " + std::to_string(wanted.cseq) + " REGISTER\n" +
                (wanted.contact.empty() ? "" : "Contact: " + wanted.contact + "\n") +
                "Content-Length: 0\n\n",
            wanted.source);
        effects.responses.clear();
        registrar_.receive(message.request(),
                           *directory_.find_dn(wanted.number),
                           "tt",
                           at_seconds(wanted.at_s),
                           effects);
        return effects.responses.empty() ? "" : effects.responses.front().text;
    }

    RestoreOutcome restore(const KeptBinding& kept, std::uint64_t at_s = 0) {
        return registrar_.restore(kept.input().binding, at_seconds(at_s));
    }

    // What of the changes holds, each in the place of its last one, as a journal gives it.
    [[nodiscard]] std::vector<KeptBinding> journal() const {
        std::vector<KeptBinding> live;
        for (const auto& change : effects.bindings) {
            std::erase_if(live, [&](const KeptBinding& kept) {
                return kept.number == change.number && kept.contact == change.contact;
            });
            if (!change.removed) {
                live.push_back(change);
            }
        }
        return live;
    }

    Registrar& registrar() { return registrar_; }

    DnIndex dn(std::string_view number) { return *directory_.find_dn(number); }

    std::vector<std::string> contacts(std::string_view number, std::uint64_t at_s = 0) {
        std::array<BindingView, kContactsMax> views;
        const auto count = registrar_.bindings(dn(number), at_seconds(at_s), views);
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < count; ++i) {
            texts.emplace_back(views[i].contact_uri);
        }
        return texts;
    }

    KeptEffects effects;

  private:
    config::Configuration configuration_;
    Directory directory_;
    Changes changes_;
    Registrar registrar_;
};

void restore_all(const Life& before, Life& after, std::uint64_t at_s) {
    for (const auto& kept : before.journal()) {
        EXPECT_EQ(after.restore(kept, at_s), RestoreOutcome::Restored);
    }
}

TEST(RestoreBinding, ARestoredRegistrarAnswersAsTheOneBefore) {
    Life before;
    before.send({.contact = "<sip:1000@192.168.1.7:5062>;expires=300",
                 .cseq = 7,
                 .source = "203.0.113.9:41000"});
    before.send({.contact = "<sip:1000@10.77.0.101:5062>", .call_id = "two", .at_s = 10});
    before.send({.contact = "<sip:a@10.77.0.102>", .call_id = "three", .at_s = 11});
    before.send({.contact = "<sip:1000@10.77.0.101:5062>", .cseq = 2, .call_id = "two"});
    before.send({.contact = "<sip:a@10.77.0.102>;expires=0", .cseq = 2, .call_id = "three"});
    Life after;
    restore_all(before, after, 60);
    EXPECT_TRUE(after.effects.bindings.empty());
    EXPECT_EQ(after.contacts("1000"), before.contacts("1000"));

    std::array<BindingView, kContactsMax> were;
    std::array<BindingView, kContactsMax> are;
    ASSERT_EQ(before.registrar().bindings(before.dn("1000"), at_seconds(60), were), 2U);
    ASSERT_EQ(after.registrar().bindings(after.dn("1000"), at_seconds(60), are), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(are[i].destination, were[i].destination);
        EXPECT_EQ(are[i].source, were[i].source);
        EXPECT_EQ(are[i].expires_wall_ns, were[i].expires_wall_ns);
        EXPECT_EQ(are[i].call_id_hash, were[i].call_id_hash);
        EXPECT_EQ(are[i].cseq, were[i].cseq);
        EXPECT_EQ(are[i].via_source, were[i].via_source);
        EXPECT_TRUE(are[i].restored);
        EXPECT_FALSE(were[i].restored);
    }
    EXPECT_TRUE(after.registrar().holds_flow(
        after.dn("1000"), endpoint_of("203.0.113.9:41000"), at_seconds(60)));

    // The same REGISTERs get the same answers: what is left of the time, and an old CSeq.
    const Life::Register query{.contact = "", .cseq = 9, .at_s = 60};
    EXPECT_EQ(after.send(query), before.send(query));
    EXPECT_THAT(after.send(query), HasSubstr(";expires=240\r\n"));
    const Life::Register old{.contact = "<sip:1000@192.168.1.7:5062>;expires=100", .at_s = 60};
    EXPECT_EQ(after.send(old), before.send(old));
    EXPECT_THAT(after.send(old), StartsWith("SIP/2.0 500 CSeq Too Low"));
}

TEST(RestoreBinding, ARefreshMakesItAnOrdinaryBinding) {
    Life before;
    before.send({.contact = "<sip:1000@10.77.0.100>"});
    Life after;
    restore_all(before, after, 5);
    after.send({.contact = "<sip:1000@10.77.0.100>", .cseq = 2, .at_s = 6});
    std::array<BindingView, kContactsMax> views;
    ASSERT_EQ(after.registrar().bindings(after.dn("1000"), at_seconds(6), views), 1U);
    EXPECT_FALSE(views[0].restored);
}

TEST(RestoreBinding, ItExpiresWhenItWouldHave) {
    Life before;
    before.send({.contact = "<sip:1000@10.77.0.100>;expires=100"});
    Life after;
    restore_all(before, after, 99);
    EXPECT_EQ(after.contacts("1000", 99).size(), 1U);
    EXPECT_TRUE(after.contacts("1000", 100).empty());
    after.registrar().expire(at_seconds(101), after.effects);
    EXPECT_EQ(after.registrar().in_use(), 0U);
    ASSERT_EQ(after.effects.bindings.size(), 1U);
    EXPECT_TRUE(after.effects.bindings[0].removed);
    EXPECT_EQ(Life().restore(before.journal()[0], 100), RestoreOutcome::Expired);
    EXPECT_EQ(Life().restore(before.journal()[0], 100'000), RestoreOutcome::Expired);
}

TEST(RestoreBinding, NothingLivesLongerThanMaxExpires) {
    Life before;
    before.send({.contact = "<sip:1000@10.77.0.100>;expires=3600"});
    auto kept = before.journal()[0];
    kept.change.expires_wall_ns = std::numeric_limits<std::uint64_t>::max();
    Life after;
    EXPECT_EQ(after.restore(kept), RestoreOutcome::Restored);
    EXPECT_EQ(after.contacts("1000", 3599).size(), 1U);
    EXPECT_TRUE(after.contacts("1000", 3600).empty());
}

TEST(RestoreBinding, WhatTheConfigurationDoesNotAllowAnyMoreIsRefused) {
    Life before;
    before.send({.contact = "<sip:1000@10.77.0.100>"});
    const auto kept = before.journal()[0];
    auto other = kept;
    other.number = "4711";
    EXPECT_EQ(Life().restore(other), RestoreOutcome::UnknownDn);
    other.number = "1200";
    EXPECT_EQ(Life().restore(other), RestoreOutcome::StaticDn);
    other = kept;
    for (const auto* contact : {"", "sip:", "tel:+1", "sips:1000@10.77.0.100", "\x01\xff"}) {
        other.contact = contact;
        EXPECT_EQ(Life().restore(other), RestoreOutcome::BadContact) << contact;
    }
    other.contact = "sip:" + std::string(300, '1') + "@10.77.0.100";
    EXPECT_EQ(Life().restore(other), RestoreOutcome::BadContact);
    other = kept;
    for (const auto* flow : {"10.77.0.10:5060", "0.0.0.0:5060", "10.77.0.100:0"}) {
        other.change.flow = base::parse_endpoint(flow, 0).value_or(base::Endpoint{});
        EXPECT_EQ(Life().restore(other), RestoreOutcome::BadContact) << flow;
    }
}

TEST(RestoreBinding, TheNewestStayWhenFewerContactsAreAllowed) {
    Life before;
    for (int i = 0; i < 3; ++i) {
        before.send({.contact = "<sip:" + std::to_string(i) + "@10.77.0.100>", .cseq = i + 1});
    }
    auto fewer = configuration();
    fewer.dn_ranges[0].max_contacts = 2;
    Life after(fewer);
    EXPECT_EQ(after.restore(before.journal()[0]), RestoreOutcome::Restored);
    EXPECT_EQ(after.restore(before.journal()[1]), RestoreOutcome::Restored);
    EXPECT_EQ(after.restore(before.journal()[2]), RestoreOutcome::ReplacedOldest);
    EXPECT_THAT(after.contacts("1000"),
                ::testing::ElementsAre("sip:2@10.77.0.100", "sip:1@10.77.0.100"));
}

TEST(RestoreBinding, AFullPoolRefuses) {
    Life before;
    before.send({.contact = "<sip:1000@10.77.0.100>"});
    before.send({.contact = "<sip:1001@10.77.0.100>", .number = "1001"});
    auto small = configuration();
    small.application.max_registrations = 1;
    Life after(small);
    EXPECT_EQ(after.restore(before.journal()[0]), RestoreOutcome::Restored);
    EXPECT_EQ(after.restore(before.journal()[1]), RestoreOutcome::PoolFull);
    EXPECT_EQ(after.restore(before.journal()[0]), RestoreOutcome::Restored);
    EXPECT_EQ(after.registrar().in_use(), 1U);
}

TEST(RestoreBinding, AnEqualUriWithAnotherTextTakesThePlaceOfTheFirst) {
    Life before;
    before.send({.contact = "<sip:1000@10.77.0.100>"});
    before.send({.contact = "<SIP:1000@10.77.0.100>", .cseq = 2});
    EXPECT_THAT(before.contacts("1000"), ::testing::ElementsAre("SIP:1000@10.77.0.100"));
    ASSERT_EQ(before.journal().size(), 1U); // outside, the text is the name
    EXPECT_EQ(before.journal()[0].contact, "SIP:1000@10.77.0.100");
}

TEST(RestoreBinding, ListsWholeDnsTheOldestBindingFirst) {
    Life life;
    for (int i = 0; i < 3; ++i) {
        for (const auto* number : {"1003", "1000", "1001"}) {
            life.send({.contact = "<sip:" + std::to_string(i) + "@10.77.0.100>",
                       .cseq = i + 1,
                       .number = number});
        }
    }
    std::array<BindingView, kContactsMax> page;
    std::uint32_t cursor = 0;
    std::vector<std::string> listed;
    const auto dns = static_cast<std::uint32_t>(22);
    while (cursor < dns) {
        const auto count = life.registrar().list_by_dn(cursor, page);
        for (std::size_t i = 0; i < count; ++i) {
            listed.push_back(std::to_string(static_cast<std::uint32_t>(page[i].dn)) + " " +
                             std::string(page[i].contact_uri.substr(4, 1)));
        }
    }
    EXPECT_THAT(
        listed,
        ::testing::ElementsAre("0 0", "0 1", "0 2", "1 0", "1 1", "1 2", "3 0", "3 1", "3 2"));
}

TEST(RestoreBinding, AListingBreaksBetweenDns) {
    auto many = configuration();
    many.dn_ranges[0].max_contacts = 16;
    Life life(many);
    for (int i = 0; i < 10; ++i) {
        for (const auto* number : {"1000", "1001"}) {
            life.send({.contact = "<sip:" + std::to_string(i) + "@10.77.0.100>",
                       .cseq = i + 1,
                       .number = number});
        }
    }
    std::array<BindingView, kContactsMax> page;
    std::uint32_t cursor = 0;
    EXPECT_EQ(life.registrar().list_by_dn(cursor, page), 10U);
    EXPECT_EQ(cursor, 1U);
    EXPECT_EQ(life.registrar().list_by_dn(cursor, page), 10U);
    EXPECT_EQ(cursor, 22U);
    EXPECT_EQ(life.registrar().list_by_dn(cursor, page), 0U);
}

TEST(RestoreBinding, TheCoreCountsWhatBecameOfEach) {
    Life before;
    before.send({.contact = "<sip:1000@10.77.0.100>"});
    before.send({.contact = "<sip:1001@10.77.0.100>;expires=60", .number = "1001"});
    auto inputs = before.journal();
    inputs.push_back(inputs[0]);
    inputs.back().number = "4711";
    inputs.push_back(inputs[0]);
    inputs.back().number = "1200";
    inputs.push_back(inputs[0]);
    inputs.back().contact = "tel:+1";
    KeptEffects effects;
    auto one_contact = configuration();
    one_contact.dn_ranges[0].max_contacts = 1;
    one_contact.application.max_registrations = 2;
    inputs.push_back(inputs[0]);
    inputs.back().contact = "sip:newer@10.77.0.100";
    inputs.push_back(inputs[0]);
    inputs.back().number = "1900";
    inputs.push_back(inputs[0]);
    inputs.back().number = "1901";
    Core core(one_contact, {.random = {1}, .node = "a", .term = 1}, effects);
    for (const auto& kept : inputs) {
        core.step(kept.input(), at_seconds(60));
    }
    const auto count = [&](CoreCounter counter) { return core.counters().value(counter); };
    EXPECT_EQ(count(CoreCounter::BindingsRestored), 3U);
    EXPECT_EQ(count(CoreCounter::RestoreExpired), 1U);
    EXPECT_EQ(count(CoreCounter::RestoreUnknownDn), 1U);
    EXPECT_EQ(count(CoreCounter::RestoreStaticDn), 1U);
    EXPECT_EQ(count(CoreCounter::RestoreBadContact), 1U);
    EXPECT_EQ(count(CoreCounter::RestoreOverMaxContacts), 1U);
    EXPECT_EQ(count(CoreCounter::RestorePoolFull), 1U);
    EXPECT_EQ(core.registrar().in_use(), 2U);
    EXPECT_TRUE(effects.bindings.empty() && effects.responses.empty());
}

// A second core hears of restored bindings as of any others: the shadow of TestSwitch holds each
// step to it, also when a binding comes twice and when the oldest makes room.
TEST(RestoreBinding, EachStepSaysWhichDnItChanged) {
    Life before;
    for (const auto* const contact : {"a", "b", "c"}) {
        before.send({.contact = "<sip:" + std::string(contact) + "@10.77.0.100>"});
    }
    before.send({.contact = "<sip:1001@10.77.0.100>", .number = "1001"});
    auto inputs = before.journal();
    ASSERT_EQ(inputs.size(), 4U);
    inputs.push_back(inputs.back()); // twice
    auto two_contacts = configuration();
    two_contacts.dn_ranges[0].max_contacts = 2;
    TestSwitch home(two_contacts);
    for (const auto& kept : inputs) {
        home.step(kept.input());
        recording::NamedBytes changed;
        home.core().write_changed_objects(changed);
        ASSERT_EQ(changed.parts().size(), 1U) << kept.contact;
        EXPECT_EQ(changed.parts()[0].kind, static_cast<std::uint8_t>(ObjectKind::Bindings));
        EXPECT_THAT(recording::part_text(changed, 0), HasSubstr(kept.contact));
    }
    EXPECT_EQ(home.core().registrar().in_use(), 3U);
    EXPECT_EQ(home.core().counters().value(CoreCounter::RestoreOverMaxContacts), 1U);
    auto refused = inputs.front();
    refused.number = "4711";
    home.step(refused.input());
    recording::NamedBytes changed;
    home.core().write_changed_objects(changed);
    EXPECT_TRUE(changed.parts().empty());
}

} // namespace
} // namespace tandem::controlplane
