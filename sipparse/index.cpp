// SPDX-License-Identifier: Apache-2.0
//
// Stage 1 as a whole: the start line and the head by the implementation that was chosen, the checks
// of the few headers without which a message cannot be handled or refused, and the body.
#include "sipparse/index.hpp"

#include <cstdlib>
#include <optional>

#include "sipparse/cseq.hpp"
#include "sipparse/head.hpp"
#include "sipparse/integer_header.hpp"
#include "sipparse/lexical.hpp"
#include "sipparse/plain_head.hpp"
#include "sipparse/start_line.hpp"
#include "sipparse/words.hpp"

namespace tandem::sipparse {

namespace {

// Not empty, and no byte is a space or a control character.
bool is_visible(std::string_view text) noexcept {
    bool visible = !text.empty();
    std::size_t at = 0;
    for (; at + kWordBytes <= text.size(); at += kWordBytes) {
        visible = visible && !has_below(load_word(text.data() + at), ' ' + 1);
    }
    for (; at < text.size(); ++at) {
        visible = visible && static_cast<unsigned char>(text[at]) > ' ';
    }
    return visible;
}

class Indexer {
  public:
    Indexer(std::string_view bytes, MessageIndex& out) noexcept : bytes_(bytes), out_(out) {}

    // nullptr: no implementation but the truth.
    ParseError run(ReadPlainHead read_plain) noexcept;

  private:
    void reset() noexcept;
    void start_line(std::size_t start, std::size_t newline) noexcept;
    void head(std::size_t start, ReadPlainHead read_plain) noexcept;
    [[nodiscard]] std::string_view first_value(HeaderId id) const noexcept;
    [[nodiscard]] std::size_t offset_of(HeaderId id) const noexcept;
    [[nodiscard]] std::optional<std::uint64_t> number_of(HeaderId id,
                                                         std::uint64_t largest) const noexcept;
    void check_mandatory() noexcept;
    void check_cseq() noexcept;
    void check_call_id() noexcept;
    void check_max_forwards() noexcept;
    void find_body() noexcept;

    void note(ParseError error, std::size_t offset) noexcept {
        if (error_ == ParseError::None && error != ParseError::None) {
            error_ = error;
            out_.error_offset = static_cast<std::uint16_t>(offset);
        }
    }

    std::string_view bytes_;
    MessageIndex& out_;
    ParseError error_ = ParseError::None;
    bool has_start_line_ = false;
    bool is_terminated_ = false; // there is an empty line
    std::size_t head_end_ = 0;   // behind it; without one the end of the datagram
};

void Indexer::reset() noexcept {
    out_.total_bytes = 0;
    out_.header_count = 0;
    out_.status_code = 0;
    out_.kind = MessageKind::None;
    out_.method = Method::Other;
    out_.method_text = {};
    out_.request_uri = {};
    out_.version = {};
    out_.reason = {};
    out_.body = {};
    out_.cseq_number = 0;
    out_.error_offset = 0;
}

void Indexer::start_line(std::size_t start, std::size_t newline) noexcept {
    const bool has_cr = newline > start && bytes_[newline - 1] == '\r';
    const std::string_view line(bytes_.data() + start, newline - start - (has_cr ? 1 : 0));
    note(parse_start_line(line, start, out_), start);
}

void Indexer::head(std::size_t start, ReadPlainHead read_plain) noexcept {
    if (read_plain != nullptr) {
        const PlainHead plain = read_plain(bytes_.data(), bytes_.size(), start, out_);
        if (plain.bytes != 0) {
            has_start_line_ = true;
            is_terminated_ = true;
            head_end_ = plain.bytes;
            start_line(start, plain.start_line_end);
            return;
        }
    }
    const Head head = read_head(bytes_, start, out_);
    has_start_line_ = head.start_line_end < bytes_.size();
    is_terminated_ = head.bytes != 0;
    head_end_ = is_terminated_ ? head.bytes : bytes_.size();
    if (head.start_line_has_lonely_cr) {
        note(ParseError::BareCarriageReturn, start);
    }
    if (has_start_line_) {
        start_line(start, head.start_line_end);
    }
    note(head.error, head.error_offset);
    if (!is_terminated_) {
        note(ParseError::HeadersNotTerminated, bytes_.size());
    }
}

// Only for ids that are present.
std::string_view Indexer::first_value(HeaderId id) const noexcept {
    const HeaderLine& line = out_.lines[out_.first[static_cast<std::size_t>(id)]];
    return {bytes_.data() + line.value_offset, line.value_bytes};
}

std::size_t Indexer::offset_of(HeaderId id) const noexcept {
    return out_.lines[out_.first[static_cast<std::size_t>(id)]].value_offset;
}

// The number the value is, at most `largest`; nothing when it is none. Never of ids that are
// absent.
std::optional<std::uint64_t> Indexer::number_of(HeaderId id, std::uint64_t largest) const noexcept {
    return parse_number(first_value(id), largest);
}

void Indexer::check_mandatory() noexcept {
    struct Mandatory {
        HeaderId id;
        ParseError error;
    };

    static constexpr std::array kMandatory = std::to_array<Mandatory>({
        {HeaderId::Via, ParseError::MissingVia},
        {HeaderId::From, ParseError::MissingFrom},
        {HeaderId::To, ParseError::MissingTo},
        {HeaderId::CallId, ParseError::MissingCallId},
        {HeaderId::CSeq, ParseError::MissingCSeq},
    });
    for (const Mandatory& mandatory : kMandatory) {
        if (!has_header(out_, mandatory.id)) {
            note(mandatory.error, head_end_);
        }
    }
}

void Indexer::check_cseq() noexcept {
    if (!has_header(out_, HeaderId::CSeq)) {
        return;
    }
    CSeq cseq;
    const ParseError error =
        parse_cseq(first_value(HeaderId::CSeq), bytes_.size() - offset_of(HeaderId::CSeq), cseq);
    note(error, offset_of(HeaderId::CSeq));
    out_.cseq_number = cseq.number;
    const std::string_view method_text(bytes_.data() + out_.method_text.offset,
                                       out_.method_text.bytes);
    if (out_.kind == MessageKind::Request) {
        const bool same = cseq.method == out_.method &&
                          (cseq.method != Method::Other || cseq.method_text == method_text);
        if (error != ParseError::CSeqMalformed && !same) {
            note(ParseError::CSeqMethodMismatch, offset_of(HeaderId::CSeq));
        }
    } else if (error != ParseError::CSeqMalformed) {
        const auto offset = cseq.method_text.data() - bytes_.data();
        out_.method = cseq.method;
        out_.method_text = {static_cast<std::uint16_t>(offset),
                            static_cast<std::uint16_t>(cseq.method_text.size())};
    }
}

// RFC 3261 25.1 lists the characters of Call-ID; real phones use more of them ("=", ";"), so only
// what would break a line or a key is refused.
void Indexer::check_call_id() noexcept {
    if (has_header(out_, HeaderId::CallId) && !is_visible(first_value(HeaderId::CallId))) {
        note(ParseError::CallIdMalformed, offset_of(HeaderId::CallId));
    }
}

void Indexer::check_max_forwards() noexcept {
    if (has_header(out_, HeaderId::MaxForwards) &&
        !number_of(HeaderId::MaxForwards, kMaxForwardsMax)) {
        note(ParseError::MaxForwardsMalformed, offset_of(HeaderId::MaxForwards));
    }
}

void Indexer::find_body() noexcept {
    const std::size_t rest = bytes_.size() - head_end_;
    std::size_t body_bytes = rest;
    if (has_header(out_, HeaderId::ContentLength)) {
        const auto length = number_of(HeaderId::ContentLength, kContentLengthMax);
        if (!length) {
            note(ParseError::ContentLengthMalformed, offset_of(HeaderId::ContentLength));
        } else if (*length > rest) {
            note(ParseError::BodyShorterThanContentLength, offset_of(HeaderId::ContentLength));
        } else {
            body_bytes = *length;
        }
    }
    out_.body = {static_cast<std::uint16_t>(head_end_), static_cast<std::uint16_t>(body_bytes)};
    out_.total_bytes = static_cast<std::uint16_t>(head_end_ + body_bytes);
}

ParseError Indexer::run(ReadPlainHead read_plain) noexcept {
    reset();
    std::size_t start = 0;
    while (start < bytes_.size() && (bytes_[start] == '\r' || bytes_[start] == '\n')) {
        ++start;
    }
    if (bytes_.size() > kMessageBytesMax || start == bytes_.size()) {
        out_.present = {};
        out_.first = {};
        return bytes_.size() > kMessageBytesMax ? ParseError::MessageTooLong : ParseError::Empty;
    }
    head(start, read_plain);
    if (!has_start_line_) {
        return error_;
    }
    check_mandatory();
    check_cseq();
    check_call_id();
    check_max_forwards();
    if (is_terminated_) {
        find_body();
    } else {
        out_.total_bytes = static_cast<std::uint16_t>(bytes_.size());
    }
    return error_;
}

ReadPlainHead reader_of(Implementation implementation) noexcept {
    switch (implementation) {
    case Implementation::Avx512:
        return &read_plain_head_avx512;
    case Implementation::Avx2:
        return &read_plain_head_avx2;
    case Implementation::Scalar:
        break;
    }
    return nullptr;
}

} // namespace

bool is_supported(Implementation implementation) noexcept {
    // What the files of the implementations are compiled for; virtual machines may hide any of it.
    __builtin_cpu_init();
    const bool has_bits = __builtin_cpu_supports("bmi") != 0 &&
                          __builtin_cpu_supports("bmi2") != 0 &&
                          __builtin_cpu_supports("popcnt") != 0;
    switch (implementation) {
    case Implementation::Avx512:
        return has_bits && __builtin_cpu_supports("avx512bw") != 0 &&
               __builtin_cpu_supports("avx512vl") != 0;
    case Implementation::Avx2:
        return has_bits && __builtin_cpu_supports("avx2") != 0;
    case Implementation::Scalar:
        break;
    }
    return true;
}

Implementation chosen_implementation() noexcept {
    static const Implementation kChosen =
        choose_implementation(std::getenv(kImplementationVariable));
    return kChosen;
}

Implementation choose_implementation(const char* wanted) noexcept {
    Implementation best = Implementation::Scalar;
    for (const ImplementationRow& row : kImplementations) {
        if (!is_supported(row.implementation)) {
            continue;
        }
        if (wanted != nullptr && row.name == wanted) {
            return row.implementation;
        }
        best = row.implementation;
    }
    return best;
}

ParseError index_datagram_with(Implementation implementation,
                               std::string_view bytes,
                               MessageIndex& out) noexcept {
    return Indexer(bytes, out).run(reader_of(implementation));
}

ParseError index_datagram(std::string_view bytes, MessageIndex& out) noexcept {
    static const ReadPlainHead kReader = reader_of(chosen_implementation());
    return Indexer(bytes, out).run(kReader);
}

} // namespace tandem::sipparse
