// SPDX-License-Identifier: Apache-2.0
//
// Tests of config/problem.cpp: order, bound and print of problems.
#include <gtest/gtest.h>

#include "config/load_file.hpp"
#include "config/problem.hpp"

namespace tandem::config {
namespace {

TEST(ProblemList, sorts_by_line_and_keeps_the_order_of_one_line) {
    ProblemList list("x.conf");
    list.add(7, "b");
    list.add(3, "a");
    list.add(7, "c");
    EXPECT_EQ(problems_text(list.take()), "x.conf:3: a\nx.conf:7: b\nx.conf:7: c\n");
    EXPECT_TRUE(list.empty());
}

TEST(ProblemList, line_zero_is_the_whole_file) {
    EXPECT_EQ(problems_text({Problem{"x.conf", 0, "is a directory"}}), "x.conf: is a directory\n");
}

TEST(ProblemList, counts_what_it_does_not_keep) {
    ProblemList list("x.conf");
    for (std::uint32_t i = 0; i < kProblemsMax + 5; ++i) {
        list.add(i + 1, "wrong");
    }
    const std::vector<Problem> problems = list.take();
    ASSERT_EQ(problems.size(), kProblemsMax + 1);
    EXPECT_EQ(problems.back().text, "5 more problems");
}

TEST(ProblemList, prints_to_a_file) {
    std::FILE* const out = std::tmpfile();
    ASSERT_NE(out, nullptr);
    print_problems({Problem{"x.conf", 2, "wrong {}"}}, out);
    std::rewind(out);
    char line[64] = {};
    ASSERT_NE(std::fgets(line, sizeof line, out), nullptr);
    EXPECT_STREQ(line, "x.conf:2: wrong {}\n");
    std::fclose(out);
}

} // namespace
} // namespace tandem::config
