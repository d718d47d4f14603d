# SPDX-License-Identifier: Apache-2.0
"""An idle node leaves the processor to others (idle = adaptive): it looks about once a millisecond.
What the looks cost is measured by `./lab bench idle`."""

import time

SECONDS = 5.0
# Looks a second of a worker that rests 900 µs at a time, and of a core thread that beats each
# millisecond; a machine that is late makes them fewer, never more.
DATAPLANE_LOOKS_MAX = 1_112
CONTROLPLANE_LOOKS_MAX = 1_001
# A stray packet (a neighbour's ARP, the test's own questions) wakes for some looks.
STRAY_LOOKS = 1_000


def look(node):
    """(bursts and busy bursts of the dataplane, loops of the core thread, time in s) now."""
    dataplane = node.ctl("status")["dataplane"]
    loops = next(row["value"] for row in node.ctl("stats")["controlplane"]
                 if row["name"] == "loops")
    return dataplane["bursts"], dataplane["busy_bursts"], loops, time.monotonic()


def test_idle_node_naps(node):
    """How often each process looks for work while nothing happens."""
    started = time.monotonic()
    bursts_before, busy_before, loops_before, _ = look(node)
    time.sleep(SECONDS)
    bursts_after, busy_after, loops_after, ended = look(node)
    seconds = ended - started
    bursts = bursts_after - bursts_before
    assert 0 < bursts <= DATAPLANE_LOOKS_MAX * seconds + STRAY_LOOKS
    assert 0 < loops_after - loops_before <= CONTROLPLANE_LOOKS_MAX * seconds + STRAY_LOOKS
    assert busy_after - busy_before < bursts / 10, "what little comes does not keep it awake"
