# SPDX-License-Identifier: Apache-2.0
"""Messages that cross where it hurts: each test chooses the moment (RFC 3261 sections 9, 14, 15;
RFC 5407)."""

import checks
import pytest
from dialog import IncomingCall, OutgoingCall, ack_of_refusal, hang_up, talk
from ua import first_with_message

BOTH = pytest.mark.parametrize("direction", ["caller", "callee"])


def ends(phone, direction):
    outgoing, incoming = talk(phone("1001"), phone("1002"))
    return (outgoing, incoming) if direction == "caller" else (incoming, outgoing)


def test_cancel_crosses_refusal(node, phone):
    """The callee refuses while the CANCEL is on its way to it."""
    callee = phone("1002")
    outgoing = OutgoingCall(phone("1001"), "1002")
    incoming = IncomingCall(callee)
    incoming.ring()
    outgoing.expect(180)
    outgoing.cancel()
    outgoing.ua.expect(200, "CANCEL")
    cancel = callee.expect("CANCEL")
    incoming.refuse(486)
    callee.answer(cancel, 481)
    final = outgoing.ua.receive()
    assert final.status in (486, 487) and final.method == "INVITE"
    outgoing.ua.send(ack_of_refusal(outgoing.invite, final))


@BOTH
def test_bye_while_reinvite_is_open(node, phone, direction):
    """The end that was asked hangs up instead: the re-INVITE gets a final response and the asker a
    BYE (RFC 5407 3.2.2)."""
    actor, other = ends(phone, direction)
    sent = actor.dialog.send("INVITE", body=actor.ua.sdp())
    got = other.ua.expect("INVITE")
    bye = other.dialog.send("BYE")
    other.ua.expect(200, "BYE")
    messages = [actor.ua.receive() for _ in range(2)]
    final = next(message for message in messages if message.is_response)
    relayed = next(message for message in messages if not message.is_response)
    assert final.cseq == sent.cseq and final.status >= 400
    actor.ua.send(ack_of_refusal(sent, final))
    checks.relayed_request(bye, relayed, in_dialog=True)
    actor.ua.answer(relayed)
    other.ua.answer(got, 487, "Request Terminated")
    assert expect_ignoring(other.ua, "CANCEL", "ACK").branch == got.branch


def expect_ignoring(ua, ignored, wanted):
    """The next request of the method `wanted`; one of `ignored` may come before and is answered."""
    message = ua.receive()
    if message.method == ignored:
        ua.answer(message)
        message = ua.receive()
    assert message.method == wanted, message
    return message


@BOTH
def test_asker_hangs_up_while_its_reinvite_is_open(node, phone, direction):
    """BYE of the end whose re-INVITE has no answer yet: both are answered, nothing stays."""
    actor, other = ends(phone, direction)
    sent = actor.dialog.send("INVITE", body=actor.ua.sdp())
    got = other.ua.expect("INVITE")
    actor.dialog.send("BYE")
    messages = [actor.ua.receive() for _ in range(2)]
    assert sorted((message.method, message.status) for message in messages) == [
        ("BYE", 200), ("INVITE", 487)], messages
    final = next(message for message in messages if message.method == "INVITE")
    actor.ua.send(ack_of_refusal(sent, final))
    bye = expect_ignoring(other.ua, "CANCEL", "BYE")
    other.ua.answer(bye)
    other.ua.answer(got, 487, "Request Terminated")
    assert other.ua.expect("ACK").branch == got.branch


@BOTH
def test_bye_crosses_info(node, phone, direction):
    """A request that waits for its answer when the call ends still gets one."""
    actor, other = ends(phone, direction)
    info = actor.dialog.send("INFO")
    got = other.ua.expect("INFO")
    other.dialog.send("BYE")
    other.ua.expect(200, "BYE")
    other.ua.answer(got, 481)
    messages = [actor.ua.receive() for _ in range(2)]
    final = next(message for message in messages if message.is_response)
    assert final.cseq == info.cseq and final.status >= 400
    actor.ua.answer(next(message for message in messages if not message.is_response))


@BOTH
def test_reinvite_before_the_ack(node, phone, direction):
    """The re-INVITE of the callee overtakes the caller's ACK: it is refused or waits, and the call
    is not harmed (RFC 5407 3.1.4)."""
    callee = phone("1002")
    outgoing = OutgoingCall(phone("1001"), "1002")
    incoming = IncomingCall(callee)
    incoming.accept()
    outgoing.accepted(ack=False)
    incoming.acked()
    actor, other = (outgoing, incoming) if direction == "caller" else (incoming, outgoing)
    sent = actor.dialog.send("INVITE", body=actor.ua.sdp())
    message = first_with_message([actor.ua, other.ua]).receive()
    outgoing.dialog.ack(outgoing.invite)
    if message.is_response:
        assert message.status in (491, 500)
        actor.ua.send(ack_of_refusal(sent, message))
    else:
        other.ua.answer(message, body=other.ua.sdp())
        actor.ua.expect(200, "INVITE")
        actor.dialog.ack(sent)
        other.ua.expect("ACK")
    hang_up(outgoing, incoming)


def test_two_finals_cross_a_cancel(node, phone):
    """Two phones ring, the caller gives up, one of them answers: ACK and BYE for it, the other is
    cancelled, the caller has its 487."""
    number = "1303"
    cleaner = phone(number, seat=9, register=False)
    cleaner.send(cleaner.register(contact="*", expires=0))
    cleaner.expect(200)
    first, second = phone(number, seat=3), phone(number, seat=4)
    outgoing = OutgoingCall(phone("1001"), number)
    calls = [IncomingCall(ua) for ua in (first, second)]
    for incoming in calls:
        incoming.ring()
        outgoing.expect(180)
    outgoing.cancel()
    outgoing.ua.expect(200, "CANCEL")
    cancels = [incoming.ua.expect("CANCEL") for incoming in calls]
    calls[0].accept()
    first.answer(cancels[0])
    calls[0].acked()
    first.answer(first.expect("BYE"))
    second.answer(cancels[1])
    calls[1].refuse(487)
    outgoing.refused(487)


def test_answer_crosses_the_ring_timeout(node, phone):
    """The callee answers after the switch gave up on it: ACK and BYE; the caller has its 480."""
    callee = phone("1301")
    outgoing = OutgoingCall(phone("1001"), "1301")
    incoming = IncomingCall(callee)
    incoming.ring()
    outgoing.expect(180)
    cancel = callee.expect("CANCEL")
    incoming.accept()
    callee.answer(cancel)
    incoming.acked()
    callee.answer(callee.expect("BYE"))
    outgoing.refused(480)
