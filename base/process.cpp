// SPDX-License-Identifier: Apache-2.0
//
// Reads what the kernel knows of this process, and watches other processes by descriptor, which
// (unlike a process id) never comes to mean another one.
#include "base/process.hpp"

#include <cerrno>
#include <charconv>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <string_view>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/time.hpp"

namespace tandem::base {

namespace {

std::uint64_t to_ns(const timeval& time) noexcept {
    return static_cast<std::uint64_t>(time.tv_sec) * kNsPerS +
           static_cast<std::uint64_t>(time.tv_usec) * kNsPerUs;
}

// The second number of /proc/self/statm: resident pages.
std::uint64_t resident_pages() noexcept {
    const int fd = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    char buffer[128];
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    ::close(fd);
    std::string_view text(buffer, got > 0 ? static_cast<std::size_t>(got) : 0);
    const auto space = text.find(' ');
    if (space == std::string_view::npos) {
        return 0;
    }
    text.remove_prefix(space + 1);
    std::uint64_t pages = 0;
    std::from_chars(text.data(), text.data() + text.size(), pages);
    return pages;
}

} // namespace

ProcessUsage process_usage() noexcept {
    ProcessUsage usage;
    usage.resident_bytes = resident_pages() * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    rusage self{};
    if (::getrusage(RUSAGE_SELF, &self) == 0) {
        usage.resident_peak_bytes = static_cast<std::uint64_t>(self.ru_maxrss) * 1024;
        usage.user_cpu_ns = to_ns(self.ru_utime);
        usage.system_cpu_ns = to_ns(self.ru_stime);
    }
    return usage;
}

std::uint64_t thread_cpu_ns() noexcept {
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<std::uint64_t>(used.tv_sec) * kNsPerS +
           static_cast<std::uint64_t>(used.tv_nsec);
}

Result<int, int> open_pidfd(pid_t pid) noexcept {
    const long fd = ::syscall(SYS_pidfd_open, pid, 0);
    if (fd < 0) {
        return Error{errno};
    }
    return static_cast<int>(fd);
}

bool has_ended(int pidfd) noexcept {
    pollfd wanted{.fd = pidfd, .events = POLLIN, .revents = 0};
    return ::poll(&wanted, 1, 0) > 0;
}

} // namespace tandem::base
