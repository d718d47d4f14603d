// SPDX-License-Identifier: Apache-2.0
//
// Writes a response of a call whose request is no longer at hand: Via, From, To, Call-ID, CSeq and
// Record-Route were kept as the head of the response when the request came. Core thread only.
#pragma once

#include <array>
#include <initializer_list>
#include <string_view>

#include "controlplane/core/core_state.hpp"
#include "sipparse/writer.hpp"

namespace tandem::controlplane {

// Keeps of a request what its responses repeat (RFC 3261 section 8.2.6.2). False: no room.
[[nodiscard]] bool keep_head(CoreState& core, const RequestInput& request, Text& head);

// Headers of one response, with room for the values that are composed.
class ReplyHeaders {
  public:
    static constexpr std::size_t kHeadersMax = 96; // four times what long responses relay
    static constexpr std::size_t kTextBytesMax = 1024;

    // What does not fit is left out.
    void add(sipparse::HeaderId id, std::string_view value);
    void compose(sipparse::HeaderId id, std::initializer_list<std::string_view> pieces);
    void compose_number(sipparse::HeaderId id, std::uint64_t number, std::string_view behind = {});
    // Those of a response of the other leg that pass.
    void add_relayed(const sipparse::MessageView& response, const Device& sender);
    // Contact of a leg.
    void add_contact(std::string_view user, base::Endpoint local);

    [[nodiscard]] std::span<const sipparse::ExtraHeader> all() const {
        return {headers_.data(), count_};
    }

  private:
    std::array<sipparse::ExtraHeader, kHeadersMax> headers_;
    std::array<char, kTextBytesMax> text_{};
    std::size_t count_ = 0;
    std::size_t used_ = 0;
};

struct Reply {
    transaction::ServerHandle transaction;
    const Text* head = nullptr;
    std::uint16_t status_code = 0;
    std::string_view reason;
    std::string_view to_tag = {}; // for a To without one
    const ReplyHeaders* headers = nullptr;
    const sipparse::MessageView* body_of = nullptr; // body and its type are relayed from here
    bool reliable = false;
    std::uint32_t rseq = 0;
};

void reply(CoreState& core, const Reply& parts);

} // namespace tandem::controlplane
