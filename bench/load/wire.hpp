// SPDX-License-Identifier: Apache-2.0
//
// The way from a phone to the switch: room for one message, then its sending. Over a port in memory
// in the benchmark, over vectors in tests. One thread.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "bench/load/directory.hpp"
#include "bench/load/place.hpp"
#include "bench/load/text.hpp"

namespace tandem::bench::load {

class Wire {
  public:
    virtual ~Wire() = default;

    // Room for a message; empty when there is none. Valid until send().
    [[nodiscard]] virtual std::span<char> room() = 0;
    // Sends what was written into the room.
    virtual void send(const Place& source, const Place& destination, std::size_t bytes) = 0;

  protected:
    Wire() = default;
    Wire(const Wire&) = default;
    Wire(Wire&&) = default;
    Wire& operator=(const Wire&) = default;
    Wire& operator=(Wire&&) = default;
};

// Writes a message with `write(TextWriter&)` and sends it to the switch. False: no room.
template <typename Write>
[[nodiscard]] bool send_to_switch(Wire& wire, const Place& source, Write&& write) {
    TextWriter out(wire.room());
    write(out);
    if (out.overflowed() || out.text().empty()) {
        return false;
    }
    wire.send(source, kSwitch, out.text().size());
    return true;
}

} // namespace tandem::bench::load
