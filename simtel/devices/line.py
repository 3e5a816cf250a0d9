"""Supervision of one E1 at one end: when a defect of the line becomes an alarm, a dead D-channel, and lost calls.

Theory of operation (times measured on libpri and read from chip and driver data; both ends run their own copy):

 1. When a defect becomes an alarm, `alarms` says. A timeslot 16 of nothing but ones is no alarm here: it carries the
    D-channel, which layer 2 finds dead (rule 2).
 2. The D-channel is declared down (N200+1)*T200 after the first thing was sent that stays unacknowledged: a message
    that was under way at the cut or is sent during it, or on an idle link the poll after T203 of silence. Or it is
    down at once with the alarm when `alarm_drops_dchannel`: layer 1 then counts as deactivated, and layer 2 as down,
    as long as the alarm stands. Calls that are not answered are cleared when the D-channel goes down. Where frames do
    not pass at power-on, it is down from the beginning, and the RESTART that is due waits for it (`clearing`).
 3. Answered calls are cleared (N200+1)*T200 + T309 later (Q.931 5.8.9, cause 27).
 4. While either end sees a defect and the D-channel still counts as up, layer 2 keeps what is sent and repeats it: it
    arrives when the signal is back both ways (where one direction still works, what arrives unacknowledged is not
    acted upon: our simplification). With the D-channel down it is lost.
 5. When the signal is back (rule 2: the alarm as well), the next SABME within T200 brings the D-channel up again; calls
    that are left go on, and each end asks the other whether it still has them (STATUS ENQUIRY, Q.931 5.8.9 and 5.8.10):
    a release may have been lost meanwhile.
 6. An end whose D-channel had never gone down learns of the SABME as a reset of layer 2 and asks as well, also after
    calls that are not answered (5.8.8 keeps them, 5.8.10 allows to ask at any time): what the other end had kept for
    it, or cleared by itself, it would else never hear of. Where two SABMEs cross, layer 2 is set up once (Q.921
    5.6.1): that of the far end is no other. An end that does not ask (`status_enquiry`) keeps the call,
    and its channel stays stuck until the far end asks, or one of them resets its channels (RESTART).
 7. A span takes new calls when it has neither alarm nor a dead D-channel, and no RESTART of this end waits for its
    acknowledgement (`clearing`).
 8. The D-channel carries one message after the other at 64 kbit/s, and no more than `window` of them before the first
    is acknowledged, a round trip later (Q.921: k). What comes faster waits in line; an idle D-channel delays nothing
    beyond `delay`, which holds the time of one short message already.
 9. A slip at this end is told. One at the far end damages what is under way to it: it is repeated after T200, and what
    is to follow waits so long (that the damaged message itself comes T200 late is left out: our simplification).
10. A release of a call is confirmed by the far end: at once, where nothing hinders it; else as in `clearing`. On a
    D-channel that is down nothing is asked.
"""

from collections import deque
from collections.abc import Callable
from typing import Protocol

import msgspec

from simtel.core.clock import US, Ns
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.core.timers import Timers
from simtel.devices.alarms import LOS, RAI, T16AIS, E1End
from simtel.devices.clearing import Clearing, ClearingTimes, Holder
from simtel.devices.messages.trunk import LinkReset, Release, Released, Restart, Restarted, Setup, StatusEnquiry

OCTET = 125 * US  # at 64 kbit/s
# Octets on the line, from the fields that such messages carry in Q.921 and Q.931: a SETUP with bearer capability,
# channel, called and calling number; all others with call reference, and a channel or a cause.
SETUP_OCTETS, OTHER_OCTETS = 50, 16


class LineTimes(msgspec.Struct, frozen=True):
    """Figures of one end, durations in nanoseconds; `octet` is how long one takes on the D-channel. `exclusive`: its
    SETUPs insist on the timeslot that they name (`glare`)."""

    alarm_debounce: int
    rai_debounce: int
    alarm_settle: int
    alarm_drops_dchannel: bool
    t200: int
    n200: int
    t203: int
    t309: int
    window: int
    status_enquiry: bool
    exclusive: bool
    clearing: ClearingTimes
    delay: int
    octet: int = OCTET

    @property
    def layer2_gives_up(self) -> int:
        """(N200+1)*T200."""
        return (self.n200 + 1) * self.t200

    def debounce(self, defect: str) -> int:
        """Rule 1: how long it must last."""
        return self.rai_debounce if defect == RAI else self.alarm_debounce


class LineUser(Holder, Protocol):
    """Who owns the line: told which calls are lost."""

    def clear_unanswered(self, span: str, now: Ns) -> None:
        """Rule 2."""

    def clear_all(self, span: str, now: Ns) -> None:
        """Rule 3."""

    def calls_on(self, span: str) -> list[str]:
        """Calls on the span, about which rules 5 and 6 ask."""

    def setup_left(self, call: str, now: Ns) -> None:
        """A SETUP that had to wait in line (rule 8) is on its way."""


class Line(E1End):
    """One end of one span. `timers` are its owner's; keys begin with 'line'."""

    __slots__ = (
        "_acknowledged", "_free", "_fresh", "_queue", "_send", "_set_up", "_times", "_to_reset", "_user", "clearing",
        "dchannel", "far", "signal",
    )  # fmt: skip

    def __init__(self, span: str, far: str, times: LineTimes, timers: Timers, out: Out, user: LineUser) -> None:
        super().__init__(span, times, timers, out)
        self.far = f"{far}/{span}"
        self.signal = self.dchannel = True
        self._times: LineTimes = times
        self._send: Callable[[str, object], None] = out.send
        self._user = user
        self._queue: deque[object] = deque()
        self._free = 0  # the last message is on its way
        self._fresh: int | None = None  # power-on
        self._set_up = -1 - 2 * times.delay  # our last SABME; none yet
        self._to_reset = False  # somebody has seen to it while the D-channel was down
        # When each of those sent last is acknowledged: as many as may be on their way.
        self._acknowledged: deque[int] = deque([0] * times.window, times.window)
        self.clearing = Clearing(span, times.clearing, timers, out, self.send, user)

    @property
    def in_service(self) -> bool:
        """Rule 7."""
        return self.dchannel and not self.alarm and not self.clearing.restarting

    @property
    def restarting(self) -> bool:
        """It has reset all its channels, and the far end has not said that it did."""
        return self.clearing.restarting

    @property
    def waits(self) -> bool:
        """What was said last has not left."""
        return bool(self._queue)

    def start(self, now: Ns) -> None:
        """Power-on: this end knows no call."""
        self._fresh = now
        self.clearing.restart(self.dchannel, now)

    def send(self, message: object, now: Ns) -> None:
        """Rules 2, 4 and 8."""
        if not self.dchannel:
            return
        if self.signal and not self._queue and self._clear() <= now:
            self._put(message, now)
            return
        self._queue.append(message)
        if not self.signal:
            self._give_up_at(now + self._times.layer2_gives_up)
        elif len(self._queue) == 1:
            self._go_on()

    def release(self, message: Release, slot: int, now: Ns) -> None:
        """Rule 10."""
        if self.dchannel and (self.unanswered or not self.signal):
            self.clearing.begin(message, slot, now)
        else:
            self.send(message, now)

    def released(self, call: str) -> None:
        """The far end has no such call any more."""
        self.clearing.confirmed(call)

    def asked(self, question: Release, now: Ns) -> None:
        """The far end waits for an answer to its release."""
        if not self.unanswered:
            self.send(Released(question.call, self.span), now)

    def reset(self, message: Restart, now: Ns) -> None:
        """The far end has reset one of its channels, or all."""
        self.clearing.far_reset(message.slot)
        if not self.unacknowledged:
            self.send(Restarted(self.span, message.slot), now)

    def leave_unacknowledged(self, on: bool, now: Ns) -> None:
        """The same; who sees to it puts the timeslots into service."""
        super().leave_unacknowledged(on, now)
        self._seen_to(on, now)

    def leave_unanswered(self, on: bool, now: Ns) -> None:
        """The same."""
        super().leave_unanswered(on, now)
        self._seen_to(on, now)

    def _seen_to(self, on: bool, now: Ns) -> None:
        if not on and self.dchannel:
            self.clearing.see_to(now)
        elif not on:
            self._to_reset = True

    def was_reset(self, slot: int) -> None:
        """The far end has acknowledged a reset."""
        self.clearing.was_reset(slot)

    def _clear(self) -> int:
        """Rule 8: the next message may leave then."""
        return max(self._free, self._acknowledged[0])

    def _put(self, message: object, now: Ns) -> None:
        times = self._times
        self._free = now + times.octet * (SETUP_OCTETS if type(message) is Setup else OTHER_OCTETS)
        self._acknowledged.append(now + 2 * times.delay)
        self._send(self.far, message)

    def _next(self, now: Ns) -> None:
        """The first in line leaves, and what may leave with it."""
        queue = self._queue
        while queue and self._clear() <= now:
            message = queue.popleft()
            self._put(message, now)
            if type(message) is Setup:
                self._user.setup_left(message.call, now)
        if queue:
            self._go_on()

    def _go_on(self) -> None:
        self._timers.set(("line", self.span, "clear"), self._clear())

    def slip(self, here: bool, now: Ns) -> None:
        """Rule 9."""
        super().slip(here, now)
        if not here and self.signal and self.dchannel and self._free > now:
            self._free = now + self._times.t200
            if self._queue:
                self._go_on()

    def link_reset(self, now: Ns) -> None:
        """Rule 6: the far end has set layer 2 up anew. Its SABME crossed ours if it left before ours was there."""
        if self.dchannel and now > self._set_up + 2 * self._times.delay:
            self.clearing.link_up(now)
            self._ask(now)

    def _ask(self, now: Ns) -> None:
        for call in self._user.calls_on(self.span) if self._times.status_enquiry else ():
            self.send(StatusEnquiry(call, self.span), now)

    def set_signal(self, on: bool, now: Ns, defect: str = LOS) -> None:
        """The line is sound both ways again, or this end sees a `defect`."""
        self._sees("" if on or defect == T16AIS else defect, now)
        if on != self.signal:
            self.signal = on
            self._link(on, now)

    def _alarmed(self, now: Ns) -> None:
        """Rule 2."""
        if self._times.alarm_drops_dchannel:
            if self.alarm:
                self._dchannel_down(now)
            elif not self.dchannel and self.signal:  # timeslot 16 may be dead on a line without alarm
                self._timers.set(("line", self.span, "sabme"), now + self._times.t200)

    def _link(self, on: bool, now: Ns) -> None:
        """Layer 2: frames pass both ways again, or no longer."""
        timers, times, span = self._timers, self._times, self.span
        if on:
            timers.cancel(("line", span, "layer2"))
            if self.dchannel:
                self._next(now)
            elif not (self.alarm and times.alarm_drops_dchannel):
                timers.set(("line", span, "sabme"), now + times.t200)
        else:
            timers.cancel(("line", span, "clear"))
            timers.cancel(("line", span, "sabme"))
            if now == self._fresh and not self._user.calls_on(span):
                self._dchannel_down(now)
            if self.dchannel:
                self._give_up_at(max(now, self._unacknowledged(now) + times.layer2_gives_up))

    def _unacknowledged(self, now: Ns) -> int:
        """Rule 2: when the first thing was sent, or will be, that the signal's loss leaves without acknowledgement."""
        for acknowledged in self._acknowledged:
            if acknowledged > now:
                return acknowledged - 2 * self._times.delay
        return now if self._queue else now + self._times.t203

    def _give_up_at(self, at: int) -> None:
        key = ("line", self.span, "layer2")
        sooner = self._timers.at(key)
        if sooner is None or at < sooner:
            self._timers.set(key, at)

    def on_timer(self, what: str | int, now: Ns) -> None:
        """One of the timers set above is due, or that of a timeslot that is being released."""
        if isinstance(what, int):
            self.clearing.on_timer(what, now)
        elif what in ("alarm", "settle"):
            self._report(self.defect, now)
        elif what == "clear":
            self._next(now)
        elif what == "layer2":
            self._dchannel_down(now)
        elif what == "sabme":
            self.dchannel = True
            self._set_up = now
            self._timers.cancel(("line", self.span, "t309"))
            self._emit(Kind.DCHANNEL_STATE, None, self.span, up=True)
            self.send(LinkReset(self.span), now)
            self.clearing.link_up(now, self._to_reset)
            self._to_reset = False
            self._ask(now)
        else:
            self._user.clear_all(self.span, now)

    def _dchannel_down(self, now: Ns) -> None:
        if not self.dchannel:
            return
        self.dchannel = False
        self._queue.clear()
        self._acknowledged.extend([0] * self._times.window)
        self._timers.cancel(("line", self.span, "clear"))
        self._timers.cancel(("line", self.span, "layer2"))
        self._emit(Kind.DCHANNEL_STATE, None, self.span, up=False)
        self._timers.set(("line", self.span, "t309"), now + self._times.layer2_gives_up + self._times.t309)
        self.clearing.link_down()
        self._user.clear_unanswered(self.span, now)
