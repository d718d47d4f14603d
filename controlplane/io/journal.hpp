// SPDX-License-Identifier: Apache-2.0
//
// The journal of bindings: what the registrar accepts is in a file soon afterwards, so that a
// control plane that starts again knows its phones. This decides when: changes are taken from the
// queue in batches and appended at once; the disk is told to keep them once a second; the whole is
// written anew from the registrar when changes were lost, when the file was damaged, and when it
// holds more dead records than live ones. A disk that does not take them is said and tried again
// each second; the switch goes on without. A thread of its own; the core never waits for it.
//
//              lock and load good                 write fails
//   [start] ────────────────────────▶ [Written] ───────────────▶ [Failing]
//      │                                  ▲  ▲                       │  each second
//      └── fault ─▶ [Failing]             │  └── whole rewrite good ─┘
//                                         └──── rewrite good (lost changes, damage, dead records)
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "base/time.hpp"
#include "controlplane/io/journal_file.hpp"
#include "controlplane/io/journal_queue.hpp"

namespace tandem::controlplane {

// A death of the process loses nothing that was written; only a loss of power or of the kernel
// loses what was not synced. Such a loss may cost a second of REGISTERs, whose phones come again by
// themselves; a sync per REGISTER would cost each of them milliseconds of the disk.
constexpr std::uint64_t kJournalSyncNs = base::kNsPerS;
// Between two batches while changes keep coming.
constexpr std::uint64_t kJournalBatchNs = 5 * base::kNsPerMs;
// Between two attempts to write anew.
constexpr std::uint64_t kJournalRewriteNs = base::kNsPerS;
// Dead records that are no matter: below this many a rewrite would save nothing.
constexpr std::uint64_t kJournalDeadRecordsMin = 16'384;

// Bodies (journal_format.hpp) one behind the other, filled on the core thread without allocation.
class BodyPage {
  public:
    static constexpr std::size_t kRowsMax = 256;
    static_assert(kRowsMax >= kContactsOfDnMax);

    BodyPage() : bodies_(kRowsMax) {}

    void clear() { count_ = 0; }

    // At most kRowsMax since clear().
    void add(const BindingChange& binding) {
        auto& body = bodies_.at(count_++);
        body.bytes = write_body(binding, body.data);
    }

    [[nodiscard]] std::size_t count() const { return count_; }

    [[nodiscard]] std::span<const std::byte> body(std::size_t i) const {
        return std::span(bodies_.at(i).data).first(bodies_.at(i).bytes);
    }

  private:
    struct Body {
        std::size_t bytes = 0;
        std::array<std::byte, kJournalBodyBytesMax> data;
    };

    std::vector<Body> bodies_;
    std::size_t count_ = 0;
};

// What the registrar holds, asked from the journal's thread.
class BindingSource {
  public:
    struct Numbers {
        std::uint64_t in_use = 0;
        std::uint64_t restored = 0; // of the bindings given at the start
    };

    BindingSource() = default;
    virtual ~BindingSource() = default;
    BindingSource(const BindingSource&) = delete;
    BindingSource& operator=(const BindingSource&) = delete;

    // Nothing when the core did not answer; before all bindings were restored it does not.
    [[nodiscard]] virtual std::optional<Numbers> numbers() = 0;
    // The next bindings from `dn_cursor` on, and moves it; whether that was the last page.
    [[nodiscard]] virtual std::optional<bool> read(std::uint32_t& dn_cursor, BodyPage& page) = 0;
};

// For operators; copied between threads.
struct JournalStatus {
    std::string path;
    std::string fault;   // why it is not written; "" when it is
    std::string refused; // a file that was moved aside at the start; "" when none was
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    std::uint64_t waiting = 0;     // changes in the queue
    std::uint64_t unsynced_ms = 0; // age of the oldest change the disk may not have kept
    std::uint64_t appended = 0;
    std::uint64_t lost = 0;      // found the queue full; the rewrite that followed has them
    std::uint64_t unwritten = 0; // taken while the journal could not be written
    std::uint64_t syncs = 0;
    std::uint64_t rewrites = 0;
    std::uint64_t faults = 0;
    std::uint64_t loaded = 0; // bindings the file held at the start
    std::uint64_t restored = 0;
    std::uint64_t skipped = 0; // loaded and not restored
    std::uint64_t corrupt = 0; // records skipped while loading
    std::uint64_t torn_bytes = 0;
};

// "written to PATH", or what is wrong: an alarm of the node.
[[nodiscard]] std::string journal_state(const JournalStatus& status);

class Journal {
  public:
    // Takes the directory and reads the file. There is always a journal: what is wrong is its
    // state.
    explicit Journal(const std::string& state_directory);
    // The core's thread has ended: appends what it still said.
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    // What the file held, the oldest change first; until start().
    [[nodiscard]] std::span<const BindingChange> bindings() const { return load_.content.bindings; }

    [[nodiscard]] JournalQueue& queue() { return queue_; }

    // Starts the thread. The core thread takes bindings() before it answers `source`, which
    // outlives finish().
    void start(BindingSource& source);
    // Ends the thread after its work; before the core's ends. Does nothing when it does not run.
    void finish();

    // Any thread.
    [[nodiscard]] JournalStatus status() const;

  private:
    void run(BindingSource& source);
    void open();
    void take_over(BindingSource& source);
    // Whether there was something to do.
    bool turn(BindingSource& source, base::MonotonicNs now);
    std::size_t drain(base::MonotonicNs now);
    void write_batch(base::MonotonicNs now);
    [[nodiscard]] bool wants_rewrite(BindingSource& source, base::MonotonicNs now);
    void rewrite(BindingSource& source, base::MonotonicNs now);
    [[nodiscard]] JournalFault write_whole(BindingSource& source, base::MonotonicNs now);
    void sync(base::MonotonicNs now);
    void sleep(bool worked, base::MonotonicNs now);
    void fail(std::string fault, base::MonotonicNs now);
    void recovered();
    void show();

    JournalFile file_;
    JournalQueue queue_;
    JournalLoad load_;
    BodyPage page_;
    std::vector<std::byte> batch_;     // for the file
    std::vector<std::byte> new_batch_; // for the one that is being written anew
    std::uint64_t batch_records_ = 0;
    std::string fault_;
    bool stale_ = false;  // the file does not say what the registrar holds
    bool broken_ = false; // an append or a sync failed: nothing is appended before a rewrite
    std::uint64_t new_records_ = 0;
    base::MonotonicNs next_rewrite_ns_ = 0;
    base::MonotonicNs next_look_ns_ = 0;
    base::MonotonicNs unsynced_since_ns_ = 0; // 0: all is synced
    base::log::RateLimited fault_line_;

    JournalStatus status_;     // the journal's thread
    mutable std::mutex mutex_; // guards what is shown
    JournalStatus shown_;
    base::MonotonicNs shown_unsynced_since_ns_ = 0;
    std::atomic<bool> stopping_ = false; // orders nothing
    std::thread thread_;
};

// The journal's thread for the time of a block.
class JournalThread {
  public:
    JournalThread(Journal& journal, BindingSource& source) : journal_(journal) {
        journal_.start(source);
    }

    ~JournalThread() { journal_.finish(); }

    JournalThread(const JournalThread&) = delete;
    JournalThread& operator=(const JournalThread&) = delete;

  private:
    Journal& journal_;
};

} // namespace tandem::controlplane
