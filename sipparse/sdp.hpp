// SPDX-License-Identifier: Apache-2.0
//
// Session descriptions (RFC 8866) as a switch reads them: where media goes, in which direction, by
// which codecs, and whether ICE (RFC 8839) or SRTP (RFC 4568, RFC 5764) is in play. One pass looks
// at each line once; media are then read one at a time. All texts are views into the description,
// which must outlive them. Nothing is decoded and nothing allocated; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/list_values.hpp"

namespace tandem::sipparse {

enum class SdpError : std::uint8_t {
    None,
    Empty,
    LineMalformed,       // not one small letter, "=", text without CR
    VersionMissing,      // the first line is not v=0 (RFC 8866 5.1)
    OriginMissing,       // no o= line (5.2)
    ConnectionMalformed, // not <nettype> <addrtype> <address> (5.7)
    ConnectionMissing,   // neither the session nor the media has one (5.7)
    MediaMalformed,      // not <media> <port>[/<count>] <proto> <format> ... (5.14)
};

[[nodiscard]] std::string_view sentence(SdpError error) noexcept;

// a=sendrecv, sendonly, recvonly, inactive (RFC 8866 6.7)
enum class SdpDirection : std::uint8_t { SendReceive, SendOnly, ReceiveOnly, Inactive };

[[nodiscard]] std::string_view direction_name(SdpDirection direction) noexcept;

struct SdpConnection {
    std::string_view address_type; // "IP4" or "IP6", as written
    std::string_view address;      // a TTL or count behind "/" is cut off

    [[nodiscard]] bool is_set() const noexcept { return !address.empty(); }

    // The address that means "send nothing" (RFC 3264 8.4): 0.0.0.0, or :: .
    [[nodiscard]] bool is_hold() const noexcept;
};

// "a=rtpmap:<payload type> <encoding>/<clock rate>[/<channels>]" (RFC 8866 6.6), or what RFC 3551
// gives to a payload type without one.
struct SdpCodec {
    std::string_view encoding; // "PCMU", as written
    std::uint32_t clock_hz = 0;
    std::uint8_t channels = 1;
};

// One media description: its m= line and all lines up to the next one.
struct SdpMedia {
    std::string_view text;     // all of it
    std::string_view type;     // "audio"
    std::string_view protocol; // "RTP/AVP"
    std::string_view formats;  // "0 8 101": of RTP, payload types
    SdpConnection connection;  // its own, or else that of the session
    std::uint16_t port = 0;    // 0: the stream is refused or gone (RFC 3264 6, 8.2)
    std::uint16_t ports = 1;   // behind "/"
    SdpDirection direction = SdpDirection::SendReceive; // its own, or that of the session
    bool has_ice = false;                               // a=ice-ufrag here or in the session
    bool has_srtp = false; // a=crypto, a=fingerprint or a protocol with SAVP

    [[nodiscard]] bool is_refused() const noexcept { return port == 0; }

    // The codec of a payload type of `formats`; nothing: it is dynamic and has no rtpmap. Each call
    // reads the lines of the media: ask for those you want, not for all a sender may list.
    [[nodiscard]] std::optional<SdpCodec> codec(std::string_view payload_type) const noexcept;
};

class SdpMedias;

// A description whose lines were all looked at.
struct Sdp {
    std::string_view text;
    std::string_view origin;  // value of o=
    std::string_view session; // the lines before the first m= line
    SdpConnection connection; // of the session; not set: each media has its own
    SdpDirection direction = SdpDirection::SendReceive; // of the session
    std::uint16_t media_count = 0;
    bool has_ice = false;  // anywhere
    bool has_srtp = false; // anywhere

    // for (const SdpMedia& media : sdp.medias()), in the order of the m= lines.
    [[nodiscard]] SdpMedias medias() const noexcept;
};

struct SdpResult {
    Sdp sdp;
    SdpError error = SdpError::None;
    std::size_t error_offset = 0; // of the line that is wrong
};

// Reads a body of type application/sdp. Lines may end in CRLF or LF (RFC 8866 9 wants CRLF and
// tolerance); what stands behind an empty line is not part of it.
[[nodiscard]] SdpResult parse_sdp(std::string_view body) noexcept;

class SdpMedias {
  public:
    explicit SdpMedias(const Sdp& sdp) noexcept : sdp_(sdp) {}

    class Iterator {
      public:
        explicit Iterator(const Sdp& sdp) noexcept;

        [[nodiscard]] const SdpMedia& operator*() const noexcept { return media_; }

        [[nodiscard]] const SdpMedia* operator->() const noexcept { return &media_; }

        Iterator& operator++() noexcept {
            advance();
            return *this;
        }

        [[nodiscard]] bool operator==(EndOfRange /*end*/) const noexcept {
            return media_.text.empty();
        }

      private:
        void advance() noexcept;

        std::string_view rest_; // from the next m= line on
        SdpMedia media_;
        SdpConnection connection_;
        SdpDirection direction_;
        bool session_has_ice_;
        bool session_has_srtp_;
    };

    [[nodiscard]] Iterator begin() const noexcept { return Iterator(sdp_); }

    [[nodiscard]] static EndOfRange end() noexcept { return {}; }

  private:
    Sdp sdp_;
};

} // namespace tandem::sipparse
