// SPDX-License-Identifier: Apache-2.0
//
// The stations of one subnet: their MACs, the ARP questions to ask, and the frames that wait for an
// answer. It carries out the machine of ha/neighbour_machine.hpp for up to kNeighboursMax entries:
// frames are opaque tokens of the caller, who also sends the ARP frames and gives the time. All
// memory is taken by the constructor. One object per port, used by the dataplane's worker only; the
// cold thread reads the rows with copy_rows() through the worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/endpoint.hpp"
#include "base/time.hpp"
#include "ha/arp.hpp"
#include "ha/neighbour_machine.hpp"

namespace tandem::ha {

// A subnet of phones is at most a /22 in the laboratories and sites we know; others are behind the
// gateway, which is one entry.
constexpr std::uint32_t kNeighboursMax = 1'024;
// Frames that may wait: a burst of calls to one new station (1,000 calls/s for the 100 ms until the
// second question) must not fail.
constexpr std::uint32_t kPendingPerNeighbourMax = 128;
constexpr std::uint32_t kPendingMax = 512; // of all neighbours of the port

using FrameToken = std::uint64_t;

// Where packets of the port go.
struct Subnet {
    base::Ipv4Address address{}; // ours: the sender of questions
    std::uint32_t prefix_length = 24;
    base::Ipv4Address gateway{}; // not set: only the subnet is reachable

    [[nodiscard]] bool contains(base::Ipv4Address other) const noexcept;
    // The destination itself when it is in the subnet, else the gateway, else nothing.
    [[nodiscard]] std::optional<base::Ipv4Address>
    next_hop(base::Ipv4Address destination) const noexcept;
};

// What to do with a frame that wants to leave.
struct NeighbourAnswer {
    enum class Kind : std::uint8_t {
        Send,    // to `mac`
        Queued,  // the table keeps the token; it comes back by take_released()
        NoRoute, // outside the subnet and no gateway
        Failed,  // the station does not answer
        Full,    // no entry or no place in the queue is free
    };

    Kind kind = Kind::Send;
    MacAddress mac = kZeroMac;
};

// A queued frame that comes back to the caller.
struct ReleasedFrame {
    FrameToken token = 0;
    bool send = false; // false: the station did not answer, the frame is lost
    MacAddress mac = kZeroMac;
};

struct NeighbourRow {
    base::Ipv4Address address{};
    MacAddress mac = kZeroMac;
    NeighbourState state = NeighbourState::Absent;
    std::uint32_t pending = 0;
};

class NeighbourTable {
  public:
    NeighbourTable(const Subnet& subnet, const MacAddress& own_mac);

    // Asks for the MAC of the next hop towards `destination`. With Queued the table owns `token`.
    [[nodiscard]] NeighbourAnswer
    resolve(base::Ipv4Address destination, FrameToken token, base::MonotonicNs now) noexcept;

    // An ARP packet that judge_arp() called Answer, LearnReply or Announced.
    void learn(const ArpPacket& packet, ArpVerdict verdict, base::MonotonicNs now) noexcept;

    // Runs the timers that are due. Cheap when none is.
    void expire(base::MonotonicNs now) noexcept;

    // The next question to send, or nothing; call until it returns nothing after each of the above.
    [[nodiscard]] const ArpFrame* take_question() noexcept;
    // The next frame that left the queue, or nothing; likewise.
    [[nodiscard]] std::optional<ReleasedFrame> take_released() noexcept;

    // Fills at most rows.size() rows and returns how many.
    [[nodiscard]] std::size_t copy_rows(std::span<NeighbourRow> rows) const noexcept;

    [[nodiscard]] std::uint32_t entries() const noexcept { return entries_used_; }

    [[nodiscard]] std::uint32_t pending() const noexcept { return pending_used_; }

    [[nodiscard]] const Subnet& subnet() const noexcept { return subnet_; }

  private:
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};
    static constexpr std::uint32_t kBuckets = 2 * kNeighboursMax;
    static_assert((kBuckets & (kBuckets - 1)) == 0);

    struct Entry {
        base::Ipv4Address address{};
        MacAddress mac = kZeroMac;
        NeighbourState state = NeighbourState::Absent;
        std::uint32_t tries = 0;
        base::MonotonicNs deadline_ns = 0; // 0 = no timer
        std::uint32_t next = kNone;        // in the bucket, or in the free list
        std::uint32_t pending_head = kNone;
        std::uint32_t pending_tail = kNone;
        std::uint32_t pending_count = 0;
    };

    struct Pending {
        FrameToken token = 0;
        std::uint32_t next = kNone;
    };

    struct Question {
        base::Ipv4Address wanted{};
        std::optional<MacAddress> station;
    };

    [[nodiscard]] static std::uint32_t bucket_of(base::Ipv4Address address) noexcept;
    [[nodiscard]] std::uint32_t find(base::Ipv4Address address) const noexcept;
    [[nodiscard]] std::uint32_t find_or_add(base::Ipv4Address address) noexcept;
    [[nodiscard]] std::uint32_t evict() noexcept;
    void remove(std::uint32_t index) noexcept;

    [[nodiscard]] bool queue(Entry& entry, FrameToken token) noexcept;
    void release(Entry& entry, bool send) noexcept;
    void apply(std::uint32_t index, const NeighbourOutput& output, base::MonotonicNs now) noexcept;

    Subnet subnet_;
    MacAddress own_mac_;
    std::vector<std::uint32_t> buckets_;
    std::vector<Entry> entries_;
    std::uint32_t free_entry_ = 0;
    std::uint32_t entries_used_ = 0;
    std::vector<Pending> pending_;
    std::uint32_t free_pending_ = 0;
    std::uint32_t pending_used_ = 0;
    std::vector<ReleasedFrame> released_; // a FIFO that is emptied after each call
    std::size_t released_at_ = 0;
    std::size_t released_end_ = 0;
    std::vector<Question> questions_; // likewise
    std::size_t questions_at_ = 0;
    std::size_t questions_end_ = 0;
    base::MonotonicNs next_deadline_ns_ = 0; // not after the earliest deadline; 0 = none
    ArpFrame question_frame_{};
};

} // namespace tandem::ha
