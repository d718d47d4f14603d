// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: the header of a region as a hostile dataplane could write it. What find_fault()
// accepts has every part aligned, inside the file and apart from every other, judged here by a
// second look that shares no code with it. Built with libFuzzer.
#include "shm/region_parts.hpp"
#include "tests/fuzz/input.hpp"

// How long the file is (8 bytes); which part of the header is replaced and by what: 2 bytes of
// place and 8 of value, again and again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    fuzz::Input input(data, size);
    shm::RegionOptions options{.dataplane_epoch = 1,
                               .event_ring_bytes = shm::kRingBytesMin,
                               .command_ring_bytes = shm::kRingBytesMin,
                               .note_count = shm::kNoteCountMin,
                               .limits = {}};
    options.worker_count = static_cast<std::uint16_t>(1 + input.number<std::uint8_t>() % 4);
    shm::RegionFacts facts = shm::lay_out(options);
    const std::uint64_t file_bytes = facts.total_bytes + input.number<std::uint8_t>();
    constexpr std::size_t kWords = sizeof facts / sizeof(std::uint64_t);
    while (!input.is_empty()) {
        const std::size_t word = input.number<std::uint16_t>() % kWords;
        const auto value = input.number<std::uint64_t>();
        std::memcpy(reinterpret_cast<char*>(&facts) + word * sizeof value, &value, sizeof value);
    }
    if (shm::find_fault(facts, file_bytes)) {
        return 0;
    }
    const shm::RegionParts parts = shm::parts_of(facts);
    for (std::size_t i = 0; i < parts.count; ++i) {
        const auto& part = parts.rows[i];
        fuzz::require(part.offset % shm::kCursorLineBytes == 0);
        fuzz::require(part.offset <= file_bytes && part.bytes <= file_bytes - part.offset);
        for (std::size_t j = 0; j < i; ++j) {
            const auto& other = parts.rows[j];
            fuzz::require(part.offset >= other.offset + other.bytes ||
                          other.offset >= part.offset + part.bytes);
        }
    }
    return 0;
}
