// SPDX-License-Identifier: Apache-2.0
//
// Reads nothing that is not part of a key.
#include "sipparse/message_keys.hpp"

#include "sipparse/name_addr.hpp"

namespace tandem::sipparse {

namespace {

std::string_view tag_of(const MessageView& view, HeaderId id) noexcept {
    const auto value = view.find(id);
    return value ? find_tag(*value) : std::string_view{};
}

} // namespace

std::optional<MessageKeyParts> read_key_parts(const MessageView& view) noexcept {
    std::optional<MessageKeyParts> result(std::in_place); // filled where the caller wants it
    MessageKeyParts& parts = *result;
    if (!read_top_via(view, parts.via)) {
        result.reset();
        return result;
    }
    parts.call_id = view.find(HeaderId::CallId).value_or(std::string_view{});
    parts.from_tag = tag_of(view, HeaderId::From);
    parts.to_tag = tag_of(view, HeaderId::To);
    parts.cseq_number = view.cseq_number();
    parts.method = view.method() == Method::Ack ? method_name(Method::Invite) : view.method_text();
    return result;
}

} // namespace tandem::sipparse
