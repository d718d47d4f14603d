// SPDX-License-Identifier: Apache-2.0
//
// A frame cut at every byte gives what is there and reads nothing behind its end (with
// AddressSanitizer that is proven); what is no IPv4 or no UDP gives less.
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "dataplane/trace/glimpse.hpp"

namespace tandem::dataplane::trace {
namespace {

std::vector<std::uint8_t> frame(std::string_view payload) {
    std::vector<std::uint8_t> bytes(14 + 20 + 8);
    bytes[12] = 0x08;
    bytes[14] = 0x45;
    bytes[14 + 9] = 17;
    const std::vector<std::uint8_t> addresses = {10, 77, 0, 100, 10, 77, 0, 10};
    std::copy(addresses.begin(), addresses.end(), bytes.begin() + 14 + 12);
    const std::vector<std::uint8_t> ports = {0x13, 0xc4, 0x13, 0xc5};
    std::copy(ports.begin(), ports.end(), bytes.begin() + 14 + 20);
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    return bytes;
}

TEST(Glimpse, ReadsADatagram) {
    const auto bytes = frame("INVITE");
    const Glimpse seen = glimpse(bytes);
    EXPECT_EQ(seen.source.address.value, 0x0a4d0064U);
    EXPECT_EQ(seen.source.port, 5060);
    EXPECT_EQ(seen.destination.address.value, 0x0a4d000aU);
    EXPECT_EQ(seen.destination.port, 5061);
    EXPECT_EQ(seen.payload, "INVITE");
}

TEST(Glimpse, BelievesNothingThatIsCut) {
    const auto whole = frame("INVITE");
    for (std::size_t bytes = 0; bytes <= whole.size(); ++bytes) {
        // A vector of its own, so that a read behind the end is one behind the allocation.
        const std::vector<std::uint8_t> cut(whole.begin(),
                                            whole.begin() + static_cast<std::ptrdiff_t>(bytes));
        const Glimpse seen = glimpse(cut);
        EXPECT_EQ(seen.source.address.value != 0, bytes >= 34) << bytes;
        EXPECT_EQ(seen.source.port != 0, bytes >= 42) << bytes;
        EXPECT_EQ(seen.payload.size(), bytes > 42 ? bytes - 42 : 0) << bytes;
    }
}

TEST(Glimpse, OtherFramesHaveNoPayload) {
    auto arp = frame("x");
    arp[13] = 0x06;
    EXPECT_EQ(glimpse(arp).source.address.value, 0U);
    auto version6 = frame("x");
    version6[14] = 0x65;
    EXPECT_EQ(glimpse(version6).source.address.value, 0U);
    auto short_header = frame("x");
    short_header[14] = 0x44;
    EXPECT_EQ(glimpse(short_header).source.address.value, 0U);
    auto tcp = frame("x");
    tcp[14 + 9] = 6;
    EXPECT_NE(glimpse(tcp).source.address.value, 0U);
    EXPECT_EQ(glimpse(tcp).source.port, 0);
    auto long_header = frame("");
    long_header[14] = 0x4f;
    EXPECT_TRUE(glimpse(long_header).payload.empty());
}

} // namespace
} // namespace tandem::dataplane::trace
