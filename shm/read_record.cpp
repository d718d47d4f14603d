// SPDX-License-Identifier: Apache-2.0
//
// Checks records of the other process. What is checked is a copy; what is handed on is the copy, or
// bytes whose place and length were taken from the copy.
#include "shm/read_record.hpp"

#include <cstring>

namespace tandem::shm {

namespace {

template <typename Body>
bool copy_body(const Record& record, Body& body) noexcept {
    if (record.payload.size() < sizeof body) {
        return false;
    }
    std::memcpy(&body, record.payload.data(), sizeof body);
    return true;
}

// The handles behind a Body with a count.
template <typename Body>
base::Result<SlotsView, ReadError> read_slots(const Record& record) noexcept {
    Body body;
    if (!copy_body(record, body)) {
        return base::Error{ReadError::TooShort};
    }
    if (body.count > kSlotsPerRecordMax) {
        return base::Error{ReadError::BadSlotCount};
    }
    const auto words = record.payload.subspan(sizeof body);
    if (words.size() != body.count * sizeof(std::uint64_t)) {
        return base::Error{ReadError::BadExtent};
    }
    return SlotsView(words);
}

base::Result<EventView, ReadError> read_timeout(const Record& record) noexcept {
    TimeoutView view;
    if (!copy_body(record, view.event)) {
        return base::Error{ReadError::TooShort};
    }
    if (record.payload.size() != sizeof view.event) {
        return base::Error{ReadError::BadExtent};
    }
    const bool is_transport =
        record.type == static_cast<std::uint16_t>(EventType::TransportFailure);
    const auto first = is_transport ? TimeoutKind::TransportClient : TimeoutKind::ClientFinal;
    const auto last =
        is_transport ? TimeoutKind::TransportServer : TimeoutKind::ReliableProvisional;
    if (view.event.kind < first || view.event.kind > last) {
        return base::Error{ReadError::BadEnumerator};
    }
    return EventView(view);
}

base::Result<EventView, ReadError> read_client_slots(const Record& record) noexcept {
    const auto slots = read_slots<ClientSlotsEvent>(record);
    if (!slots) {
        return base::Error{slots.error()};
    }
    return EventView(ClientSlotsView{.slots = *slots});
}

template <typename View>
base::Result<CommandView, ReadError> read_message_command(const Record& record) noexcept {
    View view;
    if (!copy_body(record, view.command)) {
        return base::Error{ReadError::TooShort};
    }
    const auto bytes = record.payload.subspan(sizeof view.command);
    const MessageExtent& extent = view.command.message;
    if (extent.index_bytes != 0 || extent.message_bytes != bytes.size() || bytes.empty() ||
        bytes.size() > sipparse::kMessageBytesMax) {
        return base::Error{ReadError::BadExtent};
    }
    view.message = {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    return CommandView(view);
}

base::Result<CommandView, ReadError> read_send_response(const Record& record) noexcept {
    auto view = read_message_command<SendResponseView>(record);
    if (!view) {
        return view;
    }
    const SendResponseCommand& command = std::get_if<SendResponseView>(&*view)->command;
    const std::uint32_t known_flags = SendResponseCommand::ReliableProvisional;
    if (command.status_code < 100 || command.status_code > 699 ||
        (command.flags & ~known_flags) != 0) {
        return base::Error{ReadError::BadEnumerator};
    }
    return view;
}

base::Result<CommandView, ReadError> read_stop_repeating(const Record& record) noexcept {
    StopRepeatingView view;
    if (!copy_body(record, view.command)) {
        return base::Error{ReadError::TooShort};
    }
    if (record.payload.size() != sizeof view.command) {
        return base::Error{ReadError::BadExtent};
    }
    return CommandView(view);
}

base::Result<CommandView, ReadError> read_return_slots(const Record& record) noexcept {
    const auto slots = read_slots<ReturnSlotsCommand>(record);
    if (!slots) {
        return base::Error{slots.error()};
    }
    return CommandView(ReturnSlotsView{.slots = *slots});
}

} // namespace

ClientHandle SlotsView::operator[](std::size_t position) const noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, words_.data() + position * sizeof word, sizeof word);
    return ClientHandle::unpack(word);
}

template <typename View>
base::Result<EventView, ReadError> EventReader::read_message(const Record& record) noexcept {
    View view;
    if (!copy_body(record, view.event)) {
        return base::Error{ReadError::TooShort};
    }
    const auto rest = record.payload.subspan(sizeof view.event);
    const MessageExtent& extent = view.event.message;
    if (extent.message_bytes > sipparse::kMessageBytesMax ||
        extent.index_bytes > sizeof(sipparse::MessageIndex) ||
        std::size_t{extent.index_bytes} + extent.message_bytes != rest.size()) {
        return base::Error{ReadError::BadExtent};
    }
    if (!sipparse::copy_index(rest.first(extent.index_bytes), extent.message_bytes, index_)) {
        return base::Error{ReadError::BadIndex};
    }
    const auto bytes = rest.subspan(extent.index_bytes);
    view.message = {.bytes = {reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                    .index = &index_};
    return EventView(view);
}

base::Result<EventView, ReadError> EventReader::read_orphan(const Record& record) noexcept {
    OrphanEvent event;
    if (!copy_body(record, event)) {
        return base::Error{ReadError::TooShort};
    }
    if (event.kind < OrphanKind::Request || event.kind > OrphanKind::Refused) {
        return base::Error{ReadError::BadEnumerator};
    }
    const bool has_tag = event.to_tag_bytes != 0;
    if (event.to_tag_bytes > transaction::kOrphanTagBytesMax ||
        event.to_tag_bytes > record.payload.size() - sizeof event ||
        (has_tag && event.kind != OrphanKind::Refused)) {
        return base::Error{ReadError::BadExtent};
    }
    const std::size_t message_end = record.payload.size() - event.to_tag_bytes;
    auto view = read_message<OrphanView>(
        {.type = record.type, .payload = record.payload.first(message_end)});
    if (auto* const orphan = view ? std::get_if<OrphanView>(&*view) : nullptr) {
        const auto tag = record.payload.subspan(message_end);
        orphan->event.kind = event.kind; // as they were checked
        orphan->event.to_tag_bytes = event.to_tag_bytes;
        orphan->to_tag = {reinterpret_cast<const char*>(tag.data()), tag.size()};
    }
    return view;
}

base::Result<EventView, ReadError> EventReader::read(const Record& record) noexcept {
    switch (static_cast<EventType>(record.type)) {
    case EventType::Request:
        return read_message<RequestView>(record);
    case EventType::Response:
        return read_message<ResponseView>(record);
    case EventType::Cancel:
        return read_message<CancelView>(record);
    case EventType::Ack:
        return read_message<AckView>(record);
    case EventType::Stray:
        return read_message<StrayView>(record);
    case EventType::Orphan:
        return read_orphan(record);
    case EventType::Timeout:
    case EventType::TransportFailure:
        return read_timeout(record);
    case EventType::ClientSlots:
        return read_client_slots(record);
    }
    return base::Error{ReadError::UnknownType};
}

base::Result<CommandView, ReadError> read_command(const Record& record) noexcept {
    switch (static_cast<CommandType>(record.type)) {
    case CommandType::SendRequest:
        return read_message_command<SendRequestView>(record);
    case CommandType::SendResponse:
        return read_send_response(record);
    case CommandType::SendAck:
        return read_message_command<SendAckView>(record);
    case CommandType::StopRepeating:
        return read_stop_repeating(record);
    case CommandType::ReturnSlots:
        return read_return_slots(record);
    }
    return base::Error{ReadError::UnknownType};
}

base::Result<CommandView, ReadError> CommandReader::read(const Record& record) noexcept {
    auto view = read_command(record);
    if (!view) {
        return view;
    }
    std::visit(
        [this](auto& command) {
            if constexpr (requires { command.message; }) {
                std::memcpy(message_.data(), command.message.data(), command.message.size());
                command.message = {message_.data(), command.message.size()};
            }
        },
        *view);
    return view;
}

} // namespace tandem::shm
