// SPDX-License-Identifier: Apache-2.0
//
// Stage 1 above the line scan: start line, header lines, the checks of the few headers without
// which a message cannot be handled or refused, and the body. Compiled once, for every processor;
// only the scan is chosen at run time.
#include "sipparse/index.hpp"

#include <algorithm>

#include "sipparse/cseq.hpp"
#include "sipparse/integer_header.hpp"
#include "sipparse/lexical.hpp"
#include "sipparse/line_scan.hpp"
#include "sipparse/start_line.hpp"

namespace tandem::sipparse {

namespace {

// The headers stage 1 looks into or demands have the lowest ids.
constexpr std::size_t kRememberedIds = static_cast<std::size_t>(HeaderId::ContentLength) + 1;

constexpr std::uint64_t word_of_singletons(std::size_t word) {
    std::uint64_t bits = 0;
    for (const HeaderRow& row : kHeaderRows) {
        const auto id = static_cast<std::size_t>(row.id);
        if (row.is_singleton && id / 64 == word) {
            bits |= std::uint64_t{1} << (id % 64);
        }
    }
    return bits;
}

constexpr std::array<std::uint64_t, 2> kSingletons = {word_of_singletons(0), word_of_singletons(1)};

// A header line with its folds.
struct Line {
    std::size_t start;
    std::size_t colon; // kNoColon: there is none
    std::size_t end;   // position of the last LF
    bool bare_cr;
};

class Indexer {
  public:
    // The marks stay unwritten: clearing them would cost more than scanning a short message.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
    Indexer(std::string_view bytes, MessageIndex& out, LineScan scan) noexcept
        : bytes_(bytes), out_(out), scan_(scan) {}

    ParseError run() noexcept;

  private:
    void reset() noexcept;
    bool next_mark(LineMark& mark) noexcept;
    bool next_line(Line& line) noexcept;
    [[nodiscard]] bool is_fold_at(std::size_t position) const noexcept;
    [[nodiscard]] std::size_t content_end(std::size_t start, std::size_t newline) const noexcept;
    bool start_line() noexcept;
    bool header_lines() noexcept;
    void add_header(const Line& line) noexcept;
    void remember(HeaderId id) noexcept;
    [[nodiscard]] std::string_view first_value(HeaderId id) const noexcept;
    void check_mandatory() noexcept;
    void check_cseq() noexcept;
    void check_call_id() noexcept;
    void check_max_forwards() noexcept;
    void find_body() noexcept;

    void note(ParseError error) noexcept { error_ = error_ == ParseError::None ? error : error_; }

    std::string_view bytes_;
    MessageIndex& out_;
    LineScan scan_;
    ParseError error_ = ParseError::None;
    std::size_t position_ = 0; // where the next line begins
    std::size_t mark_next_ = 0;
    std::size_t mark_count_ = 0;
    std::array<LineMark, kLineMarksMax> marks_;
    std::array<std::uint16_t, kRememberedIds> first_line_ = {}; // valid where `present` says so
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
    out_.present = {};
}

bool Indexer::next_mark(LineMark& mark) noexcept {
    if (mark_next_ == mark_count_) {
        mark_next_ = 0;
        mark_count_ = scan_(bytes_.data(), bytes_.size(), position_, marks_.data());
        if (mark_count_ == 0) {
            return false;
        }
    }
    mark = marks_[mark_next_];
    ++mark_next_;
    position_ = std::size_t{mark.newline} + 1;
    return true;
}

bool Indexer::is_fold_at(std::size_t position) const noexcept {
    return position < bytes_.size() && (bytes_[position] == ' ' || bytes_[position] == '\t');
}

// The line with the lines that continue it. False: the datagram ends inside the line.
bool Indexer::next_line(Line& line) noexcept {
    LineMark mark{};
    line.start = position_;
    if (!next_mark(mark)) {
        return false;
    }
    line.colon = mark.colon;
    line.bare_cr = mark.bare_cr;
    line.end = mark.newline;
    // Behind the empty line is the body, which may begin with a space.
    while (is_fold_at(position_) && content_end(line.start, line.end) != line.start) {
        if (!next_mark(mark)) {
            return false;
        }
        line.end = mark.newline;
        line.bare_cr = line.bare_cr || mark.bare_cr;
    }
    return true;
}

// End of the text of a line whose LF is at `newline`.
std::size_t Indexer::content_end(std::size_t start, std::size_t newline) const noexcept {
    return newline > start && bytes_[newline - 1] == '\r' ? newline - 1 : newline;
}

bool Indexer::start_line() noexcept {
    while (position_ < bytes_.size() && (bytes_[position_] == '\r' || bytes_[position_] == '\n')) {
        ++position_;
    }
    if (position_ == bytes_.size()) {
        note(ParseError::Empty);
        return false;
    }
    const std::size_t start = position_;
    LineMark mark{};
    if (!next_mark(mark)) {
        note(ParseError::HeadersNotTerminated);
        return false;
    }
    const std::size_t end = content_end(start, mark.newline);
    if (mark.bare_cr) {
        note(ParseError::BareCarriageReturn);
    }
    note(parse_start_line(bytes_.substr(start, end - start), start, out_));
    return true;
}

void Indexer::remember(HeaderId id) noexcept {
    const auto number = static_cast<std::size_t>(id);
    const std::size_t word = number / 64;
    const std::uint64_t bit = std::uint64_t{1} << (number % 64);
    if ((out_.present[word] & bit) == 0) {
        out_.present[word] |= bit;
        if (number < kRememberedIds) {
            first_line_[number] = out_.header_count;
        }
    } else if ((kSingletons[word] & bit) != 0) {
        note(ParseError::DuplicateSingleton);
    }
}

void Indexer::add_header(const Line& line) noexcept {
    if (line.colon == kNoColon || line.bare_cr) {
        note(line.bare_cr ? ParseError::BareCarriageReturn : ParseError::HeaderLineMalformed);
        return;
    }
    std::size_t name_end = line.colon;
    while (name_end > line.start && (bytes_[name_end - 1] == ' ' || bytes_[name_end - 1] == '\t')) {
        --name_end;
    }
    const std::string_view name(bytes_.data() + line.start, name_end - line.start);
    if (name.size() > kHeaderNameBytesMax) {
        note(ParseError::HeaderNameTooLong);
        return;
    }
    const HeaderId id = find_header_id(name, bytes_.size() - line.start);
    if (id == HeaderId::Other && !is_token(name)) {
        note(ParseError::HeaderLineMalformed);
        return;
    }
    if (out_.header_count == kHeaderLinesMax) {
        note(ParseError::TooManyHeaderLines);
        return;
    }
    std::size_t start = line.colon + 1;
    std::size_t end = line.end;
    while (start < end && is_white_space(bytes_[start])) {
        ++start;
    }
    while (end > start && is_white_space(bytes_[end - 1])) {
        --end;
    }
    remember(id);
    HeaderLine& entry = out_.lines[out_.header_count];
    entry.name_offset = static_cast<std::uint16_t>(line.start);
    entry.value_offset = static_cast<std::uint16_t>(start);
    entry.value_bytes = static_cast<std::uint16_t>(end - start);
    entry.name_bytes = static_cast<std::uint8_t>(name.size());
    entry.id = id;
    ++out_.header_count;
}

// False: the datagram ends before the empty line.
bool Indexer::header_lines() noexcept {
    if (is_fold_at(position_)) {
        note(ParseError::HeaderLineMalformed); // continues nothing: the start line cannot be folded
    }
    Line line{};
    while (next_line(line)) {
        if (content_end(line.start, line.end) == line.start) {
            return true;
        }
        add_header(line);
    }
    note(ParseError::HeadersNotTerminated);
    return false;
}

// Only for ids below kRememberedIds that are present.
std::string_view Indexer::first_value(HeaderId id) const noexcept {
    const HeaderLine& line = out_.lines[first_line_[static_cast<std::size_t>(id)]];
    return {bytes_.data() + line.value_offset, line.value_bytes};
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
            note(mandatory.error);
        }
    }
}

void Indexer::check_cseq() noexcept {
    if (!has_header(out_, HeaderId::CSeq)) {
        return;
    }
    CSeq cseq;
    const ParseError error = parse_cseq(first_value(HeaderId::CSeq), cseq);
    note(error);
    out_.cseq_number = cseq.number;
    const std::string_view method_text(bytes_.data() + out_.method_text.offset,
                                       out_.method_text.bytes);
    if (out_.kind == MessageKind::Request) {
        if (error != ParseError::CSeqMalformed && cseq.method_text != method_text) {
            note(ParseError::CSeqMethodMismatch);
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
    if (!has_header(out_, HeaderId::CallId)) {
        return;
    }
    const std::string_view value = first_value(HeaderId::CallId);
    const bool usable = !value.empty() && std::ranges::all_of(value, [](char c) {
        return static_cast<unsigned char>(c) > ' ';
    });
    if (!usable) {
        note(ParseError::CallIdMalformed);
    }
}

void Indexer::check_max_forwards() noexcept {
    if (has_header(out_, HeaderId::MaxForwards) &&
        !parse_max_forwards(first_value(HeaderId::MaxForwards))) {
        note(ParseError::MaxForwardsMalformed);
    }
}

void Indexer::find_body() noexcept {
    const std::size_t rest = bytes_.size() - position_;
    std::size_t body_bytes = rest;
    if (has_header(out_, HeaderId::ContentLength)) {
        const auto length = parse_content_length(first_value(HeaderId::ContentLength));
        if (!length) {
            note(ParseError::ContentLengthMalformed);
        } else if (*length > rest) {
            note(ParseError::BodyShorterThanContentLength);
        } else {
            body_bytes = *length;
        }
    }
    out_.body = {static_cast<std::uint16_t>(position_), static_cast<std::uint16_t>(body_bytes)};
    out_.total_bytes = static_cast<std::uint16_t>(position_ + body_bytes);
}

ParseError Indexer::run() noexcept {
    reset();
    if (bytes_.size() > kMessageBytesMax) {
        return ParseError::MessageTooLong;
    }
    if (!start_line()) {
        return error_;
    }
    const bool terminated = header_lines();
    check_mandatory();
    check_cseq();
    check_call_id();
    check_max_forwards();
    if (terminated) {
        find_body();
    } else {
        out_.total_bytes = static_cast<std::uint16_t>(bytes_.size());
    }
    return error_;
}

LineScan scan_of(Implementation implementation) noexcept {
    return implementation == Implementation::Avx2 ? &scan_lines_avx2 : &scan_lines_scalar;
}

} // namespace

bool is_supported(Implementation implementation) noexcept {
    __builtin_cpu_init();
    // What index_avx2.cpp is compiled for; virtual machines may hide any of them.
    const bool has_avx2 = __builtin_cpu_supports("avx2") != 0 &&
                          __builtin_cpu_supports("bmi") != 0 &&
                          __builtin_cpu_supports("popcnt") != 0;
    return implementation == Implementation::Scalar || has_avx2;
}

Implementation chosen_implementation() noexcept {
    static const Implementation kChosen =
        is_supported(Implementation::Avx2) ? Implementation::Avx2 : Implementation::Scalar;
    return kChosen;
}

ParseError index_datagram_with(Implementation implementation,
                               std::string_view bytes,
                               MessageIndex& out) noexcept {
    return Indexer(bytes, out, scan_of(implementation)).run();
}

ParseError index_datagram(std::string_view bytes, MessageIndex& out) noexcept {
    return index_datagram_with(chosen_implementation(), bytes, out);
}

} // namespace tandem::sipparse
