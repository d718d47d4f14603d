// SPDX-License-Identifier: Apache-2.0
//
// RFC 8866. Of the lines only these matter here (9):
//
//   proto-version  = "v=" 1*DIGIT
//   origin-field   = "o=" username SP sess-id SP sess-version SP nettype SP addrtype SP address
//   connection     = "c=" nettype SP addrtype SP connection-address
//   media-field    = "m=" media SP port [ "/" integer ] SP proto 1*( SP fmt )
//   attribute      = "a=" attribute-name [ ":" attribute-value ]
//
// All others need to be a small letter, "=" and text.
#include "sipparse/sdp.hpp"

#include <array>

#include "sipparse/lexical.hpp"
#include "sipparse/sdp_line.hpp"

namespace tandem::sipparse {

namespace {

constexpr std::uint64_t kPortMax = 65'535;
constexpr std::uint64_t kMediaMax = 65'535;

// Takes the text up to the next space off the front, and the space.
std::string_view take_word(std::string_view& text) noexcept {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
    return word;
}

bool parse_connection(std::string_view value, SdpConnection& out) noexcept {
    const std::string_view network = take_word(value);
    SdpConnection connection;
    connection.address_type = take_word(value);
    const std::string_view address = take_word(value);
    connection.address = address.substr(0, address.find('/'));
    if (network.empty() || connection.address_type.empty() || !connection.is_set() ||
        !value.empty()) {
        return false;
    }
    out = connection;
    return true;
}

bool parse_media(std::string_view value, SdpMedia& out) noexcept {
    out.type = take_word(value);
    const std::string_view port_text = take_word(value);
    const std::size_t slash = port_text.find('/');
    const auto port = parse_number(port_text.substr(0, slash), kPortMax);
    const auto ports = slash == std::string_view::npos
                           ? std::optional<std::uint64_t>(1)
                           : parse_number(port_text.substr(slash + 1), kPortMax);
    out.protocol = take_word(value);
    out.formats = value;
    if (!is_token(out.type) || !port || !ports || *ports == 0 || out.protocol.empty() ||
        value.empty()) {
        return false;
    }
    out.port = static_cast<std::uint16_t>(*port);
    out.ports = static_cast<std::uint16_t>(*ports);
    return true;
}

std::optional<SdpDirection> direction_of(std::string_view attribute) noexcept {
    for (const auto direction : {SdpDirection::SendReceive,
                                 SdpDirection::SendOnly,
                                 SdpDirection::ReceiveOnly,
                                 SdpDirection::Inactive}) {
        if (attribute == direction_name(direction)) {
            return direction;
        }
    }
    return std::nullopt;
}

// What the attribute lines of the session or of a media say.
struct Attributes {
    SdpDirection direction;
    bool has_ice;
    bool has_srtp;

    void add(std::string_view attribute) noexcept {
        if (const auto found = direction_of(attribute)) {
            direction = *found;
        }
        has_ice = has_ice || attribute.starts_with("ice-ufrag:");
        has_srtp =
            has_srtp || attribute.starts_with("crypto:") || attribute.starts_with("fingerprint:");
    }
};

// The payload types of RFC 3551 section 6 that need no rtpmap and are still met.
struct StaticCodec {
    std::string_view payload_type;
    SdpCodec codec;
};

constexpr auto kStaticCodecs = std::to_array<StaticCodec>({
    {"0", {"PCMU", 8'000, 1}},
    {"3", {"GSM", 8'000, 1}},
    {"4", {"G723", 8'000, 1}},
    {"7", {"LPC", 8'000, 1}},
    {"8", {"PCMA", 8'000, 1}},
    {"9", {"G722", 8'000, 1}},
    {"10", {"L16", 44'100, 2}},
    {"11", {"L16", 44'100, 1}},
    {"13", {"CN", 8'000, 1}},
    {"15", {"G728", 8'000, 1}},
    {"18", {"G729", 8'000, 1}},
    {"26", {"JPEG", 90'000, 1}},
    {"31", {"H261", 90'000, 1}},
    {"34", {"H263", 90'000, 1}},
});

// "<encoding>/<clock rate>[/<channels>]"
std::optional<SdpCodec> parse_codec(std::string_view text) noexcept {
    SdpCodec codec;
    const std::size_t slash = text.find('/');
    codec.encoding = text.substr(0, slash);
    if (codec.encoding.empty() || slash == std::string_view::npos) {
        return std::nullopt;
    }
    text.remove_prefix(slash + 1);
    const std::size_t second = text.find('/');
    const auto clock = parse_number(text.substr(0, second), 0xffff'ffff);
    const auto channels = second == std::string_view::npos
                              ? std::optional<std::uint64_t>(1)
                              : parse_number(text.substr(second + 1), 255);
    if (!clock || !channels) {
        return std::nullopt;
    }
    codec.clock_hz = static_cast<std::uint32_t>(*clock);
    codec.channels = static_cast<std::uint8_t>(*channels);
    return codec;
}

// Goes over the lines once, for parse_sdp.
class Reader {
  public:
    explicit Reader(std::string_view body) noexcept : body_(body) {}

    SdpResult read() noexcept;

  private:
    [[nodiscard]] SdpError take(std::string_view line) noexcept;
    [[nodiscard]] SdpError take_media(std::string_view value) noexcept;
    [[nodiscard]] SdpError take_connection(std::string_view value) noexcept;
    [[nodiscard]] bool lacks_connection() const noexcept;

    std::string_view body_;
    Sdp sdp_;
    Attributes attributes_{SdpDirection::SendReceive, false, false}; // of the session
    SdpMedia media_; // the last one, as far as its lines were read
    std::size_t position_ = 0;
    std::size_t media_start_ = 0;
};

// A media that is refused needs none.
bool Reader::lacks_connection() const noexcept {
    return sdp_.media_count > 0 && !media_.is_refused() && !media_.connection.is_set();
}

SdpError Reader::take_media(std::string_view value) noexcept {
    if (lacks_connection()) {
        return SdpError::ConnectionMissing;
    }
    if (sdp_.media_count == 0) {
        sdp_.session = body_.substr(0, position_);
    }
    media_ = {};
    if (sdp_.media_count == kMediaMax || !parse_media(value, media_)) {
        return SdpError::MediaMalformed;
    }
    media_.connection = sdp_.connection;
    media_start_ = position_;
    ++sdp_.media_count;
    sdp_.has_srtp = sdp_.has_srtp || media_.protocol.find("SAVP") != std::string_view::npos;
    return SdpError::None;
}

SdpError Reader::take_connection(std::string_view value) noexcept {
    SdpConnection& connection = sdp_.media_count == 0 ? sdp_.connection : media_.connection;
    return parse_connection(value, connection) ? SdpError::None : SdpError::ConnectionMalformed;
}

SdpError Reader::take(std::string_view line) noexcept {
    // A text has no CR of its own (9, byte-string).
    if (line.size() < 2 || line[1] != '=' || line[0] < 'a' || line[0] > 'z' ||
        line.find('\r') != std::string_view::npos) {
        return SdpError::LineMalformed;
    }
    const std::string_view value = line.substr(2);
    switch (line[0]) {
    case 'o':
        sdp_.origin = value;
        return SdpError::None;
    case 'c':
        return take_connection(value);
    case 'm':
        return take_media(value);
    case 'a': {
        Attributes of_media{SdpDirection::SendReceive, false, false};
        Attributes& attributes = sdp_.media_count == 0 ? attributes_ : of_media;
        attributes.add(value);
        sdp_.has_ice = sdp_.has_ice || attributes.has_ice;
        sdp_.has_srtp = sdp_.has_srtp || attributes.has_srtp;
        return SdpError::None;
    }
    default:
        return SdpError::None;
    }
}

SdpResult Reader::read() noexcept {
    if (body_.empty()) {
        return {sdp_, SdpError::Empty, 0};
    }
    const SdpLine version = first_sdp_line(body_);
    if (version.text != "v=0") {
        return {sdp_, SdpError::VersionMissing, 0};
    }
    position_ = version.bytes();
    while (position_ < body_.size()) {
        const SdpLine line = first_sdp_line(body_.substr(position_));
        if (line.text.empty()) {
            break;
        }
        if (const SdpError error = take(line.text); error != SdpError::None) {
            const bool of_media = error == SdpError::ConnectionMissing;
            return {sdp_, error, of_media ? media_start_ : position_};
        }
        position_ += line.bytes();
    }
    sdp_.text = body_.substr(0, position_);
    if (sdp_.media_count == 0) {
        sdp_.session = sdp_.text;
    }
    sdp_.direction = attributes_.direction;
    if (sdp_.origin.empty()) {
        return {sdp_, SdpError::OriginMissing, 0};
    }
    return lacks_connection() ? SdpResult{sdp_, SdpError::ConnectionMissing, media_start_}
                              : SdpResult{sdp_, SdpError::None, 0};
}

} // namespace

std::string_view sentence(SdpError error) noexcept {
    constexpr auto kSentences = std::to_array<std::string_view>({
        "well formed",
        "no session description",
        "malformed line of a session description",
        "session description without v=0",
        "session description without o=",
        "malformed connection of a session description",
        "media without a connection address",
        "malformed media of a session description",
    });
    const auto row = static_cast<std::size_t>(error);
    return row < kSentences.size() ? kSentences[row] : std::string_view{};
}

std::string_view direction_name(SdpDirection direction) noexcept {
    constexpr auto kNames =
        std::to_array<std::string_view>({"sendrecv", "sendonly", "recvonly", "inactive"});
    const auto row = static_cast<std::size_t>(direction);
    return row < kNames.size() ? kNames[row] : std::string_view{};
}

bool SdpConnection::is_hold() const noexcept {
    return address == "0.0.0.0" || address == "::";
}

std::optional<SdpCodec> SdpMedia::codec(std::string_view payload_type) const noexcept {
    std::string_view rest = text;
    while (!rest.empty()) {
        const SdpLine line = first_sdp_line(rest);
        constexpr std::string_view kMap = "a=rtpmap:";
        if (line.text.starts_with(kMap)) {
            std::string_view value = line.text.substr(kMap.size());
            if (take_word(value) == payload_type) {
                return parse_codec(value);
            }
        }
        rest.remove_prefix(line.bytes());
    }
    for (const StaticCodec& row : kStaticCodecs) {
        if (row.payload_type == payload_type) {
            return row.codec;
        }
    }
    return std::nullopt;
}

SdpMedias Sdp::medias() const noexcept {
    return SdpMedias(*this);
}

SdpResult parse_sdp(std::string_view body) noexcept {
    return Reader(body).read();
}

SdpMedias::Iterator::Iterator(const Sdp& sdp) noexcept
    : rest_(sdp.text.substr(sdp.session.size())), connection_(sdp.connection),
      direction_(sdp.direction) {
    Attributes of_session{SdpDirection::SendReceive, false, false};
    std::string_view lines = sdp.session;
    while (!lines.empty()) {
        const SdpLine line = first_sdp_line(lines);
        if (line.text.starts_with("a=")) {
            of_session.add(line.text.substr(2));
        }
        lines.remove_prefix(line.bytes());
    }
    session_has_ice_ = of_session.has_ice;
    session_has_srtp_ = of_session.has_srtp;
    advance();
}

void SdpMedias::Iterator::advance() noexcept {
    media_ = {};
    if (rest_.empty()) {
        return;
    }
    const SdpLine head = first_sdp_line(rest_);
    parse_media(head.text.substr(2), media_); // was well formed
    media_.connection = connection_;
    Attributes attributes{direction_, session_has_ice_, session_has_srtp_};
    std::size_t bytes = head.bytes();
    while (bytes < rest_.size()) {
        const SdpLine line = first_sdp_line(rest_.substr(bytes));
        if (line.text.starts_with("m=")) {
            break;
        }
        if (line.text.starts_with("c=")) {
            parse_connection(line.text.substr(2), media_.connection);
        } else if (line.text.starts_with("a=")) {
            attributes.add(line.text.substr(2));
        }
        bytes += line.bytes();
    }
    media_.text = rest_.substr(0, bytes);
    media_.direction = attributes.direction;
    media_.has_ice = attributes.has_ice;
    media_.has_srtp = attributes.has_srtp || media_.protocol.find("SAVP") != std::string_view::npos;
    rest_.remove_prefix(bytes);
}

} // namespace tandem::sipparse
