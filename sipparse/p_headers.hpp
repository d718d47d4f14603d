// SPDX-License-Identifier: Apache-2.0
//
// P-headers of mobile networks that are neither name-addr nor plain (RFC 7315, RFC 5009,
// RFC 6050). P-Asserted-Identity, P-Preferred-Identity, P-Associated-URI and P-Called-Party-ID are
// name-addr. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/params.hpp"

namespace tandem::sipparse {

// P-Access-Network-Info (RFC 7315 5.4), one element: access-type or access-class with parameters.
struct AccessNetworkInfo {
    std::string_view access; // "3GPP-UTRAN-TDD"
    Params params;           // "utran-cell-id-3gpp" and others
};

[[nodiscard]] std::optional<AccessNetworkInfo>
parse_access_network_info(std::string_view element) noexcept;

// P-Charging-Vector (RFC 7315 5.6). icid-value must be there. Values are as written.
struct ChargingVector {
    std::string_view icid_value;
    std::string_view icid_generated_at; // empty when absent, as the next ones
    std::string_view originating_ioi;   // orig-ioi
    std::string_view terminating_ioi;   // term-ioi
    Params params;
};

[[nodiscard]] std::optional<ChargingVector> parse_charging_vector(std::string_view value) noexcept;

// P-Charging-Function-Addresses (RFC 7315 5.5), one element: parameters ccf, ecf and others.
[[nodiscard]] std::optional<Params>
parse_charging_function_addresses(std::string_view element) noexcept;

// P-Visited-Network-ID (RFC 7315 5.3), one element.
struct VisitedNetwork {
    std::string_view id; // a token, or a quoted string with its quotes
    Params params;
};

[[nodiscard]] std::optional<VisitedNetwork>
parse_visited_network(std::string_view element) noexcept;

// One value of P-Early-Media (RFC 5009 8).
enum class EarlyMedia : std::uint8_t {
    SendReceive,
    SendOnly,
    ReceiveOnly,
    Inactive,
    Gated,
    Supported,
    Other,
};

[[nodiscard]] std::optional<EarlyMedia> parse_early_media(std::string_view element) noexcept;

// One element of P-Asserted-Service or P-Preferred-Service (RFC 6050 4.1): the service behind
// "urn:urn-7:3gpp-service." or "urn:urn-7:3gpp-application.".
struct ServiceId {
    bool is_application = false;
    std::string_view name; // "ims.icsi.mmtel"
};

[[nodiscard]] std::optional<ServiceId> parse_service_id(std::string_view element) noexcept;

} // namespace tandem::sipparse
