# SPDX-License-Identifier: Apache-2.0
"""An idle node leaves the processor to others (idle = adaptive)."""

import ctypes
import resource
import threading
import time

SECONDS = 5.0
SHARE_MAX = 0.05  # of one core
# What a nap of 100 µs costs is the machine's doing: 4 µs when it is quiet, 15 µs when its caches
# and its hypervisor are busy with others. Then the measure is what napping alone costs there.
OVER_NAPPING_MAX = 1.5
NAP_NS = 100_000
PR_SET_TIMERSLACK = 29


class Timespec(ctypes.Structure):
    _fields_ = [("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long)]


class Napper(threading.Thread):
    """Does nothing but nap as an idle worker does, and says what one nap cost."""

    def __init__(self):
        super().__init__()
        self.cost_s = 0.0

    def run(self):
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0)
        nap = ctypes.byref(Timespec(0, NAP_NS))
        naps, end = 0, time.monotonic() + SECONDS
        before = resource.getrusage(resource.RUSAGE_THREAD)
        while time.monotonic() < end:
            libc.nanosleep(nap, None)
            naps += 1
        after = resource.getrusage(resource.RUSAGE_THREAD)
        self.cost_s = (after.ru_utime + after.ru_stime
                       - before.ru_utime - before.ru_stime) / naps


def look(node):
    """({process: CPU seconds}, the dataplane's naps, its bursts with work) so far."""
    status = node.ctl("status")["dataplane"]
    used = {name: running.cpu_seconds() for name, running in node.processes.items()}
    return used, status["naps"], status["busy_bursts"]


def test_idle_node_naps(node):
    """CPU time of the processes while nothing happens: under 5 % of a core each, unless naps alone
    cost that much on this machine now."""
    used_before, naps_before, busy_before = look(node)
    napper = Napper()
    napper.start()
    napper.join()
    used_after, naps_after, busy_after = look(node)
    used = {name: used_after[name] - used_before[name] for name in used_after}
    naps = naps_after - naps_before
    limit = max(SHARE_MAX * SECONDS, OVER_NAPPING_MAX * naps * napper.cost_s)
    assert used["dataplane"] < limit, (used, naps, napper.cost_s)
    assert used["controlplane"] < SHARE_MAX * SECONDS, used
    assert naps > SECONDS * 1e9 / NAP_NS / 10, "it naps nearly all the time"
    assert busy_after - busy_before < naps / 10
