"""Decides when a fault strikes which server, and undoes it. Pure: who sends the signal is given to it.

Theory of operation:

 1. A fault strikes at an instant, or a while after the n-th event of a kind that some observer wrote down.
 2. `servers.active` is the server that the watch heard last as active, before that the first; `servers.standby` is the
    first that is not active. Other subjects name a server by its number.
 3. `crash` is SIGKILL. `hang` is SIGSTOP: on real processes the heartbeat stops as well, and the event says so.
 4. `hang` is undone by SIGCONT, when its time is over or at the end, whatever happens. `crash` is undone when its time
    is over, by whoever can start a process; that one reads `fault.cleared`.
 5. `Fence` of a server is SIGKILL: the power relay of the pair. It is no fault and no event.
"""

import signal
from collections.abc import Callable, Iterable

import msgspec

from simtel.core.clock import MS, Ns
from simtel.core.events import Kind
from simtel.core.faults import FaultKind
from simtel.core.machine import Out
from simtel.core.merge import Seen
from simtel.core.timers import Key
from simtel.protocols.election import Fence

LOOK = 5 * MS  # how often new evidence is read while a trigger waits
SIGNALS = {FaultKind.CRASH: signal.SIGKILL, FaultKind.HANG: signal.SIGSTOP}
_PARTS = {FaultKind.HANG: {"unit": "the whole process, heartbeat included"}}


class After(msgspec.Struct, frozen=True):
    """`plus` ns after the `count`-th event of `event`."""

    event: str
    count: int = 1
    plus: int = 0


class Strike(msgspec.Struct, frozen=True):
    """One fault. Exactly one of `at` (ns since the start) and `after` is set; `lasting` in ns."""

    number: int
    kind: FaultKind
    subject: str
    at: int | None = None
    after: After | None = None
    lasting: int | None = None


class Striker:
    """The machine of the fault process."""

    def __init__(
        self,
        out: Out,
        strikes: Iterable[Strike],
        servers: tuple[str, ...],
        send_signal: Callable[[str, signal.Signals], None],
        look: Callable[[], Iterable[Seen]],
    ) -> None:
        """`send_signal` strikes a server by name; `look` returns what others wrote since it was last asked."""
        self.timers = out.timers
        self._out = out
        self._strikes = {strike.number: strike for strike in strikes}
        self._servers = servers
        self._active = servers[0]
        self._send_signal = send_signal
        self._look = look
        self._counts: dict[str, int] = {}
        self._waiting = [s for s in self._strikes.values() if s.after is not None]
        self._struck: dict[int, str] = {}  # number of a fault that lasts -> server

    def start(self, now: Ns) -> None:
        """Arm everything."""
        for strike in self._strikes.values():
            if strike.at is not None:
                self.timers.set(("strike", strike.number), strike.at)
        if self._waiting:
            self.timers.set(("look",), now)

    def on_timer(self, key: Key, now: Ns) -> None:
        """A strike, an undoing or a look."""
        if key[0] == "look":
            self._read()
            if self._waiting:
                self.timers.set(("look",), now + LOOK)
        elif key[0] == "strike":
            self._strike(self._strikes[key[1]], now)
        else:
            self._undo(key[1])

    def receive(self, message: object, now: Ns) -> None:
        """Rule 5; anything else is not for a power relay."""
        if isinstance(message, Fence) and message.server in self._servers:
            self._send_signal(message.server, signal.SIGKILL)

    def undo_all(self) -> None:
        """Rule 4, at the end."""
        for number in list(self._struck):
            if self._strikes[number].kind is FaultKind.HANG:
                self._undo(number)

    def _read(self) -> None:
        for seen in self._look():
            if seen.kind == Kind.SERVER_ADVERTISED and seen.subject in self._servers:
                self._active = seen.subject
            count = self._counts[seen.kind] = self._counts.get(seen.kind, 0) + 1
            for strike in list(self._waiting):
                if strike.after is not None and (seen.kind, count) == (strike.after.event, strike.after.count):
                    self._waiting.remove(strike)
                    self.timers.set(("strike", strike.number), seen.t + strike.after.plus)

    def _strike(self, strike: Strike, now: Ns) -> None:
        self._read()
        server = self._bound(strike.subject)
        self._send_signal(server, SIGNALS[strike.kind])
        fields = {"fault": strike.kind.value, "number": strike.number, **_PARTS.get(strike.kind, {})}
        self._out.emit(Kind.FAULT_INJECTED, None, server, **fields)
        self._struck[strike.number] = server
        if strike.lasting is not None:
            self.timers.set(("undo", strike.number), now + strike.lasting)

    def _undo(self, number: int) -> None:
        kind, server = self._strikes[number].kind, self._struck.pop(number, None)
        if server is None:
            return
        if kind is FaultKind.HANG:
            self._send_signal(server, signal.SIGCONT)
        self._out.emit(Kind.FAULT_CLEARED, None, server, fault=kind.value, number=number)

    def _bound(self, subject: str) -> str:
        """Rule 2."""
        which = subject.partition(".")[2]
        if which == "active":
            return self._active
        if which == "standby":
            return next(server for server in self._servers if server != self._active)
        return self._servers[int(which) - 1]
