# SPDX-License-Identifier: Apache-2.0
"""Calls between DNs with sipp at both ends: each test also compares what one end sent with what the
other end got."""

import checks
import pytest
from sipp_scenario import good, one, received, sent

CALLER, CALLEE = "1001", "1002"


def play(phone, sipp, call, answer, **options):
    """Runs both scenarios through the switch: (caller, callee), ended well."""
    register(phone)
    callee = sipp.start(answer, number=CALLEE, seat=2)
    caller = sipp.start(call, number=CALLER, seat=1, service=CALLEE, **options)
    good(caller, callee)
    return caller, callee


def register(phone):
    """The callee's sipp listens at port 5060 of seat 2."""
    ua = phone(CALLEE, register=False)
    ua.registered(contact=f"<sip:{CALLEE}@{ua.local[0]}:5060>")


def test_dn_to_dn(node, phone, sipp):
    caller, callee = play(phone, sipp, "call", "answer")
    to_callee, to_caller = received(callee), received(caller)
    invite = one(to_callee, "INVITE")
    checks.relayed_request(one(sent(caller), "INVITE"), invite)
    assert invite.uri == f"sip:{CALLEE}@10.77.0.102:5060", "the registered Contact"
    assert f"sip:{CALLER}@" in invite.header("From")
    for status in (180, 200):
        checks.relayed_response(one(sent(callee), "INVITE", status),
                                one(to_caller, "INVITE", status))
    assert one(to_caller, "INVITE", 180).tag("To") == one(to_caller, "INVITE", 200).tag("To")
    ack = one(to_callee, "ACK")
    checks.relayed_request(one(sent(caller), "ACK"), ack, in_dialog=True)
    assert ack.uri == "sip:1002@10.77.0.102:5060", "to the Contact of the answer"
    assert ack.cseq == invite.cseq and ack.branch != invite.branch
    assert ack.tag("To") == one(sent(callee), "INVITE", 200).tag("To")
    bye = one(to_callee, "BYE")
    checks.relayed_request(one(sent(caller), "BYE"), bye, in_dialog=True)
    assert bye.cseq > invite.cseq


def test_callee_hangs_up(node, phone, sipp):
    caller, callee = play(phone, sipp, "call_is_ended", "answer_and_end")
    bye = one(received(caller), "BYE")
    checks.relayed_request(one(sent(callee), "BYE"), bye, in_dialog=True)
    assert bye.uri == "sip:1001@10.77.0.101:5060", "to the Contact of the INVITE"
    assert bye.call_id == one(sent(caller), "INVITE").call_id
    assert bye.tag("To") == one(sent(caller), "INVITE").tag("From")
    assert bye.tag("From") == one(received(caller), "INVITE", 200).tag("To")


def test_early_media(node, phone, sipp):
    caller, callee = play(phone, sipp, "early_call", "early_answer")
    progress = one(received(caller), "INVITE", 183)
    assert b"m=audio" in progress.body
    checks.relayed_response(one(sent(callee), "INVITE", 183), progress)


def test_reliable_provisional(node, phone, sipp):
    caller, callee = play(phone, sipp, "reliable_call", "reliable_answer")
    progress = one(received(caller), "INVITE", 183)
    checks.relayed_response(one(sent(callee), "INVITE", 183), progress)
    prack = one(received(callee), "PRACK")
    checks.relayed_request(one(sent(caller), "PRACK"), prack, in_dialog=True)
    assert "100rel" in one(received(callee), "INVITE").tags_of("Supported")


def test_late_offer(node, phone, sipp):
    caller, callee = play(phone, sipp, "late_call", "answer")
    invite, answer = one(received(callee), "INVITE"), one(received(caller), "INVITE", 200)
    assert invite.body == b"" and invite.header("Content-Type") is None
    checks.relayed_response(one(sent(callee), "INVITE", 200), answer)
    checks.relayed_request(one(sent(caller), "ACK"), one(received(callee), "ACK"), in_dialog=True)
    assert one(received(callee), "ACK").body


def test_hold_and_resume(node, phone, sipp):
    caller, callee = play(phone, sipp, "hold_call", "hold_answer")
    invites = [message for message in received(callee) if message.method == "INVITE"]
    sent_invites = [message for message in sent(caller) if message.method == "INVITE"]
    assert [b"a=sendonly" in message.body for message in invites] == [False, True, False]
    for before, after in zip(sent_invites[1:], invites[1:]):
        checks.relayed_request(before, after, in_dialog=True)
    assert invites[0].cseq < invites[1].cseq < invites[2].cseq
    assert len({message.call_id for message in invites}) == 1


def test_refused_reinvite_leaves_the_call(node, phone, sipp):
    caller, callee = play(phone, sipp, "refused_reinvite_call", "refused_reinvite_answer")
    assert one(received(caller), "INVITE", 488)
    one(received(callee), "BYE")


def test_update_in_both_directions(node, phone, sipp):
    caller, callee = play(phone, sipp, "update_call", "update_answer")
    checks.relayed_request(one(sent(caller), "UPDATE"), one(received(callee), "UPDATE"),
                           in_dialog=True)
    checks.relayed_request(one(sent(callee), "UPDATE"), one(received(caller), "UPDATE"),
                           in_dialog=True)
    for one_end, other_end in ((caller, callee), (callee, caller)):
        checks.relayed_response(one(sent(one_end), "UPDATE", 200),
                                one(received(other_end), "UPDATE", 200))


def test_cancel_while_ringing(node, phone, sipp):
    caller, callee = play(phone, sipp, "cancel_call", "cancel_answer")
    cancel, invite = one(received(callee), "CANCEL"), one(received(callee), "INVITE")
    assert cancel.all("Via") == invite.all("Via"), "9.1: the Via of the INVITE"
    for name in ("From", "To", "Call-ID"):
        assert cancel.header(name) == invite.header(name)
    assert cancel.cseq == invite.cseq and cancel.uri == invite.uri
    one(received(caller), "CANCEL", 200)
    one(received(caller), "INVITE", 487)


def test_busy(node, phone, sipp):
    caller, callee = play(phone, sipp, "refused_call", "refuse", values={"status": "486"})
    assert one(received(caller), "INVITE", 486).reason == "Busy Here"
    ack, invite = one(received(callee), "ACK"), one(received(callee), "INVITE")
    assert ack.branch == invite.branch and ack.uri == invite.uri


@pytest.mark.parametrize("method", ["INFO", "MESSAGE", "NOTIFY"])
def test_requests_in_dialog(node, phone, sipp, method):
    caller, callee = play(phone, sipp, "in_dialog_call", "in_dialog_answer")
    for one_end, other_end in ((caller, callee), (callee, caller)):
        before, after = one(sent(one_end), method), one(received(other_end), method)
        checks.relayed_request(before, after, in_dialog=True)
        assert after.header("Event") == before.header("Event")
        checks.relayed_response(one(sent(other_end), method, 200),
                                one(received(one_end), method, 200))


def test_session_timer_is_kept(node, phone, sipp):
    caller, callee = play(phone, sipp, "timer_call", "timer_answer")
    invite = one(received(callee), "INVITE")
    assert "timer" in invite.tags_of("Supported")
    assert invite.header("Session-Expires").split(";")[0] == "600"
    assert invite.header("Min-SE") is None or int(invite.header("Min-SE")) == 90


def test_number_nobody_has(node, sipp):
    caller = sipp.start("refused_call", number=CALLER, seat=1, service="4711",
                        values={"status": "404"})
    good(caller)
    checks.switch_answer(one(sent(caller), "INVITE"), one(received(caller), "INVITE", 404), 404)


def test_number_not_registered(node, sipp):
    caller = sipp.start("refused_call", number=CALLER, seat=1, service="1077",
                        values={"status": "480"})
    good(caller)
    checks.switch_answer(one(sent(caller), "INVITE"), one(received(caller), "INVITE", 480), 480)


def test_static_contact_is_called(node, sipp):
    callee = sipp.start("answer", number="1203", seat=1, local_port=5070)
    caller = sipp.start("call", number=CALLER, seat=2, service="1203")
    good(caller, callee)
    assert one(received(callee), "INVITE").uri == "sip:1203@10.77.0.101:5070"


def test_sipp_registers(node, sipp):
    good(sipp.start("register", number="1011", seat=3, service="1011", values={"expires": "600"}))
    assert [row["contact"] for row in node.ctl("registrations", "1011")] == [
        "sip:1011@10.77.0.103:5060"]
