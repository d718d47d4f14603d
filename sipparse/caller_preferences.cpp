// SPDX-License-Identifier: Apache-2.0
//
//   ac-value   = "*" *( SEMI ac-params )
//   ac-params  = feature-param / "require" / "explicit" / generic-param
//   directives = "proxy" / "redirect" / "cancel" / "no-cancel" / "fork" / "no-fork" / "recurse"
//              / "no-recurse" / "parallel" / "sequential" / "queue" / "no-queue"
#include "sipparse/caller_preferences.hpp"

#include <array>

#include "sipparse/lexical.hpp"
#include "sipparse/token_params.hpp"

namespace tandem::sipparse {

namespace {

constexpr auto kDirectives = std::to_array<std::string_view>({"proxy",
                                                              "redirect",
                                                              "cancel",
                                                              "no-cancel",
                                                              "fork",
                                                              "no-fork",
                                                              "recurse",
                                                              "no-recurse",
                                                              "parallel",
                                                              "sequential",
                                                              "queue",
                                                              "no-queue"});

} // namespace

std::optional<ContactPredicate> parse_contact_predicate(std::string_view element) noexcept {
    const auto parsed = parse_token_params(element);
    if (!parsed || parsed->token != "*") {
        return std::nullopt;
    }
    return ContactPredicate{
        parsed->params.has("require"), parsed->params.has("explicit"), parsed->params};
}

std::optional<Disposition> parse_disposition(std::string_view element) noexcept {
    const std::string_view text = trim(element);
    for (std::size_t i = 0; i < kDirectives.size(); ++i) {
        if (equals_ignoring_case(text, kDirectives[i])) {
            return static_cast<Disposition>(i);
        }
    }
    return std::nullopt;
}

} // namespace tandem::sipparse
