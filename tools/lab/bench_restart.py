# SPDX-License-Identifier: Apache-2.0
"""The bench `restart`: from the kill -9 of a process to the 200 of the first call that is answered.

The process is started again at once, as a supervisor would. A phone calls another one every
CALL_EVERY_S, each call a new one; the first that both phones see through counts. The phones
registered before the first kill and never again.
"""

import socket
import statistics
import time

from lab import build, console, network, standing, state
from lab.bench_row import Row
from lab.network import Network
from lab.node import CONTROLPLANE, DATAPLANE, Node

KILLS = 9
GOAL_MS = 2000
CALL_EVERY_S = 0.01
GIVE_UP_S = 30.0
CALLER, CALLEE = 1001, 1002
_SWITCH = (network.SIP_ADDRESS, 5060)


def header(message, name):
    """The value of the first header of that name, in the spelling the node writes; "" = none."""
    return message.partition(f"\r\n{name}: ")[2].partition("\r\n")[0]


def response(request, status, extra=""):
    """The text of a response; `extra` are whole header lines."""
    head = request.partition("\r\n\r\n")[0]
    vias = [line for line in head.split("\r\n") if line.startswith("Via: ")]
    to = header(request, "To")
    to += "" if ";tag=" in to else ";tag=callee"
    return "\r\n".join([
        f"SIP/2.0 {status}", *vias, f"From: {header(request, 'From')}", f"To: {to}",
        f"Call-ID: {header(request, 'Call-ID')}", f"CSeq: {header(request, 'CSeq')}",
    ]) + f"\r\n{extra}Content-Length: 0\r\n\r\n"


class Phone:
    """A socket at a seat of the laboratory."""

    def __init__(self, number, seat):
        self.number = number
        self.local = (network.phone_address(seat), 5060)
        with network.inside(network.PHONES):
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(self.local)

    def request(self, method, target, name, to, cseq=1, extra=""):
        contact = f"<sip:{self.number}@{self.local[0]}:{self.local[1]}>"
        via = f"{self.local[0]}:{self.local[1]};branch=z9hG4bK{name}{method}"
        uri = f"<sip:{self.number}@{network.SIP_ADDRESS}>"
        self.send(f"{method} {target} SIP/2.0\r\nVia: SIP/2.0/UDP {via}\r\nMax-Forwards: 70\r\n"
                  f"From: {uri};tag={name}\r\nTo: {to}\r\nCall-ID: {name}\r\n"
                  f"CSeq: {cseq} {method}\r\nContact: {contact}\r\n"
                  f"{extra}Content-Length: 0\r\n\r\n")

    def send(self, text):
        self.socket.sendto(text.encode(), _SWITCH)

    def receive(self, wait_s):
        """The text of the next message; "" when none comes in time."""
        self.socket.settimeout(max(wait_s, 0.0001))
        try:
            return self.socket.recv(65536).decode()
        except (TimeoutError, BlockingIOError):
            return ""

    def register(self):
        uri = f"<sip:{self.number}@{network.SIP_ADDRESS}>"
        self.request("REGISTER", f"sip:{network.SIP_ADDRESS}", f"register{self.number}", uri,
                     extra="Expires: 3600\r\n")
        answer = self.receive(10.0)
        if not answer.startswith("SIP/2.0 200"):
            raise console.LabError(f"{self.number} could not register: {answer or 'no answer'}")


class Caller:
    """Places calls until one is answered."""

    def __init__(self, caller, callee):
        self._caller, self._callee = caller, callee
        self._calls = 0

    def first_answer(self):
        """When (time.monotonic) the 200 of a call begun after now came. The call is ended."""
        began = self._calls
        next_call = time.monotonic()
        give_up = next_call + GIVE_UP_S
        while time.monotonic() < give_up:
            if time.monotonic() >= next_call:
                self._call()
                next_call += CALL_EVERY_S
            self._answer(self._callee.receive(0.001))
            answer = self._caller.receive(0.001)
            number = header(answer, "Call-ID").removeprefix("restart")
            if answer.startswith("SIP/2.0 200") and header(answer, "CSeq") == "1 INVITE" \
                    and number.isdigit() and int(number) > began:
                now = time.monotonic()
                self._end(answer)
                return now
        raise console.LabError(f"no call was answered within {GIVE_UP_S} s")

    def _call(self):
        self._calls += 1
        target = f"sip:{CALLEE}@{network.SIP_ADDRESS}"
        self._caller.request("INVITE", target, f"restart{self._calls}", f"<{target}>")

    def _answer(self, request):
        if request.startswith("INVITE "):
            local = self._callee.local
            self._callee.send(response(
                request, "200 OK", f"Contact: <sip:{CALLEE}@{local[0]}:{local[1]}>\r\n"))
        elif request.startswith(("BYE ", "CANCEL ")):
            self._callee.send(response(request, "200 OK"))

    def _end(self, answer):
        target = header(answer, "Contact").strip("<>")
        name, to = header(answer, "Call-ID"), header(answer, "To")
        for method, cseq in (("ACK", 1), ("BYE", 2)):
            self._caller.request(method, target, name, to, cseq)

    def drain(self, seconds):
        """Answers what is still on its way."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._answer(self._callee.receive(0.01))
            answer = self._caller.receive(0.01)
            if answer.startswith("SIP/2.0 200") and header(answer, "CSeq").endswith("INVITE"):
                self._end(answer)


def _restart_ms(node, caller, which):
    caller.drain(2.0)
    killed = time.monotonic()
    node.kill(which)
    node.start_process(which)
    answered = caller.first_answer()
    node.wait_ready()
    return 1000 * (answered - killed)


def measure():
    """(rows, complaints) of the bench."""
    build.build("release", build.PROGRAMS)
    rows, wrong = [], []
    with state.session("bench restart"), Network():
        with Node("a", overrides=standing.node_overrides()) as node:
            phones = Phone(CALLER, 1), Phone(CALLEE, 2)
            for phone in phones:
                phone.register()
            caller = Caller(*phones)
            for which in (DATAPLANE, CONTROLPLANE):
                times = [_restart_ms(node, caller, which) for _ in range(KILLS)]
                median = statistics.median(times)
                rows.append(Row(f"{which}_ms", round(median, 1), "ms"))
                rows.append(Row(f"{which}_spread_ms", round(max(times) - min(times), 1), "ms"))
                if median > GOAL_MS:
                    wrong.append(f"the {which} takes {median:.0f} ms, the goal is {GOAL_MS}")
    return rows, wrong
