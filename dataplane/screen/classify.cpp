// SPDX-License-Identifier: Apache-2.0
//
// The rules of the screen, cheapest last: nearly every datagram is SIP and leaves at the first
// test. Runs on the worker.
#include "dataplane/screen/classify.hpp"

#include "dataplane/screen/stun.hpp"

namespace tandem::dataplane::screen {

namespace {

// RFC 3261 25.1 `token`: what a method or "SIP/2.0" can begin with.
bool is_token_byte(char c) noexcept {
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    const bool digit = c >= '0' && c <= '9';
    return letter || digit || std::string_view("-.!%*_+`'~").find(c) != std::string_view::npos;
}

} // namespace

Kind classify(std::string_view datagram) noexcept {
    // Line ends may stand before the start line (RFC 3261 7.5).
    const std::size_t first = datagram.find_first_not_of("\r\n");
    if (first != std::string_view::npos && is_token_byte(datagram[first])) {
        return Kind::Sip;
    }
    if (first == std::string_view::npos) {
        return datagram == "\r\n\r\n" ? Kind::Ping : Kind::SilentKeepAlive;
    }
    if (datagram.find_first_not_of('\0') == std::string_view::npos) {
        return Kind::SilentKeepAlive;
    }
    return is_stun(datagram) ? Kind::Stun : Kind::Foreign;
}

} // namespace tandem::dataplane::screen
