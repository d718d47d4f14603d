# SPDX-License-Identifier: Apache-2.0
"""What passes through the switch unchanged, and what belongs to one leg alone."""

import checks
import pytest
from dialog import Dialog, IncomingCall, OutgoingCall, ack_of_refusal, hang_up, talk
from lab import network
from lab.capture import Capture
from message import sdp

PASSING = [("X-Customer", "gold"), ("User-to-User", "56a390f3d2b7310023a2;encoding=hex"),
           ("Subject", "help"), ("Diversion", "<sip:1009@10.77.0.10>;reason=no-answer"),
           ("Accept-Language", "da, en;q=0.8"), ("Call-Info", "<http://example.com/>;purpose=info"),
           ("Privacy", "id"), ("Priority", "urgent")]
STAYING = [("Route", f"<sip:{network.SIP_ADDRESS};lr>"), ("Record-Route", "<sip:192.0.2.1;lr>"),
           ("User-Agent", "a phone"), ("Date-Odd", "x")]


def call(phone, **more):
    callee = phone("1002")
    outgoing = OutgoingCall(phone("1001"), "1002", **more)
    return outgoing, IncomingCall(callee)


def test_headers_of_a_request(node, phone):
    outgoing, incoming = call(phone, headers=PASSING + STAYING)
    for name, value in PASSING:
        assert incoming.invite.all(name) == [value], name
    for name, value in STAYING:
        assert value not in incoming.invite.all(name), name
    incoming.refuse(486)
    outgoing.refused(486)


def test_headers_of_a_response(node, phone):
    outgoing, incoming = call(phone)
    headers = [("X-Reason", "lunch"), ("Warning", '399 phone "away"'), ("Retry-After", "30"),
               ("Error-Info", "<sip:sorry@example.com>")]
    incoming.refuse(480, headers=[*headers, ("Server", "a phone")])
    got = outgoing.refused(480)
    for name, value in headers:
        assert got.all(name) == [value], name
    assert got.header("Server") != "a phone"


def test_asserted_identity_of_trunks_only(node, phone, trunk):
    """RFC 3325: what a phone asserts is not believed, what a trunk asserts passes."""
    identity = ("P-Asserted-Identity", "<sip:+4533123456@example.com>")
    for caller, expected in ((phone("1001"), []), (trunk(), [identity[1]])):
        callee = phone("1002")
        outgoing = OutgoingCall(caller, "1002", headers=[identity])
        incoming = IncomingCall(callee)
        assert incoming.invite.all(identity[0]) == expected
        incoming.refuse(486)
        outgoing.refused(486)


def test_display_name(node, phone):
    """The caller's name reaches the callee; its number is the DN at our address."""
    callee, caller = phone("1002"), phone("1001")
    invite = caller.request("INVITE", callee.uri, body=caller.sdp())
    invite.set("From", f'"Bo \\"Bob\\" Ø" {invite.header("From")}')
    caller.send(invite)
    incoming = IncomingCall(callee)
    assert incoming.invite.header("From").startswith(
        f'"Bo \\"Bob\\" Ø" <sip:1001@{network.SIP_ADDRESS}')
    incoming.refuse(486)
    caller.send(ack_of_refusal(invite, caller.expect(486)))


@pytest.mark.parametrize("content_type, body", [
    ("multipart/mixed;boundary=unique-1", b"--unique-1\r\nContent-Type: text/plain\r\n\r\nhello"
                                          b"\r\n--unique-1--\r\n"),
    ("application/x-anything", bytes(range(256)))], ids=["parts", "bytes"])
def test_body_of_any_type(node, phone, content_type, body):
    """Bytes are not looked at, nor are their type's parameters."""
    outgoing, incoming = call(phone, body=body, headers=[
        ("Content-Type", content_type), ("Content-Disposition", "session;handling=optional")])
    checks.relayed_request(outgoing.invite, incoming.invite)
    assert incoming.invite.header("Content-Type") == content_type
    assert incoming.invite.header("Content-Disposition") == "session;handling=optional"
    incoming.refuse(486)
    outgoing.refused(486)


def exchange_bodies(phone, size):
    """A call whose offer and answer have the size."""
    offer, answer = (sdp("10.77.0.101", 20000, *["x-long:" + letter * 89] * (size // 100))
                     for letter in "ab")
    assert abs(len(offer) - size) < 200
    outgoing, incoming = call(phone, body=offer)
    assert incoming.invite.body == outgoing.offer
    incoming.accept(body=answer)
    assert outgoing.accepted().body == incoming.body
    incoming.acked()
    hang_up(outgoing, incoming)


@pytest.mark.parametrize("size", [1100, 1500, 4000, 9000])
def test_long_message(node, phone, size):
    """Around and beyond the MTU: both ends get the same bytes, in fragments if need be."""
    exchange_bodies(phone, size)


def test_no_frame_is_longer_than_the_mtu(node, phone):
    with Capture("long") as capture:
        exchange_bodies(phone, 4000)
    assert capture.count(f"ip.src == {network.SIP_ADDRESS} && ip.flags.mf == 1") >= 2
    assert capture.count(f"ip.src == {network.SIP_ADDRESS} && frame.len > 1514") == 0


def test_strange_but_legal_message(node, phone):
    """Folded lines, odd spacing, compact and unknown headers, escaped user (RFC 4475 3.1.1.1)."""
    callee, caller = phone("1002"), phone("1001")
    invite = caller.request("INVITE", callee.uri, body=caller.sdp())
    text = invite.to_bytes().decode()
    text = text.replace("From: ", "f   :\t ").replace("To: ", "TO :\r\n   ").replace(
        "Max-Forwards: 70", "MaX-fOrWaRdS: 0070").replace("Call-ID: ", "i: ")
    text = text.replace("Contact: ", "NewFangledHeader:   newfangled value\r\n continued\r\nm: ")
    caller.send(text.encode())
    incoming = IncomingCall(callee)
    assert incoming.invite.header("Max-Forwards") == "69"
    assert incoming.invite.body == invite.body
    incoming.accept()
    dialog = Dialog.of_caller(caller, invite, caller.expect(200, "INVITE"))
    dialog.ack(invite)
    incoming.acked()
    dialog.send("BYE")
    callee.answer(callee.expect("BYE"))
    caller.expect(200, "BYE")


def test_escaped_number(node, phone):
    """%31 is 1: the same user (19.1.4)."""
    callee = phone("1002")
    outgoing = OutgoingCall(phone("1001"), "1002", uri=f"sip:%31002@{network.SIP_ADDRESS}")
    incoming = IncomingCall(callee)
    incoming.refuse(486)
    outgoing.refused(486)


def test_each_leg_of_each_call_is_its_own(node, phone):
    """Two calls at once between the same phones: no Call-ID, tag or branch twice."""
    caller, callee = phone("1001"), phone("1002")
    calls = [talk(caller, callee) for _ in range(2)]
    seen = [incoming.invite for _, incoming in calls]
    for value in (lambda m: m.call_id, lambda m: m.tag("From"), lambda m: m.branch):
        assert len({value(message) for message in seen}) == 2
    assert len({outgoing.answer.tag("To") for outgoing, _ in calls}) == 2
    for outgoing, incoming in calls:
        hang_up(outgoing, incoming)
