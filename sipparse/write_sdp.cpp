// SPDX-License-Identifier: Apache-2.0
//
// Copies line by line; a line that is edited is written anew, with its own line end.
#include "sipparse/write_sdp.hpp"

#include <array>
#include <charconv>
#include <cstring>

#include "sipparse/sdp_line.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::string_view kLineEnd = "\r\n";

class Output {
  public:
    explicit Output(std::span<char> out) noexcept : out_(out) {}

    void add(std::string_view text) noexcept {
        failed_ = failed_ || text.size() > out_.size() - used_;
        if (!failed_ && !text.empty()) {
            std::memcpy(out_.data() + used_, text.data(), text.size());
            used_ += text.size();
        }
    }

    void add(std::uint64_t number) noexcept {
        std::array<char, 20> digits = {}; // 2^64 - 1
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
        add({digits.data(), static_cast<std::size_t>(end.ptr - digits.data())});
    }

    [[nodiscard]] std::string_view text() const noexcept {
        return failed_ ? std::string_view{} : std::string_view{out_.data(), used_};
    }

  private:
    std::span<char> out_;
    std::size_t used_ = 0;
    bool failed_ = false;
};

bool is_direction(std::string_view line) noexcept {
    for (const auto direction : {SdpDirection::SendReceive,
                                 SdpDirection::SendOnly,
                                 SdpDirection::ReceiveOnly,
                                 SdpDirection::Inactive}) {
        if (line.starts_with("a=") && line.substr(2) == direction_name(direction)) {
            return true;
        }
    }
    return false;
}

SdpEdit edit_of(std::span<const SdpEdit> edits, std::uint16_t media) noexcept {
    SdpEdit all;
    for (const SdpEdit& edit : edits) {
        if (edit.media && *edit.media != media) {
            continue;
        }
        all.direction = edit.direction ? edit.direction : all.direction;
        all.connection = edit.connection ? edit.connection : all.connection;
        all.port = edit.port ? edit.port : all.port;
    }
    return all;
}

void write_direction(SdpDirection direction, std::string_view end, Output& out) noexcept {
    out.add("a=");
    out.add(direction_name(direction));
    out.add(end);
}

void write_connection(const SdpConnection& connection, std::string_view end, Output& out) noexcept {
    out.add("c=IN ");
    out.add(connection.address_type);
    out.add(" ");
    out.add(connection.address);
    out.add(end);
}

void write_line(const SdpLine& line, Output& out) noexcept {
    out.add(line.text);
    out.add(line.end);
}

// "m=<media> <port>..."
void write_head(const SdpLine& line, const SdpEdit& edit, Output& out) noexcept {
    if (!edit.port) {
        write_line(line, out);
        return;
    }
    const std::size_t port = line.text.find(' ') + 1;
    out.add(line.text.substr(0, port));
    out.add(std::uint64_t{*edit.port});
    out.add(line.text.substr(line.text.find_first_of(" /", port)));
    out.add(line.end);
}

// Where the c= line of a media belongs: behind m= and i= (RFC 8866 9).
bool stands_before_connection(std::string_view line) noexcept {
    return line.starts_with("m=") || line.starts_with("i=");
}

void write_media(const SdpMedia& media, const SdpEdit& edit, Output& out) noexcept {
    std::string_view rest = media.text;
    SdpLine last = take_sdp_line(rest);
    write_head(last, edit, out);
    const std::string_view end = last.end.empty() ? kLineEnd : last.end; // of what is added
    bool wants_connection = edit.connection.has_value();
    bool wants_direction = edit.direction.has_value();
    while (!rest.empty()) {
        const SdpLine line = take_sdp_line(rest);
        if (wants_connection && !stands_before_connection(line.text)) {
            write_connection(*edit.connection, end, out);
            wants_connection = false;
        }
        const bool replaces_direction = edit.direction && is_direction(line.text);
        if (replaces_direction && wants_direction) {
            write_direction(*edit.direction, end, out);
            wants_direction = false;
        }
        if (replaces_direction || (edit.connection && line.text.starts_with("c="))) {
            continue;
        }
        write_line(line, out);
        last = line;
    }
    if (last.end.empty() && (wants_connection || wants_direction)) {
        out.add(end); // the text ended without one
    }
    if (wants_connection) {
        write_connection(*edit.connection, end, out);
    }
    if (wants_direction) {
        write_direction(*edit.direction, end, out);
    }
}

// "o=<username> <sess-id> <sess-version> ..."; without a third word as it is.
void write_origin(const SdpLine& line, std::uint64_t version, Output& out) noexcept {
    constexpr auto kNowhere = std::string_view::npos;
    const std::size_t first = line.text.find(' ');
    const std::size_t second = first == kNowhere ? first : line.text.find(' ', first + 1);
    const std::size_t third = second == kNowhere ? second : line.text.find(' ', second + 1);
    if (third == kNowhere) {
        write_line(line, out);
        return;
    }
    out.add(line.text.substr(0, second + 1));
    out.add(version);
    out.add(line.text.substr(third));
    out.add(line.end);
}

void write_session(const Sdp& sdp, const SdpEdits& edits, Output& out) noexcept {
    std::string_view rest = sdp.session;
    while (!rest.empty()) {
        const SdpLine line = take_sdp_line(rest);
        if (edits.version && line.text.starts_with("o=")) {
            write_origin(line, *edits.version, out);
        } else {
            write_line(line, out);
        }
    }
}

} // namespace

std::string_view write_sdp(const Sdp& sdp, const SdpEdits& edits, std::span<char> out) noexcept {
    Output output(out);
    write_session(sdp, edits, output);
    std::uint16_t number = 0;
    for (const SdpMedia& media : sdp.medias()) {
        write_media(media, edit_of(edits.medias, number), output);
        ++number;
    }
    return output.text();
}

} // namespace tandem::sipparse
