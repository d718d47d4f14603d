# SPDX-License-Identifier: Apache-2.0
"""The check finds what is planted in planted.cpp, each behind the kind of call it hides behind, and
nothing in what is clean."""

import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
PLANTED = os.environ.get("PLANTED", HERE / "planted.cpp")
sys.path.insert(0, str(HERE))

import pointers  # noqa: E402
import program  # noqa: E402
import reach  # noqa: E402
import rules  # noqa: E402


@pytest.fixture(scope="module", params=["-O1", "-O2"])
def planted(request, tmp_path_factory):
    file = tmp_path_factory.mktemp("planted") / "planted"
    subprocess.run(["g++", "-std=c++20", request.param, "-g", "-fPIE", "-pie", "-o", file,
                    PLANTED], check=True)
    return program.Program(file)


def walk(planted, function, exceptions=()):
    """The findings of a walk from a function of planted.cpp."""
    one = reach.Walk(planted, [rf"planted::{function}\(.*\)"], exceptions, "planted::",
                     HERE.parents[1])
    return one.run().texts


@pytest.mark.parametrize("function", ["clean", "clean_leaf", "calls_first"])
def test_what_is_clean_has_no_finding(planted, function):
    assert walk(planted, function) == []


@pytest.mark.parametrize("function, kind, what", [
    ("allocates", "allocates", "_Znwm"),
    ("releases", "allocates", "_ZdlPv"),
    ("throws", "throws", "__cxa_throw"),
    ("locks", "locks", "pthread_mutex_lock"),
    ("calls_the_system", "calls the system", "getpid"),
    ("has_an_instruction", "calls the system", "an instruction of its own"),
    ("calls_second", "calls the system", "getpid"),  # virtual
    ("destroys", "allocates", "_ZdlPv"),  # a virtual destructor
    ("walks_table", "locks", "pthread_mutex_lock"),  # a table of function pointers
    ("walks_table", "throws", "__cxa_throw"),
    ("takes_address", "allocates", "_Znwm"),  # its address is taken
    ("visits", "throws", "__cxa_throw"),  # std::visit
])
def test_what_is_planted_is_found(planted, function, kind, what):
    texts = walk(planted, function)
    found = [text for text in texts if text.startswith(f"{kind}: {what}")]
    assert found, "\n".join(texts)
    assert found[0].splitlines()[1].strip().startswith(f"planted::{function}("), "the way from root"
    assert found[0].splitlines()[-1].strip() == f"→ {found[0].splitlines()[0].partition(': ')[2]}"


def test_a_pointer_nobody_explains_is_a_finding(planted):
    texts = walk(planted, "calls_stored")
    assert len(texts) == 1 and texts[0].startswith("calls through a pointer"), texts
    assert "planted.cpp:" in texts[0]


def test_an_explained_pointer_is_followed(planted):
    leads = reach.Exception_(r"planted::calls_stored\(.*\)", "a pointer", "what store() was given",
                             (r"planted::calls_the_system\(\)",))
    texts = walk(planted, "calls_stored", [leads])
    assert [text.splitlines()[0] for text in texts] == ["calls the system: getpid"]


def test_an_exception_excepts_what_it_names_only(planted):
    named = reach.Exception_(r"planted::deep_allocation\(\)", "_Znwm", "a reason")
    assert walk(planted, "allocates", [named]) == []
    other = reach.Exception_(r"planted::deep_allocation\(\)", "malloc", "a reason")
    texts = walk(planted, "allocates", [other])
    assert any(text.startswith("allocates: _Znwm") for text in texts)


def test_a_virtual_call_can_be_excepted(planted):
    named = reach.Exception_(r"planted::calls_second\(.*\)", r"planted::Bad::second\(\)", "why")
    assert walk(planted, "calls_second", [named]) == []


def test_an_exception_nothing_needs_is_a_finding(planted):
    stale = reach.Exception_(r"planted::gone\(\)", "_Znwm", "a reason")
    assert walk(planted, "clean", [stale]) == [
        r"the exception (planted::gone\(\) → _Znwm) is not needed any more"]


def test_a_beginning_that_is_gone_is_a_finding(planted):
    texts = walk(planted, "gone")
    assert len(texts) == 1 and texts[0].startswith("no function planted::gone")


def test_every_exception_has_a_reason():
    for rule in rules.RULES.values():
        assert rule.roots and rule.exceptions
        for exception in rule.exceptions:
            assert len(exception.why) > 20, exception


def code(*lines):
    return [(address, text) for address, text in enumerate(lines)]


def test_a_virtual_call_is_known_by_its_table():
    [site] = pointers.sites_of(code("mov (%rdi),%rax", "call *0x10(%rax)", "ret"))
    assert site.slot == 2
    [site] = pointers.sites_of(code("mov (%rdi),%rax", "mov 0x18(%rax),%rdx", "jmp *%rdx"))
    assert site.slot == 3


@pytest.mark.parametrize("lines", [
    ("call *0x10(%rdi)", "ret"),  # a pointer in an object
    ("mov 0x8(%rdi),%rax", "call *0x10(%rax)", "ret"),
    ("mov (%rdi),%rax", "call 40", "call *0x10(%rax)", "ret"),  # rax was lost
    ("mov (%rdi),%rax", "xor %eax,%eax", "call *0x10(%rax)", "ret"),
    ("test %edi,%edi", "je 3", "mov (%rdi),%rax", "call *0x10(%rax)", "ret"),  # on one way only
])
def test_what_may_be_any_pointer_is_not_called_virtual(lines):
    sites = pointers.sites_of(code(*lines))
    assert [site.slot for site in sites] == [None]
