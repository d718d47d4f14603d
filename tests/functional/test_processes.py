# SPDX-License-Identifier: Apache-2.0
"""A node whose other process is dead: what it still does, what it says, and how it comes back."""

import checks
from dialog import ack_of_refusal, hang_up, talk

KILLS = 15
UNAVAILABLE = ["INVITE", "REGISTER", "OPTIONS", "BYE", "MESSAGE"]


def test_no_control_plane(damaged, phone):
    """Every new request but ACK gets 503 with Retry-After from the dataplane; ports, status, drops
    and stats work, what only the control plane has ends with 3 and says so."""
    damaged.kill("controlplane")
    ua = phone("1001", register=False)
    for method in UNAVAILABLE:
        request = ua.send(ua.request(method, f"sip:1002@{ua.switch[0]}"))
        response = ua.expect(503, method)
        checks.switch_answer(request, response, 503)
        assert int(response.header("Retry-After")) > 0
        if method == "INVITE":
            ua.send(ack_of_refusal(request, response))
    ua.send(ua.request("ACK", f"sip:1002@{ua.switch[0]}"))
    request = ua.send(ua.request("OPTIONS", f"sip:1002@{ua.switch[0]}"))
    assert ua.expect(503, "OPTIONS").call_id == request.call_id, "nothing for the ACK"
    for words in (["ports"], ["drops"], ["neighbours"]):
        assert damaged.ctl_run(*words).returncode == 0
    for words in (["status"], ["stats"], ["shm", "show"]):
        run = damaged.ctl_run(*words)
        assert run.returncode == 0
        assert "control plane: not running" in run.stdout and "dataplane\n" in run.stdout
    for words in (["calls"], ["dn", "list"], ["registrations"], ["trunks"], ["options"]):
        run = damaged.ctl_run(*words)
        assert run.returncode == 3 and "control plane" in run.stderr, run
    run = damaged.ctl_run("--json", "calls")
    assert run.returncode == 3


def test_request_at_the_moment_of_death(damaged, phone):
    """A request that the control plane may still have been given is answered 503 as well, and
    leaves no transaction behind; tried often, since the moment is short."""
    ua = phone("1001", register=False)
    for _ in range(KILLS):
        damaged.kill("controlplane")
        invite = ua.send(ua.request("INVITE", f"sip:1002@{ua.switch[0]}"))
        response = ua.expect(503, "INVITE")
        checks.switch_answer(invite, response, 503)
        ua.send(ack_of_refusal(invite, response))
        damaged.restart("controlplane")
    states = damaged.ctl("stats")["dataplane"]["transactions"]
    assert not any(row["count"] for row in states
                   if (row["machine"], row["state"]) == ("invite server", "proceeding")), states


def test_control_plane_comes_back(damaged, phone):
    """The dataplane stays; the new control plane takes the same region and serves calls."""
    before = damaged.ctl("status")["dataplane"]
    damaged.kill("controlplane")
    damaged.restart("controlplane")
    hang_up(*talk(phone("1001"), phone("1002")))
    after = damaged.ctl("status")["dataplane"]
    assert (after["pid"], after["epoch"]) == (before["pid"], before["epoch"])


def test_no_dataplane(damaged):
    damaged.kill("dataplane")
    for words in (["ports"], ["drops"], ["neighbours"]):
        run = damaged.ctl_run(*words)
        assert run.returncode == 3 and "dataplane" in run.stderr, run
    for words in (["calls"], ["dn", "list"], ["trunks"], ["options"]):
        assert damaged.ctl_run(*words).returncode == 0
    run = damaged.ctl_run("status")
    assert run.returncode == 0 and "dataplane: not running" in run.stdout


def test_dataplane_comes_back(damaged, phone):
    """A new dataplane is a new region with a higher epoch; the control plane attaches to it, and
    bindings are as they were."""
    caller, callee = phone("1001"), phone("1002")
    before = damaged.ctl("status")
    damaged.kill("dataplane")
    damaged.restart("dataplane")
    hang_up(*talk(caller, callee))
    after = damaged.ctl("status")
    assert after["dataplane"]["epoch"] > before["dataplane"]["epoch"]
    assert after["controlplane"]["pid"] == before["controlplane"]["pid"]


def test_no_process(damaged):
    for which in ("controlplane", "dataplane"):
        damaged.kill(which)
    for words in (["status"], ["calls"], ["ports"]):
        run = damaged.ctl_run(*words)
        assert run.returncode == 3 and run.stderr + run.stdout, run


def test_both_orders_of_start(keeper, damaged, phone):
    """The control plane may be there first: it waits for the dataplane."""
    for order in (("dataplane", "controlplane"), ("controlplane", "dataplane")):
        damaged.stop()
        for which in order:
            damaged.start_process(which)
            damaged.wait_answers(which)
        damaged.wait_ready()
        hang_up(*talk(phone("1001"), phone("1002")))


def test_a_second_dataplane_is_refused(damaged, phone):
    """One run directory, one node: a second process ends with a sentence, the first goes on."""
    for which in ("dataplane", "controlplane"):
        first = damaged.processes[which]
        second = damaged.start_process(which)
        assert second.wait(20.0) != 0
        assert second.tail()
        damaged.processes[which] = first
    hang_up(*talk(phone("1001"), phone("1002")))
