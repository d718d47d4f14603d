# SPDX-License-Identifier: Apache-2.0
"""Below SIP: addresses, ARP, ICMP, keep-alives, where responses go (RFC 826, 792, 3581, 5389,
5626), and a kernel that must stay out of it."""

import os
import socket
import struct

import checks
import node_configuration as conf
import pytest
from dialog import IncomingCall, OutgoingCall, hang_up, talk
from lab import network, process
from lab.capture import Capture

UNIQUE = network.NODE_SIP_ADDRESSES["a"]
BOTH_ADDRESSES = pytest.mark.parametrize("address", [network.SIP_ADDRESS, UNIQUE])


@BOTH_ADDRESSES
def test_answer_comes_from_the_address_asked(node, phone, address):
    ua = phone("1001", register=False, switch=(address, 5060))
    ua.send(ua.request("OPTIONS", f"sip:{address}"))
    ua.expect(200, "OPTIONS")
    assert ua.origin == (address, 5060)


def test_call_to_the_unique_address(node, phone):
    """Responses come from where the INVITE went; what the switch begins comes from the shared
    address, which its Contact names."""
    callee = phone("1002")
    caller = phone("1001", switch=(UNIQUE, 5060))
    outgoing = OutgoingCall(caller, "1002")
    incoming = IncomingCall(callee)
    assert callee.origin == (network.SIP_ADDRESS, 5060)
    incoming.accept()
    got = outgoing.accepted()
    assert caller.origin == (UNIQUE, 5060)
    checks.our_contact(got)
    incoming.acked()
    incoming.dialog.send("BYE")
    caller.answer(caller.expect("BYE"))
    assert caller.origin == (network.SIP_ADDRESS, 5060)
    callee.expect(200, "BYE")


def test_rport(node, phone):
    """RFC 3581: rport gets the source port, received the source address."""
    ua = phone("1001", register=False)
    request = ua.request("OPTIONS", ua.uri)
    ua.send(request.set("Via", ua.via().replace(ua.local[0], "192.0.2.1")))
    response = ua.expect(200)
    assert f";rport={ua.local[1]}" in response.header("Via")
    assert f";received={ua.local[0]}" in response.header("Via")


def test_rport_goes_before_the_port_of_via(node, phone):
    """The response goes to the source port even when the Via names another one."""
    ua = phone("1001", register=False)
    request = ua.request("OPTIONS", ua.uri)
    ua.send(request.set("Via", ua.via().replace(f":{ua.local[1]};", ":9;")))
    ua.expect(200)


def test_received_without_rport(node, phone):
    """18.2.1: a sent-by that is not the source gets received; the port is that of the Via."""
    ua = phone("1001", register=False)
    listener = phone("1003", register=False, seat=1)
    request = ua.request("OPTIONS", ua.uri)
    ua.send(request.set("Via", ua.via(parameters="").replace(
        "%s:%d" % ua.local, f"phone.invalid:{listener.local[1]}")))
    response = listener.expect(200)
    assert f";received={ua.local[0]}" in response.header("Via")
    assert "rport" not in response.header("Via")


def test_nothing_is_added_to_a_true_via(node, phone):
    ua = phone("1001", register=False)
    request = ua.request("OPTIONS", ua.uri)
    ua.send(request.set("Via", ua.via(parameters="")))
    assert ua.expect(200).header("Via") == request.header("Via")


def test_all_vias_come_back(node, phone):
    ua = phone("1001", register=False)
    request = ua.request("OPTIONS", ua.uri)
    request.headers.insert(1, ("Via", "SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKupstream"))
    ua.send(request)
    assert ua.expect(200).all("Via")[1:] == request.all("Via")[1:]


def test_compact_headers(node, phone):
    ua = phone("1001", register=False)
    request = ua.request("OPTIONS", ua.uri)
    short = {"Via": "v", "From": "f", "To": "t", "Call-ID": "i"}
    request.headers = [(short.get(name, name), value) for name, value in request.headers]
    request.headers.append(("l", "0"))
    lines = [request.start_line, *(f"{name}: {value}" for name, value in request.headers)]
    ua.send("\r\n".join(lines).encode() + b"\r\n\r\n")
    ua.expect(200)


def test_keep_alive(node, phone):
    """RFC 5626 4.4.1, as phones send it over UDP too: a double CRLF is answered with one CRLF; a
    single one and other empty datagrams have no answer and do no harm."""
    ua = phone("1001", register=False)
    ua.send(b"\r\n\r\n")
    assert ua.receive_bytes() == b"\r\n"
    for keep_alive in (b"\r\n", b"\0", b""):
        ua.send(keep_alive)
    ua.expect_silence()


def stun_request():
    return struct.pack("!HHI", 0x0001, 0, 0x2112A442) + os.urandom(12)


@BOTH_ADDRESSES
def test_stun_binding_is_answered(node, phone, address):
    """RFC 5389: XOR-MAPPED-ADDRESS with the address and port the request came from."""
    ua = phone("1001", register=False, switch=(address, 5060))
    request = stun_request()
    ua.send(request)
    answer = ua.receive_bytes()
    kind, length, cookie = struct.unpack("!HHI", answer[:8])
    assert (kind, cookie, answer[8:20]) == (0x0101, 0x2112A442, request[8:])
    assert length == len(answer) - 20
    attributes = {}
    at = 20
    while at < len(answer):
        name, size = struct.unpack("!HH", answer[at:at + 4])
        attributes[name] = answer[at + 4:at + 4 + size]
        at += 4 + size + (-size % 4)
    _, family, port, ip = struct.unpack("!BBHI", attributes[0x0020])
    assert family == 1 and port ^ 0x2112 == ua.local[1]
    assert socket.inet_ntoa(struct.pack("!I", ip ^ 0x2112A442)) == ua.local[0]


def test_noise_is_dropped_and_counted(node, phone):
    def dropped():
        return sum(row["count"] for row in node.ctl("drops"))

    before = dropped()
    ua = phone("1001", seat=conf.BROKEN_SEAT, register=False)
    for noise in (os.urandom(700), b"hello", b"\xff" * 20, b"SIP/2.0 999 Odd\r\n\r\n"):
        ua.send(noise)
    ua.expect_silence()
    process.wait_until(lambda: dropped() > before, 5.0, "the drops are counted")


@BOTH_ADDRESSES
def test_arp(node, address):
    """RFC 826: both addresses are at the port's MAC, which `ports` shows."""
    run = network.run_in(network.PHONES, ["ip", "neigh", "flush", "to", address],
                         capture_output=True)
    assert run.returncode == 0
    ping(address)
    run = network.run_in(network.PHONES, ["ip", "neigh", "show", address], capture_output=True,
                         text=True)
    [port] = node.ctl("ports")
    assert port["mac"] in run.stdout
    assert set(port["addresses"].split()) == {network.SIP_ADDRESS, UNIQUE}


def test_nobody_answers_arp_for_a_free_address(node):
    with Capture("arp-free") as capture:
        network.run_in(network.PHONES, ["ping", "-c", "1", "-W", "1", "10.77.0.77"],
                       capture_output=True)
    assert capture.count("arp.opcode == 1 && arp.dst.proto_ipv4 == 10.77.0.77") >= 1
    assert capture.count("arp.opcode == 2 && arp.src.proto_ipv4 == 10.77.0.77") == 0


def test_call_to_an_absent_phone(node, phone):
    """Nobody answers ARP for the Contact: 480, long before 64·T1."""
    phone("1003", register=False).registered(contact="<sip:1003@10.77.0.77:5060>")
    outgoing = OutgoingCall(phone("1001"), "1003")
    outgoing.refused(480)
    assert node.calls_count() == 0


@BOTH_ADDRESSES
def test_ping(node, address):
    ping(address)
    ping(address, "-s", "1400")


def ping(address, *more):
    run = network.run_in(network.PHONES, ["ping", "-c", "2", "-i", "0.2", "-W", "5", *more,
                                          address], capture_output=True, text=True)
    assert run.returncode == 0 and " 0% packet loss" in run.stdout, run.stdout


def test_kernel_stays_silent(node, phone):
    """Nothing on the SIP network but the dataplane speaks for the node: no ICMP unreachable, no
    frame of the node's kernel, not even for ports nobody serves."""
    outgoing, incoming = talk(phone("1001"), phone("1002"))
    with Capture("silent") as capture:
        hang_up(outgoing, incoming)
        ua = phone("1001", register=False, switch=(network.SIP_ADDRESS, 5999))
        ua.send(b"nobody is here")
        served = phone("1003", register=False)
        served.send(served.request("OPTIONS", served.uri))
        served.expect(200)
    [port] = node.ctl("ports")
    ours = f"eth.src == {port['mac']}"
    assert capture.count(f"{ours} && sip") >= 3
    assert capture.count(f"{ours} && icmp") == 0
    assert capture.count(f"{ours} && !sip && !arp") == 0
    addresses = f"(ip.src == {network.SIP_ADDRESS} || ip.src == {UNIQUE})"
    assert capture.count(f"{addresses} && !icmp && !({ours})") == 0, "nobody else has its address"
