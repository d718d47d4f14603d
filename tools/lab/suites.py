# SPDX-License-Identifier: Apache-2.0
"""./lab test: builds, runs the suites, counts single cases, ends with `N passed, N failed`."""

import json
import os
import subprocess
import threading
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

from lab import build, console, faults, fence, fuzz, packages, paths, process, state

# suite → the build directories meson runs it in; `fuzz` is the targets' own search, the functional
# suite is pytest on release.
_MESON = {
    "lint": ["debug"],
    "unit": ["debug", "asan"],
    "torture": ["debug", "asan"],
    "replay": ["debug", "asan"],
    "fuzz-regress": ["asan"],
    "threads": ["tsan"],
    "hotpath": ["release"],
}
# suite → the kinds that are built for it, where it is not meson's
_OTHERS = {"fuzz": [], "functional": ["release"], "faults": []}
NAMES = (*_MESON, *_OTHERS)
_FUZZ_MINUTES = 4.0  # of all targets together
# What is built for a suite where that is not everything.
_TARGETS = {"tsan": ("threads",), "release": build.PROGRAMS}

SKIPS_ALLOWED = paths.PACKAGE / "skips-allowed.txt"


@dataclass
class Result:
    """The cases of one run of one suite."""

    title: str
    passed: int = 0
    failed: list = field(default_factory=list)  # names
    skipped: list = field(default_factory=list)  # names


def _count(result, suites, owner=""):
    """Adds the cases of JUnit test suites to the result; returns how many there were."""
    count = 0
    for case in (case for suite in suites for case in suite.iter("testcase")):
        count += 1
        name = ".".join(part for part in (owner, case.get("classname"), case.get("name")) if part)
        if case.find("failure") is not None or case.find("error") is not None:
            result.failed.append(name)
        elif case.find("skipped") is not None or case.get("status") == "notrun":
            result.skipped.append(name)
        else:
            result.passed += 1
    return count


def parse_pytest(junit, title):
    """The cases of a JUnit file as pytest writes it."""
    result = Result(title)
    _count(result, ElementTree.fromstring(junit).iter("testsuite"))
    return result


def parse_meson(testlog, junit, title):
    """The cases of meson's testlog.json and its JUnit file. The latter has the single cases of
    GoogleTest programs, the former knows how each program ended: one that failed without a failed
    case (a crash, a leak found at exit, a timeout) is a failed case itself."""
    result = Result(title)
    suites = list(ElementTree.fromstring(junit).iter("testsuite"))
    for entry in (json.loads(line) for line in testlog.splitlines() if line.strip()):
        name = entry["name"].split(" / ")[-1]
        own = [suite for suite in suites
               if suite.get("name", "").split(".", 1)[-1].startswith(f"{entry['name']}.")]
        failed_before = len(result.failed)
        cases = _count(result, own, owner=name)
        if entry["result"] not in ("OK", "EXPECTEDFAIL", "SKIP"):
            if len(result.failed) == failed_before:
                result.failed.append(f"{name}: {entry['result']}")
        elif cases == 0 and entry["result"] == "SKIP":
            result.skipped.append(name)
        elif cases == 0:
            result.passed += 1
    return result


def allowed_skips():
    lines = SKIPS_ALLOWED.read_text().splitlines()
    return {line.split("#", 1)[0].strip() for line in lines} - {""}


def settle(result):
    """A skipped case that is not on the list is a failed one."""
    allowed = allowed_skips()
    result.failed += [f"{name} (skipped)" for name in result.skipped if name not in allowed]
    return result


def _run_meson(suite, kind):
    directory = paths.build_directory(kind)
    title = f"{suite} ({kind})"
    logs = directory / "meson-logs"
    for name in ("testlog.json", "testlog.junit.xml"):
        (logs / name).unlink(missing_ok=True)
    command = ["meson", "test", "-C", str(directory), "--no-rebuild", "--suite", suite,
               "--print-errorlogs"]
    if kind in ("asan", "tsan"):
        command += ["--timeout-multiplier", "4"]
    environment = {
        "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
        "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
        "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
    }
    status, output = process.run(fence.fenced(command), environment=environment)
    log, junit = logs / "testlog.json", logs / "testlog.junit.xml"
    if not log.exists() or not junit.exists():
        console.say(output)
        return Result(title, failed=[f"{suite}: meson ran no test"])
    result = parse_meson(
        log.read_text(errors="replace"), junit.read_text(errors="replace"), title
    )
    if status != 0 and not result.failed:
        result.failed.append(f"{suite}: meson test ended with {status}")
    if result.failed:
        console.say("\n".join(output.splitlines()[-200:]))
    return settle(result)


def _run_fuzz():
    searches = fuzz.search_all(fuzz.Plan(minutes=_FUZZ_MINUTES))
    console.say(fuzz.report(searches))
    result = Result(f"fuzz ({_FUZZ_MINUTES:g} minutes)")
    result.passed = sum(search.passed for search in searches)
    result.failed = [search.name for search in searches if not search.passed]
    return result


def _run_functional():
    report = paths.CAPTURES / "functional.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    environment = dict(os.environ, PYTHONPATH=str(paths.ROOT / "tools"))
    environment.update(state.nested_environment())
    command = ["/usr/bin/python3", "-m", "pytest", "tests/functional", "-q", "-p",
               "no:cacheprovider", f"--junit-xml={report}"]
    with state.session("test functional"):
        with subprocess.Popen(command, cwd=paths.ROOT, env=environment,
                              stdin=subprocess.DEVNULL, start_new_session=True) as child:
            try:
                status = child.wait()
            except BaseException:
                child.terminate()
                raise
    if not report.exists():
        return Result("functional", failed=[f"functional: pytest ended with {status}"])
    result = parse_pytest(report.read_text(errors="replace"), "functional")
    if status != 0 and not result.failed:
        result.failed.append(f"functional: pytest ended with {status}")
    return settle(result)


def _run_faults():
    result = Result("faults")
    try:
        verdicts = faults.run()
    except console.LabError as error:
        result.failed.append(str(error))
        return result
    result.passed = sum(not verdict.complaint for verdict in verdicts)
    result.failed = [f"{verdict.name}: {verdict.complaint}" for verdict in verdicts
                     if verdict.complaint]
    return result


class _Beside:
    """A suite that runs beside another one and stands back for it."""

    def __init__(self, run_suite):
        self._result = None
        self._error = None
        self._thread = threading.Thread(target=self._run, args=[run_suite], daemon=True)
        self._thread.start()

    def _run(self, run_suite):
        # The priority of this thread: what it starts inherits it.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
        try:
            self._result = run_suite()
        except BaseException as error:
            self._error = error

    def result(self):
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._result


# Suites meson does not run.
_OWN_RUN = {"fuzz": _run_fuzz, "functional": _run_functional, "faults": _run_faults}


def _print(result):
    line = f"{result.title}: {result.passed} passed, {len(result.failed)} failed"
    allowed = len(result.skipped) - sum(name.endswith("(skipped)") for name in result.failed)
    console.step(line + (f", {allowed} skipped as listed" if allowed else ""))
    for name in result.failed:
        console.say(f"    FAILED {name}")


def _chosen(words):
    unknown = [word for word in words if word not in NAMES]
    if unknown:
        raise console.LabError(f"no suite {unknown[0]}: there are {', '.join(NAMES)}", status=2)
    return [name for name in NAMES if not words or name in words]


def run(words):
    names = _chosen(words)
    if "functional" in names:
        state.require_free("test")
    packages.install()
    kinds = {kind for name in names for kind in _MESON.get(name) or _OTHERS[name]}
    for kind in sorted(kinds):
        build.build(kind, _TARGETS.get(kind, ()))
    # The functional suite mostly waits for timers; the faults only compile and run unit tests.
    faults_beside = None
    results = []
    for name in names:
        if name == "functional" and "faults" in names:
            faults_beside = _Beside(_run_faults)
        for kind in _MESON.get(name, []):
            results.append(_run_meson(name, kind))
            _print(results[-1])
        if name in _OWN_RUN:
            beside = faults_beside if name == "faults" else None
            results.append(beside.result() if beside else _OWN_RUN[name]())
            _print(results[-1])
    failed = sum(len(result.failed) for result in results)
    console.say(f"{sum(result.passed for result in results)} passed, {failed} failed")
    return 1 if failed else 0
