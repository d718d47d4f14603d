# SPDX-License-Identifier: Apache-2.0
"""Responses before the answer: early media, several dialogs, reliable ones (RFC 3261 section 13,
RFC 3262)."""

import checks
from dialog import Dialog, IncomingCall, OutgoingCall, hang_up

RELIABLE = [("Supported", "100rel")]


def call(phone, **more):
    """A call that has reached the callee: (outgoing, incoming)."""
    callee = phone("1002")
    outgoing = OutgoingCall(phone("1001"), "1002", **more)
    incoming = IncomingCall(callee)
    checks.relayed_request(outgoing.invite, incoming.invite)
    return outgoing, incoming


def answer(outgoing, incoming, **more):
    incoming.accept(**more)
    got = outgoing.accepted()
    incoming.acked()
    return got


def reliable(incoming, rseq, **more):
    return incoming.reply(183, "Session Progress", headers=[
        ("Require", "100rel"), ("RSeq", rseq)], **more)


def prack(outgoing, response, **more):
    return outgoing.dialog.send("PRACK", headers=[
        ("RAck", f"{response.header('RSeq')} {outgoing.invite.cseq} INVITE")], **more)


def test_early_media_bytes(node, phone):
    """The SDP of a 183 arrives byte by byte, and the answer may have none."""
    outgoing, incoming = call(phone)
    sent = incoming.reply(183, "Session Progress", body=incoming.ua.sdp("x:\tå"))
    checks.relayed_response(sent, outgoing.expect(183))
    got = answer(outgoing, incoming, body=b"")
    assert got.body == b"" and got.header("Content-Type") is None
    hang_up(outgoing, incoming)


def test_first_2xx_of_several_dialogs_wins(node, phone):
    """180 with three To tags (the callee's proxy forked): the first 2xx makes the call, the next is
    acknowledged and ended with BYE (13.2.2.4)."""
    outgoing, incoming = call(phone)
    tags = []
    for tag in ("fork-a", "fork-b", "fork-c"):
        incoming.ring(tag=tag)
        tags.append(outgoing.expect(180).tag("To"))
    incoming.accept(tag="fork-b")
    got = outgoing.accepted()
    assert got.tag("To") in tags
    ack = incoming.acked()
    assert ack.tag("To") == "fork-b"
    winner = incoming.dialog
    late = incoming.reply(200, "OK", tag="fork-c", body=incoming.ua.sdp())
    ack, bye = incoming.ua.expect_in_any_order("ACK", "BYE")
    for message in (ack, bye):
        assert message.tag("To") == "fork-c" and message.call_id == late.call_id
        assert message.uri == f"sip:{incoming.ua.number}@%s:%d" % incoming.ua.local
    assert bye.cseq > ack.cseq == incoming.invite.cseq
    incoming.ua.answer(bye)
    incoming.dialog = winner
    hang_up(outgoing, incoming)
    outgoing.ua.expect_silence()


def test_different_contacts_answer_at_once(node, phone):
    """Two phones of a DN send 200 at the same time: one has the call, the other gets ACK, BYE."""
    first, second = phone("1303", seat=3), phone("1303", seat=4)
    third = phone("1303", seat=9, register=False)
    third.send(third.register(contact="*", expires=0))
    third.expect(200)
    for ua in (first, second):
        ua.registered()
    outgoing = OutgoingCall(phone("1001"), "1303")
    calls = [IncomingCall(ua) for ua in (first, second)]
    for incoming in calls:
        incoming.accept()
    got = outgoing.accepted()
    winner, loser = sorted(calls, key=lambda incoming: incoming.body != got.body)
    winner.acked()
    messages = [loser.ua.receive() for _ in range(2)]
    if messages[0].method == "CANCEL":  # it went out before the 200 was there
        loser.ua.answer(messages[0], 481)
        messages = [messages[1], loser.ua.receive()]
    assert {message.method for message in messages} == {"ACK", "BYE"}
    loser.ua.answer(next(message for message in messages if message.method == "BYE"))
    hang_up(outgoing, winner)


def test_prack_without_sdp(node, phone):
    outgoing, incoming = call(phone, headers=RELIABLE)
    assert "100rel" in incoming.invite.tags_of("Supported")
    sent = reliable(incoming, 5000, body=incoming.ua.sdp())
    got = outgoing.expect(183)
    checks.relayed_response(sent, got)
    assert got.tags_of("Require") == {"100rel"} and int(got.header("RSeq")) >= 1
    asked = prack(outgoing, got)
    relayed = incoming.ua.expect("PRACK")
    checks.relayed_request(asked, relayed, in_dialog=True)
    assert relayed.header("RAck") == f"5000 {incoming.invite.cseq} INVITE"
    assert relayed.cseq == incoming.invite.cseq + 1
    incoming.ua.answer(relayed)
    outgoing.ua.expect(200, "PRACK")
    answer(outgoing, incoming, body=b"")
    hang_up(outgoing, incoming)


def test_prack_with_sdp(node, phone):
    """The callee offers in the 183, the caller answers in the PRACK (RFC 3262 section 5)."""
    outgoing, incoming = call(phone, body=b"", headers=RELIABLE)
    reliable(incoming, 7, body=incoming.ua.sdp())
    got = outgoing.expect(183)
    asked = prack(outgoing, got, body=outgoing.ua.sdp())
    relayed = incoming.ua.expect("PRACK")
    checks.relayed_request(asked, relayed, in_dialog=True)
    assert relayed.body == asked.body
    incoming.ua.answer(relayed)
    outgoing.ua.expect(200, "PRACK")
    answer(outgoing, incoming, body=b"")
    hang_up(outgoing, incoming)


def test_prack_with_offer_and_answer(node, phone):
    """A new offer in the PRACK and its answer in the 200 of the PRACK."""
    outgoing, incoming = call(phone, headers=RELIABLE)
    reliable(incoming, 7, body=incoming.ua.sdp())
    asked = prack(outgoing, outgoing.expect(183), body=outgoing.ua.sdp("sendonly"))
    relayed = incoming.ua.expect("PRACK")
    assert relayed.body == asked.body
    sent = incoming.ua.answer(relayed, body=incoming.ua.sdp("recvonly"))
    checks.relayed_response(sent, outgoing.ua.expect(200, "PRACK"))
    answer(outgoing, incoming, body=b"")
    hang_up(outgoing, incoming)


def test_two_reliable_responses_in_order(node, phone):
    outgoing, incoming = call(phone, headers=RELIABLE)
    numbers = []
    for rseq in (100, 101):
        reliable(incoming, rseq)
        got = outgoing.expect(183)
        numbers.append(int(got.header("RSeq")))
        prack(outgoing, got)
        relayed = incoming.ua.expect("PRACK")
        assert relayed.header("RAck").split()[0] == str(rseq)
        incoming.ua.answer(relayed)
        outgoing.ua.expect(200, "PRACK")
    assert numbers[1] == numbers[0] + 1
    answer(outgoing, incoming)
    hang_up(outgoing, incoming)


def test_reliable_response_out_of_order_is_dropped(node, phone):
    """RFC 3262 section 4: a response that skips a number is not taken."""
    outgoing, incoming = call(phone, headers=RELIABLE)
    reliable(incoming, 10)
    prack(outgoing, outgoing.expect(183))
    incoming.ua.answer(incoming.ua.expect("PRACK"))
    outgoing.ua.expect(200, "PRACK")
    reliable(incoming, 12)
    reliable(incoming, 11)
    prack(outgoing, outgoing.expect(183))
    relayed = incoming.ua.expect("PRACK")
    assert relayed.header("RAck").split()[0] == "11"
    incoming.ua.answer(relayed)
    outgoing.ua.expect(200, "PRACK")
    answer(outgoing, incoming)
    hang_up(outgoing, incoming)


def test_reliable_response_is_repeated_until_prack(node, phone):
    outgoing, incoming = call(phone, headers=RELIABLE)
    reliable(incoming, 3)
    got = outgoing.expect(183)
    outgoing.ua.expect_repeat(got)
    prack(outgoing, got)
    incoming.ua.answer(incoming.ua.expect("PRACK"))
    outgoing.ua.expect(200, "PRACK")
    answer(outgoing, incoming)
    hang_up(outgoing, incoming)


def test_prack_that_matches_nothing(node, phone):
    """481 (RFC 3262 section 3); the right one still works."""
    outgoing, incoming = call(phone, headers=RELIABLE)
    reliable(incoming, 3)
    got = outgoing.expect(183)
    wrong = outgoing.dialog.send("PRACK", headers=[
        ("RAck", f"{int(got.header('RSeq')) + 5} {outgoing.invite.cseq} INVITE")])
    checks.switch_answer(wrong, outgoing.ua.expect(481, "PRACK"), 481)
    prack(outgoing, got)
    incoming.ua.answer(incoming.ua.expect("PRACK"))
    outgoing.ua.expect(200, "PRACK")
    answer(outgoing, incoming)
    hang_up(outgoing, incoming)


def test_caller_without_100rel(node, phone):
    """Who did not say 100rel is not asked for PRACK: the callee is not offered it."""
    outgoing, incoming = call(phone)
    assert "100rel" not in incoming.invite.tags_of("Supported")
    incoming.ring()
    assert outgoing.expect(180).header("RSeq") is None
    answer(outgoing, incoming)
    hang_up(outgoing, incoming)


def test_required_100rel_is_required_of_the_callee(node, phone):
    """Require: 100rel travels on; a callee that knows it not refuses with 420."""
    outgoing, incoming = call(phone, headers=[("Require", "100rel")])
    assert "100rel" in incoming.invite.tags_of("Require")
    incoming.refuse(420, "Bad Extension", headers=[("Unsupported", "100rel")])
    assert outgoing.refused(420).header("Unsupported") == "100rel"


def test_callee_behind_a_proxy(node, phone):
    """Record-Route of the callee's side makes Routes on that side only (12.1.2)."""
    outgoing, incoming = call(phone)
    proxy = "<sip:%s:%d;lr>" % incoming.ua.local
    incoming.accept(headers=[("Record-Route", proxy)])
    got = outgoing.accepted()
    assert not got.all("Record-Route")
    ack = incoming.acked()
    assert ack.all("Route") == [proxy]
    _, bye = hang_up(outgoing, incoming)
    assert bye.all("Route") == [proxy]


def test_caller_behind_a_proxy(node, phone):
    """Record-Route of the caller's side comes back in its responses, and is used for requests to
    the caller in the same order (12.1.1)."""
    callee, caller = phone("1002"), phone("1001")
    here = "%s:%d" % caller.local
    routes = [f"<sip:{here};lr;hop=1>", f"<sip:{here};lr;hop=2>"]
    invite = caller.request("INVITE", callee.uri, body=caller.sdp())
    invite.headers[1:1] = [("Record-Route", route) for route in routes]
    caller.send(invite)
    incoming = IncomingCall(callee)
    assert not incoming.invite.all("Record-Route") and not incoming.invite.all("Route")
    incoming.accept()
    got = caller.expect(200, "INVITE")
    assert got.all("Record-Route") == routes
    dialog = Dialog.of_caller(caller, invite, got)
    dialog.routes = []
    dialog.ack(invite)
    incoming.acked()
    incoming.dialog.send("BYE")
    bye = caller.expect("BYE")
    assert bye.all("Route") == routes
    caller.answer(bye)
    incoming.ua.expect(200, "BYE")
