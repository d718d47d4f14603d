// SPDX-License-Identifier: Apache-2.0
//
// Response routing of RFC 3261 18.2 and RFC 3581 for UDP.
#include "transaction/reply_flow.hpp"

namespace tandem::transaction {

Flow reply_flow(const sipparse::Via& via, const Flow& request_flow) noexcept {
    Flow reply = request_flow;
    if (!via.has_rport) {
        reply.remote.port = via.port != 0 ? via.port : kSipPort;
    }
    return reply;
}

ViaMarks via_marks(const sipparse::Via& via, base::Endpoint source) noexcept {
    ViaMarks marks;
    char* const begin = marks.received_text.data();
    const char* const end = base::write_ipv4(source.address, begin);
    const auto bytes = static_cast<std::size_t>(end - begin);
    if (via.has_rport || via.host != std::string_view{begin, bytes}) {
        marks.received_bytes = bytes;
    }
    marks.rport = via.has_rport ? source.port : std::uint16_t{0};
    return marks;
}

} // namespace tandem::transaction
