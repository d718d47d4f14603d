# SPDX-License-Identifier: Apache-2.0
"""Which scenarios ran in this session, and the page that promises them."""

import re

from lab import paths

PAGE = paths.ROOT / "docs" / "behaviours.md"
JUDGE = "test_behaviours_page"  # holds the page against the session and is no row of it

_outcomes = {}


def test_id(nodeid):
    """`test_file.py::test_name` of a pytest id; all cases of a parametrised test are one."""
    return nodeid.partition("[")[0].rpartition("/")[2]


def note(nodeid, when, outcome):
    """Keeps how one phase of one test ended."""
    name = test_id(nodeid)
    if when == "call" or outcome != "passed":
        before = _outcomes.get(name, "passed")
        _outcomes[name] = outcome if before == "passed" else before


def passed():
    return {name for name, outcome in _outcomes.items() if outcome == "passed"}


def ran():
    return set(_outcomes)


def rows():
    """[(behaviour, section, [test ids])] of the page's tables."""
    found = []
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if line.startswith("|") and len(cells) == 3 and "::" in cells[2]:
            found.append((cells[0], cells[1], re.findall(r"`([^`]+::[^`]+)`", cells[2])))
    return found
