# SPDX-License-Identifier: Apache-2.0
"""What the dataplane does by itself (RFC 3261 section 17, RFC 6026): 100 Trying, repetitions of
both sides, the 2xx that is repeated until its ACK."""

import checks
from dialog import IncomingCall, OutgoingCall, ack_of_refusal, hang_up, talk


def reached(phone, **more):
    callee = phone("1002")
    outgoing = OutgoingCall(phone("1001"), "1002", **more)
    return outgoing, IncomingCall(callee)


def test_trying_when_the_callee_is_silent(node, phone):
    outgoing, incoming = reached(phone)
    trying = outgoing.ua.expect_trying()
    checks.switch_answer(outgoing.invite, trying, 100)
    assert trying.tag("To") == "" and trying.header("Contact") is None
    incoming.refuse(486)
    outgoing.refused(486)


def test_no_trying_after_a_quick_answer(node, phone):
    """What was answered at once needs no 100 (17.2.1)."""
    ua = phone("1001")
    OutgoingCall(ua, "4711").refused(404)
    assert not ua.trying


def test_repeated_invite_is_absorbed(node, phone):
    """The callee gets one INVITE; the caller gets the last provisional again (17.2.1)."""
    outgoing, incoming = reached(phone)
    incoming.ring()
    ringing = outgoing.expect(180)
    for _ in range(3):
        outgoing.ua.send(outgoing.invite)
        outgoing.ua.expect_repeat(ringing)
    incoming.ua.expect_silence()
    assert incoming.ua.repeated(incoming.invite) == 0
    incoming.refuse(486)
    outgoing.refused(486)


def test_repeated_invite_after_a_refusal(node, phone):
    """Completed: the final response again; after the ACK nothing (17.2.1)."""
    outgoing, incoming = reached(phone)
    incoming.refuse(486)
    refusal = outgoing.expect(486)
    outgoing.ua.send(outgoing.invite)
    outgoing.ua.expect_repeat(refusal)
    outgoing.ua.send(ack_of_refusal(outgoing.invite, refusal))
    outgoing.ua.send(outgoing.invite)
    outgoing.ua.expect_silence()


def test_refusal_is_repeated_until_ack(node, phone):
    """Timer G."""
    outgoing, incoming = reached(phone)
    incoming.refuse(486)
    refusal = outgoing.expect(486)
    outgoing.ua.expect_repeat(refusal)
    outgoing.ua.send(ack_of_refusal(outgoing.invite, refusal))


def test_repeated_refusal_gets_its_ack_again(node, phone):
    """The callee missed the ACK of its refusal (17.1.1.2)."""
    outgoing, incoming = reached(phone)
    refusal = incoming.reply(486, "Busy")
    ack = incoming.ua.expect("ACK")
    incoming.ua.send(refusal)
    incoming.ua.expect_repeat(ack)
    outgoing.refused(486)


def test_invite_is_repeated_until_the_callee_speaks(node, phone):
    """Timer A: the same bytes again; none after a provisional response."""
    outgoing, incoming = reached(phone)
    incoming.ua.expect_repeat(incoming.invite)
    incoming.ring()
    outgoing.expect(180)
    incoming.refuse(486)
    outgoing.refused(486)


def test_2xx_is_repeated_until_ack(node, phone):
    """13.3.1.4: the caller's ACK is late; the 200 comes again, the same bytes, and stops."""
    outgoing, incoming = reached(phone)
    incoming.accept()
    answer = outgoing.accepted(ack=False)
    incoming.acked()
    for _ in range(3):
        outgoing.ua.expect_repeat(answer)
    outgoing.dialog.ack(outgoing.invite)
    outgoing.ua.expect_silence()
    hang_up(outgoing, incoming)


def test_repeated_invite_after_the_answer_gets_the_2xx(node, phone):
    """RFC 6026 7.1 (Accepted): the INVITE again changes nothing."""
    outgoing, incoming = reached(phone)
    incoming.accept()
    answer = outgoing.accepted(ack=False)
    incoming.acked()
    outgoing.ua.send(outgoing.invite)
    outgoing.ua.expect_repeat(answer)
    outgoing.dialog.ack(outgoing.invite)
    outgoing.ua.expect_silence()
    incoming.ua.expect_silence()
    hang_up(outgoing, incoming)


def test_repeated_2xx_gets_its_ack_again(node, phone):
    """The callee missed the ACK (13.2.2.4): the same ACK for each 200, nothing for the caller."""
    outgoing, incoming = reached(phone)
    incoming.ring()
    outgoing.expect(180)
    answer = incoming.accept()
    outgoing.accepted()
    ack = incoming.acked()
    for _ in range(2):
        incoming.ua.send(answer)
        incoming.ua.expect_repeat(ack)
    outgoing.ua.expect_silence()
    hang_up(outgoing, incoming)


def test_repeated_2xx_while_the_ack_is_held_back(node, phone):
    """Late offer: until the caller's ACK is there the callee's repetitions are swallowed."""
    outgoing, incoming = reached(phone, body=b"")
    answer = incoming.accept()
    got = outgoing.accepted(ack=False)
    incoming.ua.send(answer)
    incoming.ua.expect_silence()
    sent = outgoing.dialog.ack(outgoing.invite, outgoing.ua.sdp())
    assert incoming.acked().body == sent.body
    assert got.body == incoming.body
    hang_up(outgoing, incoming)


def test_repeated_ack_is_absorbed(node, phone):
    outgoing, incoming = talk(phone("1001"), phone("1002"))
    ack = outgoing.dialog.ack(outgoing.invite)
    outgoing.ua.send(ack)
    outgoing.ua.expect_silence()
    incoming.ua.expect_silence()
    hang_up(outgoing, incoming)


def test_repeated_bye_gets_the_same_answer(node, phone):
    """Timer J: the 200 again, and the other end hears nothing of it."""
    outgoing, incoming = talk(phone("1001"), phone("1002"))
    bye = outgoing.dialog.send("BYE")
    incoming.ua.answer(incoming.ua.expect("BYE"))
    answer = outgoing.ua.expect(200, "BYE")
    outgoing.ua.send(bye)
    outgoing.ua.expect_repeat(answer)
    incoming.ua.expect_silence()


def test_request_in_dialog_is_repeated(node, phone):
    """Timer E: the other end is slow; the sender's repetitions are not passed on."""
    outgoing, incoming = talk(phone("1001"), phone("1002"))
    info = outgoing.dialog.send("INFO")
    got = incoming.ua.expect("INFO")
    outgoing.ua.send(info)
    incoming.ua.expect_repeat(got)
    incoming.ua.answer(got)
    outgoing.ua.expect(200, "INFO")
    hang_up(outgoing, incoming)


def test_merged_request(node, phone):
    """8.2.2.2: the same request by another way (another branch) gets 482."""
    outgoing, incoming = reached(phone)
    other = outgoing.ua.request("INVITE", outgoing.invite.uri, body=outgoing.offer,
                                call_id=outgoing.invite.call_id, cseq=outgoing.invite.cseq)
    other.set("From", outgoing.invite.header("From"))
    outgoing.ua.send(other)
    response = outgoing.ua.expect(482, "INVITE")
    checks.switch_answer(other, response, 482)
    outgoing.ua.send(ack_of_refusal(other, response))
    incoming.refuse(486)
    outgoing.refused(486)


def test_response_without_transaction_is_dropped(node, phone):
    """A 200 for nothing of ours is counted, nobody gets it."""
    ua, other = phone("1002"), phone("1001")
    stray = ua.reply(other.request("INVITE", ua.uri), 200, "OK", to_tag="x")
    stray.set("Via", "SIP/2.0/UDP 10.77.0.10:5060;branch=z9hG4bKnotours")
    ua.send(stray)
    ua.expect_silence()
    other.expect_silence()
