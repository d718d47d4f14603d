// SPDX-License-Identifier: Apache-2.0
//
// rtnetlink: RTM_NEWLINK and RTM_DELLINK of the interfaces of our ports. Cold thread.
#include "dataplane/port/carrier.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace tandem::dataplane::port {

namespace {

// A whole dump of interfaces comes in parts of at most this.
constexpr std::size_t kBufferBytes = 32'768;

// Value of the attribute IFLA_IFNAME behind the link header, or "".
std::string name_of(const char* attributes, std::size_t size) {
    while (size >= sizeof(rtattr)) {
        rtattr attribute{};
        std::memcpy(&attribute, attributes, sizeof(attribute));
        if (attribute.rta_len < sizeof(rtattr) || attribute.rta_len > size) {
            break;
        }
        if (attribute.rta_type == IFLA_IFNAME) {
            const std::string_view value(attributes + sizeof(rtattr),
                                         attribute.rta_len - sizeof(rtattr));
            return std::string(value.substr(0, value.find('\0')));
        }
        const std::size_t step = std::min<std::size_t>(RTA_ALIGN(attribute.rta_len), size);
        attributes += step;
        size -= step;
    }
    return {};
}

} // namespace

base::Result<CarrierWatch, int> CarrierWatch::open(std::vector<std::string> interfaces) {
    const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (fd < 0) {
        return base::Error{errno};
    }
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_LINK;
    const void* const plain = &address;
    if (::bind(fd, static_cast<const sockaddr*>(plain), sizeof(address)) != 0) {
        const int error = errno;
        ::close(fd);
        return base::Error{error};
    }
    CarrierWatch watch(fd, std::move(interfaces));
    watch.ask();
    return watch;
}

CarrierWatch::CarrierWatch(CarrierWatch&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), interfaces_(std::move(other.interfaces_)) {}

CarrierWatch::~CarrierWatch() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

void CarrierWatch::ask() noexcept {
    struct {
        nlmsghdr header;
        ifinfomsg link;
    } request{};

    request.header.nlmsg_len = sizeof(request);
    request.header.nlmsg_type = RTM_GETLINK;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    (void)::send(fd_, &request, sizeof(request), 0);
}

void CarrierWatch::read_messages(const char* bytes,
                                 std::size_t size,
                                 std::vector<CarrierChange>& out) const {
    constexpr std::size_t kHeaderBytes = NLMSG_ALIGN(sizeof(nlmsghdr));
    constexpr std::size_t kLinkBytes = NLMSG_ALIGN(sizeof(ifinfomsg));
    while (size >= kHeaderBytes) {
        nlmsghdr header{};
        std::memcpy(&header, bytes, sizeof(header));
        if (header.nlmsg_len < kHeaderBytes || header.nlmsg_len > size) {
            return;
        }
        const bool is_link = header.nlmsg_type == RTM_NEWLINK || header.nlmsg_type == RTM_DELLINK;
        if (is_link && header.nlmsg_len >= kHeaderBytes + kLinkBytes) {
            ifinfomsg link{};
            std::memcpy(&link, bytes + kHeaderBytes, sizeof(link));
            std::string name = name_of(bytes + kHeaderBytes + kLinkBytes,
                                       header.nlmsg_len - kHeaderBytes - kLinkBytes);
            const bool ours =
                std::find(interfaces_.begin(), interfaces_.end(), name) != interfaces_.end();
            if (ours) {
                const bool carries =
                    (link.ifi_flags & IFF_UP) != 0 && (link.ifi_flags & IFF_LOWER_UP) != 0;
                out.push_back({.interface = std::move(name),
                               .is_up = header.nlmsg_type == RTM_NEWLINK && carries});
            }
        }
        const std::size_t step = std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), size);
        bytes += step;
        size -= step;
    }
}

std::vector<CarrierChange> CarrierWatch::changes() {
    std::vector<CarrierChange> out;
    std::array<char, kBufferBytes> buffer; // NOLINT(cppcoreguidelines-pro-type-member-init): out
    for (;;) {
        const ssize_t received = ::recv(fd_, buffer.data(), buffer.size(), 0);
        if (received > 0) {
            read_messages(buffer.data(), static_cast<std::size_t>(received), out);
            continue;
        }
        if (received < 0 && errno == ENOBUFS) {
            ask(); // news were lost: ask for everything again
            continue;
        }
        return out;
    }
}

} // namespace tandem::dataplane::port
