// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: an index as the other process could leave it in shared memory. What copy_index()
// accepts must be safe to use with every parser. Built with libFuzzer.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

#include "sipparse/message_index.hpp"
#include "sipparse/message_view.hpp"
#include "tests/torture/observation.hpp"

// The first two bytes say how long the message is (little endian), then the record of the index
// follows, then the message; a message that is cut short is filled up with 'a'.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    constexpr std::size_t kHeadBytes = 2;
    if (size < kHeadBytes) {
        return 0;
    }
    const std::size_t message_bytes = data[0] | (std::size_t{data[1]} << 8U);
    const auto record = std::as_bytes(std::span(data + kHeadBytes, size - kHeadBytes));

    sipparse::MessageIndex index{};
    if (!sipparse::copy_index(record, message_bytes, index)) {
        return 0;
    }
    const auto rest =
        record.subspan(std::min(record.size(), sipparse::index_bytes(index.header_count)));
    const auto message = std::make_unique<char[]>(message_bytes);
    std::fill_n(message.get(), message_bytes, 'a');
    std::memcpy(message.get(), rest.data(), std::min(rest.size(), message_bytes));
    (void)torture::touch_everything({std::string_view(message.get(), message_bytes), &index});
    return 0;
}
