// SPDX-License-Identifier: Apache-2.0
//
// Typed readers for every record of shm/records.hpp. The other process is hostile input: structs
// and indices are copied out of the ring before they are checked, lengths and enumerators are
// checked, and the answer is a view or a ReadError for a counter. Message bytes are in range and
// stay in the ring until the record's release; a CommandReader copies them out too. Called by the
// core (events) and the worker (commands).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "shm/records.hpp"
#include "shm/ring.hpp"
#include "sipparse/message_index.hpp"
#include "sipparse/message_view.hpp"

namespace tandem::shm {

enum class ReadError : std::uint8_t {
    UnknownType = 1,
    TooShort,      // for its struct
    BadExtent,     // the lengths inside do not add up to the record's
    BadIndex,      // the index points outside the message or contradicts itself
    BadEnumerator, // a kind, code or flag that does not exist
    BadSlotCount,
};

// One short phrase, for logs.
[[nodiscard]] std::string_view sentence(ReadError error) noexcept;

// `count` handles behind a slots record.
class SlotsView {
  public:
    SlotsView() noexcept = default;

    explicit SlotsView(std::span<const std::byte> words) noexcept : words_(words) {}

    [[nodiscard]] std::size_t size() const noexcept { return words_.size() / 8; }

    // position < size()
    [[nodiscard]] ClientHandle operator[](std::size_t position) const noexcept;

  private:
    std::span<const std::byte> words_;
};

struct RequestView {
    RequestEvent event;
    sipparse::MessageView message;
};

struct ResponseView {
    ResponseEvent event;
    sipparse::MessageView message;
};

struct CancelView {
    CancelEvent event;
    sipparse::MessageView message;
};

struct AckView {
    AckEvent event;
    sipparse::MessageView message;
};

struct StrayView {
    StrayEvent event;
    sipparse::MessageView message;
};

struct OrphanView {
    OrphanEvent event;
    sipparse::MessageView message;
    std::string_view to_tag; // text as a peer sent it
};

struct TimeoutView {
    TimeoutEvent event; // the transport kinds come from TransportFailure records
};

struct ClientSlotsView {
    SlotsView slots;
};

using EventView = std::variant<RequestView,
                               ResponseView,
                               CancelView,
                               AckView,
                               StrayView,
                               OrphanView,
                               TimeoutView,
                               ClientSlotsView>;

// Holds the checked copy of the index that the views of the last read() point to, so a view ends
// with the record's release or the next read(), whichever comes first. 2 KiB; one per thread.
class EventReader {
  public:
    EventReader() noexcept = default;
    EventReader(const EventReader&) = delete;
    EventReader& operator=(const EventReader&) = delete;

    [[nodiscard]] base::Result<EventView, ReadError> read(const Record& record) noexcept;

  private:
    template <typename View>
    [[nodiscard]] base::Result<EventView, ReadError> read_message(const Record& record) noexcept;
    [[nodiscard]] base::Result<EventView, ReadError> read_orphan(const Record& record) noexcept;

    sipparse::MessageIndex index_;
};

struct SendRequestView {
    SendRequestCommand command;
    std::string_view message;
};

struct SendResponseView {
    SendResponseCommand command;
    std::string_view message;
};

struct SendAckView {
    SendAckCommand command;
    std::string_view message;
};

struct StopRepeatingView {
    StopRepeatingCommand command;
};

struct ReturnSlotsView {
    SlotsView slots;
};

using CommandView = std::
    variant<SendRequestView, SendResponseView, SendAckView, StopRepeatingView, ReturnSlotsView>;

// Checks the record in place: the view's message can still be changed by the other process.
[[nodiscard]] base::Result<CommandView, ReadError> read_command(const Record& record) noexcept;

// The same for a reader that must not believe the writer: the view's message is a copy, so what was
// indexed is what is kept and sent. A view ends with the record's release (slots) or the next
// read(), whichever comes first. 64 KiB; one per thread.
class CommandReader {
  public:
    CommandReader() noexcept = default;
    CommandReader(const CommandReader&) = delete;
    CommandReader& operator=(const CommandReader&) = delete;

    [[nodiscard]] base::Result<CommandView, ReadError> read(const Record& record) noexcept;

  private:
    std::array<char, sipparse::kMessageBytesMax> message_{};
};

} // namespace tandem::shm
