#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks of the tree that no compiler makes; a meson test.

Each rule is one function that yields findings; `main` prints them and exits 1 when there is one.
Sizes are a ratchet: ratchet.json lists the files and functions that are over the hard limit today,
with their size; they may shrink (run with --tighten), never grow, and nothing joins the list.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

FILE_LINES_HARD = 800
FUNCTION_LINES_HARD = 70
LINE_COLUMNS_MAX = 100

# What a room may include besides itself; the arrows of docs/architecture.md.
ARROWS = {
    "sipparse": set(),
    "base": set(),
    "shm": {"base", "sipparse", "transaction/names.hpp"},
    "transaction": {"base", "sipparse"},
    "ha": {"base"},
    "config": {"base"},
    "ctl": {"base"},
    "dataplane": {"base", "sipparse", "shm", "transaction", "ha", "config", "ctl"},
    "controlplane": {"base", "sipparse", "shm", "transaction", "ha", "config", "ctl"},
    "cli": {"ctl", "base"},
}
HOT_FOLDERS = ("sipparse", "transaction", "shm", "dataplane/ingress", "dataplane/egress",
               "dataplane/screen", "dataplane/sip", "controlplane/core")
# Files of hot folders that run once at start or beside the loop, each with its reason. A single
# line that allocates before the first input ends with "at construction" in its comment instead.
HOT_EXEMPT = json.loads((pathlib.Path(__file__).parent / "exempt.json").read_text())

BANNED_HOT = [
    (r"\b(malloc|calloc|realloc|free)\s*\(", "allocation", "base::Pool or a caller's buffer"),
    (r"(?<!operator )\bnew\s+[A-Za-z_(]", "allocation", "base::Pool"),
    (r"\bstd::make_(unique|shared)\b", "allocation", "base::Pool"),
    (r"\bstd::(string|ostringstream|stringstream)\b(?!_view)", "std::string", "std::string_view"),
    (r"\bstd::(map|unordered_map|set|unordered_set|list|deque|function)\b", "allocating container",
     "base::HashTable, base::Pool"),
    (r"\bthrow\b", "throw", "base::Result"),
    (r"\b(printf|fprintf|snprintf|sprintf|puts)\s*\(", "printf", "a writer or a counter"),
    (r"\bstd::mt19937\w*\b", "foreign generator", "base::RandomStream"),
    (r"\bstd::(mutex|lock_guard|unique_lock|condition_variable)\b", "lock", "a ring"),
]
AT_CONSTRUCTION = ("allocation", "std::string")  # fine before the first input
BANNED_EVERYWHERE = [
    (r"(?<![\w:.>])(time|rand|srand)\s*\(\s*(NULL|nullptr|0)?\s*\)", "libc clock",
     "base::monotonic_now, base::Random"),
    (r"\bstd::(random_device|default_random_engine)\b", "chance without a seed",
     "base::RandomStream"),
    (r"\bstd::chrono::(system|steady|high_resolution)_clock\b", "foreign clock",
     "base/time.hpp"),
    (r"\b(TODO|FIXME|XXX|HACK)\b", "open question in the code", "an entry in the tracker"),
    (r"\b(strcpy|strcat|gets|sprintf|atoi)\s*\(", "unbounded call", "string_view and from_chars"),
]


def tracked(top):
    # A file somebody is still writing counts too: untracked, not ignored.
    out = subprocess.run(["git", "-c", "safe.directory=*", "-C", str(top), "ls-files", "-co",
                          "--exclude-standard"],
                         capture_output=True, text=True, check=True).stdout.split("\n")
    return [pathlib.PurePosixPath(p) for p in out if p and (top / p).is_file()]


def sources(files):
    return [f for f in files if f.suffix in (".cpp", ".hpp")]


def is_test(path):
    return (path.parts[0] in ("tests", "bench") or path.stem.endswith("_test")
            or "test_" in path.name)


def without_text(line):
    """The line with string literals emptied and the // comment cut."""
    line = re.sub(r'"(\\.|[^"\\])*"', '""', line)
    line = re.sub(r"'(\\.|[^'\\])+'", "''", line)
    return line.split("//")[0]


def rule_header(top, files):
    for path in sources(files):
        head = (top / path).read_text().split("\n")[:3]
        if not head[0].startswith("// SPDX-License-Identifier: Apache-2.0"):
            yield f"{path}:1: no SPDX line"
        elif len(head) < 3 or not head[2].startswith("//"):
            yield f"{path}:2: no header comment that says what the file decides"


def rule_include_directions(top, files):
    for path in sources(files):
        room = path.parts[0]
        if room not in ARROWS:
            continue
        allowed = ARROWS[room] | {room}
        for number, line in enumerate((top / path).read_text().split("\n"), 1):
            include = re.match(r'\s*#\s*include\s+["<]([^">]+)[">]', line)
            if not include:
                continue
            target = include.group(1)
            if target.startswith("rte_") and room != "dataplane":
                yield f"{path}:{number}: only dataplane/ includes {target}"
            other = target.split("/")[0]
            if other in ARROWS and other not in allowed and target not in allowed:
                yield f"{path}:{number}: {room} does not include {other} ({target})"


def rule_banned(top, files):
    for path in sources(files):
        hot = (str(path).startswith(HOT_FOLDERS) and not is_test(path)
               and str(path) not in HOT_EXEMPT)
        rules = BANNED_EVERYWHERE + (BANNED_HOT if hot else [])
        for number, line in enumerate((top / path).read_text().split("\n"), 1):
            code = without_text(line)
            for pattern, what, instead in rules:
                if what in AT_CONSTRUCTION and line.rstrip().endswith("at construction"):
                    continue
                subject = line if "TODO" in pattern else code
                if re.search(pattern, subject):
                    yield f"{path}:{number}: {what} is banned here, use {instead}"


def rule_exemptions(top, files):
    known = {str(f) for f in files}
    for path, reason in HOT_EXEMPT.items():
        if path not in known:
            yield f"tools/lint/exempt.json: {path} does not exist"
        if len(reason) < 10:
            yield f"tools/lint/exempt.json: {path} has no reason"


def rule_in_meson(top, files):
    built = {}
    for build in [f for f in files if f.name == "meson.build"]:
        for name in re.findall(r"'([^']+\.cpp)'", (top / build).read_text()):
            built.setdefault(os.path.normpath(build.parent / name), build)
        # A loop over names builds <name>.cpp: `foreach name : [ ... ]`.
        for name in re.findall(r"'([A-Za-z0-9_/]+)'", (top / build).read_text()):
            for suffix in (".cpp", "_test.cpp", "_fuzz.cpp"):
                built.setdefault(os.path.normpath(build.parent / (name + suffix)), build)
    for path in files:
        if path.suffix == ".cpp" and str(path) not in built:
            yield f"{path}:1: in no meson.build"


def rule_text(top, files):
    for path in files:
        if path.suffix not in (".cpp", ".hpp", ".py", ".sh") and path.name != "meson.build":
            continue
        if path.parts[:2] == ("bench", "corpus"):
            continue  # a generator that came as it is; a change would change the corpus
        text = (top / path).read_text()
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > LINE_COLUMNS_MAX:
                yield f"{path}:{number}: {len(line)} columns"
            if line != line.rstrip():
                yield f"{path}:{number}: blank at the end of the line"
        if not text.endswith("\n") and text:
            yield f"{path}: no newline at the end"


def functions(lines):
    """(name, first line, length) of each function body, by brace depth of formatted code.

    Relies on clang-format: a definition starts at the line's own indent and its closing brace
    stands alone at that indent.
    """
    opener = re.compile(r"^(\s*)(?!namespace|class|struct|enum|union|extern|if|for|while|switch"
                        r"|else|do\b|return)[\w:<>~,&*\[\]\s()=\"'.+-]*\)?"
                        r"[\w\s:<>,&*(){}.\[\]-]*\{$")
    start, indent, name = None, None, None
    for number, line in enumerate(lines):
        if start is None:
            if opener.match(line) and ("(" in line or (number and "(" in lines[number - 1])):
                text = line if "(" in line else lines[number - 1]
                found = re.search(r"([\w:~]+)\s*\(", text)
                keyword = found and found.group(1) in ("if", "for", "while", "switch", "catch")
                # Rows of a table made by a macro are data.
                if found and not keyword and not found.group(1).isupper():
                    start, indent, name = number, re.match(r"\s*", line).group(0), found.group(1)
        elif re.match(rf"^{indent}\}}[;,)]*", line):
            yield name, start + 1, number - start - 1
            start = None


def sizes(top, files):
    for path in sources(files):
        lines = (top / path).read_text().split("\n")
        if len(lines) > FILE_LINES_HARD:
            yield str(path), len(lines), f"{path}: {len(lines)} lines"
        for name, line, length in functions(lines):
            if length > FUNCTION_LINES_HARD:
                yield f"{path}:{name}", length, f"{path}:{line}: {name} has {length} lines"


def rule_sizes(top, files):
    ratchet = json.loads((pathlib.Path(__file__).parent / "ratchet.json").read_text())
    seen = set()
    for key, size, finding in sizes(top, files):
        seen.add(key)
        if size > ratchet.get(key, 0):
            yield f"{finding} (allowed: {ratchet.get(key, 'the hard limit')})"
    for key in set(ratchet) - seen:
        yield f"tools/lint/ratchet.json: {key} is no longer over the limit; run --tighten"


def rule_private(top, files):
    """Nothing of the machine a change was made on: no absolute private path, no registry."""
    pattern = re.compile(r"(?<![\w./-])/(work|farm|root|home)/\w")
    for path in files:
        if path.parts[:2] == ("tools", "lint") or path.suffix in (".dat", ".bin", ".case"):
            continue
        try:
            text = (top / path).read_text()
        except UnicodeDecodeError:
            yield f"{path}: binary file"
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if pattern.search(line):
                yield f"{path}:{number}: path of a machine"


def rule_named_files(top, files):
    """A file that a document names exists."""
    for path in files:
        if path.suffix != ".md":
            continue
        for number, line in enumerate((top / path).read_text().split("\n"), 1):
            for name in re.findall(r"`([\w./-]+/[\w.-]+\.(?:cpp|hpp|py|md|conf|txt))`", line):
                if not (top / name).exists() and not (top / path.parent / name).exists():
                    yield f"{path}:{number}: {name} does not exist"


RULES = [rule_header, rule_include_directions, rule_banned, rule_exemptions, rule_in_meson,
         rule_text, rule_sizes, rule_private, rule_named_files]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tighten", action="store_true", help="lower the ratchet to today's sizes")
    parser.add_argument("--top", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parents[2])
    options = parser.parse_args()
    files = tracked(options.top)
    ratchet_file = pathlib.Path(__file__).parent / "ratchet.json"
    if options.tighten:
        old = json.loads(ratchet_file.read_text())
        now = {key: size for key, size, _ in sizes(options.top, files)}
        kept = {key: min(size, old[key]) for key, size in now.items() if key in old}
        ratchet_file.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")
    findings = [finding for rule in RULES for finding in rule(options.top, files)]
    for finding in findings:
        print(finding)
    print(f"{len(files)} files, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
