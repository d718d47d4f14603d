# SPDX-License-Identifier: Apache-2.0
"""Where the walks begin, and the exceptions, each with its reason. An exception is as narrow as its
reason; one that nothing needs any more fails the check."""

from dataclasses import dataclass

from reach import Exception_


@dataclass
class Rule:
    program: str  # in the build directory
    roots: tuple
    exceptions: tuple


def _ends():
    """Ways out of a process whose own invariant is broken: nothing is hot any more."""
    return (Exception_(r".*", r"tandem::base::assertion_failed\(.*\)",
                       "TANDEM_ASSERT found our own invariant broken and ends the process"),)


def _substr(*functions):
    """string_view::substr() of the standard library checks its place once more. Each place here was
    found in the same text before; were the check to fail, code without exceptions would end there,
    as at an assertion."""
    return tuple(Exception_(rf"tandem::{function}\(.*\)", r"_ZSt24__throw_out_of_range_fmtPKcz",
                            "substr() at a place that was found in the same text before")
                 for function in functions)


def _scanner():
    """The reader of plain heads is chosen for the processor."""
    return (
        Exception_(r"tandem::sipparse::chosen_implementation\(\)", r"__cxa_guard_(acquire|release)",
                   "the first message of a process chooses; from then on it is one load"),
        Exception_(r"tandem::sipparse::index_datagram\(.*\)", r"__cxa_guard_(acquire|release)",
                   "the first message of a process chooses; from then on it is one load"),
        Exception_(r"tandem::sipparse::chosen_implementation\(\)", r"getenv",
                   "the first message of a process chooses; from then on it is one load"),
        Exception_(r"tandem::sipparse::index_datagram\(.*", r"a pointer",
                   "the reader that was chosen",
                   (r"tandem::sipparse::read_plain_head_(avx2|avx512)\(.*\)",)),
    )


_PARSING = (
    r"sipparse::Params::Iterator::advance", r"sipparse::parse_cseq", r"sipparse::parse_host_port",
    r"sipparse::parse_start_line", r"sipparse::\(anonymous namespace\)::read_via",
    r"sipparse::write_response",
)

DATAPLANE = Rule(
    "dataplane/tandem-dataplane",
    (r"tandem::dataplane::Worker::run\(.*\)", r"tandem::dataplane::Worker::run_burst\(.*\)"),
    (
        *_ends(),
        *_scanner(),
        *_substr(*_PARSING),
        Exception_(r"tandem::dataplane::Worker::run\(.*\)", r"nanosleep",
                   "the nap of idle = adaptive, made only when nothing came"),
        Exception_(r"tandem::dataplane::Worker::run\(.*\)", r"prctl",
                   "the timer slack of this thread, once before the loop"),
        Exception_(r"tandem::shm::RingProducer::ring_doorbell_if_asleep\(int\)", r"write",
                   "the doorbell of a core that sleeps, at most once per sleep"),
        Exception_(r".*/rte_ethdev\.h", r"a pointer",
                   "the port driver begins here: its own calls are its own"),
        Exception_(r"tandem::dataplane::port::EthdevPort::rx_burst\(.*\)",
                   r"rte_eth_call_rx_callbacks", "the port driver: this process sets no callback"),
        Exception_(r"tandem::dataplane::port::EthdevPort::tx_burst\(.*\)",
                   r"rte_eth_call_tx_callbacks", "the port driver: this process sets no callback"),
        Exception_(r".*/rte_mempool\.h", r"a pointer",
                   "the packet pool keeps its buffers in a ring of DPDK, which does not lock"),
        Exception_(r".*/rte_mbuf\.h", r"a pointer",
                   "the end of a buffer somebody else lent: no packet of ours has one"),
        Exception_(r".*", r"__rte_panic",
                   "DPDK found an invariant of its own broken and ends the process"),
    ),
)

CORE = Rule(
    "controlplane/tandem-controlplane",
    (r"tandem::controlplane::Core::step\(.*\)",
     r"tandem::controlplane::Core::next_deadline\(\) const"),
    (
        *_ends(),
        *_scanner(),
        *_substr(*_PARSING, r"sipparse::\(anonymous namespace\)::parse_bracketed",
                 r"sipparse::parse_name_addr", r"sipparse::parse_sip_uri", r"sipparse::parse_rack",
                 r"sipparse::parse_session_expires", r"sipparse::parse_digest",
                 r"controlplane::write_head"),
        Exception_(r"tandem::controlplane::.*", r"EVP_Digest(Init_ex|Update|Final_ex)",
                   "hashes: contexts and algorithms are made at construction (digest_hash.cpp)"),
        Exception_(r"tandem::controlplane::.*", r"EVP_MAC_(init|update|final)",
                   "the key of nonces: context and algorithm are made at construction"),
        Exception_(r"tandem::controlplane::.*",
                   r"tandem::controlplane::recording::(FieldBytes|EffectFields)::.*",
                   "a recording (option record-inputs) writes into buffers that grow; a "
                   "process without one has no object of these classes"),
        Exception_(r"tandem::controlplane::.*", r"tandem::controlplane::CoreBindings::.*",
                   "the journal asks the core, on the journal's thread; a core is given no object "
                   "of this class, only its virtual calls have the same numbers"),
        Exception_(r"tandem::controlplane::.*", r"std::basic_string_view<.*>::compare\(.*\) const",
                   "compares bytes and does no more; it lies in the standard library"),
        Exception_(r"tandem::controlplane::.*", r"CRYPTO_memcmp",
                   "compares bytes in a time that tells nothing of them, and does no more"),
    ),
)

RULES = {"dataplane": DATAPLANE, "core": CORE}
