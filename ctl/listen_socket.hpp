// SPDX-License-Identifier: Apache-2.0
//
// The listening Unix socket and the file of commands beside it: who may take the place of whom in a
// run directory. Called by Server::start and its destructor on the main thread.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

#include "base/result.hpp"

namespace tandem::ctl {

// Owns one descriptor.
class Descriptor {
  public:
    Descriptor() = default;

    explicit Descriptor(int number) : number_(number) {}

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();

    [[nodiscard]] int number() const { return number_; }

    [[nodiscard]] bool is_open() const { return number_ >= 0; }

  private:
    int number_ = -1;
};

struct ListenSocket {
    Descriptor descriptor; // non-blocking, close-on-exec, listening
    dev_t device = 0;      // with the inode: the file that this socket made
    ino_t inode = 0;
};

// Makes the directory with mode 0755, parents too. The error is one line.
[[nodiscard]] std::optional<std::string> make_directory(const std::string& path);

// Listens on `path` with mode 0660. A socket file on which nobody accepts is replaced; one that
// answers, and anything that is not a socket, is left alone and is an error of one line. The run
// directory is locked meanwhile, so that of two starters one wins.
[[nodiscard]] base::Result<ListenSocket, std::string> listen_on(const std::string& directory,
                                                                const std::string& path);

// Removes the file unless somebody else has put another one in its place.
void remove_socket(const ListenSocket& socket, const std::string& path);

// Replaces the file as a whole: a reader sees the old or the new text. The error is one line.
[[nodiscard]] std::optional<std::string> write_file(const std::string& path,
                                                    const std::string& text);

} // namespace tandem::ctl
