# SPDX-License-Identifier: Apache-2.0
"""A user agent of the tests on one UDP socket, for what a sipp scenario cannot express: crossings,
exact bytes, several dialogs at once. It does nothing by itself: no answer, no repetition, no timer.

A test says which message comes next. One that comes instead of it fails the test with both texts;
only exact repetitions (counted in `repeats`) and 100 Trying are passed over.
"""

import itertools
import select
import socket
import time
from collections import Counter

from lab import network
from message import Message, new_branch, sdp, unique

SWITCH = (network.SIP_ADDRESS, 5060)
PATIENCE_S = 8.0  # a message that is not there after this is not coming
# A port of its own for each user agent: what an earlier test left on its way finds nobody.
_PORTS = itertools.count(6001)
_SO_RCVBUFFORCE = 33


class Ua:
    """`with Ua("1001", 1) as ua:` has address phone_address(1) and a fresh port, in the namespace
    of the phones. `switch` is where it sends what it begins."""

    def __init__(self, number, seat=None, *, port=None, address=None, namespace=network.PHONES,
                 switch=SWITCH, receive_bytes=None):
        self.number = str(number)
        self.local = (address or network.phone_address(seat), port or next(_PORTS))
        self.switch = switch
        self.repeats = Counter()
        self.trying = []
        self.origin = None  # source of the last message
        self._seen = set()
        self._waiting = []
        self._namespace = namespace
        self._receive_bytes = receive_bytes  # of the socket's buffer, if more than usual
        self._socket = None
        self._cseq = 0

    def __enter__(self):
        with network.inside(self._namespace):
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        if self._receive_bytes is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, self._receive_bytes)
        self._socket.bind(self.local)
        return self

    def __exit__(self, *_error):
        self._socket.close()

    @property
    def contact(self):
        return f"<sip:{self.number}@{self.local[0]}:{self.local[1]}>"

    @property
    def uri(self):
        return f"sip:{self.number}@{network.SIP_ADDRESS}"

    def sdp(self, *attributes):
        return sdp(self.local[0], 20000, *attributes)

    def send(self, message, to=None):
        """Sends a message, or bytes as they are; returns what it was given."""
        data = message.to_bytes() if isinstance(message, Message) else message
        self._socket.sendto(data, to or self.switch)
        return message

    def receive_bytes(self, patience_s=PATIENCE_S):
        """The next datagram, whatever it is; AssertionError when none comes."""
        self._socket.settimeout(patience_s)
        try:
            data, self.origin = self._socket.recvfrom(65536)
        except TimeoutError:
            raise AssertionError(f"{self.number}: nothing came in {patience_s} s") from None
        return data

    def fileno(self):
        return self._socket.fileno()

    def waiting_datagrams(self, most):
        """What has come already, at most that many."""
        for _ in range(most):
            try:
                yield self._socket.recv(65536, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return

    def receive(self, patience_s=PATIENCE_S):
        """The next message that is neither a repetition nor 100."""
        if self._waiting:
            return self._waiting.pop(0)
        deadline = time.monotonic() + patience_s
        while True:
            message = self._take(self.receive_bytes(max(0.001, deadline - time.monotonic())))
            if message is not None:
                return message

    def _take(self, data):
        """The message of a datagram; None for a repetition and for 100."""
        if data in self._seen:
            self.repeats[data] += 1
            return None
        self._seen.add(data)
        message = Message.parse(data)
        if message.status == 100:
            self.trying.append(message)
            return None
        return message

    def expect(self, what, of=None, patience_s=PATIENCE_S):
        """The next message, which must be a request of the method `what`, or a response with the
        status `what` (to a request of the method `of`)."""
        message = self.receive(patience_s)
        wanted = message.status == what and of in (None, message.method) \
            if isinstance(what, int) else (not message.is_response and message.method == what)
        assert wanted, f"{self.number} waits for {what} {of or ''}, this came:\n{message}"
        return message

    def expect_in_any_order(self, *wanted):
        """The next len(wanted) messages in the order they were asked for. Each is a method, or a
        status, or (status, method)."""
        def fits(message, what):
            if isinstance(what, tuple):
                return (message.status, message.method) == what
            if isinstance(what, int):
                return message.status == what
            return not message.is_response and message.method == what

        messages = [self.receive() for _ in wanted]
        found = []
        for what in wanted:
            match = next((message for message in messages if fits(message, what)), None)
            assert match is not None, f"{self.number}: no {what} in\n" + "\n".join(
                map(str, messages + found))
            messages.remove(match)
            found.append(match)
        return found

    def put_back(self, message):
        """The next receive() gives it again."""
        self._waiting.insert(0, message)

    def expect_trying(self, patience_s=PATIENCE_S):
        """Waits for a 100 Trying; returns it."""
        before = len(self.trying)
        deadline = time.monotonic() + patience_s
        while len(self.trying) == before:
            message = Message.parse(self.receive_bytes(max(0.001, deadline - time.monotonic())))
            assert message.status == 100, f"{self.number} waits for 100, this came:\n{message}"
            self.trying.append(message)
        return self.trying[-1]

    def expect_repeat(self, message, patience_s=PATIENCE_S):
        """Waits until the same bytes come again."""
        data = self.receive_bytes(patience_s)
        assert data == message.to_bytes(), f"not the same again:\n{data.decode()}\n{message}"
        self.repeats[data] += 1

    def expect_silence(self, probe=True):
        """Nothing but repetitions came before now: proven by an OPTIONS that is answered, since
        the switch sends in order."""
        if probe:
            asked = self.send(self.request("OPTIONS", self.uri))
        answer = self.receive()
        assert (answer.status, answer.call_id) == (200, asked.call_id), f"not silent:\n{answer}"

    def repeated(self, message):
        """How often the bytes came again."""
        return self.repeats[message.to_bytes()]

    def via(self, branch=None, parameters=";rport"):
        return (f"SIP/2.0/UDP {self.local[0]}:{self.local[1]};branch={branch or new_branch()}"
                f"{parameters}")

    def request(self, method, uri, *, to=None, headers=(), body=b"", cseq=None, call_id=None,
                from_tag=None, user=None):
        """A request outside dialogs."""
        self._cseq += 1
        number = self._cseq if cseq is None else cseq
        user = user or self.number
        message = Message(f"{method} {uri} SIP/2.0", [
            ("Via", self.via()),
            ("Max-Forwards", 70),
            ("From", f"<sip:{user}@{network.SIP_ADDRESS}>;tag={from_tag or unique('f')}"),
            ("To", f"<{to or uri}>"),
            ("Call-ID", call_id or unique("call-")),
            ("CSeq", f"{number} {method}"),
        ], body)
        if method in ("INVITE", "SUBSCRIBE", "UPDATE"):
            message.set("Contact", self.contact)
        if body:
            message.set("Content-Type", "application/sdp")
        for name, value in headers:
            message.set(name, value)
        return message

    def reply(self, request, status, reason="Reply", *, to_tag=None, headers=(), body=b""):
        """A response to a request, not sent yet. A Contact goes into 1xx and 2xx to INVITE and
        UPDATE."""
        to = request.header("To")
        if to_tag and not request.tag("To"):
            to += f";tag={to_tag}"
        message = Message(f"SIP/2.0 {status} {reason}", [
            *[("Via", value) for value in request.all("Via")],
            *[("Record-Route", value) for value in request.all("Record-Route")],
            ("From", request.header("From")),
            ("To", to),
            ("Call-ID", request.call_id),
            ("CSeq", request.header("CSeq")),
        ], body)
        if request.method in ("INVITE", "UPDATE") and 100 < status < 300:
            message.set("Contact", self.contact)
        if body:
            message.set("Content-Type", "application/sdp")
        for name, value in headers:
            message.set(name, value)
        return message

    def answer(self, request, status=200, reason="OK", **more):
        """reply(), sent."""
        return self.send(self.reply(request, status, reason, **more))

    def register(self, *, expires=600, contact=None, headers=(), call_id=None, cseq=None):
        """A REGISTER, not sent yet. contact: "" for none, None for its own."""
        contact = self.contact if contact is None else contact
        given = [("Contact", contact)] if contact else []
        if expires is not None:
            given.append(("Expires", expires))
        return self.request("REGISTER", f"sip:{network.SIP_ADDRESS}", to=self.uri, call_id=call_id,
                            cseq=cseq, headers=[*given, *headers])

    def registered(self, **more):
        """Registers (without a password); returns self."""
        self.send(self.register(**more))
        self.expect(200, "REGISTER")
        return self


def first_with_message(uas, patience_s=PATIENCE_S):
    """The one of several user agents that something has come for; receive() gives it."""
    deadline = time.monotonic() + patience_s
    while True:
        ready, _, _ = select.select([ua._socket for ua in uas], [], [],
                                    max(0.0, deadline - time.monotonic()))
        assert ready, f"nothing for any of {[ua.number for ua in uas]}"
        for ua in (ua for ua in uas if ua._socket in ready):
            message = ua._take(ua.receive_bytes())
            if message is not None:
                ua.put_back(message)
                return ua
