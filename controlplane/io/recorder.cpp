// SPDX-License-Identifier: Apache-2.0
//
// Fields into records, records into a buffer, the buffer into a file.
#include "controlplane/io/recorder.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "base/log.hpp"
#include "base/time.hpp"

namespace tandem::controlplane {

using recording::EndReason;
using recording::RecordType;

namespace {

// Everything is written after so many steps, and not before as much was written as everything takes
// itself: at most half of a recording is repetition.
constexpr std::uint32_t kStepsBetweenObjects = 256;
// Of each of the two buffers, ready before the first step: what a busy second needs.
constexpr std::size_t kReadyBytes = std::size_t{16} << 20U;
// Kept back for what ends the recording.
constexpr std::size_t kEndBytes = recording::kRecordHeadBytes + 1;

std::string system_sentence(std::string_view what, const std::string& path) {
    return fmt::format(
        "cannot {} {}: {}", what, path, std::error_code(errno, std::generic_category()).message());
}

// One for each start of a process, in the order of their starts.
std::string file_name(const recording::Start& start) {
    return fmt::format(
        "{}-{}-{}.recording", start.node, base::wall_now() / base::kNsPerMs, ::getpid());
}

} // namespace

base::Result<std::unique_ptr<Recorder>, std::string>
Recorder::start(const std::string& directory, const recording::Start& start) {
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
        return base::Error{system_sentence("make directory", directory)};
    }
    const auto path = directory + "/" + file_name(start);
    const int descriptor =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) {
        return base::Error{system_sentence("make", path)};
    }
    base::log::warning("recording every input to {}", path);
    return std::make_unique<Recorder>(descriptor, start, Limits());
}

Recorder::Recorder(int descriptor, const recording::Start& start, Limits limits)
    : descriptor_(descriptor), limits_(limits) {
    record_ = recording::kFormatLine;
    recording::put_record(record_, RecordType::Start, recording::start_payload(start));
    // At once: whatever becomes of the process, its recording has a beginning.
    if (!write_all(record_)) {
        ended_ = EndReason::FellBehind;
    }
    file_bytes_ = record_.size();
    waiting_.resize(std::min(kReadyBytes, limits_.buffer_bytes));
    waiting_.clear();
    writer_ = std::thread([this] { write_file(); });
}

Recorder::~Recorder() {
    {
        const std::lock_guard lock(mutex_);
        is_last_ = true;
    }
    news_.notify_one();
    writer_.join();
    ::close(descriptor_);
}

Effects& Recorder::between(Effects& next) {
    return between_.emplace(effects_, &next);
}

void Recorder::step(Core& core, const Input& input, const Now& now, base::StageWatcher* watcher) {
    if (ended_) {
        effects_.clear();
        core.step(input, now, watcher);
        return;
    }
    input_.clear();
    effects_.clear();
    objects_.clear();
    recording::write_input(input_, input); // before the step: its views are good until then
    core.step(input, now, watcher);
    core.write_changed_objects(objects_);
    payload_.clear();
    recording::put_step(payload_,
                        {.now = now,
                         .input = input_.bytes(),
                         .effects = effects_.bytes(),
                         .objects = objects_.bytes()});
    put(RecordType::Step, payload_);
    since_objects_bytes_ += payload_.size();
    if (++since_objects_steps_ >= kStepsBetweenObjects && since_objects_bytes_ >= objects_bytes_) {
        put_objects(core);
    }
}

void Recorder::close(const Core& core) {
    put_objects(core);
    end(EndReason::Closed);
}

void Recorder::put_objects(const Core& core) {
    objects_.clear();
    core.write_core(objects_);
    core.write_objects(objects_);
    put(RecordType::Objects, objects_.bytes());
    objects_bytes_ = objects_.bytes().size();
    since_objects_bytes_ = 0;
    since_objects_steps_ = 0;
}

void Recorder::put(RecordType type, const std::string& payload) {
    if (ended_) {
        return;
    }
    record_.clear();
    recording::put_record(record_, type, payload);
    if (file_bytes_ + record_.size() + kEndBytes > limits_.file_bytes) {
        return end(EndReason::Full);
    }
    hand_over(record_);
}

void Recorder::end(EndReason reason) {
    if (ended_) {
        return;
    }
    ended_ = reason;
    record_.clear();
    recording::put_record(record_, RecordType::End, recording::end_payload(reason));
    hand_over(record_);
}

// The lock is held for a copy here and for an exchange of two strings there.
void Recorder::hand_over(const std::string& record) {
    bool was_empty = false;
    {
        const std::lock_guard lock(mutex_);
        if (!ended_ && waiting_.size() + record.size() + kEndBytes > limits_.buffer_bytes) {
            ended_ = EndReason::FellBehind;
            recording::put_record(
                waiting_, RecordType::End, recording::end_payload(EndReason::FellBehind));
            return;
        }
        was_empty = waiting_.empty();
        waiting_ += record;
    }
    file_bytes_ += record.size();
    if (was_empty) {
        news_.notify_one();
    }
}

void Recorder::write_file() {
    std::string bytes(std::min(kReadyBytes, limits_.buffer_bytes), '\0');
    bool can_write = true;
    while (true) {
        bytes.clear();
        bool is_last = false;
        {
            std::unique_lock lock(mutex_);
            news_.wait(lock, [this] { return !waiting_.empty() || is_last_; });
            bytes.swap(waiting_);
            is_last = is_last_;
        }
        can_write = can_write && write_all(bytes);
        if (is_last) {
            return;
        }
    }
}

// What cannot be written is lost, and the file then ends without an end.
bool Recorder::write_all(const std::string& bytes) {
    std::size_t written = 0;
    while (written < bytes.size()) {
        const auto count = ::write(descriptor_, bytes.data() + written, bytes.size() - written);
        if (count < 0 && errno != EINTR) {
            base::log::error("{}", system_sentence("write", "the recording"));
            return false;
        }
        written += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    return true;
}

} // namespace tandem::controlplane
