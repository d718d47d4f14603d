# SPDX-License-Identifier: Apache-2.0
"""Processes of the laboratory: started with a written record, ended by that record.

A record names a process by its id and the time it was started (field 22 of /proc/PID/stat), so an
id that the kernel gave to somebody else meanwhile is never touched.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from lab import paths

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
TERM_WAIT_S = 5.0


@dataclass(frozen=True)
class Stat:
    """The fields of /proc/PID/stat that the laboratory uses."""

    state: str
    cpu_seconds: float  # user and system, all threads
    start_ticks: int
    rss_bytes: int


def parse_stat(text):
    """The text of /proc/PID/stat; the command name may contain spaces and parentheses."""
    fields = text[text.rindex(")") + 2 :].split()
    return Stat(
        state=fields[0],
        cpu_seconds=(int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND,
        start_ticks=int(fields[19]),
        rss_bytes=int(fields[21]) * PAGE_BYTES,
    )


def read_stat(pid):
    """None when there is no such process."""
    try:
        return parse_stat(Path(f"/proc/{pid}/stat").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return None


@dataclass(frozen=True)
class Record:
    """One started process, as written to the state directory."""

    name: str
    pid: int
    start_ticks: int
    namespace: str
    command: list
    log: str

    @property
    def path(self):
        return paths.STATE / "processes" / f"{self.pid}.json"

    def stat(self):
        """None when this very process is gone or a zombie."""
        stat = read_stat(self.pid)
        if stat is None or stat.start_ticks != self.start_ticks or stat.state in "ZX":
            return None
        return stat

    def write(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".new")
        temporary.write_text(json.dumps(self.__dict__))
        temporary.replace(self.path)

    def forget(self):
        self.path.unlink(missing_ok=True)

    def send(self, number):
        """True when the signal went to this very process."""
        if self.stat() is None:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)
            return True
        return False


def records():
    """All processes that were started and not yet reported as ended, oldest first."""
    found = []
    for path in (paths.STATE / "processes").glob("*.json"):
        with contextlib.suppress(ValueError, TypeError, FileNotFoundError):
            found.append(Record(**json.loads(path.read_text())))
    return sorted(found, key=lambda record: (record.start_ticks, record.pid))


def _reap(pid):
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def end(ending, term_wait_s=TERM_WAIT_S):
    """TERM to all, KILL to those that stay; returns the names of those that needed KILL."""
    ending = [record for record in ending if record.send(signal.SIGTERM) or record.forget()]
    deadline = time.monotonic() + term_wait_s
    while ending and time.monotonic() < deadline:
        for record in ending:
            _reap(record.pid)
        ending = [record for record in ending if record.stat() or record.forget()]
        if ending:
            time.sleep(0.02)
    for record in ending:
        record.send(signal.SIGKILL)
    for record in ending:
        while record.stat():
            _reap(record.pid)
            time.sleep(0.01)
        record.forget()
    return [record.name for record in ending]


class Process:
    """A process of ours, with its output in a log file. It gets a session of its own: a Ctrl-C at
    the terminal reaches ./lab alone, which then ends everything in order."""

    def __init__(self, name, command, *, log, namespace="", environment=None, cwd=None):
        self.name = name
        self.log = Path(log)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        command = [str(word) for word in command]
        enter = ["nsenter", f"--net=/run/netns/{namespace}", "--"] if namespace else []
        with open(self.log, "ab") as output:
            self._child = subprocess.Popen(
                enter + command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(os.environ, **(environment or {})),
                cwd=cwd,
                start_new_session=True,
            )
        self.pid = self._child.pid
        self.record = Record(
            name=name,
            pid=self.pid,
            start_ticks=read_stat(self.pid).start_ticks,
            namespace=namespace,
            command=command,
            log=str(self.log),
        )
        self.record.write()

    @property
    def exit_code(self):
        """None while it runs; negative: the signal that ended it."""
        code = self._child.poll()
        if code is not None:
            self.record.forget()
        return code

    @property
    def alive(self):
        return self.exit_code is None

    def wait(self, timeout_s):
        """The exit code; raises TimeoutError."""
        try:
            self._child.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"{self.name} still runs after {timeout_s} s") from None
        return self.exit_code

    def signal(self, number):
        if self.alive:
            self._child.send_signal(number)

    def kill(self):
        """SIGKILL, as a crash would; returns when it is gone."""
        self.signal(signal.SIGKILL)
        self._child.wait()
        return self.exit_code

    def stop(self, term_wait_s=TERM_WAIT_S):
        """SIGTERM, then SIGKILL after the wait; returns the exit code."""
        self.signal(signal.SIGTERM)
        try:
            self._child.wait(term_wait_s)
        except subprocess.TimeoutExpired:
            return self.kill()
        return self.exit_code

    def cpu_seconds(self):
        """User and system time so far; 0.0 when it is gone."""
        stat = self.record.stat()
        return stat.cpu_seconds if stat else 0.0

    def tail(self, lines=15):
        """The last lines of its log."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def run(command, *, environment=None, stderr=subprocess.STDOUT, cwd=paths.ROOT):
    """(exit code, output) of a command that ends by itself, such as a build. When this process is
    told to end meanwhile, so is the command."""
    with subprocess.Popen(
        [str(word) for word in command],
        cwd=cwd,
        env=dict(os.environ, **(environment or {})),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        errors="replace",
    ) as child:
        try:
            output = child.communicate()[0]
        except BaseException:
            child.terminate()
            child.communicate()
            raise
    return child.returncode, output


def wait_until(condition, timeout_s, what, poll_s=0.02):
    """The first true value of condition(); raises TimeoutError that names what was waited for."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {timeout_s} s")
        time.sleep(poll_s)
