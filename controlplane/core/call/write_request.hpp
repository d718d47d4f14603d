// SPDX-License-Identifier: Apache-2.0
//
// The parts every request of the switch is made of, in the order of the message: what the dialog
// and the transaction decide, then what the caller of these functions adds, then what is relayed.
// Also the few ways a request leaves: with a client transaction, or as an ACK. Core thread only.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "controlplane/core/call/dialog.hpp"
#include "sipparse/option_tags.hpp"
#include "sipparse/writer.hpp"

namespace tandem::controlplane {

// Methods we take, for Allow (RFC 3261 section 20.5).
constexpr std::string_view kAllowedMethods =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, PRACK, UPDATE, INFO, MESSAGE, NOTIFY";
constexpr std::string_view kProductName = "Tandem";
constexpr std::uint8_t kMaxForwardsDefault = 70; // RFC 3261 section 8.1.1.6

class BranchText {
  public:
    // The branch of a client transaction.
    BranchText(const CoreState& core, transaction::ClientHandle client);
    // A branch nothing is matched by: that of the ACK of a 2xx.
    explicit BranchText(base::RandomStream& random);

    [[nodiscard]] std::string_view text() const { return {text_.data(), bytes_}; }

  private:
    std::array<char, transaction::kBranchBytes> text_{};
    std::size_t bytes_ = 0;
};

struct RequestHead {
    sipparse::Method method = sipparse::Method::Other;
    std::uint32_t cseq = 0;
    std::string_view branch;
    std::uint8_t max_forwards = kMaxForwardsDefault;
};

// Request line, Via, Max-Forwards, Route, From, To, Call-ID, CSeq, User-Agent.
void write_head(sipparse::MessageWriter& writer, const DialogView& dialog, const RequestHead& head);

// "<sip:user@address:port>" of ours.
void write_contact(sipparse::MessageWriter& writer, const DialogView& dialog);

// Supported and Require of a relayed request: what the sender has and the switch can pass on.
void write_option_tags(sipparse::MessageWriter& writer, const sipparse::MessageView& source);
[[nodiscard]] sipparse::OptionTagSet passed_option_tags();

// The relayed headers and the body with its type; ends the message.
void write_relayed(sipparse::MessageWriter& writer,
                   const sipparse::MessageView& source,
                   const Device& sender);
// The relayed headers alone.
void write_relayed_headers(sipparse::MessageWriter& writer,
                           const sipparse::MessageView& source,
                           const Device& sender);

// One less than the request has; the caller has refused 0 (RFC 3261 section 16.3).
[[nodiscard]] std::uint8_t next_max_forwards(const sipparse::MessageView& request);

enum class SlotUse : std::uint8_t { NewWork, Ending };

// A client transaction; not set (and counted) when there is none for this use.
[[nodiscard]] transaction::ClientHandle take_slot(CoreState& core, SlotUse use);

// Who gets the responses of a request: comes back as `user` with each of them.
enum class OwnerKind : std::uint8_t { Nobody, Attempt, Exchange, Leg };

struct Owner {
    OwnerKind kind = OwnerKind::Nobody;
    std::uint32_t index = 0;
    std::uint32_t generation = 0;

    [[nodiscard]] std::uint64_t packed() const;
    [[nodiscard]] static Owner unpack(std::uint64_t user);

    template <typename Tag>
    [[nodiscard]] static Owner of(OwnerKind kind, base::Handle<Tag> handle) {
        return {.kind = kind, .index = handle.index, .generation = handle.generation};
    }

    template <typename HandleType>
    [[nodiscard]] HandleType handle() const {
        return {.index = index, .generation = generation};
    }
};

struct Sending {
    transaction::ClientHandle client;
    transaction::ClientHandle cancelled; // of a CANCEL
    Owner owner;
    transaction::Flow flow;
};

// Commits what the writer wrote. False: it did not fit; the slot is given back.
bool send_request(CoreState& core, const sipparse::MessageWriter& writer, const Sending& sending);

} // namespace tandem::controlplane
