// SPDX-License-Identifier: Apache-2.0
//
// NoticeBoard: what is raised is reported once a second with its count, also from several threads.
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

#include "base/notice_board.hpp"

namespace tandem::base {
namespace {

using Lines = std::vector<std::string>;

Lines poll(NoticeBoard& board, MonotonicNs now) {
    Lines lines;
    board.poll(now, [&](std::string_view text, std::uint64_t times) {
        lines.push_back(std::string(text) + " " + std::to_string(times));
    });
    return lines;
}

TEST(NoticeBoard, ReportsAtMostOnceASecond) {
    NoticeBoard board;
    const NoticeId calls = board.add("pool calls is full");
    const NoticeId legs = board.add("pool legs is full");
    EXPECT_EQ(poll(board, 1), Lines{});
    board.raise(calls);
    board.raise(calls, 11);
    EXPECT_EQ(poll(board, 2), Lines{"pool calls is full 12"});
    board.raise(calls);
    board.raise(legs);
    EXPECT_EQ(poll(board, 3), Lines{"pool legs is full 1"});
    EXPECT_EQ(poll(board, 2 + kNsPerS), Lines{"pool calls is full 1"});
    EXPECT_EQ(poll(board, 9 * kNsPerS), Lines{});
    EXPECT_EQ(board.raised(calls), 13U);
}

TEST(NoticeBoard, SameTextIsTheSameNoticeAndLongTextsAreCut) {
    NoticeBoard board;
    EXPECT_EQ(board.add("a").slot, board.add("a").slot);
    EXPECT_NE(board.add("a").slot, board.add("b").slot);
    board.raise(board.add(std::string(500, 'x')));
    const Lines lines = poll(board, 1);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0], std::string(kNoticeTextBytesMax, 'x') + " 1");
}

TEST(NoticeBoard, CountsRaisesOfSeveralThreads) {
    NoticeBoard board;
    const NoticeId id = board.add("raised");
    constexpr int kRaises = 10'000;
    const auto raise = [&] {
        for (int count = 0; count < kRaises; ++count) {
            board.raise(id);
        }
    };
    std::thread one(raise);
    std::thread other(raise);
    std::uint64_t reported = 0;
    const auto add = [&](std::string_view, std::uint64_t times) { reported += times; };
    board.poll(1, add);
    one.join();
    other.join();
    board.poll(2 * kNsPerS, add);
    EXPECT_EQ(reported, 2U * kRaises);
}

TEST(NoticeBoardDeath, EndsTheProcessWhenItIsOverfilled) {
    NoticeBoard board;
    for (std::size_t count = 0; count < kNoticesMax; ++count) {
        board.add(std::to_string(count));
    }
    EXPECT_DEATH(board.add("one more"), "kNoticesMax");
}

} // namespace
} // namespace tandem::base
