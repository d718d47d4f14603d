# SPDX-License-Identifier: Apache-2.0
"""Digest authentication (RFC 3261 section 22, RFC 7616, RFC 8760) of REGISTER and INVITE."""

import checks
import node_configuration as conf
import pytest
from dialog import Dialog, IncomingCall, ack_of_refusal
from lab import network, process
from message import digest_answer, parse_challenge, unique

ALGORITHMS = ["SHA-256", "MD5"]


def challenges(response):
    """{algorithm: challenge} of a 401."""
    found = [parse_challenge(value) for value in response.all("WWW-Authenticate")]
    return {challenge["algorithm"]: challenge for challenge in found}


def challenged(ua, request):
    """Sends a request that must be challenged; returns the challenges."""
    ua.send(request)
    response = ua.expect(401, request.method)
    checks.switch_answer(request, response, 401)
    if request.method == "INVITE":
        ua.send(ack_of_refusal(request, response))
    return challenges(response)


def prove(ua, request, challenge, password, **more):
    """The same request again with the answer, as a new transaction; sent."""
    again = ua.request(request.method, request.uri, to=request.address("To"), body=request.body,
                       call_id=request.call_id, headers=[
                           (name, value) for name, value in request.headers
                           if name in ("Contact", "Expires")])
    again.set("Authorization", digest_answer(challenge, request.method, request.uri,
                                             more.pop("user", ua.number), password, **more))
    return ua.send(again)


def register_and_prove(ua, password, algorithm="SHA-256", **more):
    request = ua.register()
    challenge = challenged(ua, request)[algorithm]
    return prove(ua, request, challenge, password, **more), challenge


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_register(node, phone, algorithm):
    ua = phone("1900", seat=3, register=False)
    request, _ = register_and_prove(ua, "pw-1900", algorithm)
    checks.switch_answer(request, ua.receive(), 200)
    assert node.ctl("dn", "show", "1900")["dn"]["digest"]


def test_challenge(node, phone):
    """Both algorithms, the stronger first (RFC 8760 2.4), same realm, qop auth; each challenge has
    a nonce of its own, also when many are made at once."""
    ua = phone("1900", seat=3, register=False)
    asked = [ua.send(ua.register()) for _ in range(20)]
    answers = [challenges(ua.expect(401, "REGISTER")) for _ in asked]
    for answer in answers:
        assert list(answer) == ALGORITHMS
        for challenge in answer.values():
            assert challenge["realm"] == network.SIP_ADDRESS and challenge["qop"] == "auth"
            assert "stale" not in challenge
    assert len({answer["MD5"]["nonce"] for answer in answers}) == len(asked)


def test_own_realm(node, phone):
    ua = phone(conf.NUMBER_REALM, seat=3, register=False)
    request = ua.register()
    challenge = challenged(ua, request)["SHA-256"]
    assert challenge["realm"] == "example.com"
    prove(ua, request, challenge, "secret")
    ua.expect(200, "REGISTER")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_invite(node, phone, algorithm):
    caller, callee = phone("1900", seat=3, register=False), phone("1002")
    invite = caller.request("INVITE", callee.uri, body=caller.sdp())
    challenge = challenged(caller, invite)[algorithm]
    again = prove(caller, invite, challenge, "pw-1900")
    incoming = IncomingCall(callee)
    checks.relayed_request(again, incoming.invite)
    assert incoming.invite.header("Authorization") is None
    incoming.accept()
    dialog = Dialog.of_caller(caller, again, caller.expect(200, "INVITE"))
    dialog.ack(again)
    incoming.acked()
    dialog.send("BYE")
    callee.answer(callee.expect("BYE"))
    caller.expect(200, "BYE")  # a request inside the dialog is not challenged


def test_nonce_count_goes_up(node, phone):
    """One nonce serves several requests as long as its count goes up (RFC 7616 3.4)."""
    ua = phone("1900", seat=3, register=False)
    request, challenge = register_and_prove(ua, "pw-1900")
    ua.expect(200)
    prove(ua, request, challenge, "pw-1900", nonce_count=2)
    ua.expect(200)


def test_replayed_nonce_count_is_stale(node, phone):
    ua = phone("1900", seat=3, register=False)
    request, challenge = register_and_prove(ua, "pw-1900")
    ua.expect(200)
    prove(ua, request, challenge, "pw-1900", nonce_count=1, cnonce="other")
    again = ua.expect(401, "REGISTER")
    assert all(fresh["stale"] == "true" for fresh in challenges(again).values())
    prove(ua, request, challenges(again)["SHA-256"], "pw-1900")
    ua.expect(200)


def test_old_nonce_is_stale(node, phone):
    """A right answer to a nonce older than nonce-lifetime gets a new challenge with stale."""
    ua = phone("1900", seat=3, register=False)
    request, challenge = register_and_prove(ua, "pw-1900")
    ua.expect(200)
    counts = iter(range(2, 1000))

    def stale():
        prove(ua, request, challenge, "pw-1900", nonce_count=next(counts))
        answer = ua.receive()
        return answer.status == 401 and challenges(answer)["MD5"].get("stale") == "true"

    process.wait_until(stale, conf.NONCE_LIFETIME_S + 10, "the nonce is old", poll_s=0.5)


def test_foreign_nonce_is_stale(node, phone):
    ua = phone("1900", seat=3, register=False)
    request = ua.register()
    challenge = challenged(ua, request)["SHA-256"]
    nonce = challenge["nonce"]
    challenge["nonce"] = nonce[:-1] + ("0" if nonce[-1] != "0" else "1")
    prove(ua, request, challenge, "pw-1900")
    assert challenges(ua.expect(401))["SHA-256"]["stale"] == "true"


def test_wrong_password_is_challenged_again(node, phone):
    ua = phone("1901", seat=7, register=False)
    register_and_prove(ua, "wrong")
    answer = ua.expect(401, "REGISTER")
    assert "stale" not in challenges(answer)["SHA-256"]
    assert node.ctl("registrations", "1901") == []


def test_password_of_another_dn(node, phone):
    """The user name must be the DN that the request claims to come from."""
    ua = phone("1901", seat=8, register=False)
    register_and_prove(ua, "pw-1903", user="1903")
    ua.expect(401, "REGISTER")


def test_too_many_wrong_answers(node, phone):
    """After auth-failures-max wrong answers of a source even a right one is refused with 403;
    other sources are not."""
    ua = phone("1901", seat=14, register=False)
    for _ in range(conf.AUTH_FAILURES_MAX):
        register_and_prove(ua, "wrong")
        ua.expect(401, "REGISTER")
    request, _ = register_and_prove(ua, "pw-1901")
    checks.switch_answer(request, ua.receive(), 403)
    other = phone("1901", seat=15, register=False)
    register_and_prove(other, "pw-1901")
    other.expect(200, "REGISTER")


def test_answer_without_qop_is_malformed(node, phone):
    ua = phone("1901", seat=9, register=False)
    request = ua.register()
    challenge = challenged(ua, request)["MD5"]
    again = ua.register(call_id=unique("reg-")).set(
        "Authorization", f'Digest username="1901", realm="{challenge["realm"]}", '
        f'nonce="{challenge["nonce"]}", uri="{request.uri}", response="{32 * "0"}"')
    ua.send(again)
    checks.switch_answer(again, ua.receive(), 400, reason="Authorization")


def test_unknown_user(node, phone):
    """Anybody who is neither DN nor trunk gets 403, whatever is asked for."""
    ua = phone("4711", seat=3, register=False)
    request = ua.send(ua.register())
    checks.switch_answer(request, ua.receive(), 403)
    invite = ua.send(ua.request("INVITE", f"sip:1002@{network.SIP_ADDRESS}", body=ua.sdp()))
    response = ua.expect(403, "INVITE")
    checks.switch_answer(invite, response, 403)
    ua.send(ack_of_refusal(invite, response))
