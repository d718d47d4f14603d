// SPDX-License-Identifier: Apache-2.0
//
// Records to bytes and back.
#include "controlplane/recording/format.hpp"

#include <algorithm>

#include "base/siphash.hpp"
#include "controlplane/recording/bytes.hpp"

namespace tandem::controlplane::recording {

namespace {

constexpr std::uint64_t kNodeBytesMax = 8;

void put_word(std::string& out, std::uint32_t word) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out.push_back(static_cast<char>(word >> shift));
    }
}

std::uint32_t word_at(std::string_view bytes) {
    std::uint32_t word = 0;
    for (unsigned i = 0; i < 4; ++i) {
        word |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << 8U * i;
    }
    return word;
}

// Against damage, not against people.
std::uint32_t checksum(RecordType type, std::string_view payload) {
    const base::SipHashKey key{.low = static_cast<std::uint64_t>(type), .high = payload.size()};
    return static_cast<std::uint32_t>(base::siphash(key, payload));
}

bool is_type(std::uint8_t type) {
    return type >= static_cast<std::uint8_t>(RecordType::Start) &&
           type <= static_cast<std::uint8_t>(RecordType::End);
}

} // namespace

std::string start_payload(const Start& start) {
    std::string out;
    put_text(out, start.program_version);
    put_text(out, start.configuration);
    put_text(out, start.node);
    put_number(out, start.term);
    out.append(start.seed.begin(), start.seed.end());
    return out;
}

std::optional<Start> read_start(std::string_view payload) {
    ByteReader reader(payload);
    Start start;
    start.program_version = reader.text();
    start.configuration = reader.text();
    start.node = reader.text();
    start.term = static_cast<std::uint32_t>(reader.number_up_to(UINT32_MAX));
    const auto seed = reader.rest();
    if (reader.failed() || seed.size() != start.seed.size() || start.node.empty() ||
        start.node.size() > kNodeBytesMax) {
        return std::nullopt;
    }
    std::copy(seed.begin(), seed.end(), start.seed.begin());
    return start;
}

void put_step(std::string& out, const Step& step) {
    put_number(out, step.now.monotonic_ns);
    put_number(out, step.now.wall_ns);
    put_text(out, step.input);
    put_text(out, step.effects);
    put_text(out, step.objects);
}

std::optional<Step> read_step(std::string_view payload) {
    ByteReader reader(payload);
    Step step;
    step.now.monotonic_ns = reader.number();
    step.now.wall_ns = reader.number();
    step.input = reader.text();
    step.effects = reader.text();
    step.objects = reader.text();
    return reader.done() ? std::optional(step) : std::nullopt;
}

std::string end_payload(EndReason reason) {
    return {static_cast<char>(reason)};
}

std::optional<EndReason> read_end(std::string_view payload) {
    if (payload.size() != 1 || payload[0] < static_cast<char>(EndReason::Closed) ||
        payload[0] > static_cast<char>(EndReason::Full)) {
        return std::nullopt;
    }
    return static_cast<EndReason>(payload[0]);
}

std::string_view reason_text(EndReason reason) {
    switch (reason) {
    case EndReason::Closed:
        return "closed in order";
    case EndReason::FellBehind:
        return "the recorder fell behind: what the core did afterwards is not recorded";
    case EndReason::Full:
        break;
    }
    return "the file reached its largest size: what the core did afterwards is not recorded";
}

void put_record(std::string& out, RecordType type, std::string_view payload) {
    put_word(out, static_cast<std::uint32_t>(payload.size()));
    put_word(out, checksum(type, payload));
    out.push_back(static_cast<char>(type));
    out.append(payload);
}

RecordReader::RecordReader(std::string_view file) : file_(file), next_(kFormatLine.size()) {
    if (!file.starts_with(kFormatLine)) {
        state_ = State::NoRecording;
    }
}

std::optional<Record> RecordReader::next() {
    if (state_ != State::Good) {
        return std::nullopt;
    }
    offset_ = next_;
    const auto rest = file_.substr(next_);
    if (rest.size() < kRecordHeadBytes) {
        state_ = rest.empty() ? State::Ended : State::Torn;
        return std::nullopt;
    }
    const std::size_t bytes = word_at(rest);
    const auto type = static_cast<std::uint8_t>(rest[8]);
    if (bytes > kRecordBytesMax || !is_type(type)) {
        state_ = State::Damaged;
        return std::nullopt;
    }
    if (rest.size() - kRecordHeadBytes < bytes) {
        state_ = State::Torn;
        return std::nullopt;
    }
    const Record record{.type = static_cast<RecordType>(type),
                        .payload = rest.substr(kRecordHeadBytes, bytes)};
    if (checksum(record.type, record.payload) != word_at(rest.substr(4))) {
        state_ = State::Damaged;
        return std::nullopt;
    }
    next_ += kRecordHeadBytes + bytes;
    return record;
}

} // namespace tandem::controlplane::recording
