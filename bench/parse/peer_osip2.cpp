// SPDX-License-Identifier: Apache-2.0
//
// libosip2: osip_message_parse takes the headers it knows apart.
#include <cstdlib>

extern "C" {
#include <osipparser2/osip_parser.h>
}

#include "bench/parse/peers.hpp"

namespace tandem::bench {

bool parse_by_osip2(std::string_view message) {
    static const bool kIsReady = parser_init() == 0;
    osip_message_t* parsed = nullptr;
    if (!kIsReady || osip_message_init(&parsed) != 0) {
        return false;
    }
    const bool good = osip_message_parse(parsed, message.data(), message.size()) == 0;
    osip_message_free(parsed);
    return good;
}

} // namespace tandem::bench
