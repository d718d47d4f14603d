# SPDX-License-Identifier: Apache-2.0
"""One node of the laboratory: both processes, their configuration and their control sockets."""

import json
import os
import shutil
import subprocess

from lab import configuration, console, control, health, network, paths, process

DATAPLANE = "dataplane"
CONTROLPLANE = "controlplane"
READY_WAIT_S = 30.0

# Exit status of tandemctl when a process that alone knows the command is down.
CTL_PROCESS_DOWN = 3


class ControlCommandError(Exception):
    """tandemctl ended with another status than 0; `status` and its text."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Node:
    """`with Node("a", overrides={"application": {"ring-timeout": 2}}) as node:` starts both
    processes, waits until they serve, and stops them at the end.

    `overrides`: {"application": {...}, "dataplane": {...}, "ports": {"sip0": {...}},
    "dns": {"1000-1099": {...}}}; `add_dns`: dictionaries of options, one for each further DN.
    `config_text` replaces the laboratory's file as a whole. `kind` is the build directory.
    `recordings` (lab.recordings) takes what the core of each control plane is given and does.
    """

    def __init__(self, name="a", *, overrides=None, add_dns=(), config_text=None, kind="release",
                 recordings=None):
        self.name = name
        self.kind = kind
        self.namespace = network.node_namespace(name)
        self.run_directory = paths.RUN / name
        self.state_directory = self.run_directory / "state"
        self.config_file = self.run_directory / "tandem.conf"
        self.logs = paths.CAPTURES / f"node-{name}"
        self.processes = {}
        self._overrides = overrides or {}
        self._add_dns = list(add_dns)
        self._config_text = config_text
        self._recordings = recordings

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self.stop()

    def config_text(self):
        """The configuration this node is started with."""
        text = self._config_text
        if text is None:
            text = paths.LABORATORY_CONFIG.read_text()
        config = configuration.Configuration(text)
        config.set("application", "run-directory", str(self.run_directory))
        config.set("application", "state-directory", str(self.state_directory))
        if self._recordings is not None:
            config.set("application", "record-inputs", str(self._recordings.directory))
        set_element = {"dns": config.set_dn, "ports": config.set_port}
        for group, options in self._overrides.items():
            for name, value in options.items():
                if group in set_element:
                    for option, element_value in value.items():
                        set_element[group](name, option, element_value)
                else:
                    config.set(group, name, value)
        for options in self._add_dns:
            config.add_dn(options)
        return str(config)

    def write_config(self):
        self.run_directory.mkdir(mode=0o755, parents=True, exist_ok=True)
        self.config_file.write_text(self.config_text())

    def check_config(self, which=CONTROLPLANE):
        """`--check` of one process on the written file."""
        command = [paths.program(f"tandem-{which}", self.kind), "--config", self.config_file]
        return subprocess.run([*command, "--check"], capture_output=True, text=True)

    def socket_path(self, which):
        return self.run_directory / f"{which}.sock"

    def start(self):
        """Starts both processes, with no memory of an earlier life, and waits until both serve and
        are attached to each other."""
        shutil.rmtree(self.logs, ignore_errors=True)
        shutil.rmtree(self.state_directory, ignore_errors=True)
        self.write_config()
        self.start_process(DATAPLANE)
        self.start_process(CONTROLPLANE)
        self.wait_ready()

    def start_process(self, which):
        """Starts "dataplane" or "controlplane" and returns at once."""
        program = paths.program(f"tandem-{which}", self.kind)
        self.processes[which] = process.Process(
            f"{self.name}/{which}",
            [program, "--config", self.config_file],
            namespace=self.namespace,
            log=self.logs / f"{which}.log",
        )
        if which == CONTROLPLANE and self._recordings is not None:
            self._recordings.note_start(self.processes[which])
        return self.processes[which]

    def wait_answers(self, which, timeout_s=READY_WAIT_S):
        """Waits until the control socket answers; LabError with the log when the process ends."""
        running = self.processes[which]

        def answers():
            if not running.alive:
                raise console.LabError(
                    f"{running.name} ended with {running.exit_code}:\n{running.tail()}"
                )
            return control.answers(self.socket_path(which))

        process.wait_until(answers, timeout_s, f"control socket of {running.name}")

    def wait_ready(self, timeout_s=READY_WAIT_S):
        """Both processes serve, and the dataplane sees the control plane in shared memory."""
        for which in (DATAPLANE, CONTROLPLANE):
            self.wait_answers(which, timeout_s)
        process.wait_until(self.attached, timeout_s, f"shared memory of node {self.name}")

    def attached(self):
        """True when both processes report each other as alive."""
        return not health.seam_complaints(self)

    def alive(self, which):
        return which in self.processes and self.processes[which].alive

    def kill(self, which):
        """SIGKILL to one process, as a crash would."""
        return self.processes[which].kill()

    def restart(self, which, wait=True):
        """Stops one process in order (if it runs) and starts it again."""
        if self.alive(which):
            self.processes[which].stop()
        self.start_process(which)
        if wait:
            self.wait_ready()

    def stop(self):
        """Stops what runs, the control plane first; LabError when a process ended badly."""
        codes = {}
        for which in (CONTROLPLANE, DATAPLANE):
            if which in self.processes:
                was_alive = self.processes[which].alive
                code = self.processes[which].stop()
                if was_alive and code != 0:
                    codes[which] = code
        self.processes.clear()
        if codes:
            raise console.LabError(
                f"node {self.name} ended badly: {codes}; logs in {self.logs}"
            )

    def ctl_run(self, *words, timeout_s=15):
        """tandemctl with these words as a CompletedProcess with text; raises nothing."""
        command = [paths.program("tandemctl", self.kind), "--run-directory", self.run_directory]
        return subprocess.run(
            [str(word) for word in [*command, *words]],
            capture_output=True,
            text=True,
            timeout=timeout_s,
            stdin=subprocess.DEVNULL,
        )

    def ctl_text(self, *words):
        """What tandemctl prints for people; raises ControlCommandError."""
        run = self.ctl_run(*words)
        if run.returncode != 0:
            raise ControlCommandError(run.returncode, run.stderr.strip() or run.stdout.strip())
        return run.stdout

    def ctl(self, *words):
        """What `tandemctl --json` answers, parsed; raises ControlCommandError."""
        return json.loads(self.ctl_text("--json", *words))

    def rpc(self, which, method, params=None):
        """One request to one process directly; see lab.control."""
        return control.request(self.socket_path(which), method, params)

    def calls_count(self):
        """Calls that are up or being set up now."""
        return self.rpc(CONTROLPLANE, "status")["calls"]

    def cpu_seconds(self):
        """User and system time of both processes so far."""
        return sum(running.cpu_seconds() for running in self.processes.values())


def standing(name="a"):
    """The node of a laboratory that `./lab up` left standing, for asking it."""
    node = Node(name)
    if not os.path.exists(node.config_file):
        raise console.LabError(f"no node {name} stands: ./lab up starts one")
    return node
