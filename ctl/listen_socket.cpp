// SPDX-License-Identifier: Apache-2.0
//
// Sockets and files of the run directory, with plain system calls.
#include "ctl/listen_socket.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace tandem::ctl {

namespace {

constexpr int kBacklog = 64;

std::string error_text(const std::string& path, int error) {
    return path + ": " + std::generic_category().message(error);
}

base::Error<std::string> error_of(const std::string& path) {
    return {error_text(path, errno)};
}

std::optional<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        return std::nullopt;
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

Descriptor stream_socket() {
    return Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

const sockaddr* generic(const sockaddr_un& address) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the socket interface wants it.
    return reinterpret_cast<const sockaddr*>(&address);
}

// Removes what a dead process left behind; the error says why the place cannot be taken.
std::optional<std::string> clear_place(const std::string& path, const sockaddr_un& address) {
    struct stat status = {};
    if (::lstat(path.c_str(), &status) != 0) {
        return errno == ENOENT ? std::nullopt : std::optional(error_text(path, errno));
    }
    if (!S_ISSOCK(status.st_mode)) {
        return path + " is in the way: it is not a socket";
    }
    const auto probe = stream_socket();
    if (!probe.is_open()) {
        return error_text(path, errno);
    }
    // EAGAIN is a full backlog: somebody listens there.
    if (::connect(probe.number(), generic(address), sizeof address) == 0 || errno == EAGAIN) {
        return "another process answers on " + path;
    }
    if (errno != ECONNREFUSED) {
        return error_text(path, errno);
    }
    if (::unlink(path.c_str()) != 0) {
        return error_text(path, errno);
    }
    return std::nullopt;
}

} // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

Descriptor::~Descriptor() {
    if (is_open()) {
        ::close(number_);
    }
}

std::optional<std::string> make_directory(const std::string& path) {
    std::error_code error;
    const bool made = std::filesystem::create_directories(path, error);
    if (error) {
        return path + ": " + error.message();
    }
    // Whatever the umask is: operators of the group must reach the socket in it.
    if (made && ::chmod(path.c_str(), 0755) != 0) {
        return error_text(path, errno);
    }
    return std::nullopt;
}

base::Result<ListenSocket, std::string> listen_on(const std::string& directory,
                                                  const std::string& path) {
    const auto address = address_of(path);
    if (!address) {
        return base::Error{path + ": the path of a socket has at most " +
                           std::to_string(sizeof sockaddr_un::sun_path - 1) + " bytes"};
    }
    const Descriptor lock(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!lock.is_open() || ::flock(lock.number(), LOCK_EX) != 0) {
        return error_of(directory);
    }
    if (auto fault = clear_place(path, *address)) {
        return base::Error{std::move(*fault)};
    }
    ListenSocket socket;
    socket.descriptor = stream_socket();
    const int number = socket.descriptor.number();
    // The mode of the descriptor is the mode that bind gives the file, less the umask: at no moment
    // is the file open to others.
    if (!socket.descriptor.is_open() || ::fchmod(number, 0660) != 0 ||
        ::bind(number, generic(*address), sizeof *address) != 0) {
        return error_of(path);
    }
    struct stat status = {};
    if (::chmod(path.c_str(), 0660) != 0 || ::listen(number, kBacklog) != 0 ||
        ::lstat(path.c_str(), &status) != 0) {
        return error_of(path);
    }
    socket.device = status.st_dev;
    socket.inode = status.st_ino;
    return socket;
}

void remove_socket(const ListenSocket& socket, const std::string& path) {
    struct stat status = {};
    if (::lstat(path.c_str(), &status) == 0 && status.st_dev == socket.device &&
        status.st_ino == socket.inode) {
        ::unlink(path.c_str());
    }
}

std::optional<std::string> write_file(const std::string& path, const std::string& text) {
    const std::string fresh = path + ".new";
    {
        const Descriptor file(
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
        if (!file.is_open()) {
            return error_text(fresh, errno);
        }
        std::size_t written = 0;
        while (written < text.size()) {
            const ssize_t count =
                ::write(file.number(), text.data() + written, text.size() - written);
            if (count < 0) {
                return error_text(fresh, errno);
            }
            written += static_cast<std::size_t>(count);
        }
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0) {
        return error_text(path, errno);
    }
    return std::nullopt;
}

} // namespace tandem::ctl
