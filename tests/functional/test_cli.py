# SPDX-License-Identifier: Apache-2.0
"""tandemctl against a running node: every command as a table and as JSON."""

import json
import os
import re
import signal
import subprocess

import node_configuration as conf
import pytest
from dialog import OutgoingCall, hang_up, talk
from lab import paths

# Command → a word its table shows. `call show` needs the id of a call and is tested below.
COMMANDS = {
    "status": "uptime",
    "calls": "CALLER",
    "calls --ended": "DIALLED",
    "dn list": "1099",
    "dn list --active": "NUMBER",
    "dn show 1001": "max-calls",
    "registrations": "REGISTERED FROM",
    "registrations 1001": "CONTACT",
    "journal": "bindings.journal",
    "trunks": "turn-b",
    "ports": "sip0",
    "neighbours": "ADDRESS",
    "stats": "requests_received",
    "drops": "MEANING",
    "drops --all": "sip_too_many_header_lines",
    "options": "ring-timeout",
    "options ring-timeout": "ring-timeout",
    "log level": "level",
    "shm show": "client slots",
    "trace": "only from or to",
    "trace start": "waits for packets",
    "trace stop": "notes lost",
}
BOTH = {"status", "stats", "shm show"}


@pytest.mark.parametrize("command", COMMANDS)
def test_command(node, phone, command):
    caller, callee = phone("1001"), phone("1002")
    hang_up(*talk(caller, callee))
    call = talk(caller, callee)
    noisy = phone("1001", seat=conf.BROKEN_SEAT, register=False)
    noisy.send(b"noise")
    noisy.expect_silence()
    assert COMMANDS[command] in node.ctl_text(*command.split())
    answer = node.ctl(*command.split())
    hang_up(*call)
    if command in BOTH:
        assert set(answer) == {"dataplane", "controlplane"}
    else:
        assert isinstance(answer, (list, dict))


def test_every_command_is_tried(node):
    """The help of tandemctl names nothing that is not in the table above."""
    text = node.ctl_text("help").split("Commands:")[1]
    listed = re.findall(r"(?m)^  ([a-z]+(?: [a-z]+)?)(?= |$)", text)
    assert len(listed) > 10
    for command in listed:
        assert any(tried.startswith(command) for tried in [*COMMANDS, "call show"]), command


def test_unknown_command(node):
    run = node.ctl_run("cals")
    assert run.returncode == 2 and "did you mean 'calls'?" in run.stderr
    run = node.ctl_run("dn", "shwo", "1001")
    assert run.returncode == 2 and "dn show" in run.stderr


@pytest.mark.parametrize("words", [("dn", "show"), ("calls", "--nothing"), ("call", "show"),
                                   ("log", "level", "loud")])
def test_wrong_arguments(node, words):
    run = node.ctl_run(*words)
    assert run.returncode == 2 and run.stderr


@pytest.mark.parametrize("words", [("dn", "show", "4711"), ("call", "show", "ff"),
                                   ("options", "no-such-option")])
def test_what_is_not_there(node, words):
    run = node.ctl_run(*words)
    assert run.returncode == 1 and words[-1] in run.stderr


def test_status(node, phone):
    phone("1001")
    answer = node.ctl("status")
    assert answer["controlplane"]["registrations"] >= 1
    assert answer["controlplane"]["calls"] == 0
    assert answer["controlplane"]["dataplane"] == "attached"
    assert answer["dataplane"]["control_plane"] == "attached"
    assert answer["dataplane"]["control_plane_pid"] == answer["controlplane"]["pid"]
    assert answer["dataplane"]["idle"] == "adaptive"
    assert answer["dataplane"]["sip_parser"] in {"scalar", "avx2", "avx512"}


def test_calls_and_dn_state(node, phone):
    outgoing, incoming = talk(phone("1001"), phone("1002"))
    [call] = node.ctl("calls")
    assert (call["caller"], call["dialled"], call["state"]) == ("1001", "1002", "established")
    assert call["id"] in node.ctl_text("calls")
    for number in ("1001", "1002"):
        assert node.ctl("dn", "show", number)["dn"]["state"] == "on call"
    assert node.ctl("dn", "show", "1077")["dn"]["state"] == "not registered"
    hang_up(outgoing, incoming)
    newest = node.ctl("calls", "--ended")[0]
    assert newest["id"] == call["id"] and newest["state"] == "ended"


def test_refused_call_is_listed_with_its_cause(node, phone):
    OutgoingCall(phone("1001"), conf.NUMBER_RINGS_SHORTLY).refused(480)
    text = node.ctl_text("stats")
    assert re.search(r"refused_route +[1-9]", text)


def test_trunk_counts_its_calls(node, phone, trunk):
    def total():
        return next(row for row in node.ctl("trunks") if row["name"] == "gw")["calls_total"]

    before = total()
    outgoing, incoming = talk(trunk(), phone("1002"))
    assert next(row for row in node.ctl("trunks") if row["name"] == "gw")["calls"] == 1
    hang_up(outgoing, incoming)
    assert total() == before + 1


def test_ladder(node, phone):
    """Every message of a call, in order, with its direction; also after its end."""
    outgoing, incoming = talk(phone("1001"), phone("1002"))
    [call] = node.ctl("calls")
    hang_up(outgoing, incoming)
    answer = node.ctl("call", "show", call["id"], "--ladder")
    assert [leg["side"] for leg in answer["legs"]] in ([], ["caller", "callee"],
                                                      ["callee", "caller"])
    lines = [line for line in answer["ladder"].splitlines() if re.match(r" *\d+\.\d{3} ", line)]
    times = [float(line.split()[0]) for line in lines]
    assert times == sorted(times) and times[0] == 0
    labels = [re.search(r"(?:-|<) ([^-<>|]+?) (?:-|>)", line).group(1) for line in lines]
    expected = ["INVITE +sdp", "180 Ringing", "200 OK +sdp", "ACK", "BYE", "200 OK (BYE)"]
    for label in expected:
        assert labels.count(label) == 2, f"{label} on both legs:\n{answer['ladder']}"
    order = [labels.index(label) for label in expected]
    assert order == sorted(order), answer["ladder"]
    heading = answer["ladder"].splitlines()[2]
    places = [heading.index(word) for word in ("%s:%d" % outgoing.ua.local, "tandem",
                                               "%s:%d" % incoming.ua.local)]
    assert places == sorted(places), "caller, switch, callee from left to right"
    assert "incomplete" not in answer["ladder"]
    assert lines[0] in node.ctl_text("call", "show", call["id"], "--ladder")


def test_ladder_shows_repetitions(node, phone):
    outgoing, incoming = talk(phone("1001"), phone("1002"))
    [call] = node.ctl("calls")
    outgoing.ua.send(outgoing.invite)
    bye, _ = hang_up(outgoing, incoming)
    outgoing.ua.send(bye)
    outgoing.ua.receive_bytes()
    ladder = node.ctl("call", "show", call["id"], "--ladder")["ladder"]
    assert re.search(r"BYE .*again", ladder), ladder


def test_watch(node):
    """--watch repeats until it is interrupted, and then ends well."""
    command = [paths.program("tandemctl"), "--run-directory", node.run_directory, "--watch=0.1",
               "status"]
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE,
                          text=True) as watching:
        seen = 0
        for line in watching.stdout:
            seen += line.startswith("dataplane")
            if seen == 3:
                watching.send_signal(signal.SIGINT)
                break
        watching.stdout.read()
        assert watching.wait(10) == 0


def test_log_level(node):
    before = node.ctl("log", "level")["level"]
    assert node.ctl("log", "level", "debug") == {"level": "debug"}
    assert node.ctl("log", "level", before) == {"level": before}


def test_passwords_are_not_shown(node):
    assert "pw-1900" not in json.dumps(node.ctl("dn", "show", "1900"))
    assert "pw-" not in json.dumps(node.ctl("options"))


def test_a_bad_file_starts_nothing(node):
    """--check and start refuse a file with file:line, status 2."""
    good = node.config_file.read_text()
    bad = node.run_directory / "bad.conf"
    bad.write_text(good.replace("node = ", "nod = ", 1))
    line = good[:good.index("node = ")].count("\n") + 1
    for which in ("dataplane", "controlplane"):
        for more in (["--check"], []):
            run = subprocess.run([paths.program(f"tandem-{which}"), "--config", bad, *more],
                                 capture_output=True, text=True, timeout=10)
            assert run.returncode == 2, run
            assert f"{bad}:{line}:" in run.stderr + run.stdout


@pytest.mark.parametrize("parser", ["sse2", "", "AVX2"])
def test_a_parser_that_is_none_starts_nothing(node, parser):
    """TANDEM_SIMD with a name that is none is refused with the names that are, status 2."""
    run = subprocess.run([paths.program("tandem-dataplane"), "--config", node.config_file],
                         env={**os.environ, "TANDEM_SIMD": parser},
                         capture_output=True, text=True, timeout=10)
    assert run.returncode == 2, run
    assert f"TANDEM_SIMD={parser}: this processor has: scalar" in run.stderr
