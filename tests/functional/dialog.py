# SPDX-License-Identifier: Apache-2.0
"""Dialogs of the tests' user agents, seen from one end (RFC 3261 section 12)."""

import re

from lab import network
from message import Message, unique
from ua import PATIENCE_S, Ua


class Dialog:
    """What one end knows: made from the INVITE and a response to it, or filled by hand."""

    def __init__(self, ua: Ua, *, call_id, local, remote, target, routes=(), cseq=1):
        self.ua = ua
        self.call_id = call_id
        self.local = local  # value of our From
        self.remote = remote  # value of our To
        self.target = target
        self.routes = list(routes)
        self.cseq = cseq

    @classmethod
    def of_caller(cls, ua, invite, response):
        return cls(ua, call_id=invite.call_id, local=invite.header("From"),
                   remote=response.header("To"), target=response.address("Contact"),
                   routes=reversed(response.all("Record-Route")), cseq=invite.cseq)

    @classmethod
    def of_callee(cls, ua, invite, response):
        return cls(ua, call_id=invite.call_id, local=response.header("To"),
                   remote=invite.header("From"), target=invite.address("Contact"),
                   routes=invite.all("Record-Route"), cseq=unique_cseq())

    def request(self, method, *, body=b"", headers=(), cseq=None):
        """A request inside the dialog, not sent yet."""
        if cseq is None and method != "ACK":
            self.cseq += 1
        number = self.cseq if cseq is None else cseq
        message = Message(f"{method} {self.target} SIP/2.0", [
            ("Via", self.ua.via()), ("Max-Forwards", 70), ("From", self.local),
            ("To", self.remote), ("Call-ID", self.call_id), ("CSeq", f"{number} {method}"),
            *[("Route", route) for route in self.routes],
        ], body)
        if method in ("INVITE", "UPDATE"):
            message.set("Contact", self.ua.contact)
        if body:
            message.set("Content-Type", "application/sdp")
        for name, value in headers:
            message.set(name, value)
        return message

    def send(self, method, **more):
        return self.ua.send(self.request(method, **more))

    def ack(self, invite, body=b""):
        """The ACK of a 2xx to the INVITE, sent."""
        return self.send("ACK", cseq=invite.cseq, body=body)


def unique_cseq():
    """A first CSeq that is not the one of the other end."""
    return 1000 + int(re.sub(r"\D", "", unique("")[-4:]) or 0) % 1000


class OutgoingCall:
    """A call this end makes. `answer` is the 2xx once accepted() saw it."""

    def __init__(self, ua, number, *, body=None, headers=(), uri=None):
        self.ua = ua
        self.offer = ua.sdp() if body is None else body
        self.invite = ua.send(ua.request(
            "INVITE", uri or f"sip:{number}@{network.SIP_ADDRESS}", body=self.offer,
            headers=headers))
        self.answer = None
        self.dialog = None

    def expect(self, status, patience_s=PATIENCE_S):
        """The next response to the INVITE."""
        response = self.ua.expect(status, "INVITE", patience_s)
        assert response.call_id == self.invite.call_id
        assert response.header("CSeq") == self.invite.header("CSeq")
        assert response.header("From") == self.invite.header("From")
        assert response.all("Via")[0].startswith(
            self.invite.header("Via").removesuffix(";rport"))
        if 100 < status < 300:
            used = self.dialog.cseq if self.dialog else self.invite.cseq
            self.dialog = Dialog.of_caller(self.ua, self.invite, response)
            self.dialog.cseq = used
        return response

    def accepted(self, ack=True, body=b""):
        """Waits for the 200 and sends the ACK."""
        self.answer = self.expect(200)
        if ack:
            self.dialog.ack(self.invite, body)
        return self.answer

    def refused(self, status, patience_s=PATIENCE_S):
        """Waits for the refusal and sends its ACK, as the transaction does (17.1.1.3)."""
        response = self.expect(status, patience_s)
        self.ua.send(ack_of_refusal(self.invite, response))
        return response

    def cancel(self):
        """Sends the CANCEL; returns it."""
        return self.ua.send(cancel_of(self.invite))


def cancel_of(invite):
    """The CANCEL of an INVITE (RFC 3261 9.1)."""
    return Message(invite.start_line.replace("INVITE", "CANCEL", 1), [
        (name, invite.header(name))
        for name in ("Via", "Max-Forwards", "From", "To", "Call-ID")
    ]).set("CSeq", f"{invite.cseq} CANCEL")


def ack_of_refusal(invite, response):
    """The ACK to a final response of 300 or more (RFC 3261 17.1.1.3)."""
    ack = Message(invite.start_line.replace("INVITE", "ACK", 1), [
        (name, invite.header(name)) for name in ("Via", "Max-Forwards", "From")])
    ack.set("To", response.header("To")).set("Call-ID", invite.call_id)
    for route in invite.all("Route"):
        ack.headers.append(("Route", route))
    return ack.set("CSeq", f"{invite.cseq} ACK")


class IncomingCall:
    """A call this end gets: waits for the INVITE."""

    def __init__(self, ua, tag=None, patience_s=PATIENCE_S):
        self.ua = ua
        self.invite = ua.expect("INVITE", patience_s=patience_s)
        self.tag = tag or unique("u")
        self.dialog = None
        self.body = b""

    def reply(self, status, reason="Reply", *, tag=None, body=b"", headers=()):
        """Sends a response to the INVITE."""
        response = self.ua.answer(self.invite, status, reason, to_tag=tag or self.tag, body=body,
                                  headers=headers)
        if status < 300 and (tag or self.dialog is None):
            self.dialog = Dialog.of_callee(self.ua, self.invite, response)
        return response

    def ring(self, **more):
        return self.reply(180, "Ringing", **more)

    def accept(self, body=None, **more):
        self.body = self.ua.sdp() if body is None else body
        return self.reply(200, "OK", body=self.body, **more)

    def acked(self):
        """Waits for the ACK of the 2xx."""
        ack = self.ua.expect("ACK")
        assert ack.cseq == self.invite.cseq
        return ack

    def refuse(self, status, reason="Refused", **more):
        """Sends the refusal and waits for its ACK."""
        response = self.reply(status, reason, **more)
        ack = self.ua.expect("ACK")
        assert ack.branch == self.invite.branch, "17.1.1.3: the branch of the INVITE"
        assert ack.header("To") == response.header("To")
        return response


def talk(caller, callee, *, body=None, headers=(), answer_headers=(), answer=None):
    """An answered call between two registered user agents: (outgoing, incoming)."""
    outgoing = OutgoingCall(caller, callee.number, body=body, headers=headers)
    incoming = IncomingCall(callee)
    incoming.ring()
    outgoing.expect(180)
    incoming.accept(headers=answer_headers, body=answer)
    outgoing.accepted()
    incoming.acked()
    return outgoing, incoming


def hang_up(first, second):
    """`first` sends BYE, both ends see it through; both are OutgoingCall or IncomingCall."""
    bye = first.dialog.send("BYE")
    got = second.ua.expect("BYE")
    second.ua.answer(got)
    first.ua.expect(200, "BYE")
    return bye, got
