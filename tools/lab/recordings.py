# SPDX-License-Identifier: Apache-2.0
"""What the cores of a session recorded (option record-inputs), and a second core's word on it.

Each start of a control plane leaves a file of its own, named by node, time and process id. One that
was killed may leave a torn file; any other must have closed it. `tandem-replay` compares.
"""

import shutil
import signal
import subprocess

from lab import paths

REPLAY_WAIT_S = 300.0
BAD_CONFIGURATION = 2  # exit status of a process that never came to have a core


class Recordings:
    """The recordings of one session; those of an earlier one are removed at once."""

    def __init__(self, directory=paths.CAPTURES / "recordings"):
        self.directory = directory
        self._started = []
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)

    def note_start(self, process):
        """A control plane was started."""
        self._started.append(process)

    def _files_of(self, pid):
        return sorted(self.directory.glob(f"*-{pid}.recording"))

    def files(self):
        """[(file, must be closed)] of all that ended so far; raises AssertionError when a control
        plane had a core and left no recording, or when one still runs."""
        found, by_pid = [], {}
        for process in self._started:
            assert not process.alive, f"{process.name} ({process.pid}) still runs"
            if process.exit_code != BAD_CONFIGURATION:
                by_pid.setdefault(process.pid, []).append(process)
        for pid, processes in by_pid.items():
            files = self._files_of(pid)
            assert len(files) == len(processes), (
                f"process {pid} was started {len(processes)} times and left {files}")
            # A process id that came again: both lists are in the order of their starts.
            found += [(file, process.exit_code != -signal.SIGKILL)
                      for file, process in zip(files, processes)]
        strangers = set(self.directory.iterdir()) - {file for file, _closed in found}
        assert not strangers, f"recordings of nobody that was started: {sorted(strangers)}"
        return found

    @staticmethod
    def replay(file, must_be_closed, kind="release"):
        """tandem-replay of one file as a CompletedProcess with text."""
        command = [paths.program("tandem-replay", kind), *["--closed"] * must_be_closed, file]
        return subprocess.run(command, capture_output=True, text=True, errors="replace",
                              timeout=REPLAY_WAIT_S)
