# SPDX-License-Identifier: Apache-2.0
"""`trace`: which packets it follows, why they ended, and that it ends itself. The whole way of one
message is compared with docs/path-of-a-message.md in test_path_page.py."""

import re

import node_configuration as conf
import pytest
from dialog import OutgoingCall
from lab import process


def shown(node, packets=1):
    """The trace once so many packets are in it."""
    def look():
        trace = node.ctl("trace")
        return trace if len(trace["packets"]) >= packets else None

    return process.wait_until(look, 5.0, f"{packets} packets in the trace")


def stages(trace, packet):
    return [step["stage"] for step in trace["steps"]
            if step["packet"] == packet and step["kind"] != "counted"]


def test_trace_tells_why_a_packet_was_dropped(node, phone):
    noisy = phone("1001", seat=conf.BROKEN_SEAT, register=False)
    node.ctl("trace", "start", "--address", noisy.local[0])
    noisy.send(b"\x01noise")
    noisy.expect_silence()
    trace = shown(node)
    row = next(row for row in trace["packets"] if row["line"] == "?noise")
    assert row["source"] == "%s:%d" % noisy.local
    assert row["destination"] == "10.77.0.10:5060" and row["port"] == "sip0"
    assert row["dropped"] == "sip_not_sip"
    assert stages(trace, row["packet"]) == ["rx", "ether", "ip4", "udp", "screen"]
    assert re.search(r"screen +dataplane/screen/screen\.cpp +drop sip_not_sip",
                     node.ctl_text("trace"))


def test_trace_follows_a_refusal_through_the_core(node, phone):
    caller = phone("1001")
    node.ctl("trace", "start", "--first-line", "INVITE sip:1077@")
    OutgoingCall(caller, "1077").refused(480)
    trace = process.wait_until(
        lambda: next((seen for seen in [node.ctl("trace")]
                      if seen["steps"] and seen["steps"][-1]["stage"] == "tx"), None),
        5.0, "the trace of a refused INVITE")
    [row] = trace["packets"]
    way = stages(trace, row["packet"])
    assert way[-8:] == ["refuse", "command-effects", "drain", "transactions", "server-response",
                        "send-udp", "send-ip4", "send-ether", "tx"][-8:]
    assert "router" in way and "start-attempt" not in way
    assert any(step["what"].endswith("SIP/2.0 480 Not Registered") for step in trace["steps"])


def test_trace_of_a_repetition_ends_at_its_transaction(node, phone):
    caller, callee = phone("1001"), phone("1002")
    outgoing = OutgoingCall(caller, "1002")
    invite = callee.expect("INVITE")
    caller.expect_trying()
    node.ctl("trace", "start", "--first-line", "INVITE", "--address", caller.local[0])
    caller.send(outgoing.invite)
    caller.receive_bytes()  # 100 again
    trace = shown(node)
    way = stages(trace, 1)
    assert "publish" not in way and way[way.index("server-request"):][:2] == [
        "server-request", "send-udp"]
    assert "count request_retransmissions" in [step["what"] for step in trace["steps"]]
    callee.answer(invite, 486, "Busy Here", to_tag="busy")
    callee.expect("ACK")
    outgoing.refused(486)


def test_trace_ends_by_itself(node, phone):
    asker = phone("1001", register=False)
    node.ctl("trace", "start", "--count", 2, "--first-line", "OPTIONS",
             "--address", asker.local[0])
    assert node.ctl("trace")["trace"]["state"] == "waits for packets"
    for _ in range(4):
        asker.expect_silence()  # sends an OPTIONS each
    process.wait_until(lambda: node.ctl("trace")["trace"]["state"] == "ended", 10.0,
                       "the end of the trace")
    trace = node.ctl("trace")
    assert len(trace["packets"]) == 2 and trace["trace"]["lost"] == 0
    assert [row["packet"] for row in node.ctl("trace", "--packet", 2)["packets"]] == [2]
    assert {step["packet"] for step in node.ctl("trace", "--packet", 2)["steps"]} == {2}


def test_trace_is_stopped_and_stays(node, phone):
    asker = phone("1001", register=False)
    node.ctl("trace", "start", "--first-line", "OPTIONS", "--address", asker.local[0])
    asker.expect_silence()
    assert node.ctl("trace", "stop")["state"] == "ended"
    asker.expect_silence()
    trace = node.ctl("trace")
    assert len(trace["packets"]) == 1 and trace["steps"]
    node.ctl("trace", "start")
    assert node.ctl("trace")["packets"] == [] or node.ctl("trace")["trace"]["wanted"] == 16
    node.ctl("trace", "stop")


@pytest.mark.parametrize("words", [("--count", "0"), ("--count", "257"), ("--address", "somewhere"),
                                   ("--first-line", "x" * 65)])
def test_trace_refuses_what_it_cannot_follow(node, words):
    run = node.ctl_run("trace", "start", *words)
    assert run.returncode == 2 and words[0].strip("-") in run.stderr
