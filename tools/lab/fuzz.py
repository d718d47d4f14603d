# SPDX-License-Identifier: Apache-2.0
"""./lab fuzz: runs every libFuzzer target of the tree for its share of the minutes."""

import time

from lab import build, console, fence, packages, paths, process

NAME_PREFIX = "fuzz_"  # of the executables; the rest is the name of the seeds' directory
_DEFAULT_MINUTES = 4.0


def parse_minutes(words):
    """`--minutes N` or `--minutes=N`; LabError for anything else."""
    if not words:
        return _DEFAULT_MINUTES
    text = words[1] if len(words) == 2 and words[0] == "--minutes" else None
    if len(words) == 1 and words[0].startswith("--minutes="):
        text = words[0].split("=", 1)[1]
    try:
        minutes = float(text)
    except (TypeError, ValueError):
        minutes = 0.0
    if not 0 < minutes <= 7 * 24 * 60:
        raise console.LabError("usage: ./lab fuzz [--minutes N], N greater than 0", status=2)
    return minutes


def _one(name, program, seconds):
    """Runs one target; True when it found nothing. New inputs and findings are kept."""
    corpus = paths.BUILD / "fuzz-corpus" / name
    findings = paths.BUILD / "fuzz-findings" / name
    corpus.mkdir(parents=True, exist_ok=True)
    findings.mkdir(parents=True, exist_ok=True)
    seeds = paths.ROOT / "tests" / "fuzz" / "seeds" / name.removeprefix(NAME_PREFIX)
    command = [program, corpus, seeds, f"-max_total_time={int(seconds)}", "-print_final_stats=1",
               f"-artifact_prefix={findings}/", "-timeout=10", "-rss_limit_mb=4096"]
    status, output = process.run(
        fence.fenced(command), environment={"UBSAN_OPTIONS": "halt_on_error=1"}
    )
    if status == 0:
        return True
    console.say("\n".join(output.splitlines()[-40:]))
    console.complain(f"{name}: found something, the input is in {findings}")
    return False


def run(words):
    minutes = parse_minutes(words)
    packages.install()
    build.build("fuzz", ["fuzz"])
    targets = {name: program for name, program in build.targets("fuzz").items()
               if name.startswith(NAME_PREFIX)}
    seconds = max(1.0, minutes * 60 / len(targets))
    bad = []
    for name, program in sorted(targets.items()):
        console.step(f"{name} for {seconds:.0f} s")
        started = time.monotonic()
        if not _one(name, program, seconds):
            bad.append(name)
        console.step(f"{name} ended after {time.monotonic() - started:.0f} s")
    console.say(f"{len(targets) - len(bad)} passed, {len(bad)} failed")
    return 1 if bad else 0
