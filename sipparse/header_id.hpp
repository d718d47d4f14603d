// SPDX-License-Identifier: Apache-2.0
//
// The one table of SIP header fields the switch knows by number: canonical name, compact form,
// whether the field is a comma separated list, whether a second line of it is an error.
// Everything that names a header (index, views, writer) takes it from here. HeaderId values lie in
// shared memory inside MessageIndex. Pure constants and look-ups; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tandem::sipparse {

enum class HeaderId : std::uint8_t {
    Other = 0, // any name that is not in the table
    Via,
    From,
    To,
    CallId,
    CSeq,
    MaxForwards,
    Contact,
    ContentLength,
    ContentType,
    Route,
    RecordRoute,
    Accept,
    AcceptContact,
    AcceptEncoding,
    AcceptLanguage,
    AcceptResourcePriority,
    AlertInfo,
    Allow,
    AllowEvents,
    AuthenticationInfo,
    Authorization,
    CallInfo,
    ContentDisposition,
    ContentEncoding,
    ContentLanguage,
    Date,
    Diversion,
    ErrorInfo,
    Event,
    Expires,
    FlowTimer,
    HistoryInfo,
    Identity,
    InfoPackage,
    InReplyTo,
    Join,
    MaxBreadth,
    MimeVersion,
    MinExpires,
    MinSe,
    Organization,
    PAccessNetworkInfo,
    PAssertedIdentity,
    PAssertedService,
    PAssociatedUri,
    Path,
    PCalledPartyId,
    PChargingFunctionAddresses,
    PChargingVector,
    PEarlyMedia,
    PPreferredIdentity,
    PPreferredService,
    Priority,
    Privacy,
    ProxyAuthenticate,
    ProxyAuthorization,
    ProxyRequire,
    PVisitedNetworkId,
    RAck,
    Reason,
    RecvInfo,
    ReferredBy,
    ReferSub,
    ReferTo,
    RejectContact,
    Replaces,
    ReplyTo,
    RequestDisposition,
    Require,
    ResourcePriority,
    RetryAfter,
    RSeq,
    Server,
    ServiceRoute,
    SessionExpires,
    SessionId,
    SipEtag,
    SipIfMatch,
    Subject,
    SubscriptionState,
    Supported,
    SuppressIfMatch,
    TargetDialog,
    Timestamp,
    Unsupported,
    UserAgent,
    UserToUser,
    Warning,
    WwwAuthenticate,
};

struct HeaderRow {
    HeaderId id;
    std::string_view name; // canonical spelling
    char compact;          // RFC 3261 7.3.3 one-letter form, 0 = none
    bool is_list;          // values may be joined by commas on one line (7.3.1)
    bool is_singleton;     // a second line is ParseError::DuplicateSingleton
};

// is_singleton is set where a second value would change what the switch does; a repeated
// User-Agent or Subject is tolerated. Authorization and the challenges contain commas but are no
// lists (7.3.1).
inline constexpr std::array kHeaderRows = std::to_array<HeaderRow>({
    {HeaderId::Other, "", 0, false, false},
    {HeaderId::Via, "Via", 'v', true, false},
    {HeaderId::From, "From", 'f', false, true},
    {HeaderId::To, "To", 't', false, true},
    {HeaderId::CallId, "Call-ID", 'i', false, true},
    {HeaderId::CSeq, "CSeq", 0, false, true},
    {HeaderId::MaxForwards, "Max-Forwards", 0, false, true},
    {HeaderId::Contact, "Contact", 'm', true, false},
    {HeaderId::ContentLength, "Content-Length", 'l', false, true},
    {HeaderId::ContentType, "Content-Type", 'c', false, true},
    {HeaderId::Route, "Route", 0, true, false},
    {HeaderId::RecordRoute, "Record-Route", 0, true, false},
    {HeaderId::Accept, "Accept", 0, true, false},
    {HeaderId::AcceptContact, "Accept-Contact", 'a', true, false},
    {HeaderId::AcceptEncoding, "Accept-Encoding", 0, true, false},
    {HeaderId::AcceptLanguage, "Accept-Language", 0, true, false},
    {HeaderId::AcceptResourcePriority, "Accept-Resource-Priority", 0, true, false},
    {HeaderId::AlertInfo, "Alert-Info", 0, true, false},
    {HeaderId::Allow, "Allow", 0, true, false},
    {HeaderId::AllowEvents, "Allow-Events", 'u', true, false},
    {HeaderId::AuthenticationInfo, "Authentication-Info", 0, false, false},
    {HeaderId::Authorization, "Authorization", 0, false, false},
    {HeaderId::CallInfo, "Call-Info", 0, true, false},
    {HeaderId::ContentDisposition, "Content-Disposition", 0, false, true},
    {HeaderId::ContentEncoding, "Content-Encoding", 'e', true, false},
    {HeaderId::ContentLanguage, "Content-Language", 0, true, false},
    {HeaderId::Date, "Date", 0, false, false},
    {HeaderId::Diversion, "Diversion", 0, true, false},
    {HeaderId::ErrorInfo, "Error-Info", 0, true, false},
    {HeaderId::Event, "Event", 'o', false, true},
    {HeaderId::Expires, "Expires", 0, false, true},
    {HeaderId::FlowTimer, "Flow-Timer", 0, false, true},
    {HeaderId::HistoryInfo, "History-Info", 0, true, false},
    {HeaderId::Identity, "Identity", 'y', false, false},
    {HeaderId::InfoPackage, "Info-Package", 0, false, true},
    {HeaderId::InReplyTo, "In-Reply-To", 0, true, false},
    {HeaderId::Join, "Join", 0, false, true},
    {HeaderId::MaxBreadth, "Max-Breadth", 0, false, true},
    {HeaderId::MimeVersion, "MIME-Version", 0, false, false},
    {HeaderId::MinExpires, "Min-Expires", 0, false, true},
    {HeaderId::MinSe, "Min-SE", 0, false, true},
    {HeaderId::Organization, "Organization", 0, false, false},
    {HeaderId::PAccessNetworkInfo, "P-Access-Network-Info", 0, true, false},
    {HeaderId::PAssertedIdentity, "P-Asserted-Identity", 0, true, false},
    {HeaderId::PAssertedService, "P-Asserted-Service", 0, true, false},
    {HeaderId::PAssociatedUri, "P-Associated-URI", 0, true, false},
    {HeaderId::Path, "Path", 0, true, false},
    {HeaderId::PCalledPartyId, "P-Called-Party-ID", 0, false, false},
    {HeaderId::PChargingFunctionAddresses, "P-Charging-Function-Addresses", 0, true, false},
    {HeaderId::PChargingVector, "P-Charging-Vector", 0, false, false},
    {HeaderId::PEarlyMedia, "P-Early-Media", 0, true, false},
    {HeaderId::PPreferredIdentity, "P-Preferred-Identity", 0, true, false},
    {HeaderId::PPreferredService, "P-Preferred-Service", 0, true, false},
    {HeaderId::Priority, "Priority", 0, false, false},
    {HeaderId::Privacy, "Privacy", 0, false, false},
    {HeaderId::ProxyAuthenticate, "Proxy-Authenticate", 0, false, false},
    {HeaderId::ProxyAuthorization, "Proxy-Authorization", 0, false, false},
    {HeaderId::ProxyRequire, "Proxy-Require", 0, true, false},
    {HeaderId::PVisitedNetworkId, "P-Visited-Network-ID", 0, true, false},
    {HeaderId::RAck, "RAck", 0, false, true},
    {HeaderId::Reason, "Reason", 0, true, false},
    {HeaderId::RecvInfo, "Recv-Info", 0, true, false},
    {HeaderId::ReferredBy, "Referred-By", 'b', false, true},
    {HeaderId::ReferSub, "Refer-Sub", 0, false, true},
    {HeaderId::ReferTo, "Refer-To", 'r', false, true},
    {HeaderId::RejectContact, "Reject-Contact", 'j', true, false},
    {HeaderId::Replaces, "Replaces", 0, false, true},
    {HeaderId::ReplyTo, "Reply-To", 0, false, false},
    {HeaderId::RequestDisposition, "Request-Disposition", 'd', true, false},
    {HeaderId::Require, "Require", 0, true, false},
    {HeaderId::ResourcePriority, "Resource-Priority", 0, true, false},
    {HeaderId::RetryAfter, "Retry-After", 0, false, false},
    {HeaderId::RSeq, "RSeq", 0, false, true},
    {HeaderId::Server, "Server", 0, false, false},
    {HeaderId::ServiceRoute, "Service-Route", 0, true, false},
    {HeaderId::SessionExpires, "Session-Expires", 'x', false, true},
    {HeaderId::SessionId, "Session-ID", 0, false, false},
    {HeaderId::SipEtag, "SIP-ETag", 0, false, true},
    {HeaderId::SipIfMatch, "SIP-If-Match", 0, false, true},
    {HeaderId::Subject, "Subject", 's', false, false},
    {HeaderId::SubscriptionState, "Subscription-State", 0, false, true},
    {HeaderId::Supported, "Supported", 'k', true, false},
    {HeaderId::SuppressIfMatch, "Suppress-If-Match", 0, false, true},
    {HeaderId::TargetDialog, "Target-Dialog", 0, false, true},
    {HeaderId::Timestamp, "Timestamp", 0, false, false},
    {HeaderId::Unsupported, "Unsupported", 0, true, false},
    {HeaderId::UserAgent, "User-Agent", 0, false, false},
    {HeaderId::UserToUser, "User-to-User", 0, true, false},
    {HeaderId::Warning, "Warning", 0, true, false},
    {HeaderId::WwwAuthenticate, "WWW-Authenticate", 0, false, false},
});

inline constexpr std::size_t kHeaderIdCount = kHeaderRows.size();
// MessageIndex::present has one bit per id.
static_assert(kHeaderIdCount <= 128);

static_assert(
    [] {
        for (std::size_t row = 0; row < kHeaderRows.size(); ++row) {
            if (static_cast<std::size_t>(kHeaderRows[row].id) != row) {
                return false;
            }
        }
        return true;
    }(),
    "kHeaderRows must stand in the order of HeaderId");

[[nodiscard]] constexpr const HeaderRow& header_row(HeaderId id) noexcept {
    const auto row = static_cast<std::size_t>(id);
    return kHeaderRows[row < kHeaderIdCount ? row : 0];
}

// Canonical name; empty for Other.
[[nodiscard]] constexpr std::string_view header_name(HeaderId id) noexcept {
    return header_row(id).name;
}

// Long or compact form, any case; Other when the table has no such name.
[[nodiscard]] HeaderId find_header_id(std::string_view name) noexcept;

} // namespace tandem::sipparse
