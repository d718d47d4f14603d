// SPDX-License-Identifier: Apache-2.0
//
// The trace of packets on the worker: picks packets at rx, remembers which one is at hand, and
// notes the stages it visits in shared memory. What belongs to a packet is found by its number,
// which goes with it: in the packet's fields and in the records of both rings. A trace ends by
// itself: after so many packets and a moment for what they cause. Off it costs one comparison per
// stage and packet. Worker only, except TraceDesk, which is the way from the control server to it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/endpoint.hpp"
#include "base/stage.hpp"
#include "base/time.hpp"
#include "shm/counters.hpp"
#include "shm/trace.hpp"
#include "transaction/names.hpp"

namespace tandem::transaction {
class Layer;
}

namespace tandem::dataplane::trace {

// For what followed packets cause: longer than a frame waits for ARP (1.5 s).
constexpr std::uint64_t kFollowNs = 2 * base::kNsPerS;

constexpr std::size_t kPrefixBytesMax = 64;

// Which packets are followed; what is not set fits every packet.
struct Filter {
    base::Ipv4Address address{}; // source or destination
    std::array<char, kPrefixBytesMax> prefix{};
    std::uint8_t prefix_bytes = 0; // the payload begins so: "INVITE", "SIP/2.0 180"

    [[nodiscard]] std::string_view get_prefix() const noexcept {
        return {prefix.data(), prefix_bytes};
    }
};

struct Order {
    std::uint32_t packets = 0; // 0: stop
    Filter filter;
};

enum class Phase : std::uint8_t {
    Off,       // no trace was ever started
    Picking,   // waits for packets
    Following, // has its packets, waits for what they cause
    Ended,
};

struct Status {
    Phase phase = Phase::Off;
    std::uint32_t session = 0;
    shm::TraceNumber first = 0; // number of the first packet of the session
    std::uint32_t picked = 0;
    std::uint32_t wanted = 0;
    Filter filter;
};

// One order at a time, from the control server to the worker. Memory is fixed, nobody waits on a
// lock.
class TraceDesk {
  public:
    // Control server. False: the worker has not taken the last order yet.
    [[nodiscard]] bool post(const Order& order) noexcept;
    // Control server: has the worker taken it?
    [[nodiscard]] bool is_taken() const noexcept;
    // Control server, after is_taken(): how the trace stands.
    [[nodiscard]] Status status() const noexcept;

    // Worker: the order that waits, or nullptr.
    [[nodiscard]] const Order* waiting() const noexcept {
        // Acquire: the order was written before it was posted.
        const std::uint32_t posted = posted_.load(std::memory_order_acquire);
        return posted == taken_.load(std::memory_order_relaxed) ? nullptr : &order_;
    }

    void take(const Status& status) noexcept;
    void tell(Phase phase, std::uint32_t picked) noexcept;

  private:
    std::atomic<std::uint32_t> posted_ = 0; // control server: rw, worker: ro
    std::atomic<std::uint32_t> taken_ = 0;  // worker: rw, control server: ro
    std::atomic<Phase> phase_ = Phase::Off; // worker: rw, control server: ro; orders nothing
    std::atomic<std::uint32_t> picked_ = 0; // likewise
    Order order_;   // control server while posted == taken, else the worker's
    Status status_; // worker while posted != taken, else the control server's
};

class PacketTrace final : public base::StageWatcher {
  public:
    // `list` outlives the trace.
    void write_to(shm::TraceList& list) noexcept { writer_ = shm::TraceWriter(&list); }

    [[nodiscard]] TraceDesk& desk() noexcept { return desk_; }

    // Once per burst: takes an order, ends what has run its time. `layer` tells of its stages while
    // a trace runs.
    void follow(transaction::Layer& layer, base::MonotonicNs now) noexcept;

    [[nodiscard]] bool is_on() const noexcept { return is_on_; }

    // Of the packet at hand; 0: none is followed.
    [[nodiscard]] shm::TraceNumber current() const noexcept { return current_; }

    // From here on the worker works for the packet with this number.
    void enter(shm::TraceNumber number) noexcept { current_ = is_ours(number) ? number : 0; }

    // The worker works for no packet any more.
    void leave() noexcept { current_ = 0; }

    // At rx, while is_on(): the number of a frame that is to be followed, or 0.
    [[nodiscard]] shm::TraceNumber pick(std::span<const std::uint8_t> frame,
                                        std::uint16_t port) noexcept;

    // The next four: notes about the packet at hand; nothing when none is followed.
    void visited(base::Stage stage) noexcept override;
    void counted(shm::CounterId counter) noexcept;
    void sent(base::Stage stage, const transaction::Flow& flow, std::string_view payload) noexcept;

  private:
    [[nodiscard]] bool is_ours(shm::TraceNumber number) const noexcept;
    void take(const Order& order, base::MonotonicNs now) noexcept;
    void end() noexcept;
    void write(shm::TraceNote& note) noexcept;

    bool is_on_ = false;
    shm::TraceNumber current_ = 0;
    shm::TraceNumber next_ = 1;           // number of the next packet
    base::Stage stage_ = base::Stage::Rx; // the last one visited
    base::MonotonicNs end_at_ = 0;        // 0: packets are still wanted
    base::MonotonicNs now_ = 0;           // of the burst
    Status status_;
    shm::TraceWriter writer_;
    TraceDesk desk_;
};

} // namespace tandem::dataplane::trace
