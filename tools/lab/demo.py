# SPDX-License-Identifier: Apache-2.0
"""./lab demo: from an empty machine to real calls, each checked at both of its ends."""

import time
import traceback
from dataclasses import dataclass

from lab import build, console, network, packages, paths, standing, state, tone
from lab.baresip import Baresip
from lab.capture import Capture
from lab.network import Network
from lab.node import Node
from lab.sipp import Sipp

_SCENARIOS = paths.PACKAGE / "scenarios"
_TALK_S = 2.0
_ALICE_HZ, _BOB_HZ = 440, 1000


@dataclass
class Stage:
    """What the calls play on: three real phones, and the node between them."""

    node: Node
    alice: Baresip  # 1000
    bob: Baresip  # 1001, answers by itself
    carol: Baresip  # 1900, has a password, answers when told
    ladder: str = ""


def check(condition, sentence):
    """A wrong call is one whose sentence does not hold."""
    if not condition:
        raise AssertionError(sentence)


def _hang_up(first, *others):
    first.hangup()
    for phone in (first, *others):
        phone.wait_event("CALL_CLOSED")


def phone_to_phone(stage):
    """1000 calls 1001, both hear the other's tone"""
    stage.alice.dial(1001)
    for phone in (stage.bob, stage.alice):
        phone.wait_event("CALL_ESTABLISHED")
    check(stage.node.calls_count() == 1, "the node counts one call")
    time.sleep(_TALK_S)
    _hang_up(stage.alice, stage.bob)
    for phone, hertz in ((stage.alice, _BOB_HZ), (stage.bob, _ALICE_HZ)):
        heard = tone.frequency_hz(phone.heard())
        check(abs(heard - hertz) < 20, f"{phone.number} hears {hertz} Hz, it was {heard:.0f}")
    return f"{_ALICE_HZ} and {_BOB_HZ} Hz arrived"


def with_password(stage):
    """1900 is asked for its password and calls 1000"""
    stage.carol.dial(1000)
    stage.alice.wait_event("CALL_INCOMING")
    stage.alice.answer()
    for phone in (stage.alice, stage.carol):
        phone.wait_event("CALL_ESTABLISHED")
    _hang_up(stage.alice, stage.carol)
    log = stage.carol.log_text()
    check("SIP/2.0 401 " in log, "the node challenged with 401")
    invites = [part for part in log.split("\nINVITE sip:1000@")[1:]]
    check(any("\nAuthorization: Digest" in part.split("\n\n")[0] for part in invites),
          "the second INVITE carried the answer to the challenge")
    return "401, then accepted"


def trunk_to_phone(stage):
    """the trunk calls 1001"""
    with Sipp("demo-trunk-calls", network.TRUNK, _SCENARIOS / "trunk_calls.xml",
              local_ip=network.TRUNK_ADDRESS, remote=network.SIP_ADDRESS, service="1001",
              options=("-d", 1000)) as trunk:
        stage.bob.wait_event("CALL_ESTABLISHED")
        result = trunk.wait()
        stage.bob.wait_event("CALL_CLOSED")
    check(result.ok, str(result))
    return "answered, 1 s, ended by the trunk"


def phone_to_trunk(stage):
    """1000 calls 9555, the trunk sees 555"""
    with Sipp("demo-trunk-answers", network.TRUNK, _SCENARIOS / "trunk_answers.xml",
              local_ip=network.TRUNK_ADDRESS) as trunk:
        stage.alice.dial(9555)
        stage.alice.wait_event("CALL_ESTABLISHED")
        _hang_up(stage.alice)
        result = trunk.wait()
    check(result.ok, str(result))
    return "prefix 9 removed"


def hold_and_retrieve(stage):
    """1000 holds 1001 and takes it back"""
    with Capture("demo-hold") as capture:
        stage.alice.dial(1001)
        for phone in (stage.bob, stage.alice):
            phone.wait_event("CALL_ESTABLISHED")
        stage.alice.hold()
        time.sleep(0.5)
        stage.alice.resume()
        time.sleep(0.5)
        call = only_call(stage.node)
        _hang_up(stage.alice, stage.bob)
        stage.ladder = stage.node.ctl_text("call", "show", call, "--ladder")
        check(stage.ladder.count("INVITE") >= 6, "the ladder shows INVITE three times on each leg")
    to_bob = f'sip.Method == "INVITE" && ip.dst == {stage.bob.address}'
    directions = [
        direction
        for (attributes,) in capture.fields(to_bob, "sdp.media_attr")
        for direction in attributes.split(",")
        if direction in ("sendrecv", "sendonly", "inactive")
    ]
    check(directions == ["sendrecv", "sendonly", "sendrecv"],
          f"1001 is offered sendrecv, sendonly, sendrecv; it was {directions}")
    check(capture.count("sip && _ws.malformed") == 0, "no SIP message is malformed")
    return "sendonly, then sendrecv, at 1001"


def only_call(node):
    """The id of the only call that is up."""
    calls = node.ctl("calls")
    check(len(calls) == 1, f"one call is up, the node has {len(calls)}")
    return str(calls[0]["id"])


def caller_gives_up(stage):
    """1000 calls 1900 and gives up while it rings"""
    with Capture("demo-cancel") as capture:
        stage.alice.dial(1900)
        stage.carol.wait_event("CALL_INCOMING")
        stage.alice.wait_event("CALL_RINGING")
        _hang_up(stage.alice, stage.carol)
    to_carol = f"ip.dst == {stage.carol.address}"
    check(capture.count(f'{to_carol} && sip.Method == "CANCEL"') >= 1, "1900 gets CANCEL")
    check(capture.count(f"ip.dst == {stage.alice.address} && sip.Status-Code == 487") >= 1,
          "1000 gets 487")
    return "CANCEL at 1900, 487 at 1000"


def busy(stage):
    """1000 calls 1900, which is busy"""
    stage.alice.dial(1900)
    stage.carol.wait_event("CALL_INCOMING")
    stage.carol.hangup()
    closed = stage.alice.wait_event("CALL_CLOSED")
    check("486" in closed["param"], f"1000 gets 486, it was {closed['param']}")
    stage.carol.wait_event("CALL_CLOSED")
    return closed["param"]


def unknown_number(stage):
    """1000 calls a number that nobody has"""
    stage.alice.dial(4711)
    closed = stage.alice.wait_event("CALL_CLOSED")
    check("404" in closed["param"], f"1000 gets 404, it was {closed['param']}")
    return closed["param"]


CALLS = (phone_to_phone, with_password, trunk_to_phone, phone_to_trunk, hold_and_retrieve,
         caller_gives_up, busy, unknown_number)


def _place(call, stage):
    """(what, verdict, detail) of one call."""
    what = call.__doc__
    console.step(what)
    try:
        return (what, "right", call(stage))
    except (AssertionError, TimeoutError, RuntimeError, OSError, console.LabError) as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return (what, "WRONG", f"{error} ({last.name})")


def _settled(node):
    """A last row of the summary: nothing is left in the node."""
    deadline = time.monotonic() + 5
    while node.calls_count() and time.monotonic() < deadline:
        time.sleep(0.1)
    left = node.calls_count()
    return ("the node is empty again", "right" if left == 0 else "WRONG", f"{left} calls left")


def _play():
    """Everything between the network and the summary; returns (rows, ladder, node's drops)."""
    console.step("starting node a")
    overrides = standing.node_overrides()
    # baresip 1.0 takes a challenge with an algorithm it does not know for an error.
    overrides["application"] = {"digest-algorithms": "MD5"}
    with Node("a", overrides=overrides) as node:
        console.step("starting phones 1000, 1001 and 1900")
        with (
            Baresip(1000, 0, tone_hz=_ALICE_HZ) as alice,
            Baresip(1001, 1, tone_hz=_BOB_HZ, answer="auto") as bob,
            Baresip(1900, 2, password="pw-1900") as carol,
        ):
            stage = Stage(node, alice, bob, carol)
            for phone in (alice, bob, carol):
                phone.wait_registered()
            rows = [_place(call, stage) for call in CALLS]
            rows.append(_settled(node))
            console.say("\n" + node.ctl_text("status").rstrip())
    return rows, stage.ladder


def run(words):
    if words:
        raise console.LabError(f"demo takes no argument, got: {' '.join(words)}", status=2)
    state.require_free("demo")
    packages.install()
    build.build("release", build.PROGRAMS)
    with state.session("demo"):
        console.step("making the network")
        with Network():
            rows, drawn = _play()
    if drawn:
        console.say(f"\nThe call with hold and retrieve, message by message:\n\n{drawn.rstrip()}")
    console.say("\n" + console.table(("call", "verdict", "detail"), rows))
    wrong = sum(row[1] != "right" for row in rows)
    console.say(f"\n{len(rows) - wrong} right, {wrong} wrong" + (
        f"; logs and traces are in {paths.CAPTURES}" if wrong else ""))
    return 1 if wrong else 0
