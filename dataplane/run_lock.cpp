// SPDX-License-Identifier: Apache-2.0
//
// The lock and the epoch file of a run directory. Cold thread, at start.
#include "dataplane/run_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace tandem::dataplane {

namespace {

std::string reason(int error) {
    return std::generic_category().message(error);
}

} // namespace

base::Result<RunLock, std::string> RunLock::take(const std::string& run_directory) {
    std::error_code error;
    std::filesystem::create_directories(run_directory, error);
    if (error) {
        return base::Error{
            fmt::format("cannot make the run directory {}: {}", run_directory, error.message())};
    }
    const std::string path = run_directory + "/dataplane.lock";
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) {
        return base::Error{fmt::format("cannot open {}: {}", path, reason(errno))};
    }
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        const int why = errno;
        ::close(fd);
        if (why == EWOULDBLOCK) {
            return base::Error{
                fmt::format("another dataplane runs on the run directory {}", run_directory)};
        }
        return base::Error{fmt::format("cannot lock {}: {}", path, reason(why))};
    }
    return RunLock(fd);
}

RunLock::RunLock(RunLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

RunLock::~RunLock() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

base::Result<std::uint32_t, std::string> next_epoch(const std::string& run_directory,
                                                    base::WallNs now) {
    const std::string path = run_directory + "/dataplane.epoch";
    const std::string fresh = path + ".new";
    std::uint32_t last = 0;
    std::ifstream(path) >> last;
    const auto seconds = static_cast<std::uint32_t>(now / base::kNsPerS);
    const std::uint32_t epoch = seconds > last ? seconds : last + 1;
    std::ofstream file(fresh, std::ios::trunc);
    file << epoch << '\n';
    file.close();
    std::error_code error;
    if (file) {
        std::filesystem::rename(fresh, path, error);
    }
    if (!file || error) {
        return base::Error{fmt::format("cannot write {}", path)};
    }
    return epoch;
}

} // namespace tandem::dataplane
