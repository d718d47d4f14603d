# SPDX-License-Identifier: Apache-2.0
"""The bench `idle`: what a node with idle = adaptive uses of a core while nothing happens."""

import statistics
import time
from pathlib import Path

from lab import build, standing, state
from lab.bench_row import Row
from lab.network import Network
from lab.node import CONTROLPLANE, DATAPLANE, Node

SECONDS = 10.0
REPETITIONS = 5


def parse_schedstat(text):
    """Seconds on a processor, from the text of /proc/PID/task/TID/schedstat: exact, where the
    times of /proc/PID/stat are samples of 10 ms."""
    return int(text.split()[0]) / 1e9


def _used_seconds(pid):
    return sum(parse_schedstat(file.read_text())
               for file in Path(f"/proc/{pid}/task").glob("*/schedstat"))


def _shares(node):
    """Percent of a core each process used during SECONDS."""
    pids = {name: running.record.pid for name, running in node.processes.items()}
    before = {name: _used_seconds(pid) for name, pid in pids.items()}
    started = time.monotonic()
    time.sleep(SECONDS)
    seconds = time.monotonic() - started
    return {name: 100 * (_used_seconds(pid) - before[name]) / seconds
            for name, pid in pids.items()}


def measure():
    """(rows, complaints) of the bench."""
    build.build("release", build.PROGRAMS)
    with state.session("bench idle"), Network():
        with Node("a", overrides=standing.node_overrides()) as node:
            runs = [_shares(node) for _ in range(REPETITIONS)]
    rows = []
    for name in (DATAPLANE, CONTROLPLANE):
        shares = [run[name] for run in runs]
        rows.append(Row(name, round(statistics.median(shares), 2), "percent of a core"))
        rows.append(Row(f"{name}_spread", round(max(shares) - min(shares), 2),
                        "percent of a core"))
    return rows, []
