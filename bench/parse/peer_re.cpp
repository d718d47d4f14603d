// SPDX-License-Identifier: Apache-2.0
//
// libre: sip_msg_decode over a copy of the bytes in one of its buffers.
// The headers of the standard library come first: they do not bear the macros of re.h.
#include <cstddef>
#include <cstdint>

#include "bench/parse/peers.hpp"

extern "C" {
#include <re.h>
}

namespace tandem::bench {

bool parse_by_re(std::string_view message) {
    mbuf* buffer = mbuf_alloc(message.size());
    if (buffer == nullptr) {
        return false;
    }
    sip_msg* parsed = nullptr;
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(message.data());
    bool good = mbuf_write_mem(buffer, bytes, message.size()) == 0;
    mbuf_set_pos(buffer, 0);
    good = good && sip_msg_decode(&parsed, buffer) == 0;
    mem_deref(parsed);
    mem_deref(buffer);
    return good;
}

} // namespace tandem::bench
