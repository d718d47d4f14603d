// SPDX-License-Identifier: Apache-2.0
//
// The world of the fuzz target `frame`: a whole dataplane node over a port in memory, a core that
// says what the input wants, and the laws that must hold whatever comes: every frame received is
// counted, answered or told to the core, every frame that leaves is well formed, and after a while
// of silence every pool is full again. One thread.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "shm/counter_table.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/replay/test_node.hpp"

namespace tandem::fuzz {

// What an input is made of: a byte that is one of these, then its own bytes.
enum class FrameStep : std::uint8_t {
    Frame,    // u16 length, the frame as it is
    Mended,   // likewise, with the checksums of IPv4, UDP and ICMP made right
    Datagram, // u8 who (four hosts, two addresses of ours), u16 length, the UDP payload
    Wait,     // u8: that many times 20 ms, and every eighth value 33 s
    Attach,   // a core comes (or comes anew, when there is one)
    Die,      // the core dies, unread events and all
    Read,     // the core reads its events
    Answer,   // u8 which of the last requests, u16 status code, u8 flags
    Request,  // u8 whom, u16 length, a message in which {branch} is filled in
    Ack,      // u16 length, a message: SendAck for the last client transaction
    Record,   // u16 type, u16 length, a record as it is
    Stop,     // u8 which of the last requests, u8 RSeq: StopRepeating
    Return,   // the core gives a client slot back
    Corrupt,  // u8 what, u64 value: the core writes into cursors and bytes of the rings
    Blocked,  // the port takes nothing more, or takes frames again
};
constexpr std::uint8_t kFrameSteps = 15;

class FrameWorld {
  public:
    FrameWorld();

    // Runs the input and then waits until nothing is left of it.
    void run(Input& input);

  private:
    using Values = std::array<std::uint64_t, shm::kCounterCount>;

    void begin();
    void step(Input& input);
    void core_step(FrameStep step, Input& input);
    void receive(std::string_view frame);
    void wait(base::MonotonicNs ns);
    void burst();
    void attach();
    void die();
    void forget();
    void read_events();
    void keep(const shm::EventView& event);
    void answer(Input& input);
    void send_request(Input& input);
    void send_ack(Input& input);
    void send_record(Input& input);
    void corrupt(Input& input);
    void settle();
    [[nodiscard]] bool is_idle();
    [[nodiscard]] Values counters();
    [[nodiscard]] std::uint64_t events_bytes();

    replay::TestNode node_;
    shm::EventReader reader_;
    base::MonotonicNs now_;
    bool has_core_ = false;
    bool blocked_ = false;
    std::deque<transaction::ServerHandle> servers_; // of the last requests, newest first
    std::deque<std::string> requests_;              // likewise: their bytes
    std::deque<transaction::ClientHandle> slots_;
    transaction::ClientHandle last_sent_;
};

} // namespace tandem::fuzz
