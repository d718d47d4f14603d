# SPDX-License-Identifier: Apache-2.0
"""What changes a call that is up or being set up: late offers, re-INVITE, UPDATE, glare
(RFC 3261 section 14, RFC 3264, RFC 3311)."""

import checks
import pytest
from dialog import IncomingCall, OutgoingCall, ack_of_refusal, hang_up, talk

BOTH = pytest.mark.parametrize("direction", ["caller", "callee"])


def ends(phone, direction, **more):
    """An answered call as (the end that acts, the other end)."""
    outgoing, incoming = talk(phone("1001"), phone("1002"), **more)
    return (outgoing, incoming) if direction == "caller" else (incoming, outgoing)


def reinvite(actor, other, **more):
    """A re-INVITE that has arrived: (as sent, as it arrived)."""
    sent = actor.dialog.send("INVITE", **more)
    got = other.ua.expect("INVITE")
    checks.relayed_request(sent, got, in_dialog=True)
    return sent, got


def accept(actor, other, sent, got, ack_body=b"", **more):
    """The other end accepts the re-INVITE; returns the ACK that arrived."""
    answer = other.ua.answer(got, **more)
    response = actor.ua.expect(200, "INVITE")
    checks.relayed_response(answer, response)
    acked = actor.dialog.ack(sent, ack_body)
    ack = other.ua.expect("ACK")
    assert ack.cseq == got.cseq and ack.body == acked.body
    return ack


def refuse(actor, other, sent, got, status, **more):
    """The other end refuses the re-INVITE or UPDATE."""
    answer = other.ua.answer(got, status, "Refused", **more)
    if got.method == "INVITE":
        ack = other.ua.expect("ACK")
        assert ack.branch == got.branch
    response = actor.ua.expect(status, sent.method)
    checks.relayed_response(answer, response)
    if sent.method == "INVITE":
        actor.ua.send(ack_of_refusal(sent, response))
    return response


@BOTH
def test_hold_and_resume(node, phone, direction):
    actor, other = ends(phone, direction)
    for attribute, answer in (("sendonly", "recvonly"), ("sendrecv", "sendrecv")):
        sent, got = reinvite(actor, other, body=actor.ua.sdp(attribute))
        accept(actor, other, sent, got, body=other.ua.sdp(answer))
    hang_up(actor, other)


@BOTH
def test_late_offer_in_reinvite(node, phone, direction):
    """A re-INVITE without SDP: the offer is in the 200, the answer in the ACK."""
    actor, other = ends(phone, direction)
    sent, got = reinvite(actor, other)
    assert got.header("Content-Type") is None
    ack = accept(actor, other, sent, got, body=other.ua.sdp(), ack_body=actor.ua.sdp())
    assert ack.body and ack.header("Content-Type") == "application/sdp"
    hang_up(other, actor)


def test_late_offer(node, phone):
    """INVITE without SDP: the ACK to the callee waits for that of the caller and has its body."""
    callee = phone("1002")
    outgoing = OutgoingCall(phone("1001"), "1002", body=b"")
    incoming = IncomingCall(callee)
    assert incoming.invite.body == b""
    incoming.accept()
    got = outgoing.accepted(ack=False)
    assert got.body == incoming.body
    sent = outgoing.dialog.ack(outgoing.invite, outgoing.ua.sdp())
    ack = incoming.acked()
    checks.relayed_request(sent, ack, in_dialog=True)
    hang_up(outgoing, incoming)


@BOTH
def test_refused_reinvite_leaves_the_call(node, phone, direction):
    """488: the call goes on as it was; a later re-INVITE and BYE of either end work (14.1)."""
    actor, other = ends(phone, direction)
    sent, got = reinvite(actor, other, body=actor.ua.sdp("inactive"))
    refuse(actor, other, sent, got, 488, headers=[("Warning", '305 x "no"')])
    sent, got = reinvite(other, actor, body=other.ua.sdp())
    accept(other, actor, sent, got, body=actor.ua.sdp())
    assert len(node.ctl("calls")) == 1
    hang_up(other, actor)


@BOTH
def test_target_changes_with_reinvite(node, phone, direction):
    """A new Contact in a re-INVITE is where the next requests go (12.2.1.1), on its own leg."""
    actor, other = ends(phone, direction)
    new = f"sip:moved@{actor.ua.local[0]}:{actor.ua.local[1]};x=1"
    sent, got = reinvite(actor, other, body=actor.ua.sdp(), headers=[("Contact", f"<{new}>")])
    accept(actor, other, sent, got, body=other.ua.sdp())
    _, bye = hang_up(other, actor)
    assert bye.uri == new


@BOTH
def test_update(node, phone, direction):
    actor, other = ends(phone, direction)
    sent = actor.dialog.send("UPDATE", body=actor.ua.sdp("sendonly"))
    got = other.ua.expect("UPDATE")
    checks.relayed_request(sent, got, in_dialog=True)
    answer = other.ua.answer(got, body=other.ua.sdp("recvonly"))
    checks.relayed_response(answer, actor.ua.expect(200, "UPDATE"))
    hang_up(actor, other)


@BOTH
def test_refused_update_leaves_the_call(node, phone, direction):
    actor, other = ends(phone, direction)
    sent = actor.dialog.send("UPDATE", body=actor.ua.sdp("sendonly"))
    refuse(actor, other, sent, other.ua.expect("UPDATE"), 488)
    hang_up(actor, other)


def early(phone):
    """A call with an early dialog at both ends whose first offer is answered: (outgoing,
    incoming). UPDATE needs that (RFC 3311 section 5.1), and the answer must have been reliable."""
    callee = phone("1002")
    outgoing = OutgoingCall(phone("1001"), "1002", headers=[("Supported", "100rel")])
    incoming = IncomingCall(callee)
    incoming.reply(183, "Session Progress", body=callee.sdp(), headers=[
        ("Require", "100rel"), ("RSeq", 1), ("Allow", "INVITE, ACK, CANCEL, BYE, PRACK, UPDATE")])
    got = outgoing.expect(183)
    outgoing.dialog.send("PRACK", headers=[
        ("RAck", f"{got.header('RSeq')} {outgoing.invite.cseq} INVITE")])
    callee.answer(callee.expect("PRACK"))
    outgoing.ua.expect(200, "PRACK")
    return outgoing, incoming


@BOTH
def test_update_in_an_early_dialog(node, phone, direction):
    outgoing, incoming = early(phone)
    actor, other = (outgoing, incoming) if direction == "caller" else (incoming, outgoing)
    sent = actor.dialog.send("UPDATE", body=actor.ua.sdp("inactive"))
    got = other.ua.expect("UPDATE")
    checks.relayed_request(sent, got, in_dialog=True)
    answer = other.ua.answer(got, body=other.ua.sdp("inactive"))
    checks.relayed_response(answer, actor.ua.expect(200, "UPDATE"))
    incoming.accept(body=b"")
    outgoing.accepted()
    incoming.acked()
    hang_up(outgoing, incoming)


@BOTH
def test_crossing_reinvites(node, phone, direction):
    """Both ends re-INVITE at once: the one whose other leg is asked already gets 491 (14.2), the
    first goes on."""
    actor, other = ends(phone, direction)
    sent, got = reinvite(actor, other, body=actor.ua.sdp())
    crossing = other.dialog.send("INVITE", body=other.ua.sdp())
    response = other.ua.expect(491, "INVITE")
    checks.switch_answer(crossing, response, 491)
    other.ua.send(ack_of_refusal(crossing, response))
    accept(actor, other, sent, got, body=other.ua.sdp())
    hang_up(actor, other)


def test_491_of_an_end_is_relayed(node, phone):
    actor, other = ends(phone, "caller")
    sent, got = reinvite(actor, other, body=actor.ua.sdp())
    refuse(actor, other, sent, got, 491)
    hang_up(actor, other)


@BOTH
def test_crossing_updates(node, phone, direction):
    """RFC 3311 section 5.2: an offer while ours to that end is open gets 491."""
    actor, other = ends(phone, direction)
    sent = actor.dialog.send("UPDATE", body=actor.ua.sdp())
    got = other.ua.expect("UPDATE")
    crossing = other.dialog.send("UPDATE", body=other.ua.sdp())
    checks.switch_answer(crossing, other.ua.expect(491, "UPDATE"), 491)
    other.ua.answer(got, body=other.ua.sdp())
    assert actor.ua.expect(200, "UPDATE").cseq == sent.cseq
    hang_up(actor, other)


def test_second_reinvite_of_the_same_end(node, phone):
    """RFC 3261 14.2: before the first has its answer the second gets 500 with Retry-After."""
    actor, other = ends(phone, "caller")
    sent, got = reinvite(actor, other, body=actor.ua.sdp())
    second = actor.dialog.send("INVITE", body=actor.ua.sdp())
    response = actor.ua.expect(500, "INVITE")
    checks.switch_answer(second, response, 500)
    assert 0 <= int(response.header("Retry-After")) <= 10
    actor.ua.send(ack_of_refusal(second, response))
    accept(actor, other, sent, got, body=other.ua.sdp())
    hang_up(actor, other)


def test_reinvite_is_cancelled(node, phone):
    """CANCEL of a re-INVITE ends the re-INVITE, not the call."""
    actor, other = ends(phone, "caller")
    sent, got = reinvite(actor, other, body=actor.ua.sdp())
    other.ua.answer(got, 180, "Ringing")
    actor.ua.expect(180, "INVITE")
    cancel = actor.ua.request("CANCEL", sent.uri, call_id=sent.call_id, cseq=sent.cseq)
    for name in ("Via", "From", "To"):
        cancel.set(name, sent.header(name))
    actor.ua.send(cancel)
    actor.ua.expect(200, "CANCEL")
    relayed = other.ua.expect("CANCEL")
    assert relayed.branch == got.branch
    other.ua.answer(relayed)
    refuse(actor, other, sent, got, 487)
    hang_up(other, actor)
