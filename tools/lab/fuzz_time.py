# SPDX-License-Identifier: Apache-2.0
"""How ./lab fuzz shares its time: what was changed last is searched longest.

A target is as old as the last change of what it is made of: its own files in tests/fuzz and the
folders whose headers they include. Days are counted back from the commit that is checked out, so
the same commit gives the same shares; what is not committed yet is new.
"""

from pathlib import PurePosixPath

from lab import paths, process

_HALF_LIFE_DAYS = 14  # a target that is older by that gets half
_SURE_PART = 0.25  # of an even share: what every target gets, however old it is
_DAY_S = 86400


def shares(ages, total_s, longest_s):
    """Seconds of each target, by its age in days; together they are total_s. None is longer than
    longest_s, which is at least total_s divided by the number of targets."""
    sure_s = _SURE_PART * total_s / len(ages)
    youngest = min(ages.values())
    weights = {name: 0.5 ** ((age - youngest) / _HALF_LIFE_DAYS) for name, age in ages.items()}
    rest_s = total_s - sure_s * len(ages)
    found = {}
    while weights:
        each_s = rest_s / sum(weights.values())
        full = [name for name, weight in weights.items() if sure_s + weight * each_s > longest_s]
        if not full:
            return found | {name: sure_s + weight * each_s for name, weight in weights.items()}
        for name in full:  # what is too much for it goes to the others
            found[name] = longest_s
            rest_s -= longest_s - sure_s
            del weights[name]
    return found


def made_of(files):
    """What git is asked about, of the files a target was compiled from: files of tests/, folders of
    everything else."""
    found = set()
    for file in map(PurePosixPath, files):
        found.add(str(file) if file.parts[0] == "tests" else str(file.parent))
    return sorted(found)


def _git(*words):
    """The output of git; None when it fails or is not there."""
    try:
        # The tree may belong to somebody else than root.
        status, output = process.run(["git", "-c", "safe.directory=*", "-C", paths.ROOT, *words])
    except FileNotFoundError:
        return None
    return output.strip() if status == 0 else None


def ages(files_of):
    """Target → days since its last change, from target → files it was compiled from. None where
    there is no history to tell it from."""
    now = _git("log", "-1", "--format=%ct")
    if not now:
        return None
    found = {}
    for name, files in files_of.items():
        parts = made_of(files)
        last = _git("log", "-1", "--format=%ct", "--", *parts)
        is_committed = _git("status", "--porcelain", "--", *parts) == ""
        found[name] = max(0, int(now) - int(last)) / _DAY_S if last and is_committed else 0.0
    return found
