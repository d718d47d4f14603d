// SPDX-License-Identifier: Apache-2.0
//
// open, fstat, read; see config/file_text.hpp. It opens without blocking, so that a pipe in place
// of a file is refused and not waited for. Called by the loader, on the main thread.
#include "config/file_text.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "config/load_file.hpp"

namespace tandem::config {

namespace {

using Text = base::Result<std::string, std::string>;

Text refused(std::string why) {
    return base::Error{std::move(why)};
}

Text refused_by_system(std::string_view action) {
    return refused(fmt::format(
        "cannot {}: {}", action, std::error_code(errno, std::generic_category()).message()));
}

Text read_descriptor(int descriptor) {
    constexpr std::size_t kBlockBytes = 1 << 16;

    struct stat status {};

    if (::fstat(descriptor, &status) != 0) {
        return refused_by_system("examine the file");
    }
    if (S_ISDIR(status.st_mode)) {
        return refused("is a directory; a configuration file is needed");
    }
    if (!S_ISREG(status.st_mode)) {
        return refused("is no regular file; a configuration file is needed");
    }
    if (static_cast<std::uint64_t>(status.st_size) > kFileBytesMax) {
        return refused(fmt::format("is larger than {} bytes", kFileBytesMax));
    }
    std::string text;
    std::array<char, kBlockBytes> block{};
    for (;;) {
        const ssize_t count = ::read(descriptor, block.data(), block.size());
        if (count == 0) {
            return text;
        }
        if (count < 0 && errno != EINTR) {
            return refused_by_system("read the file");
        }
        if (count > 0) {
            text.append(block.data(), static_cast<std::size_t>(count));
        }
        if (text.size() > kFileBytesMax) { // it grew meanwhile
            return refused(fmt::format("is larger than {} bytes", kFileBytesMax));
        }
    }
}

} // namespace

Text read_file_text(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) {
        return refused_by_system("open the file");
    }
    Text text = read_descriptor(descriptor);
    ::close(descriptor);
    return text;
}

} // namespace tandem::config
