// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: a stream in pieces. The first byte says how large they are. Whatever comes, the
// messages and errors are those of the stream in one piece. Built with libFuzzer.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sipparse/stream_framer.hpp"
#include "tests/fuzz/input.hpp"

namespace tandem::fuzz {

namespace {

struct Found {
    std::size_t begin;
    std::size_t bytes; // 0: an error
    sipparse::FrameError error;

    bool operator==(const Found&) const = default;
};

std::vector<Found> frames_in(std::string_view stream, std::size_t piece) {
    std::vector<Found> found;
    sipparse::StreamFramer framer;
    std::size_t begin = 0;
    for (std::size_t end = 0; end < stream.size();) {
        end = std::min(end + piece, stream.size());
        while (true) {
            const Piece buffer(std::span(
                reinterpret_cast<const std::uint8_t*>(stream.data()) + begin, end - begin));
            const sipparse::Frame frame = framer.look(buffer.text());
            require(frame.skipped + frame.bytes <= buffer.size());
            if (frame.error != sipparse::FrameError::None) {
                found.push_back({begin, 0, frame.error});
                return found;
            }
            if (!frame.is_whole) {
                break;
            }
            require(frame.bytes > 0);
            found.push_back({begin + frame.skipped, frame.bytes, frame.error});
            begin += frame.skipped + frame.bytes;
            framer.next();
        }
    }
    return found;
}

} // namespace

} // namespace tandem::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    fuzz::Input input(data, size);
    const std::size_t piece = 1U + input.number<std::uint8_t>();
    const fuzz::Piece stream = input.rest();
    fuzz::require(fuzz::frames_in(stream.text(), piece) ==
                  fuzz::frames_in(stream.text(), stream.size()));
    return 0;
}
