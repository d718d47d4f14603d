// SPDX-License-Identifier: Apache-2.0
//
// The bytes of the journal: what is written is read, and every prefix, every changed bit and every
// damaged stretch of a file gives what was whole in it, never anything else.
#include <array>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "base/random.hpp"
#include "controlplane/io/journal_format.hpp"
#include "controlplane/io/test_journal.hpp"

namespace tandem::controlplane {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<OwnedBinding> some_bindings(std::uint32_t count) {
    std::vector<OwnedBinding> bindings;
    for (std::uint32_t i = 0; i < count; ++i) {
        bindings.push_back(OwnedBinding::of(i));
    }
    return bindings;
}

// Where record `i` of journal_bytes(bindings) begins, and the end of the file for i = size.
std::size_t offset_of(const std::vector<OwnedBinding>& bindings, std::size_t i) {
    std::size_t offset = kJournalHeaderBytes;
    for (std::size_t before = 0; before < i; ++before) {
        offset += kJournalFrameBytes + body_of(bindings[before].view()).size();
    }
    return offset;
}

TEST(JournalFormat, WhatIsWrittenIsRead) {
    const auto bindings = some_bindings(5);
    const auto content = read_journal(journal_bytes(bindings));
    EXPECT_EQ(content.head, JournalHead::Good);
    EXPECT_EQ(content.version, kJournalVersion);
    EXPECT_EQ(content.salt, 99U);
    EXPECT_EQ(content.records, 5U);
    EXPECT_EQ(content.corrupt, 0U);
    EXPECT_EQ(content.torn_bytes, 0U);
}

TEST(JournalFormat, EveryFieldComesBack) {
    const auto bindings = some_bindings(4);
    const auto bytes = journal_bytes(bindings);
    EXPECT_EQ(texts_of(read_journal(bytes).bindings), texts_of(bindings));
    OwnedBinding longest = OwnedBinding::of(0);
    longest.number = std::string(kJournalNumberBytesMax, 'n');
    longest.contact = "sip:" + std::string(kContactUriBytesMax - 4, 'c');
    const auto longest_bytes = journal_bytes({longest});
    EXPECT_EQ(texts_of(read_journal(longest_bytes).bindings), texts_of({longest}));
}

TEST(JournalFormat, ATextThatIsTooLongIsNotWritten) {
    std::array<std::byte, kJournalBodyBytesMax> body;
    auto binding = OwnedBinding::of(0);
    binding.number = std::string(kJournalNumberBytesMax + 1, 'n');
    EXPECT_EQ(write_body(binding.view(), body), 0U);
    binding = OwnedBinding::of(0);
    binding.contact = std::string(kContactUriBytesMax + 1, 'c');
    EXPECT_EQ(write_body(binding.view(), body), 0U);
}

TEST(JournalFormat, TheLastChangeOfABindingCountsInItsPlace) {
    const auto bytes = journal_bytes({OwnedBinding::of(0, 10),
                                      OwnedBinding::of(1, 20),
                                      OwnedBinding::of(2, 30),
                                      OwnedBinding::of(0, 40),
                                      OwnedBinding::of(1, 0),
                                      OwnedBinding::of(7, 0)});
    const auto content = read_journal(bytes);
    EXPECT_EQ(content.records, 6U);
    EXPECT_EQ(texts_of(content.bindings),
              texts_of({OwnedBinding::of(2, 30), OwnedBinding::of(0, 40)}));
}

TEST(JournalFormat, NumberAndContactTogetherNameABinding) {
    auto first = OwnedBinding::of(0);
    auto second = OwnedBinding::of(1);
    second.contact = first.contact;
    auto third = OwnedBinding::of(0);
    third.contact += ";x";
    const auto bytes = journal_bytes({first, second, third});
    EXPECT_EQ(read_journal(bytes).bindings.size(), 3U);
}

TEST(JournalFormat, EveryPrefixGivesTheWholeRecordsInIt) {
    const auto bindings = some_bindings(3);
    const auto bytes = journal_bytes(bindings);
    for (std::size_t length = 0; length <= bytes.size(); ++length) {
        const JournalBytes prefix(bytes.begin(),
                                  bytes.begin() + static_cast<std::ptrdiff_t>(length));
        const auto content = read_journal(prefix);
        if (length < kJournalHeaderBytes) {
            EXPECT_EQ(content.head, length == 0 ? JournalHead::Empty : JournalHead::Damaged);
            EXPECT_TRUE(content.bindings.empty());
            continue;
        }
        std::size_t whole = 0;
        while (whole < bindings.size() && offset_of(bindings, whole + 1) <= length) {
            ++whole;
        }
        EXPECT_EQ(content.head, JournalHead::Good);
        EXPECT_EQ(content.records, whole) << length;
        EXPECT_EQ(content.corrupt, 0U) << length;
        EXPECT_EQ(content.whole_bytes, offset_of(bindings, whole)) << length;
        EXPECT_EQ(content.torn_bytes, length - offset_of(bindings, whole)) << length;
        EXPECT_EQ(content.bindings.size(), whole);
    }
}

TEST(JournalFormat, AChangedBitCostsItsRecordAlone) {
    const auto bindings = some_bindings(3);
    const auto good = journal_bytes(bindings);
    for (std::size_t at = kJournalHeaderBytes; at < good.size(); ++at) {
        for (const unsigned bit : {0U, 7U}) {
            auto bytes = good;
            bytes[at] ^= static_cast<std::byte>(1U << bit);
            std::size_t hit = 0;
            while (offset_of(bindings, hit + 1) <= at) {
                ++hit;
            }
            auto expected = bindings;
            expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(hit));
            const auto content = read_journal(bytes);
            EXPECT_EQ(texts_of(content.bindings), texts_of(expected)) << at << " bit " << bit;
            const bool is_last = hit + 1 == bindings.size();
            EXPECT_EQ(content.corrupt, is_last ? 0U : 1U);
            EXPECT_EQ(content.torn_bytes, is_last ? good.size() - offset_of(bindings, hit) : 0U);
        }
    }
}

TEST(JournalFormat, ADamagedHeaderIsRefused) {
    const auto good = journal_bytes(some_bindings(1));
    for (std::size_t at = 0; at < kJournalHeaderBytes; ++at) {
        auto bytes = good;
        bytes[at] ^= std::byte{0x40};
        const auto content = read_journal(bytes);
        const auto expected = at < 8    ? JournalHead::Foreign
                              : at < 12 ? JournalHead::OtherVersion
                                        : JournalHead::Damaged;
        EXPECT_EQ(content.head, expected) << at;
        EXPECT_TRUE(content.bindings.empty());
        EXPECT_FALSE(sentence(content).empty());
    }
}

TEST(JournalFormat, AnotherVersionIsNamed) {
    auto bytes = journal_bytes({});
    bytes[8] = std::byte{9};
    EXPECT_THAT(sentence(read_journal(bytes)),
                HasSubstr("version 9, this release reads version 1"));
}

TEST(JournalFormat, RecordsOfAnotherFileDoNotCount) {
    auto bytes = journal_bytes({OwnedBinding::of(0)}, 1);
    const auto other = journal_bytes({OwnedBinding::of(1)}, 2);
    bytes.insert(bytes.end(), other.begin() + kJournalHeaderBytes, other.end());
    append_record(1, body_of(OwnedBinding::of(2).view()), bytes);
    const auto content = read_journal(bytes);
    EXPECT_EQ(texts_of(content.bindings), texts_of({OwnedBinding::of(0), OwnedBinding::of(2)}));
    EXPECT_EQ(content.corrupt, 1U);
}

TEST(JournalFormat, ARecordInsideAContactDoesNotCount) {
    JournalBytes inner;
    append_record(99, body_of(OwnedBinding::of(1).view()), inner);
    auto outer = OwnedBinding::of(0);
    outer.contact = std::string(reinterpret_cast<const char*>(inner.data()), inner.size());
    ASSERT_LE(outer.contact.size(), kContactUriBytesMax);
    const auto bytes = journal_bytes({outer});
    EXPECT_EQ(texts_of(read_journal(bytes).bindings), texts_of({outer}));
}

TEST(JournalFormat, ABodyWithoutSenseIsSkipped) {
    const auto good = body_of(OwnedBinding::of(0).view());
    auto other_kind = good;
    other_kind[0] = std::byte{2};
    auto longer_number = good;
    longer_number[2] = std::byte{kJournalNumberBytesMax + 1};
    auto longer = good;
    longer.push_back(std::byte{0});
    const JournalBytes short_body(good.begin(), good.begin() + 3);
    for (const auto& body : {other_kind, longer_number, longer, short_body}) {
        EXPECT_FALSE(read_body(body));
        auto bytes = header_bytes(99);
        append_record(99, body, bytes);
        append_record(99, good, bytes);
        const auto content = read_journal(bytes);
        EXPECT_EQ(content.records, 1U);
        EXPECT_EQ(content.corrupt, 1U);
        EXPECT_EQ(content.torn_bytes, 0U);
    }
}

TEST(JournalFormat, EveryPrefixOfABodyIsRefused) {
    const auto good = body_of(OwnedBinding::of(0).view());
    for (std::size_t length = 0; length < good.size(); ++length) {
        EXPECT_FALSE(read_body(std::span(good).first(length))) << length;
    }
    EXPECT_TRUE(read_body(good));
}

TEST(JournalFormat, NoiseGivesNothing) {
    base::RandomStream random({42});
    for (int round = 0; round < 200; ++round) {
        JournalBytes bytes = header_bytes(99);
        bytes.resize(bytes.size() + random.below(2000));
        random.fill(std::span(bytes).subspan(kJournalHeaderBytes));
        for (std::size_t i = 0; i < 20 && bytes.size() > kJournalHeaderBytes + 4; ++i) {
            const auto at =
                kJournalHeaderBytes + random.below(bytes.size() - kJournalHeaderBytes - 3);
            bytes[at] = std::byte{0xB1};
            bytes[at + 1] = std::byte{0};
        }
        const auto content = read_journal(bytes);
        EXPECT_TRUE(content.bindings.empty());
        EXPECT_EQ(content.whole_bytes, kJournalHeaderBytes);
        EXPECT_EQ(content.torn_bytes, bytes.size() - kJournalHeaderBytes);
    }
}

} // namespace
} // namespace tandem::controlplane
