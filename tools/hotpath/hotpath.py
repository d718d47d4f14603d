#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""No function reachable from the worker's loop allocates, throws, locks or calls the system; nor
does one reachable from a step of the core. Read from the machine code of the programs, so that what
the compiler and the standard library make of a line counts as well.

hotpath.py BUILD [rule …]   BUILD is a build directory of kind release; rules are those of rules.py

Prints each way from a beginning to an offence, and exits 1 when there is one. reach.py says what is
followed and what is believed; the sealed malloc and the seccomp run of tests/replay/seal_test.cpp
prove the same for what they execute."""

import pathlib
import sys

import program
import reach
import rules

TOP = pathlib.Path(__file__).resolve().parents[2]


def check(build, rule):
    """The findings of one rule, and how many functions were reached."""
    file = pathlib.Path(build) / rule.program
    if not file.is_file():
        return [f"{file} is not built"], 0
    walk = reach.Walk(program.Program(file), rule.roots, rule.exceptions, "tandem::", TOP)
    findings = walk.run()
    return findings.texts, len(findings.reached)


def main(words):
    if not words:
        print(__doc__)
        return 2
    build, chosen = words[0], words[1:] or list(rules.RULES)
    status = 0
    for name in chosen:
        texts, reached = check(build, rules.RULES[name])
        for text in texts:
            print(text)
        print(f"{name}: {reached} functions reached, {len(texts)} findings")
        status = 1 if texts else status
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
