# SPDX-License-Identifier: Apache-2.0
"""A copy of the tree that may be damaged: its files, its build, its test programs.

It lies in build/faults/tree and is built as the debug kind is, at the same relative paths, so that
ccache has every object of an untouched source already.
"""

import fcntl
import json
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from lab import build, console, fence, paths, process

_LINE = re.compile(r"^\[ *(RUN|OK|FAILED|SKIPPED) *\] ([^\s,]+\.[^\s,]+)")


@dataclass
class Run:
    """What a GoogleTest program printed. A case that began and did not end has failed."""

    passed: int = 0
    failed: list = field(default_factory=list)  # names


def read_run(output):
    """The cases of the text that a GoogleTest program prints."""
    result = Run()
    running = None
    for word, name in (found.groups() for found in map(_LINE.match, output.splitlines()) if found):
        if word == "RUN":
            running = name
        elif name == running:  # not the summary at the end
            running = None
            result.passed += word == "OK"
            if word == "FAILED":
                result.failed.append(name)
    if running:
        result.failed.append(running)
    return result


def _tracked():
    """Files of the tree as git knows them, also those that somebody is still writing."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", str(paths.ROOT), "ls-files", "-co",
         "--exclude-standard"],
        capture_output=True, text=True, check=True).stdout
    return {name for name in listed.splitlines() if (paths.ROOT / name).is_file()}


class Tree:
    """Used as a context: locked against a second suite, and in step with the true tree."""

    def __init__(self):
        self.root = paths.BUILD / "faults" / "tree"
        self.build_directory = self.root / "build" / "debug"
        environment, self._options = build.KINDS["debug"]
        self._environment = dict(environment, CCACHE_BASEDIR=str(self.root))
        self._lock = None
        self._tests = {}

    def __enter__(self):
        self.root.mkdir(parents=True, exist_ok=True)
        self._lock = open(self.root.parent / "lock", "w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._copy()
        self._configure()
        return self

    def __exit__(self, *_):
        self._lock.close()

    def _copy(self):
        """Only what differs is written, so that nothing is built anew for nothing."""
        wanted = _tracked()
        manifest = self.root.parent / "files"
        before = set(manifest.read_text().splitlines()) if manifest.exists() else set()
        for name in before - wanted:
            (self.root / name).unlink(missing_ok=True)
        for name in wanted:
            source, target = paths.ROOT / name, self.root / name
            if target.exists() and target.read_bytes() == source.read_bytes():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            shutil.copymode(source, target)
        manifest.write_text("\n".join(sorted(wanted)) + "\n")

    def _do(self, command, what):
        status, output = process.run(command, environment=self._environment, cwd=self.root)
        if status != 0:
            raise console.LabError(f"{what} failed:\n" + "\n".join(output.splitlines()[-25:]))
        return output

    def _configure(self):
        if not (self.build_directory / "build.ninja").exists():
            shutil.rmtree(self.build_directory, ignore_errors=True)
            self._do(["meson", "setup", self.build_directory, *self._options], "configuring")
        # meson sets itself up anew when a meson.build has changed: before it is asked.
        self._do(["ninja", "-C", self.build_directory, "build.ninja"], "configuring")
        listed = self._do(["meson", "introspect", "--tests", self.build_directory],
                           "reading the list of tests")
        self._tests = {test["name"]: test for test in json.loads(listed)
                       if test["protocol"] == "gtest"}

    def _test(self, program):
        if program not in self._tests:
            raise console.LabError(f"no test program is called {program}")
        return self._tests[program]

    def build(self, programs):
        """Of the named test programs, at least one; LabError with the compiler's words."""
        targets = [Path(self._test(program)["cmd"][0]).relative_to(self.build_directory)
                   for program in programs]
        self._do(["ninja", "-C", self.build_directory, *targets], "building")

    def run(self, program, cases=()):
        """The Run of a built program up to its first failed case; of these cases alone, if any."""
        test = self._test(program)
        # meson's own limit; a fault must not hang the suite.
        command = ["timeout", "--kill-after=5", str(test["timeout"]), *test["cmd"],
                   "--gtest_fail_fast", "--gtest_color=no"]
        command += [f"--gtest_filter={':'.join(cases)}"] if cases else []
        _, output = process.run(fence.fenced(command), environment=test["env"], cwd=self.root)
        return read_run(output)

    def read(self, name):
        path = self.root / name
        if not path.is_file():
            raise console.LabError(f"{name} does not exist: mend tests/faults/cases/")
        return path.read_text()

    def write(self, name, text):
        (self.root / name).write_text(text)
