# SPDX-License-Identifier: Apache-2.0
"""Negotiation of session timers (RFC 4028). That a session nobody refreshes ends is proven in the
unit tests of the core: the shortest interval is 90 s."""

import checks
import pytest
from dialog import IncomingCall, OutgoingCall, hang_up, talk

TIMER = ("Supported", "timer")


def reached(phone, *headers):
    callee = phone("1002")
    outgoing = OutgoingCall(phone("1001"), "1002", headers=headers)
    return outgoing, IncomingCall(callee)


def interval(message):
    """(seconds, refresher) of Session-Expires."""
    seconds, *parameters = message.header("Session-Expires").split(";")
    refresher = [word.split("=")[1] for word in parameters if word.startswith("refresher=")]
    return int(seconds), (refresher or [""])[0]


def answered(outgoing, incoming, *headers):
    incoming.accept(headers=headers)
    got = outgoing.accepted()
    incoming.acked()
    return got


@pytest.mark.parametrize("refresher", ["uac", "uas"])
def test_interval_is_kept(node, phone, refresher):
    """What both ends agree on travels end to end: the refresher of one leg is that of the other."""
    outgoing, incoming = reached(phone, TIMER, ("Session-Expires", "600"))
    assert interval(incoming.invite)[0] == 600
    assert "timer" in incoming.invite.tags_of("Supported")
    got = answered(outgoing, incoming, ("Require", "timer"),
                   ("Session-Expires", f"600;refresher={refresher}"))
    assert interval(got) == (600, refresher)
    assert "timer" in got.tags_of("Require")
    hang_up(outgoing, incoming)


def test_callee_shortens_the_interval(node, phone):
    outgoing, incoming = reached(phone, TIMER, ("Session-Expires", "600"))
    got = answered(outgoing, incoming, ("Require", "timer"), ("Session-Expires",
                                                              "120;refresher=uac"))
    assert interval(got) == (120, "uac")
    hang_up(outgoing, incoming)


def test_too_small_is_refused(node, phone):
    """422 with Min-SE; with the larger interval the call is made (section 6)."""
    ua, callee = phone("1001"), phone("1002")
    refused = OutgoingCall(ua, "1002", headers=[TIMER, ("Session-Expires", "60")])
    response = refused.refused(422)
    checks.switch_answer(refused.invite, response, 422)
    assert response.header("Min-SE") == "90"
    outgoing = OutgoingCall(ua, "1002", headers=[TIMER, ("Session-Expires", "90"),
                                                 ("Min-SE", "90")])
    incoming = IncomingCall(callee)
    assert interval(incoming.invite)[0] == 90
    answered(outgoing, incoming)
    hang_up(outgoing, incoming)


def test_422_of_the_callee_is_relayed(node, phone):
    outgoing, incoming = reached(phone, TIMER, ("Session-Expires", "600"))
    incoming.refuse(422, "Session Interval Too Small", headers=[("Min-SE", "900")])
    assert outgoing.refused(422).header("Min-SE") == "900"


def test_min_se_is_raised_for_who_cannot_be_refused(node, phone):
    """A caller without the extension may not get 422: the interval is raised instead (8.1)."""
    outgoing, incoming = reached(phone, ("Session-Expires", "60"))
    assert interval(incoming.invite)[0] >= 90
    assert int(incoming.invite.header("Min-SE")) >= 90
    answered(outgoing, incoming)
    hang_up(outgoing, incoming)


def test_callee_without_timers(node, phone):
    """The caller supports timers, the callee does not: the caller refreshes (8.2)."""
    outgoing, incoming = reached(phone, TIMER, ("Session-Expires", "600"))
    got = answered(outgoing, incoming)
    assert interval(got) == (600, "uac")
    assert "timer" in got.tags_of("Require")
    hang_up(outgoing, incoming)


def test_malformed_interval(node, phone):
    caller = OutgoingCall(phone("1001"), "1078", headers=[TIMER, ("Session-Expires", "soon")])
    response = caller.refused(400)
    checks.switch_answer(caller.invite, response, 400, reason="Session-Expires")


@pytest.mark.parametrize("method", ["INVITE", "UPDATE"])
def test_refresh(node, phone, method):
    """A refresh travels like any other change, by either method."""
    headers = [TIMER, ("Session-Expires", "600;refresher=uac")]
    accepted = [("Require", "timer"), ("Session-Expires", "600;refresher=uac")]
    outgoing, incoming = talk(phone("1001"), phone("1002"), headers=headers,
                              answer_headers=accepted)
    outgoing.dialog.send(method, headers=headers, body=outgoing.offer)
    refresh = incoming.ua.expect(method)
    assert interval(refresh) == (600, "uac")
    incoming.ua.answer(refresh, headers=accepted, body=incoming.body)
    response = outgoing.ua.expect(200, method)
    assert interval(response) == (600, "uac")
    if method == "INVITE":
        outgoing.invite.set("CSeq", response.header("CSeq"))
        outgoing.dialog.ack(outgoing.invite)
        incoming.ua.expect("ACK")
    hang_up(outgoing, incoming)


def test_too_small_refresh_is_refused(node, phone):
    outgoing, incoming = talk(phone("1001"), phone("1002"))
    update = outgoing.dialog.send("UPDATE", headers=[TIMER, ("Session-Expires", "60")])
    response = outgoing.ua.expect(422, "UPDATE")
    checks.switch_answer(update, response, 422)
    assert response.header("Min-SE") == "90"
    hang_up(outgoing, incoming)
