# SPDX-License-Identifier: Apache-2.0
"""The death of a process in the midst of calls: what is still absorbed, how the next control plane
closes what the dead one left open, and what each side gets on the wire (docs/adr/0011)."""

import re

import checks
import node_configuration as conf
import pytest
from dialog import IncomingCall, OutgoingCall, ack_of_refusal, hang_up, talk
from lab import network, process

# Static contact: such a phone is known to a control plane that has just started.
CALLEE = conf.STATIC_NUMBER
LOST_REQUESTS = ["INVITE", "UPDATE", "INFO", "PRACK", "BYE"]
# After this, all that can be open is over: a CANCEL and its 64*T1, then timer D or J.
ALL_OVER_S = 80.0


@pytest.fixture
def callee(phone):
    return phone(CALLEE, conf.STATIC_SEAT, register=False, port=conf.STATIC_PORT)


@pytest.fixture
def caller(phone):
    return phone("1001", register=False)


def kill(node, which="controlplane"):
    """Kills the process; the other one has noticed it."""
    other = "dataplane" if which == "controlplane" else "controlplane"
    field = "control_plane" if which == "controlplane" else "dataplane"
    node.kill(which)
    process.wait_until(lambda: node.rpc(other, "status")[field] != "attached", 10.0,
                       f"the {other} sees the death of the {which}")


def calling(caller, callee):
    """(outgoing, incoming): the INVITE has arrived and nobody has said a word."""
    outgoing = OutgoingCall(caller, CALLEE)
    return outgoing, IncomingCall(callee)


def ringing(caller, callee):
    outgoing, incoming = calling(caller, callee)
    incoming.ring()
    outgoing.expect(180)
    return outgoing, incoming


def cancelled(incoming):
    """The INVITE gets its CANCEL; the callee ends it and gets its ACK."""
    cancel, invite = incoming.ua.expect("CANCEL"), incoming.invite
    assert cancel.all("Via") == invite.all("Via") and cancel.uri == invite.uri
    assert [cancel.header(name) for name in ("From", "To", "Call-ID")] == [
        invite.header(name) for name in ("From", "To", "Call-ID")]
    assert cancel.cseq == invite.cseq
    incoming.ua.answer(cancel)
    refused_and_acknowledged(incoming, 487)


def refused_and_acknowledged(incoming, status):
    """The callee's refusal gets its ACK from a control plane that never saw the INVITE, and a
    repetition of it the same ACK from the dataplane."""
    acknowledged(incoming, incoming.reply(status, "Refused"))


def acknowledged(incoming, refusal):
    ack = incoming.ua.expect("ACK")
    assert ack.branch == incoming.invite.branch and ack.uri == incoming.invite.uri, "17.1.1.3"
    assert ack.header("To") == refusal.header("To") and ack.cseq == incoming.invite.cseq
    assert len(ack.all("Via")) == 1
    incoming.ua.send(refusal)
    incoming.ua.expect_repeat(ack)


def failed(outgoing, tag=None):
    """The caller gets 500; its ACK ends it."""
    response = outgoing.expect(500)
    checks.switch_answer(outgoing.invite, response, 500)
    assert tag is None or response.tag("To") == tag, "one tag for one INVITE (12.1.1)"
    outgoing.ua.send(ack_of_refusal(outgoing.invite, response))


def ended(incoming):
    """The callee's late 2xx gets ACK and BYE."""
    incoming.acked()
    bye = incoming.ua.expect("BYE")
    assert bye.tag("To") == incoming.tag and bye.tag("From") == incoming.invite.tag("From")
    assert bye.cseq > incoming.invite.cseq
    incoming.ua.answer(bye)


def in_use(node):
    """What the dataplane still holds: pools with something in them, and the states."""
    pools = {pool["pool"]: pool["used"] for pool in node.rpc("dataplane", "shm.show")["pools"]}
    return {name: used for name, used in pools.items() if used and name != "packets"}


def live(node):
    return {name: used for name, used in in_use(node).items()
            if name in ("server transactions", "client transactions")}


def controlplane_counter(node, name):
    return next(row["value"] for row in node.ctl("stats")["controlplane"] if row["name"] == name)


def dataplane_counter(node, name):
    rows = node.ctl("stats")["dataplane"]["counters"]
    return next(row["count"] for row in rows if row["name"] == name)


def test_ringing(damaged, caller, callee):
    """The caller gets 500 with the tag of its 180, the callee CANCEL; both are through with it."""
    outgoing, incoming = ringing(caller, callee)
    tag = re.search("tag=(.*)", outgoing.dialog.remote).group(1)
    damaged.kill("controlplane")
    damaged.restart("controlplane")
    failed(outgoing, tag)
    cancelled(incoming)
    callee.expect_silence()
    caller.expect_silence()
    process.wait_until(lambda: not live(damaged), 10.0, "nothing is live")


def test_trying(damaged, caller, callee):
    """Nobody has said a word: the dataplane says 100 and absorbs repetitions without a control
    plane. With one the caller gets 500 at once, the callee CANCEL at its first response (9.1)."""
    outgoing, incoming = calling(caller, callee)
    kill(damaged)
    caller.expect_trying()
    caller.send(outgoing.invite)
    caller.expect_trying()
    damaged.restart("controlplane")
    failed(outgoing)
    callee.expect_silence()
    incoming.ring()
    cancelled(incoming)
    callee.expect_silence()


def test_repetitions_without_control_plane(damaged, caller, callee):
    """A stored 180 is repeated; a response to us is neither lost nor taken twice."""
    outgoing, incoming = calling(caller, callee)
    ringing_sent = incoming.ring()
    heard = outgoing.expect(180)
    kill(damaged)
    caller.send(outgoing.invite)
    caller.expect_repeat(heard)
    callee.send(ringing_sent)
    refused_by_nobody = incoming.reply(486, "Busy Here")
    damaged.restart("controlplane")
    failed(outgoing)
    cancel = callee.expect("CANCEL")
    callee.answer(cancel)
    callee.send(refused_by_nobody)
    ack = callee.expect("ACK")
    assert ack.header("To") == refused_by_nobody.header("To")
    callee.expect_silence()


def test_cancel_waits_for_its_repetition(damaged, caller, callee):
    """A CANCEL without control plane is not answered, neither 200 nor 481 nor 503; its repetition
    is, once somebody is there to answer."""
    outgoing, incoming = ringing(caller, callee)
    kill(damaged)
    cancel = outgoing.cancel()
    probe = caller.send(caller.request("OPTIONS", caller.uri))
    assert caller.expect(503, "OPTIONS").call_id == probe.call_id, "nothing for the CANCEL"
    damaged.restart("controlplane")
    response = outgoing.expect(500)
    caller.send(cancel)
    checks.switch_answer(cancel, caller.expect(200, "CANCEL"), 200)
    caller.send(ack_of_refusal(outgoing.invite, response))
    cancelled(incoming)
    caller.expect_silence()


def test_cancelling(damaged, caller, callee):
    """The control plane had sent the CANCEL: the callee gets no second one, its 487 gets ACK; the
    caller's 487 is repeated by the dataplane until its ACK, also without control plane."""
    outgoing, incoming = ringing(caller, callee)
    outgoing.cancel()
    caller.expect(200, "CANCEL")
    refusal = outgoing.expect(487)
    relayed = callee.expect("CANCEL")
    kill(damaged)
    caller.expect_repeat(refusal)
    callee.answer(relayed)
    damaged.restart("controlplane")
    refused_and_acknowledged(incoming, 487)
    caller.send(ack_of_refusal(outgoing.invite, refusal))
    caller.expect_silence()
    callee.expect_silence()


def test_refusal_the_dead_one_was_given(damaged, caller, callee):
    """The callee refuses at the moment of death: whether the 486 was given to the dead one or to
    nobody, its repetition gets the ACK."""
    outgoing, incoming = ringing(caller, callee)
    damaged.kill("controlplane")
    refusal = incoming.reply(486, "Busy Here")
    damaged.restart("controlplane")
    failed(outgoing)
    callee.send(refusal)
    first = callee.receive()
    if first.method == "CANCEL":  # to nobody: the INVITE still rang
        callee.answer(first)
    else:
        callee.put_back(first)
    acknowledged(incoming, refusal)


def test_late_answer(damaged, caller, callee):
    """The callee answers while nobody is there, and repeats its 200: ACK and BYE (13.2.2.4)."""
    outgoing, incoming = ringing(caller, callee)
    kill(damaged)
    answer = incoming.accept()
    damaged.restart("controlplane")
    failed(outgoing)
    callee.answer(callee.expect("CANCEL"))
    callee.send(answer)
    ended(incoming)
    callee.expect_silence()


def test_answer_at_the_moment_of_death(damaged, caller, callee):
    """A 200 the control plane may have been given and had no time to acknowledge: its repetition is
    not taken for one whose ACK is held back."""
    outgoing, incoming = calling(caller, callee)
    damaged.kill("controlplane")
    answer = incoming.accept()
    damaged.restart("controlplane")
    failed(outgoing)
    callee.send(answer)
    ended(incoming)


def test_answered_and_not_acknowledged(damaged, caller, callee):
    """The caller's 200 is repeated until its ACK also without control plane; the ACK is for a call
    the next one does not know, and ends the repetition."""
    outgoing, incoming = ringing(caller, callee)
    incoming.accept()
    incoming.acked()
    answer = outgoing.accepted(ack=False)
    kill(damaged)
    caller.expect_repeat(answer)
    damaged.restart("controlplane")
    caller.expect_repeat(answer)
    outgoing.dialog.ack(outgoing.invite)
    process.wait_until(lambda: not live(damaged), 10.0, "the ACK has come")
    assert controlplane_counter(damaged, "acks_without_owner") == 1
    for end in (outgoing, incoming):
        bye = end.dialog.send("BYE")
        checks.switch_answer(bye, end.ua.expect(481, "BYE"), 481)


@pytest.mark.parametrize("held", [False, True], ids=["established", "held"])
def test_requests_of_a_lost_call(damaged, caller, callee, held):
    """The call is lost with its control plane: every request in it gets 481 from both ends, an ACK
    nothing (12.2.2)."""
    outgoing, incoming = ringing(caller, callee)
    incoming.accept()
    outgoing.accepted()
    incoming.acked()
    if held:
        hold = outgoing.dialog.send("INVITE", body=caller.sdp("sendonly"))
        callee.answer(callee.expect("INVITE"), body=callee.sdp("recvonly"))
        caller.expect(200, "INVITE")
        outgoing.dialog.ack(hold)
        callee.expect("ACK")
    damaged.kill("controlplane")
    damaged.restart("controlplane")
    for end in (outgoing, incoming):
        for method in LOST_REQUESTS:
            headers = [("RAck", f"1 {end.invite.cseq} INVITE")] if method == "PRACK" else []
            request = end.dialog.send(method, headers=headers)
            response = end.ua.expect(481, method)
            checks.switch_answer(request, response, 481)
            if method == "INVITE":
                end.ua.send(ack_of_refusal(request, response))
        end.dialog.ack(end.invite)
        end.ua.expect_silence()
    assert damaged.calls_count() == 0


def test_reinvite_on_its_way(damaged, caller, callee):
    """A hold that had not been answered: 500 to the one end, CANCEL to the other."""
    outgoing, incoming = ringing(caller, callee)
    incoming.accept()
    outgoing.accepted()
    incoming.acked()
    hold = outgoing.dialog.send("INVITE", body=caller.sdp("sendonly"))
    got = callee.expect("INVITE")
    damaged.kill("controlplane")
    damaged.restart("controlplane")
    response = caller.expect(500, "INVITE")
    checks.switch_answer(hold, response, 500)
    caller.send(ack_of_refusal(hold, response))
    callee.answer(got, 180, "Ringing")
    cancel = callee.expect("CANCEL")
    assert cancel.branch == got.branch and cancel.header("To") == got.header("To")
    callee.answer(cancel)
    callee.answer(got, 487, "Request Terminated")
    assert callee.expect("ACK").branch == got.branch
    callee.expect_silence()


def test_request_in_a_call_on_its_way(damaged, caller, callee):
    """An INFO that had not been answered gets 500 at its repetition; what the callee says to its
    own is taken and leads nowhere."""
    outgoing, incoming = ringing(caller, callee)
    incoming.accept()
    outgoing.accepted()
    incoming.acked()
    info = outgoing.dialog.send("INFO")
    got = callee.expect("INFO")
    kill(damaged)
    caller.send(info)
    damaged.restart("controlplane")
    callee.answer(got)
    caller.send(info)
    checks.switch_answer(info, caller.expect(500, "INFO"), 500)
    caller.expect_silence()
    callee.expect_silence()


def test_second_death_while_closing(damaged, caller, callee):
    """The control plane that closes dies as well: the next one goes on where it was."""
    outgoing, incoming = ringing(caller, callee)
    damaged.kill("controlplane")
    damaged.restart("controlplane")
    response = outgoing.expect(500)
    cancel = callee.expect("CANCEL")
    kill(damaged)
    caller.expect_repeat(response)
    refusal = incoming.reply(487, "Request Terminated")
    damaged.restart("controlplane")
    callee.answer(cancel)  # one that is answered without control plane is repeated
    callee.send(refusal)
    assert callee.expect("ACK").header("To") == refusal.header("To")
    caller.send(ack_of_refusal(outgoing.invite, response))
    process.wait_until(lambda: not live(damaged), 10.0, "nothing is live")
    hang_up(*talk_to_static(caller, callee))


def talk_to_static(caller, callee):
    outgoing, incoming = ringing(caller, callee)
    incoming.accept()
    outgoing.accepted()
    incoming.acked()
    return outgoing, incoming


def test_everything_ends(damaged, caller, callee):
    """Peers that never say a word more: what the dead control plane left ends by its timers, and
    no pool holds anything."""
    ringing(caller, callee)
    calling(caller, callee)
    talk_to_static(caller, callee)[0].dialog.send("INFO")
    damaged.kill("controlplane")
    damaged.restart("controlplane")
    process.wait_until(lambda: live(damaged), 5.0, "there is something to end")
    process.wait_until(lambda: not in_use(damaged), ALL_OVER_S, "everything is over")
    stats = damaged.ctl("stats")["dataplane"]
    assert not any(row["count"] for row in stats["transactions"]), stats["transactions"]
    process.wait_until(lambda: dataplane_counter(damaged, "orphaned_transactions") == 0, 5.0,
                       "no orphan is shown")
    assert dataplane_counter(damaged, "orphans_told") >= 3
    assert controlplane_counter(damaged, "orphans_answered") >= 2
    assert controlplane_counter(damaged, "orphans_cancelled") == 1


def test_calls_go_on_after_the_death_of_the_dataplane(damaged, phone):
    """The control plane waits for the next dataplane: a call can be held, resumed and ended."""
    outgoing, incoming = talk(phone("1001"), phone("1002"))
    kill(damaged, "dataplane")
    damaged.restart("dataplane")
    for attribute in ("sendonly", "sendrecv"):
        hold = outgoing.dialog.send("INVITE", body=outgoing.ua.sdp(attribute))
        got = incoming.ua.expect("INVITE")
        checks.relayed_request(hold, got, in_dialog=True)
        incoming.ua.answer(got, body=incoming.ua.sdp())
        outgoing.ua.expect(200, "INVITE")
        outgoing.dialog.ack(hold)
        incoming.ua.expect("ACK")
    hang_up(incoming, outgoing)


def test_late_answer_to_an_earlier_dataplane(damaged, phone):
    """A phone that rang when the dataplane died answers: ACK and BYE, with a branch of the new
    dataplane; the same with a forged branch gets nothing."""
    callee = phone("1002")
    outgoing = OutgoingCall(phone("1001"), "1002")
    incoming = IncomingCall(callee)
    incoming.ring()
    outgoing.expect(180)
    kill(damaged, "dataplane")
    damaged.restart("dataplane")
    forged = callee.reply(incoming.invite, 200, "OK", to_tag="other", body=callee.sdp())
    via = forged.header("Via")
    branch = incoming.invite.branch
    forged.set("Via", via.replace(branch, branch[:-8] + "0" * 8))
    callee.send(forged)
    incoming.accept()
    incoming.acked()
    bye = callee.expect("BYE")
    assert bye.tag("To") == incoming.tag
    assert bye.branch[:17] != branch[:17], "node and epoch"
    callee.answer(bye)
    callee.expect_silence()
    assert network.SIP_ADDRESS in bye.header("Via")
