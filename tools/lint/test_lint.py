# SPDX-License-Identifier: Apache-2.0
"""Each rule of lint.py finds what it is for, and lets the right thing pass."""
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import lint  # noqa: E402

HEADER = "// SPDX-License-Identifier: Apache-2.0\n//\n// Decides nothing.\n"


@pytest.fixture(name="tree")
def make_tree(tmp_path):
    """write(path, text) into an empty repository; find(rule) gives the rule's findings."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)

    class Tree:
        @staticmethod
        def write(path, text):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)

        @staticmethod
        def find(rule):
            return list(rule(tmp_path, lint.tracked(tmp_path)))

    return Tree


def test_header(tree):
    tree.write("base/good.hpp", HEADER)
    tree.write("base/bare.hpp", "#pragma once\n")
    tree.write("base/silent.hpp", "// SPDX-License-Identifier: Apache-2.0\n\n#pragma once\n")
    assert [f.split(":")[0] for f in tree.find(lint.rule_header)] == ["base/bare.hpp",
                                                                     "base/silent.hpp"]


@pytest.mark.parametrize("path, include, allowed", [
    ("sipparse/a.cpp", '"base/time.hpp"', False),
    ("sipparse/a.cpp", '"sipparse/via.hpp"', True),
    ("base/a.cpp", '"shm/ring.hpp"', False),
    ("shm/a.hpp", '"transaction/names.hpp"', True),
    ("shm/a.hpp", '"transaction/layer.hpp"', False),
    ("controlplane/core/a.cpp", '"dataplane/worker.hpp"', False),
    ("dataplane/a.cpp", '"controlplane/core/core.hpp"', False),
    ("dataplane/a.cpp", "<rte_mbuf.h>", True),
    ("ha/a.cpp", "<rte_ether.h>", False),
])
def test_include_directions(tree, path, include, allowed):
    tree.write(path, HEADER + f"#include {include}\n")
    assert (tree.find(lint.rule_include_directions) == []) == allowed


@pytest.mark.parametrize("path, line, banned", [
    ("sipparse/a.cpp", "auto* p = malloc(5);", True),
    ("sipparse/a.cpp", "auto* p = new Thing;", True),
    ("sipparse/a.cpp", "std::string text;", True),
    ("sipparse/a.cpp", "std::string_view text;", False),
    ("sipparse/a.cpp", "throw 5;", True),
    ("sipparse/a.cpp", 'log("we throw nothing, malloc( nothing");', False),
    ("sipparse/a.cpp", "// a new Thing would throw", False),
    ("sipparse/a_test.cpp", "std::string text;", False),
    ("config/a.cpp", "std::string text;", False),
    ("controlplane/core/a.cpp", "x(std::make_unique<Y>()); // at construction", False),
    ("config/a.cpp", "auto t = time(nullptr);", True),
    ("config/a.cpp", "call.time(nullptr);", False),
    ("config/a.cpp", "std::chrono::steady_clock::now();", True),
    ("config/a.cpp", "// " + "TO" + "DO: later", True),
])
def test_banned(tree, path, line, banned):
    tree.write(path, HEADER + line + "\n")
    assert (tree.find(lint.rule_banned) != []) == banned


def test_in_meson(tree):
    tree.write("base/built.cpp", HEADER)
    tree.write("base/dead.cpp", HEADER)
    tree.write("tools/made.cpp", HEADER)
    tree.write("base/meson.build", "files('built.cpp', '../tools/made.cpp')\n")
    assert tree.find(lint.rule_in_meson) == ["base/dead.cpp:1: in no meson.build"]


def test_text(tree):
    tree.write("base/a.cpp", HEADER + "x" * 101 + "\ny \nz")
    assert len(tree.find(lint.rule_text)) == 3


def function(body_lines):
    return "int big(int x) {\n" + "    ++x;\n" * body_lines + "}\n"


def test_sizes(tree):
    tree.write("base/a.cpp", HEADER + function(lint.FUNCTION_LINES_HARD))
    assert tree.find(lint.rule_sizes) == []
    tree.write("base/a.cpp", HEADER + function(lint.FUNCTION_LINES_HARD + 1))
    assert len(tree.find(lint.rule_sizes)) == 1
    tree.write("base/a.cpp", HEADER + "// x\n" * lint.FILE_LINES_HARD)
    assert len(tree.find(lint.rule_sizes)) == 1


def test_private_paths(tree):
    tree.write("docs/a.md", "see /ro" + "ot/x for it\n")
    tree.write("docs/b.md", "see docs/ro" + "ot/x for it\n")
    assert len(tree.find(lint.rule_private)) == 1


def test_named_files(tree):
    tree.write("base/a.cpp", HEADER)
    tree.write("docs/a.md", "`base/a.cpp` and `base/b.cpp`\n")
    assert tree.find(lint.rule_named_files) == ["docs/a.md:1: base/b.cpp does not exist"]
