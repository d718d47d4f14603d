# SPDX-License-Identifier: Apache-2.0
"""An idle node leaves the processor to others (idle = adaptive)."""

import time

SECONDS = 5.0
SHARE_MAX = 0.05  # of one core


def test_idle_node_naps(node):
    """CPU time of the processes while nothing happens; busy neighbours do not change it."""
    before = {name: running.cpu_seconds() for name, running in node.processes.items()}
    time.sleep(SECONDS)  # the measurement itself
    used = {name: running.cpu_seconds() - before[name]
            for name, running in node.processes.items()}
    assert used["dataplane"] < SHARE_MAX * SECONDS, used
    assert used["controlplane"] < SHARE_MAX * SECONDS, used
    status = node.ctl("status")["dataplane"]
    assert status["idle"] == "adaptive" and status["naps"] > 0
