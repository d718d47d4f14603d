// SPDX-License-Identifier: Apache-2.0
//
// Writes down what a core is given and what it does (recording/format.hpp), for tests and for
// faults that nobody can repeat: option record-inputs. The core thread only copies into a buffer; a
// thread of its own writes the file. When that falls behind, the recording ends with a record that
// says so: it never has a gap. step() and close() belong to the core thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/result.hpp"
#include "controlplane/core/core.hpp"
#include "controlplane/recording/effect_fields.hpp"
#include "controlplane/recording/field_bytes.hpp"
#include "controlplane/recording/format.hpp"
#include "controlplane/recording/input_fields.hpp"

namespace tandem::controlplane {

class Recorder {
  public:
    struct Limits {
        // What may wait for the disk: seconds of a busy switch, and several times all objects of
        // ten thousand calls.
        std::size_t buffer_bytes = std::size_t{256} << 20U;
        std::size_t file_bytes = std::size_t{4} << 30U;
    };

    // A new file in `directory`, which is made when it is not there; the error is a sentence.
    // Readable for its owner only: it holds passwords, and the seed of all tags and nonces.
    [[nodiscard]] static base::Result<std::unique_ptr<Recorder>, std::string>
    start(const std::string& directory, const recording::Start& start);
    // Records to a descriptor, which it closes at the end.
    Recorder(int descriptor, const recording::Start& start, Limits limits);
    // Writes what is left.
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    // What the core to be recorded is given as its effects; they go on to `next`. Once, before the
    // core is made; `next` outlives the core.
    [[nodiscard]] Effects& between(Effects& next);

    // Steps the core and records it; the watcher is the core's affair and stands in no recording.
    void
    step(Core& core, const Input& input, const Now& now, base::StageWatcher* watcher = nullptr);
    // After the last step: compares everything once more and ends the recording as whole.
    void close(const Core& core);

    // Why nothing is recorded any more. Core thread.
    [[nodiscard]] std::optional<recording::EndReason> ended() const { return ended_; }

  private:
    void put_objects(const Core& core);
    void put(recording::RecordType type, const std::string& payload);
    void end(recording::EndReason reason);
    void hand_over(const std::string& record);
    void write_file();
    [[nodiscard]] bool write_all(const std::string& bytes);

    int descriptor_;
    Limits limits_;
    // Core thread.
    std::optional<recording::EffectFields> between_;
    recording::FieldBytes input_;
    recording::FieldBytes effects_;
    recording::FieldBytes objects_;
    std::string payload_;
    std::string record_;
    std::size_t file_bytes_ = 0;
    std::size_t since_objects_bytes_ = 0;
    std::size_t objects_bytes_ = 0; // of all objects, when they were written last
    std::uint32_t since_objects_steps_ = 0;
    std::optional<recording::EndReason> ended_;

    std::mutex mutex_; // guards what is below; never held while the disk is waited for
    std::condition_variable news_;
    std::string waiting_; // for the writer
    bool is_last_ = false;
    std::thread writer_; // last: it uses all above
};

} // namespace tandem::controlplane
