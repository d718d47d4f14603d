// SPDX-License-Identifier: Apache-2.0
//
// What may be wrong with what a phone got, one sentence each, and the list of what was: all are
// counted, the first ones kept with the message, so that a run that fails says why. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "bench/load/text.hpp"

namespace tandem::bench::load {

enum class Fault : std::uint8_t {
    None,
    Frame,
    NotSip,
    Stranger,
    Unexpected,
    Destination,
    Source,
    StartLine,
    RequestUri,
    Via,
    MaxForwards,
    From,
    To,
    Tag,
    CallId,
    CSeq,
    Contact,
    Route,
    RecordRoute,
    ContentType,
    Body,
    Missing,
    NoRoom,
};

constexpr std::string_view sentence(Fault fault) {
    constexpr std::array<std::string_view, 23> kSentences = {
        "nothing is wrong",
        "the frame is damaged or not for this station",
        "the payload is no SIP message",
        "the message belongs to no call",
        "nothing of the kind was due",
        "it went to another address or port than it should",
        "it came from another address or port than it should",
        "the status is another one",
        "the Request-URI is another one",
        "Via is not what it should be",
        "Max-Forwards is not what it should be",
        "From is another one",
        "To is another one",
        "the tag of the other side is missing or changed",
        "the Call-ID is another one",
        "CSeq is another one",
        "Contact is missing or leads elsewhere",
        "Route is not the route set",
        "Record-Route is not that of the request",
        "Content-Type is another one",
        "the body is not byte by byte what the other side sent",
        "nothing came in time",
        "a text is longer than a phone keeps",
    };
    return kSentences[static_cast<std::size_t>(fault)];
}

struct FaultReport {
    Fault fault = Fault::None;
    std::string_view who; // "caller", "callee", "registration", "wire"
    std::uint64_t serial = 0;
    std::string_view state;
    KeptText<2048> message; // as much of it as has room
};

class Faults {
  public:
    Faults() { reports_.reserve(kKept); }

    void add(Fault fault,
             std::string_view who,
             std::uint64_t serial,
             std::string_view state,
             std::string_view message) {
        ++count_;
        if (reports_.size() < kKept) {
            reports_.push_back(
                {.fault = fault, .who = who, .serial = serial, .state = state, .message = {}});
            static_cast<void>(reports_.back().message.keep(message.substr(0, 2048)));
        }
    }

    [[nodiscard]] std::uint64_t count() const { return count_; }

    [[nodiscard]] const std::vector<FaultReport>& reports() const { return reports_; }

  private:
    static constexpr std::size_t kKept = 8;

    std::uint64_t count_ = 0;
    std::vector<FaultReport> reports_; // never grows beyond what was reserved
};

} // namespace tandem::bench::load
