// SPDX-License-Identifier: Apache-2.0
//
// The one place that turns a decision on a request at hand into the bytes of its response.
#include "controlplane/core/answer.hpp"

#include <array>

#include "base/endpoint.hpp"
#include "sipparse/via.hpp"

namespace tandem::controlplane {

ViaSource::ViaSource(const Datagram& message) {
    const auto via = sipparse::top_via(message.view);
    if (!via) {
        return;
    }
    const auto source = message.flow.remote;
    const auto sent_by = base::parse_ipv4(via->host);
    port_ = via->has_rport ? source.port : 0;
    if (via->has_rport || !sent_by || *sent_by != source.address) {
        bytes_ = static_cast<std::size_t>(base::write_ipv4(source.address, text_) - text_);
    }
}

bool answer(const RequestInput& request, const Answer& answer, Effects& effects) {
    const ViaSource source(request.message);
    const auto response = sipparse::write_response(request.message.view,
                                                   {.status_code = answer.status_code,
                                                    .reason = answer.reason,
                                                    .to_tag = answer.to_tag,
                                                    .received = source.received(),
                                                    .rport = source.rport(),
                                                    .headers = answer.headers},
                                                   effects.message_buffer());
    if (response.empty()) {
        return false;
    }
    effects.send_response({.transaction = request.transaction, .status_code = answer.status_code},
                          response.size());
    return true;
}

bool refuse(const RequestInput& request,
            const Refusal& refusal,
            std::string_view to_tag,
            Effects& effects) {
    std::array<sipparse::ExtraHeader, Refusal::kHeadersMax> headers;
    std::size_t count = 0;
    for (const auto& header : refusal.headers()) {
        headers[count++] = {.id = header.id, .value = refusal.value(header)};
    }
    return answer(request,
                  {.status_code = refusal.status_code(),
                   .reason = refusal.reason(),
                   .to_tag = to_tag,
                   .headers = {headers.data(), count}},
                  effects);
}

} // namespace tandem::controlplane
