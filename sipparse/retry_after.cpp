// SPDX-License-Identifier: Apache-2.0
//
//   Retry-After = delta-seconds [ comment ] *( SEMI retry-param )
//   retry-param = ( "duration" EQUAL delta-seconds ) / generic-param
#include "sipparse/retry_after.hpp"

#include "sipparse/comment.hpp"
#include "sipparse/integer_header.hpp"
#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

std::optional<RetryAfter> parse_retry_after(std::string_view value) noexcept {
    std::string_view text = trim(value);
    const std::size_t end = find_either(text, '(', ';');
    const auto delay = parse_delta_seconds(trim_right(text.substr(0, end)));
    if (!delay) {
        return std::nullopt;
    }
    RetryAfter result;
    result.delay_s = *delay;
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end);
    result.comment = text.substr(0, comment_bytes(text));
    text = trim_left(text.substr(result.comment.size()));
    if (!text.empty() && text.front() != ';') {
        return std::nullopt;
    }
    result.params = Params(text);
    const auto duration = result.params.value("duration");
    result.duration_s = duration ? parse_delta_seconds(*duration) : std::nullopt;
    const bool well_formed =
        result.params.well_formed() && duration.has_value() == result.duration_s.has_value();
    return well_formed ? std::optional(result) : std::nullopt;
}

} // namespace tandem::sipparse
