// SPDX-License-Identifier: Apache-2.0
//
// The few rules of RFC 5389 that a binding request without credentials needs. Runs on the worker.
#include "dataplane/screen/stun.hpp"

#include <algorithm>

namespace tandem::dataplane::screen {

namespace {

constexpr std::uint32_t kMagicCookie = 0x2112'A442;
constexpr std::uint16_t kBindingRequest = 0x0001;
constexpr std::uint16_t kBindingSuccess = 0x0101;
constexpr std::uint16_t kXorMappedAddress = 0x0020;
constexpr std::uint16_t kComprehensionOptional = 0x8000; // from here on unknown ones are ignored
constexpr std::uint8_t kFamilyIpv4 = 1;
constexpr std::size_t kAttributeHeaderBytes = 4;

std::uint16_t read_u16(std::string_view bytes, std::size_t at) noexcept {
    const auto high = static_cast<unsigned char>(bytes[at]);
    const auto low = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<std::uint16_t>(high << 8U | low);
}

void write_u16(StunAnswer& out, std::size_t at, std::uint32_t value) noexcept {
    out[at] = static_cast<std::uint8_t>(value >> 8U);
    out[at + 1] = static_cast<std::uint8_t>(value);
}

void write_u32(StunAnswer& out, std::size_t at, std::uint32_t value) noexcept {
    write_u16(out, at, value >> 16U);
    write_u16(out, at + 2, value & 0xffffU);
}

// Walks the attributes: all inside the message, none that we would have to understand.
bool are_attributes_ignorable(std::string_view attributes) noexcept {
    while (!attributes.empty()) {
        if (attributes.size() < kAttributeHeaderBytes ||
            read_u16(attributes, 0) < kComprehensionOptional) {
            return false;
        }
        const std::size_t padded = (read_u16(attributes, 2) + std::size_t{3}) / 4 * 4;
        if (attributes.size() - kAttributeHeaderBytes < padded) {
            return false;
        }
        attributes.remove_prefix(kAttributeHeaderBytes + padded);
    }
    return true;
}

} // namespace

bool is_stun(std::string_view datagram) noexcept {
    if (datagram.size() < kStunHeaderBytes ||
        (static_cast<unsigned char>(datagram[0]) & 0xc0U) != 0) {
        return false;
    }
    return (std::uint32_t{read_u16(datagram, 4)} << 16U | read_u16(datagram, 6)) == kMagicCookie;
}

bool answer_stun(std::string_view datagram, base::Endpoint source, StunAnswer& out) noexcept {
    if (!is_stun(datagram) || read_u16(datagram, 0) != kBindingRequest ||
        read_u16(datagram, 2) != datagram.size() - kStunHeaderBytes ||
        !are_attributes_ignorable(datagram.substr(kStunHeaderBytes))) {
        return false;
    }
    out.fill(0);
    std::copy_n(datagram.begin(), kStunHeaderBytes, out.begin()); // cookie and transaction id
    write_u16(out, 0, kBindingSuccess);
    write_u16(out, 2, kStunAnswerBytes - kStunHeaderBytes);
    write_u16(out, 20, kXorMappedAddress);
    write_u16(out, 22, 8);
    out[25] = kFamilyIpv4;
    write_u16(out, 26, source.port ^ (kMagicCookie >> 16U));
    write_u32(out, 28, source.address.value ^ kMagicCookie);
    return true;
}

} // namespace tandem::dataplane::screen
