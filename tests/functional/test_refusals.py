# SPDX-License-Identifier: Apache-2.0
"""Requests the switch refuses by itself, each with the status and the words that help
(RFC 3261 sections 8.2, 12.2.2, 16.3, 21)."""

import checks
import node_configuration as conf
import pytest
from dialog import IncomingCall, OutgoingCall, ack_of_refusal, hang_up, talk
from lab import network
from message import unique

CALLEE = f"sip:1002@{network.SIP_ADDRESS}"
METHODS = {"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "REGISTER", "PRACK", "UPDATE", "INFO",
           "MESSAGE", "NOTIFY"}


def refused(ua, request, status, reason=None):
    """Sends the request, which is refused; the ACK of an INVITE is sent too."""
    ua.send(request)
    response = ua.expect(status)
    checks.switch_answer(request, response, status, reason=reason)
    if request.method == "INVITE":
        ua.send(ack_of_refusal(request, response))
    return response


@pytest.fixture
def caller(node, phone):
    return phone("1001", register=False)


@pytest.fixture
def broken(node, phone):
    return phone("1001", seat=conf.BROKEN_SEAT, register=False)


def test_unknown_number(caller):
    refused(caller, caller.request("INVITE", f"sip:4711@{network.SIP_ADDRESS}"), 404, "Not Found")


def test_not_registered(caller):
    refused(caller, caller.request("INVITE", f"sip:1078@{network.SIP_ADDRESS}"), 480)


def test_busy_at_max_calls(node, phone):
    number = conf.NUMBER_ONE_CALL
    one_call = talk(phone("1001"), phone(number))
    OutgoingCall(phone("1003", register=False), number).refused(486)
    hang_up(*one_call)
    hang_up(*talk(phone("1003"), phone(number)))


def test_max_calls_counts_outgoing_calls(node, phone):
    """The limit of a DN is for its calls in and out together."""
    number = conf.NUMBER_ONE_CALL
    ua = phone(number)
    one_call = talk(ua, phone("1002"))
    OutgoingCall(phone("1003", register=False), number).refused(486)
    OutgoingCall(ua, "1002").refused(486)
    hang_up(*one_call)


def test_no_hops_left(caller):
    refused(caller, caller.request("INVITE", CALLEE, headers=[("Max-Forwards", 0)]), 483)


def test_options_with_no_hops_left_is_answered(caller):
    """RFC 3261 11: an OPTIONS that ends here is answered by the element itself."""
    refused(caller, caller.request("OPTIONS", CALLEE, headers=[("Max-Forwards", 0)]), 200)


def test_last_hop_reaches_the_callee(node, phone):
    callee = phone("1002")
    outgoing = OutgoingCall(phone("1001"), "1002", headers=[("Max-Forwards", 1)])
    incoming = IncomingCall(callee)
    assert incoming.invite.header("Max-Forwards") == "0"
    incoming.refuse(486)
    outgoing.refused(486)


@pytest.mark.parametrize("method", ["SUBSCRIBE", "PUBLISH", "REFER", "FROBNICATE"])
def test_method_not_allowed(caller, method):
    response = refused(caller, caller.request(method, CALLEE), 405)
    assert response.tags_of("Allow") == METHODS


@pytest.mark.parametrize("header", ["Require", "Proxy-Require"])
def test_unknown_extension(caller, header):
    request = caller.request("INVITE", CALLEE, headers=[(header, "100rel, nothing1"), ])
    response = refused(caller, request, 420)
    assert response.header("Unsupported") == "nothing1"


def test_unknown_scheme(caller):
    for uri in ("tel:+15550100", "sips:1002@10.77.0.10", "unknown:1"):
        refused(caller, caller.request("INVITE", uri), 416)


@pytest.mark.parametrize("method", ["BYE", "INFO", "MESSAGE", "NOTIFY", "UPDATE", "INVITE",
                                    "PRACK"])
def test_unknown_dialog(caller, method):
    request = caller.request(method, CALLEE, headers=[("RAck", "1 1 INVITE")])
    refused(caller, request.set("To", f"<{CALLEE}>;tag={unique('x')}"), 481)


def test_wrong_tag_is_another_dialog(node, phone):
    outgoing, incoming = talk(phone("1001"), phone("1002"))
    bye = outgoing.dialog.request("BYE", cseq=90)
    refused(outgoing.ua, bye.set("From", outgoing.dialog.local + "x"), 481)
    hang_up(outgoing, incoming)


def test_old_cseq(node, phone):
    outgoing, incoming = talk(phone("1001"), phone("1002"))
    outgoing.dialog.send("INFO", cseq=10)
    incoming.ua.answer(incoming.ua.expect("INFO"))
    outgoing.ua.expect(200, "INFO")
    refused(outgoing.ua, outgoing.dialog.request("INFO", cseq=9), 500)
    outgoing.dialog.cseq = 10
    hang_up(outgoing, incoming)


def test_options(node, phone, trunk):
    for ua in (phone("1001"), phone("4711", seat=3, register=False), trunk()):
        request = ua.request("OPTIONS", f"sip:{network.SIP_ADDRESS}")
        response = refused(ua, request, 200)
        assert response.tags_of("Allow") == METHODS
        assert {"100rel", "timer"} <= response.tags_of("Supported")
        assert response.header("Accept") == "application/sdp"


@pytest.mark.parametrize("name, value, reason", [
    ("From", "<sip:1001@10.77.0.10", "From"),
    ("From", "<sip:1001@10.77.0.10>", "From Tag"),
    ("To", "<sip:1002@10.77.0.10", "To"),
    ("CSeq", "x INVITE", "CSeq"),
    ("CSeq", "2147483648 INVITE", "CSeq number larger than 2147483647"),
    ("CSeq", "7 BYE", "CSeq method differs"),
    ("Contact", "<sip:>", "Contact"),
    ("Contact", None, "Contact"),
    ("Max-Forwards", "many", "Max-Forwards"),
    ("Content-Length", "x", "Content-Length"),
    ("Content-Length", "9999", "body shorter than Content-Length"),
    ("From", None, "missing From"),
    ("To", None, "missing To"),
    ("CSeq", None, "missing CSeq"),
    ("Call-ID", None, "missing Call-ID"),
    ("X", "1\r\nno header line", "malformed header line"),
])
def test_malformed_request(broken, name, value, reason):
    """400 whose reason phrase names what is wrong."""
    ua = broken
    ua.send(ua.request("INVITE", CALLEE, body=ua.sdp()).set(name, value))
    response = first_line(ua)
    assert response.startswith("SIP/2.0 400 ") and reason.lower() in response.lower(), response


def test_malformed_request_uri(broken):
    broken.send(broken.request("INVITE", "sip:1002@[10.77.0.10"))
    response = first_line(broken)
    assert response.startswith("SIP/2.0 400 ") and "Request-URI" in response, response


def test_singleton_twice(broken):
    request = broken.request("INVITE", CALLEE)
    request.headers.append(("CSeq", "7 INVITE"))
    broken.send(request)
    assert "appears twice" in first_line(broken)


def test_too_many_header_lines(node, broken):
    """255 lines are taken, 256 are not; the refusal is counted under its own name."""
    before = drops(node, "too_many_header_lines")
    request = broken.request("OPTIONS", CALLEE)
    lines = len(request.headers) + 1  # and Content-Length
    request.headers += [("X-Line", str(line)) for line in range(255 - lines)]
    broken.send(request)
    assert first_line(broken).startswith("SIP/2.0 200 ")
    request = broken.request("OPTIONS", CALLEE)
    request.headers += [("X-Line", str(line)) for line in range(257 - lines)]
    broken.send(request)
    assert first_line(broken) == "SIP/2.0 400 too many header lines"
    assert drops(node, "too_many_header_lines") == before + 1


def test_another_version(broken):
    request = broken.request("OPTIONS", CALLEE)
    request.start_line = request.start_line.replace("SIP/2.0", "SIP/3.0")
    broken.send(request)
    assert first_line(broken).startswith("SIP/2.0 505 ")


def first_line(ua):
    """The start line of the next datagram; what comes with it may repeat broken headers."""
    return ua.receive_bytes().decode(errors="replace").split("\r\n")[0]


def drops(node, name):
    """What `tandemctl drops` counts under names that contain `name`."""
    return sum(row["count"] for row in node.ctl("drops", "--all") if name in row["name"])
