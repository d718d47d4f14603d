// SPDX-License-Identifier: Apache-2.0
//
// Runs the steps of an input and checks the laws after each. Time only goes on, so one world serves
// many inputs: the silence at the end of each lets every transaction and every neighbour expire.
#include "tests/fuzz/frame_world.hpp"

#include <rte_mempool.h>

#include "shm/write_record.hpp"
#include "sipparse/index.hpp"
#include "sipparse/writer.hpp"
#include "tests/fuzz/frame_bytes.hpp"
#include "transaction/branch.hpp"
#include "transaction/layer.hpp"

namespace tandem::fuzz {

namespace {

using shm::CounterId;

constexpr std::size_t kStepsMax = 64; // of one input
constexpr std::size_t kRememberedMax = 8;
constexpr base::MonotonicNs kWaitUnit = 20 * base::kNsPerMs;
constexpr base::MonotonicNs kLongWait = 33 * base::kNsPerS; // 64*T1 and a little
constexpr base::MonotonicNs kSilence = 700 * base::kNsPerS; // longer than any single timer
constexpr std::size_t kSettlingBurstsMax = 64;

// Counters that say that something came, not what became of it, and present values.
constexpr bool tells_an_end(const shm::CounterRow& row) {
    return row.kind != shm::CounterKind::Gauge && row.id != CounterId::FramesReceived &&
           row.id != CounterId::BytesReceived && row.id != CounterId::SipRequestsReceived &&
           row.id != CounterId::SipResponsesReceived && row.id != CounterId::Keepalive;
}

void replace_branch(std::string& message, std::string_view branch) {
    constexpr std::string_view kPlace = "{branch}";
    const auto at = message.find(kPlace);
    if (at != std::string::npos) {
        message.replace(at, kPlace.size(), branch);
    }
}

// The ACK of a final response that is no 2xx ends in its transaction and is told to nobody.
bool is_ack(std::string_view frame) {
    constexpr std::size_t kHeaderBytes = 14 + 20 + 8;
    frame.remove_prefix(std::min(frame.size(), kHeaderBytes));
    frame.remove_prefix(std::min(frame.size(), frame.find_first_not_of("\r\n")));
    return frame.starts_with("ACK ");
}

template <typename Items>
auto* chosen(Items& items, std::size_t choice) {
    return items.empty() ? nullptr : &items[choice % items.size()];
}

} // namespace

FrameWorld::FrameWorld() : node_({}), now_(1'000 * base::kNsPerS) {}

void FrameWorld::run(Input& input) {
    begin();
    for (std::size_t steps = 0; steps < kStepsMax && !input.is_empty(); ++steps) {
        step(input);
    }
    settle();
}

void FrameWorld::begin() {
    node_.teach_neighbour("10.77.0.100", now_);
    node_.teach_neighbour("10.77.0.101", now_);
    burst();
}

void FrameWorld::step(Input& input) {
    const auto choice = static_cast<FrameStep>(input.number<std::uint8_t>() % kFrameSteps);
    switch (choice) {
    case FrameStep::Frame:
        receive(input.piece(input.number<std::uint16_t>() % 2'048U).text());
        break;
    case FrameStep::Mended:
        receive(mended_frame(input.piece(input.number<std::uint16_t>() % 2'048U).text()));
        break;
    case FrameStep::Datagram: {
        const auto who = input.number<std::uint8_t>();
        receive(datagram_frame(who, input.piece(input.number<std::uint16_t>() % 2'048U).text()));
        break;
    }
    case FrameStep::Wait: {
        const auto units = input.number<std::uint8_t>();
        wait(units % 8 == 7 ? kLongWait : units * kWaitUnit);
        break;
    }
    case FrameStep::Attach:
        attach();
        break;
    case FrameStep::Blocked:
        blocked_ = !blocked_;
        node_.port().set_blocked(blocked_);
        break;
    default:
        if (has_core_) {
            core_step(choice, input);
        }
        break;
    }
}

void FrameWorld::core_step(FrameStep step, Input& input) {
    shm::RingProducer& commands = node_.core().commands();
    switch (step) {
    case FrameStep::Die:
        die();
        return;
    case FrameStep::Read:
        read_events();
        return;
    case FrameStep::Answer:
        answer(input);
        break;
    case FrameStep::Request:
        send_request(input);
        break;
    case FrameStep::Ack:
        send_ack(input);
        break;
    case FrameStep::Record:
        send_record(input);
        break;
    case FrameStep::Stop: {
        const auto* const server = chosen(servers_, input.number<std::uint8_t>());
        const std::uint32_t rseq = input.number<std::uint8_t>();
        if (server != nullptr) {
            (void)shm::write_stop_repeating(commands, {.transaction = *server, .rseq = rseq});
        }
        break;
    }
    case FrameStep::Return:
        if (!slots_.empty()) {
            (void)shm::write_return_slots(commands, std::span(&slots_.front(), 1));
            slots_.pop_front();
        }
        break;
    default:
        corrupt(input);
        break;
    }
    commands.publish();
    burst();
}

// The law of counting: one frame at one time, so whatever moved was moved by it.
void FrameWorld::receive(std::string_view frame) {
    if (frame.empty() || !node_.port().put(frame)) {
        return; // longer than a buffer: no driver hands over such a frame
    }
    const Values before = counters();
    const std::uint64_t events_before = events_bytes();
    const std::uint64_t port_drops_before = node_.node().port(0).counters.drops.get();
    burst();
    const Values after = counters();
    bool has_ended = events_bytes() != events_before;
    std::uint64_t drops = 0;
    for (const shm::CounterRow& row : shm::kCounters) {
        const auto place = static_cast<std::size_t>(row.id);
        const std::uint64_t grown = after[place] - before[place];
        has_ended = has_ended || (grown > 0 && tells_an_end(row));
        drops += row.kind == shm::CounterKind::Drop ? grown : 0;
    }
    require(has_ended || is_ack(frame));
    const auto received = static_cast<std::size_t>(CounterId::FramesReceived);
    require(after[received] == before[received] + 1);
    const std::uint64_t port_drops = node_.node().port(0).counters.drops.get() - port_drops_before;
    require(port_drops <= 1 && drops >= port_drops);
}

void FrameWorld::wait(base::MonotonicNs ns) {
    now_ += ns;
    burst();
}

void FrameWorld::burst() {
    const auto bad_place = static_cast<std::size_t>(CounterId::SipBadMessage);
    const std::uint64_t bad_before = counters()[bad_place];
    node_.burst(now_);
    if (has_core_ && node_.core().poll() == shm::LinkChange::Closed) {
        forget();
    }
    const bool answered_bad = counters()[bad_place] != bad_before;
    for (const std::string& frame : node_.port().take()) {
        const FrameJudgement judged = judge_frame(frame);
        require(judged.is_well_formed);
        // The answer to a bad message repeats lines of it.
        if (!answered_bad && judged.udp_payload.find("SIP/2.0") != std::string_view::npos) {
            sipparse::MessageIndex index;
            require(sipparse::index_datagram(judged.udp_payload, index) ==
                    sipparse::ParseError::None);
        }
    }
}

void FrameWorld::attach() {
    forget();
    node_.attach_core(now_);
    has_core_ = true;
    burst();
}

void FrameWorld::die() {
    forget();
    has_core_ = false;
    node_.kill_core(now_);
}

// What a core knows ends with its attachment.
void FrameWorld::forget() {
    servers_.clear();
    requests_.clear();
    slots_.clear();
    last_sent_ = {};
}

void FrameWorld::read_events() {
    shm::RingConsumer& ring = node_.core().events();
    while (const auto record = ring.peek()) {
        const auto event = reader_.read(*record);
        require(event.has_value()); // the dataplane writes what the core can read
        keep(event.value());
        ring.release();
    }
}

void FrameWorld::keep(const shm::EventView& event) {
    const auto remember = [this](transaction::ServerHandle server, std::string_view message) {
        servers_.push_front(server);
        requests_.emplace_front(message);
        if (servers_.size() > kRememberedMax) {
            servers_.pop_back();
            requests_.pop_back();
        }
    };
    if (const auto* const request = std::get_if<shm::RequestView>(&event)) {
        remember(request->event.transaction, request->message.message());
    } else if (const auto* const cancel = std::get_if<shm::CancelView>(&event)) {
        remember(cancel->event.transaction, cancel->message.message());
    } else if (const auto* const offered = std::get_if<shm::ClientSlotsView>(&event)) {
        for (std::size_t i = 0; i < offered->slots.size(); ++i) {
            slots_.push_back(offered->slots[i]);
        }
    }
}

void FrameWorld::answer(Input& input) {
    const std::size_t which = input.number<std::uint8_t>();
    const auto status = static_cast<std::uint16_t>(100 + input.number<std::uint16_t>() % 600U);
    const auto flags = input.number<std::uint8_t>();
    const auto* const server = chosen(servers_, which);
    if (server == nullptr) {
        return;
    }
    const std::string& request = *chosen(requests_, which);
    sipparse::MessageIndex index;
    (void)sipparse::index_datagram(request, index);
    const std::string rseq = std::to_string(flags >> 1U);
    const std::array header = {
        sipparse::ExtraHeader{.id = sipparse::HeaderId::RSeq, .value = rseq}};
    const bool reliable = (flags & 1U) != 0;
    std::array<char, 8'192> out; // NOLINT(*-pro-type-member-init): out
    const std::string_view message = sipparse::write_response(
        {.bytes = request, .index = &index},
        {.status_code = status,
         .reason = "Fuzz",
         .to_tag = "core",
         .headers = reliable ? std::span<const sipparse::ExtraHeader>(header)
                             : std::span<const sipparse::ExtraHeader>()},
        out);
    if (message.empty()) {
        return;
    }
    shm::SendResponseCommand command;
    command.transaction = *server;
    command.status_code = status;
    command.flags = reliable ? shm::SendResponseCommand::ReliableProvisional : std::uint16_t{0};
    command.rseq = flags >> 1U;
    (void)shm::write_send_response(node_.core().commands(), command, message);
}

// Bit 7 of whom: a CANCEL, or another request under the branch of the last one.
void FrameWorld::send_request(Input& input) {
    const auto whom = input.number<std::uint8_t>();
    std::string message(input.piece(input.number<std::uint16_t>() % 2'048U).text());
    if (slots_.empty() || message.empty()) {
        return;
    }
    const bool cancels = (whom & 0x80U) != 0 && last_sent_.is_set();
    shm::SendRequestCommand command;
    command.transaction = slots_.front();
    command.user = whom;
    command.invite = cancels ? last_sent_ : transaction::ClientHandle{};
    command.flow.remote = {.address = {host_address(whom)}, .port = 5060};
    command.flow.local = {.address = {0x0a4d000a}, .port = 5060};
    slots_.pop_front();
    const shm::RegionInfo& info = node_.node().region().info();
    std::array<char, transaction::kBranchBytes> branch{};
    transaction::write_branch(
        {.epoch = info.dataplane_epoch, .node = static_cast<std::uint8_t>(info.node), .worker = 0},
        cancels ? last_sent_ : command.transaction,
        info.branch_key,
        branch);
    replace_branch(message, {branch.data(), branch.size()});
    if (!cancels) {
        last_sent_ = command.transaction;
    }
    (void)shm::write_send_request(node_.core().commands(), command, message);
}

void FrameWorld::send_ack(Input& input) {
    const Piece message = input.piece(input.number<std::uint16_t>() % 2'048U);
    if (message.size() == 0) {
        return;
    }
    shm::SendAckCommand command;
    command.invite = last_sent_;
    command.flow.remote = {.address = {host_address(0)}, .port = 5060};
    command.flow.local = {.address = {0x0a4d000a}, .port = 5060};
    (void)shm::write_send_ack(node_.core().commands(), command, message.text());
}

void FrameWorld::send_record(Input& input) {
    const auto type = static_cast<std::uint16_t>(1 + input.number<std::uint16_t>() % 8U);
    const Piece payload = input.piece(input.number<std::uint16_t>() % 2'048U);
    std::byte* const at = node_.core().commands().claim(type, payload.size());
    if (at != nullptr) {
        std::ranges::copy(payload.as_bytes(), at);
        node_.core().commands().commit(payload.size());
    }
}

// What the core's process can write: its cursors of both rings and the bytes of the command ring.
void FrameWorld::corrupt(Input& input) {
    const auto what = input.number<std::uint8_t>();
    const auto value = input.number<std::uint64_t>();
    const shm::RingMemory commands = node_.node().region().command_ring(0);
    const shm::RingMemory events = node_.node().region().event_ring(0);
    switch (what % 4) {
    case 0:
        commands.cursors->producer.tail_bytes.store(value);
        break;
    case 1:
        events.cursors->consumer.head_bytes.store(value);
        break;
    case 2:
        events.cursors->consumer.sleeps.store(value);
        break;
    default:
        std::memcpy(commands.data + std::size_t{what} / 4 * 8, &value, sizeof value);
        break;
    }
}

// The law of silence: nobody says anything any more, and everything comes back to its pool.
void FrameWorld::settle() {
    if (has_core_) {
        die();
    }
    blocked_ = false;
    node_.port().set_blocked(false);
    burst();
    for (std::size_t bursts = 0; !is_idle(); ++bursts) {
        require(bursts < kSettlingBurstsMax);
        wait(bursts % 4 == 3 ? kSilence : kLongWait);
    }
    require(rte_mempool_full(&replay::packet_pool()) == 1);
}

bool FrameWorld::is_idle() {
    const transaction::LayerStatus status = node_.node().state().layer->status();
    std::uint32_t buffers = 0;
    for (const transaction::PoolStatus& pool : status.buffers) {
        buffers += pool.used;
    }
    return status.server_live.used == 0 && status.client_live.used == 0 &&
           status.lingering.used == 0 && status.forks.used == 0 && status.refusals.used == 0 &&
           status.timers_armed == 0 && status.slots_in_use == 0 && buffers == 0 &&
           node_.node().port(0).neighbours.pending() == 0;
}

FrameWorld::Values FrameWorld::counters() {
    const shm::CounterBlock block = node_.node().region().counter_block(0);
    Values values{};
    for (const shm::CounterRow& row : shm::kCounters) {
        values[static_cast<std::size_t>(row.id)] = block.get(row.id);
    }
    return values;
}

// How far the worker has published events.
std::uint64_t FrameWorld::events_bytes() {
    return node_.node().region().event_ring(0).cursors->producer.tail_bytes.load();
}

} // namespace tandem::fuzz
