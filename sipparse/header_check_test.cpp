// SPDX-License-Identifier: Apache-2.0
//
// One good and one bad value of every header, and messages as a whole.
#include <array>
#include <set>
#include <string>

#include "gtest/gtest.h"

#include "sipparse/header_check.hpp"
#include "sipparse/indexed_message_test.hpp"

namespace tandem::sipparse {

namespace {

struct Sample {
    HeaderId id;
    std::string_view good;
    std::string_view bad; // empty: any text is good
};

constexpr auto kSamples = std::to_array<Sample>({
    {HeaderId::Other, "(", ""},
    {HeaderId::Via, "SIP/2.0/UDP a;branch=b, SIP/2.0/TCP c", "SIP/2.0/UDP a, x"},
    {HeaderId::From, "<sip:a@b>;tag=1", "nobody"},
    {HeaderId::To, "sip:a@b", "<sip:a@b"},
    {HeaderId::CallId, "x", ""},
    {HeaderId::CSeq, "1 INVITE", "INVITE"},
    {HeaderId::MaxForwards, "70", "256"},
    {HeaderId::Contact, "<sip:a@b>;q=0.1, sip:c@d", "<sip:a@b>;q=3"},
    {HeaderId::ContentLength, "0", "-1"},
    {HeaderId::ContentType, "application/sdp", "application"},
    {HeaderId::Route, "<sip:a;lr>, <sip:b;lr>", "sip:a"},
    {HeaderId::RecordRoute, "<sip:a;lr>", "sip:a;lr"},
    {HeaderId::Accept, "text/*, */*;q=0.1", "text"},
    {HeaderId::AcceptContact, "*;audio;require", "audio"},
    {HeaderId::AcceptEncoding, "gzip;q=0.5, *", "gzip;q=9"},
    {HeaderId::AcceptLanguage, "en-gb, da;q=0.8", "en gb"},
    {HeaderId::AcceptResourcePriority, "dsn.flash, wps.3", "dsn"},
    {HeaderId::AlertInfo, "<http://h/a.wav>", "http://h"},
    {HeaderId::Allow, "INVITE, ACK", "INVITE ACK"},
    {HeaderId::AllowEvents, "presence, dialog", "a b"},
    {HeaderId::AuthenticationInfo, "nextnonce=\"1\"", "x"},
    {HeaderId::Authorization, "Digest username=\"a\", realm=\"b\"", "Digest username"},
    {HeaderId::CallInfo, "<http://h>;purpose=icon", "<http://h"},
    {HeaderId::ContentDisposition, "session;handling=optional", ";handling=optional"},
    {HeaderId::ContentEncoding, "gzip, tar", "g zip"},
    {HeaderId::ContentLanguage, "fr", "f r"},
    {HeaderId::Date, "Sat, 13 Nov 2010 23:29:00 GMT", "yesterday"},
    {HeaderId::Diversion, "<sip:a@b>;reason=unconditional;counter=1", "<sip:a@b>;counter=x"},
    {HeaderId::ErrorInfo, "<sip:not-in-service@h>", "sip:x"},
    {HeaderId::Event, "refer;id=1", "refer..x"},
    {HeaderId::Expires, "3600", "soon"},
    {HeaderId::FlowTimer, "126", "x"},
    {HeaderId::HistoryInfo, "<sip:a@b>;index=1, <sip:c@d>;index=1.1", "<sip:a@b>"},
    {HeaderId::Identity, "a.b.c;info=<http://h>", "a.b.c"},
    {HeaderId::InfoPackage, "trading;x", ";x"},
    {HeaderId::InReplyTo, "a@b, c", "a b"},
    {HeaderId::Join, "a;to-tag=1;from-tag=2", "a"},
    {HeaderId::MaxBreadth, "60", "x"},
    {HeaderId::MimeVersion, "1.0", "1"},
    {HeaderId::MinExpires, "60", "x"},
    {HeaderId::MinSe, "90;x", "x"},
    {HeaderId::Organization, "anything", ""},
    {HeaderId::PAccessNetworkInfo, "IEEE-802.11a;x=y", "a b"},
    {HeaderId::PAssertedIdentity, "<sip:a@b>, <tel:+1>", "x"},
    {HeaderId::PAssertedService, "urn:urn-7:3gpp-service.ims", "x"},
    {HeaderId::PAssociatedUri, "<sip:a@b>", "x"},
    {HeaderId::Path, "<sip:a;lr>", "x"},
    {HeaderId::PCalledPartyId, "sip:a@b", "x"},
    {HeaderId::PChargingFunctionAddresses, "ccf=a;ecf=b", ";"},
    {HeaderId::PChargingVector, "icid-value=1", "x"},
    {HeaderId::PEarlyMedia, "supported", "a b"},
    {HeaderId::PPreferredIdentity, "sip:a@b", "x"},
    {HeaderId::PPreferredService, "urn:urn-7:3gpp-service.ims", "x"},
    {HeaderId::Priority, "urgent", "very urgent"},
    {HeaderId::Privacy, "id;user", "id;"},
    {HeaderId::ProxyAuthenticate, "Digest realm=\"a\"", "Digest"},
    {HeaderId::ProxyAuthorization, "Basic eHg6eXk=", "Basic"},
    {HeaderId::ProxyRequire, "foo", "foo bar"},
    {HeaderId::PVisitedNetworkId, "\"a b\"", "a b"},
    {HeaderId::RAck, "1 2 INVITE", "1 INVITE"},
    {HeaderId::Reason, "SIP;cause=200, Q.850;cause=16", "SIP;cause=x"},
    {HeaderId::RecvInfo, "a, b;x", "a b"},
    {HeaderId::ReferredBy, "<sip:a@b>", "x"},
    {HeaderId::ReferSub, "false", "no"},
    {HeaderId::ReferTo, "<sip:a@b?Replaces=x>", "x"},
    {HeaderId::RejectContact, "*;video", "video"},
    {HeaderId::Replaces, "a;to-tag=1;from-tag=2", "a;to-tag=1"},
    {HeaderId::ReplyTo, "sip:a@b", "x"},
    {HeaderId::RequestDisposition, "proxy, no-fork", "hurry"},
    {HeaderId::Require, "100rel", "100 rel"},
    {HeaderId::ResourcePriority, "wps.3", "wps"},
    {HeaderId::RetryAfter, "5 (busy)", "x"},
    {HeaderId::RSeq, "1", "0"},
    {HeaderId::Server, "Tandem/1 (x)", "<x>"},
    {HeaderId::ServiceRoute, "<sip:a;lr>", "x"},
    {HeaderId::SessionExpires, "1800;refresher=uac", "1800;refresher=x"},
    {HeaderId::SessionId, "ab30317f1a784dc48ff824d0d3715d86", "x"},
    {HeaderId::SipEtag, "12345", "1 2"},
    {HeaderId::SipIfMatch, "12345", "1 2"},
    {HeaderId::Subject, "anything", ""},
    {HeaderId::SubscriptionState, "active;expires=1", "active;expires=x"},
    {HeaderId::Supported, "100rel, timer", "a b"},
    {HeaderId::SuppressIfMatch, "*", "a b"},
    {HeaderId::TargetDialog, "a;local-tag=1;remote-tag=2", "a"},
    {HeaderId::Timestamp, "54 0.1", "x"},
    {HeaderId::Unsupported, "foo", "f oo"},
    {HeaderId::UserAgent, "Phone/1.0", "@"},
    {HeaderId::UserToUser, "00c8;encoding=hex", "a b"},
    {HeaderId::Warning, "399 h \"x\"", "399 h"},
    {HeaderId::WwwAuthenticate, "Digest realm=\"a\", nonce=\"b\"", "Digest x"},
});

TEST(HeaderCheckTest, EveryHeaderHasAGoodAndABadValue) {
    std::set<HeaderId> seen;
    for (const Sample& sample : kSamples) {
        const std::string_view name = header_name(sample.id);
        EXPECT_TRUE(seen.insert(sample.id).second) << name;
        EXPECT_TRUE(is_well_formed(sample.id, sample.good)) << name << ": " << sample.good;
        EXPECT_TRUE(sample.bad.empty() || !is_well_formed(sample.id, sample.bad))
            << name << ": " << sample.bad;
    }
    EXPECT_EQ(seen.size(), kHeaderIdCount);
}

TEST(HeaderCheckTest, EveryCutOfEveryValueIsBorne) {
    for (const Sample& sample : kSamples) {
        for_each_cut(sample.good, [&sample](std::string_view cut) {
            static_cast<void>(is_well_formed(sample.id, cut));
        });
    }
}

TEST(HeaderCheckTest, TheFirstLineThatIsMalformed) {
    const IndexedMessage good(sample_invite());
    EXPECT_EQ(first_malformed_line(good.view()), good.view().header_count());
    const IndexedMessage bad(sample_invite("Date: today\r\n"));
    ASSERT_EQ(bad.error, ParseError::None);
    EXPECT_EQ(bad.view().header(first_malformed_line(bad.view())).id, HeaderId::Date);
}

} // namespace

} // namespace tandem::sipparse
