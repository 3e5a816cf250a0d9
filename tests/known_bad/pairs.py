"""Broken servers. Each breaks one promise and keeps all others."""

from typing import Any

import msgspec

from simtel.core.clock import SECOND, Ns
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.devices.messages.calls import Invite
from simtel.devices.messages.records import Record, Recording
from simtel.devices.server.server import Server
from simtel.protocols.election import Advert, Times


class Stubborn(Server):
    """No fencing and no yielding: it is active from the start and whatever another server says."""

    def start(self, now: Ns, active: bool) -> None:
        """Active, be there who may; but let the standby of the first start alone."""
        super().start(now, active or now > 0)

    def receive(self, message: object, now: Ns) -> None:
        """Deaf to adverts once active."""
        if not (type(message) is Advert and self.active):
            super().receive(message, now)


class Forgetful(Server):
    """At the take-over it no longer knows who stood where in the queue."""

    def _take_over(self, now: Ns) -> None:
        for name, (change, arrived) in self._shadow.calls.items():
            self._shadow.calls[name] = msgspec.structs.replace(change, place=-1), arrived
        super()._take_over(now)


class _Twice:
    """An `Out` that sends call records twice."""

    def __init__(self, out: Out) -> None:
        self._out = out
        self.emit, self.timers = out.emit, out.timers

    def send(self, to: str, message: object) -> None:
        self._out.send(to, message)
        if isinstance(message, Record):
            self._out.send(to, message)


class Doubling(Server):
    """Writes every call record twice, once it has taken over (or not: it is the same program)."""

    def __init__(self, name: str, out: Out, **parts: Any) -> None:
        super().__init__(name, _Twice(out), **parts)


class Late(Server):
    """Ready for calls ten seconds after it has promoted itself."""

    def __init__(self, name: str, out: Out, *, times: Times, **parts: Any) -> None:
        super().__init__(name, out, times=msgspec.structs.replace(times, promote_time=10 * SECOND), **parts)


class Lying(Server):
    """Says that it took over, advertises and claims the service address, and does nothing."""

    _lies = False

    def _take_over(self, now: Ns) -> None:
        self._lies = True
        self.emit(Kind.SERVER_SERVING, calls=len(self._shadow.calls))

    def receive(self, message: object, now: Ns) -> None:
        """Deaf to all but adverts, once it serves."""
        if not self._lies or type(message) is Advert:
            super().receive(message, now)


class Levelling(Server):
    """To it all callers are alike."""

    def receive(self, message: object, now: Ns) -> None:
        """An INVITE without its priority."""
        if type(message) is Invite:
            message = msgspec.structs.replace(message, priority=0)
        super().receive(message, now)


class _Losing:
    """An `Out` that loses every recording."""

    def __init__(self, out: Out) -> None:
        self._out = out
        self.emit, self.timers = out.emit, out.timers

    def send(self, to: str, message: object) -> None:
        if not isinstance(message, Recording):
            self._out.send(to, message)


class Deleting(Server):
    """Takes recording channels and keeps no recording."""

    def __init__(self, name: str, out: Out, **parts: Any) -> None:
        super().__init__(name, _Losing(out), **parts)


class Unfenced(Server):
    """Takes over without switching its peer off first, though the site has what it takes."""

    def __init__(self, name: str, out: Out, *, fencing: bool, **parts: Any) -> None:
        super().__init__(name, out, fencing=False, **parts)
