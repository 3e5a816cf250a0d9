"""The trunk side of a device: the ends of its spans, and what exchange and gateway do alike about their calls.

1. What the far end or the cable says of a span goes to the end of that span, and what its end makes of it comes back
   as the user of a line (`line`, `cas`, `loop`, `clearing`).
2. A message of a call that is over here is answered by a release (Q.931 5.8.3.2), an enquiry about it too.
3. A timeslot that the far end names and this end cannot use is refused, or another is named, if the far end leaves
   that open (`glare`). Of a span whose reset is not acknowledged none can be used (`clearing`).
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeVar

from simtel.core.causes import GLARE, RESTARTING
from simtel.core.clock import Ns
from simtel.core.machine import Out
from simtel.core.timers import Key
from simtel.devices.alarms import E1End
from simtel.devices.base import Device
from simtel.devices.cas import CasEnd, CasTimes
from simtel.devices.circuits import Circuits
from simtel.devices.line import Line, LineTimes
from simtel.devices.messages.physics import Signal, Slip, Unacknowledged, Unanswered
from simtel.devices.messages.trunk import (
    CasSign,
    LinkReset,
    Moved,
    Release,
    Released,
    Restart,
    Restarted,
    Setup,
    StatusEnquiry,
)
from simtel.devices.trunk import Trunk

C = TypeVar("C")


class TrunkSide(Device, ABC, Generic[C]):
    """Base of the devices at either end of the trunks; `C` is what such a device knows of a call."""

    network: bool  # the exchange is

    def __init__(
        self, name: str, out: Out, line: LineTimes | CasTimes | None, circuits: Circuits, calls: dict[str, C]
    ) -> None:
        """`line` says which signalling the E1s have; None for a device without any. `calls` is the device's table."""
        super().__init__(name, out)
        self._out = out
        self._times = line
        self._exclusive = line.exclusive if isinstance(line, LineTimes) else True
        self.circuits = circuits
        self.lines: dict[str, Trunk] = {}
        self._calls = calls

    def holds(self) -> dict[str, int]:
        """Calls and timeslots."""
        return {"calls": len(self._calls), "timeslots": self.circuits.in_use()}

    def _e1_end(self, span: str, far: str) -> Trunk:
        if self._times is None:
            raise ValueError(f"{self.name} has an E1 and no figures for it")
        if isinstance(self._times, CasTimes):
            return CasEnd(span, far, self._times, self.timers, self._out, self)
        return Line(span, far, self._times, self.timers, self._out, self)

    def _e1(self, span: str) -> E1End | None:
        line: object = self.lines.get(span)
        return line if isinstance(line, E1End) else None

    # --- rule 1

    def _signal(self, message: Signal, now: Ns) -> None:
        line = self.lines.get(message.span)
        if line is not None:
            line.set_signal(message.on, now, message.defect)

    def _link_reset(self, message: LinkReset, now: Ns) -> None:
        line = self.lines.get(message.span)
        if line is not None:
            line.link_reset(now)

    def _slip(self, message: Slip, now: Ns) -> None:
        line = self._e1(message.span)
        if line is not None:
            line.slip(message.here, now)

    def _cas_sign(self, message: CasSign, now: Ns) -> None:
        line = self._e1(message.span)
        if isinstance(line, CasEnd):
            line.sign(message, now)

    def _released(self, message: Released, now: Ns) -> None:
        line = self._e1(message.span)
        if line is not None:
            line.released(message.call)

    def _restart(self, message: Restart, now: Ns) -> None:
        self._reset(message.span, message.slot, now)
        line = self._e1(message.span)
        if line is not None:
            line.reset(message, now)

    def _restarted(self, message: Restarted, now: Ns) -> None:
        line = self._e1(message.span)
        if line is not None:
            line.was_reset(message.slot)

    def _unanswered(self, message: Unanswered, now: Ns) -> None:
        line = self._e1(message.span)
        if line is not None:
            line.leave_unanswered(message.on, now)

    def _unacknowledged(self, message: Unacknowledged, now: Ns) -> None:
        line = self._e1(message.span)
        if line is not None:
            line.leave_unacknowledged(message.on, now)

    def _line_timer(self, key: Key, now: Ns) -> None:
        self.lines[key[1]].on_timer(key[2], now)

    @abstractmethod
    def clear_unanswered(self, span: str, now: Ns) -> None:
        """Line rule 2."""

    @abstractmethod
    def clear_all(self, span: str, now: Ns) -> None:
        """Line rule 3."""

    @abstractmethod
    def calls_on(self, span: str) -> list[str]:
        """Line rules 5 and 6."""

    def setup_left(self, call: str, now: Ns) -> None:
        """Nothing waits for the answer to a SETUP."""

    def lingers(self, mean: int) -> int:
        """Nobody here hears that the other has hung up: it clears at once."""
        return 0

    def take_line(self, call: str, span: str, slot: int) -> None:
        """The far end has seized the timeslot."""
        self.circuits.seize(call, span, slot)

    def line_free(self, call: str, span: str, slot: int) -> None:
        """It is free again."""
        self.circuits.free(call, span, slot)

    def hold(self, call: str, span: str, slot: int) -> None:
        """Its call is over here, and it is not free yet."""
        self.circuits.hold(call, span, slot)

    def let_go(self, call: str, span: str, slot: int) -> None:
        """The far end has released it as well."""
        self.circuits.let_go(span, slot)

    @abstractmethod
    def _reset(self, span: str, slot: int, now: Ns) -> None:
        """The far end has reset one channel, or with 0 all: their calls are gone."""

    # --- rule 2

    def _unknown(self, call: str, now: Ns) -> None:
        for line in self.lines.values():
            line.send(Release(call, "gone", self.name), now)

    def _enquiry(self, message: StatusEnquiry, now: Ns) -> None:
        if message.call not in self._calls:
            self.lines[message.span].send(Release(message.call, "gone", self.name), now)

    def _release(self, message: Release, now: Ns) -> None:
        if message.span:
            line = self._e1(message.span)
            if line is not None:
                line.asked(message, now)
        call = self._calls.get(message.call)
        if call is None:
            for trunk in self.lines.values():
                trunk.released(message.call)
            return
        self._far_end_released(call, message, now)

    @abstractmethod
    def _far_end_released(self, call: C, message: Release, now: Ns) -> None:
        """A call that stands here is over."""

    # --- rule 3

    def _slot(self, message: Setup, now: Ns) -> int:
        """The timeslot of a call of the far end; 0 when it is refused."""
        e1 = self._e1(message.span)
        closed = e1 is not None and e1.restarting
        if not closed and self._free_for(message):
            return message.slot
        found = None if closed or message.exclusive else self.circuits.hunt(message.call, lambda _: True, message.span)
        if found is None:
            cause = RESTARTING if closed else GLARE
            self.lines[message.span].send(Release(message.call, cause, self.name), now)
            return 0
        self.lines[message.span].send(Moved(message.call, *found), now)
        return found[1]

    @abstractmethod
    def _free_for(self, message: Setup) -> bool:
        """Whether the call may have the timeslot that it names."""

    HANDLERS: ClassVar[dict[type, Any]] = {
        Release: _release,
        Released: _released,
        Restart: _restart,
        Restarted: _restarted,
        Unanswered: _unanswered,
        Unacknowledged: _unacknowledged,
        CasSign: _cas_sign,
        StatusEnquiry: _enquiry,
        LinkReset: _link_reset,
        Signal: _signal,
        Slip: _slip,
    }
    TIMERS: ClassVar[dict[str, Any]] = {"line": _line_timer}
