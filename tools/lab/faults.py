#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Planted faults: proof that the tests notice what they are there for.

Each file of tests/faults/cases/ changes a few lines of one source so that something goes wrong in
the field. The suite plants one after the other in a copy of the tree, builds the test programs that
could notice it, and demands that a test case fails. docs/testing.md lists which one did; a list
that is not true any more is a failure too.

    PYTHONPATH=tools python3 -m lab.faults             what ./lab test faults does
    PYTHONPATH=tools python3 -m lab.faults NAME…       only these faults
    PYTHONPATH=tools python3 -m lab.faults --write     the same, then the list is made true
"""

import os
import re
import sys
from dataclasses import dataclass

if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from lab import console, paths  # noqa: E402
from lab.fault_tree import Tree  # noqa: E402

CASES = paths.ROOT / "tests" / "faults" / "cases"
PAGE = paths.ROOT / "docs" / "testing.md"
TABLE_BEGIN = "<!-- planted faults: written by tools/lab/faults.py -->"
TABLE_END = "<!-- end of planted faults -->"
_TABLE_HEAD = ["| fault | in | what goes wrong | caught by |", "|---|---|---|---|"]
_KEYS = ("breaks", "file", "programs")


@dataclass(frozen=True)
class Fault:
    """One file of tests/faults/cases/: whole lines of a source and what they become."""

    name: str
    breaks: str  # one sentence: what goes wrong in the field
    file: str
    programs: tuple  # names of meson tests, in the order in which they are asked
    before: str
    after: str

    @property
    def place(self):
        """Where in the order: a header dirties many objects, so headers come last."""
        return self.file.endswith(".hpp"), self.file, self.name


@dataclass(frozen=True)
class Caught:
    """Who noticed: a case of a test program."""

    program: str
    case: str

    def __str__(self):
        return f"`{self.program}`: `{self.case}`"


@dataclass
class Verdict:
    """What became of one fault; no complaint: it was caught as the page says."""

    name: str
    caught: Caught = None
    complaint: str = ""


def parse(name, text):
    """The Fault of a case file; LabError says what is wrong with it."""
    head, separator, change = text.partition("\n--- is\n")
    before, second_separator, after = change.partition("\n--- becomes\n")
    words = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    if not separator or not second_separator or tuple(words) != _KEYS:
        raise console.LabError(f"{name}.fault: wanted are the lines {', '.join(_KEYS)}, "
                               "then '--- is' and '--- becomes' with whole lines of the source")
    if "|" in head:
        raise console.LabError(f"{name}.fault: a bar would break the table of {PAGE.name}")
    if not before.strip() or before.rstrip("\n") == after.rstrip("\n"):
        raise console.LabError(f"{name}.fault: it changes nothing")
    programs = tuple(word.strip() for word in words["programs"].split(","))
    return Fault(name, words["breaks"], words["file"], programs, before.rstrip("\n") + "\n",
                 after.rstrip("\n") + "\n" if after.strip() else "")


def catalogue():
    """All faults in the order in which they are planted."""
    faults = [parse(path.stem, path.read_text()) for path in CASES.glob("*.fault")]
    return sorted(faults, key=lambda fault: fault.place)


def planted(fault, source):
    """The source with the fault in it. The lines must be there exactly once."""
    # Looking ahead finds lines that overlap, too.
    count = len(re.findall("^(?=" + re.escape(fault.before) + ")", source, re.MULTILINE))
    if count != 1:
        raise console.LabError(f"{fault.name}: the fault no longer applies, its lines are "
                               f"{count} times in {fault.file}: mend tests/faults/cases/")
    return ("\n" + source).replace("\n" + fault.before, "\n" + fault.after)[1:]


def _row(fault, caught):
    return f"| {fault.name} | `{fault.file}` | {fault.breaks} | {caught or 'nobody'} |"


def table(faults, caught):
    """The lines between the two marks of the page; `caught` is name → Caught."""
    ordered = sorted(faults, key=lambda fault: (fault.file, fault.name))
    return _TABLE_HEAD + [_row(fault, caught.get(fault.name)) for fault in ordered]


def _split_page(text):
    before, begin, rest = text.partition(TABLE_BEGIN + "\n")
    lines, end, after = rest.partition(TABLE_END + "\n")
    if not begin or not end:
        raise console.LabError(f"{PAGE.name} has lost the marks of its table of faults")
    return before, lines.splitlines(), after


def read_page(text):
    """Name → Caught of the table that stands in the page."""
    caught = {}
    for line in _split_page(text)[1][len(_TABLE_HEAD):]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        program, separator, case = cells[-1].partition(": ")
        if separator:
            caught[cells[0]] = Caught(program.strip("`"), case.strip("`"))
    return caught


def with_table(text, lines):
    """The page with these lines as its table."""
    before, _, after = _split_page(text)
    return f"{before}{TABLE_BEGIN}\n" + "\n".join(lines) + f"\n{TABLE_END}\n{after}"


def _first_failure(tree, fault):
    """Asks each program in turn, whole; the first failed case or None."""
    for program in fault.programs:
        tree.build([program])
        run = tree.run(program)
        if run.failed:
            return Caught(program, run.failed[0])
    return None


def _judge(tree, fault, recorded):
    """With the fault planted: who notices it? The case that the page names is asked first."""
    if recorded is not None and recorded.program in fault.programs:
        tree.build([recorded.program])
        if tree.run(recorded.program, [recorded.case]).failed:
            return Verdict(fault.name, recorded)
    caught = _first_failure(tree, fault)
    if caught is None:
        return Verdict(fault.name, None, "no test case notices it")
    if recorded is None:
        return Verdict(fault.name, caught, "")
    return Verdict(fault.name, caught, f"the page names {recorded}, caught by {caught}")


def examine(tree, fault, recorded):
    """Plants, judges and takes the fault out again."""
    try:
        source = tree.read(fault.file)
        tree.write(fault.file, planted(fault, source))
        try:
            verdict = _judge(tree, fault, recorded)
        finally:
            tree.write(fault.file, source)
    except console.LabError as error:
        verdict = Verdict(fault.name, None, str(error))
    said = verdict.complaint or f"caught by {verdict.caught}"
    console.step(f"{fault.name}: {said}")
    return verdict


def _prove_clean(tree, caught):
    """A red case proves something only when it is green without the fault."""
    cases = {}
    for each in caught:
        cases.setdefault(each.program, set()).add(each.case)
    if cases:
        tree.build(sorted(cases))
    for program, wanted in sorted(cases.items()):
        run = tree.run(program, sorted(wanted))
        if run.failed:
            raise console.LabError(f"{program} fails without any fault: {', '.join(run.failed)}")
        console.step(f"{program}: {run.passed} cases are green without a fault")


def run(names=()):
    """Verdicts of the named faults, or of all and of the page."""
    faults = catalogue()
    unknown = set(names) - {fault.name for fault in faults}
    if unknown:
        raise console.LabError(f"no fault {', '.join(sorted(unknown))}", status=2)
    chosen = [fault for fault in faults if not names or fault.name in names]
    page = read_page(PAGE.read_text())
    recorded = [page[fault.name] for fault in chosen if fault.name in page]
    with Tree() as tree:
        _prove_clean(tree, recorded)
        verdicts = [examine(tree, fault, page.get(fault.name)) for fault in chosen]
        _prove_clean(tree, [each.caught for each in verdicts
                            if each.caught and each.caught not in recorded])
    if not names:
        verdicts.append(_judge_page(faults, {each.name: each.caught for each in verdicts}))
    return verdicts


def _judge_page(faults, caught):
    """The table as a whole: rows of faults that are gone, sentences that have changed."""
    same = _split_page(PAGE.read_text())[1] == table(faults, caught)
    hint = "the table is not this run's: PYTHONPATH=tools python3 -m lab.faults --write"
    return Verdict(f"docs/{PAGE.name}", None, "" if same else hint)


def _write_page(verdicts):
    """The page as it should be; what is left to complain about afterwards."""
    text = PAGE.read_text()
    caught = read_page(text) | {each.name: each.caught for each in verdicts}
    PAGE.write_text(with_table(text, table(catalogue(), caught)))
    faults = {fault.name for fault in catalogue()}
    return [each for each in verdicts if each.complaint and each.name in faults and not each.caught]


def main(words):
    verdicts = run([word for word in words if word != "--write"])
    failed = [verdict for verdict in verdicts if verdict.complaint]
    if "--write" in words:
        failed = _write_page(verdicts)
    for verdict in failed:
        console.say(f"    FAILED {verdict.name}: {verdict.complaint}")
    console.say(f"{len(verdicts) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except console.LabError as complaint:
        console.complain(str(complaint))
        sys.exit(complaint.status)
