# SPDX-License-Identifier: Apache-2.0
"""Calls to and from trunks: which trunk a number leads to, what it sees, who it may reach."""

import checks
import node_configuration as conf
from dialog import IncomingCall, OutgoingCall, hang_up, talk
from sipp_scenario import good, one, received, sent
from ua import first_with_message


def answered_at(phone_ua, number, trunk_ua):
    """A call to the number that the trunk answers: (outgoing, incoming)."""
    outgoing = OutgoingCall(phone_ua, number)
    incoming = IncomingCall(trunk_ua)
    incoming.accept()
    outgoing.accepted()
    incoming.acked()
    return outgoing, incoming


def test_dn_to_trunk(node, sipp):
    """The number goes out without the prefix 9 that chose the trunk."""
    callee = sipp.start("answer", number="555", trunk=True)
    caller = sipp.start("call", number="1001", seat=1, service="9555")
    good(caller, callee)
    invite = one(received(callee), "INVITE")
    assert invite.uri == "sip:555@10.77.0.200:5060"
    assert "sip:1001@" in invite.header("From")
    checks.relayed_request(one(sent(caller), "INVITE"), invite)
    checks.relayed_response(one(sent(callee), "INVITE", 200),
                            one(received(caller), "INVITE", 200))


def test_trunk_to_dn(node, phone, sipp):
    ua = phone("1002", register=False)
    ua.registered(contact=f"<sip:1002@{ua.local[0]}:5060>")
    callee = sipp.start("answer", number="1002", seat=2)
    caller = sipp.start("call", number="5550100", trunk=True, service="1002")
    good(caller, callee)
    invite = one(received(callee), "INVITE")
    assert invite.uri == "sip:1002@10.77.0.102:5060"
    assert "sip:5550100@" in invite.header("From"), "the number the trunk gave"
    checks.relayed_request(one(sent(caller), "INVITE"), invite)


def test_trunk_to_unknown_number(node, sipp):
    caller = sipp.start("refused_call", number="5550100", trunk=True, service="4711",
                        values={"status": "404"})
    good(caller)


def test_trunk_reaches_no_other_trunk(node, trunk):
    caller = OutgoingCall(trunk(), "9555")
    caller.refused(404)


def test_trunk_may_name_a_dn(node, phone, trunk):
    """From says 1900, a DN with a password: the source decides, the trunk is not challenged."""
    outgoing, incoming = talk(trunk("1900"), phone("1002"))
    [call] = node.ctl("calls")
    legs = node.ctl("call", "show", call["id"])["legs"]
    assert {leg["side"]: leg["device"] for leg in legs}["caller"] == "trunk gw"
    hang_up(outgoing, incoming)


def test_longest_prefix_wins(node, phone, trunk):
    """94 goes before 9, and is replaced by 00."""
    ua, gateway = phone("1001"), trunk(port=conf.TRUNK_LONGER)
    outgoing, incoming = answered_at(ua, "9412", gateway)
    assert incoming.invite.uri == f"sip:0012@10.77.0.200:{conf.TRUNK_LONGER}"
    hang_up(outgoing, incoming)


def test_priority_then_capacity(node, phone, trunk):
    """The first takes one call, the second the next, the third finds none."""
    first_caller, second_caller, third_caller = (
        phone(number, register=False) for number in ("1001", "1002", "1003"))
    first, second = trunk(port=conf.TRUNK_FIRST), trunk(port=conf.TRUNK_SECOND)
    one_call = answered_at(first_caller, "961", first)
    assert one_call[1].invite.uri.startswith("sip:961@"), "replace-prefix unset: as dialled"
    other_call = answered_at(second_caller, "962", second)
    OutgoingCall(third_caller, "963").refused(503)
    hang_up(*one_call)
    again = answered_at(third_caller, "964", first)
    hang_up(*again)
    hang_up(*other_call)


def test_capacity_counts_calls_from_the_trunk(node, phone, trunk):
    first, second = trunk(port=conf.TRUNK_FIRST), trunk(port=conf.TRUNK_SECOND)
    incoming_call = talk(first, phone("1002"))
    caller = phone("1001")
    outgoing, incoming = answered_at(caller, "961", second)
    hang_up(outgoing, incoming)
    hang_up(*incoming_call)


def test_equal_trunks_take_turns(node, phone, trunk):
    gateways = [trunk(port=port) for port in conf.TRUNK_TURN]
    callers, incoming = [], []
    for number in ("1001", "1003"):
        callers.append(OutgoingCall(phone(number), "971"))
        incoming.append(IncomingCall(first_with_message(gateways)))
    assert incoming[0].ua is not incoming[1].ua
    for caller, callee in zip(callers, incoming):
        callee.refuse(603, "Decline")
        caller.refused(603)


def test_trunk_sees_its_port(node, phone, trunk):
    """Several trunks share an address: the port says which one calls."""
    callee = phone("1002")
    outgoing, incoming = talk(trunk(port=conf.TRUNK_LONGER), callee)
    legs = node.ctl("call", "show", node.ctl("calls")[0]["id"])["legs"]
    assert {leg["side"]: leg["device"] for leg in legs} == {
        "caller": "trunk longer", "callee": "dn 1002"}
    hang_up(incoming, outgoing)


def test_trunk_rings_no_longer_than_allowed(node, phone, trunk):
    """ring-timeout of a trunk."""
    caller, gateway = OutgoingCall(phone("1001"), "98123"), trunk(port=conf.TRUNK_STUBBORN)
    incoming = IncomingCall(gateway)
    assert incoming.invite.uri == f"sip:98123@10.77.0.200:{conf.TRUNK_STUBBORN}"
    incoming.ring()
    caller.expect(180)
    cancel = gateway.expect("CANCEL")
    gateway.answer(cancel)
    incoming.refuse(487)
    caller.refused(480)
