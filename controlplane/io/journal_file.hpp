// SPDX-License-Identifier: Apache-2.0
//
// The file "bindings.journal" in the state directory: taken by one process at a time, read once,
// appended to, and written anew beside itself (temporary file, rename, sync of the directory), so
// that at every moment the name leads to a whole journal. It knows bytes and records, not when they
// are written: that is journal.hpp. One thread at a time; every function may block on the disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "controlplane/io/journal_format.hpp"

namespace tandem::controlplane {

constexpr const char* kJournalName = "bindings.journal";
constexpr const char* kJournalNewName = "bindings.journal.new";
// A refused file is kept under this name and the first free number.
constexpr const char* kJournalAsideName = "bindings.journal.refused-";
constexpr int kJournalAsideMax = 99;

// A sentence with the path and what is wrong; nothing when all is well.
using JournalFault = std::optional<std::string>;

// What was found at the start. The bindings are views into `bytes`.
struct JournalLoad {
    std::vector<std::byte> bytes;
    JournalContent content;
    std::string refused; // why a file was moved aside, and where it is; "" when none was
};

class JournalFile {
  public:
    explicit JournalFile(std::string state_directory);
    ~JournalFile();
    JournalFile(const JournalFile&) = delete;
    JournalFile& operator=(const JournalFile&) = delete;

    // Makes the directory (mode 0700) when it is missing and takes it for this process. A directory
    // that others may write to is refused: bindings decide where calls go.
    [[nodiscard]] JournalFault lock();
    // Reads what is there, cuts a torn end off and opens it for append(). What is no journal of
    // this version is moved aside. Needs lock().
    [[nodiscard]] JournalFault load(JournalLoad& out);

    // Appends whole records, framed with salt(). After a fault the file is as it was before, as far
    // as the system allows.
    [[nodiscard]] JournalFault append(std::span<const std::byte> records);
    [[nodiscard]] JournalFault sync();

    // A new journal beside this one: begin, any number of appends framed with new_salt(), commit.
    // Until commit_rewrite() succeeds the old one stays. Needs lock().
    [[nodiscard]] JournalFault begin_rewrite(std::uint64_t salt);
    [[nodiscard]] JournalFault append_rewrite(std::span<const std::byte> records);
    [[nodiscard]] JournalFault commit_rewrite();
    void abandon_rewrite();

    [[nodiscard]] bool is_locked() const { return directory_ >= 0; }

    // After load() or commit_rewrite().
    [[nodiscard]] bool is_open() const { return current_.descriptor >= 0; }

    [[nodiscard]] bool is_rewriting() const { return fresh_.descriptor >= 0; }

    [[nodiscard]] std::uint64_t salt() const { return current_.salt; }

    [[nodiscard]] std::uint64_t new_salt() const { return fresh_.salt; }

    [[nodiscard]] std::uint64_t size_bytes() const { return current_.size_bytes; }

    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    struct Open {
        int descriptor = -1;
        std::uint64_t salt = 0;
        std::uint64_t size_bytes = 0;
    };

    [[nodiscard]] JournalFault fault(const char* what) const;
    [[nodiscard]] JournalFault check_directory() const;
    [[nodiscard]] JournalFault read_all(std::vector<std::byte>& out) const;
    [[nodiscard]] JournalFault move_aside(JournalLoad& load, const std::string& why) const;
    [[nodiscard]] JournalFault write_all(Open& file, std::span<const std::byte> bytes);
    [[nodiscard]] JournalFault start_anew();

    std::string state_directory_;
    std::string path_;
    int directory_ = -1; // locked
    Open current_;
    Open fresh_;
};

} // namespace tandem::controlplane
