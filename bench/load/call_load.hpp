// SPDX-License-Identifier: Apache-2.0
//
// Calls between virtual phones: starts them when told, plays both phones of each, looks at all that
// comes back, and misses what does not come. It has no clock and allocates nothing after
// construction. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/load/call.hpp"
#include "bench/load/check.hpp"
#include "bench/load/fault.hpp"
#include "bench/load/schedule.hpp"
#include "bench/load/wire.hpp"
#include "sipparse/message_index.hpp"

namespace tandem::bench::load {

struct CallLoadOptions {
    Directory directory;
    std::uint32_t calls_max = 131'072; // at once
    std::uint64_t seed = 1;
    // The called phone is silent behind its 100 for so long; above 200 ms the switch says 100 to
    // the caller (RFC 3261 17.2.1).
    std::uint64_t ring_after_ns = 250'000'000;
    std::uint64_t answer_after_ns = 100'000'000;
    std::uint64_t talk_ns = 2'000'000'000;
    std::uint64_t missing_after_ns = 10'000'000'000; // of a set-up or of an ending
    std::uint32_t routed_every = 16; // calls with proxies that record a route; 0: none
};

struct CallLoadCounts {
    std::uint64_t started = 0;
    std::uint64_t answered = 0; // the ACK reached the called phone
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    std::uint64_t received = 0; // messages
    std::uint64_t sent = 0;
    std::uint64_t tryings = 0;  // 100s the callers got
    std::uint64_t repeated = 0; // messages that came once more
};

class CallLoad {
  public:
    // Both outlive the load.
    CallLoad(const CallLoadOptions& options, Wire& wire, Faults& faults);

    // Begins a call between two phones of chance. False: as many calls as there may be.
    bool start_call(std::uint64_t now_ns);
    // Begins one between two given phones.
    bool start_call_between(std::uint32_t caller, std::uint32_t callee, std::uint64_t now_ns);

    // A message for one of the phones.
    void receive(const Datagram& datagram, std::uint64_t now_ns);

    // Does at most `actions_max` of what is due: rings, answers, hangs up. Returns how many.
    std::size_t run_due(std::uint64_t now_ns, std::size_t actions_max);
    // Ends all established calls that are not ending already, and lets none talk any longer.
    void hang_up_all(std::uint64_t now_ns, std::size_t actions_max);

    [[nodiscard]] const CallLoadCounts& counts() const { return counts_; }

    [[nodiscard]] std::uint32_t calls_at_once() const { return in_use_; }

  private:
    void receive_request(const Arrival& arrival, std::uint64_t now_ns);
    void receive_response(const Arrival& arrival, std::uint64_t now_ns);
    void receive_invite(const Arrival& arrival, std::uint64_t now_ns);
    void receive_ack(Call& call, const Arrival& arrival, std::uint64_t now_ns);
    void receive_bye(Call& call, Side side, const Arrival& arrival);
    void receive_invite_response(Call& call, const Arrival& arrival);
    void receive_ok(Call& call, const Arrival& arrival);
    void receive_bye_response(Call& call, Side side, const Arrival& arrival);
    [[nodiscard]] bool learn_invite(Call& call, const Arrival& arrival);

    void ring(Call& call, std::uint64_t now_ns);
    void answer(Call& call);
    void hang_up(Call& call);
    void look_for_missing(Call& call, std::uint64_t now_ns);
    void end_side(Call& call, Side side);

    // Sends what `write(TextWriter&)` writes from the place of that side.
    template <typename Write>
    void send(Call& call, Side side, Write&& write) {
        ++counts_.sent;
        if (!send_to_switch(wire_, call.place(side), write)) {
            fail(call, side, Fault::NoRoom, {});
        }
    }

    void later(DelayQueue& queue, Call& call, std::uint64_t now_ns);
    void fail(Call& call, Side side, Fault fault, std::string_view message);
    void release(Call& call);
    [[nodiscard]] Call* find(const CallName& name);
    void stranger(Fault fault, std::string_view message);

    CallLoadOptions options_;
    Wire& wire_;
    Faults& faults_;
    CallLoadCounts counts_;
    std::vector<Call> calls_;
    std::vector<std::uint32_t> free_; // slots
    std::uint32_t in_use_ = 0;
    std::uint32_t sweep_ = 0; // of hang_up_all()
    DelayQueue ring_queue_;
    DelayQueue answer_queue_;
    DelayQueue talk_queue_;
    DelayQueue missing_queue_;
    sipparse::MessageIndex index_;
};

} // namespace tandem::bench::load
