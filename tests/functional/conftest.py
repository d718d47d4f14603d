# SPDX-License-Identifier: Apache-2.0
"""One network and one capture for the whole session, one node at a time; what every test may use.

The node is started again only when a test wants another configuration, or after a failed test. At
the end of each test the node must have no call left.
"""

import contextlib
import os

import pytest

import behaviours
import node_configuration
import sipp_scenario
from lab import network, process, state
from lab.capture import Capture
from lab.network import Network
from lab.node import Node
from lab.recordings import Recordings
from ua import Ua

# What must be last in this order: it judges what the others did.
LAST = ["test_load", "test_idle", "test_start", "test_dissector", "test_recordings",
        "test_behaviours_page"]


CAPTURED = " and ".join(f"not host {network.phone_address(seat)}"
                         for seat in node_configuration.KILL_SEATS)


def pytest_collection_modifyitems(items):
    def place(item):
        name = item.path.stem
        return LAST.index(name) + 1 if name in LAST else 0

    items.sort(key=place)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        item.has_failed = True
    behaviours.note(item.nodeid, call.when, report.outcome)


@pytest.fixture(scope="session")
def lab():
    """The network of the laboratory, and a capture of what passes the SIP bridge."""
    with state.session("functional tests"), Network() as net:
        with Capture("functional", filter_text=CAPTURED) as capture:
            net.capture = capture
            yield net


class Keeper:
    """The one node of the session. Every core it has is recorded, for test_recordings.py."""

    def __init__(self):
        self.recordings = Recordings()
        self._node = None
        self._options = None

    def get(self, **options):
        """A serving node with these options (of lab.node.Node)."""
        if self._node is not None and self._options != options:
            self.stop()
        if self._node is None:
            node = Node("a", recordings=self.recordings, **options)
            try:
                node.start()
            except BaseException:
                with contextlib.suppress(Exception):
                    node.stop()
                raise
            self._node, self._options = node, options
        return self._node

    def stop(self):
        node, self._node = self._node, None
        if node is not None:
            node.stop()


@pytest.fixture(scope="session")
def keeper(lab):
    one = Keeper()
    yield one
    one.stop()


@pytest.fixture
def started_node(keeper, request):
    """A function that gives a serving node of the wanted configuration. After the test no call
    may be left; after a failed test the node is not used again."""
    used = []

    def start(**options):
        used.append(keeper.get(**options))
        return used[-1]

    yield start
    if getattr(request.node, "has_failed", False):
        with contextlib.suppress(Exception):
            keeper.stop()
    elif used and used[-1].alive("controlplane"):
        process.wait_until(lambda: used[-1].calls_count() == 0, 10.0, "the node is empty again")


@pytest.fixture
def node(started_node):
    """A node with the configuration of most tests (node_configuration.py)."""
    return started_node(**node_configuration.STANDARD)


@pytest.fixture
def damaged(started_node, keeper):
    """A node for tests that kill a process of it, without the bindings of earlier tests."""
    keeper.stop()
    yield started_node(**node_configuration.STANDARD)
    keeper.stop()


@pytest.fixture
def phone():
    """Makes user agents at phone seats: phone("1001") is registered, with register=False not. The
    seat follows from the number unless it is given."""
    with contextlib.ExitStack() as stack:
        def make(number, seat=None, register=True, **options):
            ua = stack.enter_context(
                Ua(number, int(number) % 10 if seat is None else seat, **options))
            return ua.registered() if register else ua

        yield make


@pytest.fixture
def trunk():
    """Makes user agents at the trunk's address: trunk() is "gw", another port another trunk."""
    with contextlib.ExitStack() as stack:
        yield lambda number="5550100", port=5060: stack.enter_context(
            Ua(number, address=network.TRUNK_ADDRESS, port=port, namespace=network.TRUNK))


@pytest.fixture
def sipp():
    """Runs scenarios of scenarios/: see sipp_scenario.Runner. All that is started ends here."""
    with contextlib.ExitStack() as stack:
        yield sipp_scenario.Runner(stack, os.environ["PYTEST_CURRENT_TEST"].split(" ")[0])
