# SPDX-License-Identifier: Apache-2.0
"""The phones of test_kills.py: one user agent behind all callers and one behind all callees. They
register, place calls at a steady rate and follow the plan of each (kill_call.py). What became of
the calls is kept by kill_judge.py, requests and answers go through kill_transactions.py."""

import contextlib
import random
import time
from collections import Counter

from dialog import Dialog
from kill_call import PLANS, Call, token_of
from kill_judge import Judge
from kill_transactions import TIMEOUT_S, Transactions
from lab import network
from message import unique
from ua import Ua

CALLERS, CALLEES = range(10400, 10420), range(10500, 10520)
PATIENCE_S = 6.0  # a caller that only hears ringing gives up, a callee nobody talks to hangs up
RECEIVE_BYTES = 8 << 20
EXPIRES_S = 3600


class Leg:
    """One end of a call."""

    def __init__(self, call, ua, invite):
        self.call, self.ua = call, ua
        self.invite = invite  # the first one, sent or received
        self.tag = unique("t")  # callee
        self.dialog = None  # caller: from the 2xx on; callee: from the first response on
        self.confirmed = False  # callee: an ACK of its 2xx came
        self.over = False

    @property
    def call_id(self):
        return self.invite.call_id


class Phones:
    """`with Phones(seats, rate, seed) as phones:` runs them. All public functions may be called
    from another thread."""

    def __init__(self, seats, rate, seed):
        self._random = random.Random(seed)
        self._interval_s = 1 / rate
        self._caller, self._callee = (
            Ua(number, seat, port=5060, receive_bytes=RECEIVE_BYTES)
            for number, seat in ((CALLERS[0], seats[0]), (CALLEES[0], seats[1])))
        self._transactions = Transactions(self._receive, self._ack_of)
        self._at = self._transactions.at
        self._legs = {}  # Call-ID → Leg of either side
        self._calling = False
        self._judge = Judge()
        self.counts = self._judge.counts
        self.outcomes = self._transactions.outcomes
        self._open = contextlib.ExitStack()

    def __enter__(self):
        uas = [self._open.enter_context(ua) for ua in (self._caller, self._callee)]
        self._transactions.start(uas)
        return self

    def __exit__(self, *_error):
        self._transactions.stop()
        self._open.close()

    # What the test asks for.

    def register(self):
        """Every number once, and never again."""
        with self._transactions.lock:
            for ua, numbers in ((self._caller, CALLERS), (self._callee, CALLEES)):
                for number in numbers:
                    contact = ua.contact.replace(ua.number, str(number))
                    request = ua.request(
                        "REGISTER", f"sip:{network.SIP_ADDRESS}", user=number,
                        to=f"sip:{number}@{network.SIP_ADDRESS}",
                        headers=[("Contact", contact), ("Expires", EXPIRES_S)])
                    self._transactions.begin(ua, request, lambda _response, _calm: None)

    def start_calls(self):
        with self._transactions.lock:
            self._calling = True
            self._call_at(time.monotonic())

    def stop_calls(self):
        with self._transactions.lock:
            self._calling = False

    def death(self, which):
        """A process is about to be killed; returns how many calls that no death has touched yet are
        in each state."""
        with self._transactions.lock:
            self._transactions.disturb()
            return self._judge.death(which)

    def served(self):
        """Both processes serve again."""
        with self._transactions.lock:
            self._transactions.settle()
            self._judge.served()

    def right_since_served(self):
        """How many of the calls begun since then are over and were right."""
        with self._transactions.lock:
            self._transactions.check()
            return self._judge.right_since_served

    def open(self):
        """(calls, requests) that are not over."""
        with self._transactions.lock:
            self._transactions.check()
            return len(self._judge.open), len(self._transactions.waiting)

    def what_is_open(self):
        """The same in words."""
        with self._transactions.lock:
            return "; ".join(
                f"{count} {what}" for what, count in Counter(
                    [f"{client.request.method} without final"
                     for client in self._transactions.waiting] +
                    [f"calls that {call.in_words()}" for call in self._judge.open]
                ).most_common(12))

    def judge(self):
        """Sentences about everything that was wrong."""
        with self._transactions.lock:
            self._transactions.check()
            self._judge.judge_all()
            return self._judge.wrong

    # Both ends.

    def _begin(self, leg, request, then):
        """then(status, calm): the final response of a request of a call, 0: none came."""
        leg.call.pending += 1
        return self._transactions.begin(leg.ua, request, self._final(leg.call, then))

    def _final(self, call, then):
        """What a transaction of the call does with its final response."""
        def final(response, calm):
            call.pending -= 1
            then(response.status if response else 0, calm)
            self._judge.judge_if_over(call)

        return final

    def _receive(self, ua, request):
        leg = self._legs.get(request.call_id)
        if leg is None and ua is self._callee and request.method == "INVITE" \
                and not request.tag("To"):
            self._ring(request)
        elif leg is None:
            self._transactions.reply(ua, request, 481, "Nobody")
        elif request.method == "CANCEL":
            self._transactions.reply(ua, request, 200, "OK")
            self._at(leg.call.plan.refuse_s, lambda: self._refuse(leg))
        elif request.method == "INVITE":
            self._receive_again(leg, request)
        else:
            self._transactions.reply(ua, request, 200, "OK")
            if request.method == "BYE" and not leg.over:
                self._over(leg)

    def _bye(self, leg):
        if leg.over:
            return
        leg.over = True

        def then(status, calm):
            self._judge.bye(leg.call, status, calm)
            self._over(leg)

        self._begin(leg, leg.dialog.request("BYE"), then)

    def _over(self, leg):
        leg.over = True
        if leg.ua is self._caller:
            leg.call.caller_over = True
        else:
            leg.call.callee_over = True
        self._judge.judge_if_over(leg.call)
        # A while later: repetitions are still to be answered.
        self._at(TIMEOUT_S, lambda: self._legs.pop(leg.call_id, None))

    # The caller.

    def _call_at(self, when):
        def call():
            if self._calling:
                self._call()
                self._call_at(when + self._interval_s)

        self._transactions.at_time(when, call)

    def _call(self):
        plan = self._random.choice(PLANS)
        user, callee = self._random.choice(CALLERS), self._random.choice(CALLEES)
        call = Call(unique("k"), plan, time.monotonic(), self._transactions.calm)
        self._judge.begin(call)
        ua = self._caller
        leg = Leg(call, ua, ua.request(
            "INVITE", f"sip:{callee}@{network.SIP_ADDRESS}", user=user,
            body=ua.sdp("sendrecv", call.attribute)))
        self._legs[leg.call_id] = leg

        def then(status, calm):
            call.final("INVITE", status, calm, 487 if plan.cancel_s else 200)
            if 200 <= status < 300:
                call.answered = True
                call.caller_confirmed = time.monotonic()
                self._follow_plan(leg)
            else:
                self._over(leg)

        invite = self._begin(leg, leg.invite, then)
        invite.on_proceeding = lambda: self._at(PATIENCE_S, lambda: self._cancel(leg, invite))
        if plan.cancel_s:
            self._at(plan.silent_s + plan.cancel_s, lambda: self._cancel(leg, invite))

    def _ack_of(self, ua, response):
        """Of a 2xx to an INVITE of a caller, also of one that has given up."""
        leg = self._legs.get(response.call_id)
        if leg is None or ua is not self._caller:
            return None
        if leg.dialog is None:
            leg.dialog = Dialog.of_caller(ua, leg.invite, response)
        return leg.dialog.request("ACK", cseq=response.cseq)

    def _follow_plan(self, leg):
        plan = leg.call.plan
        if plan.hold_s:
            self._at(plan.hold_s, lambda: self._hold(leg))
        else:
            wait = plan.talk_s + (PATIENCE_S if plan.callee_ends else 0)
            self._at(wait, lambda: self._bye(leg))

    def _cancel(self, leg, invite):
        call = leg.call
        then = self._final(call, lambda status, calm: call.final("CANCEL", status, calm, 200))
        if self._transactions.cancel(invite, then):
            call.cancelled = True
            call.pending += 1

    def _hold(self, leg):
        if leg.over:
            return

        def then(status, calm):
            self._judge.hold(leg.call, status, calm)
            self._at(leg.call.plan.talk_s, lambda: self._bye(leg))

        offer = leg.ua.sdp("sendonly", leg.call.attribute)
        self._begin(leg, leg.dialog.request("INVITE", body=offer), then)

    # The callee.

    def _ring(self, invite):
        ua = self._callee
        call = self._judge.find(token_of(invite.body))
        if call is None:
            self._transactions.reply(ua, invite, 480, "A Call Of Before")
            return
        leg = Leg(call, ua, invite)
        self._legs[leg.call_id] = leg
        if call.reached and call.sure:
            call.complain("the callee got a second INVITE")
        call.reached = True
        call.callee_over = False

        def ring():
            if leg.over or self._transactions.awaits_ack(leg.call_id):
                return
            call.rung = True
            self._reply(leg, invite, 180, "Ringing")
            if call.plan.cancel_s == 0:
                self._at(call.plan.ring_s, lambda: self._accept(leg, invite))
            else:
                self._at(PATIENCE_S, lambda: self._refuse(leg))

        if call.plan.silent_s:
            self._at(call.plan.silent_s, ring)
        else:
            ring()

    def _reply(self, leg, invite, status, reason, body=b""):
        response = self._transactions.reply(leg.ua, invite, status, reason, to_tag=leg.tag,
                                            body=body)
        if leg.dialog is None:
            leg.dialog = Dialog.of_callee(leg.ua, invite, response)
        return response

    def _receive_again(self, leg, invite):
        """An INVITE of a call that is there: the first one again, or one that holds."""
        if invite.branch == leg.invite.branch:
            return  # before we said a word
        if leg.call.sure and b"a=sendonly" not in invite.body:
            leg.call.complain("the re-INVITE does not hold")
        self._accept(leg, invite)

    def _accept(self, leg, invite):
        if leg.over or self._transactions.awaits_ack(leg.call_id):
            return
        direction = "recvonly" if b"a=sendonly" in invite.body else "sendrecv"
        response = self._reply(leg, invite, 200, "OK", leg.ua.sdp(direction, leg.call.attribute))
        self._transactions.repeat_until_acknowledged(
            leg.ua, response, lambda confirmed: self._accepted(leg, confirmed))

    def _accepted(self, leg, confirmed):
        if leg.over:
            return
        call = leg.call
        if not confirmed:
            self._bye(leg)
        elif not leg.confirmed:  # a restart may bring an INVITE anew: two legs of one call
            leg.confirmed = True
            call.callee_confirmed = call.callee_confirmed or time.monotonic()
            plan = call.plan
            wait = plan.talk_s if plan.callee_ends else plan.hold_s + plan.talk_s + PATIENCE_S
            self._at(wait, lambda: self._bye(leg))

    def _refuse(self, leg):
        if leg.over or self._transactions.awaits_ack(leg.call_id) or leg.confirmed:
            return
        leg.over = True
        response = self._reply(leg, leg.invite, 487, "Request Terminated")
        self._transactions.repeat_until_acknowledged(
            leg.ua, response, lambda _confirmed: self._over(leg))
