// SPDX-License-Identifier: Apache-2.0
//
// The body as a session description.
#include <array>

#include "sipparse/sdp.hpp"
#include "tests/torture/observation_families.hpp"

namespace tandem::torture {

namespace {

using sipparse::Sdp;
using sipparse::SdpConnection;
using sipparse::SdpMedia;

// "IP6 2001:db8::1"
std::string connection_text(const SdpConnection& connection) {
    if (!connection.is_set()) {
        return std::string(kNone);
    }
    return std::string(connection.address_type) + " " + std::string(connection.address);
}

std::string codec_text(const SdpMedia& media, std::string_view payload_type) {
    const auto codec = media.codec(payload_type);
    return codec ? std::string(codec->encoding) + "/" + std::to_string(codec->clock_hz)
                 : std::string(kNone);
}

std::string observe_media(const Key& key, const SdpMedia& media) {
    if (key.property == "connection") {
        return connection_text(media.connection);
    }
    if (key.property == "type") {
        return std::string(media.type);
    }
    if (key.property == "port") {
        return std::to_string(media.port);
    }
    return key.property == "codec" ? codec_text(media, key.argument) : std::string(kUnknownKey);
}

} // namespace

std::string observe_sdp(const Key& key, const sipparse::MessageView& view) {
    const sipparse::SdpResult result = sipparse::parse_sdp(view.body());
    if (result.error != sipparse::SdpError::None) {
        return std::string(sipparse::sentence(result.error));
    }
    if (key.property == "media-count") {
        return std::to_string(result.sdp.media_count);
    }
    if (key.property == "session-connection") {
        return connection_text(result.sdp.connection);
    }
    if (key.property == "origin") {
        return std::string(result.sdp.origin);
    }
    std::size_t number = 0;
    for (const SdpMedia& media : result.sdp.medias()) {
        if (++number == key.element) {
            return observe_media(key, media);
        }
    }
    return std::string(kNone);
}

} // namespace tandem::torture
