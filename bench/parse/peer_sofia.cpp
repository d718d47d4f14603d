// SPDX-License-Identifier: Apache-2.0
//
// sofia-sip: msg_make copies the bytes and parses all headers of its class.
#include <sofia-sip/msg.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>

#include "bench/parse/peers.hpp"

namespace tandem::bench {

bool parse_by_sofia(std::string_view message) {
    msg_t* const parsed =
        msg_make(sip_default_mclass(), 0, message.data(), static_cast<ssize_t>(message.size()));
    if (parsed == nullptr) {
        return false;
    }
    const sip_t* const sip = sip_object(parsed);
    const bool good = sip != nullptr && sip->sip_error == nullptr &&
                      (sip->sip_request != nullptr || sip->sip_status != nullptr);
    msg_destroy(parsed);
    return good;
}

} // namespace tandem::bench
