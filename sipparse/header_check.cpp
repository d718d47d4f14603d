// SPDX-License-Identifier: Apache-2.0
//
// A table from header to parser; a header without one does not compile.
#include "sipparse/header_check.hpp"

#include <array>

#include "sipparse/authentication_info.hpp"
#include "sipparse/call_id.hpp"
#include "sipparse/caller_preferences.hpp"
#include "sipparse/contact.hpp"
#include "sipparse/credentials.hpp"
#include "sipparse/cseq.hpp"
#include "sipparse/date.hpp"
#include "sipparse/dialog_id.hpp"
#include "sipparse/event.hpp"
#include "sipparse/history_info.hpp"
#include "sipparse/identity.hpp"
#include "sipparse/info_uri.hpp"
#include "sipparse/integer_header.hpp"
#include "sipparse/lexical.hpp"
#include "sipparse/media_type.hpp"
#include "sipparse/mime_version.hpp"
#include "sipparse/name_addr.hpp"
#include "sipparse/p_headers.hpp"
#include "sipparse/preference.hpp"
#include "sipparse/privacy.hpp"
#include "sipparse/product.hpp"
#include "sipparse/rack.hpp"
#include "sipparse/reason.hpp"
#include "sipparse/refer.hpp"
#include "sipparse/resource_priority.hpp"
#include "sipparse/retry_after.hpp"
#include "sipparse/session_expires.hpp"
#include "sipparse/timestamp.hpp"
#include "sipparse/token_list.hpp"
#include "sipparse/token_params.hpp"
#include "sipparse/user_to_user.hpp"
#include "sipparse/via.hpp"
#include "sipparse/warning.hpp"

namespace tandem::sipparse {

namespace {

using Check = bool (*)(std::string_view) noexcept;

template <auto kParse>
bool parses(std::string_view text) noexcept {
    return kParse(text).has_value();
}

bool is_anything(std::string_view /*text*/) noexcept {
    return true;
}

bool is_trimmed_token(std::string_view text) noexcept {
    return is_token(trim(text));
}

bool is_trimmed_call_id(std::string_view text) noexcept {
    return is_call_id(trim(text));
}

bool is_contact(std::string_view element) noexcept {
    return is_contact_star(element) || parse_contact(element).has_value();
}

bool is_route(std::string_view element) noexcept {
    const auto address = parse_name_addr(element);
    return address && address->in_brackets;
}

bool is_cseq(std::string_view value) noexcept {
    CSeq cseq;
    return parse_cseq(value, value.size(), cseq) == ParseError::None;
}

// Other schemes than Digest are anybody's: "scheme LWS params".
bool is_credentials(std::string_view value) noexcept {
    const std::string_view text = trim(value);
    const std::size_t scheme = token_bytes(text);
    const bool has_more = scheme != 0 && scheme < text.size() && is_white_space(text[scheme]);
    return has_more && (!is_digest(text) || parse_digest(text).has_value());
}

bool is_products(std::string_view value) noexcept {
    return Products(value).well_formed();
}

struct Row {
    HeaderId id;
    Check check;             // of an element where the header is a list
    bool is_of_list = false; // of the whole list instead
};

constexpr auto kRows = std::to_array<Row>({
    {HeaderId::Other, is_anything},
    {HeaderId::Via, is_via_list, true},
    {HeaderId::From, parses<parse_name_addr>},
    {HeaderId::To, parses<parse_name_addr>},
    {HeaderId::CallId, is_anything}, // stage 1
    {HeaderId::CSeq, is_cseq},
    {HeaderId::MaxForwards, parses<parse_max_forwards>},
    {HeaderId::Contact, is_contact},
    {HeaderId::ContentLength, parses<parse_content_length>},
    {HeaderId::ContentType, parses<parse_media_type>},
    {HeaderId::Route, is_route},
    {HeaderId::RecordRoute, is_route},
    {HeaderId::Accept, parses<parse_media_range>},
    {HeaderId::AcceptContact, parses<parse_contact_predicate>},
    {HeaderId::AcceptEncoding, parses<parse_preference>},
    {HeaderId::AcceptLanguage, parses<parse_preference>},
    {HeaderId::AcceptResourcePriority, parses<parse_resource_value>},
    {HeaderId::AlertInfo, parses<parse_info_uri>},
    {HeaderId::Allow, is_token_list, true},
    {HeaderId::AllowEvents, is_token_list, true},
    {HeaderId::AuthenticationInfo, parses<parse_authentication_info>},
    {HeaderId::Authorization, is_credentials},
    {HeaderId::CallInfo, parses<parse_info_uri>},
    {HeaderId::ContentDisposition, parses<parse_token_params>},
    {HeaderId::ContentEncoding, is_token_list, true},
    {HeaderId::ContentLanguage, is_token_list, true},
    {HeaderId::Date, parses<parse_date>},
    {HeaderId::Diversion, parses<parse_diversion>},
    {HeaderId::ErrorInfo, parses<parse_info_uri>},
    {HeaderId::Event, parses<parse_event>},
    {HeaderId::Expires, parses<parse_delta_seconds>},
    {HeaderId::FlowTimer, parses<parse_delta_seconds>},
    {HeaderId::HistoryInfo, parses<parse_history_info>},
    {HeaderId::Identity, parses<parse_identity>},
    {HeaderId::InfoPackage, parses<parse_token_params>},
    {HeaderId::InReplyTo, is_trimmed_call_id},
    {HeaderId::Join, parses<parse_replaces>},
    {HeaderId::MaxBreadth, parses<parse_max_forwards>},
    {HeaderId::MimeVersion, parses<parse_mime_version>},
    {HeaderId::MinExpires, parses<parse_delta_seconds>},
    {HeaderId::MinSe, parses<parse_leading_delta_seconds>},
    {HeaderId::Organization, is_anything},
    {HeaderId::PAccessNetworkInfo, parses<parse_access_network_info>},
    {HeaderId::PAssertedIdentity, parses<parse_name_addr>},
    {HeaderId::PAssertedService, parses<parse_service_id>},
    {HeaderId::PAssociatedUri, parses<parse_name_addr>},
    {HeaderId::Path, is_route},
    {HeaderId::PCalledPartyId, parses<parse_name_addr>},
    {HeaderId::PChargingFunctionAddresses, parses<parse_charging_function_addresses>},
    {HeaderId::PChargingVector, parses<parse_charging_vector>},
    {HeaderId::PEarlyMedia, parses<parse_early_media>},
    {HeaderId::PPreferredIdentity, parses<parse_name_addr>},
    {HeaderId::PPreferredService, parses<parse_service_id>},
    {HeaderId::Priority, is_trimmed_token},
    {HeaderId::Privacy, parses<parse_privacy>},
    {HeaderId::ProxyAuthenticate, is_credentials},
    {HeaderId::ProxyAuthorization, is_credentials},
    {HeaderId::ProxyRequire, is_token_list, true},
    {HeaderId::PVisitedNetworkId, parses<parse_visited_network>},
    {HeaderId::RAck, parses<parse_rack>},
    {HeaderId::Reason, parses<parse_reason>},
    {HeaderId::RecvInfo, parses<parse_token_params>},
    {HeaderId::ReferredBy, parses<parse_referred_by>},
    {HeaderId::ReferSub, parses<parse_refer_sub>},
    {HeaderId::ReferTo, parses<parse_name_addr>},
    {HeaderId::RejectContact, parses<parse_contact_predicate>},
    {HeaderId::Replaces, parses<parse_replaces>},
    {HeaderId::ReplyTo, parses<parse_name_addr>},
    {HeaderId::RequestDisposition, parses<parse_disposition>},
    {HeaderId::Require, is_token_list, true},
    {HeaderId::ResourcePriority, parses<parse_resource_value>},
    {HeaderId::RetryAfter, parses<parse_retry_after>},
    {HeaderId::RSeq, parses<parse_rseq>},
    {HeaderId::Server, is_products},
    {HeaderId::ServiceRoute, is_route},
    {HeaderId::SessionExpires, parses<parse_session_expires>},
    {HeaderId::SessionId, parses<parse_session_id>},
    {HeaderId::SipEtag, is_trimmed_token},
    {HeaderId::SipIfMatch, is_trimmed_token},
    {HeaderId::Subject, is_anything},
    {HeaderId::SubscriptionState, parses<parse_subscription_state>},
    {HeaderId::Supported, is_token_list, true},
    {HeaderId::SuppressIfMatch, is_trimmed_token}, // "*" is a token
    {HeaderId::TargetDialog, parses<parse_target_dialog>},
    {HeaderId::Timestamp, parses<parse_timestamp>},
    {HeaderId::Unsupported, is_token_list, true},
    {HeaderId::UserAgent, is_products},
    {HeaderId::UserToUser, parses<parse_user_to_user>},
    {HeaderId::Warning, parses<parse_warning>},
    {HeaderId::WwwAuthenticate, is_credentials},
});

static_assert(kRows.size() == kHeaderIdCount, "a header has no check");
static_assert(
    [] {
        for (std::size_t row = 0; row < kRows.size(); ++row) {
            if (static_cast<std::size_t>(kRows[row].id) != row) {
                return false;
            }
        }
        return true;
    }(),
    "kRows must stand in the order of HeaderId");

} // namespace

bool is_well_formed(HeaderId id, std::string_view value) noexcept {
    const auto row = static_cast<std::size_t>(id);
    if (row >= kRows.size()) {
        return true;
    }
    const Check check = kRows[row].check;
    if (kRows[row].is_of_list || !header_row(id).is_list) {
        return check(value);
    }
    for (const std::string_view element : ListValues(value)) {
        if (!check(element)) {
            return false;
        }
    }
    return true;
}

std::size_t first_malformed_line(const MessageView& view) noexcept {
    std::size_t line = 0;
    while (line < view.header_count()) {
        const HeaderLine& entry = view.index->lines[line];
        if (!is_well_formed(entry.id, view.value_of(entry))) {
            break;
        }
        ++line;
    }
    return line;
}

} // namespace tandem::sipparse
