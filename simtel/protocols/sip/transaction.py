"""The four transaction machines of SIP (RFC 3261 17, with the Accepted states of RFC 6026), as tables.

A transaction gets messages, the word of its user, timers that are due and failures of the transport, each with the
instant; it answers through `Side`: bytes to send, timers, and what its user is to hear. It never reads a message: who
owns it (`Transactions`) has sorted what arrives into the signals below. What a table does not list changes nothing.

 1. Over UDP a client repeats its request: an INVITE after T1, doubling without bound until anything comes (timer A);
    any other after T1, doubling up to T2, and each T2 once a provisional answer came (E). Over TCP nobody repeats.
 2. A client gives up after 64 * T1 (B, F); an INVITE that has a provisional answer waits for as long as its user does.
 3. A final answer of 300 and above to an INVITE is acknowledged by the transaction, and again whenever it is repeated
    (D). A 2xx goes to the user each time it comes, for 64 * T1 (M): acknowledging it is his.
 4. A server answers a repeated request with what it said last. 300 and above to an INVITE it repeats after T1, doubling
    up to T2 (G), until the ACK comes, for 64 * T1 at most (H). A 2xx is repeated by the user alone; requests that are
    repeated after it are swallowed for 64 * T1 (L).
 5. An INVITE that the user leaves unanswered gets 100 after 200 ms.
 6. After its last message a transaction absorbs what may still be on the way: D, I, J, K.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Protocol

from simtel.core.clock import Ns
from simtel.core.timers import Timers
from simtel.protocols.sip.timers import Times


class State(StrEnum):
    """Where a transaction is (RFC 3261 figures 5 to 8, RFC 6026 figures 3 and 5)."""

    CALLING = "calling"
    TRYING = "trying"
    PROCEEDING = "proceeding"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    CONFIRMED = "confirmed"
    TERMINATED = "terminated"


class Signal(StrEnum):
    """What happens to it. An answer arrives at a client, and is given by the user of a server."""

    PROVISIONAL = "1xx"
    SUCCESS = "2xx"
    FAILURE = "300-699"
    REQUEST = "request"  # the same request again
    ACK = "ack"
    REPEAT = "repeat"  # timers A, E, G
    GIVE_UP = "give-up"  # timers B, F, H
    REST = "rest"  # timers D, I, J, K, L, M
    TRYING_DUE = "trying-due"  # rule 5
    BROKEN = "broken"  # the transport cannot deliver


class Failure(StrEnum):
    """Why a transaction failed, told to its user (8.1.3.1: a client takes them as 408 and 503)."""

    TIMEOUT = "timeout"
    TRANSPORT = "transport"


class Side(Protocol):
    """What a transaction may do to the world."""

    @property
    def timers(self) -> Timers:
        """Keys are (signal, transaction)."""

    def transmit(self, data: bytes, transaction: "Transaction", again: bool = False) -> None:
        """Send bytes to where the transaction's messages go; `again`: they were sent before."""

    def acknowledge(self, response: Any, transaction: "Transaction") -> bytes:
        """The ACK of an answer of 300 and above (17.1.1.3)."""

    def deliver(self, message: Any, transaction: "Transaction", now: Ns) -> None:
        """An answer, or the ACK of a 2xx, is for the user."""

    def failed(self, why: Failure, transaction: "Transaction", now: Ns) -> None:
        """The transaction could not do its work."""

    def over(self, transaction: "Transaction", now: Ns) -> None:
        """The transaction absorbs nothing any more: forget it."""


Rules = dict[tuple[State, Signal], tuple[State, tuple[str, ...]]]

_S, _G = State, Signal

INVITE_CLIENT: Rules = {
    (_S.CALLING, _G.REPEAT): (_S.CALLING, ("resend", "repeat_doubled")),
    (_S.CALLING, _G.GIVE_UP): (_S.TERMINATED, ("time_out",)),
    (_S.CALLING, _G.PROVISIONAL): (_S.PROCEEDING, ("stop", "deliver")),
    (_S.CALLING, _G.SUCCESS): (_S.ACCEPTED, ("stop", "rest_64t1", "deliver")),
    (_S.CALLING, _G.FAILURE): (_S.COMPLETED, ("stop", "acknowledge", "rest_d", "deliver")),
    (_S.CALLING, _G.BROKEN): (_S.TERMINATED, ("complain",)),
    (_S.PROCEEDING, _G.PROVISIONAL): (_S.PROCEEDING, ("deliver",)),
    (_S.PROCEEDING, _G.SUCCESS): (_S.ACCEPTED, ("rest_64t1", "deliver")),
    (_S.PROCEEDING, _G.FAILURE): (_S.COMPLETED, ("acknowledge", "rest_d", "deliver")),
    (_S.PROCEEDING, _G.BROKEN): (_S.TERMINATED, ("complain",)),
    (_S.ACCEPTED, _G.SUCCESS): (_S.ACCEPTED, ("deliver",)),
    (_S.ACCEPTED, _G.REST): (_S.TERMINATED, ()),
    (_S.COMPLETED, _G.FAILURE): (_S.COMPLETED, ("resend",)),
    (_S.COMPLETED, _G.BROKEN): (_S.TERMINATED, ("complain",)),
    (_S.COMPLETED, _G.REST): (_S.TERMINATED, ()),
}

CLIENT: Rules = {
    (_S.TRYING, _G.REPEAT): (_S.TRYING, ("resend", "repeat_bounded")),
    (_S.TRYING, _G.GIVE_UP): (_S.TERMINATED, ("time_out",)),
    (_S.TRYING, _G.PROVISIONAL): (_S.PROCEEDING, ("repeat_slowly", "deliver")),
    (_S.TRYING, _G.SUCCESS): (_S.COMPLETED, ("stop", "rest_t4", "deliver")),
    (_S.TRYING, _G.FAILURE): (_S.COMPLETED, ("stop", "rest_t4", "deliver")),
    (_S.TRYING, _G.BROKEN): (_S.TERMINATED, ("complain",)),
    (_S.PROCEEDING, _G.REPEAT): (_S.PROCEEDING, ("resend", "repeat_slowly")),
    (_S.PROCEEDING, _G.GIVE_UP): (_S.TERMINATED, ("time_out",)),
    (_S.PROCEEDING, _G.PROVISIONAL): (_S.PROCEEDING, ("deliver",)),
    (_S.PROCEEDING, _G.SUCCESS): (_S.COMPLETED, ("stop", "rest_t4", "deliver")),
    (_S.PROCEEDING, _G.FAILURE): (_S.COMPLETED, ("stop", "rest_t4", "deliver")),
    (_S.PROCEEDING, _G.BROKEN): (_S.TERMINATED, ("complain",)),
    (_S.COMPLETED, _G.REST): (_S.TERMINATED, ()),
}

INVITE_SERVER: Rules = {
    (_S.PROCEEDING, _G.REQUEST): (_S.PROCEEDING, ("resend",)),
    (_S.PROCEEDING, _G.TRYING_DUE): (_S.PROCEEDING, ("say",)),
    (_S.PROCEEDING, _G.PROVISIONAL): (_S.PROCEEDING, ("stop", "say")),
    (_S.PROCEEDING, _G.SUCCESS): (_S.ACCEPTED, ("stop", "say", "rest_64t1")),
    (_S.PROCEEDING, _G.FAILURE): (_S.COMPLETED, ("stop", "say", "repeat_first", "give_up")),
    (_S.PROCEEDING, _G.BROKEN): (_S.TERMINATED, ("complain",)),
    (_S.ACCEPTED, _G.SUCCESS): (_S.ACCEPTED, ("say",)),
    (_S.ACCEPTED, _G.ACK): (_S.ACCEPTED, ("deliver",)),
    (_S.ACCEPTED, _G.BROKEN): (_S.ACCEPTED, ("complain",)),  # RFC 6026 7.1: the user is told, and it goes on
    (_S.ACCEPTED, _G.REST): (_S.TERMINATED, ()),
    (_S.COMPLETED, _G.REQUEST): (_S.COMPLETED, ("resend",)),
    (_S.COMPLETED, _G.REPEAT): (_S.COMPLETED, ("resend", "repeat_bounded")),
    (_S.COMPLETED, _G.GIVE_UP): (_S.TERMINATED, ("time_out",)),
    (_S.COMPLETED, _G.BROKEN): (_S.TERMINATED, ("complain",)),
    (_S.COMPLETED, _G.ACK): (_S.CONFIRMED, ("stop", "rest_t4")),
    (_S.CONFIRMED, _G.REST): (_S.TERMINATED, ()),
}

SERVER: Rules = {
    (_S.TRYING, _G.PROVISIONAL): (_S.PROCEEDING, ("say",)),
    (_S.TRYING, _G.SUCCESS): (_S.COMPLETED, ("say", "rest_64t1_of_udp")),
    (_S.TRYING, _G.FAILURE): (_S.COMPLETED, ("say", "rest_64t1_of_udp")),
    (_S.PROCEEDING, _G.REQUEST): (_S.PROCEEDING, ("resend",)),
    (_S.PROCEEDING, _G.PROVISIONAL): (_S.PROCEEDING, ("say",)),
    (_S.PROCEEDING, _G.SUCCESS): (_S.COMPLETED, ("say", "rest_64t1_of_udp")),
    (_S.PROCEEDING, _G.FAILURE): (_S.COMPLETED, ("say", "rest_64t1_of_udp")),
    (_S.PROCEEDING, _G.BROKEN): (_S.TERMINATED, ("complain",)),
    (_S.COMPLETED, _G.REQUEST): (_S.COMPLETED, ("resend",)),
    (_S.COMPLETED, _G.BROKEN): (_S.TERMINATED, ("complain",)),
    (_S.COMPLETED, _G.REST): (_S.TERMINATED, ()),
}


class Transaction:
    """One transaction, in the first state of its table.

    `sent`: what goes out again when something is to be repeated; `to`: where it goes; `key`: by what its messages are
    known; `user`: whatever its owner keeps with it; `request`: the request as a message.
    """

    __slots__ = ("_interval", "_rules", "_side", "_times", "key", "reliable", "request", "sent", "state", "to", "user")

    def __init__(
        self, rules: Rules, side: Side, times: Times, *, key: Any, request: Any, to: Any, reliable: bool, user: Any
    ) -> None:
        """`reliable`: the transport repeats by itself (TCP)."""
        self._rules, self._side, self._times = rules, side, times
        self.key, self.request, self.to, self.user, self.reliable = key, request, to, user, reliable
        self.state = next(iter(rules))[0]
        self.sent = b""
        self._interval = times.t1

    @property
    def client(self) -> bool:
        """Whether it sends the request."""
        return self._rules is INVITE_CLIENT or self._rules is CLIENT

    def start(self, data: bytes, now: Ns) -> None:
        """A client sends its request, `data`. A server, which has nothing to send yet, waits for its user."""
        timers = self._side.timers
        if self.client:
            self.sent = data
            self._side.transmit(data, self)
            timers.set((Signal.GIVE_UP, self), now + self._times.gives_up)
            self._repeat_first(None, now)
        elif self._rules is INVITE_SERVER:
            timers.set((Signal.TRYING_DUE, self), now + self._times.trying)

    def step(self, signal: Signal, message: Any, now: Ns) -> None:
        """Something happened; `message` is what came, the bytes of the answer that the user gives, or rule 5's 100."""
        rule = self._rules.get((self.state, signal))
        if rule is None:
            return
        self.state, actions = rule
        for action in actions:
            _ACTIONS[action](self, message, now)
        if self.state is State.TERMINATED:
            self._stop(None, now)
            self._side.timers.cancel((Signal.REST, self))
            self._side.over(self, now)

    # --- actions

    def _say(self, data: Any, now: Ns) -> None:
        self.sent = data
        self._side.transmit(data, self)

    def _resend(self, _message: Any, now: Ns) -> None:
        if self.sent:
            self._side.transmit(self.sent, self, True)

    def _acknowledge(self, response: Any, now: Ns) -> None:
        self.sent = self._side.acknowledge(response, self)
        self._side.transmit(self.sent, self)

    def _deliver(self, message: Any, now: Ns) -> None:
        self._side.deliver(message, self, now)

    def _complain(self, _message: Any, now: Ns) -> None:
        self._side.failed(Failure.TRANSPORT, self, now)

    def _time_out(self, _message: Any, now: Ns) -> None:
        self._side.failed(Failure.TIMEOUT, self, now)

    def _stop(self, _message: Any, now: Ns) -> None:
        """Nothing is repeated or given up any more."""
        timers = self._side.timers
        timers.cancel((Signal.REPEAT, self))
        timers.cancel((Signal.GIVE_UP, self))
        timers.cancel((Signal.TRYING_DUE, self))

    def _repeat_first(self, _message: Any, now: Ns) -> None:
        if not self.reliable:
            self._interval = self._times.t1
            self._side.timers.set((Signal.REPEAT, self), now + self._interval)

    def _repeat_doubled(self, _message: Any, now: Ns) -> None:
        self._interval *= 2
        self._side.timers.set((Signal.REPEAT, self), now + self._interval)

    def _repeat_bounded(self, _message: Any, now: Ns) -> None:
        self._interval = min(2 * self._interval, self._times.t2)
        self._side.timers.set((Signal.REPEAT, self), now + self._interval)

    def _repeat_slowly(self, _message: Any, now: Ns) -> None:
        if not self.reliable:
            self._interval = self._times.t2
            self._side.timers.set((Signal.REPEAT, self), now + self._interval)

    def _give_up(self, _message: Any, now: Ns) -> None:
        self._side.timers.set((Signal.GIVE_UP, self), now + self._times.gives_up)

    def _rest(self, lasting: int, now: Ns) -> None:
        self._side.timers.set((Signal.REST, self), now + lasting)

    def _rest_64t1(self, _message: Any, now: Ns) -> None:
        self._rest(self._times.gives_up, now)

    def _rest_64t1_of_udp(self, _message: Any, now: Ns) -> None:
        self._rest(0 if self.reliable else self._times.gives_up, now)

    def _rest_t4(self, _message: Any, now: Ns) -> None:
        self._rest(0 if self.reliable else self._times.t4, now)

    def _rest_d(self, _message: Any, now: Ns) -> None:
        self._rest(0 if self.reliable else self._times.d, now)


_ACTIONS: dict[str, Callable[[Transaction, Any, Ns], None]] = {
    name: getattr(Transaction, f"_{name}")
    for rules in (INVITE_CLIENT, CLIENT, INVITE_SERVER, SERVER)
    for _, actions in rules.values()
    for name in actions
}
