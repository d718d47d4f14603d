// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: a record of the event ring as a hostile dataplane could leave it. What EventReader
// hands to the core lies inside the record, adds up to it and can be looked at by every parser,
// also after the other process has written over the record. Built with libFuzzer.
#include <variant>

#include "shm/read_record.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/torture/observation.hpp"

namespace tandem::fuzz {

namespace {

template <typename View>
void check_message(const View& view, std::span<const std::byte> payload) {
    const auto* const begin = reinterpret_cast<const char*>(payload.data());
    const std::string_view bytes = view.message.bytes;
    require(bytes.data() >= begin && bytes.data() + bytes.size() <= begin + payload.size());
    std::size_t behind = 0;
    if constexpr (requires { view.to_tag; }) {
        behind = view.to_tag.size();
        require(behind <= transaction::kOrphanTagBytesMax);
        require(view.to_tag.data() + behind == begin + payload.size());
        require(behind == 0 || view.event.kind == transaction::OrphanKind::Refused);
    }
    require(sizeof view.event + view.event.message.index_bytes + bytes.size() + behind ==
            payload.size());
    require(view.event.message.message_bytes == bytes.size());
    require(sipparse::validate(*view.message.index, sizeof *view.message.index, bytes.size()));
    (void)torture::touch_everything(view.message);
}

void check(const shm::EventView& event, const shm::Record& record) {
    std::visit(
        [&](const auto& view) {
            if constexpr (requires { view.message; }) {
                check_message(view, record.payload);
            } else if constexpr (requires { view.slots; }) {
                require(view.slots.size() <= shm::kSlotsPerRecordMax);
                for (std::size_t i = 0; i < view.slots.size(); ++i) {
                    (void)view.slots[i].packed();
                }
            } else {
                const auto kind = view.event.kind;
                const bool is_transport = kind == transaction::TimeoutKind::TransportClient ||
                                          kind == transaction::TimeoutKind::TransportServer;
                const auto type = static_cast<shm::EventType>(record.type);
                require(is_transport == (type == shm::EventType::TransportFailure));
            }
        },
        event);
}

} // namespace

} // namespace tandem::fuzz

// Two bytes of type; one byte that says how the record is written over after it was read (0: not
// at all); the payload.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    fuzz::Input input(data, size);
    const auto type = input.number<std::uint16_t>();
    const auto change = input.number<std::uint8_t>();
    const fuzz::Piece payload = input.rest();
    const shm::Record record{.type = type, .payload = payload.as_bytes()};

    shm::EventReader reader;
    const auto event = reader.read(record);
    if (!event) {
        fuzz::require(!shm::sentence(event.error()).empty());
        return 0;
    }
    fuzz::check(event.value(), record);
    if (change != 0) {
        for (std::uint8_t& byte : payload.bytes()) {
            byte = static_cast<std::uint8_t>(byte ^ change);
        }
        fuzz::check(event.value(), record);
    }
    return 0;
}
