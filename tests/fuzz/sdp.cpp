// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: a session description and edits of it. What is read lies in the text and adds up to
// it. What was edited is read back as it was asked for, and without edits it is the same text.
// Built with libFuzzer.
#include "sipparse/sdp.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sipparse/write_sdp.hpp"
#include "tests/fuzz/input.hpp"

namespace tandem::fuzz {

namespace {

using namespace sipparse; // NOLINT(google-build-using-namespace): all of it is under test

constexpr std::size_t kTextBytesMax = 4096;

void check_parts(const Sdp& sdp) {
    std::size_t bytes = sdp.session.size();
    std::size_t count = 0;
    for (const SdpMedia& media : sdp.medias()) {
        require(media.text.data() == sdp.text.data() + bytes);
        bytes += media.text.size();
        ++count;
        static_cast<void>(media.codec("101"));
    }
    require(bytes == sdp.text.size() && count == sdp.media_count);
}

SdpEdit edit_from(Input& input) {
    SdpEdit edit;
    const auto choice = input.number<std::uint8_t>();
    if ((choice & 1U) != 0) {
        edit.direction = static_cast<SdpDirection>(choice >> 6U);
    }
    if ((choice & 2U) != 0) {
        edit.connection = SdpConnection{"IP6", "2001:db8::1"};
    }
    if ((choice & 4U) != 0) {
        edit.port = input.number<std::uint16_t>();
    }
    return edit;
}

void check_edited(const Sdp& before, const SdpEdit& edit) {
    std::vector<char> out(kTextBytesMax * 64);
    const std::string_view text = write_sdp(before, {.medias = std::span(&edit, 1)}, out);
    const SdpResult after = parse_sdp(text);
    // A port may give a media without a connection one that it needs.
    if (after.error == SdpError::ConnectionMissing && edit.port) {
        return;
    }
    require(after.error == SdpError::None && after.sdp.media_count == before.media_count);
    require(after.sdp.session == before.session || before.media_count == 0);
    auto old = before.medias().begin();
    for (const SdpMedia& media : after.sdp.medias()) {
        require(media.direction == edit.direction.value_or(old->direction));
        require(media.port == edit.port.value_or(old->port));
        require(media.type == old->type && media.formats == old->formats);
        require(!edit.connection || media.connection.address == edit.connection->address);
        ++old;
    }
}

} // namespace

} // namespace tandem::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    fuzz::Input input(data, size);
    const auto edit = fuzz::edit_from(input);
    const fuzz::Piece text = input.piece(fuzz::kTextBytesMax);
    const auto result = sipparse::parse_sdp(text.text());
    if (result.error != sipparse::SdpError::None) {
        fuzz::require(result.error_offset <= text.size());
        return 0;
    }
    fuzz::check_parts(result.sdp);
    std::vector<char> out(text.size());
    fuzz::require(sipparse::write_sdp(result.sdp, {}, out) == result.sdp.text);
    fuzz::check_edited(result.sdp, edit);
    return 0;
}
