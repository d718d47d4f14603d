// SPDX-License-Identifier: Apache-2.0
//
// One pass over the records. The first difference ends it: after it nothing can be expected to be
// the same.
#include "controlplane/recording/replay.hpp"

#include <fmt/format.h>
#include <optional>

#include "config/load_file.hpp"
#include "controlplane/core/core.hpp"
#include "controlplane/recording/effect_fields.hpp"
#include "controlplane/recording/field_bytes.hpp"
#include "controlplane/recording/format.hpp"
#include "controlplane/recording/input_fields.hpp"
#include "controlplane/recording/object_shadow.hpp"

namespace tandem::controlplane::recording {

namespace {

constexpr const char* kConfigurationName = "the recorded configuration";

class Replay {
  public:
    explicit Replay(std::string_view file) : records_(file), effects_(effect_bytes_) {}

    ReplayResult run() {
        while (goes_on()) {
        }
        return std::move(result_);
    }

  private:
    // One record; false after the last one.
    bool goes_on() {
        const auto record = records_.next();
        if (!record) {
            return finish();
        }
        if (end_) {
            return unreadable("something follows its end");
        }
        if (!core_) {
            return start(*record);
        }
        switch (record->type) {
        case RecordType::Start:
            return unreadable("a second start");
        case RecordType::Step:
            return step(record->payload);
        case RecordType::Objects:
            return compare_objects(record->payload);
        case RecordType::End:
            end_ = read_end(record->payload);
            return end_ ? true : unreadable("an end without a reason");
        }
        return unreadable("a record of no known type");
    }

    bool start(const Record& record) {
        auto start = record.type == RecordType::Start ? read_start(record.payload) : std::nullopt;
        if (!start) {
            return unreadable("does not begin with what the core was made of");
        }
        if (start->program_version != TANDEM_VERSION) {
            return unreadable(fmt::format("was made by version {}, this is version {}",
                                          start->program_version,
                                          TANDEM_VERSION));
        }
        start_ = std::move(*start);
        auto loaded = config::load_text(start_.configuration, kConfigurationName);
        if (!loaded) {
            return unreadable(config::problems_text(loaded.error()));
        }
        configuration_ = std::move(*loaded);
        core_.emplace(configuration_,
                      CoreSeed{.random = start_.seed, .node = start_.node, .term = start_.term},
                      effects_);
        return true;
    }

    bool step(std::string_view payload) {
        const auto step = read_step(payload);
        if (!step) {
            return unreadable("a step that does not read");
        }
        const auto input = inputs_.read(step->input);
        if (!input) {
            return unreadable("an input that does not read");
        }
        ++result_.steps;
        effect_bytes_.clear();
        core_->step(*input, step->now);
        if (effect_bytes_.bytes() != step->effects) {
            return differs(*input, "effect " + first_difference(effect_bytes_, step->effects));
        }
        changed_.clear();
        core_->write_changed_objects(changed_);
        if (changed_.bytes() != step->objects) {
            return differs(*input, "object " + first_difference(changed_, step->objects));
        }
        const auto complaint = shadow_.take_changes(changed_);
        return complaint.empty() ? true : differs(*input, "an object's " + complaint);
    }

    bool compare_objects(std::string_view payload) {
        ++result_.comparisons;
        all_.clear();
        core_->write_core(all_);
        core_->write_objects(all_);
        if (all_.bytes() != payload) {
            return differs("object " + first_difference(all_, payload));
        }
        const auto complaint = shadow_.compare(all_);
        return complaint.empty() ? true : differs("an object " + complaint);
    }

    bool finish() {
        switch (records_.state()) {
        case RecordReader::State::NoRecording:
            return unreadable("is no recording of this format");
        case RecordReader::State::Damaged:
            return unreadable("is damaged");
        case RecordReader::State::Torn:
            if (end_ || !core_) {
                return unreadable("is torn");
            }
            break;
        case RecordReader::State::Good:
        case RecordReader::State::Ended:
            if (!core_) {
                return unreadable("is empty");
            }
            break;
        }
        result_.closed = end_ == EndReason::Closed;
        result_.verdict = !end_ || result_.closed ? Verdict::Same : Verdict::Incomplete;
        result_.text = end_ ? reason_text(*end_) : "not closed: the process was killed";
        return false;
    }

    bool unreadable(std::string_view why) {
        result_.verdict = Verdict::Unreadable;
        result_.text = fmt::format("at byte {}: {}", records_.offset(), why);
        return false;
    }

    bool differs(std::string_view what) {
        result_.verdict = Verdict::Differs;
        result_.text = fmt::format("after step {}: {}", result_.steps, what);
        return false;
    }

    bool differs(const Input& input, std::string_view what) {
        NamedBytes fields;
        write_input(fields, input);
        result_.verdict = Verdict::Differs;
        result_.text =
            fmt::format("step {}: {}\n  input: {}", result_.steps, what, part_text(fields, 0));
        return false;
    }

    RecordReader records_;
    ReplayResult result_;
    std::optional<EndReason> end_;
    Start start_;
    config::Configuration configuration_;
    InputReader inputs_;
    NamedBytes effect_bytes_;
    NamedBytes changed_;
    NamedBytes all_;
    EffectFields effects_;
    ObjectShadow shadow_;
    std::optional<Core> core_; // last: it uses the above
};

} // namespace

ReplayResult replay(std::string_view file) {
    return Replay(file).run();
}

} // namespace tandem::controlplane::recording
