// SPDX-License-Identifier: Apache-2.0
//
// The hashes of match_key.hpp. Each begins with a number of its own, so that keys of different
// kinds can lie in one table.
#include "transaction/match_key.hpp"

#include "base/table_hash.hpp"
#include "sipparse/name_addr.hpp"

namespace tandem::transaction {
namespace {

using sipparse::HeaderId;
using sipparse::MessageView;
using sipparse::Method;

enum class KeyKind : std::uint64_t {
    Branch = 1,
    Rfc2543 = 2,
    Merge = 3,
    Ack = 4,
    ToTag = 5,
};

// `number` has at most 32 bits.
template <typename... Texts>
std::uint64_t hash_of(const base::SipHashKey& key,
                      KeyKind kind,
                      std::uint64_t number,
                      const Texts&... texts) noexcept {
    base::TableHash hash(key);
    hash.add(static_cast<std::uint64_t>(kind) << 32U | number).add(texts...);
    return hash.finish();
}

std::string_view value_of(const MessageView& message, HeaderId id) noexcept {
    return message.find(id).value_or(std::string_view{});
}

std::string_view method_for_matching(const MessageView& request) noexcept {
    return request.method() == Method::Ack ? sipparse::method_name(Method::Invite)
                                           : request.method_text();
}

std::uint64_t key_by_branch(const sipparse::Via& via,
                            std::string_view method,
                            const base::SipHashKey& key) noexcept {
    return hash_of(key, KeyKind::Branch, via.port, via.branch, via.host, method);
}

std::uint64_t key_by_fields(const MessageView& request,
                            std::string_view method,
                            const base::SipHashKey& key) noexcept {
    // The To tag of an ACK is that of the response and a CANCEL repeats the one of its INVITE, so
    // INVITE, ACK and CANCEL leave it out; the ACK's is compared by ack_key.
    const bool has_to_tag =
        method != sipparse::method_name(Method::Invite) && request.method() != Method::Cancel;
    return hash_of(key,
                   KeyKind::Rfc2543,
                   request.cseq_number(),
                   request.request_uri(),
                   tag_of(request, HeaderId::From),
                   value_of(request, HeaderId::CallId),
                   request.find_first(HeaderId::Via).value_or(std::string_view{}),
                   has_to_tag ? tag_of(request, HeaderId::To) : std::string_view{},
                   method);
}

std::uint64_t key_as(const MessageView& request,
                     const sipparse::Via& via,
                     std::string_view method,
                     const base::SipHashKey& key) noexcept {
    return via.has_rfc3261_branch() ? key_by_branch(via, method, key)
                                    : key_by_fields(request, method, key);
}

} // namespace

std::uint64_t transaction_key(const MessageView& request,
                              const sipparse::Via& via,
                              const base::SipHashKey& key) noexcept {
    return key_as(request, via, method_for_matching(request), key);
}

std::uint64_t cancelled_key(const MessageView& request,
                            const sipparse::Via& via,
                            const base::SipHashKey& key) noexcept {
    return key_as(request, via, sipparse::method_name(Method::Invite), key);
}

std::optional<std::uint64_t> merge_key(const MessageView& request,
                                       const base::SipHashKey& key) noexcept {
    if (!tag_of(request, HeaderId::To).empty()) {
        return std::nullopt;
    }
    return hash_of(key,
                   KeyKind::Merge,
                   request.cseq_number(),
                   tag_of(request, HeaderId::From),
                   value_of(request, HeaderId::CallId),
                   request.method_text());
}

std::uint64_t ack_key(const MessageView& message, const base::SipHashKey& key) noexcept {
    return hash_of(key,
                   KeyKind::Ack,
                   message.cseq_number(),
                   value_of(message, HeaderId::CallId),
                   tag_of(message, HeaderId::From),
                   tag_of(message, HeaderId::To));
}

std::string_view tag_of(const MessageView& message, HeaderId id) noexcept {
    const auto value = message.find(id);
    return value ? sipparse::find_tag(*value) : std::string_view{};
}

std::uint64_t to_tag_key(const MessageView& message, const base::SipHashKey& key) noexcept {
    return hash_of(key, KeyKind::ToTag, 0, tag_of(message, HeaderId::To));
}

} // namespace tandem::transaction
