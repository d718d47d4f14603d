# SPDX-License-Identifier: Apache-2.0
"""The network of the laboratory: namespaces, two bridges, a gateway, one veth pair per seat.

    tandem-a ── sip0 ─┐                     ┌─ sip0 ── tandem-phones  .100 - .119
    (no address:      ├─ br-sip 10.77.0.254 ┤
     DPDK owns it)    │     tandem-net      └─ sip0 ── tandem-trunk   .200
    tandem-a ── mgmt0 ┴─ br-mgmt 10.78.0.254 ── mgmt0 ── tandem-cti   .100

Processes enter a namespace with nsenter, not `ip netns exec`: the latter remounts /sys and fails
where / is no mount point (a chroot).
"""

import contextlib
import ctypes
import os
import subprocess
from pathlib import Path

from lab import console, paths, process

NET = "tandem-net"
PHONES = "tandem-phones"
TRUNK = "tandem-trunk"
CTI = "tandem-cti"

SIP_BRIDGE = "br-sip"
MANAGEMENT_BRIDGE = "br-mgmt"
SIP_ADDRESS = "10.77.0.10"  # where phones and trunk send
GATEWAY = "10.77.0.254"
TRUNK_ADDRESS = "10.77.0.200"
NODE_SIP_ADDRESSES = {"a": "10.77.0.1"}
NODE_MANAGEMENT_ADDRESSES = {"a": "10.78.0.1"}
NODE_NAMESPACES = [f"tandem-{node}" for node in NODE_SIP_ADDRESSES]

_RUN_NETNS = Path("/run/netns")
_MADE = paths.STATE / "namespaces"
_CLONE_NEWNET = 0x40000000
_OFFLOADS = ["tx", "off", "rx", "off", "tso", "off", "gso", "off", "gro", "off"]
_libc = ctypes.CDLL(None, use_errno=True)


def phone_address(number):
    """The address of phone seat 0 to 19."""
    if not 0 <= number < 20:
        raise ValueError(f"no phone seat {number}")
    return f"10.77.0.{100 + number}"


def node_namespace(node):
    return f"tandem-{node}"


def enter_command(namespace, command):
    """The command line that runs `command` inside the namespace under the same process id."""
    return ["nsenter", f"--net={_RUN_NETNS / namespace}", "--", *[str(word) for word in command]]


def run_in(namespace, command, **options):
    """subprocess.run inside a namespace."""
    return subprocess.run(enter_command(namespace, command), **options)


@contextlib.contextmanager
def inside(namespace):
    """The calling thread is in the namespace for the block: sockets made there stay there."""
    with open("/proc/thread-self/ns/net") as home, open(_RUN_NETNS / namespace) as there:
        if _libc.setns(there.fileno(), _CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter {namespace}")
        try:
            yield
        finally:
            if _libc.setns(home.fileno(), _CLONE_NEWNET) != 0:
                os._exit(70)  # a thread lost in a foreign namespace must do nothing more


def exists(namespace):
    return (_RUN_NETNS / namespace).exists()


def _call(command, **options):
    run = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, **options
    )
    if run.returncode != 0:
        raise console.LabError(f"{' '.join(map(str, command))}: {run.stderr.strip()}")
    return run.stdout


def _ip(namespace, lines):
    """A batch of ip commands inside a namespace."""
    _call(enter_command(namespace, ["ip", "-batch", "-"]), input="\n".join(lines) + "\n")


def _set(namespace, settings):
    """Writes below /proc/sys/net of a namespace; a setting this kernel has not is left out."""
    script = "".join(
        f"[ ! -e /proc/sys/net/{name} ] || echo {value} > /proc/sys/net/{name}\n"
        for name, value in settings.items()
    )
    _call(enter_command(namespace, ["sh", "-ec", script]))


def _finish_checksums(namespace, device):
    """The kernel computes every checksum itself: what DPDK reads from the veth is then complete."""
    _call(enter_command(namespace, ["ethtool", "-K", device, *_OFFLOADS]))


def _record(namespace):
    """On record before it is made, so that no way of dying between leaves it behind."""
    made = _MADE.read_text().split() if _MADE.exists() else []
    if namespace not in made:
        _MADE.parent.mkdir(parents=True, exist_ok=True)
        _MADE.write_text(" ".join(made + [namespace]))


def _add_namespace(namespace):
    if exists(namespace):
        raise console.LabError(
            f"namespace {namespace} is there already and not ours: ip netns del {namespace}"
        )
    _record(namespace)
    _call(["ip", "netns", "add", namespace])
    # Nodes speak IPv4: the kernels' neighbour discovery would only fill captures and drop counters.
    # Set before a device exists, so that not even its first solicitation is sent.
    _set(namespace, {f"ipv6/conf/{which}/disable_ipv6": 1 for which in ("all", "default")})
    _ip(namespace, ["link set lo up"])


def pids(namespace):
    """Everything that runs in a namespace."""
    run = subprocess.run(["ip", "netns", "pids", namespace], capture_output=True, text=True)
    return [int(word) for word in run.stdout.split()]


def _remove(namespace):
    """Ends what still runs there, then the namespace; returns how many processes there were."""
    ending = []
    for pid in pids(namespace):
        stat = process.read_stat(pid)
        if stat is not None and pid != os.getpid():
            ending.append(process.Record(f"pid {pid}", pid, stat.start_ticks, namespace, [], ""))
    process.end(ending)
    run = subprocess.run(["ip", "netns", "del", namespace], capture_output=True, text=True)
    if run.returncode != 0 and exists(namespace):
        console.complain(f"namespace {namespace}: {run.stderr.strip()}")
    return len(ending)


def remove_all():
    """Removes every namespace on record; returns what it did as sentences."""
    made = _MADE.read_text().split() if _MADE.exists() else []
    present = [namespace for namespace in made if exists(namespace)]
    strays = sum(_remove(namespace) for namespace in present)
    _MADE.unlink(missing_ok=True)
    done = [f"removed {len(present)} namespaces"] if present else []
    return done + ([f"ended {strays} stray processes in them"] if strays else [])


class Network:
    """The network for the given nodes. `with Network() as network:` makes and removes it."""

    def __init__(self, nodes=("a",)):
        self.nodes = tuple(nodes)

    def __enter__(self):
        self.up()
        return self

    def __exit__(self, *_error):
        self.down()

    def up(self):
        """Makes everything; needs root and no network of that name."""
        _add_namespace(NET)
        for bridge, address in ((SIP_BRIDGE, GATEWAY), (MANAGEMENT_BRIDGE, "10.78.0.254")):
            _ip(NET, [
                f"link add {bridge} type bridge stp_state 0 forward_delay 0 mcast_snooping 0",
                f"address add {address}/24 dev {bridge}",
                f"link set {bridge} up",
            ])
            _finish_checksums(NET, bridge)
        _set(NET, {f"bridge/bridge-nf-call-{kind}tables": 0 for kind in ("ip", "ip6", "arp")})
        for node in self.nodes:
            self._add_node(node)
        self._add_host(PHONES, [phone_address(number) for number in range(20)])
        self._add_host(TRUNK, [TRUNK_ADDRESS])
        _add_namespace(CTI)
        self._plug(CTI, "mgmt0", "cti-mgmt", MANAGEMENT_BRIDGE, ["10.78.0.100"])

    def down(self):
        """Ends everything that runs in the namespaces and removes them."""
        remove_all()

    def _plug(self, namespace, device, bridge_end, bridge, addresses):
        _ip(NET, [
            f"link add {bridge_end} type veth peer name {device} netns {namespace}",
            f"link set {bridge_end} master {bridge} up",
        ])
        _ip(namespace, [
            *[f"address add {address}/24 dev {device}" for address in addresses],
            f"link set {device} up",
        ])
        _finish_checksums(NET, bridge_end)
        _finish_checksums(namespace, device)

    def _add_node(self, node):
        namespace = node_namespace(node)
        _add_namespace(namespace)
        self._plug(namespace, "sip0", f"{node}-sip", SIP_BRIDGE, [])
        _set(namespace, {
            "ipv4/conf/sip0/arp_ignore": 1,
            "ipv4/conf/sip0/rp_filter": 1,
            "ipv6/conf/sip0/disable_ipv6": 1,
        })
        address = NODE_MANAGEMENT_ADDRESSES[node]
        self._plug(namespace, "mgmt0", f"{node}-mgmt", MANAGEMENT_BRIDGE, [address])

    def _add_host(self, namespace, addresses):
        _add_namespace(namespace)
        self._plug(namespace, "sip0", f"{namespace.split('-')[1]}-sip", SIP_BRIDGE, addresses)
        _ip(namespace, [f"route add default via {GATEWAY}"])

    def pull_cable(self, node):
        """The node's SIP port loses its carrier."""
        _ip(NET, [f"link set {node}-sip down"])

    def plug_cable(self, node):
        _ip(NET, [f"link set {node}-sip up"])


def link_states(namespace):
    """Device name → operstate of a namespace, e.g. {"sip0": "UP"}."""
    out = _call(enter_command(namespace, ["ip", "-br", "link"]))
    rows = (line.split() for line in out.splitlines())
    return {row[0].split("@")[0]: row[1] for row in rows}
