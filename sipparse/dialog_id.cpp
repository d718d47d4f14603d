// SPDX-License-Identifier: Apache-2.0
//
//   Replaces       = callid *( SEMI replaces-param )
//   replaces-param = "to-tag" EQUAL token / "from-tag" EQUAL token / "early-only" / generic-param
//   Target-Dialog  = callid *( SEMI td-param )
//   td-param       = "remote-tag" EQUAL token / "local-tag" EQUAL token / generic-param
#include "sipparse/dialog_id.hpp"

#include "sipparse/call_id.hpp"
#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

struct TagNames {
    std::string_view local;
    std::string_view remote;
};

// False: there is one already, or it is no token.
bool set_tag(std::string_view value, std::string_view& tag) noexcept {
    const bool first = tag.empty();
    tag = value;
    return first && is_token(value);
}

std::optional<DialogId> parse(std::string_view value, const TagNames& names) noexcept {
    const std::string_view text = trim(value);
    const std::size_t semicolon = text.find(';');
    DialogId result;
    result.call_id = trim_right(text.substr(0, semicolon));
    if (!is_call_id(result.call_id) || semicolon == std::string_view::npos) {
        return std::nullopt;
    }
    result.params = Params(text.substr(semicolon));
    Params::Iterator iterator = result.params.begin();
    for (; iterator != Params::end(); ++iterator) {
        if (equals_ignoring_case(iterator->name, names.local)) {
            if (!set_tag(iterator->value, result.local_tag)) {
                return std::nullopt;
            }
        } else if (equals_ignoring_case(iterator->name, names.remote)) {
            if (!set_tag(iterator->value, result.remote_tag)) {
                return std::nullopt;
            }
        } else if (equals_ignoring_case(iterator->name, "early-only")) {
            result.early_only = true;
        }
    }
    const bool complete = !result.local_tag.empty() && !result.remote_tag.empty();
    return complete && !iterator.malformed() ? std::optional(result) : std::nullopt;
}

} // namespace

std::optional<DialogId> parse_replaces(std::string_view value) noexcept {
    return parse(value, {.local = "to-tag", .remote = "from-tag"});
}

std::optional<DialogId> parse_target_dialog(std::string_view value) noexcept {
    return parse(value, {.local = "local-tag", .remote = "remote-tag"});
}

} // namespace tandem::sipparse
