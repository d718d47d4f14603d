// SPDX-License-Identifier: Apache-2.0
//
// Buffers: smallest fit, overflow into larger ones, refusal when full, reuse.
#include <gtest/gtest.h>
#include <string>

#include "transaction/message_store.hpp"

namespace tandem::transaction {
namespace {

TEST(MessageStore, TakesTheSmallestBufferThatFits) {
    MessageStore store({2, 2, 2, 2, 2});
    for (std::size_t size_class = 0; size_class < kBufferClassBytes.size(); ++size_class) {
        const std::size_t bytes = std::min<std::size_t>(kBufferClassBytes[size_class], 65'535);
        const std::string text(bytes, static_cast<char>('a' + size_class));
        StoredMessage stored = store.put(text);
        ASSERT_TRUE(stored.is_set());
        EXPECT_EQ(stored.size_class, size_class);
        EXPECT_EQ(store.bytes(stored), text);
        store.release(stored);
        EXPECT_FALSE(stored.is_set());
        EXPECT_EQ(store.status(size_class).used, 0U);
    }
}

TEST(MessageStore, UsesALargerBufferWhenTheSmallOnesAreGone) {
    MessageStore store({1, 0, 1, 0, 0});
    StoredMessage first = store.put("a");
    StoredMessage second = store.put("b");
    EXPECT_EQ(first.size_class, 0);
    EXPECT_EQ(second.size_class, 2);
    EXPECT_FALSE(store.put("c").is_set());
    EXPECT_EQ(store.bytes(first), "a");
    EXPECT_EQ(store.bytes(second), "b");
    store.release(first);
    EXPECT_TRUE(store.put("c").is_set());
}

TEST(MessageStore, RefusesWhatIsEmptyOrTooLong) {
    MessageStore store({1, 1, 1, 1, 1});
    EXPECT_FALSE(store.put("").is_set());
    EXPECT_FALSE(store.put(std::string(65'536, 'x')).is_set());
    EXPECT_TRUE(store.put(std::string(65'535, 'x')).is_set());
}

TEST(MessageStore, GivesBuffersAgainAfterRelease) {
    MessageStore store({3, 0, 0, 0, 0});
    for (int round = 0; round < 5; ++round) {
        std::array<StoredMessage, 3> stored;
        for (std::size_t index = 0; index < stored.size(); ++index) {
            stored[index] = store.put(std::string(1, static_cast<char>('0' + index)));
        }
        EXPECT_EQ(store.status(0).used, 3U);
        for (std::size_t index = 0; index < stored.size(); ++index) {
            EXPECT_EQ(store.bytes(stored[index])[0], static_cast<char>('0' + index));
            store.release(stored[index]);
            store.release(stored[index]); // a second time does nothing
        }
        EXPECT_EQ(store.status(0).used, 0U);
    }
}

} // namespace
} // namespace tandem::transaction
