// SPDX-License-Identifier: Apache-2.0
//
// Writes the seeds of the fuzz targets `events` and `commands`: one record of each type, made by
// the writers both processes use: record_seeds OUTPUT-DIRECTORY events|commands. Run by the build.
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "shm/ring.hpp"
#include "shm/ring_memory_for_test.hpp"
#include "shm/write_record.hpp"
#include "sipparse/index.hpp"

namespace tandem::fuzz {

namespace {

constexpr std::string_view kMessage = "OPTIONS sip:1001@10.77.0.10 SIP/2.0\r\n"
                                      "Via: SIP/2.0/UDP 10.77.0.100;branch=z9hG4bK1\r\n"
                                      "From: <sip:1000@10.77.0.10>;tag=f\r\n"
                                      "To: <sip:1001@10.77.0.10>\r\n"
                                      "Call-ID: c\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n\r\n";

bool write_events(shm::RingProducer& ring) {
    sipparse::MessageIndex index{};
    constexpr std::array<transaction::ClientHandle, 2> kSlots{{{1, 1}, {2, 1}}};
    return sipparse::index_datagram(kMessage, index) == sipparse::ParseError::None &&
           shm::write_request(ring, {}, index, kMessage) &&
           shm::write_response(ring, {}, index, kMessage) &&
           shm::write_cancel(ring, {}, index, kMessage) &&
           shm::write_ack(ring, {}, index, kMessage) &&
           shm::write_stray(ring, {}, index, kMessage) &&
           shm::write_timeout(ring, {.kind = transaction::TimeoutKind::ServerAck}) &&
           shm::write_timeout(ring, {.kind = transaction::TimeoutKind::TransportClient}) &&
           shm::write_client_slots(ring, kSlots) &&
           shm::write_orphan(ring,
                             {.kind = transaction::OrphanKind::Refused},
                             {.bytes = kMessage, .index = &index},
                             "theirs");
}

bool write_commands(shm::RingProducer& ring) {
    constexpr std::array<transaction::ClientHandle, 2> kSlots{{{1, 1}, {2, 1}}};
    return shm::write_send_request(ring, {}, kMessage) &&
           shm::write_send_response(ring, {.transaction = {}, .status_code = 200}, kMessage) &&
           shm::write_send_ack(ring, {}, kMessage) && shm::write_stop_repeating(ring, {}) &&
           shm::write_return_slots(ring, kSlots);
}

// As the targets read them: type, how the record is written over, payload.
void write_seeds(shm::RingConsumer& ring, const std::filesystem::path& out) {
    std::filesystem::create_directories(out);
    for (int number = 1; const auto record = ring.peek(); ++number) {
        std::ofstream seed(out / std::to_string(number), std::ios::binary);
        constexpr char kChange = 0x20;
        seed << static_cast<char>(record->type & 0xffU) << static_cast<char>(record->type >> 8U)
             << kChange;
        seed.write(reinterpret_cast<const char*>(record->payload.data()),
                   static_cast<std::streamsize>(record->payload.size()));
        ring.release();
    }
}

} // namespace

} // namespace tandem::fuzz

int main(int count, char** words) {
    using namespace tandem;
    const std::string_view which = count == 3 ? words[2] : "";
    if (which != "events" && which != "commands") {
        std::fputs("usage: record_seeds OUTPUT-DIRECTORY events|commands\n", stderr);
        return 2;
    }
    constexpr std::size_t kCapacity = 1U << 16U;
    shm::RingMemoryForTest memory(kCapacity);
    shm::RingProducer producer(memory.memory());
    const bool written =
        which == "events" ? fuzz::write_events(producer) : fuzz::write_commands(producer);
    producer.publish();
    shm::RingConsumer consumer(memory.memory());
    fuzz::write_seeds(consumer, words[1]);
    return written ? 0 : 1;
}
