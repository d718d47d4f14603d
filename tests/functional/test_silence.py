# SPDX-License-Identifier: Apache-2.0
"""Ends that fall silent: what the switch does after 64·T1 (32 s). All of them are waited for at
the same time, each in a thread with phones of its own."""

import contextlib
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from dialog import IncomingCall, OutgoingCall, ack_of_refusal, talk
from ua import Ua

LONG_S = 40.0  # 64·T1 and some


def no_ack(caller, callee):
    """The caller never sends its ACK: BYE to both (RFC 3261 13.3.1.4)."""
    outgoing = OutgoingCall(caller, callee.number)
    incoming = IncomingCall(callee)
    incoming.accept()
    answer = outgoing.accepted(ack=False)
    incoming.acked()
    for end in (outgoing, incoming):
        end.ua.answer(end.ua.expect("BYE", patience_s=LONG_S))
    assert caller.repeated(answer) >= 5, "T1, 2·T1, 4·T1, then every T2"


def callee_is_dead(caller, callee):
    """The callee never says anything: 408 after timer B (17.1.1.2)."""
    outgoing = OutgoingCall(caller, callee.number)
    incoming = IncomingCall(callee)
    outgoing.refused(408, patience_s=LONG_S)
    for _ in range(6):  # T1, 2·T1, 4·T1 … 32·T1
        callee.expect_repeat(incoming.invite)
    callee.expect_silence()


def no_prack(caller, callee):
    """The caller never sends PRACK: the INVITE gets a 5xx (RFC 3262 section 3), the callee is
    cancelled."""
    outgoing = OutgoingCall(caller, callee.number, headers=[("Supported", "100rel")])
    incoming = IncomingCall(callee)
    incoming.reply(183, "Progress", headers=[("Require", "100rel"), ("RSeq", 1)])
    outgoing.expect(183)
    outgoing.refused(504, patience_s=LONG_S)
    callee.answer(callee.expect("CANCEL"))
    incoming.refuse(487)


def bye_is_not_answered(caller, callee):
    """The callee does not answer the BYE: the call ends all the same (timer F)."""
    outgoing, incoming = talk(caller, callee)
    outgoing.dialog.send("BYE")
    bye = incoming.ua.expect("BYE")
    outgoing.ua.expect(200, "BYE")
    incoming.ua.expect_repeat(bye)


def reinvite_is_not_answered(caller, callee):
    """A re-INVITE without any answer gets 408 and ends the call with BYE (12.2.1.2)."""
    outgoing, incoming = talk(caller, callee)
    sent = outgoing.dialog.send("INVITE", body=outgoing.ua.sdp())
    callee.expect("INVITE")
    messages = [caller.receive(LONG_S) for _ in range(2)]
    final = next(message for message in messages if message.is_response)
    assert (final.status, final.cseq) == (408, sent.cseq)
    caller.send(ack_of_refusal(sent, final))
    caller.answer(next(message for message in messages if message.method == "BYE"
                       and not message.is_response))
    callee.answer(callee.expect("BYE"))


CASES = [no_ack, callee_is_dead, no_prack, bye_is_not_answered, reinvite_is_not_answered]


def run(case, place):
    with contextlib.ExitStack() as stack:
        caller, callee = (
            stack.enter_context(Ua(str(number), seat=6 + place)).registered()
            for number in (1060 + place, 1080 + place))
        case(caller, callee)


_futures = {}


@pytest.mark.parametrize("name", [case.__name__ for case in CASES])
def test_after_64_t1(node, name):
    if not _futures:
        with ThreadPoolExecutor(len(CASES)) as pool:
            _futures.update({case.__name__: pool.submit(run, case, place)
                             for place, case in enumerate(CASES)})
            wait(_futures.values())
    _futures[name].result()
