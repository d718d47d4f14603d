# SPDX-License-Identifier: Apache-2.0
"""One call of test_kills.py: what its two phones mean to do, what the deaths of processes may do to
it, and what was wrong about it.

A call is `sure` as long as the switch has no excuse: it began while both processes served, and no
death has touched it. All of it must then be right, to its end. A death of the control plane takes
the calls it had: they are `lost`, and their next request gets 481. A death of the dataplane takes
what was under way: a call that stood still, established, stays sure.
"""

import re
from dataclasses import dataclass

CONTROLPLANE, DATAPLANE = "controlplane", "dataplane"
# From the last ACK on a call needs this long until both processes know all of it.
SETTLED_S = 0.5

STATES = ("trying", "ringing", "established", "held", "cancelling")


@dataclass(frozen=True)
class Plan:
    """Times in seconds: what the callee does after the INVITE, then what the caller does."""

    name: str
    silent_s: float = 0.0  # no response at all
    ring_s: float = 0.05  # from 180 to 200
    cancel_s: float = 0.0  # from 180 to the CANCEL; 0: none
    refuse_s: float = 0.0  # from the CANCEL to the 487
    hold_s: float = 0.0  # from the ACK to the re-INVITE that holds; 0: none
    talk_s: float = 0.3  # from there to the BYE
    callee_ends: bool = False


PLANS = (
    Plan("silent", silent_s=1.0),
    Plan("rings", ring_s=1.2),
    Plan("talks", talk_s=1.4),
    Plan("talks, callee ends", talk_s=1.4, callee_ends=True),
    Plan("holds", hold_s=0.8, talk_s=0.8),
    Plan("is cancelled", cancel_s=0.3, refuse_s=0.7),
    Plan("short"),
)


def token_of(body):
    """The token of the call that a session description belongs to; "" without one."""
    found = re.search(rb"a=token:(\S+)", body)
    return found.group(1).decode() if found else ""


class Call:
    """State of a call as both phones see it together."""

    def __init__(self, token, plan, now, sure):
        self.token = token
        self.plan = plan
        self.begun = now
        self.sure = sure
        self.lost = False  # its control plane died when it stood; requests get 481
        self.survived = 0  # deaths of the dataplane it stood through
        self.pending = 0  # requests of the phones without a final response
        self.reached = self.rung = self.answered = self.cancelled = self.held = False
        self.caller_confirmed = self.callee_confirmed = 0.0  # when; 0: not
        self.caller_over = False
        self.callee_over = True  # until the INVITE comes there
        self.wrong = []

    @property
    def attribute(self):
        """What the session descriptions of both phones say, for token_of()."""
        return f"token:{self.token}"

    @property
    def over(self):
        return self.caller_over and self.callee_over

    @property
    def stands(self):
        """Both ends have their ACK, nobody has said goodbye."""
        return bool(self.caller_confirmed and self.callee_confirmed
                    and not self.caller_over and not self.callee_over)

    def state(self):
        """One of STATES of a call that is not over, or "" when it is none of them."""
        if self.stands:
            return "held" if self.held else "established"
        if self.cancelled:  # the caller has its 487 at once, the callee is still being told
            return "cancelling"
        if self.caller_confirmed or self.caller_over:
            return ""
        return "ringing" if self.rung else "trying"

    def in_words(self):
        """Plan and state, the same for all calls that are alike."""
        return (f"{self.plan.name}, state {self.state() or 'none'}, "
                f"caller {'over' if self.caller_over else 'not over'}, "
                f"callee {'over' if self.callee_over else 'not over'}")

    def death(self, which, now):
        """A process dies now."""
        if self.over:
            return
        settled = (self.stands and self.pending == 0
                   and now - max(self.caller_confirmed, self.callee_confirmed) > SETTLED_S)
        if which == CONTROLPLANE:
            self.lost = self.lost or (self.sure and settled)
            self.sure = False
        elif settled:
            self.survived += 1
        else:
            self.sure = False
            self.lost = False

    def final(self, method, status, calm, wanted):
        """A request of a phone got its final response, or 0: none came. `calm`: both processes
        served from its sending to its answer."""
        if self.sure and calm and status != wanted:
            self.complain(f"{method} got {status}, not {wanted}")
        elif self.lost and calm and status != 481:
            self.complain(f"{method} of a lost call got {status}, not 481")
        if self.sure and not calm:
            self.sure = status == wanted

    def complain(self, sentence):
        self.wrong.append(f"{self.token} ({self.plan.name}): {sentence}")

    def judge(self):
        """At the end: sentences about what was wrong."""
        if self.sure and not self.over:
            who = "caller" if not self.caller_over else "callee"
            self.complain(f"never ended at the {who}, state {self.state() or 'over'}")
        if self.sure and self.plan.cancel_s == 0 and not self.answered:
            self.complain("was never answered")
        return self.wrong
