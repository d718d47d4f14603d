// SPDX-License-Identifier: Apache-2.0
//
// The bounds check of an index that came from the other process. It proves that every view over
// the index stays inside the message; it does not prove that the index fits the text.
#include "sipparse/message_index.hpp"

#include <cstring>

namespace tandem::sipparse {

namespace {

bool inside(ByteSpan span, std::size_t message_bytes) noexcept {
    return std::size_t{span.offset} + span.bytes <= message_bytes;
}

bool inside(const HeaderLine& line, std::size_t message_bytes) noexcept {
    return line.name_offset <= line.value_offset &&
           std::size_t{line.value_offset} + line.value_bytes <= message_bytes &&
           static_cast<std::size_t>(line.id) < kHeaderIdCount;
}

bool head_valid(const MessageIndex& index, std::size_t message_bytes) noexcept {
    const bool kind_known = index.kind == MessageKind::None || index.kind == MessageKind::Request ||
                            index.kind == MessageKind::Response;
    return kind_known && static_cast<std::size_t>(index.method) < kMethodCount &&
           index.total_bytes <= message_bytes && inside(index.method_text, message_bytes) &&
           inside(index.request_uri, message_bytes) && inside(index.version, message_bytes) &&
           inside(index.reason, message_bytes) && inside(index.body, message_bytes);
}

bool lines_valid(const MessageIndex& index, std::size_t count, std::size_t message_bytes) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
        if (!inside(index.lines[i], message_bytes)) {
            return false;
        }
    }
    return true;
}

} // namespace

bool validate(const MessageIndex& index,
              std::size_t available_bytes,
              std::size_t message_bytes) noexcept {
    if (available_bytes < kIndexHeadBytes) {
        return false;
    }
    const std::size_t count = index.header_count;
    return count <= kHeaderLinesMax && index_bytes(count) <= available_bytes &&
           head_valid(index, message_bytes) && lines_valid(index, count, message_bytes);
}

bool copy_index(std::span<const std::byte> record,
                std::size_t message_bytes,
                MessageIndex& out) noexcept {
    if (record.size() < kIndexHeadBytes) {
        return false;
    }
    auto* const target = reinterpret_cast<std::byte*>(&out);
    std::memcpy(target, record.data(), kIndexHeadBytes);
    const std::size_t count = out.header_count;
    if (count > kHeaderLinesMax || index_bytes(count) > record.size()) {
        return false;
    }
    std::memcpy(target + kIndexHeadBytes,
                record.data() + kIndexHeadBytes,
                index_bytes(count) - kIndexHeadBytes);
    return head_valid(out, message_bytes) && lines_valid(out, count, message_bytes);
}

} // namespace tandem::sipparse
