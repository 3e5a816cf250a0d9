"""One member of a server pair with nothing but its election: it answers service checks while it is active.

This is what `loopback` runs as an OS process, and the part of a server that a watch can see. The call-processing
server composes the same election.
"""

from simtel.core.clock import Ns
from simtel.core.machine import Out
from simtel.core.timers import Key
from simtel.protocols.election import Advert, Election, State, Times
from simtel.protocols.service import Check, Checked


class Member:
    """Election, and an answer to `Check` while active."""

    def __init__(
        self,
        name: str,
        out: Out,
        times: Times,
        *,
        priority: int,
        peer: str | None,
        paths: tuple[str, ...],
        fencing: bool = False,
        preempt: bool = False,
    ) -> None:
        """See `simtel.protocols.election.Election`."""
        self.name = name
        self._out = out
        self.election = Election(
            name, out, times, priority=priority, peer=peer, paths=paths, fencing=fencing, preempt=preempt
        )

    def start(self, now: Ns, active: bool) -> None:
        """Power-on."""
        self.election.start(now, active)

    def receive(self, message: Advert | Check, now: Ns) -> None:
        """An advert of the peer, or a check of the watch."""
        if isinstance(message, Advert):
            self.election.receive(message, now)
        elif self.election.state is State.ACTIVE:
            self._out.send(message.watch, Checked(self.name, message.number))

    def on_timer(self, key: Key, now: Ns) -> None:
        """The election's."""
        self.election.on_timer(key, now)
