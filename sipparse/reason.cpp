// SPDX-License-Identifier: Apache-2.0
//
//   reason-value  = protocol *( SEMI reason-params )
//   reason-params = "cause" EQUAL 1*DIGIT / "text" EQUAL quoted-string / reason-extension
#include "sipparse/reason.hpp"

#include "sipparse/lexical.hpp"
#include "sipparse/token_params.hpp"

namespace tandem::sipparse {

bool Reason::is_sip() const noexcept {
    return equals_ignoring_case(protocol, "SIP");
}

bool Reason::is_q850() const noexcept {
    return equals_ignoring_case(protocol, "Q.850");
}

std::optional<Reason> parse_reason(std::string_view element) noexcept {
    constexpr std::uint64_t kCauseMax = 65'535;
    const auto parsed = parse_token_params(element);
    if (!parsed) {
        return std::nullopt;
    }
    Reason reason;
    reason.protocol = parsed->token;
    reason.params = parsed->params;
    if (const auto cause = reason.params.find("cause")) {
        const auto number = parse_number(cause->value, kCauseMax);
        if (!number) {
            return std::nullopt;
        }
        reason.cause = static_cast<std::uint16_t>(*number);
    }
    reason.text = reason.params.value("text").value_or(std::string_view{});
    const bool is_quoted = quoted_string_bytes(reason.text) == reason.text.size();
    return is_quoted ? std::optional(reason) : std::nullopt;
}

} // namespace tandem::sipparse
