// SPDX-License-Identifier: Apache-2.0
//
// The speaking rights of a dataplane: 100, 400, 505, 481 to a CANCEL without match, 482 and 503.
// All but the 100 keep no transaction; their To tag is a keyed hash of the request's transaction,
// so a repetition gets the same answer and their ACK is recognised.
#include <array>
#include <charconv>
#include <utility>

#include "sipparse/writer.hpp"
#include "transaction/match_key.hpp"
#include "transaction/reply_flow.hpp"
#include "transaction/verbs.hpp"

namespace tandem::transaction {
namespace {

using sipparse::ExtraHeader;
using sipparse::HeaderId;

constexpr std::uint16_t kTrying = 100;
constexpr std::size_t kTagBytes = 16;
constexpr std::uint64_t kOwnTagKind = 6; // behind the kinds of match_key.cpp
constexpr unsigned kBitsPerDigit = 4;
constexpr std::size_t kSecondsTextBytes = 10;

struct OwnTag {
    std::array<char, kTagBytes> text;

    [[nodiscard]] std::string_view view() const noexcept { return {text.data(), text.size()}; }
};

OwnTag own_tag(const Tables& tables, std::uint64_t transaction_key) noexcept {
    std::uint64_t hash =
        base::SipHash(tables.options.hash_key).add(kOwnTagKind).add(transaction_key).finish();
    OwnTag tag{};
    for (char& digit : tag.text) {
        digit = "0123456789abcdef"[hash & 0xFU];
        hash >>= kBitsPerDigit;
    }
    return tag;
}

struct OwnAnswer {
    std::uint16_t status_code = 0;
    std::string_view reason;
    std::span<const ExtraHeader> headers = {};
};

struct WrittenAnswer {
    Flow flow;
    std::string_view bytes; // empty: it did not fit
};

// Writes into tables.answer_text.
WrittenAnswer
write_answer(Tables& tables, const ArrivedRequest& request, const OwnAnswer& answer) noexcept {
    const Flow reply = reply_flow(request.via, request.message.flow);
    const ViaMarks marks = via_marks(request.via, request.message.flow.remote);
    const OwnTag tag = own_tag(tables, request.key);
    const sipparse::ResponseOptions options{.status_code = answer.status_code,
                                            .reason = answer.reason,
                                            .to_tag = tag.view(),
                                            .received = marks.received(),
                                            .rport = marks.rport,
                                            .headers = answer.headers};
    return {reply, sipparse::write_response(request.message.view, options, tables.answer_text)};
}

void send_answer(Tables& tables,
                 const ArrivedRequest& request,
                 const WrittenAnswer& written,
                 std::uint16_t status_code) noexcept {
    tables.visits.visit(base::Stage::OwnAnswer);
    if (written.bytes.empty()) {
        tables.output.count(Counter::TransmitFailed);
        return;
    }
    const sipparse::MessageView& view = request.message.view;
    send(tables,
         {.flow = written.flow,
          .bytes = written.bytes,
          .call = call_of(tables, view),
          .cseq_number = view.cseq_number(),
          .status_code = status_code,
          .method = view.method(),
          .is_own = true,
          .now = request.message.now});
}

void answer(Tables& tables, const ArrivedRequest& request, const OwnAnswer& what) noexcept {
    send_answer(tables, request, write_answer(tables, request, what), what.status_code);
}

} // namespace

void answer_bad_message(Tables& tables,
                        const InboundMessage& message,
                        sipparse::ParseError error) noexcept {
    note_arrival(tables, message, false);
    const std::uint16_t status = sipparse::answer_status(error, *message.view.index);
    if (status == 0) {
        tables.output.count(Counter::DropBadMessage);
        return;
    }
    const auto via = sipparse::top_via(message.view);
    if (!via) {
        tables.output.count(Counter::DropNoVia);
        return;
    }
    tables.output.count(Counter::AnsweredBadMessage);
    const std::uint64_t key = transaction_key(message.view, *via, tables.options.hash_key);
    answer(tables, {message, *via, key}, {.status_code = status, .reason = sentence(error)});
}

void answer_merged(Tables& tables, const ArrivedRequest& request) noexcept {
    tables.output.count(Counter::AnsweredMerged);
    answer(tables, request, {.status_code = 482, .reason = "Loop Detected"});
}

void answer_no_invite(Tables& tables, const ArrivedRequest& request) noexcept {
    tables.output.count(Counter::AnsweredNoInvite);
    answer(tables, request, {.status_code = 481, .reason = "Call/Transaction Does Not Exist"});
}

void refuse(Tables& tables, const ArrivedRequest& request, Counter why) noexcept {
    tables.output.count(why);
    std::array<char, kSecondsTextBytes> seconds{};
    const auto end = std::to_chars(
        seconds.data(), seconds.data() + seconds.size(), tables.options.retry_after_s);
    const std::string_view retry_after{seconds.data(),
                                       static_cast<std::size_t>(end.ptr - seconds.data())};
    const std::array headers{ExtraHeader{.id = HeaderId::RetryAfter, .value = retry_after}};
    const OwnAnswer unavailable{
        .status_code = 503, .reason = "Service Unavailable", .headers = headers};
    const WrittenAnswer written = write_answer(tables, request, unavailable);
    send_answer(tables, request, written, unavailable.status_code);
    if (!linger_refusal(tables, request, written.flow, written.bytes)) {
        tables.output.count(Counter::FullRefusals);
    }
}

StoredMessage write_trying(Tables& tables, const ArrivedRequest& request) noexcept {
    const ViaMarks marks = via_marks(request.via, request.message.flow.remote);
    const sipparse::MessageView& view = request.message.view;
    // 8.2.6.1: a Timestamp of the request is copied into its 100.
    const std::string_view stamp = view.find(HeaderId::Timestamp).value_or(std::string_view{});
    const std::array headers{ExtraHeader{.id = HeaderId::Timestamp, .value = stamp}};
    const sipparse::ResponseOptions options{.status_code = kTrying,
                                            .reason = "Trying",
                                            .received = marks.received(),
                                            .rport = marks.rport,
                                            .headers =
                                                std::span(headers).first(stamp.empty() ? 0 : 1)};
    return tables.messages.put(sipparse::write_response(view, options, tables.answer_text));
}

void send_trying(Tables& tables, ServerTransaction& server, base::MonotonicNs now) noexcept {
    tables.output.count(Counter::TryingSent);
    server.status_code = kTrying;
    server.response = std::exchange(server.trying, {});
    send(tables,
         {.flow = server.reply,
          .bytes = tables.messages.bytes(server.response),
          .call = server.call,
          .cseq_number = server.cseq_number,
          .status_code = kTrying,
          .method = server.method,
          .is_own = true,
          .now = now});
}

bool acknowledges_own_answer(const Tables& tables, const ArrivedRequest& request) noexcept {
    return tag_of(request.message.view, HeaderId::To) == own_tag(tables, request.key).view();
}

} // namespace tandem::transaction
