# SPDX-License-Identifier: Apache-2.0
"""Real phones, as old as those of Debian 12: two baresip with tones as their microphones, and sipp
with a password."""

import node_configuration as conf
import pytest
from lab import process, tone
from lab.baresip import Baresip
from sipp_scenario import good, one, received, sent

ALICE_HZ, BOB_HZ = 440, 1000
RECORDED_BYTES = 2 * 8000 * 2  # two seconds of 8,000 samples


@pytest.fixture
def node(started_node):
    return started_node(**conf.OLD_PHONES)


@pytest.fixture
def phones(node):
    with Baresip(1900, 16, password="pw-1900", tone_hz=ALICE_HZ) as alice, \
            Baresip(1016, 17, tone_hz=BOB_HZ, answer="auto") as bob:
        for end in (alice, bob):
            end.wait_registered()
        yield alice, bob


def test_both_hear_each_other(node, phones):
    """1900, which has a password, calls 1016."""
    alice, bob = phones
    alice.dial(1016)
    for end in phones:
        end.wait_event("CALL_ESTABLISHED")
    assert node.calls_count() == 1
    for end in phones:
        recorded(end)
    alice.hangup()
    for end in phones:
        end.wait_event("CALL_CLOSED")
    for end, hertz in ((alice, BOB_HZ), (bob, ALICE_HZ)):
        heard = tone.frequency_hz(end.heard())
        assert abs(heard - hertz) < 20, f"{end.number} hears {heard:.0f} Hz instead of {hertz}"


def recorded(end):
    """Waits until the phone has recorded two seconds of what it hears."""
    process.wait_until(lambda: end.heard().stat().st_size >= RECORDED_BYTES, 15.0,
                       f"{end.number} hears something")


def test_sipp_proves_its_password(node, phone, sipp):
    """REGISTER and INVITE of a DN with a password, each challenged once (MD5)."""
    password = ("-au", "1902", "-ap", "pw-1902")
    good(sipp.start("register_with_password", number="1902", seat=3, service="1902",
                    options=password))
    ua = phone("1002", register=False)
    ua.registered(contact=f"<sip:1002@{ua.local[0]}:5060>")
    callee = sipp.start("answer", number="1002", seat=2)
    caller = sipp.start("call_with_password", number="1902", seat=3, service="1002",
                        options=password)
    good(caller, callee)
    assert one(received(callee), "INVITE").header("Authorization") is None
    assert one(sent(caller), "BYE").header("Authorization") is None, "only the INVITE is challenged"
    challenge = one(received(caller), "INVITE", 401)
    assert [value.split("algorithm=")[1] for value in challenge.all("WWW-Authenticate")] == ["MD5"]
