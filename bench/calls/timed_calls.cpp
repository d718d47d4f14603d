// SPDX-License-Identifier: Apache-2.0
//
// Stages that are entered by a call inside another stage: the linker (--wrap, see meson.build)
// leads such calls here, so that they can be timed without a line in the node itself. Each function
// turns the stage clock and goes on to the real one. A symbol that changed its signature is not
// called any more and shows as a stage that was never visited, which fails the run.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/endpoint.hpp"
#include "bench/calls/stage_clock.hpp"
#include "shm/records.hpp"
#include "shm/ring.hpp"
#include "sipparse/message_index.hpp"
#include "sipparse/parse_error.hpp"
#include "transaction/layer.hpp"

struct rte_mbuf;

namespace tandem::dataplane {
struct WorkerState;
struct PortState;

namespace egress {
struct Ip4Datagram;
}
} // namespace tandem::dataplane

namespace tandem::shm {
struct Note;
class NoteWriter;
} // namespace tandem::shm

using tandem::base::Ipv4Address;
using tandem::dataplane::PortState;
using tandem::dataplane::WorkerState;
using tandem::dataplane::egress::Ip4Datagram;
using tandem::shm::RingProducer;
using tandem::sipparse::MessageIndex;
using tandem::sipparse::ParseError;
using tandem::transaction::ClientHandle;
using tandem::transaction::Flow;
using tandem::transaction::InboundMessage;
using tandem::transaction::Layer;
namespace shm = tandem::shm;
namespace transaction = tandem::transaction;

// Ends of mangled names that several have.
#define TANDEM_TEXT "St17basic_string_viewIcSt11char_traitsIcEE"
#define TANDEM_INDEXED "RKNS_8sipparse12MessageIndexE" TANDEM_TEXT

// A function cannot do it: the names are symbols of the linker. A member's first parameter is its
// object (Itanium C++ ABI).
#define TANDEM_TIMED(STAGE, RESULT, NAME, SYMBOL, PARAMETERS, ARGUMENTS)                           \
    RESULT real_##NAME PARAMETERS asm("__real_" SYMBOL);                                           \
    RESULT wrap_##NAME PARAMETERS asm("__wrap_" SYMBOL);                                           \
    RESULT wrap_##NAME PARAMETERS {                                                                \
        const tandem::bench::Timed timed(tandem::bench::TimedStage::STAGE);                        \
        return real_##NAME ARGUMENTS;                                                              \
    }

TANDEM_TIMED(Transaction,
             void,
             receive,
             "_ZN6tandem11transaction5Layer7receiveERKNS0_14InboundMessageE",
             (Layer * layer, const InboundMessage& message),
             (layer, message))
TANDEM_TIMED(Transaction,
             void,
             answer_bad,
             "_ZN6tandem11transaction5Layer10answer_bad"
             "ERKNS0_14InboundMessageENS_8sipparse10ParseErrorE",
             (Layer * layer, const InboundMessage& message, ParseError error),
             (layer, message, error))
TANDEM_TIMED(Transaction,
             void,
             send_request,
             "_ZN6tandem11transaction5Layer12send_requestERKNS0_11SendRequestE",
             (Layer * layer, const transaction::SendRequest& command),
             (layer, command))
TANDEM_TIMED(Transaction,
             void,
             send_response,
             "_ZN6tandem11transaction5Layer13send_responseERKNS0_12SendResponseE",
             (Layer * layer, const transaction::SendResponse& command),
             (layer, command))
TANDEM_TIMED(Transaction,
             void,
             send_ack,
             "_ZN6tandem11transaction5Layer8send_ackERKNS0_7SendAckE",
             (Layer * layer, const transaction::SendAck& command),
             (layer, command))
TANDEM_TIMED(Transaction,
             void,
             stop_repeating,
             "_ZN6tandem11transaction5Layer14stop_repeatingERKNS0_13StopRepeatingE",
             (Layer * layer, const transaction::StopRepeating& command),
             (layer, command))
TANDEM_TIMED(Transaction,
             void,
             return_slot,
             "_ZN6tandem11transaction5Layer11return_slot"
             "ENS_4base6HandleINS0_20ClientTransactionTagEEE",
             (Layer * layer, ClientHandle slot),
             (layer, slot))
TANDEM_TIMED(
    Publish,
    bool,
    write_request,
    "_ZN6tandem3shm13write_requestERNS0_12RingProducerERKNS0_12RequestEventE" TANDEM_INDEXED,
    (RingProducer & ring,
     const shm::RequestEvent& event,
     const MessageIndex& index,
     std::string_view bytes),
    (ring, event, index, bytes))
TANDEM_TIMED(
    Publish,
    bool,
    write_response,
    "_ZN6tandem3shm14write_responseERNS0_12RingProducerERKNS0_13ResponseEventE" TANDEM_INDEXED,
    (RingProducer & ring,
     const shm::ResponseEvent& event,
     const MessageIndex& index,
     std::string_view bytes),
    (ring, event, index, bytes))
TANDEM_TIMED(Publish,
             bool,
             write_ack,
             "_ZN6tandem3shm9write_ackERNS0_12RingProducerERKNS0_8AckEventE" TANDEM_INDEXED,
             (RingProducer & ring,
              const shm::AckEvent& event,
              const MessageIndex& index,
              std::string_view bytes),
             (ring, event, index, bytes))
TANDEM_TIMED(Publish,
             bool,
             write_client_slots,
             "_ZN6tandem3shm18write_client_slotsERNS0_12RingProducer"
             "ESt4spanIKNS_4base6HandleINS_11transaction20ClientTransactionTagEEE"
             "Lm18446744073709551615EE",
             (RingProducer & ring, std::span<const ClientHandle> slots),
             (ring, slots))
TANDEM_TIMED(Publish,
             void,
             write_note,
             "_ZN6tandem3shm10NoteWriter5writeERKNS0_4NoteE",
             (shm::NoteWriter * writer, const shm::Note& note),
             (writer, note))
TANDEM_TIMED(Effects,
             bool,
             write_send_request,
             "_ZN6tandem3shm18write_send_requestERNS0_12RingProducerERKNS0_"
             "18SendRequestCommandE" TANDEM_TEXT,
             (RingProducer & ring,
              const shm::SendRequestCommand& command,
              std::string_view message),
             (ring, command, message))
TANDEM_TIMED(Effects,
             bool,
             write_send_response,
             "_ZN6tandem3shm19write_send_responseERNS0_12RingProducerERKNS0_"
             "19SendResponseCommandE" TANDEM_TEXT,
             (RingProducer & ring,
              const shm::SendResponseCommand& command,
              std::string_view message),
             (ring, command, message))
TANDEM_TIMED(
    Effects,
    bool,
    write_send_ack,
    "_ZN6tandem3shm14write_send_ackERNS0_12RingProducerERKNS0_14SendAckCommandE" TANDEM_TEXT,
    (RingProducer & ring, const shm::SendAckCommand& command, std::string_view message),
    (ring, command, message))
TANDEM_TIMED(
    SendUdp,
    bool,
    udp_send,
    "_ZN6tandem9dataplane6egress8udp_sendERNS0_11WorkerStateERKNS_11transaction4FlowE" TANDEM_TEXT,
    (WorkerState & state, const Flow& flow, std::string_view payload),
    (state, flow, payload))
TANDEM_TIMED(
    SendIp4,
    bool,
    ip4_send,
    "_ZN6tandem9dataplane6egress8ip4_sendERNS0_11WorkerStateERNS0_9PortStateERKNS1_11Ip4DatagramE",
    (WorkerState & state, PortState& port, const Ip4Datagram& datagram),
    (state, port, datagram))
TANDEM_TIMED(SendEther,
             bool,
             ether_send,
             "_ZN6tandem9dataplane6egress10ether_sendERNS0_11WorkerStateERNS0_9PortState"
             "ENS_4base11Ipv4AddressEP8rte_mbuf",
             (WorkerState & state, PortState& port, Ipv4Address next_hop, rte_mbuf* packet),
             (state, port, next_hop, packet))
TANDEM_TIMED(Tx,
             void,
             tx_enter,
             "_ZN6tandem9dataplane4port8tx_enterERNS0_11WorkerStateERNS0_9PortStateEP8rte_mbuf",
             (WorkerState & state, PortState& port, rte_mbuf* frame),
             (state, port, frame))
