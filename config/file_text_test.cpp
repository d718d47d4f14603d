// SPDX-License-Identifier: Apache-2.0
//
// Tests of config/file_text.cpp: what is read and what is refused as no file.
#include <filesystem>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/file_text.hpp"
#include "config/load_file.hpp"
#include "config/temporary_file.hpp"

namespace tandem::config {
namespace {

std::string refusal(const std::string& path) {
    const auto text = read_file_text(path);
    return text ? "read" : text.error();
}

TEST(FileText, reads_all_bytes) {
    const std::string content = std::string(200'000, 'x') + std::string(1, '\0') + "end";
    const TemporaryFile file(content);
    const auto text = read_file_text(file.path());
    ASSERT_TRUE(text);
    EXPECT_EQ(*text, content);
}

TEST(FileText, refuses_what_is_no_file) {
    EXPECT_EQ(refusal("/no/such/file"), "cannot open the file: No such file or directory");
    EXPECT_EQ(refusal(""), "cannot open the file: No such file or directory");
    EXPECT_EQ(refusal("/"), "is a directory; a configuration file is needed");
    EXPECT_EQ(refusal("/dev/zero"), "is no regular file; a configuration file is needed");
}

TEST(FileText, a_pipe_is_refused_and_not_waited_for) {
    const TemporaryFile place("");
    const std::string pipe = place.path() + ".pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(refusal(pipe), "is no regular file; a configuration file is needed");
    ::unlink(pipe.c_str());
}

TEST(FileText, a_file_may_not_be_read) {
    const TemporaryFile file("a = 1;");
    ASSERT_EQ(::chmod(file.path().c_str(), 0), 0);
    // Root may read everything, so the answer depends on who runs the test.
    EXPECT_EQ(refusal(file.path()),
              ::geteuid() == 0 ? "read" : "cannot open the file: Permission denied");
}

TEST(FileText, refuses_absurd_sizes) {
    const TemporaryFile file("");
    std::filesystem::resize_file(file.path(), kFileBytesMax + 1); // sparse: takes no space
    EXPECT_EQ(refusal(file.path()), "is larger than 268435456 bytes");
}

} // namespace
} // namespace tandem::config
