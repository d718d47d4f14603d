// SPDX-License-Identifier: Apache-2.0
//
// When the journal is written: batches, losses, damage, dead records, disks that take nothing, and
// the end of the process. The registrar is a list.
#include <filesystem>
#include <sys/stat.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controlplane/io/test_journal.hpp"

namespace tandem::controlplane {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class JournalTest : public testing::Test {
  protected:
    void SetUp() override { open(); }

    void open() { journal_.emplace(state()); }

    void start() { journal_->start(source_); }

    void close() { journal_.reset(); }

    void push(const OwnedBinding& binding) {
        journal_->queue().push(binding.view());
        journal_->queue().publish();
    }

    [[nodiscard]] bool wait_for(const std::function<bool(const JournalStatus&)>& condition) const {
        return wait_until([&] { return condition(journal_->status()); });
    }

    [[nodiscard]] bool wait_written(std::uint64_t appended) const {
        return wait_for([=](const auto& status) { return status.appended == appended; });
    }

    [[nodiscard]] std::string state() const { return directory_.file("state"); }

    [[nodiscard]] std::string path() const { return state() + "/" + kJournalName; }

    // What a control plane that starts now would find.
    [[nodiscard]] std::vector<std::string> on_disk() const {
        const auto bytes = file_bytes(path());
        return texts_of(read_journal(bytes).bindings);
    }

    TemporaryDirectory directory_;
    ListedBindings source_;
    std::optional<Journal> journal_;
};

TEST_F(JournalTest, AChangeIsOnTheDiskSoonAndSyncedWithinASecondOrSo) {
    start();
    push(OwnedBinding::of(0));
    push(OwnedBinding::of(1));
    push(OwnedBinding::of(0, 0));
    EXPECT_TRUE(wait_written(3));
    EXPECT_EQ(on_disk(), texts_of({OwnedBinding::of(1)}));
    EXPECT_TRUE(wait_for([](const auto& status) { return status.syncs == 1; }));
    const auto status = journal_->status();
    EXPECT_EQ(status.path, path());
    EXPECT_EQ(journal_state(status), "written to " + path());
    EXPECT_EQ(status.records, 3U);
    EXPECT_EQ(status.bytes, fs::file_size(path()));
    EXPECT_EQ(status.waiting, 0U);
    EXPECT_EQ(status.unsynced_ms, 0U);
    EXPECT_EQ(status.rewrites, 0U);
}

TEST_F(JournalTest, ManyChangesComeInTheirOrder) {
    start();
    std::vector<OwnedBinding> expected;
    for (std::uint32_t i = 0; i < 5000; ++i) {
        expected.push_back(OwnedBinding::of(i));
        push(expected.back());
    }
    EXPECT_TRUE(wait_written(5000));
    EXPECT_EQ(on_disk(), texts_of(expected));
}

TEST_F(JournalTest, WhatIsPushedBeforeTheStartAndAfterTheEndIsWritten) {
    push(OwnedBinding::of(0));
    start();
    EXPECT_TRUE(wait_written(1));
    journal_->finish();
    push(OwnedBinding::of(1)); // the last words of the core
    close();
    EXPECT_EQ(on_disk(), texts_of({OwnedBinding::of(0), OwnedBinding::of(1)}));
}

TEST_F(JournalTest, ARestartFindsTheBindings) {
    start();
    push(OwnedBinding::of(0));
    push(OwnedBinding::of(1));
    close();
    open();
    EXPECT_EQ(texts_of(journal_->bindings()), texts_of({OwnedBinding::of(0), OwnedBinding::of(1)}));
    source_.set({OwnedBinding::of(0), OwnedBinding::of(1)});
    source_.set_restored(2);
    start();
    push(OwnedBinding::of(2));
    EXPECT_TRUE(wait_written(1));
    const auto status = journal_->status();
    EXPECT_EQ(status.loaded, 2U);
    EXPECT_EQ(status.restored, 2U);
    EXPECT_EQ(status.skipped, 0U);
    EXPECT_EQ(status.rewrites, 0U);
    EXPECT_EQ(on_disk().size(), 3U);
}

TEST_F(JournalTest, WhatTheCoreDidNotTakeLeavesTheJournal) {
    start();
    push(OwnedBinding::of(0));
    push(OwnedBinding::of(1));
    close();
    open();
    source_.set({OwnedBinding::of(1)});
    source_.set_restored(1);
    start();
    EXPECT_TRUE(wait_for([](const auto& status) { return status.rewrites == 1; }));
    EXPECT_EQ(journal_->status().skipped, 1U);
    EXPECT_EQ(on_disk(), texts_of({OwnedBinding::of(1)}));
}

TEST_F(JournalTest, ADamagedFileIsWrittenAnew) {
    start();
    push(OwnedBinding::of(0));
    push(OwnedBinding::of(1));
    close();
    auto bytes = file_bytes(path());
    bytes[kJournalHeaderBytes + kJournalFrameBytes] ^= std::byte{1};
    write_file(path(), bytes);
    open();
    EXPECT_EQ(journal_->bindings().size(), 1U);
    source_.set({OwnedBinding::of(1)});
    source_.set_restored(1);
    start();
    EXPECT_TRUE(wait_for([](const auto& status) { return status.rewrites == 1; }));
    EXPECT_EQ(journal_->status().corrupt, 1U);
    const auto again = file_bytes(path());
    EXPECT_EQ(read_journal(again).corrupt, 0U);
    EXPECT_EQ(on_disk(), texts_of({OwnedBinding::of(1)}));
}

TEST_F(JournalTest, LostChangesAreMadeGoodFromTheRegistrar) {
    // The queue fills while nobody takes from it. The registrar knows: binding 0 is gone again, and
    // its removal is what was lost.
    while (journal_->queue().lost() == 0) {
        journal_->queue().push(OwnedBinding::of(0).view());
    }
    journal_->queue().push(OwnedBinding::of(0, 0).view());
    journal_->queue().publish();
    ASSERT_EQ(journal_->queue().lost(), 2U);
    source_.set({OwnedBinding::of(5), OwnedBinding::of(6)});
    start();
    EXPECT_TRUE(wait_for([](const auto& status) { return status.rewrites == 1; }));
    EXPECT_EQ(on_disk(), texts_of({OwnedBinding::of(5), OwnedBinding::of(6)}));
    EXPECT_EQ(journal_->status().lost, 2U);
    EXPECT_EQ(journal_->status().records, 2U);
    EXPECT_EQ(journal_state(journal_->status()), "written to " + path());
}

TEST_F(JournalTest, ChangesDuringARewriteAreInBothFiles) {
    std::vector<OwnedBinding> many;
    for (std::uint32_t i = 0; i < 1000; ++i) {
        many.push_back(OwnedBinding::of(i));
    }
    source_.set(many);
    source_.page_rows = 100;
    std::uint32_t pages = 0;
    std::size_t old_file_has = 0;
    source_.read_hook = [&] { // the core goes on stepping: it ends a binding and makes another
        push(OwnedBinding::of(pages, 0));
        push(OwnedBinding::of(2000 + pages));
        ++pages;
        old_file_has = std::max(old_file_has, on_disk().size());
    };
    while (journal_->queue().lost() == 0) {
        journal_->queue().push(OwnedBinding::of(0).view());
    }
    journal_->queue().publish();
    start();
    EXPECT_TRUE(wait_for([](const auto& status) { return status.rewrites == 1; }));
    ASSERT_EQ(pages, 10U);
    EXPECT_GE(old_file_has, 9U); // a death meanwhile would have kept them
    auto expected = std::vector<OwnedBinding>(many.begin() + 10, many.end());
    for (std::uint32_t i = 0; i < pages; ++i) {
        expected.push_back(OwnedBinding::of(2000 + i));
    }
    auto texts = texts_of(expected);
    auto found = on_disk();
    std::sort(texts.begin(), texts.end());
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, texts);
    EXPECT_EQ(journal_->status().records, 1000U + 2 * pages);
}

TEST_F(JournalTest, DeadRecordsAreCompactedAway) {
    source_.set({OwnedBinding::of(0)});
    start();
    std::uint64_t pushed = 0;
    const auto push_some = [&] {
        for (int i = 0; i < 1000; ++i) {
            push(OwnedBinding::of(0, ++pushed));
        }
        EXPECT_TRUE(wait_written(pushed));
    };
    while (pushed < kJournalDeadRecordsMin - 1000) {
        push_some();
    }
    EXPECT_EQ(journal_->status().rewrites, 0U);
    EXPECT_TRUE(wait_until([&] { return journal_->status().rewrites > 0; }, push_some));
    EXPECT_LT(journal_->status().records, pushed);
    EXPECT_EQ(journal_->status().lost, 0U);
    EXPECT_EQ(on_disk().size(), 1U);
}

TEST_F(JournalTest, ASilentCoreCostsNothingButTheRewrite) {
    start();
    EXPECT_TRUE(wait_until([&] { return source_.numbers().has_value(); }));
    push(OwnedBinding::of(0));
    EXPECT_TRUE(wait_written(1));
    source_.set_answers(false);
    while (journal_->queue().lost() == 0) {
        journal_->queue().push(OwnedBinding::of(1).view());
    }
    journal_->queue().publish();
    EXPECT_TRUE(wait_for([](const auto& status) { return status.faults > 0; }));
    EXPECT_THAT(journal_state(journal_->status()), HasSubstr("the core did not answer"));
    const auto appended = journal_->status().appended;
    push(OwnedBinding::of(2));
    EXPECT_TRUE(wait_for([&](const auto& status) { return status.appended > appended; }));
    source_.set({OwnedBinding::of(2)});
    source_.set_answers(true);
    EXPECT_TRUE(wait_for([](const auto& status) { return status.rewrites == 1; }));
    EXPECT_EQ(journal_->status().fault, "");
    EXPECT_EQ(on_disk(), texts_of({OwnedBinding::of(2)}));
}

TEST_F(JournalTest, WithoutItsDirectoryItWaitsForOne) {
    close();
    fs::remove_all(state());
    write_file(state(), {}); // a file is in the way
    open();
    EXPECT_TRUE(journal_->bindings().empty());
    EXPECT_THAT(journal_state(journal_->status()), HasSubstr(state()));
    source_.set({OwnedBinding::of(3)});
    start();
    push(OwnedBinding::of(3));
    EXPECT_TRUE(wait_for([](const auto& status) { return status.unwritten == 1; }));
    EXPECT_TRUE(wait_for([](const auto& status) { return status.faults > 1; }));
    EXPECT_EQ(journal_->status().waiting, 0U); // the core is never held up
    fs::remove(state());
    EXPECT_TRUE(wait_for([](const auto& status) { return status.rewrites == 1; }));
    EXPECT_EQ(journal_state(journal_->status()), "written to " + path());
    EXPECT_EQ(on_disk(), texts_of({OwnedBinding::of(3)}));
}

TEST_F(JournalTest, ARefusedFileIsSaidAndKept) {
    close();
    const JournalBytes foreign(50, std::byte{'x'});
    write_file(path(), foreign);
    open();
    EXPECT_THAT(journal_->status().refused, HasSubstr("is no journal of bindings; it is kept as"));
    start();
    push(OwnedBinding::of(0));
    EXPECT_TRUE(wait_written(1));
    EXPECT_EQ(file_bytes(state() + "/" + kJournalAsideName + "1"), foreign);
}

TEST_F(JournalTest, ASecondOneOfTheSameDirectoryKeepsItsHandsOff) {
    start();
    push(OwnedBinding::of(0));
    EXPECT_TRUE(wait_written(1));
    Journal second(state());
    EXPECT_TRUE(second.bindings().empty());
    EXPECT_THAT(journal_state(second.status()), HasSubstr("is in use by another process"));
    push(OwnedBinding::of(1));
    EXPECT_TRUE(wait_written(2));
    EXPECT_EQ(on_disk().size(), 2U);
}

} // namespace
} // namespace tandem::controlplane
