// SPDX-License-Identifier: Apache-2.0
//
// By what a message finds its server transaction: keyed hashes of the fields RFC 3261 names. Only
// the 64-bit hash is kept (a lingering transaction has 88 bytes): with five million entries a
// stranger's request meets a wrong one once in 10^12 look-ups, and the number of CSeq is compared
// too. Pure; called by the layer.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/siphash.hpp"
#include "sipparse/message_view.hpp"
#include "sipparse/via.hpp"

namespace tandem::transaction {

// Of the server transaction a request belongs to (17.2.3). With the magic cookie: branch, sent-by
// and method, where ACK counts as INVITE. Without (RFC 2543): Request-URI, From tag, Call-ID,
// CSeq number, top Via and method, and for what is neither INVITE nor ACK nor CANCEL the To tag.
[[nodiscard]] std::uint64_t transaction_key(const sipparse::MessageView& request,
                                            const sipparse::Via& via,
                                            const base::SipHashKey& key) noexcept;

// The same as if the method were INVITE: for a CANCEL, the transaction it cancels (9.2).
[[nodiscard]] std::uint64_t cancelled_key(const sipparse::MessageView& request,
                                          const sipparse::Via& via,
                                          const base::SipHashKey& key) noexcept;

// Of a request outside a dialog: From tag, Call-ID, CSeq (8.2.2.2, merged requests). Nothing when
// To has a tag.
[[nodiscard]] std::optional<std::uint64_t> merge_key(const sipparse::MessageView& request,
                                                     const base::SipHashKey& key) noexcept;

// Of a final response to an INVITE and of its ACK: Call-ID, both tags, CSeq number.
[[nodiscard]] std::uint64_t ack_key(const sipparse::MessageView& message,
                                    const base::SipHashKey& key) noexcept;

// The tag of a From or To line; empty when it is absent or malformed.
[[nodiscard]] std::string_view tag_of(const sipparse::MessageView& message,
                                      sipparse::HeaderId id) noexcept;

// Of the To tag alone: which 2xx of a forked INVITE.
[[nodiscard]] std::uint64_t to_tag_key(const sipparse::MessageView& message,
                                       const base::SipHashKey& key) noexcept;

} // namespace tandem::transaction
