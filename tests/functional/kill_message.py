# SPDX-License-Identifier: Apache-2.0
"""SIP messages for test_kills.py, read and written with as little work as thousands a second allow:
fixed forms, no folds, only the headers these phones look at."""

import itertools

_numbers = itertools.count(1)
_TRANSPORT = "SIP/2.0/UDP"


class Received:
    """A message that came. `headers` has the first value of each name in lower case."""

    __slots__ = ("start", "vias", "headers", "body", "status", "method", "cseq")

    def __init__(self, data):
        head, _, self.body = data.decode().partition("\r\n\r\n")
        self.start, *lines = head.split("\r\n")
        self.vias = []
        self.headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            name, value = name.lower(), value.strip()
            if name == "via":
                self.vias.append(value)
            self.headers.setdefault(name, value)
        number, _, self.method = self.headers["cseq"].partition(" ")
        self.cseq = int(number)
        self.status = int(self.start[8:11]) if self.start.startswith(_TRANSPORT[:7]) else 0

    @property
    def call_id(self):
        return self.headers["call-id"]

    @property
    def branch(self):
        return self.vias[0].partition(";branch=")[2].partition(";")[0]

    @property
    def contact(self):
        """The URI of Contact."""
        return self.headers["contact"].partition("<")[2].partition(">")[0]


def tag_of(value):
    return value.partition(";tag=")[2].partition(";")[0]


def unique(prefix):
    return f"{prefix}{next(_numbers)}"


def sdp(local, token, direction):
    """`token` comes out at the other side unchanged, and says which call this is."""
    return (f"v=0\r\no=- 1 1 IN IP4 {local[0]}\r\ns={token}\r\nc=IN IP4 {local[0]}\r\nt=0 0\r\n"
            f"m=audio 20000 RTP/AVP 8\r\na={direction}\r\n")


def token_of(body):
    return body.partition("\r\ns=")[2].partition("\r\n")[0]


def request(method, target, local, branch, from_value, to_value, call_id, cseq, *, user="",
            body="", extra=()):
    """The bytes of a request. `user` makes a Contact at `local`."""
    lines = [f"{method} {target} SIP/2.0",
             f"Via: {_TRANSPORT} {local[0]}:{local[1]};branch={branch};rport",
             "Max-Forwards: 70", f"From: {from_value}", f"To: {to_value}", f"Call-ID: {call_id}",
             f"CSeq: {cseq} {method}", *extra]
    if user:
        lines.append(f"Contact: <sip:{user}@{local[0]}:{local[1]}>")
    if body:
        lines.append("Content-Type: application/sdp")
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()


def response(to, status, reason, *, tag="", contact="", body=""):
    """The bytes of a response to the request `to`; `tag` is added to a To that has none."""
    to_value = to.headers["to"]
    if tag and ";tag=" not in to_value:
        to_value += f";tag={tag}"
    lines = [f"SIP/2.0 {status} {reason}", *[f"Via: {via}" for via in to.vias],
             f"From: {to.headers['from']}", f"To: {to_value}", f"Call-ID: {to.call_id}",
             f"CSeq: {to.headers['cseq']}"]
    if contact:
        lines.append(f"Contact: <{contact}>")
    if body:
        lines.append("Content-Type: application/sdp")
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()
