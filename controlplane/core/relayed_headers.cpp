// SPDX-License-Identifier: Apache-2.0
//
// The policy table of relayed headers.
#include "controlplane/core/relayed_headers.hpp"

#include <array>

#include "sipparse/lexical.hpp"

namespace tandem::controlplane {

namespace {

using sipparse::HeaderId;

// Content-Type is not here: it is written with the body.
constexpr auto kRelayedHeaders = std::to_array<RelayedHeaderRow>({
    {HeaderId::Accept, true, true, false},
    {HeaderId::AcceptEncoding, true, true, false},
    {HeaderId::AcceptLanguage, true, true, false},
    {HeaderId::AlertInfo, true, true, false},
    {HeaderId::CallInfo, true, true, false},
    {HeaderId::Contact, false, true, false}, // 3xx only
    {HeaderId::ContentDisposition, true, true, false},
    {HeaderId::ContentEncoding, true, true, false},
    {HeaderId::ContentLanguage, true, true, false},
    {HeaderId::Date, true, true, false},
    {HeaderId::Diversion, true, true, false},
    {HeaderId::ErrorInfo, false, true, false},
    {HeaderId::Event, true, false, false},
    {HeaderId::Expires, true, true, false},
    {HeaderId::HistoryInfo, true, true, false},
    {HeaderId::InfoPackage, true, false, false},
    {HeaderId::MimeVersion, true, true, false},
    {HeaderId::MinSe, false, true, false}, // of a 422; requests: session_timer.cpp
    {HeaderId::Organization, true, true, false},
    {HeaderId::PAssertedIdentity, true, true, true},
    {HeaderId::Priority, true, false, false},
    {HeaderId::Privacy, true, true, false},
    {HeaderId::Reason, true, true, false},
    {HeaderId::RecvInfo, true, true, false},
    {HeaderId::ReplyTo, true, true, false},
    {HeaderId::RetryAfter, false, true, false},
    {HeaderId::Subject, true, false, false},
    {HeaderId::SubscriptionState, true, false, false},
    {HeaderId::Unsupported, false, true, false},
    {HeaderId::UserToUser, true, true, false},
    {HeaderId::Warning, false, true, false},
});

constexpr std::uint8_t kNoRow = 0xff;

// Of each id the row, or kNoRow.
constexpr auto kRowOfId = [] {
    std::array<std::uint8_t, sipparse::kHeaderIdCount> rows = {};
    rows.fill(kNoRow);
    for (std::size_t row = 0; row < kRelayedHeaders.size(); ++row) {
        rows[static_cast<std::size_t>(kRelayedHeaders[row].id)] = static_cast<std::uint8_t>(row);
    }
    return rows;
}();

bool is_relayed_by_name(std::string_view name) {
    return name.size() > 2 && sipparse::equals_ignoring_case(name.substr(0, 2), "X-");
}

} // namespace

const RelayedHeaderRow* find_relayed_header(HeaderId id) {
    const auto row = static_cast<std::size_t>(id) < kRowOfId.size()
                         ? kRowOfId[static_cast<std::size_t>(id)]
                         : kNoRow;
    return row == kNoRow ? nullptr : &kRelayedHeaders[row];
}

bool is_relayed(const sipparse::MessageView& message,
                const sipparse::HeaderView& header,
                bool from_trunk) {
    if (header.id == HeaderId::Other) {
        return is_relayed_by_name(header.name);
    }
    const auto* row = find_relayed_header(header.id);
    if (row == nullptr || (row->from_trunks_only && !from_trunk)) {
        return false;
    }
    if (message.is_request()) {
        return row->in_requests;
    }
    const bool redirects = message.status_code() >= 300 && message.status_code() < 400;
    return row->in_responses && (header.id != HeaderId::Contact || redirects);
}

} // namespace tandem::controlplane
