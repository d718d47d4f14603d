# SPDX-License-Identifier: Apache-2.0
"""An idle node leaves the processor to others (idle = adaptive)."""

import time

SECONDS = 5.0
SHARE_MAX = 0.05  # of one core


def look(node):
    """({process: CPU seconds}, the dataplane's naps, its bursts with work) so far."""
    status = node.ctl("status")["dataplane"]
    used = {name: running.cpu_seconds() for name, running in node.processes.items()}
    return used, status["naps"], status["busy_bursts"]


def test_idle_node_naps(node):
    """CPU time of each process while nothing happens."""
    used_before, naps_before, busy_before = look(node)
    time.sleep(SECONDS)  # the time that is measured
    used_after, naps_after, busy_after = look(node)
    used = {name: used_after[name] - used_before[name] for name in used_after}
    naps = naps_after - naps_before
    assert used["dataplane"] < SHARE_MAX * SECONDS, (used, naps)
    assert used["controlplane"] < SHARE_MAX * SECONDS, (used, naps)
    assert busy_after - busy_before < naps / 10, "what little comes does not keep it awake"
