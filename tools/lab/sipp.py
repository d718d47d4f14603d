# SPDX-License-Identifier: Apache-2.0
"""Runs sipp in a namespace with its traces in files, and reads these afterwards."""

import csv
import resource
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from lab import paths, process

# sipp counts a file for each open call, for media, and complains when they are too few: as many as
# this process may give it.
_OPEN_FILES = resource.getrlimit(resource.RLIMIT_NOFILE)[1]

_MESSAGE_MARK = "-----------------------------------------------"


def parse_statistics(text):
    """The last row of a -trace_stat file as {column: text}; {} when there is none."""
    rows = [row for row in csv.reader(text.splitlines(), delimiter=";") if row]
    if len(rows) < 2:
        return {}
    return dict(zip(rows[0], rows[-1]))


def parse_messages(text):
    """[(direction, message text)] of a -trace_msg file; direction is "sent" or "received"."""
    found = []
    for part in text.split(_MESSAGE_MARK)[1:]:
        head, _, message = part.partition("\n\n")
        if "message sent" in head:
            found.append(("sent", message))
        elif "message received" in head:
            found.append(("received", message))
    return found


@dataclass
class SippResult:
    """How a run ended. `ok` is what tests ask: exit code 0, nothing failed, an empty error file."""

    name: str
    exit_code: int
    created: int
    successful: int
    failed: int
    errors: str  # text of the error file
    statistics: dict = field(repr=False, default_factory=dict)

    @property
    def ok(self):
        return self.exit_code == 0 and self.failed == 0 and not self.errors

    def __str__(self):
        text = (
            f"sipp {self.name}: exit {self.exit_code}, {self.created} calls, "
            f"{self.successful} good, {self.failed} failed"
        )
        first = self.errors.strip().splitlines()[:6]
        return text + ("\n  " + "\n  ".join(first) if first else "")


class Sipp:
    """One sipp. Traces go to `<directory>/<name>.{err,msg,stat,log,out}`.

    remote: "address" or "address:port" for a caller, None for a scenario that waits for calls.
    keys: {"name": value} for [name] in the scenario (sipp -key). injection: path of a csv (-inf).
    options: further words for sipp, e.g. ("-d", 3000) or ("-au", "1900", "-ap", "pw-1900").
    """

    def __init__(self, name, namespace, scenario, *, local_ip, local_port=5060, remote=None,
                 calls=1, rate=10, injection=None, keys=None, service=None, timeout_s=30,
                 trace_messages=True, options=(), directory=None):
        self.name = name
        self.namespace = namespace
        self.directory = Path(directory or paths.CAPTURES / "sipp" / name)
        self._timeout_s = timeout_s
        self._process = None
        self._command = [
            "prlimit", f"--nofile={_OPEN_FILES}:{_OPEN_FILES}",
            "sipp", *([remote] if remote else []),
            "-sf", scenario, "-i", local_ip, "-p", local_port, "-m", calls, "-r", rate,
            "-nostdin", "-timeout", f"{timeout_s}s", "-timeout_error",
            "-trace_err", "-error_file", self.directory / f"{name}.err",
            "-trace_stat", "-stf", self.directory / f"{name}.stat", "-fd", 1,
            "-trace_logs", "-log_file", self.directory / f"{name}.log",
        ]
        if trace_messages:
            self._command += ["-trace_msg", "-message_file", self.directory / f"{name}.msg"]
        if injection:
            self._command += ["-inf", injection]
        if service:
            self._command += ["-s", service]
        for key, value in (keys or {}).items():
            self._command += ["-key", key, value]
        self._command += list(options)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_error):
        self.stop()

    def start(self):
        """Starts it and returns self when its UDP socket is bound."""
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(parents=True)
        self._process = process.Process(
            f"sipp/{self.name}",
            self._command,
            namespace=self.namespace,
            log=self.directory / f"{self.name}.out",
            environment={"TERM": "xterm"},
            cwd=self.directory,
        )
        process.wait_until(self._bound, 5.0, f"sipp {self.name} binds its port")
        return self

    def _bound(self):
        if not self._process.alive:
            return True  # wait() tells what went wrong
        local_port = self._command[self._command.index("-p") + 1]
        table = Path(f"/proc/{self._process.pid}/net/udp").read_text().splitlines()[1:]
        return any(line.split()[1].endswith(f":{int(local_port):04X}") for line in table)

    @property
    def alive(self):
        return self._process is not None and self._process.alive

    @property
    def pid(self):
        return self._process.pid

    def wait(self, timeout_s=None):
        """The result once it has ended by itself; it is killed at the timeout and says so."""
        try:
            self._process.wait(timeout_s or self._timeout_s + 10)
        except TimeoutError:
            self._process.kill()
        return self.result()

    def stop(self):
        """Ends it now, if it runs."""
        if self._process is not None:
            self._process.stop(term_wait_s=1.0)

    def text_of(self, suffix):
        """The text of a trace file: "err", "msg", "stat", "log" or "out"."""
        path = self.directory / f"{self.name}.{suffix}"
        return path.read_text(errors="replace") if path.exists() else ""

    def messages(self, direction=None):
        """The SIP messages it sent and received, in order: [(direction, text)] or [text]."""
        found = parse_messages(self.text_of("msg"))
        if direction is None:
            return found
        return [text for way, text in found if way == direction]

    def result(self):
        statistics = parse_statistics(self.text_of("stat"))
        incoming = int(statistics.get("IncomingCall(C)", 0))
        outgoing = int(statistics.get("OutgoingCall(C)", 0))
        return SippResult(
            name=self.name,
            exit_code=self._process.exit_code,
            created=incoming + outgoing,
            successful=int(statistics.get("SuccessfulCall(C)", 0)),
            failed=int(statistics.get("FailedCall(C)", 0)),
            errors=self.text_of("err"),
            statistics=statistics,
        )
