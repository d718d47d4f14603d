# SPDX-License-Identifier: Apache-2.0
"""A real phone: baresip with a tone as its microphone, told what to do over its control socket."""

import json
import re
import shutil
import socket
import time

from lab import network, paths, process

CONTROL_PORT_FIRST = 4440
RTP_PORT_FIRST = 10000
RTP_PORTS_EACH = 20

_CONFIG = """\
poll_method             epoll
sip_listen              {address}:5060
call_local_timeout      60
call_max_calls          4
audio_source            ausine,{tone_hz}
audio_player            aubridge,{number}
audio_alert             aubridge,{number}-alert
ausrc_srate             48000
ausrc_channels          2
auplay_srate            48000
auplay_channels         2
audio_level             no
rtp_ports               {rtp_first}-{rtp_last}
ctrl_tcp_listen         127.0.0.1:{control_port}
module_path             /usr/lib/baresip/modules
module                  g711.so
module                  ausine.so
module                  aubridge.so
module                  sndfile.so
snd_path                {directory}
module_tmp              account.so
module_app              menu.so
module_app              ctrl_tcp.so
"""

_ACCOUNT = (
    '<sip:{number}@{server}>;auth_pass={password};regint={register_s};answermode={answer};'
    "audio_codecs=pcmu/8000/1;medianat=;stunserver=\n"
)


def encode_netstring(value):
    body = json.dumps(value).encode()
    return str(len(body)).encode() + b":" + body + b","


def decode_netstrings(buffer):
    """([objects], what is left of the buffer)."""
    found = []
    while True:
        head, colon, rest = buffer.partition(b":")
        if not colon or len(rest) < int(head) + 1:
            return found, buffer
        found.append(json.loads(rest[: int(head)]))
        buffer = rest[int(head) + 1 :]


class Baresip:
    """One baresip with one account. Seat n has address phone_address(n).

    answer: "auto" answers at once, "manual" rings until answer(). Events of the phone are kept in
    order in `events`; wait_event() waits for one that came since the last wait for its type.
    """

    def __init__(self, number, seat, *, password="", answer="manual", register_s=600, tone_hz=440):
        self.number = str(number)
        self.address = network.phone_address(seat)
        self.directory = paths.CAPTURES / "baresip" / self.number
        self.events = []
        self._seen = {}
        self._buffer = b""
        self._socket = None
        self._process = None
        self._control_port = CONTROL_PORT_FIRST + seat
        rtp_first = RTP_PORT_FIRST + seat * RTP_PORTS_EACH
        self._config = _CONFIG.format(
            address=self.address, number=self.number, tone_hz=tone_hz,
            rtp_first=rtp_first, rtp_last=rtp_first + RTP_PORTS_EACH - 1,
            control_port=self._control_port, directory=self.directory,
        )
        self._account = _ACCOUNT.format(
            number=self.number, server=network.SIP_ADDRESS, password=password,
            register_s=register_s, answer=answer,
        )

    def __enter__(self):
        return self.start()

    def __exit__(self, *_error):
        self.stop()

    def start(self):
        """Starts it and returns self when its control socket is open; see wait_registered()."""
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(parents=True)
        (self.directory / "config").write_text(self._config)
        (self.directory / "accounts").write_text(self._account)
        (self.directory / "contacts").write_text("")
        self._process = process.Process(
            f"baresip/{self.number}",
            ["baresip", "-f", self.directory, "-s", "-v"],
            namespace=network.PHONES,
            log=self.directory / "log",
            environment={"HOME": str(self.directory)},
        )
        self._socket = process.wait_until(self._connect, 10.0, f"baresip {self.number} starts")
        return self

    def _connect(self):
        if not self._process.alive:
            raise RuntimeError(f"baresip {self.number} ended: {self._process.tail()}")
        with network.inside(network.PHONES):
            client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            client.connect(("127.0.0.1", self._control_port))
        except ConnectionRefusedError:
            client.close()
            return None
        return client

    def stop(self):
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._process is not None:
            self._process.stop()

    def _read(self, deadline):
        """Reads once from the control socket; responses are returned, events are kept."""
        self._socket.settimeout(max(0.01, deadline - time.monotonic()))
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            return []
        if not data:
            raise RuntimeError(f"baresip {self.number} ended: {self._process.tail()}")
        found, self._buffer = decode_netstrings(self._buffer + data)
        self.events += [item for item in found if item.get("event")]
        return [item for item in found if item.get("response")]

    def command(self, name, params="", timeout_s=5.0):
        """One menu command ("dial", "hangup", …); its text without colours. Raises RuntimeError."""
        self._socket.sendall(
            encode_netstring({"command": name, "params": str(params), "token": "lab"})
        )
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            for response in self._read(deadline):
                text = re.sub(r"\x1b\[[0-9;]*m", "", response.get("data", ""))
                if not response.get("ok"):
                    raise RuntimeError(f"baresip {self.number} {name}: {text}")
                return text
        raise TimeoutError(f"baresip {self.number}: no answer to {name}")

    def wait_event(self, kind, timeout_s=10.0):
        """The next event of the type, e.g. "CALL_ESTABLISHED"; events are counted per type."""
        deadline = time.monotonic() + timeout_s
        while True:
            matching = [event for event in self.events if event.get("type") == kind]
            if len(matching) > self._seen.get(kind, 0):
                self._seen[kind] = self._seen.get(kind, 0) + 1
                return matching[self._seen[kind] - 1]
            if time.monotonic() > deadline:
                had = [event.get("type") for event in self.events]
                raise TimeoutError(f"baresip {self.number}: no {kind} in {timeout_s} s, had {had}")
            self._read(deadline)

    def wait_registered(self, timeout_s=10.0):
        """Returns when the registration was accepted; the event may be older than the control
        connection, so the state is asked for."""
        process.wait_until(
            lambda: "OK" in self.command("reginfo"), timeout_s,
            f"baresip {self.number} registers", poll_s=0.1,
        )

    def log_text(self):
        """Its log with every SIP message, without carriage returns and colours."""
        text = (self.directory / "log").read_text(errors="replace")
        return re.sub(r"\x1b\[[0-9;]*m|\r", "", text)

    def heard(self):
        """The recording of what it heard in its last call that had voice; it must have ended."""
        return max(self.directory.glob("dump-*-dec.wav"), key=lambda path: path.stat().st_mtime)

    def dial(self, number):
        return self.command("dial", f"sip:{number}@{network.SIP_ADDRESS}")

    def answer(self):
        return self.command("accept")

    def hangup(self):
        return self.command("hangup")

    def hold(self):
        return self.command("hold")

    def resume(self):
        return self.command("resume")
