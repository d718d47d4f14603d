# SPDX-License-Identifier: Apache-2.0
"""What the other side of a back-to-back user agent must have got (RFC 3261, RFC 7092)."""

import re

from lab import network

OURS = re.compile(rf"SIP/2\.0/UDP {re.escape(network.SIP_ADDRESS)}(:5060)?;branch=z9hG4bK[^;]+"
                  r"(;rport)?$")
# Their Contact is mandatory (RFC 3261 table 2, RFC 3311 section 7, RFC 6665 section 8.2).
TARGET_REFRESH = ("INVITE", "UPDATE", "NOTIFY")


def our_contact(message):
    """The Contact names the switch, at the shared address."""
    contact = message.address("Contact")
    assert re.match(rf"sip:([^@]*@)?{re.escape(network.SIP_ADDRESS)}(:5060)?(;.*)?$", contact), \
        f"not ours: {contact}"
    return contact


def relayed_request(sent, got, *, in_dialog=False):
    """`got` is what the other leg made of the request `sent`."""
    assert got.method == sent.method
    vias = got.all("Via")
    assert len(vias) == 1 and OURS.match(vias[0]), f"one Via and it is ours: {vias}"
    assert got.branch != sent.branch
    assert got.call_id != sent.call_id, "each leg has its own Call-ID"
    assert got.tag("From") and got.tag("From") not in (sent.tag("From"), sent.tag("To"))
    assert not in_dialog or got.tag("To"), "inside a dialog both tags are there"
    assert in_dialog or not got.tag("To"), "outside of one there is no To tag"
    assert 1 <= got.cseq < 2**31 and got.cseq_method == sent.method
    if sent.method in ("ACK", "BYE"):
        # Ending a leg and acknowledging its answer are the switch's own acts, nothing travels on.
        assert 0 < int(got.header("Max-Forwards")) <= 70
    elif sent.header("Max-Forwards"):
        assert int(got.header("Max-Forwards")) == int(sent.header("Max-Forwards")) - 1
    assert not got.all("Record-Route"), "a user agent puts no Record-Route"
    for route in got.all("Route"):
        assert route not in sent.all("Route"), "the Route of one leg is not that of the other"
    if sent.method in TARGET_REFRESH:
        our_contact(got)
    same_body(sent, got)


def relayed_response(sent, got):
    """`got` is what the other leg made of the response `sent`."""
    assert (got.status, got.method) == (sent.status, sent.method)
    assert len(got.all("Via")) == 1
    assert got.call_id != sent.call_id
    assert got.tag("To") and got.tag("To") != sent.tag("To"), "the To tag is ours"
    assert not got.all("Record-Route")
    if 100 < sent.status < 300 and sent.header("Contact"):
        our_contact(got)
    same_body(sent, got)


def same_body(sent, got):
    assert got.body == sent.body, f"{sent.body!r} became {got.body!r}"
    if sent.body:
        assert got.header("Content-Type") == sent.header("Content-Type")


def switch_answer(request, response, status, *, reason=None):
    """A response the switch makes by itself (RFC 3261 8.2.6)."""
    assert response.status == status, f"{status} expected:\n{response}"
    assert response.header("From") == request.header("From")
    assert response.call_id == request.call_id
    assert response.header("CSeq") == request.header("CSeq")
    assert response.branch == request.branch and len(response.all("Via")) == len(
        request.all("Via"))
    assert response.header("To").startswith(request.header("To"))
    assert status == 100 or response.tag("To"), "8.2.6.2: a To tag in all but 100"
    if reason is not None:
        assert reason.lower() in response.reason.lower(), response.start_line
