# SPDX-License-Identifier: Apache-2.0
"""Captures frames on the SIP bridge and reads them back with tshark."""

import json
import signal
import socket
import subprocess
import uuid

from lab import network, paths, process

_MARKER_SEAT = 19  # a phone seat that nobody takes; its discard port gets the last frame


class Capture:
    """`with Capture("name") as capture:` records everything on the SIP bridge for the block;
    afterwards it can be read. `filter_text` is a capture filter, e.g. "udp port 5060"."""

    def __init__(self, name, *, filter_text=""):
        self.file = paths.CAPTURES / "captures" / f"{name}.pcap"
        self._name = name
        self._command = ["dumpcap", "-q", "-P", "-i", network.SIP_BRIDGE, "-w", self.file]
        if filter_text:
            self._command += ["-f", f"({filter_text}) or (udp port 9)"]
        self._process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_error):
        self.stop()

    def start(self):
        """Returns self when the capture runs: frames sent from now on are in the file."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.unlink(missing_ok=True)
        log = self.file.with_suffix(".log")
        log.unlink(missing_ok=True)
        self._process = process.Process(
            f"capture/{self._name}", self._command, namespace=network.NET, log=log
        )
        # dumpcap names the file after it has opened the device and the file.
        process.wait_until(
            lambda: "File:" in log.read_text(errors="replace") or not self._process.alive,
            10.0,
            f"capture {self._name}",
        )
        if not self._process.alive:
            raise RuntimeError(f"capture {self._name} ended: {self._process.tail()}")
        return self

    def _mark(self):
        """Sends a frame over the bridge and waits until it is in the file: then all frames before
        it are there too."""
        marker = uuid.uuid4().bytes
        with network.inside(network.NET):
            sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with sender:
            sender.sendto(marker, (network.phone_address(_MARKER_SEAT), 9))
        process.wait_until(
            lambda: marker in self.file.read_bytes(), 10.0, f"capture {self._name} is written"
        )

    def stop(self):
        """Ends the capture; everything that passed the bridge before is in the file."""
        if self._process is not None and self._process.alive:
            self._mark()
            self._process.signal(signal.SIGINT)
            self._process.wait(10.0)

    def fields(self, display_filter, *names):
        """One tuple of texts for each frame the filter passes."""
        words = [word for name in names for word in ("-e", name)]
        command = ["tshark", "-n", "-r", str(self.file), "-Y", display_filter, "-T", "fields"]
        run = subprocess.run([*command, *words], capture_output=True, text=True, check=True)
        return [tuple(line.split("\t")) for line in run.stdout.splitlines()]

    def count(self, display_filter):
        return len(self.fields(display_filter, "frame.number"))

    def packets(self, display_filter=""):
        """tshark's JSON of the frames the filter passes."""
        command = ["tshark", "-n", "-r", str(self.file), "-T", "json", "-Y", display_filter]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        return json.loads(run.stdout)
