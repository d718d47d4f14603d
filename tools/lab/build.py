# SPDX-License-Identifier: Apache-2.0
"""Builds the tree in build/<kind>. Nothing is built when nothing changed: ninja decides."""

import fcntl
import json
import os
import shutil
from pathlib import Path

from lab import console, paths, process

# Meson asks ccache by itself only where no compiler is named. Objects of checkouts at other paths
# are as good.
_CCACHE = {"CCACHE_BASEDIR": str(paths.ROOT), "CCACHE_NOHASHDIR": "1"}
_GCC = {"CC": "ccache gcc", "CXX": "ccache g++", **_CCACHE}
_CLANG = {"CC": "ccache clang-14", "CXX": "ccache clang++-14", **_CCACHE}
# kind → (environment, options of meson setup)
KINDS = {
    # -O2 -g: gcc 12 reports overflows at -O3 that cannot happen, and a crash wants its lines.
    "release": (_GCC, ["--buildtype=release", "-Doptimization=2", "-Ddebug=true"]),
    "debug": (_GCC, ["--buildtype=debug"]),
    # One build for the suites and the fuzzers: objects carry the coverage a search needs. -O1 and
    # lines without variables, since half of a test run is the time this build takes.
    "asan": (_CLANG, ["--buildtype=debugoptimized", "-Doptimization=1",
                      "-Db_sanitize=address,undefined", "-Db_lundef=false",
                      "-Dcpp_args=-fsanitize=fuzzer-no-link -g1"]),
    # -O1 as its manual asks for; only the target `threads` is built.
    "tsan": (_CLANG, ["--buildtype=debug", "-Doptimization=1", "-Db_sanitize=thread",
                      "-Db_lundef=false"]),
}


def _run(command, what, environment):
    """Runs with the output held back; it is shown when the command fails."""
    status, output = process.run(command, environment=environment)
    if status != 0:
        console.say("\n".join(output.strip().splitlines()[-60:]))
        raise console.LabError(f"{what} failed, see above: {' '.join(map(str, command))}")


# What the release build is for; tests are built in debug and asan only.
PROGRAMS = ("dataplane/tandem-dataplane", "controlplane/tandem-controlplane", "cli/tandemctl",
            "controlplane/recording/tandem-replay")


def build(kind, targets=()):
    """Configures if needed and builds the targets (ninja's names), or everything; raises LabError
    with the compiler's words."""
    paths.BUILD.mkdir(exist_ok=True)
    with open(paths.BUILD / f"{kind}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two ninjas in one directory spoil its log
        _build_locked(kind, targets)


def _build_locked(kind, targets):
    environment, options = KINDS[kind]
    directory = paths.build_directory(kind)
    if not (directory / "build.ninja").exists():
        console.step(f"configuring build/{kind}")
        shutil.rmtree(directory, ignore_errors=True)  # what a setup that failed has left
        _run(["meson", "setup", directory, *options], f"configuring {kind}", environment)
    console.step(f"building build/{kind}")
    _run(["ninja", "-C", directory, *targets], f"building {kind}", environment)


def targets(kind):
    """Name → file of the executables of a configured build directory."""
    directory = paths.build_directory(kind)
    status, out = process.run(["meson", "introspect", "--targets", directory])
    if status != 0:
        raise console.LabError(f"build/{kind} cannot be read: {out}")
    return {
        target["name"]: target["filename"][0]
        for target in json.loads(out)
        if target["type"] == "executable"
    }


def compiled_from(kind, program):
    """The files of the tree that the own objects of a built executable were compiled from, headers
    included; relative to the tree."""
    directory = paths.build_directory(kind)
    program = Path(program)
    objects = [file.relative_to(directory)
               for file in program.with_name(program.name + ".p").glob("*.o")]
    status, out = process.run(["ninja", "-C", directory, "-t", "deps", *objects])
    if status != 0:
        raise console.LabError(f"build/{kind} cannot be read: {out}")
    files = (Path(os.path.normpath(directory / line.strip()))
             for line in out.splitlines() if line.startswith(" "))
    return sorted({str(file.relative_to(paths.ROOT)) for file in files
                   if file.is_relative_to(paths.ROOT) and not file.is_relative_to(paths.BUILD)})
