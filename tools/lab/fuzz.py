# SPDX-License-Identifier: Apache-2.0
"""./lab fuzz: lets every libFuzzer target of the tree search, several at a time.

A target that was changed lately gets more of the time (fuzz_time.py). What a target learns stays
in build/fuzz-corpus, what it finds in build/fuzz-findings, what it says in build/fuzz-logs.
"""

import concurrent.futures
import os
import re
from dataclasses import dataclass

from lab import build, console, fence, fuzz_time, packages, paths, process

NAME_PREFIX = "fuzz_"  # of the executables; the rest is the name of the target
_DEFAULT_MINUTES = 4.0
_MINUTES_MAX = 7 * 24 * 60
_RUNS_MAX = 10**12
_USAGE = "usage: ./lab fuzz [--minutes N | --runs N] [TARGET ...], N greater than 0"

KIND = "asan"  # of the build; its objects have coverage
_SOURCES = paths.ROOT / "tests" / "fuzz"
# Which words of a grammar a target is helped by, where they are not in a file of its own name.
_DICTIONARIES = {"frame": "sip", "events": "sip", "foreign_index": "sip"}
# The longest input a target gets more out of than from a shorter one.
_LENGTHS_MAX = {"sip": 8192, "writer": 2048, "config": 4096, "control": 2048, "digest": 2048,
                "branch": 128, "arp": 128, "ring": 512, "region": 512}


@dataclass
class Plan:
    """What the command line asks for: minutes for all together, or executions of each."""

    minutes: float = _DEFAULT_MINUTES
    runs: int = 0  # 0: by minutes
    targets: tuple = ()  # none named: all


@dataclass
class Search:
    """What one target did."""

    name: str
    passed: bool = False
    executions: int = 0
    per_second: int = 0
    corpus: int = 0  # inputs kept
    edges: int = 0  # covered
    rss_mb: int = 0
    output: str = ""


def parse(words):
    """The words of the command line as a Plan; LabError for what is none."""
    plan = Plan()
    words = [part for word in words for part in word.split("=", 1)]
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            plan.targets += (word,)
            continue
        try:
            if word == "--minutes":
                plan.minutes = float(words.pop(0))
            elif word == "--runs":
                plan.runs = int(words.pop(0))
                if not 0 < plan.runs <= _RUNS_MAX:
                    raise ValueError
            else:
                raise ValueError
        except (IndexError, ValueError):
            raise console.LabError(_USAGE, status=2) from None
    if not 0 < plan.minutes <= _MINUTES_MAX:
        raise console.LabError(_USAGE, status=2)
    return plan


def read_stats(output):
    """The numbers libFuzzer prints at its end; 0 for what it did not get to."""
    def last(pattern):
        found = re.findall(pattern, output)
        return int(found[-1]) if found else 0

    return {
        "executions": last(r"stat::number_of_executed_units:\s*(\d+)"),
        "per_second": last(r"stat::average_exec_per_sec:\s*(\d+)"),
        "rss_mb": last(r"stat::peak_rss_mb:\s*(\d+)"),
        "edges": last(r"\bcov: (\d+)"),
        "corpus": last(r"\bcorp: (\d+)"),
    }


def seeds(name):
    """The directories of the inputs a target begins with; LabError when there is no input."""
    written = _SOURCES / "seeds" / name
    made = paths.build_directory(KIND) / "tests" / "fuzz" / f"{name}.seeds"
    found = [path for path in (written, made) if path.is_dir() and any(path.iterdir())]
    if not found:
        raise console.LabError(f"target {name} has no seeds: put a good input into {written}")
    return found


def _command(name, program, limit):
    """The command and its directories; `limit` is libFuzzer's option that ends it."""
    corpus = paths.BUILD / "fuzz-corpus" / name
    findings = paths.BUILD / "fuzz-findings" / name
    corpus.mkdir(parents=True, exist_ok=True)
    findings.mkdir(parents=True, exist_ok=True)
    # Without the weights of rare features: for a whole node they cost three times what it does.
    command = [program, corpus, *seeds(name), limit, "-print_final_stats=1", "-timeout=10",
               "-entropic=0", "-rss_limit_mb=4096", f"-artifact_prefix={findings}/"]
    dictionary = _SOURCES / "dictionaries" / f"{_DICTIONARIES.get(name, name)}.dict"
    if dictionary.exists():
        command.append(f"-dict={dictionary}")
    if name in _LENGTHS_MAX:
        command.append(f"-max_len={_LENGTHS_MAX[name]}")
    return command, findings


def _search(name, program, plan, seconds):
    limit = f"-runs={plan.runs}" if plan.runs else f"-max_total_time={seconds}"
    command, findings = _command(name, program, limit)
    status, output = process.run(
        fence.fenced(command), environment={"UBSAN_OPTIONS": "halt_on_error=1"}
    )
    log = paths.BUILD / "fuzz-logs" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(output)
    search = Search(name, passed=status == 0, output=output, **read_stats(output))
    if search.passed and search.executions == 0:
        search.passed = False  # it searched nothing: that is no success
    if search.passed:
        console.step(f"{name}: {search.executions} executions")
    else:
        console.say("\n".join(output.splitlines()[-40:]))
        console.complain(f"{name}: found something; the input is in {findings}, the log is {log}")
    return search


def programs(chosen=()):
    """Target → executable, of the built kind; LabError for a target there is not."""
    found = {name.removeprefix(NAME_PREFIX): program
             for name, program in build.targets(KIND).items() if name.startswith(NAME_PREFIX)}
    for name in chosen:
        if name not in found:
            raise console.LabError(
                f"no target {name}: there are {', '.join(sorted(found))}", status=2
            )
    return {name: found[name] for name in sorted(found) if not chosen or name in chosen}


def _share_time(plan, targets, at_once):
    """Target → whole seconds, at least one."""
    ages = fuzz_time.ages(
        {name: build.compiled_from(KIND, program) for name, program in targets.items()})
    if ages is None:
        console.step("no git history here: every target gets the same time")
        ages = dict.fromkeys(targets, 0.0)
    all_s = plan.minutes * 60
    shares = fuzz_time.shares(ages, all_s * at_once, all_s)
    seconds = {name: max(1, int(share)) for name, share in shares.items()}
    console.say(console.table(("target", "days since its last change", "seconds"), [
        (name, round(ages[name], 1), seconds[name]) for name in targets
    ]))
    return seconds


def search_all(plan):
    """Builds and runs the targets of the plan; a Search for each."""
    build.build(KIND, ["fuzz"])
    targets = programs(plan.targets)
    for name in targets:
        seeds(name)
    at_once = min(len(targets), max(1, len(os.sched_getaffinity(0))))
    limit = f"{plan.runs} executions each" if plan.runs else f"{plan.minutes:g} minutes in all"
    console.step(f"{len(targets)} targets, {at_once} at a time, {limit}")
    seconds = dict.fromkeys(targets, 0) if plan.runs else _share_time(plan, targets, at_once)
    # The longest first, so that none is left alone at the end.
    order = sorted(targets, key=lambda name: -seconds[name])
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        searches = pool.map(lambda name: _search(name, targets[name], plan, seconds[name]), order)
        return sorted(searches, key=lambda search: search.name)


def report(searches):
    titles = ("target", "", "executions", "per second", "corpus", "edges", "peak MiB")
    return console.table(titles, [
        (search.name, "ok" if search.passed else "FOUND", search.executions, search.per_second,
         search.corpus, search.edges, search.rss_mb) for search in searches
    ])


def run(words):
    plan = parse(words)
    packages.install()
    searches = search_all(plan)
    console.say(report(searches))
    failed = sum(not search.passed for search in searches)
    console.say(f"{len(searches) - failed} passed, {failed} failed")
    return 1 if failed else 0
