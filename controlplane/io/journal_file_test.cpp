// SPDX-License-Identifier: Apache-2.0
//
// The file on a disk: who may have it, what becomes of torn, foreign and damaged files, what a
// death at each step of a rewrite leaves, and a disk that takes no more.
#include <csignal>
#include <filesystem>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controlplane/io/journal_file.hpp"
#include "controlplane/io/test_journal.hpp"

namespace tandem::controlplane {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;

JournalBytes record(std::uint64_t salt, const OwnedBinding& binding) {
    JournalBytes bytes;
    append_record(salt, body_of(binding.view()), bytes);
    return bytes;
}

class JournalFileTest : public testing::Test {
  protected:
    [[nodiscard]] std::string state() const { return directory_.file("state"); }

    [[nodiscard]] std::string path() const { return state() + "/" + kJournalName; }

    void put_file(std::span<const std::byte> bytes) {
        fs::create_directory(state());
        fs::permissions(state(), fs::perms::owner_all);
        write_file(path(), bytes);
    }

    // What a control plane that starts now finds in a state directory.
    static JournalContent found_in(const std::string& directory, JournalLoad& load) {
        JournalFile file(directory);
        EXPECT_EQ(file.lock(), std::nullopt);
        EXPECT_EQ(file.load(load), std::nullopt);
        return load.content;
    }

    // The same for a copy, as if the process had died here and now.
    std::vector<std::string> survivors() {
        const auto copy = directory_.file("copy" + std::to_string(++copies_));
        fs::copy(state(), copy);
        fs::permissions(copy, fs::perms::owner_all);
        JournalLoad load;
        found_in(copy, load);
        EXPECT_FALSE(fs::exists(copy + "/" + kJournalNewName));
        EXPECT_EQ(load.refused, "");
        return texts_of(load.content.bindings);
    }

    TemporaryDirectory directory_;

  private:
    int copies_ = 0;
};

TEST_F(JournalFileTest, MakesItsDirectoryForItsUserAlone) {
    const auto deep = directory_.file("a/b/state");
    JournalFile file(deep);
    JournalLoad load;
    EXPECT_EQ(file.lock(), std::nullopt);
    EXPECT_EQ(file.load(load), std::nullopt);
    EXPECT_EQ(load.content.head, JournalHead::Empty);
    struct stat status = {};
    ASSERT_EQ(::stat(deep.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0700U);
    ASSERT_EQ(::stat(file.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
    EXPECT_EQ(file_bytes(file.path()), header_bytes(file.salt()));
}

TEST_F(JournalFileTest, WhatIsAppendedIsThereNextTime) {
    {
        JournalFile file(state());
        JournalLoad load;
        ASSERT_EQ(file.lock(), std::nullopt);
        ASSERT_EQ(file.load(load), std::nullopt);
        EXPECT_EQ(file.append(record(file.salt(), OwnedBinding::of(0))), std::nullopt);
        EXPECT_EQ(file.append(record(file.salt(), OwnedBinding::of(1))), std::nullopt);
        EXPECT_EQ(file.sync(), std::nullopt);
        EXPECT_EQ(file.size_bytes(), fs::file_size(path()));
    }
    JournalFile file(state());
    JournalLoad load;
    ASSERT_EQ(file.lock(), std::nullopt);
    ASSERT_EQ(file.load(load), std::nullopt);
    EXPECT_EQ(texts_of(load.content.bindings),
              texts_of({OwnedBinding::of(0), OwnedBinding::of(1)}));
    EXPECT_EQ(file.append(record(file.salt(), OwnedBinding::of(2))), std::nullopt);
    EXPECT_EQ(survivors().size(), 3U);
}

TEST_F(JournalFileTest, ATornEndIsCutOffAtEveryLength) {
    const auto whole = journal_bytes({OwnedBinding::of(0), OwnedBinding::of(1)});
    const auto one = journal_bytes({OwnedBinding::of(0)}).size();
    for (std::size_t length = one; length < whole.size(); ++length) {
        put_file(std::span(whole).first(length));
        JournalFile file(state());
        JournalLoad load;
        ASSERT_EQ(file.lock(), std::nullopt);
        ASSERT_EQ(file.load(load), std::nullopt);
        EXPECT_EQ(load.content.torn_bytes, length - one);
        EXPECT_EQ(fs::file_size(path()), one);
        ASSERT_EQ(file.append(record(file.salt(), OwnedBinding::of(2))), std::nullopt);
        JournalLoad again;
        again.content = read_journal(again.bytes = file_bytes(path()));
        EXPECT_EQ(texts_of(again.content.bindings),
                  texts_of({OwnedBinding::of(0), OwnedBinding::of(2)}));
        EXPECT_EQ(again.content.corrupt, 0U);
    }
}

TEST_F(JournalFileTest, AnEmptyFileIsANewOne) {
    put_file({});
    JournalLoad load;
    found_in(state(), load);
    EXPECT_EQ(load.refused, "");
    EXPECT_EQ(fs::file_size(path()), kJournalHeaderBytes);
}

TEST_F(JournalFileTest, WhatIsNoJournalOfThisVersionIsKeptAside) {
    auto newer = journal_bytes({OwnedBinding::of(0)});
    newer[8] = std::byte{2};
    auto damaged = journal_bytes({OwnedBinding::of(0)});
    damaged[20] ^= std::byte{1};
    const auto text = std::as_bytes(std::span("a text of somebody", 18));
    const std::vector<JournalBytes> files = {newer, damaged, {text.begin(), text.end()}};
    for (std::size_t i = 0; i < files.size(); ++i) {
        put_file(files[i]);
        JournalLoad load;
        found_in(state(), load);
        const auto aside = kJournalAsideName + std::to_string(i + 1);
        EXPECT_THAT(load.refused, EndsWith("; it is kept as " + aside));
        EXPECT_EQ(file_bytes(state() + "/" + aside), files[i]); // earlier ones are kept as well
        EXPECT_EQ(fs::file_size(path()), kJournalHeaderBytes);
    }
}

TEST_F(JournalFileTest, ARefusedFileIsNeverWrittenOver) {
    const JournalBytes foreign(100, std::byte{'x'});
    put_file(foreign);
    for (int i = 1; i <= kJournalAsideMax; ++i) {
        write_file(state() + "/" + kJournalAsideName + std::to_string(i), {});
    }
    JournalFile file(state());
    JournalLoad load;
    ASSERT_EQ(file.lock(), std::nullopt);
    const auto wrong = file.load(load);
    ASSERT_TRUE(wrong);
    EXPECT_THAT(*wrong, HasSubstr("cannot be moved aside"));
    EXPECT_FALSE(file.is_open());
    EXPECT_EQ(file_bytes(path()), foreign);
}

TEST_F(JournalFileTest, OneProcessHasItAtATime) {
    JournalFile first(state());
    ASSERT_EQ(first.lock(), std::nullopt);
    EXPECT_EQ(first.lock(), std::nullopt);
    {
        JournalFile second(state());
        const auto wrong = second.lock();
        ASSERT_TRUE(wrong);
        EXPECT_THAT(*wrong, HasSubstr("is in use by another process"));
    }
}

TEST_F(JournalFileTest, ADirectoryOthersMayWriteToIsRefused) {
    fs::create_directory(state());
    for (const auto mode : {0770U, 0707U, 0777U}) {
        ASSERT_EQ(::chmod(state().c_str(), mode), 0);
        JournalFile file(state());
        const auto wrong = file.lock();
        ASSERT_TRUE(wrong) << mode;
        EXPECT_THAT(*wrong, HasSubstr("writable for nobody else"));
    }
    ASSERT_EQ(::chmod(state().c_str(), 0755), 0);
    EXPECT_EQ(JournalFile(state()).lock(), std::nullopt);
}

TEST_F(JournalFileTest, ADirectoryOfAnotherUserIsRefused) {
    if (::geteuid() != 0) {
        EXPECT_TRUE(JournalFile("/").lock()); // root's
        return;
    }
    fs::create_directory(state());
    ASSERT_EQ(::chown(state().c_str(), 1, 1), 0);
    EXPECT_TRUE(JournalFile(state()).lock());
}

TEST_F(JournalFileTest, APlaceThatCannotBeIsSaid) {
    write_file(directory_.file("a-file"), {});
    for (const auto* place : {"a-file", "a-file/state"}) {
        const auto wrong = JournalFile(directory_.file(place)).lock();
        ASSERT_TRUE(wrong) << place;
        EXPECT_THAT(*wrong, HasSubstr(place));
    }
    fs::create_directories(path());
    fs::permissions(state(), fs::perms::owner_all);
    JournalFile file(state());
    ASSERT_EQ(file.lock(), std::nullopt);
    JournalLoad load;
    EXPECT_TRUE(file.load(load));
    EXPECT_FALSE(file.is_open());
}

TEST_F(JournalFileTest, ASymbolicLinkIsNotFollowed) {
    const auto target = directory_.file("target");
    write_file(target, journal_bytes({OwnedBinding::of(0)}));
    fs::create_directory(state());
    fs::permissions(state(), fs::perms::owner_all);
    fs::create_symlink(target, path());
    JournalFile file(state());
    ASSERT_EQ(file.lock(), std::nullopt);
    JournalLoad load;
    EXPECT_TRUE(file.load(load));
}

TEST_F(JournalFileTest, ADeathAtAnyStepOfARewriteLeavesAWholeJournal) {
    put_file(journal_bytes({OwnedBinding::of(0), OwnedBinding::of(1)}));
    const auto before = texts_of({OwnedBinding::of(0), OwnedBinding::of(1)});
    JournalFile file(state());
    JournalLoad load;
    ASSERT_EQ(file.lock(), std::nullopt);
    ASSERT_EQ(file.load(load), std::nullopt);

    ASSERT_EQ(file.begin_rewrite(5), std::nullopt);
    EXPECT_EQ(survivors(), before);
    const auto bytes = record(5, OwnedBinding::of(7));
    for (const auto byte : bytes) {
        ASSERT_EQ(file.append_rewrite({&byte, 1}), std::nullopt);
        ASSERT_EQ(survivors(), before);
    }
    // What comes meanwhile is in both.
    ASSERT_EQ(file.append(record(file.salt(), OwnedBinding::of(8))), std::nullopt);
    ASSERT_EQ(file.append_rewrite(record(5, OwnedBinding::of(8))), std::nullopt);
    EXPECT_EQ(survivors().size(), 3U);
    ASSERT_EQ(file.commit_rewrite(), std::nullopt);
    const auto after = texts_of({OwnedBinding::of(7), OwnedBinding::of(8)});
    EXPECT_EQ(survivors(), after);
    EXPECT_FALSE(file.is_rewriting());
    EXPECT_EQ(file.salt(), 5U);
    EXPECT_EQ(file.size_bytes(), fs::file_size(path()));
    ASSERT_EQ(file.append(record(5, OwnedBinding::of(9))), std::nullopt);
    EXPECT_EQ(survivors().size(), 3U);
}

TEST_F(JournalFileTest, AnAbandonedRewriteLeavesNothing) {
    put_file(journal_bytes({OwnedBinding::of(0)}));
    JournalFile file(state());
    JournalLoad load;
    ASSERT_EQ(file.lock(), std::nullopt);
    ASSERT_EQ(file.load(load), std::nullopt);
    ASSERT_EQ(file.begin_rewrite(5), std::nullopt);
    file.abandon_rewrite();
    EXPECT_FALSE(fs::exists(state() + "/" + kJournalNewName));
    EXPECT_EQ(survivors().size(), 1U);
    ASSERT_EQ(file.append(record(file.salt(), OwnedBinding::of(1))), std::nullopt);
    EXPECT_EQ(survivors().size(), 2U);
}

// Files of this process end at a length, as on a full disk.
class FullDisk {
  public:
    explicit FullDisk(std::size_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        before_action_ = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
        EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    }

    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, before_action_);
    }

    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

  private:
    rlimit before_{};
    void (*before_action_)(int) = SIG_DFL;
};

TEST_F(JournalFileTest, ADiskThatTakesHalfARecordLeavesNoneOfIt) {
    put_file(journal_bytes({OwnedBinding::of(0)}));
    JournalFile file(state());
    JournalLoad load;
    ASSERT_EQ(file.lock(), std::nullopt);
    ASSERT_EQ(file.load(load), std::nullopt);
    const auto bytes = record(file.salt(), OwnedBinding::of(1));
    const auto size = file.size_bytes();
    for (std::size_t room = 0; room < bytes.size(); room += 5) {
        const FullDisk full(size + room);
        const auto wrong = file.append(bytes);
        ASSERT_TRUE(wrong) << room;
        EXPECT_THAT(*wrong, HasSubstr("cannot write " + path()));
        EXPECT_EQ(file.size_bytes(), size);
        EXPECT_EQ(fs::file_size(path()), size);
    }
    EXPECT_EQ(file.append(bytes), std::nullopt);
    EXPECT_EQ(survivors().size(), 2U);
}

TEST_F(JournalFileTest, ARewriteThatTheDiskDoesNotTakeKeepsTheOldFile) {
    put_file(journal_bytes({OwnedBinding::of(0)}));
    JournalFile file(state());
    JournalLoad load;
    ASSERT_EQ(file.lock(), std::nullopt);
    ASSERT_EQ(file.load(load), std::nullopt);
    {
        const FullDisk full(kJournalHeaderBytes - 1);
        EXPECT_TRUE(file.begin_rewrite(5));
        EXPECT_FALSE(file.is_rewriting());
    }
    ASSERT_EQ(file.begin_rewrite(5), std::nullopt);
    {
        const FullDisk full(kJournalHeaderBytes + 10);
        EXPECT_TRUE(file.append_rewrite(record(5, OwnedBinding::of(1))));
        EXPECT_FALSE(file.is_rewriting());
    }
    EXPECT_EQ(survivors(), texts_of({OwnedBinding::of(0)}));
}

} // namespace
} // namespace tandem::controlplane
