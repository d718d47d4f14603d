# SPDX-License-Identifier: Apache-2.0
"""Who has the laboratory now, and what a run left behind.

One lock keeps two laboratories apart. Everything made is on record in paths.STATE before it is
used, so `clean` undoes a run that ended in any way, also by a kill -9 of ./lab itself. The order of
cleaning is the order of dependence: processes, namespaces, huge pages, files.
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from lab import console, hugepages, network, paths, process

_LOCK = paths.RUN / "lab.lock"
_OWNER = paths.STATE / "owner.json"
_NESTED = "TANDEM_LAB_SESSION"  # in the environment of a program that runs inside a session


def _boot_id():
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _read_owner():
    try:
        return json.loads(_OWNER.read_text())
    except (FileNotFoundError, ValueError):
        return {}


def _write_owner(owner):
    temporary = _OWNER.with_suffix(".new")
    temporary.write_text(json.dumps(owner))
    temporary.replace(_OWNER)


def _forget_other_boots():
    """On a /run that is kept over a boot, records of the former boot mean nothing."""
    if paths.STATE.exists() and _read_owner().get("boot") != _boot_id():
        shutil.rmtree(paths.STATE)


@contextlib.contextmanager
def locked(what):
    """Holds the laboratory; raises LabError that names who holds it else."""
    if os.geteuid() != 0:
        raise console.LabError("namespaces and huge pages need root: run this as root")
    paths.RUN.mkdir(mode=0o755, parents=True, exist_ok=True)
    with open(_LOCK, "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise console.LabError(
                f"another laboratory is at work: {lock.read().strip()}; wait for it"
            ) from None
        lock.truncate(0)
        lock.write(f"./lab {what}, pid {os.getpid()}, since {time.strftime('%H:%M:%S')}")
        lock.flush()
        _forget_other_boots()
        yield
        lock.truncate(0)


def standing():
    """The words of who left a laboratory standing, "" when nobody did."""
    _forget_other_boots()
    owner = _read_owner()
    return owner["text"] if owner.get("standing") else ""


def require_free(what):
    """LabError when the laboratory is held or stands: asked before something that takes long."""
    with locked(what):
        _refuse_standing()


def _refuse_standing():
    left = standing()
    if left:
        raise console.LabError(f"a laboratory stands ({left}): ./lab down ends it")


def _at_work():
    """True when a run holds the lock now."""
    try:
        with open(_LOCK) as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def describe():
    """(whose laboratory is on record, what is wrong with that); ("", "") when there is none."""
    _forget_other_boots()
    if not paths.STATE.exists():
        return "", ""
    owner = _read_owner()
    text = owner.get("text", "an unknown run")
    if _at_work():
        return f"{text} (at work)", ""
    if owner.get("standing"):
        return text, ""
    return text, f"{text} was interrupted and left this behind: ./lab down removes it"


def begin(what):
    """Claims the state directory; the lock must be held."""
    _refuse_standing()
    clean()
    paths.STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
    text = f"./lab {what} at {time.strftime('%Y-%m-%d %H:%M:%S')}"
    _write_owner({"text": text, "standing": False, "boot": _boot_id()})


def clean():
    """Ends and removes everything on record; harmless when there is nothing. Returns what it did
    as a list of sentences."""
    done = []
    ending = process.records()
    if ending:
        # Phones first: they take leave of a node that still answers.
        nodes = [record for record in ending if record.namespace in network.NODE_NAMESPACES]
        stubborn = process.end([record for record in ending if record not in nodes])
        stubborn += process.end(nodes)
        done.append(f"ended {len(ending)} processes")
        done += [f"{name} did not end by SIGTERM and was killed" for name in stubborn]
    done += network.remove_all()
    done += hugepages.restore()
    for directory in sorted(paths.RUN.glob("*")):
        if directory.is_dir():
            shutil.rmtree(directory)
    return done


class Interrupted(BaseException):
    """A signal asked this run to end; cleaning is done on the way out."""

    def __init__(self, number):
        super().__init__(signal.Signals(number).name)
        self.number = number


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def interrupt(number, _frame):
    """A signal handler; ./lab sets it for SIGNALS, a session for its time."""
    raise Interrupted(number)


def nested_environment():
    """Additions to the environment of a program that is to share the session it is started in."""
    return {_NESTED: str(os.getpid())}


@contextlib.contextmanager
def session(what, keep=False):
    """A claimed laboratory for the time of a block. It is cleaned at the end, also after a signal
    or an error; with `keep` only after these. A program started inside a session, with
    nested_environment(), shares it."""
    if os.environ.get(_NESTED):
        yield
        return
    with locked(what):
        begin(what)
        before = [signal.signal(number, interrupt) for number in SIGNALS]
        finished = False
        try:
            yield
            finished = True
        finally:
            for number in SIGNALS:  # a second Ctrl-C may not interrupt the cleaning
                signal.signal(number, signal.SIG_IGN)
            if keep and finished:
                _write_owner(dict(_read_owner(), standing=True))
            else:
                if sys.exc_info()[0] is not None:
                    console.step("ending what was started")
                clean()
            for number, handler in zip(SIGNALS, before):
                signal.signal(number, handler)
