# SPDX-License-Identifier: Apache-2.0
"""A SIP message as text: what the tests' own phones send and what they look at. Strict on purpose:
parsing refuses what a good message never has."""

import hashlib
import itertools
import os
import re

_NUMBERS = itertools.count(1)
_RUN = os.urandom(4).hex()

COMPACT = {"i": "Call-ID", "m": "Contact", "e": "Content-Encoding", "l": "Content-Length",
           "c": "Content-Type", "f": "From", "s": "Subject", "k": "Supported", "t": "To",
           "v": "Via"}


def unique(word):
    """A word that no other message of any run has, e.g. for tags and branches."""
    return f"{word}{_RUN}{next(_NUMBERS)}"


def new_branch():
    return unique("z9hG4bK")


class Message:
    """A request or a response; header names keep the case they were written in."""

    def __init__(self, start_line, headers=(), body=b""):
        self.start_line = start_line
        self.headers = [(name, str(value)) for name, value in headers]
        self.body = body.encode() if isinstance(body, str) else body

    @classmethod
    def parse(cls, data):
        """Raises ValueError for what is no complete message with CRLF line ends."""
        head, separator, body = data.partition(b"\r\n\r\n")
        if not separator:
            raise ValueError(f"no empty line: {data!r}")
        lines = head.decode().split("\r\n")
        if any("\n" in line or "\r" in line for line in lines):
            raise ValueError(f"a bare line end: {head!r}")
        headers = []
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if not colon or not re.fullmatch(r"[A-Za-z0-9.!%*_+`'~-]+", name.rstrip()):
                raise ValueError(f"no header line: {line!r}")
            headers.append((COMPACT.get(name.strip().lower(), name.strip()), value.strip()))
        message = cls(lines[0], headers, body)
        if message.header("Content-Length") != str(len(body)):
            raise ValueError(f"Content-Length of {len(body)} bytes of body: {head.decode()}")
        return message

    @classmethod
    def from_trace(cls, text):
        """A message of a trace of sipp, whose line ends the trace has changed. Bodies end with
        exactly one line end here."""
        head, _, body = text.partition("\n\n")
        lines = head.strip().split("\n")
        headers = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:]]
        body = body.strip("\n")
        return cls(lines[0], headers, body.replace("\n", "\r\n") + "\r\n" if body else "")

    def to_bytes(self):
        """With a Content-Length of its body unless it has one already."""
        headers = list(self.headers)
        if self.header("Content-Length") is None:
            headers.append(("Content-Length", len(self.body)))
        lines = [self.start_line, *(f"{name}: {value}" for name, value in headers)]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body

    def __str__(self):
        return self.to_bytes().decode(errors="replace")

    @property
    def is_response(self):
        return self.start_line.startswith("SIP/2.0 ")

    @property
    def status(self):
        """0 for a request."""
        return int(self.start_line.split(" ")[1]) if self.is_response else 0

    @property
    def reason(self):
        return self.start_line.split(" ", 2)[2]

    @property
    def method(self):
        """Of a response: of the request it answers."""
        return self.cseq_method if self.is_response else self.start_line.split(" ")[0]

    @property
    def uri(self):
        return self.start_line.split(" ")[1]

    def all(self, name):
        return [value for given, value in self.headers if given.lower() == name.lower()]

    def header(self, name):
        """The first of that name, or None."""
        found = self.all(name)
        return found[0] if found else None

    def set(self, name, value):
        """Replaces all headers of the name by one; None removes them. Returns self."""
        kept = [header for header in self.headers if header[0].lower() != name.lower()]
        place = next((at for at, header in enumerate(self.headers)
                      if header[0].lower() == name.lower()), len(kept))
        self.headers = kept if value is None else [*kept[:place], (name, str(value)),
                                                   *kept[place:]]
        return self

    @property
    def call_id(self):
        return self.header("Call-ID")

    @property
    def cseq(self):
        return int(self.header("CSeq").split()[0])

    @property
    def cseq_method(self):
        return self.header("CSeq").split()[1]

    @property
    def branch(self):
        return re.search(r";branch=([^;\s]+)", self.header("Via")).group(1)

    def tag(self, side):
        """The tag of "From" or "To"; "" without one."""
        found = re.search(r";\s*tag=([^;\s>]+)", self.header(side).partition(">")[2])
        return found.group(1) if found else ""

    def address(self, name):
        """The URI between < and > of a header, e.g. of Contact."""
        return re.search(r"<([^>]*)>", self.header(name)).group(1)

    def tags_of(self, name):
        """Option tags or methods of all headers of the name, as a set."""
        return {word.strip() for value in self.all(name) for word in value.split(",")} - {""}


def sdp(host, port, *attributes):
    """A session description with a body nobody else has, so that copies can be told apart."""
    lines = ["v=0", f"o=- {int.from_bytes(os.urandom(4), 'big')} 1 IN IP4 {host}", "s=-",
             f"c=IN IP4 {host}", "t=0 0", f"m=audio {port} RTP/AVP 0 8",
             "a=rtpmap:0 PCMU/8000", *[f"a={attribute}" for attribute in attributes]]
    return "\r\n".join(lines).encode() + b"\r\n"


def parse_challenge(value):
    """The parameters of a Digest challenge as a dictionary."""
    return {name.lower(): quoted or plain for name, quoted, plain in
            re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', value)}


def digest_answer(challenge, method, uri, user, password, *, nonce_count=1, cnonce="0a4f113b"):
    """The value of Authorization for a challenge (RFC 7616 3.4, qop auth)."""
    make = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}[challenge["algorithm"]]

    def hashed(*parts):
        return make(":".join(parts).encode()).hexdigest()

    count = f"{nonce_count:08x}"
    response = hashed(hashed(user, challenge["realm"], password), challenge["nonce"], count,
                      cnonce, "auth", hashed(method, uri))
    return (f'Digest username="{user}", realm="{challenge["realm"]}", '
            f'nonce="{challenge["nonce"]}", uri="{uri}", response="{response}", '
            f'algorithm={challenge["algorithm"]}, qop=auth, nc={count}, cnonce="{cnonce}"')
