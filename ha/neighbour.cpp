// SPDX-License-Identifier: Apache-2.0
//
// Entries, their queues and their timers. Every decision comes from neighbour_machine.cpp; here is
// only the bookkeeping, with no memory taken after construction. Runs on the dataplane's worker.
#include "ha/neighbour.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace tandem::ha {

bool Subnet::contains(base::Ipv4Address other) const noexcept {
    if (prefix_length == 0) {
        return true;
    }
    const std::uint32_t mask = ~std::uint32_t{0} << (32U - prefix_length);
    return (other.value & mask) == (address.value & mask);
}

std::optional<base::Ipv4Address> Subnet::next_hop(base::Ipv4Address destination) const noexcept {
    if (contains(destination)) {
        return destination;
    }
    if (gateway.value == 0) {
        return std::nullopt;
    }
    return gateway;
}

NeighbourTable::NeighbourTable(const Subnet& subnet, const MacAddress& own_mac)
    : subnet_(subnet), own_mac_(own_mac), buckets_(kBuckets, kNone), entries_(kNeighboursMax),
      pending_(kPendingMax), released_(kPendingMax), questions_(kNeighboursMax) {
    for (std::uint32_t i = 0; i < kNeighboursMax; ++i) {
        entries_[i].next = i + 1 < kNeighboursMax ? i + 1 : kNone;
    }
    for (std::uint32_t i = 0; i < kPendingMax; ++i) {
        pending_[i].next = i + 1 < kPendingMax ? i + 1 : kNone;
    }
}

std::uint32_t NeighbourTable::bucket_of(base::Ipv4Address address) noexcept {
    constexpr std::uint32_t kGolden = 0x9e3779b1U; // Fibonacci hashing: neighbours are consecutive
    return (address.value * kGolden) >> 21U;
}

std::uint32_t NeighbourTable::find(base::Ipv4Address address) const noexcept {
    std::uint32_t index = buckets_[bucket_of(address)];
    while (index != kNone && entries_[index].address != address) {
        index = entries_[index].next;
    }
    return index;
}

std::uint32_t NeighbourTable::find_or_add(base::Ipv4Address address) noexcept {
    const std::uint32_t found = find(address);
    if (found != kNone) {
        return found;
    }
    if (free_entry_ == kNone) {
        const std::uint32_t victim = evict();
        if (victim == kNone) {
            return kNone;
        }
        remove(victim);
    }
    const std::uint32_t index = free_entry_;
    Entry& entry = entries_[index];
    free_entry_ = entry.next;
    entry = Entry{.address = address};
    std::uint32_t& bucket = buckets_[bucket_of(address)];
    entry.next = bucket;
    bucket = index;
    ++entries_used_;
    return index;
}

// The stale or failed entry that would go first by itself. Stations in use are never given up for
// new ones: somebody who asks for many addresses must not cut off those who talk.
std::uint32_t NeighbourTable::evict() noexcept {
    std::uint32_t victim = kNone;
    for (std::uint32_t i = 0; i < kNeighboursMax; ++i) {
        const Entry& entry = entries_[i];
        const bool idle =
            entry.state == NeighbourState::Stale || entry.state == NeighbourState::Failed;
        if (idle && (victim == kNone || entry.deadline_ns < entries_[victim].deadline_ns)) {
            victim = i;
        }
    }
    return victim;
}

void NeighbourTable::remove(std::uint32_t index) noexcept {
    Entry& entry = entries_[index];
    TANDEM_ASSERT(entry.pending_count == 0);
    std::uint32_t* link = &buckets_[bucket_of(entry.address)];
    while (*link != index) {
        link = &entries_[*link].next;
    }
    *link = entry.next;
    entry = Entry{.next = free_entry_};
    free_entry_ = index;
    --entries_used_;
}

bool NeighbourTable::queue(Entry& entry, FrameToken token) noexcept {
    if (free_pending_ == kNone || entry.pending_count == kPendingPerNeighbourMax) {
        return false;
    }
    const std::uint32_t index = free_pending_;
    free_pending_ = pending_[index].next;
    pending_[index] = Pending{.token = token, .next = kNone};
    if (entry.pending_head == kNone) {
        entry.pending_head = index;
    } else {
        pending_[entry.pending_tail].next = index;
    }
    entry.pending_tail = index;
    ++entry.pending_count;
    ++pending_used_;
    return true;
}

void NeighbourTable::release(Entry& entry, bool send) noexcept {
    while (entry.pending_head != kNone) {
        const std::uint32_t index = entry.pending_head;
        entry.pending_head = pending_[index].next;
        TANDEM_ASSERT(released_end_ < released_.size());
        released_[released_end_++] = {
            .token = pending_[index].token, .send = send, .mac = entry.mac};
        pending_[index].next = free_pending_;
        free_pending_ = index;
        --pending_used_;
    }
    entry.pending_tail = kNone;
    entry.pending_count = 0;
}

void NeighbourTable::apply(std::uint32_t index,
                           const NeighbourOutput& output,
                           base::MonotonicNs now) noexcept {
    Entry& entry = entries_[index];
    if (output.ask != NeighbourOutput::Ask::Nobody && questions_end_ < questions_.size()) {
        Question question = {.wanted = entry.address, .station = std::nullopt};
        if (output.ask == NeighbourOutput::Ask::Station) {
            question.station = entry.mac;
        }
        questions_[questions_end_++] = question;
    }
    const bool asked = output.ask != NeighbourOutput::Ask::Nobody;
    const std::uint32_t tries = output.state == entry.state ? entry.tries : 0;
    entry.tries = tries + (asked ? 1U : 0U);
    entry.state = output.state;
    if (output.queued != NeighbourOutput::Queued::Keep) {
        release(entry, output.queued == NeighbourOutput::Queued::Send);
    }
    if (output.rearm) {
        entry.deadline_ns = output.timer_ms == 0 ? 0 : now + output.timer_ms * base::kNsPerMs;
        if (entry.deadline_ns != 0 &&
            (next_deadline_ns_ == 0 || entry.deadline_ns < next_deadline_ns_)) {
            next_deadline_ns_ = entry.deadline_ns;
        }
    }
    if (entry.state == NeighbourState::Absent) {
        remove(index);
    }
}

NeighbourAnswer NeighbourTable::resolve(base::Ipv4Address destination,
                                        FrameToken token,
                                        base::MonotonicNs now) noexcept {
    using Kind = NeighbourAnswer::Kind;
    const std::optional<base::Ipv4Address> hop = subnet_.next_hop(destination);
    if (!hop) {
        return {.kind = Kind::NoRoute};
    }
    const std::uint32_t index = find_or_add(*hop);
    if (index == kNone) {
        return {.kind = Kind::Full};
    }
    Entry& entry = entries_[index];
    const NeighbourOutput output =
        step({.state = entry.state, .event = NeighbourEvent::Wanted, .tries = entry.tries});
    NeighbourAnswer answer = {.kind = Kind::Failed, .mac = entry.mac};
    if (output.frame == NeighbourOutput::Frame::Send) {
        answer.kind = Kind::Send;
    } else if (output.frame == NeighbourOutput::Frame::Queue) {
        answer.kind = queue(entry, token) ? Kind::Queued : Kind::Full;
    }
    apply(index, output, now);
    return answer;
}

void NeighbourTable::learn(const ArpPacket& packet,
                           ArpVerdict verdict,
                           base::MonotonicNs now) noexcept {
    NeighbourEvent event = NeighbourEvent::Announced;
    if (verdict == ArpVerdict::Answer) {
        event = NeighbourEvent::Asked;
    } else if (verdict == ArpVerdict::LearnReply) {
        event = NeighbourEvent::Answered;
    }
    // A station outside the subnet is reached through the gateway, whatever it says of itself.
    if (packet.sender.value == 0 || !subnet_.contains(packet.sender)) {
        return;
    }
    const bool adds = event == NeighbourEvent::Asked;
    const std::uint32_t index = adds ? find_or_add(packet.sender) : find(packet.sender);
    if (index == kNone) {
        return;
    }
    Entry& entry = entries_[index];
    const NeighbourOutput output = step({.state = entry.state,
                                         .event = event,
                                         .tries = entry.tries,
                                         .mac_changed = entry.mac != packet.sender_mac});
    if (output.take_mac) {
        entry.mac = packet.sender_mac;
    }
    apply(index, output, now);
}

void NeighbourTable::expire(base::MonotonicNs now) noexcept {
    if (next_deadline_ns_ == 0 || now < next_deadline_ns_) {
        return;
    }
    next_deadline_ns_ = 0;
    for (std::uint32_t i = 0; i < kNeighboursMax; ++i) {
        const Entry& entry = entries_[i];
        if (entry.deadline_ns == 0) {
            continue;
        }
        if (entry.deadline_ns <= now) {
            apply(
                i,
                step({.state = entry.state, .event = NeighbourEvent::Timer, .tries = entry.tries}),
                now);
        } else if (next_deadline_ns_ == 0 || entry.deadline_ns < next_deadline_ns_) {
            next_deadline_ns_ = entry.deadline_ns;
        }
    }
}

const ArpFrame* NeighbourTable::take_question() noexcept {
    if (questions_at_ == questions_end_) {
        questions_end_ = 0;
        questions_at_ = 0;
        return nullptr;
    }
    const Question& question = questions_[questions_at_++];
    write_arp_request({.own_mac = own_mac_,
                       .own_address = subnet_.address,
                       .wanted = question.wanted,
                       .station = question.station},
                      question_frame_);
    return &question_frame_;
}

std::optional<ReleasedFrame> NeighbourTable::take_released() noexcept {
    if (released_at_ == released_end_) {
        released_end_ = 0;
        released_at_ = 0;
        return std::nullopt;
    }
    return released_[released_at_++];
}

std::size_t NeighbourTable::copy_rows(std::span<NeighbourRow> rows) const noexcept {
    std::size_t count = 0;
    for (const Entry& entry : entries_) {
        if (entry.state != NeighbourState::Absent && count < rows.size()) {
            rows[count++] = {.address = entry.address,
                             .mac = entry.mac,
                             .state = entry.state,
                             .pending = entry.pending_count};
        }
    }
    return count;
}

} // namespace tandem::ha
