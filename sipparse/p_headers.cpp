// SPDX-License-Identifier: Apache-2.0
//
//   P-Access-Network-Info         = access-net-spec *( COMMA access-net-spec )
//   access-net-spec               = ( access-type / access-class ) *( SEMI access-info )
//   P-Charging-Vector             = icid-value *( SEMI charge-params )
//   icid-value                    = "icid-value" EQUAL gen-value
//   P-Charging-Function-Addresses = charge-addr-params *( COMMA charge-addr-params )
//   charge-addr-params            = charge-addr-param *( SEMI charge-addr-param )
//   vnetwork-spec                 = ( token / quoted-string ) *( SEMI vnetwork-param )
//   P-Early-Media                 = [ em-param *( COMMA em-param ) ]
//   PAssertedService-value        = Service-ID, a URN
#include "sipparse/p_headers.hpp"

#include <array>

#include "sipparse/lexical.hpp"
#include "sipparse/token_params.hpp"

namespace tandem::sipparse {

namespace {

constexpr auto kEarlyMedia = std::to_array<std::string_view>(
    {"sendrecv", "sendonly", "recvonly", "inactive", "gated", "supported"});
constexpr std::string_view kService = "urn:urn-7:3gpp-service.";
constexpr std::string_view kApplication = "urn:urn-7:3gpp-application.";

bool starts_with_ignoring_case(std::string_view text, std::string_view beginning) noexcept {
    return equals_ignoring_case(text.substr(0, beginning.size()), beginning);
}

// Parameters without a value in front of them.
std::optional<Params> parse_bare_params(std::string_view text) noexcept {
    const std::string_view trimmed = trim(text);
    const Params params(trimmed);
    const bool well_formed = !trimmed.empty() && trimmed.front() != ';' && params.well_formed();
    return well_formed ? std::optional(params) : std::nullopt;
}

} // namespace

std::optional<AccessNetworkInfo> parse_access_network_info(std::string_view element) noexcept {
    const auto parsed = parse_token_params(element);
    return parsed ? std::optional(AccessNetworkInfo{parsed->token, parsed->params}) : std::nullopt;
}

std::optional<ChargingVector> parse_charging_vector(std::string_view value) noexcept {
    const auto params = parse_bare_params(value);
    if (!params) {
        return std::nullopt;
    }
    const auto value_of = [&params](std::string_view name) {
        return params->value(name).value_or(std::string_view{});
    };
    ChargingVector result;
    result.icid_value = value_of("icid-value");
    result.icid_generated_at = value_of("icid-generated-at");
    result.originating_ioi = value_of("orig-ioi");
    result.terminating_ioi = value_of("term-ioi");
    result.params = *params;
    return result.icid_value.empty() ? std::nullopt : std::optional(result);
}

std::optional<Params> parse_charging_function_addresses(std::string_view element) noexcept {
    return parse_bare_params(element);
}

std::optional<VisitedNetwork> parse_visited_network(std::string_view element) noexcept {
    const std::string_view text = trim(element);
    const std::size_t quoted = quoted_string_bytes(text);
    const std::size_t bytes = quoted != 0 ? quoted : token_bytes(text);
    const std::string_view behind = trim_left(text.substr(bytes));
    const Params params(behind);
    if (bytes == 0 || (!behind.empty() && behind.front() != ';') || !params.well_formed()) {
        return std::nullopt;
    }
    return VisitedNetwork{text.substr(0, bytes), params};
}

std::optional<EarlyMedia> parse_early_media(std::string_view element) noexcept {
    const std::string_view text = trim(element);
    if (!is_token(text)) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < kEarlyMedia.size(); ++i) {
        if (equals_ignoring_case(text, kEarlyMedia[i])) {
            return static_cast<EarlyMedia>(i);
        }
    }
    return EarlyMedia::Other;
}

std::optional<ServiceId> parse_service_id(std::string_view element) noexcept {
    const std::string_view text = trim(element);
    const bool is_application = starts_with_ignoring_case(text, kApplication);
    if (!is_application && !starts_with_ignoring_case(text, kService)) {
        return std::nullopt;
    }
    const std::string_view name = text.substr((is_application ? kApplication : kService).size());
    return is_token(name) ? std::optional(ServiceId{is_application, name}) : std::nullopt;
}

} // namespace tandem::sipparse
