# SPDX-License-Identifier: Apache-2.0
"""Installs the Debian packages of packages.txt that are missing, and nothing else."""

import contextlib
import os
import subprocess
from pathlib import Path

from lab import console, paths, process

LIST = paths.PACKAGE / "packages.txt"
POLICY = Path("/usr/sbin/policy-rc.d")


def wanted(text):
    """Package names of the list, in its order."""
    lines = (line.split("#", 1)[0].split() for line in text.splitlines())
    return [words[0] for words in lines if words]


def installed():
    """Names of the packages whose files are in place."""
    query = ["dpkg-query", "-W", "-f", "${Package}\t${db:Status-Abbrev}\n"]
    out = subprocess.run(query, check=True, capture_output=True, text=True).stdout
    rows = (line.split("\t") for line in out.splitlines())
    return {row[0] for row in rows if row[1].startswith("ii")}


@contextlib.contextmanager
def no_services():
    """Packages may not start services meanwhile: the laboratory needs none."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


def _apt(*arguments):
    command = ["apt-get", "-qq", "-y", "-o", "Dpkg::Use-Pty=0", *arguments]
    return process.run(command, environment={"DEBIAN_FRONTEND": "noninteractive"}, cwd="/")


def _demand(what, result):
    status, output = result
    if status != 0:
        tail = "\n".join(output.strip().splitlines()[-8:])
        raise console.LabError(
            f"{what} failed (is there a network and a Debian 12 mirror in /etc/apt?):\n{tail}"
        )


def install():
    """Brings every package of the list; raises LabError when that is not possible."""
    missing = [name for name in wanted(LIST.read_text()) if name not in installed()]
    if not missing:
        return
    if os.geteuid() != 0:
        raise console.LabError(
            f"packages are missing and only root can install them: {' '.join(missing)}"
        )
    console.step(f"installing {len(missing)} packages: {' '.join(missing)}")
    arguments = ["--no-install-recommends", "install", *missing]
    with no_services():
        # Without lists, or with lists older than the mirror, the first attempt fails.
        if _apt("--simulate", *arguments)[0] != 0 or _apt(*arguments)[0] != 0:
            _demand("apt-get update", _apt("update"))
            _demand("apt-get install", _apt(*arguments))
