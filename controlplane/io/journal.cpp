// SPDX-License-Identifier: Apache-2.0
//
// The journal's thread. A rewrite is right although the registrar changes under it: losses are
// taken note of before the queue is emptied, all that is in the queue then is in the registrar
// already, and every change that comes later is appended to both files in its order, behind or in
// front of the page it is in; in either order the last record says what the registrar held last.
#include "controlplane/io/journal.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <poll.h>
#include <sys/prctl.h>
#include <utility>

#include "base/random.hpp"

namespace tandem::controlplane {

namespace {

// Changes appended by one write.
constexpr std::size_t kBatchRecordsMax = 1024;
constexpr std::size_t kBatchBytesMax =
    kBatchRecordsMax * (kJournalFrameBytes + kJournalBodyBytesMax);
// Between two questions how many bindings live.
constexpr std::uint64_t kLookNs = base::kNsPerS;
constexpr int kForeverMs = -1;

int milliseconds_until(base::MonotonicNs deadline, base::MonotonicNs now) {
    if (deadline <= now) {
        return 0;
    }
    return static_cast<int>(std::min<std::uint64_t>((deadline - now) / base::kNsPerMs + 1, 60'000));
}

} // namespace

std::string journal_state(const JournalStatus& status) {
    return status.fault.empty() ? "written to " + status.path : status.fault;
}

Journal::Journal(const std::string& state_directory) : file_(state_directory) {
    batch_.reserve(kBatchBytesMax);
    new_batch_.reserve(kBatchBytesMax);
    status_.path = file_.path();
    open();
    show();
}

Journal::~Journal() {
    finish();
    const auto now = base::monotonic_now();
    drain(now);
    sync(now);
}

void Journal::open() {
    const auto now = base::monotonic_now();
    load_ = {};
    auto wrong = file_.lock();
    if (!wrong && !file_.is_open()) {
        wrong = file_.load(load_);
    }
    const auto& content = load_.content;
    status_.refused = load_.refused;
    status_.records = content.records;
    status_.loaded = content.bindings.size();
    status_.corrupt = content.corrupt;
    status_.torn_bytes = content.torn_bytes;
    stale_ = content.corrupt > 0;
    if (!load_.refused.empty()) {
        base::log::error("journal: {}", load_.refused);
    }
    if (content.torn_bytes > 0) {
        base::log::warning("journal: {} ended within a record, {} bytes were cut off",
                           file_.path(),
                           content.torn_bytes);
    }
    if (content.corrupt > 0) {
        base::log::error(
            "journal: {} has {} damaged records, skipped", file_.path(), content.corrupt);
    }
    if (wrong) {
        fail(std::move(*wrong), now);
    } else {
        base::log::info("journal: {} holds {} bindings in {} records",
                        file_.path(),
                        content.bindings.size(),
                        content.records);
    }
}

void Journal::start(BindingSource& source) {
    thread_ = std::thread([this, &source] { run(source); });
}

void Journal::finish() {
    if (thread_.joinable()) {
        stopping_.store(true, std::memory_order_relaxed);
        queue_.ring();
        thread_.join();
    }
}

void Journal::run(BindingSource& source) {
    ::prctl(PR_SET_NAME, "journal", 0UL, 0UL, 0UL);
    take_over(source);
    while (!stopping_.load(std::memory_order_relaxed)) {
        const auto now = base::monotonic_now();
        const bool worked = turn(source, now);
        show();
        sleep(worked, now);
    }
    const auto now = base::monotonic_now();
    next_rewrite_ns_ = 0;
    turn(source, now);
    sync(now);
    show();
}

// Waits until the core has taken the bindings, and lets go of the file's bytes.
void Journal::take_over(BindingSource& source) {
    std::optional<BindingSource::Numbers> numbers;
    while (!numbers && !stopping_.load(std::memory_order_relaxed)) {
        numbers = source.numbers();
    }
    if (!numbers) {
        return;
    }
    status_.restored = std::min(numbers->restored, status_.loaded);
    status_.skipped = status_.loaded - status_.restored;
    stale_ = stale_ || status_.skipped > 0;
    load_ = {};
    base::log::info("journal: {} bindings were restored, {} were not (see stats: restore_*)",
                    status_.restored,
                    status_.skipped);
}

bool Journal::turn(BindingSource& source, base::MonotonicNs now) {
    // Before the queue is emptied: what was lost until here is in the registrar.
    stale_ = queue_.take_loss() || stale_;
    const bool worked = drain(now) > 0;
    if (wants_rewrite(source, now)) {
        rewrite(source, now);
    }
    if (unsynced_since_ns_ != 0 && now >= unsynced_since_ns_ + kJournalSyncNs) {
        sync(now);
    }
    return worked;
}

// Appends all that waits; returns how many changes there were.
std::size_t Journal::drain(base::MonotonicNs now) {
    std::size_t total = 0;
    std::size_t count = 0;
    do {
        count = queue_.take(kBatchRecordsMax, [this](std::span<const std::byte> body) {
            append_record(file_.salt(), body, batch_);
            if (file_.is_rewriting()) {
                append_record(file_.new_salt(), body, new_batch_);
            }
        });
        batch_records_ = count;
        write_batch(now);
        total += count;
    } while (count == kBatchRecordsMax);
    return total;
}

void Journal::write_batch(base::MonotonicNs now) {
    if (batch_records_ == 0) {
        return;
    }
    if (file_.is_rewriting()) {
        new_records_ += batch_records_;
        if (auto wrong = file_.append_rewrite(new_batch_)) {
            fail(std::move(*wrong), now);
        }
    }
    if (broken_) {
        status_.unwritten += batch_records_;
    } else if (auto wrong = file_.append(batch_)) {
        status_.unwritten += batch_records_;
        broken_ = true;
        fail(std::move(*wrong), now);
    } else {
        status_.appended += batch_records_;
        status_.records += batch_records_;
        unsynced_since_ns_ = unsynced_since_ns_ == 0 ? now : unsynced_since_ns_;
    }
    batch_records_ = 0;
    batch_.clear();
    new_batch_.clear();
}

bool Journal::wants_rewrite(BindingSource& source, base::MonotonicNs now) {
    if (now < next_rewrite_ns_) {
        return false;
    }
    if (stale_ || !fault_.empty()) {
        return true;
    }
    if (status_.records <= kJournalDeadRecordsMin || now < next_look_ns_) {
        return false;
    }
    next_look_ns_ = now + kLookNs;
    const auto numbers = source.numbers();
    const auto live = numbers ? numbers->in_use : status_.records;
    const auto dead = status_.records - std::min(live, status_.records);
    return dead > live + kJournalDeadRecordsMin;
}

void Journal::rewrite(BindingSource& source, base::MonotonicNs now) {
    next_rewrite_ns_ = now + kJournalRewriteNs;
    if (!file_.is_open()) {
        open();                           // never over a file that was not read
        status_.skipped = status_.loaded; // too late: phones may have registered since
        load_ = {};
    }
    if (!file_.is_open()) {
        return;
    }
    if (auto wrong = write_whole(source, now)) {
        file_.abandon_rewrite();
        fail(std::move(*wrong), now);
        return;
    }
    ++status_.rewrites;
    status_.records = new_records_;
    unsynced_since_ns_ = 0;
    stale_ = false;
    broken_ = false;
    recovered();
}

JournalFault Journal::write_whole(BindingSource& source, base::MonotonicNs now) {
    if (auto wrong = file_.begin_rewrite(base::RandomStream(base::seed_from_system()).next_u64())) {
        return wrong;
    }
    new_records_ = 0;
    std::uint32_t dn_cursor = 0;
    for (bool at_end = false; !at_end;) {
        const auto answer = source.read(dn_cursor, page_);
        if (!answer) {
            return fmt::format("cannot write a new {}: the core did not answer", file_.path());
        }
        at_end = *answer;
        for (std::size_t i = 0; i < page_.count(); ++i) {
            append_record(file_.new_salt(), page_.body(i), new_batch_);
        }
        new_records_ += page_.count();
        auto wrong = file_.append_rewrite(new_batch_);
        new_batch_.clear();
        if (wrong) {
            return wrong;
        }
        drain(now);
        if (!file_.is_rewriting()) {
            return fault_;
        }
    }
    return file_.commit_rewrite();
}

void Journal::sync(base::MonotonicNs now) {
    if (unsynced_since_ns_ == 0) {
        return;
    }
    unsynced_since_ns_ = 0;
    ++status_.syncs;
    if (auto wrong = file_.sync()) {
        broken_ = true; // what the disk has of the file is not known any more
        fail(std::move(*wrong), now);
    }
}

void Journal::sleep(bool worked, base::MonotonicNs now) {
    pollfd waited{.fd = queue_.poll_fd(), .events = POLLIN, .revents = 0};
    if (worked) {
        ::poll(&waited, 1, static_cast<int>(kJournalBatchNs / base::kNsPerMs));
        queue_.silence();
        return;
    }
    auto deadline = std::numeric_limits<base::MonotonicNs>::max();
    if (unsynced_since_ns_ != 0) {
        deadline = unsynced_since_ns_ + kJournalSyncNs;
    }
    if (stale_ || !fault_.empty()) {
        deadline = std::min(deadline, next_rewrite_ns_);
    }
    const bool for_ever = deadline == std::numeric_limits<base::MonotonicNs>::max();
    if (queue_.fall_asleep()) {
        ::poll(&waited, 1, for_ever ? kForeverMs : milliseconds_until(deadline, now));
        queue_.wake_up();
        queue_.silence();
    }
}

// Said at once, then at most once a second, since each attempt may fail again.
void Journal::fail(std::string fault, base::MonotonicNs now) {
    ++status_.faults;
    next_rewrite_ns_ = std::max(next_rewrite_ns_, now + kJournalRewriteNs);
    if (fault_line_.allow(now)) {
        base::log::error("journal: {}; bindings accepted from now on are lost at a restart", fault);
    }
    fault_ = std::move(fault);
}

void Journal::recovered() {
    if (!fault_.empty()) {
        base::log::info("journal: {} is written again", file_.path());
        fault_.clear();
    }
}

void Journal::show() {
    status_.fault = fault_;
    status_.bytes = file_.size_bytes();
    const std::lock_guard lock(mutex_);
    shown_ = status_;
    shown_unsynced_since_ns_ = unsynced_since_ns_;
}

JournalStatus Journal::status() const {
    JournalStatus status;
    {
        const std::lock_guard lock(mutex_);
        status = shown_;
        if (shown_unsynced_since_ns_ != 0) {
            status.unsynced_ms =
                (base::monotonic_now() - shown_unsynced_since_ns_) / base::kNsPerMs;
        }
    }
    status.waiting = queue_.waiting();
    status.lost = queue_.lost();
    return status;
}

} // namespace tandem::controlplane
