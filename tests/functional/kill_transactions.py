# SPDX-License-Identifier: Apache-2.0
"""The transactions of RFC 3261 17 for the phones of test_kills.py: user agents whose requests are
repeated until they have a final response, and whose answers are repeated when they are asked for.
A thread of its own receives and keeps the timers; everything it calls runs there, under `lock`."""

import contextlib
import heapq
import itertools
import selectors
import threading
import time
from collections import Counter, deque

from dialog import ack_of_refusal, cancel_of
from message import Message

T1_S, T2_S = 0.5, 4.0
TIMEOUT_S = 64 * T1_S  # timers B, F, H
_DATAGRAMS_AT_ONCE = 64


class ClientTransaction:
    def __init__(self, ua, request, then, calm):
        self.ua, self.request, self.then = ua, request, then
        self.data = request.to_bytes()
        self.calm = calm  # both processes served since it began
        self.ends = time.monotonic() + TIMEOUT_S
        self.interval = T1_S
        self.proceeding = False  # a provisional response came
        self.on_proceeding = None
        self.is_cancelled = False

    @property
    def key(self):
        return self.request.branch + self.request.method


class Transactions:
    """`take` is called with (ua, request) for each new request but ACK. `ack_of` makes the ACK for
    a 2xx, from (ua, response); None: there is none."""

    def __init__(self, take, ack_of):
        self._take, self._ack_of = take, ack_of
        self.lock = threading.RLock()
        self.outcomes = Counter()  # (method, status or 0 for a timeout)
        self._calm = True
        self._timers = []
        self._order = itertools.count()
        self._clients = {}  # branch and method → ClientTransaction
        self._acks = {}  # (Call-ID, CSeq, whether a 2xx) of a final response → its ACK
        self._answers = {}  # branch and method of a request → the response to repeat
        self._recent = deque()  # the same, oldest first, with the time they may be forgotten
        self._unacknowledged = {}  # Call-ID → (final response to an INVITE, what to do then)
        self._selector = selectors.DefaultSelector()
        self._running = True
        self._error = None
        self._thread = threading.Thread(target=self._run, name="phones", daemon=True)

    def start(self, uas):
        for ua in uas:
            self._selector.register(ua, selectors.EVENT_READ, ua)
        self._thread.start()

    def stop(self):
        self._running = False
        self._thread.join()

    def check(self):
        """Raises what ended the thread."""
        if self._error is not None:
            raise RuntimeError("the phones failed") from self._error

    def disturb(self):
        """A process is about to die."""
        self._calm = False
        for transaction in self._clients.values():
            transaction.calm = False

    def settle(self):
        """Both processes serve again."""
        self._calm = True

    @property
    def calm(self):
        return self._calm

    @property
    def waiting(self):
        """The client transactions without a final response."""
        return list(self._clients.values())

    def at(self, seconds, action):
        self.at_time(time.monotonic() + seconds, action)

    def at_time(self, when, action):
        heapq.heappush(self._timers, (when, next(self._order), action))

    # Requests of the phones.

    def begin(self, ua, request, then):
        """Sends a request; then(response, calm) gets its final response, or None for a timeout."""
        transaction = ClientTransaction(ua, request, then, self._calm)
        self._clients[transaction.key] = transaction
        self._send(ua, transaction.data)
        self.at(T1_S, lambda: self._repeat(transaction))
        return transaction

    def cancel(self, invite, then):
        """Cancels an INVITE that waits for its final response; False: it does not, or was
        cancelled before."""
        if self._clients.get(invite.key) is not invite or invite.is_cancelled:
            return False
        invite.is_cancelled = True
        invite.ends = time.monotonic() + TIMEOUT_S  # 9.1: then it is over without a response
        self.begin(invite.ua, cancel_of(invite.request), then)
        return True

    def _repeat(self, transaction):
        if self._clients.get(transaction.key) is not transaction:
            return
        now = time.monotonic()
        if now >= transaction.ends:
            self._final(transaction, None)
            return
        is_invite = transaction.request.method == "INVITE"
        if not (is_invite and transaction.proceeding):
            self._send(transaction.ua, transaction.data)
        transaction.interval = min(2 * transaction.interval, TIMEOUT_S if is_invite else T2_S)
        wait = min(transaction.interval, max(0.01, transaction.ends - now))
        self.at(wait, lambda: self._repeat(transaction))

    def _final(self, transaction, response):
        del self._clients[transaction.key]
        self.outcomes[transaction.request.method, response.status if response else 0] += 1
        transaction.then(response, transaction.calm)

    def _receive_response(self, ua, response):
        transaction = self._clients.get(response.branch + response.method)
        if response.method == "INVITE" and response.status >= 200:
            self._acknowledge(ua, transaction, response)
        if transaction is None:
            return
        if response.status >= 200:
            self._final(transaction, response)
        elif not transaction.proceeding:
            transaction.proceeding = True
            if transaction.on_proceeding is not None:
                transaction.on_proceeding()

    def _acknowledge(self, ua, transaction, response):
        """Each final response to an INVITE gets its ACK, also a repeated one."""
        key = response.call_id, response.cseq, response.status < 300
        if key not in self._acks:
            ack = self._first_ack(ua, transaction, response)
            if ack is None:
                return
            self._acks[key] = ack.to_bytes()
            self.at(2 * TIMEOUT_S, lambda: self._acks.pop(key, None))
        self._send(ua, self._acks[key])

    def _first_ack(self, ua, transaction, response):
        if response.status < 300:
            return self._ack_of(ua, response)
        return ack_of_refusal(transaction.request, response) if transaction else None

    # Requests to the phones.

    def reply(self, ua, request, status, reason, **more):
        """Answers a request, and its repetitions, until another answer is given."""
        response = ua.reply(request, status, reason, **more)
        key = request.branch + request.method
        if key not in self._answers:
            self._recent.append((time.monotonic() + TIMEOUT_S, key))
        self._answers[key] = response.to_bytes()
        self._send(ua, self._answers[key])
        return response

    def repeat_until_acknowledged(self, ua, response, then):
        """Repeats a final response to an INVITE (13.3.1.4, 17.2.1); then(True) when its ACK comes,
        then(False) when none does."""
        entry = (response.to_bytes(), then)
        self._unacknowledged[response.call_id] = entry
        ends = time.monotonic() + TIMEOUT_S

        def repeat(interval):
            if self._unacknowledged.get(response.call_id) is not entry:
                return
            if time.monotonic() >= ends:
                self.outcomes["ACK", 0] += 1
                del self._unacknowledged[response.call_id]
                then(False)
                return
            self._send(ua, entry[0])
            self.at(min(2 * interval, T2_S), lambda: repeat(min(2 * interval, T2_S)))

        self.at(T1_S, lambda: repeat(T1_S))

    def awaits_ack(self, call_id):
        return call_id in self._unacknowledged

    def _receive_request(self, ua, request):
        if request.method == "ACK":
            entry = self._unacknowledged.pop(request.call_id, None)
            if entry is not None:
                entry[1](True)
            return
        repeated = self._answers.get(request.branch + request.method)
        if repeated is not None:
            self._send(ua, repeated)
        else:
            self._take(ua, request)

    # The thread.

    @staticmethod
    def _send(ua, data):
        # The namespace has nobody to ask for while a dataplane is dead and ARP has run out.
        with contextlib.suppress(OSError):
            ua.send(data)

    def _run(self):
        try:
            while self._running:
                self._turn()
        except Exception as error:
            self._error = error

    def _turn(self):
        now = time.monotonic()
        due = self._timers[0][0] if self._timers else now + 0.1
        ready = self._selector.select(max(0.0, min(due - now, 0.1)))
        with self.lock:
            for key, _events in ready:
                for data in key.data.waiting_datagrams(_DATAGRAMS_AT_ONCE):
                    message = Message.parse(data)
                    if message.is_response:
                        self._receive_response(key.data, message)
                    else:
                        self._receive_request(key.data, message)
            now = time.monotonic()
            while self._timers and self._timers[0][0] <= now:
                heapq.heappop(self._timers)[2]()
            while self._recent and self._recent[0][0] < now:
                self._answers.pop(self._recent.popleft()[1], None)
