# SPDX-License-Identifier: Apache-2.0
"""tshark over everything that passed the SIP network in this session."""

import behaviours
import node_configuration as conf
from lab import network

OURS = f"(ip.src == {network.SIP_ADDRESS} || ip.src == {network.NODE_SIP_ADDRESSES['a']})"
MARKER = "udp.port == 9"  # of lab.capture
BROKEN = f"ip.addr == {network.phone_address(conf.BROKEN_SEAT)}"


def test_no_malformed_frame(lab):
    """The only frames left out are those of the seat that sends broken ones on purpose, and the
    answers to it, which must repeat what was broken."""
    lab.capture.stop()
    sip = lab.capture.count(f"sip && {OURS}")
    assert sip > 0 and behaviours.ran()
    wrong = lab.capture.fields(f"_ws.malformed && !({BROKEN}) && !({MARKER})", "frame.number",
                               "ip.src", "_ws.expert.message")
    assert not wrong, wrong[:10]
    assert lab.capture.count(f"{OURS} && !({BROKEN}) && udp.port == 5060 && !sip && !stun") <= 1


def test_every_frame_of_ours_has_good_checksums(lab):
    lab.capture.stop()
    wrong = lab.capture.fields(f"{OURS} && (ip.checksum.status == 0 || udp.checksum.status == 0)",
                               "frame.number")
    assert not wrong, wrong[:10]
