// SPDX-License-Identifier: Apache-2.0
//
// The system calls around the journal. Names are taken relative to the locked directory, so a
// directory that is moved meanwhile stays ours.
#include "controlplane/io/journal_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "base/random.hpp"

namespace tandem::controlplane {

namespace {

constexpr mode_t kDirectoryMode = 0700;
constexpr mode_t kParentMode = 0755;
constexpr mode_t kFileMode = 0600;
// More than the largest pool of registrations can leave between two rewrites.
constexpr off_t kFileBytesMax = off_t{4} << 30;

std::uint64_t random_salt() {
    return base::RandomStream(base::seed_from_system()).next_u64();
}

void close_if_open(int& descriptor) {
    if (const int number = std::exchange(descriptor, -1); number >= 0) {
        ::close(number);
    }
}

// Every missing part of the path; false with errno when one cannot be made.
bool make_directories(const std::string& path) {
    for (auto end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
        if (::mkdir(path.substr(0, end).c_str(), kParentMode) != 0 && errno != EEXIST) {
            return false;
        }
    }
    return ::mkdir(path.c_str(), kDirectoryMode) == 0 || errno == EEXIST;
}

} // namespace

JournalFile::JournalFile(std::string state_directory)
    : state_directory_(std::move(state_directory)), path_(state_directory_ + "/" + kJournalName) {}

JournalFile::~JournalFile() {
    abandon_rewrite();
    close_if_open(current_.descriptor);
    close_if_open(directory_); // gives the lock back
}

JournalFault JournalFile::fault(const char* what) const {
    return fmt::format("cannot {} {}: {}", what, path_, std::generic_category().message(errno));
}

JournalFault JournalFile::check_directory() const {
    struct stat status = {};
    if (::fstat(directory_, &status) != 0) {
        return fault("look at the directory of");
    }
    if (status.st_uid != ::geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return fmt::format("{} must belong to the user of this process and be writable for nobody "
                           "else",
                           state_directory_);
    }
    if (::flock(directory_, LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK
                   ? fmt::format("{} is in use by another process", state_directory_)
                   : fault("lock the directory of");
    }
    return std::nullopt;
}

JournalFault JournalFile::lock() {
    if (is_locked()) {
        return std::nullopt;
    }
    if (!make_directories(state_directory_)) {
        return fault("make the directory of");
    }
    directory_ = ::open(state_directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory_ < 0) {
        return fault("open the directory of");
    }
    if (auto wrong = check_directory()) {
        close_if_open(directory_);
        return wrong;
    }
    // Left by a process that died while it wrote a new one.
    ::unlinkat(directory_, kJournalNewName, 0);
    return std::nullopt;
}

JournalFault JournalFile::read_all(std::vector<std::byte>& out) const {
    struct stat status = {};
    if (::fstat(current_.descriptor, &status) != 0) {
        return fault("read");
    }
    out.resize(static_cast<std::size_t>(std::min(status.st_size, kFileBytesMax)));
    std::size_t done = 0;
    while (done < out.size()) {
        const auto count = ::pread(
            current_.descriptor, out.data() + done, out.size() - done, static_cast<off_t>(done));
        if (count < 0 && errno != EINTR) {
            return fault("read");
        }
        if (count == 0) {
            break;
        }
        done += static_cast<std::size_t>(std::max(count, ssize_t{0}));
    }
    out.resize(done);
    return std::nullopt;
}

JournalFault JournalFile::move_aside(JournalLoad& load, const std::string& why) const {
    for (int number = 1; number <= kJournalAsideMax; ++number) {
        const auto name = kJournalAsideName + std::to_string(number);
        if (::renameat2(directory_, kJournalName, directory_, name.c_str(), RENAME_NOREPLACE) ==
            0) {
            load.refused = fmt::format("{} {}; it is kept as {}", path_, why, name);
            return std::nullopt;
        }
        if (errno != EEXIST) {
            return fault("move aside");
        }
    }
    return fmt::format(
        "{} {} and cannot be moved aside: {} such files are kept", path_, why, kJournalAsideMax);
}

JournalFault JournalFile::start_anew() {
    if (auto wrong = begin_rewrite(random_salt())) {
        return wrong;
    }
    return commit_rewrite();
}

JournalFault JournalFile::load(JournalLoad& out) {
    current_.descriptor =
        ::openat(directory_, kJournalName, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (current_.descriptor < 0) {
        return errno == ENOENT ? start_anew() : fault("open");
    }
    if (auto wrong = read_all(out.bytes)) {
        close_if_open(current_.descriptor);
        return wrong;
    }
    out.content = read_journal(out.bytes);
    if (out.content.head == JournalHead::Good) {
        current_.salt = out.content.salt;
        current_.size_bytes = out.content.whole_bytes;
        if (out.content.torn_bytes > 0 &&
            ::ftruncate(current_.descriptor, static_cast<off_t>(out.content.whole_bytes)) != 0) {
            return fault("cut the torn end off");
        }
        return std::nullopt;
    }
    close_if_open(current_.descriptor);
    if (out.content.head != JournalHead::Empty) {
        if (auto wrong = move_aside(out, sentence(out.content))) {
            return wrong;
        }
    }
    return start_anew();
}

JournalFault JournalFile::write_all(Open& file, std::span<const std::byte> bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto count = ::pwrite(file.descriptor,
                                    bytes.data() + done,
                                    bytes.size() - done,
                                    static_cast<off_t>(file.size_bytes + done));
        if (count < 0 && errno != EINTR) {
            return fault("write");
        }
        done += static_cast<std::size_t>(std::max(count, ssize_t{0}));
    }
    file.size_bytes += bytes.size();
    return std::nullopt;
}

JournalFault JournalFile::append(std::span<const std::byte> records) {
    if (!is_open()) {
        return fmt::format("{} is not open", path_);
    }
    auto wrong = write_all(current_, records);
    if (wrong && ::ftruncate(current_.descriptor, static_cast<off_t>(current_.size_bytes)) != 0) {
        *wrong += ", and part of a record stays at its end";
    }
    return wrong;
}

JournalFault JournalFile::sync() {
    return !is_open() || ::fdatasync(current_.descriptor) == 0 ? std::nullopt : fault("sync");
}

JournalFault JournalFile::begin_rewrite(std::uint64_t salt) {
    abandon_rewrite();
    const int descriptor = ::openat(directory_,
                                    kJournalNewName,
                                    O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                                    kFileMode);
    if (descriptor < 0) {
        return fault("write a new");
    }
    fresh_ = {.descriptor = descriptor, .salt = salt, .size_bytes = 0};
    std::array<std::byte, kJournalHeaderBytes> header;
    write_journal_header(salt, header);
    return append_rewrite(header);
}

JournalFault JournalFile::append_rewrite(std::span<const std::byte> records) {
    auto wrong = write_all(fresh_, records);
    if (wrong) {
        abandon_rewrite();
    }
    return wrong;
}

JournalFault JournalFile::commit_rewrite() {
    // The bytes before the name: a name that leads to an empty file after a loss of power would
    // forget every phone.
    if (::fdatasync(fresh_.descriptor) != 0 ||
        ::renameat(directory_, kJournalNewName, directory_, kJournalName) != 0) {
        auto wrong = fault("write a new");
        abandon_rewrite();
        return wrong;
    }
    close_if_open(current_.descriptor);
    current_ = std::exchange(fresh_, {});
    return ::fsync(directory_) == 0 ? std::nullopt : fault("sync the directory of");
}

void JournalFile::abandon_rewrite() {
    if (is_rewriting()) {
        close_if_open(fresh_.descriptor);
        ::unlinkat(directory_, kJournalNewName, 0);
    }
}

} // namespace tandem::controlplane
