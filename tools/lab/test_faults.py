# SPDX-License-Identifier: Apache-2.0
"""The suite of planted faults where it needs no build: reading, planting, the table of the page."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lab import fault_tree, faults, paths  # noqa: E402
from lab.console import LabError  # noqa: E402
from lab.faults import Caught, Fault, Verdict  # noqa: E402

TEXT = """breaks: Nothing is counted.
file: room/source.cpp
programs: room, replay
--- is
    count(1);
--- becomes
    count(0);
"""


class FakeTree:
    """A tree whose programs fail as they are told: name of the program → failing cases."""

    def __init__(self, source, failing):
        self.source = source
        self.failing = failing
        self.at_run = []  # the source each time a program ran

    def read(self, _):
        return self.source

    def write(self, _, text):
        self.source = text

    def build(self, _):
        if "does not compile" in self.source:
            raise LabError("building failed")

    def run(self, program, cases=()):
        self.at_run.append(self.source)
        failed = [each for each in self.failing.get(program, []) if not cases or each in cases]
        return fault_tree.Run(passed=1, failed=failed)


def a_fault(**changes):
    return Fault(**dict(vars(faults.parse("uncounted", TEXT)), **changes))


class TestCaseFile:
    def test_is_read(self):
        fault = faults.parse("uncounted", TEXT)
        assert fault == Fault("uncounted", "Nothing is counted.", "room/source.cpp",
                              ("room", "replay"), "    count(1);\n", "    count(0);\n")

    def test_may_take_lines_away(self):
        assert faults.parse("gone", TEXT.replace("    count(0);\n", "\n")).after == ""

    @pytest.mark.parametrize("before, after", [
        ("breaks: ", "broken: "),
        ("--- is", "---"),
        ("--- becomes", "---"),
        ("count(0)", "count(1)"),
        ("Nothing is", "Nothing | is"),
    ])
    def test_is_refused_when_it_is_not_whole(self, before, after):
        with pytest.raises(LabError):
            faults.parse("bad", TEXT.replace(before, after))


class TestPlanting:
    def test_changes_whole_lines_once(self):
        source = "void f() {\n    count(1);\n}\n"
        assert faults.planted(a_fault(), source) == "void f() {\n    count(0);\n}\n"

    def test_takes_the_first_line_of_a_file_too(self):
        assert faults.planted(a_fault(), "    count(1);\n") == "    count(0);\n"

    @pytest.mark.parametrize("source", ["", "    recount(1);\n", "    count(1);\n" * 2,
                                        "x;    count(1);\n"])
    def test_is_refused_when_the_lines_are_not_there_once(self, source):
        with pytest.raises(LabError, match="no longer applies"):
            faults.planted(a_fault(), source)

    def test_the_source_is_whole_again_afterwards(self):
        tree = FakeTree("    count(1);\n", {"room": ["Suite.Case"]})
        faults.examine(tree, a_fault(), None)
        assert tree.source == "    count(1);\n"
        assert tree.at_run == ["    count(0);\n"]


class TestVerdict:
    KNOWN = Caught("room", "Suite.Case")

    def examine(self, failing, recorded, **changes):
        return faults.examine(FakeTree("    count(1);\n", failing), a_fault(**changes), recorded)

    def test_good_when_the_case_of_the_page_fails(self):
        verdict = self.examine({"room": ["Suite.First", "Suite.Case"]}, self.KNOWN)
        assert verdict == Verdict("uncounted", self.KNOWN)

    def test_good_for_a_new_fault_that_is_caught(self):
        verdict = self.examine({"replay": ["Replay.cancel"]}, None)
        assert verdict == Verdict("uncounted", Caught("replay", "Replay.cancel"))

    def test_red_when_nobody_notices(self):
        assert self.examine({}, None).complaint == "no test case notices it"
        assert self.examine({}, self.KNOWN).complaint == "no test case notices it"

    def test_red_when_another_case_than_the_page_says_notices(self):
        verdict = self.examine({"room": ["Suite.Other"]}, self.KNOWN)
        assert verdict.caught == Caught("room", "Suite.Other")
        assert "Suite.Case" in verdict.complaint

    def test_red_when_it_does_not_compile(self):
        assert self.examine({}, None, after="does not compile\n").complaint == "building failed"

    def test_red_when_it_no_longer_applies(self):
        assert "no longer applies" in self.examine({}, None, before="gone\n").complaint


class TestOutput:
    def test_counts_cases_and_names_the_failed_one(self):
        run = fault_tree.read_run(
            "[==========] Running 2 tests from 1 test suite.\n"
            "[ RUN      ] Suite.Good\n[       OK ] Suite.Good (0 ms)\n"
            "[ RUN      ] Some/Suite.Bad/cancel\n"
            "[  FAILED  ] Some/Suite.Bad/cancel, where GetParam() = cancel.replay (1 ms)\n"
            "[  FAILED  ] 1 test, listed below:\n"
            "[  FAILED  ] Some/Suite.Bad/cancel, where GetParam() = cancel.replay\n")
        assert (run.passed, run.failed) == (1, ["Some/Suite.Bad/cancel"])

    def test_a_case_that_does_not_end_has_failed(self):
        run = fault_tree.read_run("[ RUN      ] Suite.Crash\nassertion failed: ring.cpp:12\n")
        assert run.failed == ["Suite.Crash"]

    def test_a_crash_before_the_first_case_is_none(self):
        run = fault_tree.read_run("cannot open shared object file\n")
        assert (run.passed, run.failed) == (0, [])


class TestPage:
    PAGE = f"before\n{faults.TABLE_BEGIN}\nold\n{faults.TABLE_END}\nafter\n"

    def test_what_is_written_is_read_back(self):
        caught = {"uncounted": Caught("room", "Suite.Case")}
        page = faults.with_table(self.PAGE, faults.table([a_fault()], caught))
        assert page.startswith("before\n") and page.endswith("after\n") and "old" not in page
        assert faults.read_page(page) == caught

    def test_a_fault_that_nobody_catches_is_not_read_as_caught(self):
        page = faults.with_table(self.PAGE, faults.table([a_fault()], {}))
        assert faults.read_page(page) == {}

    def test_writing_leaves_only_what_nobody_notices_to_complain_about(self, tmp_path, monkeypatch):
        known = [a_fault(), a_fault(name="unseen")]
        monkeypatch.setattr(faults, "catalogue", lambda: known)
        monkeypatch.setattr(faults, "PAGE", tmp_path / "testing.md")
        faults.PAGE.write_text(self.PAGE)
        moved = Verdict("uncounted", Caught("room", "Suite.New"), "the page names another")
        unseen = Verdict("unseen", None, "no test case notices it")
        assert faults._write_page([moved, unseen, Verdict("page", None, "not true")]) == [unseen]
        assert faults.read_page(faults.PAGE.read_text()) == {"uncounted": moved.caught}

    def test_lost_marks_are_an_error(self):
        with pytest.raises(LabError):
            faults.read_page("no table here")


class TestCatalogue:
    def test_every_fault_applies_to_the_tree(self):
        for fault in faults.catalogue():
            faults.planted(fault, (paths.ROOT / fault.file).read_text())

    def test_the_page_has_every_fault_and_who_caught_it(self):
        text = faults.PAGE.read_text()
        caught = faults.read_page(text)
        known = faults.catalogue()
        assert set(caught) == {fault.name for fault in known}
        assert faults.with_table(text, faults.table(known, caught)) == text

    def test_every_room_that_decides_has_a_fault(self):
        rooms = {fault.file.split("/")[0] for fault in faults.catalogue()}
        assert rooms >= {"sipparse", "base", "shm", "transaction", "ha", "config", "ctl",
                         "dataplane", "controlplane"}
