# SPDX-License-Identifier: Apache-2.0
"""docs/path-of-a-message.md walks one INVITE through the files of both processes. Here that INVITE,
byte by byte, is sent with a trace on, and what it visited is compared with the page."""

import itertools
import re

import pytest
from dialog import Dialog, IncomingCall
from lab import paths, process
from message import Message

PAGE = paths.ROOT / "docs" / "path-of-a-message.md"
TABLES = ("Into the dataplane", "Through the core", "Out again")
STEP = re.compile(r"^\| (\d+) \| ([\w-]+) \| `([^`]+)` \| ")


def sections(text):
    """Heading → text below it; "" is what stands before the first."""
    parts = re.split(r"(?m)^## (.+)$", text)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def first_message(text):
    """The bytes of the first message on the page."""
    return re.search(r"(?s)```\n(.*?)```", text).group(1).replace("\n", "\r\n").encode()


def rows(text):
    """[(number, stage, file)] of the table of a section; its every row must be one."""
    table = [line for line in text.splitlines() if line.startswith("|")][2:]
    found = [STEP.match(line) for line in table]
    assert table and all(found), f"a row without number, stage and file in {table}"
    return [(int(row[1]), row[2], row[3]) for row in found]


def expected(text):
    """[(stage, file)] of the three tables, whose rows are counted through."""
    listed = [row for title in TABLES for row in rows(sections(text)[title])]
    assert [row[0] for row in listed] == list(range(1, len(listed) + 1)), "rows are counted through"
    return [row[1:] for row in listed]


def answer_files(text):
    """The files which the section about the answer says messages visit: all but those of its last
    paragraph, which is about what an operator sees."""
    paragraphs = sections(text)["The answer"].strip().split("\n\n")
    files = re.findall(r"`([\w/]+\.cpp)`", "\n".join(paragraphs[:-1]))
    assert len(files) > 5, files
    return files


def visited(trace, packet):
    """[(stage, file)] of a packet of a trace; counts are no visits."""
    return [(step["stage"], step["file"]) for step in trace["steps"]
            if step["packet"] == packet and step["kind"] != "counted"]


def packet_of(trace, first_line):
    """The number of the one packet of a trace with this first line; None while there is none."""
    found = [row["packet"] for row in trace["packets"] if row["line"] == first_line]
    assert len(found) <= 1, f"{first_line} in {trace['packets']}"
    return found[0] if found else None


def complete(node, ends):
    """The trace, once each packet with a first line of `ends` has come to the stage named there."""
    def look():
        trace = node.ctl("trace")
        ways = [visited(trace, packet_of(trace, line)) for line in ends]
        done = all(way and way[-1][0] == end for way, end in zip(ways, ends.values(), strict=True))
        return trace if done else None

    return process.wait_until(look, 5.0, f"a trace of {ends}")


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text()


# One test for all of it: the INVITE of the page has one branch, sent again it is a repetition.
def test_the_page_is_the_way_of_its_message(node, phone, page):
    """Stages, files and order of all three tables are those the INVITE visited; the answer visited
    the files named there."""
    callee = phone("1001", seat=1, port=5060)
    caller = phone("1000", seat=0, port=5060, register=False)
    invite = Message.parse(first_message(page))
    node.ctl("trace", "start", "--count", 64)
    caller.send(first_message(page))
    incoming = IncomingCall(callee)
    incoming.ring()
    caller.expect(180)
    incoming.accept()
    dialog = Dialog.of_caller(caller, invite, caller.expect(200))
    incoming.acked()
    ack = dialog.ack(invite)
    answer = ("SIP/2.0 180 Ringing", "SIP/2.0 200 OK", ack.start_line)
    trace = complete(node, dict(zip((invite.start_line, *answer),
                                    ("tx", "tx", "tx", "caller-ack"), strict=True)))
    node.ctl("trace", "stop")
    dialog.send("BYE")
    callee.answer(callee.expect("BYE"))
    caller.expect(200, "BYE")

    packet = packet_of(trace, invite.start_line)
    assert visited(trace, packet) == expected(page)
    steps = [step for step in trace["steps"] if step["packet"] == packet]
    times = [step["ns"] for step in steps]
    assert times == sorted(times) and times[0] == 0 and times[-1] > 0
    assert [step["thread"] for step in steps if step["stage"] in ("rx", "router", "tx")] == [
        "worker", "core", "worker"]
    sent = next(step["what"] for step in steps if step["stage"] == "send-udp")
    assert sent.startswith("10.77.0.10:5060 > 10.77.0.101:5060 INVITE sip:1001@10.77.0.101:5060")

    files = {file for line in answer for _, file in visited(trace, packet_of(trace, line))}
    missing = [file for file in answer_files(page) if file not in files]
    assert not missing, f"the page sends the answer through {missing}, it visited {sorted(files)}"


def test_every_file_of_the_page_is_there(page):
    files = re.findall(r"`([\w./-]+/[\w./-]+\.(?:cpp|hpp|py|md))`", page)
    assert len(files) > 40
    gone = [file for file in files if not (paths.ROOT / file).is_file()]
    assert not gone, f"not in the tree: {gone}"


def row_lost(lines):
    return [line for line in lines if not line.startswith("| 4 |")]


def row_lost_and_counted_again(lines):
    return renumbered(row_lost(lines))


def row_added(lines):
    last = max(at for at, line in enumerate(lines) if STEP.match(line))
    return renumbered([*lines[:last], lines[last], *lines[last:]])


def rows_in_other_order(lines):
    third = next(at for at, line in enumerate(lines) if line.startswith("| 3 |"))
    return renumbered([*lines[:third], lines[third + 1], lines[third], *lines[third + 2:]])


def file_renamed(lines):
    return [line.replace("`controlplane/core/router.cpp`", "`controlplane/core/route.cpp`")
            for line in lines]


def stage_renamed(lines):
    return [line.replace("| start-call |", "| begin-call |") for line in lines]


def renumbered(lines):
    numbers = itertools.count(1)
    return [re.sub(r"\d+", str(next(numbers)), line, count=1) if STEP.match(line) else line
            for line in lines]


@pytest.mark.parametrize("change", [row_lost, row_lost_and_counted_again, row_added, file_renamed,
                                    rows_in_other_order, stage_renamed])
def test_a_wrong_page_is_found(page, change):
    """The comparison above is none that cannot fail."""
    wrong = change(page.split("\n"))
    assert wrong != page.split("\n")
    try:
        read = expected("\n".join(wrong))
    except AssertionError:
        return  # it does not even read
    assert read != expected(page)
