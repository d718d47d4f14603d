# SPDX-License-Identifier: Apache-2.0
"""The registrar (RFC 3261 section 10): what is kept, for how long, and where calls then go."""

import checks
import node_configuration as conf
import pytest
from dialog import IncomingCall, OutgoingCall, hang_up, talk
from lab import network, process
from message import unique


def contacts(response):
    """{URI: expires} of the Contacts of a 200."""
    found = {}
    for value in response.all("Contact"):
        uri, _, rest = value.partition(">")
        found[uri.lstrip("<")] = int(rest.partition("expires=")[2].split(";")[0])
    return found


def ask(ua, **more):
    """Sends a REGISTER; returns it and the answer."""
    request = ua.send(ua.register(**more))
    return request, ua.receive()


def own(ua):
    return ua.contact.strip("<>")


def test_register(node, phone):
    ua = phone("1003", register=False)
    request, answer = ask(ua, expires=600)
    checks.switch_answer(request, answer, 200)
    assert contacts(answer) == {own(ua): 600}
    [row] = node.ctl("registrations", "1003")
    assert row["contact"] == own(ua) and row["sent_to"] == "%s:%d" % ua.local


def test_expires_parameter_goes_before_the_header(node, phone):
    ua = phone("1003", register=False)
    _, answer = ask(ua, expires=600, contact=ua.contact + ";expires=120")
    assert contacts(answer) == {own(ua): 120}


def test_longer_than_allowed_is_shortened(node, phone):
    ua = phone("1003", register=False)
    _, answer = ask(ua, expires=1_000_000)
    assert contacts(answer) == {own(ua): conf.MAX_EXPIRES_S}
    _, answer = ask(ua, expires=None)
    assert contacts(answer) == {own(ua): conf.MAX_EXPIRES_S}, "none given: the longest"


def test_refresh(node, phone):
    ua, call_id = phone("1003", register=False), unique("reg-")
    ask(ua, expires=100, call_id=call_id, cseq=1)
    _, answer = ask(ua, expires=300, call_id=call_id, cseq=2)
    assert contacts(answer) == {own(ua): 300}, "one binding, with the new time"


def test_repeated_cseq_is_refused(node, phone):
    """RFC 3261 10.3 step 7."""
    ua, call_id = phone("1003", register=False), unique("reg-")
    ask(ua, expires=100, call_id=call_id, cseq=5)
    request, answer = ask(ua, expires=300, call_id=call_id, cseq=4)
    checks.switch_answer(request, answer, 500)
    _, answer = ask(ua, contact="", expires=None)
    assert contacts(answer)[own(ua)] <= 100


def test_registration_expires(node, phone):
    ua = phone("1004", register=False)
    ask(ua, expires=conf.MIN_EXPIRES_S)

    def gone():
        return contacts(ask(ua, contact="", expires=None)[1]) == {}

    assert not gone()
    process.wait_until(gone, 10.0, "the binding expires", poll_s=0.2)
    OutgoingCall(phone("1001", register=False), "1004").refused(480)


def test_too_short_is_refused(node, phone):
    ua = phone("1003", register=False)
    request, answer = ask(ua, expires=conf.MIN_EXPIRES_S - 1)
    checks.switch_answer(request, answer, 423)
    assert answer.header("Min-Expires") == str(conf.MIN_EXPIRES_S)


def test_unregister(node, phone):
    ua = phone("1004")
    _, answer = ask(ua, expires=0)
    assert contacts(answer) == {}
    OutgoingCall(phone("1001", register=False), "1004").refused(480)


def test_star_removes_all(node, phone):
    first = phone(conf.NUMBER_THREE_CONTACTS, seat=3)
    phone(conf.NUMBER_THREE_CONTACTS, seat=4)
    request, answer = ask(first, contact="*", expires=0)
    checks.switch_answer(request, answer, 200)
    assert contacts(answer) == {}


@pytest.mark.parametrize("expires, alone", [(60, True), (None, True), (0, False)])
def test_star_needs_expires_0_and_stands_alone(node, phone, expires, alone):
    ua = phone("1003")
    request = ua.register(contact="*", expires=expires)
    if not alone:
        request.headers.append(("Contact", ua.contact))
    ua.send(request)
    checks.switch_answer(request, ua.receive(), 400, reason="Contact")
    _, answer = ask(ua, contact="", expires=None)
    assert list(contacts(answer)) == [own(ua)], "nothing was removed"


def test_query(node, phone):
    ua = phone("1003")
    request, answer = ask(ua, contact="", expires=None)
    checks.switch_answer(request, answer, 200)
    assert list(contacts(answer)) == [own(ua)]


def test_newest_contact_replaces_the_one_before(node, phone):
    old, new = phone("1003", seat=3), phone("1003", seat=4)
    _, answer = ask(new, contact="", expires=None)
    assert list(contacts(answer)) == [own(new)]
    outgoing, incoming = talk(phone("1001"), new)
    hang_up(outgoing, incoming)
    old.expect_silence()


def test_several_contacts_ring_in_parallel(node, phone):
    """The first who answers has the call, the others get CANCEL (RFC 3261 16.7)."""
    number = conf.NUMBER_THREE_CONTACTS
    ask(phone(number, seat=9, register=False), contact="*", expires=0)
    seats = [phone(number, seat=seat) for seat in (3, 4, 5)]
    outgoing = OutgoingCall(phone("1001"), number)
    ringing = [IncomingCall(ua) for ua in seats]
    assert len({call.invite.branch for call in ringing}) == 3
    for call in ringing:
        checks.relayed_request(outgoing.invite, call.invite)
        call.ring()
        outgoing.expect(180)
    ringing[1].accept()
    answer = outgoing.accepted()
    assert answer.body == ringing[1].body
    ringing[1].acked()
    for call in (ringing[0], ringing[2]):
        cancel = call.ua.expect("CANCEL")
        assert cancel.branch == call.invite.branch
        call.ua.answer(cancel)
        call.refuse(487, "Request Terminated")
    hang_up(outgoing, ringing[1])


def test_all_contacts_refuse(node, phone):
    number = conf.NUMBER_THREE_CONTACTS
    ask(phone(number, seat=9, register=False), contact="*", expires=0)
    seats = [phone(number, seat=seat) for seat in (3, 4)]
    outgoing = OutgoingCall(phone("1001"), number)
    ringing = [IncomingCall(ua) for ua in seats]
    ringing[0].refuse(486)
    ringing[1].refuse(603, "Decline")
    outgoing.refused(603)


def test_contact_behind_nat(node, phone):
    """A private Contact that is not the source: calls go to the source (nat-contact = auto)."""
    ua = phone(conf.NUMBER_BEHIND_NAT, seat=4, register=False)
    ask(ua, contact=f"<sip:{ua.number}@192.168.5.5:5060>")
    [row] = node.ctl("registrations", ua.number)
    assert row["nat"] and row["sent_to"] == "%s:%d" % ua.local
    outgoing, incoming = talk(phone("1001"), ua)
    assert incoming.invite.uri == f"sip:{ua.number}@192.168.5.5:5060"
    hang_up(outgoing, incoming)


def test_contact_is_believed_without_nat(node, phone):
    """nat-contact = off: calls go to the Contact, whoever registered it."""
    registering, called = phone("1003", seat=3, register=False), phone("1003", 4, register=False)
    ask(registering, contact=called.contact)
    outgoing, incoming = talk(phone("1001"), called)
    hang_up(outgoing, incoming)


def test_require_registration(node, phone):
    number = conf.NUMBER_MUST_BE_REGISTERED
    registered = phone(number, seat=5)
    other = phone(number, seat=6, register=False)
    callee = phone("1002")
    OutgoingCall(other, "1002").refused(403)
    hang_up(*talk(registered, callee))


def test_another_dn_cannot_be_registered(node, phone):
    ua = phone("1003", register=False)
    request = ua.register().set("To", f"<sip:1004@{network.SIP_ADDRESS}>")
    ua.send(request)
    checks.switch_answer(request, ua.receive(), 403)


def test_static_dn_does_not_register(node, phone):
    ua = phone(conf.STATIC_NUMBER, seat=1, register=False)
    request, answer = ask(ua)
    checks.switch_answer(request, answer, 403)


def test_trunk_does_not_register(node, trunk):
    request, answer = ask(trunk("1003"))
    checks.switch_answer(request, answer, 403)
