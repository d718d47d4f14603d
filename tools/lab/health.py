# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a node, in plain words, from what its two processes say about themselves."""

from lab import control

# A process beats each millisecond; this late it is stopped or starved, whatever its own limit is.
HEARTBEAT_LATE_MS = 1000

_ROLE = "primary"


def _ask(node, which, method):
    """(answer, None) or (None, what is wrong)."""
    try:
        return node.rpc(which, method), None
    except control.ControlError as error:
        return None, f"the {which} of node {node.name} cannot answer {method}: {error}"
    except (OSError, ValueError):
        return None, f"the {which} of node {node.name} does not answer on {node.socket_path(which)}"


def seam_complaints(node):
    """What keeps the two processes from working together; empty when calls can flow."""
    wrong = []
    dataplane, silence = _ask(node, "dataplane", "status")
    if silence:
        wrong.append(silence)
    elif dataplane["control_plane"] != "attached":
        wrong.append(
            f"the dataplane of node {node.name} has no control plane in shared memory "
            f"({dataplane['control_plane']}): every new request gets 503"
        )
    controlplane, silence = _ask(node, "controlplane", "status")
    if silence:
        wrong.append(silence)
    elif controlplane["dataplane"] != "attached":
        wrong.append(
            f"the control plane of node {node.name} has no shared memory: "
            f"{controlplane['dataplane']}"
        )
    return wrong


def _dataplane_complaints(node):
    status, silence = _ask(node, "dataplane", "status")
    if silence:
        return []  # told by seam_complaints
    wrong = []
    if status["role"] != _ROLE:
        wrong.append(f"node {node.name} is {status['role']}, not {_ROLE}")
    for key, who in (("worker_heartbeat_ms", "worker"),
                     ("control_plane_heartbeat_ms", "control plane")):
        if (status[key] or 0) > HEARTBEAT_LATE_MS:
            wrong.append(
                f"the {who} of node {node.name} has not moved for {status[key]} ms: "
                f"stopped or starved"
            )
    ports, silence = _ask(node, "dataplane", "ports")
    for port in ports or ():
        if port["link"] != "up":
            wrong.append(f"port {port['name']} of node {node.name} has no link")
    return wrong + ([silence] if silence else [])


def _memory_complaints(node):
    memory, silence = _ask(node, "dataplane", "shm.show")
    if silence:
        return []
    wrong = []
    if memory["region"]["pages"] != "hugetlb":
        wrong.append(
            f"node {node.name} keeps its shared memory on plain pages: huge pages were short"
        )
    for pool in memory["pools"]:
        if pool["limit"] and pool["used"] >= pool["limit"]:
            wrong.append(f"pool {pool['pool']} of node {node.name} is full ({pool['limit']})")
    return wrong


def _journal_complaints(node):
    status, silence = _ask(node, "controlplane", "status")
    if silence or status["journal"].startswith("written to "):
        return []  # silence is told by seam_complaints
    return [f"the journal of bindings of node {node.name} is not written: {status['journal']}"]


def complaints(node):
    """Sentences, empty when the node is well."""
    return (seam_complaints(node) + _dataplane_complaints(node) + _memory_complaints(node)
            + _journal_complaints(node))
