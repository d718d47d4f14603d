# SPDX-License-Identifier: Apache-2.0
"""100 calls a second for 10 s: none fails, nothing is left."""

from lab import process
from sipp_scenario import good

RATE, CALLS = 100, 1000


def live_transactions(node):
    return sum(row["count"] for row in node.ctl("stats")["dataplane"]["transactions"])


def test_100_calls_a_second(node, phone, sipp):
    ua = phone("1022", register=False)
    ua.registered(contact=f"<sip:1022@{ua.local[0]}:5060>")
    before = node.ctl("status")["controlplane"]["resident_bytes"]
    common = {"calls": CALLS, "trace_messages": False, "timeout_s": 60}
    callee = sipp.start("answer", number="1022", seat=2, **common)
    caller = sipp.start("call", number="1021", seat=1, service="1022", rate=RATE,
                        options=("-d", 500), **common)
    good(caller, callee)
    assert caller.result().successful == callee.result().successful == CALLS
    process.wait_until(lambda: node.calls_count() == 0, 10.0, "no call is left")
    process.wait_until(lambda: live_transactions(node) == 0, 45.0, "no live transaction is left",
                       poll_s=0.2)
    counters = {row["name"]: row["value"] for row in node.ctl("stats")["controlplane"]}
    assert counters["calls_ended"] == counters["calls_started"]
    assert not any(value for name, value in counters.items() if name.startswith("pool_full"))
    assert counters["events_unreadable"] == 0
    assert node.ctl("status")["controlplane"]["resident_bytes"] <= before + (8 << 20), "no leak"
