"""A server that stands still. Hung, it does nothing but keep its heartbeat, which is a process of its own, and what is
sent to it is lost. Stalled, it does nothing at all, and then reads what arrived meanwhile. Timers of its own that are
due wait in both cases."""

from simtel.core.clock import Ns
from simtel.core.timers import Key, Timers
from simtel.devices.messages.physics import ClockSet, DiskFull, Hang, Slow, Stall
from simtel.protocols.election import Advert

FELT = (Hang, Stall, Slow, ClockSet, DiskFull)  # by nobody's will
HEARD_WHEN_HUNG = (Advert, *FELT)


class Standstill:
    """Whether a server hangs or stalls, and what waits for it until it goes on."""

    def __init__(self, timers: Timers) -> None:
        self.hung = False
        self.stalled = False
        self.still = False  # one of both
        self._timers = timers
        self._unread: list[object] = []  # what arrived while it stalled
        self._late: dict[Key, None] = {}  # timers that were due while it stood still

    def heeds(self, message: object) -> bool:
        """Whether a server that stands still acts on a message."""
        if self.stalled and type(message) not in FELT:
            self._unread.append(message)
            return False
        return type(message) in HEARD_WHEN_HUNG or not self.hung

    def defers(self, key: Key) -> None:
        """A timer is due that has to wait."""
        self._late[key] = None

    def forget_timers(self) -> None:
        """What waited is of no use any more."""
        self._late.clear()

    def hang(self, on: bool, now: Ns) -> None:
        """Call processing stops, or goes on again."""
        self.hung = on
        self._wake(now)

    def stall(self, on: bool, now: Ns) -> list[object]:
        """Everything stops, or goes on again: then the messages that are to be read now."""
        self.stalled = on
        self._wake(now)
        if on:
            return []
        unread, self._unread = self._unread, []
        return unread

    def _wake(self, now: Ns) -> None:
        self.still = self.hung or self.stalled
        if not self.still:
            for key in self._late:
                self._timers.set(key, now)
            self._late.clear()
