// SPDX-License-Identifier: Apache-2.0
//
// Which headers pass, for every header the switch knows by number and for those it does not.
#include <algorithm>
#include <string>

#include "controlplane/core/relayed_headers.hpp"
#include "controlplane/core/test_switch.hpp"

namespace tandem::controlplane {
namespace {

using sipparse::HeaderId;

bool passes(const std::string& start_line, const std::string& header, bool from_trunk) {
    const bool request = start_line.starts_with("INFO");
    const Message message(start_line +
                          "\r\nVia: SIP/2.0/UDP a\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n"
                          "Call-ID: c\r\nCSeq: 1 INFO\r\n" +
                          header + ": 1\r\nContent-Length: 0\r\n\r\n");
    const auto view = message.view();
    EXPECT_EQ(view.is_request(), request);
    return is_relayed(view, view.header(view.header_count() - 2), from_trunk);
}

constexpr const char* kRequest = "INFO sip:a@b SIP/2.0";

TEST(RelayedHeadersTest, WhatBelongsToALegNeverPasses) {
    for (const auto* name : {"Route",
                             "Record-Route",
                             "Authorization",
                             "Proxy-Authorization",
                             "Supported",
                             "Require",
                             "Allow",
                             "Session-Expires",
                             "RSeq",
                             "RAck",
                             "WWW-Authenticate",
                             "Proxy-Authenticate",
                             "User-Agent",
                             "Server",
                             "Path",
                             "Replaces",
                             "P-Preferred-Identity"}) {
        EXPECT_FALSE(passes(kRequest, name, true)) << name;
        EXPECT_FALSE(passes("SIP/2.0 200 OK", name, true)) << name;
        EXPECT_FALSE(passes("SIP/2.0 401 No", name, true)) << name;
    }
}

TEST(RelayedHeadersTest, WhatTheEndsTellEachOtherPasses) {
    for (const auto* name : {"Subject",
                             "User-to-User",
                             "Alert-Info",
                             "Call-Info",
                             "Reason",
                             "Privacy",
                             "Diversion",
                             "History-Info",
                             "Content-Disposition",
                             "X-Anything",
                             "x-lower",
                             "Accept",
                             "Date"}) {
        EXPECT_TRUE(passes(kRequest, name, false)) << name;
    }
    for (const auto* name : {"Warning", "Retry-After", "Min-SE", "Unsupported", "X-Anything"}) {
        EXPECT_TRUE(passes("SIP/2.0 488 No", name, false)) << name;
    }
}

TEST(RelayedHeadersTest, UnknownNamesDoNotPass) {
    for (const auto* name : {"X-", "Foo", "P-Charging-Vector", "XY"}) {
        EXPECT_FALSE(passes(kRequest, name, true)) << name;
    }
}

TEST(RelayedHeadersTest, AnAssertedIdentityIsBelievedFromTrunksOnly) {
    EXPECT_TRUE(passes(kRequest, "P-Asserted-Identity", true));
    EXPECT_FALSE(passes(kRequest, "P-Asserted-Identity", false));
}

TEST(RelayedHeadersTest, ContactPassesInRedirectionsOnly) {
    EXPECT_TRUE(passes("SIP/2.0 302 Moved", "Contact", false));
    EXPECT_FALSE(passes("SIP/2.0 200 OK", "Contact", false));
    EXPECT_FALSE(passes("SIP/2.0 486 Busy", "Contact", false));
    EXPECT_FALSE(passes(kRequest, "Contact", false));
}

} // namespace
} // namespace tandem::controlplane
