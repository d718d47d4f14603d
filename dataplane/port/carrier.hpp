// SPDX-License-Identifier: Apache-2.0
//
// The carrier of kernel interfaces, told by netlink within a millisecond: af_packet ports always
// claim that their link is up. It watches, and says what changed; what follows from it is decided
// elsewhere. Cold thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace tandem::dataplane::port {

struct CarrierChange {
    std::string interface;
    bool is_up = false;
};

class CarrierWatch {
  public:
    // Asks for the present state of all interfaces at once. The error is errno.
    [[nodiscard]] static base::Result<CarrierWatch, int> open(std::vector<std::string> interfaces);
    ~CarrierWatch();
    CarrierWatch(CarrierWatch&& other) noexcept;
    CarrierWatch& operator=(CarrierWatch&&) = delete;
    CarrierWatch(const CarrierWatch&) = delete;
    CarrierWatch& operator=(const CarrierWatch&) = delete;

    // Readable when changes() has something to tell.
    [[nodiscard]] int poll_fd() const noexcept { return fd_; }

    // All that is known now, each interface as often as it was reported. Never blocks. An interface
    // that was removed is down.
    [[nodiscard]] std::vector<CarrierChange> changes();

  private:
    CarrierWatch(int fd, std::vector<std::string> interfaces)
        : fd_(fd), interfaces_(std::move(interfaces)) {}

    void ask() noexcept;
    void read_messages(const char* bytes, std::size_t size, std::vector<CarrierChange>& out) const;

    int fd_;
    std::vector<std::string> interfaces_;
};

} // namespace tandem::dataplane::port
