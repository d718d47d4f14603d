// SPDX-License-Identifier: Apache-2.0
//
// The ring of shm/ used inside one process, and the eventfd beside it.
#include "controlplane/io/journal_queue.hpp"

#include <array>
#include <cstring>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "controlplane/io/journal_format.hpp"

namespace tandem::controlplane {

namespace {

constexpr std::uint16_t kBodyType = 1;

shm::RingMemory
memory_of(shm::RingCursors& cursors, std::uint64_t* words, std::size_t capacity_bytes) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): words seen as bytes
    return {.cursors = &cursors,
            .data = reinterpret_cast<std::byte*>(words),
            .capacity_bytes = capacity_bytes};
}

} // namespace

JournalQueue::JournalQueue(std::size_t capacity_bytes)
    : cursors_(std::make_unique<shm::RingCursors>()),
      words_(std::make_unique<std::uint64_t[]>(capacity_bytes / sizeof(std::uint64_t))),
      producer_(memory_of(*cursors_, words_.get(), capacity_bytes)),
      consumer_(memory_of(*cursors_, words_.get(), capacity_bytes)),
      event_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    TANDEM_ASSERT(event_fd_ >= 0);
}

JournalQueue::~JournalQueue() {
    ::close(event_fd_);
}

void JournalQueue::push(const BindingChange& change) {
    std::array<std::byte, kJournalBodyBytesMax> body;
    const auto bytes = write_body(change, body);
    TANDEM_ASSERT(bytes > 0); // the registrar and the configuration bound both texts
    std::byte* room = producer_.claim(kBodyType, bytes);
    if (room == nullptr) {
        add(lost_, 1);
        // Release: whoever sees it sees a registrar that has the change.
        lost_some_.store(true, std::memory_order_release);
        ++unpublished_; // the other side has to hear of the loss
        return;
    }
    std::memcpy(room, body.data(), bytes);
    producer_.commit(bytes);
    ++unpublished_;
    add(pushed_, 1);
}

void JournalQueue::publish() {
    if (unpublished_ == 0) {
        return;
    }
    unpublished_ = 0;
    producer_.publish();
    if (producer_.ring_doorbell_if_asleep(event_fd_)) {
        add(doorbells_, 1);
    }
}

void JournalQueue::silence() {
    std::uint64_t drained = 0;
    const auto bytes = ::read(event_fd_, &drained, sizeof drained);
    static_cast<void>(bytes); // nothing was rung
}

void JournalQueue::ring() const {
    const std::uint64_t one = 1;
    const auto bytes = ::write(event_fd_, &one, sizeof one);
    static_cast<void>(bytes); // a full counter wakes as well
}

} // namespace tandem::controlplane
