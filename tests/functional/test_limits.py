# SPDX-License-Identifier: Apache-2.0
"""A node with small pools: what is full is said, and nobody else suffers."""

import checks
import node_configuration as conf
import pytest
from dialog import OutgoingCall, hang_up, talk
from lab import process


@pytest.fixture
def small(started_node):
    return started_node(**conf.SMALL)


def log_of(node):
    return (node.logs / "controlplane.log").read_text(errors="replace")


def test_calls_at_once(small, phone):
    """The third call gets 503 and is counted; the two others go on; then there is room again."""
    caller, callee = phone("1001"), phone("1002")
    static = phone(conf.STATIC_NUMBER, conf.STATIC_SEAT, False, port=conf.STATIC_PORT)
    calls = [talk(caller, callee), talk(phone("1003", register=False), static)]
    third = OutgoingCall(phone("1005", register=False), "1002")
    checks.switch_answer(third.invite, third.refused(503), 503)
    counters = {row["name"]: row["value"] for row in small.ctl("stats")["controlplane"]}
    assert counters["pool_full_calls"] == 1
    process.wait_until(lambda: "calls" in log_of(small) and "full" in log_of(small), 5.0,
                       "a log line says which pool is full")
    for call in calls:
        hang_up(*call)
    process.wait_until(lambda: small.calls_count() == 0, 10.0, "the calls are over")
    hang_up(*talk(caller, callee))


def test_registrations_at_once(small, phone):
    for number in ("1001", "1002", "1003", "1004"):
        ua = phone(number, register=False)
        ua.send(ua.register(contact="*", expires=0))
        ua.expect(200)
    first, second, third = (phone(number) for number in ("1001", "1002", "1003"))
    ua = phone("1004", register=False)
    request = ua.send(ua.register())
    checks.switch_answer(request, ua.receive(), 503)
    hang_up(*talk(first, second))
    third.registered(expires=0)
    ua.registered()
