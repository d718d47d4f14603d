# SPDX-License-Identifier: Apache-2.0
"""./lab bench: measures, prints a table, writes build/bench/<name>.json."""

import json
import os
import re
import subprocess
from pathlib import Path

from lab import (
    bench_idle, bench_parse, bench_restart, bench_sipp, build, console, packages, paths, process,
    state,
)
from lab.bench_row import Row


def cpu_model(cpuinfo):
    """The model of the first CPU, from the text of /proc/cpuinfo."""
    match = re.search(r"^model name\s*:\s*(.+)$", cpuinfo, re.MULTILINE)
    return match.group(1).strip() if match else "unknown"


def commit():
    """The commit hash of the tree, with "-dirty" when files differ from it."""
    run = subprocess.run(
        ["git", "-c", f"safe.directory={paths.ROOT}", "-C", str(paths.ROOT), "describe",
         "--always", "--abbrev=40", "--match=", "--dirty"],
        capture_output=True, text=True,
    )
    return run.stdout.strip() or "unknown"


def document(name, rows):
    """The result file as a dictionary."""
    cpu = cpu_model(Path("/proc/cpuinfo").read_text())
    return {
        "bench": name,
        "commit": commit(),
        "host": {"cpu": cpu, "cores": os.cpu_count()},
        "rows": [row.as_json() for row in rows],
    }


_SUFFIXES = re.compile(r"(/iterations:\d+|/min_time:[\d.]+|/manual_time|/real_time)+$")


def _result(entries):
    """The aggregate a benchmark is to be read by: the least of its repetitions if it has one made,
    else their median."""
    by_aggregate = {entry.get("aggregate_name"): entry for entry in entries}
    return by_aggregate.get("least") or by_aggregate.get("median")


def parse_rows(report):
    """Rows of a Google Benchmark report with repetitions, in nanoseconds for one message. A
    benchmark that takes its own time says so in its name."""
    entries = {}
    for entry in report["benchmarks"]:
        if entry.get("error_occurred"):
            raise console.LabError(f"{entry['run_name']}: {entry.get('error_message')}")
        entries.setdefault(entry["run_name"], []).append(entry)
    rows = []
    for name, repetitions in entries.items():
        entry = _result(repetitions)
        if entry is None:
            continue
        if entry["time_unit"] != "ns":
            raise console.LabError(f"{name} measures in {entry['time_unit']}, not ns")
        time = entry["real_time" if "/manual_time" in name else "cpu_time"]
        of_byte = entry.get("ns_per_byte")
        rows.append(Row(_SUFFIXES.sub("", name), round(time, 1), "ns",
                        ns_per_byte=round(of_byte, 4) if of_byte is not None else None))
    if not rows:
        raise console.LabError("the benchmark program reported nothing")
    return rows


def _micro(name):
    """The measuring function of a Google Benchmark program."""
    def measure():
        build.build("release", [f"bench/bench_{name}", "bench/hot.bin"])
        program = paths.build_directory("release") / "bench" / f"bench_{name}"
        status, output = process.run(
            [program, "--benchmark_format=json", "--benchmark_repetitions=5",
             "--benchmark_report_aggregates_only=true"],
            stderr=None,
        )
        if status != 0:
            raise console.LabError(f"bench_{name} ended with {status}:\n{output}")
        return parse_rows(json.loads(output)), []
    return measure


def calls_rows(report):
    """Rows of what bench_calls writes."""
    rows = [Row(**row) for row in report["rows"]]
    if not rows:
        raise console.LabError("bench_calls reported nothing")
    return rows


def _calls():
    """Two minutes and a half; the tables go to the terminal."""
    build.build("release", ["bench/calls/bench_calls"])
    program = paths.build_directory("release") / "bench" / "calls" / "bench_calls"
    status, output = process.run([program], stderr=None)
    if status == 2:
        raise console.LabError("bench_calls could not start, see above")
    wrong = [] if status == 0 else ["not every message was right, see above"]
    return calls_rows(json.loads(output)), wrong


# name → function that gives (rows, sentences about what went wrong)
_BENCHES = {
    "parse": _micro("parse"), "ring": _micro("ring"), "transaction": _micro("transaction"),
    "calls": _calls, "idle": bench_idle.measure, "sipp": bench_sipp.measure,
    "restart": bench_restart.measure,
}
# name → function that makes a text of the rows; others have one table.
_TABLES = {"parse": bench_parse.tables}
NAMES = tuple(_BENCHES)
_IN_LABORATORY = {"idle", "sipp", "restart"}


def _table(name, rows):
    if name in _TABLES:
        return _TABLES[name](rows)
    return console.table((name, "value", "unit", "better"),
                         [(row.name, row.value, row.unit, row.better) for row in rows])


def run(words):
    unknown = [word for word in words if word not in NAMES]
    if unknown:
        raise console.LabError(f"no bench {unknown[0]}: there are {', '.join(NAMES)}", status=2)
    if not words or set(words) & _IN_LABORATORY:
        state.require_free("bench")
    packages.install()
    directory = paths.BUILD / "bench"
    directory.mkdir(parents=True, exist_ok=True)
    wrong = []
    for name in words or NAMES:
        console.step(f"bench {name}")
        rows, complaints = _BENCHES[name]()
        (directory / f"{name}.json").write_text(json.dumps(document(name, rows), indent=2) + "\n")
        console.say(_table(name, rows))
        console.say(f"written to build/bench/{name}.json")
        wrong += [f"{name}: {sentence}" for sentence in complaints]
    for sentence in wrong:
        console.complain(sentence)
    return 1 if wrong else 0
