// SPDX-License-Identifier: Apache-2.0
//
// Method names to numbers by a perfect hash over their first eight bytes. A new method whose slot
// is taken fails the assertion below: then another multiplier is due. Called twice per message by
// stage 1; any thread.
#include "sipparse/method.hpp"

#include <algorithm>

#include "sipparse/words.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::size_t kSlotBits = 4;
constexpr std::uint64_t kMultiplier = 0x7b2f'386c'4e3d'061dULL; // found by trying

constexpr std::size_t slot_of(std::uint64_t word) noexcept {
    return static_cast<std::size_t>((word * kMultiplier) >> (64 - kSlotBits));
}

struct Slot {
    std::uint64_t word = 0;
    std::uint8_t bytes = 0;
    char ninth = 0; // what stands at [8], of names longer than a word
    Method method = Method::Other;
};

struct Table {
    std::array<Slot, std::size_t{1} << kSlotBits> slots = {};
    bool collision = false;
};

consteval Table make_table() {
    Table table;
    for (std::size_t row = 1; row < kMethodCount; ++row) {
        const std::string_view name = kMethodNames[row];
        Slot& slot = table.slots[slot_of(word_of(name))];
        table.collision = table.collision || slot.bytes != 0;
        slot = {.word = word_of(name),
                .bytes = static_cast<std::uint8_t>(name.size()),
                .ninth = name.size() > kWordBytes ? name[kWordBytes] : '\0',
                .method = static_cast<Method>(row)};
    }
    return table;
}

constexpr Table kTable = make_table();
static_assert(!kTable.collision, "two method names share a slot: choose another kMultiplier");
static_assert(std::ranges::all_of(kMethodNames, [](std::string_view name) {
    return name.size() <= kWordBytes + 1;
}));

} // namespace

Method find_method(std::string_view text, std::size_t readable_bytes) noexcept {
    const std::uint64_t word = readable_bytes >= kWordBytes
                                   ? first_of_word(load_word(text.data()), text.size())
                                   : word_of(text);
    const Slot& slot = kTable.slots[slot_of(word)];
    const bool same = slot.word == word && slot.bytes == text.size() &&
                      (slot.ninth == 0 || slot.ninth == text[kWordBytes]);
    return same ? slot.method : Method::Other;
}

Method find_method(std::string_view text) noexcept {
    return find_method(text, text.size());
}

} // namespace tandem::sipparse
