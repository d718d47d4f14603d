// SPDX-License-Identifier: Apache-2.0
//
// Writes the seeds of the fuzz target `frame` from the cases of the replay suite, one for each, as
// the steps of frame_world.hpp: frame_seeds CASES-DIRECTORY OUTPUT-DIRECTORY. Run by the build.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/fuzz/frame_world.hpp"
#include "tests/replay/case_file.hpp"
#include "tests/replay/frame_text.hpp"

namespace tandem::fuzz {

namespace {

class Seed {
  public:
    explicit Seed(const replay::Case& from) {
        if (from.core) {
            add(FrameStep::Attach);
            add(FrameStep::Read);
        }
        std::uint64_t now_ms = 0;
        for (const replay::Step& step : from.steps) {
            wait(step.at_ms - now_ms);
            now_ms = step.at_ms;
            if (step.kind == "in") {
                add_frame(step);
            } else if (step.kind == "core") {
                add(FrameStep::Read);
                add_command(step);
            }
        }
    }

    [[nodiscard]] const std::string& bytes() const { return bytes_; }

  private:
    void add(FrameStep step) { bytes_ += static_cast<char>(step); }

    void add_number(std::uint64_t value, std::size_t bytes) {
        for (; bytes > 0; --bytes, value >>= 8U) {
            bytes_ += static_cast<char>(value & 0xffU);
        }
    }

    void add_text(std::string_view text) {
        add_number(text.size(), 2);
        bytes_ += text;
    }

    void wait(std::uint64_t ms) {
        constexpr std::uint64_t kLongMs = 5'000;
        constexpr std::uint64_t kUnitMs = 20;
        if (ms == 0) {
            return;
        }
        add(FrameStep::Wait);
        const std::uint64_t units = (ms + kUnitMs - 1) / kUnitMs;
        add_number(ms > kLongMs || units % 8 == 7 ? units | 7U : units, 1);
    }

    // A plain datagram of the phone becomes one whose checksums the target makes, so that what the
    // search does to its payload is not lost to them.
    void add_frame(const replay::Step& step) {
        if (step.words == "udp 10.77.0.100:5060 > 10.77.0.10:5060") {
            add(FrameStep::Datagram);
            add_number(0, 1);
            add_text(step.payload);
            return;
        }
        add(FrameStep::Frame);
        add_text(replay::frame_from_text(step.words, step.payload));
    }

    void add_command(const replay::Step& step) {
        const std::string verb = step.words.substr(0, step.words.find(' '));
        if (verb == "answer" || verb == "answer-invite") {
            add(FrameStep::Answer);
            add_number(verb == "answer" ? 0 : 1, 1);
            add_number(std::stoul(step.words.substr(verb.size() + 1)) - 100, 2);
            add_number(step.words.find("reliable=1") != std::string::npos ? 3 : 0, 1);
        } else if (verb == "request") {
            add(FrameStep::Request);
            add_number(0, 1);
            add_text(step.payload);
        } else if (verb == "stop") {
            add(FrameStep::Stop);
            add_number(0, 1);
            add_number(1, 1);
        } else if (verb == "garbage") {
            add(FrameStep::Record);
            add_number(6, 2);
            add_text("12345678");
        } else if (verb == "die") {
            add(FrameStep::Die);
        }
    }

    std::string bytes_;
};

void write_all(const std::filesystem::path& cases, const std::filesystem::path& out) {
    std::filesystem::create_directories(out);
    for (const auto& entry : std::filesystem::directory_iterator(cases)) {
        const Seed seed(replay::read_case(entry.path().string()));
        const auto path = out / entry.path().stem();
        std::ofstream(path, std::ios::binary) << seed.bytes();
    }
}

} // namespace

} // namespace tandem::fuzz

int main(int count, char** words) {
    if (count != 3) {
        std::fputs("usage: frame_seeds CASES-DIRECTORY OUTPUT-DIRECTORY\n", stderr);
        return 2;
    }
    try {
        tandem::fuzz::write_all(words[1], words[2]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "frame_seeds: %s\n", error.what());
        return 1;
    }
    return 0;
}
