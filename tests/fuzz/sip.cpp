// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: a datagram through stage 1 by every implementation this processor has, which must
// agree to the byte, then through every header parser and the writer. Built with libFuzzer.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

#include "sipparse/index.hpp"
#include "sipparse/message_view.hpp"
#include "tests/torture/observation.hpp"

namespace tandem::fuzz {

namespace {

using sipparse::MessageIndex;

void check_same(std::string_view message, const MessageIndex& truth, sipparse::ParseError error) {
    for (const sipparse::ImplementationRow& row : sipparse::kImplementations) {
        if (!sipparse::is_supported(row.implementation)) {
            continue;
        }
        MessageIndex other{};
        const auto other_error = sipparse::index_datagram_with(row.implementation, message, other);
        const std::size_t bytes = sipparse::index_bytes(truth.header_count);
        if (other_error != error || other.header_count != truth.header_count ||
            std::memcmp(&other, &truth, bytes) != 0) {
            std::abort();
        }
    }
}

} // namespace

} // namespace tandem::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    // A copy of just its size: a read behind the message is then a read behind the allocation.
    const auto copy = std::make_unique<char[]>(size);
    std::memcpy(copy.get(), data, size);
    const std::string_view message(copy.get(), size);

    sipparse::MessageIndex index{};
    const auto error =
        sipparse::index_datagram_with(sipparse::Implementation::Scalar, message, index);
    fuzz::check_same(message, index, error);
    if (!sipparse::validate(index, sizeof(index), size)) {
        std::abort();
    }
    (void)torture::touch_everything({message, &index});
    return 0;
}
