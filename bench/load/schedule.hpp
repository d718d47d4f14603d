// SPDX-License-Identifier: Apache-2.0
//
// What is to happen later: one queue per delay, so that entries are due in the order they came and
// nothing is sorted or allocated. The time is given. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace tandem::bench::load {

// A call that may have ended and given its place to another one meanwhile: the salt tells.
struct CallName {
    std::uint32_t slot = 0;
    std::uint32_t salt = 0;

    bool operator==(const CallName&) const = default;
};

class DelayQueue {
  public:
    // At most `capacity` entries at once.
    DelayQueue(std::uint64_t delay_ns, std::size_t capacity)
        : delay_ns_(delay_ns), entries_(capacity + 1) {}

    // False: full, nothing was put in.
    [[nodiscard]] bool push(CallName name, std::uint64_t now_ns) {
        const std::size_t next = after(last_);
        if (next == first_) {
            return false;
        }
        entries_[last_] = {.name = name, .due_ns = now_ns + delay_ns_};
        last_ = next;
        return true;
    }

    // The next entry that is due, or nothing.
    [[nodiscard]] std::optional<CallName> pop(std::uint64_t now_ns) {
        if (first_ == last_ || entries_[first_].due_ns > now_ns) {
            return std::nullopt;
        }
        const CallName name = entries_[first_].name;
        first_ = after(first_);
        return name;
    }

    // When pop() has something next; nothing when it is empty.
    [[nodiscard]] std::optional<std::uint64_t> next_due_ns() const {
        return first_ == last_ ? std::nullopt : std::optional(entries_[first_].due_ns);
    }

  private:
    struct Entry {
        CallName name;
        std::uint64_t due_ns = 0;
    };

    [[nodiscard]] std::size_t after(std::size_t at) const {
        return at + 1 == entries_.size() ? 0 : at + 1;
    }

    std::uint64_t delay_ns_;
    std::vector<Entry> entries_;
    std::size_t first_ = 0;
    std::size_t last_ = 0;
};

} // namespace tandem::bench::load
