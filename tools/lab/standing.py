# SPDX-License-Identifier: Apache-2.0
"""A laboratory to play with: up, down, status, exec."""

import os
import shlex

from lab import build, console, health, hugepages, network, packages, paths, process, state
from lab.baresip import Baresip
from lab.network import Network
from lab.node import Node
from lab import node as nodes

_PHONES = ((1000, 0), (1001, 1))  # number, seat

_HINTS = """
The laboratory stands: node a at {address}, phones 1000 and 1001, both answer by themselves.
  ./lab exec a tandemctl status                what the node says about itself
  ./lab exec a tandemctl registrations         who is registered
  ./lab exec phones sh                         a shell where sipp and baresip reach the node
  ./lab exec net tshark -i br-sip -Y sip       watch the messages
  ./lab status                                 what runs, and what is wrong
  ./lab down                                   end it
Logs: build/lab/. Configuration: {config}"""


def node_overrides():
    """What the machine asks for: without huge pages the node is told to do without."""
    if hugepages.reserve(hugepages.NODE_MIB):
        return {}
    return {"dataplane": {"hugepages": "off"}}


def _no_words(words, name):
    if words:
        raise console.LabError(f"{name} takes no argument, got: {' '.join(words)}", status=2)


def up(words):
    _no_words(words, "up")
    state.require_free("up")
    packages.install()
    build.build("release", build.PROGRAMS)
    with state.session("up", keep=True):
        console.step("making the network")
        Network().up()
        console.step("starting node a")
        node = Node("a", overrides=node_overrides())
        node.start()
        console.step("starting phones 1000 and 1001")
        for number, seat in _PHONES:
            phone = Baresip(number, seat, answer="auto").start()
            phone.wait_registered()
    console.say(_HINTS.format(address=network.SIP_ADDRESS, config=node.config_file))
    return 0


def down(words):
    _no_words(words, "down")
    with state.locked("down"):
        done = state.clean()
    console.say("; ".join(done) if done else "nothing to end")
    return 0


def status(words):
    _no_words(words, "status")
    owner, complaint = state.describe()
    if not owner:
        console.say("no laboratory: ./lab up starts one")
        return 1
    console.say(f"made by {owner}\n")
    wrong = [complaint] if complaint else []
    _print_namespaces(wrong)
    _print_processes(wrong)
    total, free = hugepages.counts()
    console.say(f"\nhuge pages: {total} of {hugepages.PAGE_MIB} MiB, {free} free")
    for name in network.NODE_SIP_ADDRESSES:
        node = Node(name)
        if not node.config_file.exists():
            wrong.append(f"node {name} was not started")
            continue
        console.say(f"\nnode {name}")
        run = node.ctl_run("status")
        console.say((run.stdout + run.stderr).rstrip())
        wrong += health.complaints(node)
    if not wrong:
        console.say("\nall is well")
        return 0
    console.say("\nwrong:")
    for sentence in wrong:
        console.say(f"  - {sentence}")
    return 1


def _print_namespaces(wrong):
    rows = []
    seats = [network.NET, *map(network.node_namespace, network.NODE_SIP_ADDRESSES),
             network.PHONES, network.TRUNK, network.CTI]
    for namespace in seats:
        if not network.exists(namespace):
            rows.append((namespace, "missing", ""))
            wrong.append(f"namespace {namespace} is missing: ./lab down, then ./lab up")
            continue
        links = network.link_states(namespace)
        devices = {name: link for name, link in links.items() if name != "lo"}
        rows.append((namespace, len(network.pids(namespace)),
                     ", ".join(f"{name} {link.lower()}" for name, link in devices.items())))
        wrong += [f"link {name} in {namespace} is down: nothing passes there"
                  for name, link in devices.items() if link != "UP"]
    console.say(console.table(("namespace", "processes", "links"), rows))


def _print_processes(wrong):
    rows = []
    for record in process.records():
        stat = record.stat()
        if stat is None:
            rows.append((record.name, record.pid, "dead", "", ""))
            wrong.append(f"{record.name} (pid {record.pid}) is dead; its last words: {record.log}")
            continue
        if stat.state == "T":
            wrong.append(f"{record.name} (pid {record.pid}) is stopped by a signal")
        rows.append((record.name, record.pid, "stopped" if stat.state == "T" else "alive",
                     f"{stat.cpu_seconds:.1f} s", f"{stat.rss_bytes >> 20} MiB"))
    console.say("")
    console.say(console.table(("process", "pid", "state", "cpu", "memory"), rows))


_SEATS = {"net": network.NET, "phones": network.PHONES, "trunk": network.TRUNK, "cti": network.CTI}


def execute(words):
    """Runs a command inside a node or a seat; the exit status is the command's."""
    known = [*network.NODE_SIP_ADDRESSES, *_SEATS]
    if len(words) < 2:
        raise console.LabError(f"exec needs a node and a command; nodes: {', '.join(known)}", 2)
    seat, command = words[0], words[1:]
    if seat not in known:
        raise console.LabError(f"no node {seat}: there are {', '.join(known)}", status=2)
    namespace = _SEATS.get(seat) or network.node_namespace(seat)
    if not network.exists(namespace):
        raise console.LabError("no laboratory stands: ./lab up starts one")
    environment = dict(os.environ)
    environment["PATH"] = ":".join(
        [*map(str, paths.binary_directories()), environment["PATH"]]
    )
    if seat not in _SEATS:
        environment["TANDEM_RUN_DIRECTORY"] = str(nodes.standing(seat).run_directory)
    full = network.enter_command(namespace, ["env", "--", *command])
    try:
        os.execvpe(full[0], full, environment)
    except OSError as error:
        raise console.LabError(f"{shlex.join(command)}: {error}", status=127) from None
