// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: a record of the command ring as a hostile core could leave it. CommandReader and
// read_command agree on it, what they hand on adds up to the record, and CommandReader's message is
// a copy that does not follow the record when that is written over. Built with libFuzzer.
#include <string>
#include <variant>

#include "shm/read_record.hpp"
#include "tests/fuzz/input.hpp"

namespace tandem::fuzz {

namespace {

// What a command says, as text: equal texts are equal commands.
std::string text_of(const shm::CommandView& command) {
    std::string text(1, static_cast<char>('a' + command.index()));
    std::visit(
        [&](const auto& view) {
            if constexpr (requires { view.slots; }) {
                for (std::size_t i = 0; i < view.slots.size(); ++i) {
                    text += std::to_string(view.slots[i].packed()) + " ";
                }
            } else {
                text.append(reinterpret_cast<const char*>(&view.command), sizeof view.command);
            }
            if constexpr (requires { view.message; }) {
                text += view.message;
            }
        },
        command);
    return text;
}

void check_fields(const shm::CommandView& command, const shm::Record& record) {
    if (const auto* const response = std::get_if<shm::SendResponseView>(&command)) {
        require(response->command.status_code >= 100 && response->command.status_code <= 699);
    }
    std::visit(
        [&](const auto& view) {
            if constexpr (requires { view.message; }) {
                require(!view.message.empty());
                require(sizeof view.command + view.message.size() == record.payload.size());
            } else if constexpr (requires { view.slots; }) {
                require(view.slots.size() <= shm::kSlotsPerRecordMax);
            }
        },
        command);
}

} // namespace

} // namespace tandem::fuzz

// Two bytes of type; one byte that says how the record is written over after it was read; the
// payload.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    static shm::CommandReader reader;
    fuzz::Input input(data, size);
    const auto type = input.number<std::uint16_t>();
    const auto change = input.number<std::uint8_t>();
    const fuzz::Piece payload = input.rest();
    const shm::Record record{.type = type, .payload = payload.as_bytes()};

    const auto in_place = shm::read_command(record);
    const auto copied = reader.read(record);
    fuzz::require(in_place.has_value() == copied.has_value());
    if (!copied) {
        fuzz::require(in_place.error() == copied.error());
        fuzz::require(!shm::sentence(copied.error()).empty());
        return 0;
    }
    fuzz::check_fields(copied.value(), record);
    const std::string before = fuzz::text_of(copied.value());
    fuzz::require(fuzz::text_of(in_place.value()) == before);
    for (std::uint8_t& byte : payload.bytes()) {
        byte = static_cast<std::uint8_t>(byte ^ change);
    }
    // Slots are read where they lie; each is checked when it is used.
    const bool lies_in_record = std::holds_alternative<shm::ReturnSlotsView>(copied.value());
    fuzz::require(lies_in_record || fuzz::text_of(copied.value()) == before);
    return 0;
}
