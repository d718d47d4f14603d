# SPDX-License-Identifier: Apache-2.0
"""All calls of test_kills.py together: which are open, what became of the others, and what was
wrong about them. Has no lock of its own: the phones call it under theirs."""

import time
from collections import Counter


class Judge:
    """Gets each call when it begins, and judges it as soon as nothing of it is open."""

    def __init__(self):
        self.counts = Counter()  # calls that began, and what became of them
        self.wrong = []  # sentences
        self.right_since_served = 0  # calls begun since then that are over and were right
        self._served_since = time.monotonic()
        self._calls = {}  # token → Call that is not judged yet

    def begin(self, call):
        self._calls[call.token] = call
        self.counts["begun"] += 1

    def find(self, token):
        """The call of that token; None when it is judged, or was never begun."""
        return self._calls.get(token)

    @property
    def open(self):
        """The calls that are not over."""
        return [call for call in self._calls.values() if not call.over]

    def death(self, which):
        """A process dies now; how many calls that no death has touched yet are in each state."""
        states = Counter(call.state() for call in self.open if call.sure)
        now = time.monotonic()
        for call in self._calls.values():
            call.death(which, now)
        return states

    def served(self):
        """Both processes serve again."""
        self._served_since = time.monotonic()
        self.right_since_served = 0

    def hold(self, call, status, calm):
        """The re-INVITE that holds has its final response."""
        call.final("re-INVITE", status, calm, 200)
        call.held = status == 200
        if status == 200 and call.survived:
            self.counts["held after a death of the dataplane"] += 1

    def bye(self, call, status, calm):
        """A BYE has its final response."""
        call.final("BYE", status, calm, 200)
        if status == 200 and call.survived:
            self.counts["ended after a death of the dataplane"] += 1
        if status == 481 and call.lost:
            self.counts["481 after a death of the control plane"] += 1

    def judge_if_over(self, call):
        if call.over and call.pending == 0 and call.token in self._calls:
            self._judge(call)

    def judge_all(self):
        """At the end: also what is not over."""
        for call in list(self._calls.values()):
            self._judge(call)

    def _judge(self, call):
        del self._calls[call.token]
        wrong = call.judge()
        self.wrong += wrong
        if wrong:
            self.counts["wrong"] += 1
        elif call.sure:
            self._count_right(call)
        else:
            self.counts["lost" if call.lost else "touched by a death"] += 1

    def _count_right(self, call):
        self.counts["right"] += 1
        self.right_since_served += call.begun >= self._served_since
        if call.survived:
            self.counts["right through a death of the dataplane"] += 1
