// SPDX-License-Identifier: Apache-2.0
//
// A recording of a core, as bytes of a file: a line that names the format, then records, each with
// its length and a checksum, so that a file that was damaged is told from a core that differs.
//
//   "tandem recording 1\n"   start   (step | objects)*   end
//
// start: what the core was made of. step: clocks, input, effects, objects the step changed.
// objects: everything the core is, now and then and in the last place but one. end: why nothing
// follows. A file without end is that of a process that was killed; its last record may be torn.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "controlplane/core/input.hpp"

namespace tandem::controlplane::recording {

constexpr std::string_view kFormatLine = "tandem recording 1\n";

enum class RecordType : std::uint8_t { Start = 1, Step, Objects, End };

// Why a recording ends. Only Closed is whole.
enum class EndReason : std::uint8_t {
    Closed = 1, // the process ended in order
    FellBehind, // the disk was slower than the core for longer than the buffer lasts
    Full,       // the file was as large as one may become
};

// What a core is made of.
struct Start {
    std::string program_version;
    std::string configuration; // text of the file
    std::string node;
    std::uint32_t term = 0;
    base::RandomSeed seed{};
};

struct Step {
    Now now;
    std::string_view input;   // one part, see input_fields.hpp
    std::string_view effects; // see effect_fields.hpp
    std::string_view objects; // see core/core_objects.hpp
};

[[nodiscard]] std::string start_payload(const Start& start);
[[nodiscard]] std::optional<Start> read_start(std::string_view payload);
void put_step(std::string& out, const Step& step);
[[nodiscard]] std::optional<Step> read_step(std::string_view payload);
[[nodiscard]] std::string end_payload(EndReason reason);
[[nodiscard]] std::optional<EndReason> read_end(std::string_view payload);
// A sentence for people.
[[nodiscard]] std::string_view reason_text(EndReason reason);

// Bytes a record takes beside its payload.
constexpr std::size_t kRecordHeadBytes = 4 + 4 + 1;
constexpr std::size_t kRecordBytesMax = std::size_t{1} << 30U;

void put_record(std::string& out, RecordType type, std::string_view payload);

struct Record {
    RecordType type = RecordType::End;
    std::string_view payload;
};

// Walks the records of a file that lies in memory.
class RecordReader {
  public:
    enum class State : std::uint8_t {
        Good,
        Ended,       // no byte is left
        Torn,        // the last record is shorter than it says
        Damaged,     // a checksum or a type is wrong
        NoRecording, // the first line is another one
    };

    explicit RecordReader(std::string_view file);

    // The next record; nothing, and state() says why.
    [[nodiscard]] std::optional<Record> next();

    [[nodiscard]] State state() const { return state_; }

    // Of the record next() gave last, or could not give.
    [[nodiscard]] std::size_t offset() const { return offset_; }

  private:
    std::string_view file_;
    std::size_t offset_ = 0;
    std::size_t next_ = 0;
    State state_ = State::Good;
};

} // namespace tandem::controlplane::recording
