# SPDX-License-Identifier: Apache-2.0
"""Each process is killed twenty times at a moment that a seed chooses, under 200 calls a second
that are ringing, held, being cancelled and so on. What the switch has no excuse for must be right;
the rest must end; nothing may be left. TANDEM_SEED=<number> repeats a run's moments and plans."""

import os
import random
import time
from collections import Counter

import node_configuration as conf
import pytest
from kill_call import CONTROLPLANE, DATAPLANE, STATES
from kill_phones import CALLEES, CALLERS, Phones
from lab import process

RATE = 200
KILLS_OF_EACH = 20
# From the moment both processes serve again. Most calls last up to two seconds.
CALM_S = (1.0, 2.2)
# The longest that is open after the last kill: a caller gives up, its CANCEL and its INVITE run
# out, and the transactions of the dataplane behind them.
ALL_OVER_S = 120.0


@pytest.fixture
def seed():
    chosen = int(os.environ.get("TANDEM_SEED", random.SystemRandom().randrange(1 << 32)))
    print(f"\nTANDEM_SEED={chosen}")
    return chosen


@pytest.fixture
def phones(seed):
    with Phones(conf.KILL_SEATS, RATE, seed) as running:
        yield running


def nothing_open(phones):
    return phones.open() == (0, 0)


def wait_until_all_is_over(phones):
    try:
        process.wait_until(lambda: nothing_open(phones), ALL_OVER_S, "every request has an end",
                           poll_s=0.2)
    except TimeoutError as error:
        raise AssertionError(f"{error}: {phones.what_is_open()}") from None


def kill(node, phones, which):
    """Kills and restarts one process; how many calls were in each state."""
    right = phones.right_since_served()
    states = phones.death(which)
    node.kill(which)
    assert right, "no call since the last restart was right from its beginning to its end"
    node.restart(which)
    phones.served()
    return states


def in_use(node):
    """Pools of both processes, transactions and calls that are not empty."""
    shown = node.rpc("dataplane", "shm.show")
    stats = node.ctl("stats")
    used = {row["pool"]: row["used"] for row in shown["pools"] if row["pool"] != "packets"}
    used.update({row["state"]: row["count"] for row in stats["dataplane"]["transactions"]})
    used["calls"] = len(node.ctl("calls"))
    return {name: count for name, count in used.items() if count}


def table(seen):
    lines = [f"{'':14}" + "".join(f"{state:>13}" for state in STATES)]
    for which, states in seen.items():
        lines.append(f"{which:14}" + "".join(f"{states[state]:13}" for state in STATES))
    return "\n".join(lines)


def test_kills_under_load(damaged, phones, seed):
    moments = random.Random(seed)
    order = [CONTROLPLANE, DATAPLANE] * KILLS_OF_EACH
    moments.shuffle(order)
    phones.register()
    process.wait_until(lambda: nothing_open(phones), 20.0, "all numbers are registered")
    assert phones.outcomes["REGISTER", 200] == len(CALLERS) + len(CALLEES)
    phones.start_calls()
    seen = {CONTROLPLANE: Counter(), DATAPLANE: Counter()}
    for which in order:
        time.sleep(moments.uniform(*CALM_S))
        seen[which] += kill(damaged, phones, which)
    process.wait_until(phones.right_since_served, 20.0, "a call after the last restart is right")
    phones.stop_calls()
    print(f"calls at the moments of death:\n{table(seen)}")
    wait_until_all_is_over(phones)
    wrong = phones.judge()
    print("calls: " + ", ".join(f"{count} {what}" for what, count in sorted(phones.counts.items())))
    print("requests: " + ", ".join(
        f"{method} {status or 'timeout'}: {count}"
        for (method, status), count in sorted(phones.outcomes.items())))
    assert not wrong, f"{len(wrong)} wrong, TANDEM_SEED={seed}:\n" + "\n".join(wrong[:20])
    for which, states in seen.items():
        assert all(states[state] for state in STATES), f"{which} never died with all states"
    for what in ("right", "right through a death of the dataplane",
                 "held after a death of the dataplane", "ended after a death of the dataplane",
                 "481 after a death of the control plane"):
        assert phones.counts[what], f"no call was {what}"
    process.wait_until(lambda: not in_use(damaged), ALL_OVER_S, "all that was in use is free",
                       poll_s=0.2)
