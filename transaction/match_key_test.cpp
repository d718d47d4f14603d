// SPDX-License-Identifier: Apache-2.0
//
// Which messages find which transaction, by branch and by the rules for RFC 2543 clients.
#include <gtest/gtest.h>

#include "transaction/layer_test_world.hpp"
#include "transaction/match_key.hpp"

namespace tandem::transaction {
namespace {

constexpr base::SipHashKey kKey{.low = 5, .high = 6};

enum class KeyOf { Transaction, Cancelled, Merge, Ack };

std::uint64_t key(KeyOf kind, const Fields& fields) {
    const std::string text = request_text(fields);
    sipparse::MessageIndex index;
    EXPECT_EQ(sipparse::index_datagram(text, index), sipparse::ParseError::None);
    const sipparse::MessageView view{text, &index};
    const auto via = sipparse::top_via(view);
    switch (kind) {
    case KeyOf::Transaction:
        return transaction_key(view, *via, kKey);
    case KeyOf::Cancelled:
        return cancelled_key(view, *via, kKey);
    case KeyOf::Merge:
        return merge_key(view, kKey).value_or(0);
    case KeyOf::Ack:
        return ack_key(view, kKey);
    }
    return 0;
}

std::uint64_t transaction(const Fields& fields) {
    return key(KeyOf::Transaction, fields);
}

TEST(MatchKey, BranchSentByAndMethodNameATransaction) {
    const Fields invite;
    EXPECT_EQ(transaction(invite), transaction(invite));
    EXPECT_NE(transaction(invite), transaction({.branch = "z9hG4bKb"}));
    EXPECT_NE(transaction(invite), transaction({.sent_by = "10.77.0.102:5070"}));
    EXPECT_NE(transaction(invite), transaction({.sent_by = "10.77.0.101:5071"}));
    EXPECT_NE(transaction(invite), transaction({.method = "OPTIONS"}));
    EXPECT_NE(transaction({.method = "FOO"}), transaction({.method = "BAR"}));
    EXPECT_EQ(transaction(invite), transaction({.from_tag = "x", .call_id = "y", .cseq = 9}));
}

TEST(MatchKey, AckAndCancelLeadToTheInvite) {
    const Fields invite;
    EXPECT_EQ(transaction(invite), transaction({.method = "ACK", .to_tag = "t"}));
    EXPECT_NE(transaction(invite), transaction({.method = "CANCEL"}));
    EXPECT_EQ(transaction(invite), key(KeyOf::Cancelled, {.method = "CANCEL"}));
}

TEST(MatchKey, OldClientsAreMatchedByFields) {
    Fields invite;
    invite.branch = "";
    const std::uint64_t expected = transaction(invite);
    {
        Fields other = invite;
        other.method = "ACK";
        other.to_tag = "theirs";
        EXPECT_EQ(transaction(other), expected);
    }
    Fields cancel = invite;
    cancel.method = "CANCEL";
    EXPECT_EQ(key(KeyOf::Cancelled, cancel), expected);
    EXPECT_NE(transaction(cancel), expected);
    const auto differs = [&](auto&& change) {
        Fields other = invite;
        change(other);
        EXPECT_NE(transaction(other), expected);
    };
    differs([](Fields& f) { f.uri = "sip:1002@10.77.0.10"; });
    differs([](Fields& f) { f.from_tag = "other"; });
    differs([](Fields& f) { f.call_id = "other"; });
    differs([](Fields& f) { f.cseq = 2; });
    differs([](Fields& f) { f.via_params = ""; });
    differs([](Fields& f) { f.branch = "1"; });
}

TEST(MatchKey, OldBranchWithoutCookieDoesNotCountAlone) {
    Fields first;
    first.branch = "1";
    Fields second = first;
    second.call_id = "another";
    EXPECT_NE(transaction(first), transaction(second));
}

TEST(MatchKey, ToTagCountsForOldRequestsButInvite) {
    Fields bye;
    bye.method = "BYE";
    bye.branch = "";
    bye.to_tag = "a";
    Fields other = bye;
    other.to_tag = "b";
    EXPECT_NE(transaction(bye), transaction(other));
}

TEST(MatchKey, MergedRequestsShareFromTagCallIdAndCSeq) {
    const std::uint64_t expected = key(KeyOf::Merge, {});
    EXPECT_EQ(expected, key(KeyOf::Merge, {.branch = "z9hG4bKother"}));
    EXPECT_NE(expected, key(KeyOf::Merge, {.from_tag = "other"}));
    EXPECT_NE(expected, key(KeyOf::Merge, {.call_id = "other"}));
    EXPECT_NE(expected, key(KeyOf::Merge, {.cseq = 2}));
    EXPECT_NE(expected, key(KeyOf::Merge, {.method = "OPTIONS"}));
    EXPECT_EQ(0U, key(KeyOf::Merge, {.to_tag = "dialog"}));
}

TEST(MatchKey, AckOfATwoXxIsFoundByDialogAndNumber) {
    const Fields ack{.method = "ACK", .branch = "z9hG4bKnew", .to_tag = "ours"};
    const std::uint64_t expected = key(KeyOf::Ack, ack);
    EXPECT_EQ(expected, key(KeyOf::Ack, {.to_tag = "ours"}));
    EXPECT_NE(expected, key(KeyOf::Ack, {.to_tag = "other"}));
    EXPECT_NE(expected, key(KeyOf::Ack, {.from_tag = "x", .to_tag = "ours"}));
    EXPECT_NE(expected, key(KeyOf::Ack, {.to_tag = "ours", .cseq = 2}));
    EXPECT_NE(expected, key(KeyOf::Ack, {.to_tag = "ours", .call_id = "x"}));
}

} // namespace
} // namespace tandem::transaction
