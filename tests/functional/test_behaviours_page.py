# SPDX-License-Identifier: Apache-2.0
"""docs/behaviours.md says what was proven: no row without a run, no scenario without a row."""

import behaviours


def own(names):
    return {name for name in names if not name.startswith(behaviours.JUDGE)}


def test_every_row_was_proven_in_this_session():
    rows = behaviours.rows()
    assert rows, f"no row in {behaviours.PAGE}"
    passed = behaviours.passed()
    unproven = [f"{row[0]}: {name}" for row in rows for name in row[2] if name not in passed]
    assert not unproven, "rows without a good run in this session:\n" + "\n".join(unproven)


def test_every_scenario_has_a_row():
    promised = {name for row in behaviours.rows() for name in row[2]}
    missing = own(behaviours.ran()) - promised
    assert not missing, "scenarios without a row:\n" + "\n".join(sorted(missing))


def test_every_row_names_its_section():
    for behaviour, section, names in behaviours.rows():
        assert behaviour and section and names, behaviour
