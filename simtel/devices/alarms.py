"""What one end of an E1 sees of its line, and when that becomes an alarm, whatever the signalling.

A defect that lasts `alarm_debounce` raises the alarm; the line must be sound for `alarm_settle` to clear it. An end
sees loss of signal (los), all ones of a transmission system (ais), loss of frame (lof), or, its own receiver being in
order, that the far end reports one of those (rai: `rai_debounce`). Of several only the root is reported, in this
order: a line without signal has no frame either, and who has lost frame cannot read what the far end reports. A
lesser alarm gives way to a greater one, and is back when that has settled. Least of all is a timeslot 16 of nothing
but ones (t16ais) while the frame stands: speech passes, signalling does not. Only an end that reads the signals of
all timeslots in it (`cas`) has an alarm for that; elsewhere it carries the D-channel, which layer 2 finds dead
(`line`).
"""

from typing import Protocol

from simtel.core.clock import Ns
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.core.timers import Timers
from simtel.devices.messages.trunk import Release, Restart

LOS, AIS, LOF, RAI, T16AIS = "los", "ais", "lof", "rai", "t16ais"
ROOTS = (LOS, AIS, LOF)  # found by the end's own receiver, the root first: without them the frame stands


class AlarmTimes(Protocol):
    """How long defects last before they count."""

    @property
    def alarm_settle(self) -> int:
        """The line must be sound so long."""

    def debounce(self, defect: str) -> int:
        """The defect must last so long."""


class E1End:
    """What one end of an E1 has, whatever its signalling. Keys of timers begin with 'line'."""

    __slots__ = ("_emit", "_lasting", "_timers", "alarm", "defect", "span", "unacknowledged", "unanswered")

    def __init__(self, span: str, lasting: AlarmTimes, timers: Timers, out: Out) -> None:
        self.span = span
        self.unanswered = False  # neither end confirms a release
        self.unacknowledged = False  # nor this one, that it has reset a channel
        self._lasting = lasting
        self.defect = ""  # what this end sees at this moment
        self.alarm = ""  # what it reports
        self._timers = timers
        self._emit = out.emit

    def slip(self, here: bool, now: Ns) -> None:
        """A slip at this end is told."""
        if here:
            self._emit(Kind.SPAN_SLIP, None, self.span, slips=1)

    def leave_unanswered(self, on: bool, now: Ns) -> None:
        """From now on this end confirms no release, or does so again."""
        self.unanswered = on

    def leave_unacknowledged(self, on: bool, now: Ns) -> None:
        """From now on this end does not say that it has reset a channel, or does so again."""
        self.unacknowledged = on

    @property
    def restarting(self) -> bool:
        """No call may have a timeslot, for not both ends have reset them."""
        return False

    def asked(self, question: Release, now: Ns) -> None:
        """The far end waits for an answer to its release."""

    def released(self, call: str) -> None:
        """The far end has no such call any more."""

    def reset(self, message: Restart, now: Ns) -> None:
        """The far end has reset one of its channels, or all."""

    def was_reset(self, slot: int) -> None:
        """The far end has acknowledged a reset."""

    def _sees(self, seen: str, now: Ns) -> None:
        if seen != self.defect:
            before, self.defect = self.defect, seen
            self._watch(before, now)

    def _alarmed(self, now: Ns) -> None:
        """Another alarm stands, or none any more."""
        raise NotImplementedError

    def _watch(self, before: str, now: Ns) -> None:
        """From `before`, the defect has become another one, or none."""
        timers, span, seen, alarm = self._timers, self.span, self.defect, self.alarm
        if seen and seen == alarm:
            timers.cancel(("line", span, "settle"))
            timers.cancel(("line", span, "alarm"))
        elif alarm in ROOTS:
            if seen in ROOTS:
                timers.cancel(("line", span, "settle"))
                self._report(seen, now)
            elif before in ROOTS:
                self._settle(now)
        elif not seen:
            timers.cancel(("line", span, "alarm"))
            if alarm:
                self._settle(now)
        elif seen not in ROOTS or before not in ROOTS:
            timers.cancel(("line", span, "settle"))
            timers.set(("line", span, "alarm"), now + self._lasting.debounce(seen))

    def _settle(self, now: Ns) -> None:
        self._timers.set(("line", self.span, "settle"), now + self._lasting.alarm_settle)

    def _report(self, alarm: str, now: Ns) -> None:
        """Another alarm, or none."""
        if self.alarm:
            self._emit(Kind.SPAN_ALARM, None, self.span, alarm=self.alarm, on=False)
        self.alarm = alarm
        if alarm:
            self._emit(Kind.SPAN_ALARM, None, self.span, alarm=alarm, on=True)
        self._alarmed(now)
