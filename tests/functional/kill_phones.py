# SPDX-License-Identifier: Apache-2.0
"""The phones of test_kills.py: two sockets, one behind all callers and one behind all callees, with
the transactions and timers of RFC 3261 17 that a phone has, in a thread of their own. They place
calls at a steady rate and know at any time what each of them must still get."""

import contextlib
import heapq
import itertools
import random
import selectors
import socket
import threading
import time
from collections import Counter, deque

from kill_call import PLANS, Call
from kill_message import Received, request, response, sdp, tag_of, token_of, unique
from lab import network

SWITCH = (network.SIP_ADDRESS, 5060)
CALLERS, CALLEES = range(10400, 10420), range(10500, 10520)
T1_S, T2_S = 0.5, 4.0
TIMEOUT_S = 64 * T1_S  # timers B, F, H
PATIENCE_S = 6.0  # a caller that only hears ringing gives up, a callee nobody talks to hangs up
RECEIVE_BYTES = 8 << 20
_SO_RCVBUFFORCE = 33


class Pending:
    """A client transaction: a request that is repeated until its final response."""

    def __init__(self, data, branch, method, call, then, calm):
        self.data, self.branch, self.method = data, branch, method
        self.call, self.then, self.calm = call, then, calm
        self.ends = time.monotonic() + TIMEOUT_S
        self.interval = T1_S
        self.proceeding = False  # a provisional response came


class Leg:
    """One end of a call: what its requests are made of."""

    def __init__(self, call, user, call_id, local, remote, target, cseq):
        self.call, self.user, self.call_id = call, user, call_id
        self.local, self.remote, self.target, self.cseq = local, remote, target, cseq
        self.acks = {}  # CSeq of an INVITE → its ACK, for repeated 2xx
        self.invite = None  # callee: the INVITE; caller: its bytes
        self.branch = ""
        self.repeating = None  # a final response that waits for its ACK
        self.over = False


class Phones:
    """`with Phones(seats, rate, seed) as phones:` runs the thread. All public functions may be
    called from another one."""

    def __init__(self, seats, rate, seed):
        self._random = random.Random(seed)
        self._interval_s = 1 / rate
        self._seats = seats
        self._lock = threading.RLock()
        self._timers = []
        self._order = itertools.count()
        self._ends = {}  # socket → what takes its messages
        self._pending = {}  # branch → Pending
        self._legs = {}  # Call-ID → Leg of either side
        self._answers = {}  # branch and method of a request → the response to repeat
        self._recent = deque()  # the same, oldest first, with the time they may be forgotten
        self._calling = False
        self._calm = True
        self._served_since = time.monotonic()
        self._right_since = 0
        self._running = True
        self._error = None
        self._next_call = 0.0
        self.calls = {}  # token → Call that is not judged yet
        self.counts = Counter()
        self.outcomes = Counter()  # (method, status or 0 for a timeout)
        self.wrong = []
        self._thread = threading.Thread(target=self._run, name="phones", daemon=True)

    def __enter__(self):
        self._caller = self._open(self._seats[0], self._to_caller)
        self._callee = self._open(self._seats[1], self._to_callee)
        self._selector = selectors.DefaultSelector()
        for end in self._ends:
            self._selector.register(end, selectors.EVENT_READ)
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._running = False
        self._thread.join()
        for end in self._ends:
            end.close()

    def _open(self, seat, take):
        with network.inside(network.PHONES):
            end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        end.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, RECEIVE_BYTES)
        end.bind((network.phone_address(seat), 5060))
        end.setblocking(False)
        self._ends[end] = take
        return end

    # What the test asks for.

    def register(self):
        """Every number once, and never again; returns how many were accepted."""
        with self._lock:
            for end, numbers in ((self._caller, CALLERS), (self._callee, CALLEES)):
                for number in numbers:
                    branch, uri = unique("z9hG4bKr"), f"sip:{number}@{SWITCH[0]}"
                    data = request("REGISTER", f"sip:{SWITCH[0]}", end.getsockname(), branch,
                                   f"<{uri}>;tag={unique('r')}", f"<{uri}>", unique("reg"), 1,
                                   user=number, extra=("Expires: 3600",))
                    self._begin(end, data, branch, "REGISTER", None, lambda _response: None)

    def start_calls(self):
        with self._lock:
            self._next_call = time.monotonic()
            self._calling = True

    def stop_calls(self):
        with self._lock:
            self._calling = False

    def death(self, which):
        """A process is about to be killed; returns how many calls that no death has touched yet are
        in each state, and how many of those begun since the last one are over and right."""
        with self._lock:
            self._calm = False
            for pending in self._pending.values():
                pending.calm = False
            now = time.monotonic()
            states = Counter(call.state() for call in self.calls.values()
                             if call.sure and not call.over)
            for call in self.calls.values():
                call.death(which, now)
            return states, self._right_since

    def served(self):
        """Both processes serve again."""
        with self._lock:
            self._calm = True
            self._served_since = time.monotonic()
            self._right_since = 0

    def open(self):
        """(calls, requests) that are not over."""
        with self._lock:
            self._raise()
            return sum(not call.over for call in self.calls.values()), len(self._pending)

    def what_is_open(self):
        """The same in words."""
        with self._lock:
            return "; ".join(
                f"{count} {what}" for what, count in Counter(
                    [f"{pending.method} without final" for pending in self._pending.values()] +
                    [f"calls that {call.plan.name}, state {call.state() or 'none'}, "
                     f"caller {'over' if call.caller_over else 'not over'}, "
                     f"callee {'over' if call.callee_over else 'not over'}"
                     for call in self.calls.values() if not call.over]).most_common(12))

    def judge(self):
        """Sentences about everything that was wrong."""
        with self._lock:
            self._raise()
            for call in list(self.calls.values()):
                self._judge(call)
            return self.wrong

    def _raise(self):
        if self._error is not None:
            raise RuntimeError("the phones failed") from self._error

    # The loop.

    def _run(self):
        try:
            while self._running:
                self._turn()
        except Exception as error:
            self._error = error

    def _turn(self):
        now = time.monotonic()
        due = min(self._timers[0][0] if self._timers else now + 0.1,
                  self._next_call if self._calling else now + 0.1)
        ready = self._selector.select(max(0.0, min(due - now, 0.1)))
        with self._lock:
            for key, _events in ready:
                self._drain(key.fileobj)
            now = time.monotonic()
            while self._timers and self._timers[0][0] <= now:
                heapq.heappop(self._timers)[2]()
            while self._calling and self._next_call <= now:
                self._call()
                self._next_call += self._interval_s
            while self._recent and self._recent[0][0] < now:
                self._answers.pop(self._recent.popleft()[1], None)

    def _drain(self, end):
        for _ in range(64):
            try:
                data = end.recv(65536)
            except BlockingIOError:
                return
            message = Received(data)
            if message.status:
                self._response(end, message)
            else:
                self._request(end, message)

    def _at(self, seconds, action):
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), action))

    @staticmethod
    def _send(end, data):
        # The namespace has nobody to ask for while a dataplane is dead and ARP has run out.
        with contextlib.suppress(OSError):
            end.sendto(data, SWITCH)

    # Client transactions.

    def _begin(self, end, data, branch, method, call, then):
        pending = Pending(data, branch, method, call, then, self._calm)
        self._pending[branch + method] = pending
        if call is not None:
            call.pending += 1
        self._send(end, data)
        self._at(T1_S, lambda: self._repeat(end, pending))
        return pending

    def _repeat(self, end, pending):
        if self._pending.get(pending.branch + pending.method) is not pending:
            return
        if time.monotonic() >= pending.ends:
            self._final(pending, None)
            return
        is_invite = pending.method == "INVITE"
        if not (is_invite and pending.proceeding):
            self._send(end, pending.data)
        pending.interval = min(2 * pending.interval, TIMEOUT_S if is_invite else T2_S)
        wait = min(pending.interval, max(0.01, pending.ends - time.monotonic()))
        self._at(wait, lambda: self._repeat(end, pending))

    def _final(self, pending, message):
        del self._pending[pending.branch + pending.method]
        status = message.status if message else 0
        self.outcomes[pending.method, status] += 1
        if pending.call is not None:
            pending.call.pending -= 1
        pending.then(message)
        if pending.call is not None:
            self._judge_if_over(pending.call)

    def _response(self, end, message):
        pending = self._pending.get(message.branch + message.method)
        leg = self._legs.get(message.call_id)
        if message.method == "INVITE" and message.status >= 200 and leg is not None:
            self._acknowledge(end, leg, message)
        if pending is None:
            return
        if message.status >= 200:
            self._final(pending, message)
        elif pending.method == "INVITE" and not pending.proceeding:
            pending.proceeding = True
            self._at(PATIENCE_S, lambda: self._give_up(end, pending))

    def _acknowledge(self, end, leg, message):
        """Each final response to an INVITE of ours, also a repeated one, gets its ACK."""
        if message.status >= 300:
            pending = self._pending.get(message.branch + "INVITE")
            start = leg.invite if leg.invite and message.cseq == 1 else None
            target = start or (pending and pending.data.split(b" ")[1].decode()) or leg.target
            self._send(end, request("ACK", target, end.getsockname(), message.branch, leg.local,
                                    message.headers["to"], leg.call_id, message.cseq))
            return
        if message.cseq not in leg.acks:
            leg.remote, leg.target = message.headers["to"], message.contact
            leg.acks[message.cseq] = request(
                "ACK", leg.target, end.getsockname(), unique("z9hG4bKa"), leg.local, leg.remote,
                leg.call_id, message.cseq)
        self._send(end, leg.acks[message.cseq])

    def _give_up(self, end, pending):
        if self._pending.get(pending.branch + "INVITE") is pending and not pending.call.cancelled:
            self._cancel(end, pending)

    def _cancel(self, end, pending):
        call = pending.call
        if self._pending.get(pending.branch + "INVITE") is not pending or call.cancelled:
            return
        call.cancelled = True
        pending.ends = time.monotonic() + TIMEOUT_S  # 9.1: then it is over without a response
        head = pending.data.partition(b"\r\nContact:")[0].decode()
        head = head.replace("INVITE sip", "CANCEL sip", 1).replace("1 INVITE", "1 CANCEL")
        data = f"{head}\r\nContent-Length: 0\r\n\r\n".encode()

        def then(message):
            call.final("CANCEL", message.status if message else 0, cancel.calm, 200)

        cancel = self._begin(end, data, pending.branch, "CANCEL", call, then)

    # The caller.

    def _call(self):
        plan = self._random.choice(PLANS)
        token = unique("k")
        call = Call(token, plan, time.monotonic(), self._calm)
        self.calls[token] = call
        self.counts["begun"] += 1
        user, callee = self._random.choice(CALLERS), self._random.choice(CALLEES)
        end, local = self._caller, self._caller.getsockname()
        target = f"sip:{callee}@{SWITCH[0]}"
        leg = Leg(call, user, unique("kc"), f"<sip:{user}@{SWITCH[0]}>;tag={unique('f')}",
                  f"<{target}>", target, 1)
        leg.invite, leg.branch = target, unique("z9hG4bKi")
        self._legs[leg.call_id] = leg
        data = request("INVITE", target, local, leg.branch, leg.local, leg.remote, leg.call_id, 1,
                       user=user, body=sdp(local, token, "sendrecv"))

        def then(message):
            status = message.status if message else 0
            call.final("INVITE", status, pending.calm, 487 if call.plan.cancel_s else 200)
            if 200 <= status < 300:
                call.answered = True
                call.caller_confirmed = time.monotonic()
                self._plan_of_caller(leg)
            else:
                self._caller_over(leg)

        pending = self._begin(end, data, leg.branch, "INVITE", call, then)
        if plan.cancel_s:
            self._at(plan.silent_s + plan.cancel_s, lambda: self._cancel(end, pending))

    def _plan_of_caller(self, leg):
        plan = leg.call.plan
        if plan.hold_s:
            self._at(plan.hold_s, lambda: self._hold(leg))
        elif not plan.callee_ends:
            self._at(plan.talk_s, lambda: self._bye(self._caller, leg))
        else:
            self._at(plan.talk_s + PATIENCE_S, lambda: self._bye(self._caller, leg))

    def _hold(self, leg):
        if leg.over:
            return
        leg.cseq += 1
        local = self._caller.getsockname()
        branch = unique("z9hG4bKh")
        data = request("INVITE", leg.target, local, branch, leg.local, leg.remote, leg.call_id,
                       leg.cseq, user=leg.user, body=sdp(local, leg.call.token, "sendonly"))

        def then(message):
            status = message.status if message else 0
            leg.call.final("re-INVITE", status, pending.calm, 200)
            leg.call.held = status == 200
            if status == 200 and leg.call.survived:
                self.counts["held after a death of the dataplane"] += 1
            self._at(leg.call.plan.talk_s, lambda: self._bye(self._caller, leg))

        pending = self._begin(self._caller, data, branch, "INVITE", leg.call, then)

    def _caller_over(self, leg):
        leg.over = leg.call.caller_over = True
        self._forget(leg)

    def _bye(self, end, leg):
        if leg.over:
            return
        leg.cseq += 1
        leg.over = True
        branch = unique("z9hG4bKb")
        data = request("BYE", leg.target, end.getsockname(), branch, leg.local, leg.remote,
                       leg.call_id, leg.cseq)

        def then(message):
            status = message.status if message else 0
            leg.call.final("BYE", status, pending.calm, 200)
            if status == 200 and leg.call.survived:
                self.counts["ended after a death of the dataplane"] += 1
            if status == 481 and leg.call.lost:
                self.counts["481 after a death of the control plane"] += 1
            if end is self._caller:
                self._caller_over(leg)
            else:
                self._callee_over(leg)

        pending = self._begin(end, data, branch, "BYE", leg.call, then)

    # Server transactions of both.

    def _reply(self, end, message, status, reason, **more):
        data = response(message, status, reason, **more)
        key = message.branch + message.method
        if key not in self._answers:
            self._recent.append((time.monotonic() + TIMEOUT_S, key))
        self._answers[key] = data
        self._send(end, data)
        return data

    def _request(self, end, message):
        leg = self._legs.get(message.call_id)
        if message.method == "ACK":
            if leg is not None:
                self._acknowledged(leg)
            return
        repeated = self._answers.get(message.branch + message.method)
        if repeated is not None:
            self._send(end, repeated)
        else:
            self._ends[end](leg, message)

    def _to_caller(self, leg, message):
        if leg is None:
            self._reply(self._caller, message, 481, "Nobody")
            return
        self._reply(self._caller, message, 200, "OK")
        if message.method == "BYE" and not leg.over:
            self._caller_over(leg)
            self._judge_if_over(leg.call)

    # The callee.

    def _to_callee(self, leg, message):
        method = message.method
        if method == "INVITE" and leg is None and ";tag=" not in message.headers["to"]:
            self._ring(message)
        elif leg is None:
            self._reply(self._callee, message, 481, "Nobody")
        elif method == "CANCEL":
            self._reply(self._callee, message, 200, "OK")
            self._at(leg.call.plan.refuse_s, lambda: self._refuse(leg))
        elif method == "INVITE" and message.branch == leg.invite.branch:
            return  # repeated before we said a word
        elif method == "INVITE":
            if leg.call.sure and "a=sendonly" not in message.body:
                leg.call.complain("the re-INVITE does not hold")
            self._accept(leg, message)
        else:
            self._reply(self._callee, message, 200, "OK")
            if method == "BYE" and not leg.over:
                self._callee_over(leg)
                self._judge_if_over(leg.call)

    def _ring(self, message):
        call = self.calls.get(token_of(message.body))
        if call is None:
            self._reply(self._callee, message, 480, "A Call Of Before")
            return
        tag = unique("t")
        user = message.start.partition("sip:")[2].partition("@")[0]
        leg = Leg(call, user, message.call_id, f"{message.headers['to']};tag={tag}",
                  message.headers["from"], message.contact, 100)
        leg.invite = message
        self._legs[message.call_id] = leg
        if call.reached and call.sure:
            call.complain("the callee got a second INVITE")
        call.reached = True
        call.callee_over = False

        def ring():
            if leg.repeating is None and not leg.over:
                call.rung = True
                self._reply(self._callee, message, 180, "Ringing", tag=tag,
                            contact=self._at_callee(user))
                if call.plan.cancel_s == 0:
                    self._at(call.plan.ring_s, lambda: self._accept(leg, message))
                else:
                    self._at(PATIENCE_S, lambda: self._refuse(leg))

        if call.plan.silent_s:
            self._at(call.plan.silent_s, ring)
        else:
            ring()

    def _at_callee(self, user):
        local = self._callee.getsockname()
        return f"sip:{user}@{local[0]}:{local[1]}"

    def _accept(self, leg, message):
        if leg.over or leg.repeating is not None:
            return
        direction = "recvonly" if "a=sendonly" in message.body else "sendrecv"
        data = self._reply(
            self._callee, message, 200, "OK", tag=tag_of(leg.local),
            contact=self._at_callee(leg.user),
            body=sdp(self._callee.getsockname(), leg.call.token, direction))
        self._until_acknowledged(leg, data)

    def _refuse(self, leg):
        if leg.over or leg.repeating is not None or leg.call.callee_confirmed:
            return
        data = self._reply(self._callee, leg.invite, 487, "Request Terminated",
                           tag=tag_of(leg.local))
        leg.over = True
        self._until_acknowledged(leg, data)

    def _until_acknowledged(self, leg, data):
        """Repeats a final response to an INVITE (13.3.1.4, 17.2.1)."""
        leg.repeating = data
        ends = time.monotonic() + TIMEOUT_S

        def repeat(interval):
            if leg.repeating is not data:
                return
            if time.monotonic() >= ends:
                self.outcomes["ACK", 0] += 1
                self._acknowledged(leg, confirmed=False)
                return
            self._send(self._callee, data)
            self._at(min(2 * interval, T2_S), lambda: repeat(min(2 * interval, T2_S)))

        self._at(T1_S, lambda: repeat(T1_S))

    def _acknowledged(self, leg, confirmed=True):
        if leg.repeating is None:
            return
        leg.repeating = None
        if leg.over:  # of the refusal
            self._callee_over(leg)
        elif not confirmed:
            self._bye(self._callee, leg)
        elif not leg.call.callee_confirmed:
            leg.call.callee_confirmed = time.monotonic()
            plan = leg.call.plan
            wait = plan.talk_s if plan.callee_ends else plan.hold_s + plan.talk_s + PATIENCE_S
            self._at(wait, lambda: self._bye(self._callee, leg))
        self._judge_if_over(leg.call)

    def _callee_over(self, leg):
        leg.over = leg.call.callee_over = True
        self._forget(leg)

    # The end of a call.

    def _forget(self, leg):
        """A while later: repetitions are still to be answered."""
        self._at(TIMEOUT_S, lambda: self._legs.pop(leg.call_id, None))

    def _judge_if_over(self, call):
        if call.over and call.pending == 0 and call.token in self.calls:
            self._judge(call)

    def _judge(self, call):
        self.wrong += call.judge()
        self.counts["right" if call.sure else "lost" if call.lost else "touched by a death"] += 1
        self._right_since += call.sure and call.begun >= self._served_since
        if call.sure and call.survived:
            self.counts["right through a death of the dataplane"] += 1
        del self.calls[call.token]
