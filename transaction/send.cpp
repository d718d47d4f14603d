// SPDX-License-Identifier: Apache-2.0
//
// What leaves and what arrives, with the notes the ladder is drawn from.
#include "transaction/verbs.hpp"

namespace tandem::transaction {

bool send(Tables& tables, const Sending& sending) noexcept {
    if (!tables.output.transmit(sending.flow, sending.bytes)) {
        tables.output.count(Counter::TransmitFailed);
        return false;
    }
    tables.output.note({.at = sending.now,
                        .flow = sending.flow,
                        .bytes = sending.bytes,
                        .body = sending.body,
                        .call = sending.call,
                        .cseq_number = sending.cseq_number,
                        .status_code = sending.status_code,
                        .method = sending.method,
                        .direction = Direction::Out,
                        .repeated = sending.is_repeated,
                        .own = sending.is_own});
    return true;
}

void send_response_again(Tables& tables,
                         const ServerTransaction& server,
                         base::MonotonicNs now) noexcept {
    const std::string_view bytes = last_response(tables, server);
    if (bytes.empty()) {
        return;
    }
    tables.output.count(Counter::ResponseSentAgain);
    send(tables,
         {.flow = server.reply,
          .bytes = bytes,
          .call = server.call,
          .cseq_number = server.cseq_number,
          .status_code = server.status_code,
          .method = server.method,
          .is_repeated = true,
          .now = now});
}

void note_arrival(Tables& tables, const InboundMessage& message, bool is_repeated) noexcept {
    const sipparse::MessageView& view = message.view;
    tables.output.note({.at = message.now,
                        .flow = message.flow,
                        .bytes = view.message(),
                        .body = view.body(),
                        .call = call_of(tables, view),
                        .cseq_number = view.cseq_number(),
                        .status_code = view.status_code(),
                        .method = view.method(),
                        .direction = Direction::In,
                        .repeated = is_repeated});
}

std::uint64_t call_of(const Tables& tables, const sipparse::MessageView& view) noexcept {
    return base::siphash(tables.options.call_id_key,
                         view.find(sipparse::HeaderId::CallId).value_or(std::string_view{}));
}

} // namespace tandem::transaction
