// SPDX-License-Identifier: Apache-2.0
//
// A token with parameters, what many headers are: Content-Disposition, Info-Package, Recv-Info,
// Priority and more. One element; split lists before (MessageView::list). Views into the element;
// any thread.
#pragma once

#include <optional>
#include <string_view>

#include "sipparse/params.hpp"

namespace tandem::sipparse {

struct TokenParams {
    std::string_view token;
    Params params;
};

// Nothing when there is no token, something else behind it than parameters, or they are malformed.
[[nodiscard]] std::optional<TokenParams> parse_token_params(std::string_view element) noexcept;

} // namespace tandem::sipparse
