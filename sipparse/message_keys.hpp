// SPDX-License-Identifier: Apache-2.0
//
// By what a message is found again, read in one call: transaction (RFC 3261 17.2.3), dialog (12),
// call. Only the top Via, From, To and Call-ID are looked at, and of From and To nothing but the
// tag. Parts are views into the message; hashing them is the caller's (a keyed hash, since
// strangers choose the texts). Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/message_view.hpp"
#include "sipparse/via.hpp"

namespace tandem::sipparse {

struct MessageKeyParts {
    Via via;                  // the top one
    std::string_view call_id; // empty when absent, as the tags
    std::string_view from_tag;
    std::string_view to_tag;
    std::uint32_t cseq_number = 0;
    // For matching: an ACK counts as its INVITE, as 17.2.3 wants it.
    std::string_view method;
};

// Nothing when there is no well formed top Via.
[[nodiscard]] std::optional<MessageKeyParts> read_key_parts(const MessageView& view) noexcept;

struct MessageKeys {
    // Requests: branch, sent-by and method. Not for requests without the magic cookie (RFC 2543):
    // has_rfc3261_branch() of the Via tells. Responses: the branch is the receiver's own.
    std::uint64_t transaction = 0;
    // Call-ID and both tags, the same for both directions of a dialog.
    std::uint64_t dialog = 0;
    std::uint64_t call_id = 0;
};

// Hash: copyable, with add(text, more texts...), which keeps texts apart, add(std::uint64_t) and
// finish(): base::TableHash. `begin` is the hash with its key and nothing added.
template <class Hash>
[[nodiscard]] MessageKeys hash_keys(const MessageKeyParts& parts, const Hash& begin) noexcept {
    Hash transaction = begin;
    transaction.add(std::uint64_t{parts.via.port});
    transaction.add(parts.via.branch, parts.via.host, parts.method);
    Hash dialog = begin; // goes on where the Call-ID ends
    dialog.add(parts.call_id);
    const std::uint64_t call_id = dialog.finish();
    const bool ordered = parts.from_tag < parts.to_tag;
    dialog.add(ordered ? parts.from_tag : parts.to_tag, ordered ? parts.to_tag : parts.from_tag);
    return {
        .transaction = transaction.finish(),
        .dialog = dialog.finish(),
        .call_id = call_id,
    };
}

} // namespace tandem::sipparse
