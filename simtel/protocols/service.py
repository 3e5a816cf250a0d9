"""Seeing a service from outside: a watch that asks the service address, and listens for adverts.

Theory of operation: each `interval` the watch asks every address once. A check counts as answered when an answer comes
within `timeout`. The service is lost when nothing was answered for `timeout`; it is back with the next answer. Adverts
tell which server claims to be active; three silent intervals end that claim. An advert after a missing one is reported
anew: the server may have been away and be back. A watch without addresses asks nothing and hears adverts alone. The
watch believes no server's word about itself: it reports what arrived.
"""

import msgspec

from simtel.core.clock import SECOND, Ns
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.core.timers import Key
from simtel.protocols.election import Advert

PERIOD = SECOND  # how often the watch sums up


class Check(msgspec.Struct, frozen=True, gc=False, tag=True):
    """Are you serving? `number` comes back in the answer."""

    watch: str
    number: int


class Checked(msgspec.Struct, frozen=True, gc=False, tag=True):
    """Yes, `server` is serving."""

    server: str
    number: int


class Watch:
    """The outside observer of a server pair."""

    def __init__(self, name: str, out: Out, addresses: tuple[str, ...], *, interval: int, timeout: int) -> None:
        """Ask `addresses` (if any) each `interval` ns; silence longer than `timeout` ns is a loss."""
        self.name = name
        self._out = out
        self._addresses = addresses
        self._interval = interval
        self._timeout = timeout
        self.timers = out.timers
        self._number = 0
        self._open: dict[int, int] = {}
        self._up: bool | None = None
        self._server = ""
        self._answered_at = 0
        self._sent = self._answered = 0
        self._claims: dict[str, tuple[int, int]] = {}  # server -> when it was heard, and until when that counts

    @property
    def uncertainty(self) -> int:
        """An answer may be late by one interval against the moment at which the service was back."""
        return self._interval

    def start(self, now: Ns) -> None:
        """Begin to ask."""
        if self._addresses:
            self._answered_at = now
            self.timers.set(("ask",), now)
            self.timers.set(("sum",), now + PERIOD)

    def on_timer(self, key: Key, now: Ns) -> None:
        """Next question, sum, or end of a claim."""
        if key[0] == "ask":
            self._ask(now)
        elif key[0] == "sum":
            self._out.emit(Kind.SERVICE_CHECKED, sent=self._sent, answered=self._answered)
            self._sent = self._answered = 0
            self.timers.set(("sum",), now + PERIOD)
        else:
            self._claim_over(key, now)

    def _claim_over(self, key: Key, now: Ns) -> None:
        heard, until = self._claims[key[1]]
        if now < until:  # heard again since
            self.timers.set(key, until)
        else:
            del self._claims[key[1]]
            self._out.emit(Kind.SERVER_SILENT, None, key[1], since=heard)

    def receive(self, message: Checked | Advert, now: Ns) -> None:
        """An answer or an advert arrived."""
        if isinstance(message, Advert):
            self._heard(message.server, message.interval, now)
            return
        asked = self._open.pop(message.number, None)
        if asked is None or now - asked > self._timeout:
            return
        self._answered += 1
        self._answered_at = now
        if not self._up or message.server != self._server:
            self._up, self._server = True, message.server
            self._out.emit(Kind.SERVICE_ANSWERED, None, message.server, server=message.server)

    def _heard(self, server: str, interval: int, now: Ns) -> None:
        claim = self._claims.get(server)
        until = now + 3 * interval + interval // 2
        if claim is None:
            self.timers.set(("claim", server), until)
        if claim is None or now - claim[0] > interval + interval // 2:
            self._out.emit(Kind.SERVER_ADVERTISED, None, server)
        self._claims[server] = now, until

    def _ask(self, now: Ns) -> None:
        if self._up is not False and now - self._answered_at > self._timeout:
            self._up = False
            self._out.emit(Kind.SERVICE_LOST, since=self._answered_at)
        for number in [n for n, at in self._open.items() if now - at > self._timeout]:
            del self._open[number]
        self._number += 1
        self._sent += 1
        self._open[self._number] = now
        check = Check(self.name, self._number)
        for address in self._addresses:
            self._out.send(address, check)
        self.timers.set(("ask",), now + self._interval)
