# SPDX-License-Identifier: Apache-2.0
"""How calls end: CANCEL and what it crosses, BYE and what it crosses, nobody answering
(RFC 3261 sections 9 and 15)."""

import checks
import node_configuration as conf
import pytest
from dialog import IncomingCall, OutgoingCall, hang_up, talk


def ringing(phone, number="1002", ring=True):
    """(outgoing, incoming): the INVITE has arrived, and rings."""
    callee = phone(number)
    outgoing = OutgoingCall(phone("1001"), number)
    incoming = IncomingCall(callee)
    if ring:
        incoming.ring()
        outgoing.expect(180)
    return outgoing, incoming


def cancelled(incoming):
    """The CANCEL has arrived; it belongs to the INVITE."""
    cancel = incoming.ua.expect("CANCEL")
    invite = incoming.invite
    assert cancel.all("Via") == invite.all("Via") and cancel.uri == invite.uri
    assert [cancel.header(name) for name in ("From", "To", "Call-ID")] == [
        invite.header(name) for name in ("From", "To", "Call-ID")]
    assert cancel.cseq == invite.cseq
    incoming.ua.answer(cancel)


def test_cancel_after_provisional(node, phone):
    outgoing, incoming = ringing(phone)
    cancel = outgoing.cancel()
    checks.switch_answer(cancel, outgoing.ua.expect(200, "CANCEL"), 200)
    cancelled(incoming)
    incoming.refuse(487, "Request Terminated")
    outgoing.refused(487)


def test_cancel_before_provisional(node, phone):
    """The callee has said nothing yet: its CANCEL waits for its first response (9.1)."""
    outgoing, incoming = ringing(phone, ring=False)
    outgoing.cancel()
    outgoing.ua.expect(200, "CANCEL")
    outgoing.refused(487)
    incoming.ring()
    cancelled(incoming)
    incoming.refuse(487, "Request Terminated")


def test_cancel_crosses_200(node, phone):
    """The callee answers before the CANCEL reaches it: its 200 gets ACK and BYE, the caller has its
    487 (9.1, 13.2.2.4)."""
    outgoing, incoming = ringing(phone)
    outgoing.cancel()
    outgoing.ua.expect(200, "CANCEL")
    cancel = incoming.ua.expect("CANCEL")
    incoming.accept()
    incoming.ua.answer(cancel)
    incoming.acked()
    incoming.ua.answer(incoming.ua.expect("BYE"))
    outgoing.refused(487)


def test_cancel_before_provisional_crosses_200(node, phone):
    outgoing, incoming = ringing(phone, ring=False)
    outgoing.cancel()
    outgoing.ua.expect(200, "CANCEL")
    outgoing.refused(487)
    incoming.accept()
    incoming.acked()
    incoming.ua.answer(incoming.ua.expect("BYE"))


def test_200_crosses_cancel(node, phone):
    """The 200 is on its way to the caller when its CANCEL comes: 200 to the CANCEL, and no effect
    on the call (9.2)."""
    outgoing, incoming = ringing(phone)
    incoming.accept()
    incoming.acked()
    cancel = outgoing.cancel()
    first, second = outgoing.ua.expect_in_any_order((200, "INVITE"), (200, "CANCEL"))
    checks.switch_answer(cancel, second, 200)
    outgoing.ua.put_back(first)
    outgoing.accepted()
    hang_up(outgoing, incoming)


def test_cancel_without_match(node, phone):
    caller = phone("1001")
    invite = caller.request("INVITE", "sip:1002@10.77.0.10")
    cancel = caller.request("CANCEL", invite.uri)
    caller.send(cancel)
    checks.switch_answer(cancel, caller.expect(481, "CANCEL"), 481)


def test_cancel_after_the_answer(node, phone):
    """After the ACK nothing matches a CANCEL any more."""
    outgoing, incoming = talk(phone("1001"), phone("1002"))
    cancel = outgoing.cancel()
    checks.switch_answer(cancel, outgoing.ua.expect(481, "CANCEL"), 481)
    hang_up(outgoing, incoming)


@pytest.mark.parametrize("direction", ["caller", "callee"])
def test_bye(node, phone, direction):
    outgoing, incoming = talk(phone("1001"), phone("1002"))
    actor, other = (outgoing, incoming) if direction == "caller" else (incoming, outgoing)
    bye = actor.dialog.send("BYE", headers=[("Reason", 'Q.850;cause=16;text="done"')])
    got = other.ua.expect("BYE")
    checks.relayed_request(bye, got, in_dialog=True)
    assert got.header("Reason") == bye.header("Reason")
    assert got.tag("From") == other.dialog.remote.partition("tag=")[2]
    assert got.tag("To") == other.dialog.local.partition("tag=")[2]
    other.ua.answer(got)
    checks.switch_answer(bye, actor.ua.expect(200, "BYE"), 200)


def test_crossing_byes(node, phone):
    """Both ends hang up at once: both get BYE or 200, nothing stays."""
    outgoing, incoming = talk(phone("1001"), phone("1002"))
    first = outgoing.dialog.request("BYE")
    second = incoming.dialog.request("BYE")
    outgoing.ua.send(first)
    got = incoming.ua.expect("BYE")
    incoming.ua.send(second)
    answer = incoming.ua.receive()
    assert answer.method == "BYE" and answer.status in (200, 481)
    checks.switch_answer(second, answer, answer.status)
    incoming.ua.answer(got)
    outgoing.ua.expect(200, "BYE")
    outgoing.ua.expect_silence()


def test_bye_in_an_early_dialog(node, phone):
    """The caller may end a call that rings with BYE as well (15): the callee gets CANCEL."""
    outgoing, incoming = ringing(phone)
    bye = outgoing.dialog.send("BYE")
    first, second = outgoing.ua.expect_in_any_order((200, "BYE"), (487, "INVITE"))
    checks.switch_answer(bye, first, 200)
    outgoing.ua.put_back(second)
    outgoing.refused(487)
    cancelled(incoming)
    incoming.refuse(487)


def test_bye_before_the_ack(node, phone):
    """The callee hangs up while the caller's ACK is missing: the caller gets BYE after it (15)."""
    outgoing, incoming = ringing(phone)
    incoming.accept()
    incoming.acked()
    got = outgoing.accepted(ack=False)
    bye = incoming.dialog.send("BYE")
    incoming.ua.expect(200, "BYE")
    outgoing.dialog.ack(outgoing.invite)
    relayed = outgoing.ua.expect("BYE")
    checks.relayed_request(bye, relayed, in_dialog=True)
    assert got.tag("To") == relayed.tag("From")
    outgoing.ua.answer(relayed)


def test_bye_that_nobody_knows_is_not_answered_twice(node, phone):
    """A BYE answered 481 by the other end still ends the call."""
    outgoing, incoming = talk(phone("1001"), phone("1002"))
    outgoing.dialog.send("BYE")
    incoming.ua.answer(incoming.ua.expect("BYE"), 481)
    outgoing.ua.expect(200, "BYE")


def test_nobody_answers(node, phone):
    """ring-timeout: the callee gets CANCEL, the caller 480."""
    outgoing, incoming = ringing(phone, conf.NUMBER_RINGS_SHORTLY)
    cancelled(incoming)
    incoming.refuse(487)
    checks.switch_answer(outgoing.invite, outgoing.refused(480), 480)


@pytest.mark.parametrize("status, reason", [
    (302, "Moved"), (404, "Not Found"), (486, "Busy Here"), (500, "Broken"), (603, "Decline")])
def test_refusal_of_the_callee_is_relayed(node, phone, status, reason):
    outgoing, incoming = ringing(phone)
    headers = [("Contact", "<sip:1003@192.0.2.1>")] if status == 302 else []
    refusal = incoming.refuse(status, reason, headers=headers)
    got = outgoing.refused(status)
    checks.relayed_response(refusal, got)
    assert got.reason == reason
    if status == 302:
        assert got.address("Contact") == "sip:1003@192.0.2.1", "where to go is the callee's word"
