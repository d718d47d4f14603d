// SPDX-License-Identifier: Apache-2.0
//
// Netlink tells about an interface that every machine has.
#include <gtest/gtest.h>
#include <poll.h>

#include "dataplane/port/carrier.hpp"

namespace tandem::dataplane::port {
namespace {

TEST(Carrier, ThePresentStateIsToldFirst) {
    auto watch = CarrierWatch::open({"lo"});
    ASSERT_TRUE(watch.has_value());
    pollfd wait = {.fd = watch->poll_fd(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&wait, 1, 10'000), 1);
    const auto changes = watch->changes();
    ASSERT_FALSE(changes.empty());
    EXPECT_EQ(changes.front().interface, "lo");
}

TEST(Carrier, OtherInterfacesAreNotTold) {
    auto watch = CarrierWatch::open({"nosuchif0"});
    ASSERT_TRUE(watch.has_value());
    pollfd wait = {.fd = watch->poll_fd(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&wait, 1, 10'000), 1);
    EXPECT_TRUE(watch->changes().empty());
}

} // namespace
} // namespace tandem::dataplane::port
