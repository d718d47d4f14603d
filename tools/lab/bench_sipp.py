# SPDX-License-Identifier: Apache-2.0
"""The bench `sipp`: calls of scripted phones through the real processes in the laboratory.

Two runs: CALLS calls at RATE a second, and AT_ONCE calls that are all up at the same time. Every
call is checked on both sides by the scenarios in bench/sipp.
"""

import time

from lab import build, console, network, paths, process, standing, state
from lab.bench_row import Row
from lab.network import Network
from lab.node import Node
from lab.sipp import Sipp

RATE = 1000
CALLS = 60_000
TALK_MS = 500

AT_ONCE = 10_000
AT_ONCE_RATE = 500
# All are up from the last call's start to the first one's end: 20 s to start them, 15 s together.
AT_ONCE_TALK_MS = 35_000

# More calls than this are never open in either run; sipp would wait before it starts another.
OPEN_MAX = AT_ONCE + 2000

REGISTER_RATE = 1000
FIRST_NUMBER = 10_000
NUMBERS = 10_000

SCENARIOS = paths.ROOT / "bench" / "sipp"
CALLER_SEAT = 2
CALLEE_SEAT = 3


def write_injections(directory):
    """The csv files for sipp: the numbers, and (caller, callee) pairs in which every number calls
    and is called, never itself. Returns their paths."""
    directory.mkdir(parents=True, exist_ok=True)
    numbers = range(FIRST_NUMBER, FIRST_NUMBER + NUMBERS)
    registered = directory / "numbers.csv"
    registered.write_text("SEQUENTIAL\n" + "".join(f"{number};\n" for number in numbers))
    half = NUMBERS // 2
    pairs = directory / "pairs.csv"
    pairs.write_text("SEQUENTIAL\n" + "".join(
        f"{number};{FIRST_NUMBER + (number - FIRST_NUMBER + half) % NUMBERS};\n"
        for number in numbers
    ))
    return registered, pairs


def _register(numbers):
    callee = network.phone_address(CALLEE_SEAT)
    with Sipp(
        "register", network.PHONES, SCENARIOS / "register.xml",
        local_ip=callee, local_port=5070, remote=network.SIP_ADDRESS,
        calls=NUMBERS, rate=REGISTER_RATE, injection=numbers, timeout_s=60,
        keys={"contact": f"{callee}:5060"}, trace_messages=False,
    ) as sipp:
        return sipp.wait()


def _calls(name, pairs, calls, rate, talk_ms, watch=None):
    """Both sides of a run; returns (caller's result, callee's result)."""
    timeout_s = calls // rate + talk_ms // 1000 + 60
    with Sipp(
        f"{name}-callee", network.PHONES, SCENARIOS / "callee.xml",
        local_ip=network.phone_address(CALLEE_SEAT), calls=calls, timeout_s=timeout_s,
        options=("-l", OPEN_MAX), trace_messages=False,
    ) as callee, Sipp(
        f"{name}-caller", network.PHONES, SCENARIOS / "caller.xml",
        local_ip=network.phone_address(CALLER_SEAT), remote=network.SIP_ADDRESS,
        calls=calls, rate=rate, injection=pairs, timeout_s=timeout_s,
        options=("-l", OPEN_MAX, "-d", talk_ms), trace_messages=False,
    ) as caller:
        while caller.alive and callee.alive:
            if watch:
                watch()
            time.sleep(0.5)
        return caller.wait(), callee.wait(timeout_s=10)


def failures(calls, caller, callee):
    """How many of the calls did not go right on both sides, and sentences that say what."""
    wrong = [str(result) for result in (caller, callee) if not result.ok]
    failed = max(calls - caller.successful, calls - callee.successful, 0)
    if wrong and failed == 0:
        failed = max(caller.failed, callee.failed, 1)
    return failed, wrong


def _cpu_us(node):
    """Process → CPU time so far."""
    return {name: running.cpu_seconds() * 1e6 for name, running in node.processes.items()}


def measure():
    """(rows, complaints) of the bench."""
    build.build("release", build.PROGRAMS)
    numbers, pairs = write_injections(paths.BUILD / "bench" / "sipp")
    with state.session("bench sipp"), Network():
        with Node("a", overrides=standing.node_overrides()) as node:
            registered = _register(numbers)
            if not registered.ok:
                raise console.LabError(f"registering {NUMBERS} numbers failed: {registered}")
            console.step(f"{CALLS} calls at {RATE} a second")
            cpu_before = _cpu_us(node)
            failed, wrong = failures(
                CALLS, *_calls("rate", pairs, CALLS, RATE, TALK_MS)
            )
            cpu_us = {name: (us - cpu_before[name]) / CALLS for name, us in _cpu_us(node).items()}

            console.step(f"{AT_ONCE} calls at once")
            most = 0

            def watch():
                nonlocal most
                most = max(most, node.calls_count())

            failed_at_once, wrong_at_once = failures(
                AT_ONCE, *_calls("at-once", pairs, AT_ONCE, AT_ONCE_RATE, AT_ONCE_TALK_MS, watch)
            )
            wrong += wrong_at_once
            if most < AT_ONCE:
                wrong.append(f"at most {most} calls were up at once, not {AT_ONCE}")
            process.wait_until(lambda: node.calls_count() == 0, 10.0, "no call is left in the node")
    rows = [
        Row("failed_calls", failed + failed_at_once, "calls"),
        Row("calls_at_once", most, "calls", better="higher"),
        Row("cpu_us_per_call", round(sum(cpu_us.values()), 1), "us"),
        *(Row(f"{name}_cpu_us_per_call", round(us, 1), "us") for name, us in cpu_us.items()),
    ]
    return rows, wrong
