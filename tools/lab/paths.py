# SPDX-License-Identifier: Apache-2.0
"""Where things are. Nothing else in this package knows a path outside its own files."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tools" / "lab"
BUILD = ROOT / "build"
CAPTURES = BUILD / "lab"  # logs and traces of runs, kept after the run

# /run is emptied at boot; RUN is readable for everybody, STATE tells a later run what to end.
RUN = Path("/run/tandem")
STATE = RUN / "lab"

LABORATORY_CONFIG = ROOT / "dpdk-config" / "examples" / "laboratory.conf"


def build_directory(kind):
    """The build directory of one kind: release, debug, asan or fuzz."""
    return BUILD / kind


def binary_directories(kind="release"):
    """The directories of the programs, for PATH."""
    base = build_directory(kind)
    return [base / "dataplane", base / "controlplane", base / "controlplane" / "recording",
            base / "cli"]


def program(name, kind="release"):
    """The path of a built program; raises FileNotFoundError with a hint when it is not there."""
    for directory in binary_directories(kind):
        candidate = directory / name
        if os.access(candidate, os.X_OK):
            return candidate
    raise FileNotFoundError(f"{name} is not built in {build_directory(kind)}: ./lab up builds it")
