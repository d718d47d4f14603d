# SPDX-License-Identifier: Apache-2.0
"""A control plane that was killed and started again: it knows its phones from the journal of
bindings. No phone registers a second time here unless the test says so."""

import resource
import time

import checks
import node_configuration as conf
from dialog import IncomingCall, OutgoingCall, hang_up, talk
from lab import process

JOURNAL = "bindings.journal"
HEADER_BYTES = 32


def journal(node):
    return node.ctl("journal")


def wait_written(node):
    """Until every accepted binding is in the file. A kill loses what is not."""
    process.wait_until(
        lambda: (journal(node)["waiting"], journal(node)["state"]) == (0, "written"),
        10.0, "the journal has all changes")


def kill_and_restart(node, between=lambda: None):
    wait_written(node)
    node.kill("controlplane")
    between()
    node.restart("controlplane")


def bindings(node, number=""):
    return node.ctl("registrations", *[number] * bool(number))


def test_phones_are_known_after_a_kill(damaged, phone):
    """Both are called, and one of them refreshes as if nothing had been."""
    one, two = phone("1001"), phone("1002")
    before = bindings(damaged)
    kill_and_restart(damaged)
    hang_up(*talk(one, two))
    hang_up(*talk(two, one))
    after = bindings(damaged)
    assert [row.pop("restored") for row in after] == [True, True]
    assert [row.pop("restored") for row in before] == [False, False]
    assert sorted(map(str, after)) == sorted(map(str, before))
    status = damaged.ctl("status")["controlplane"]
    assert status["journal"] == f"written to {damaged.state_directory / JOURNAL}"
    counters = {row["name"]: row["value"] for row in damaged.ctl("stats")["controlplane"]}
    assert counters["bindings_restored"] == 2
    assert (journal(damaged)["restored"], journal(damaged)["skipped"]) == (2, 0)
    one.registered()
    assert not bindings(damaged, "1001")[0]["restored"]


def test_phones_are_known_after_many_kills(damaged, phone):
    """What was restored is in the journal still, whatever happens to it in between."""
    one, two = phone("1001"), phone("1002")
    for _ in range(4):
        kill_and_restart(damaged)
        hang_up(*talk(one, two))
        two.registered()


def test_contacts_and_nat_survive(damaged, phone):
    """Three contacts in their order, of which a fourth replaces the oldest; and one behind NAT."""
    seats = [phone(conf.NUMBER_THREE_CONTACTS, seat=seat) for seat in (3, 4, 5)]
    hidden = phone(conf.NUMBER_BEHIND_NAT, seat=6, register=False)
    hidden.registered(contact=f"<sip:{hidden.number}@192.168.5.5:5060>")
    must = phone(conf.NUMBER_MUST_BE_REGISTERED, seat=7)
    kill_and_restart(damaged)
    caller = phone("1001")
    outgoing, incoming = talk(caller, hidden)
    assert incoming.invite.uri == f"sip:{hidden.number}@192.168.5.5:5060"
    hang_up(outgoing, incoming)
    hang_up(*talk(must, caller))
    fourth = phone(conf.NUMBER_THREE_CONTACTS, seat=8)
    outgoing = OutgoingCall(caller, conf.NUMBER_THREE_CONTACTS)
    ringing = [IncomingCall(ua) for ua in (*seats[1:], fourth)]
    for call in ringing:
        call.refuse(486)
    outgoing.refused(486)
    seats[0].expect_silence()


# A host so slow that a binding ends before the test has come to its kill gets a longer one.
LIVES_S = (conf.MIN_EXPIRES_S, 4 * conf.MIN_EXPIRES_S, 16 * conf.MIN_EXPIRES_S)


def killed_before_it_expires(node, ua):
    """Kills the control plane while a binding of `ua` still stands; when that ends, in ms since
    1970."""
    for expires_s in LIVES_S:
        ua.registered(expires=expires_s)
        wait_written(node)
        rows = bindings(node, ua.number)
        node.kill("controlplane")
        if rows and time.time() * 1000 < rows[0]["expires"]:
            return rows[0]["expires"]
        node.restart("controlplane")
    raise AssertionError(f"no binding of {ua.number} lived up to the kill")


def restored_before_it_expires(node, ua):
    """Kills and restarts the control plane while a binding of `ua` stands; its row then."""
    for expires_s in LIVES_S:
        ua.registered(expires=expires_s)
        kill_and_restart(node)
        rows = bindings(node, ua.number)
        if rows:
            return rows[0]
    raise AssertionError(f"no binding of {ua.number} lived over the restart")


def test_expiry_holds_after_a_kill(damaged, phone):
    short, long = phone("1003", register=False), phone("1004", register=False)
    long.registered(expires=600)
    expires_ms = killed_before_it_expires(damaged, short)
    process.wait_until(lambda: time.time() * 1000 > expires_ms, 60.0, "its time is over")
    damaged.restart("controlplane")
    assert [row["number"] for row in bindings(damaged)] == ["1004"]
    OutgoingCall(phone("1001"), "1003").refused(480)
    assert journal(damaged)["skipped"] == 1
    assert restored_before_it_expires(damaged, short)["restored"], "for the rest of its time"
    process.wait_until(lambda: not bindings(damaged, "1003"), 60.0, "and expires")
    OutgoingCall(phone("1001"), "1003").refused(480)


def test_a_removed_binding_stays_removed(damaged, phone):
    gone, stays = phone("1003"), phone("1004")
    gone.registered(expires=0)
    kill_and_restart(damaged)
    assert [row["number"] for row in bindings(damaged)] == ["1004"]
    caller = phone("1001")
    OutgoingCall(caller, "1003").refused(480)
    hang_up(*talk(caller, stays))


def test_an_old_cseq_stays_old(damaged, phone):
    """RFC 3261 10.3 step 7 holds over the death."""
    ua = phone("1003", register=False)
    ua.registered(call_id="of-1003", cseq=7)
    kill_and_restart(damaged)
    request = ua.send(ua.register(call_id="of-1003", cseq=7, expires=0))
    checks.switch_answer(request, ua.receive(), 500)
    ua.registered(call_id="of-1003", cseq=8)


def test_damage_costs_what_it_hit(damaged, phone):
    """One damaged record of three, and half a record at the end."""
    phones = [phone(number) for number in ("1001", "1002", "1003")]
    file = damaged.state_directory / JOURNAL

    def damage():
        data = bytearray(file.read_bytes())
        at = data.index(b"sip:1002@")
        data[at] ^= 1
        data += data[HEADER_BYTES:HEADER_BYTES + 40]
        file.write_bytes(data)

    kill_and_restart(damaged, between=damage)
    assert sorted(row["number"] for row in bindings(damaged)) == ["1001", "1003"]
    shown = journal(damaged)
    assert (shown["corrupt"], shown["torn_bytes"]) == (1, 40)
    hang_up(*talk(phones[0], phones[2]))
    process.wait_until(lambda: journal(damaged)["rewrites"] == 1, 10.0, "it is written anew")
    kill_and_restart(damaged)
    shown = journal(damaged)
    assert (shown["corrupt"], shown["torn_bytes"], shown["restored"]) == (0, 0, 2)


def test_another_version_is_kept_aside(damaged, phone):
    ua = phone("1001")
    file = damaged.state_directory / JOURNAL
    kept = []

    def change_version():
        data = bytearray(file.read_bytes())
        data[8] = 2
        kept.append(bytes(data))
        file.write_bytes(data)

    kill_and_restart(damaged, between=change_version)
    shown = journal(damaged)
    assert shown["state"] == "written" and "version 2" in shown["refused"]
    assert (damaged.state_directory / f"{JOURNAL}.refused-1").read_bytes() == kept[0]
    assert bindings(damaged) == []
    ua.registered()
    kill_and_restart(damaged)
    hang_up(*talk(phone("1002"), ua))


def test_a_full_disk_stops_no_phone(damaged, phone):
    """The disk is full as far as this process can tell: no file of it may grow."""
    one = phone("1001")
    wait_written(damaged)
    pid = damaged.processes["controlplane"].pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    size = (damaged.state_directory / JOURNAL).stat().st_size
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (HEADER_BYTES + 8, before[1]))
    two = phone("1002")
    process.wait_until(lambda: "cannot write" in damaged.ctl("status")["controlplane"]["journal"],
                       10.0, "status says it")
    hang_up(*talk(one, two))
    assert journal(damaged)["unwritten"] == 1
    assert (damaged.state_directory / JOURNAL).stat().st_size == size, "nothing by halves"
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
    kill_and_restart(damaged)
    assert journal(damaged)["restored"] == 2
    hang_up(*talk(one, two))
