"""Clearing on an E1 where the far end does not confirm at once (Q.931 5.3.3, 5.3.4, 5.3.5 and 5.5).

1. Who ends a call asks the far end to release it (DISCONNECT), and the timeslot is free when that has confirmed. Where
   frames pass both ways and the far end answers, this takes a round trip and counts as done at once: nothing of it
   stands here. What stands here is the rest.
2. Until it is confirmed the timeslot is held: this end gives it to no call, and takes none on it. After T305 the
   question is repeated as RELEASE, after T308 once more. After another T308 the call is forgotten, and the channel is
   stuck: busy without a call ("maintenance").
3. A stuck channel is reset by RESTART, if this end does that (`restarts`), and is in service again when the far end
   has acknowledged (RESTART ACKNOWLEDGE). After T316 without that it is asked again, N316 times in all; then the
   channel is out of service, management is told, and this end asks no more until layer 2 was set up anew, or somebody
   sees to it. An end that resets no channel keeps a stuck one so until somebody sees to it, or the far end resets it;
   once somebody has, it asks like any other. What somebody would reset while the D-channel is down is reset when it
   is up.
4. A far end that itself asks to release the call, or does not know it, has confirmed (clear collision).
5. When the D-channel goes down, calls that are being released are forgotten here (5.8.9); stuck channels stay so,
   and those out of service.
6. An end that is switched on resets all its channels with one RESTART, whether it resets stuck ones or not. Until the
   far end has acknowledged it gives none of them to a call and takes none on them; T316 and N316 are as in rule 3, and
   what management is told stands for the whole span (timeslot 0).
"""

from collections.abc import Callable
from typing import Protocol

import msgspec

from simtel.core.clock import Ns
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.core.timers import Timers
from simtel.devices.messages.trunk import Release, Restart

DISCONNECT, RELEASE, REPEATED, RESET, STUCK, OUT = "disconnect", "release", "repeated", "reset", "stuck", "out"
BEYOND = (RESET, STUCK, OUT)  # there is no call any more
TOLD = (STUCK, OUT)  # to management
ALL = 0  # instead of a timeslot: the whole span
NEXT = {DISCONNECT: RELEASE, RELEASE: REPEATED, REPEATED: STUCK}
NO_CALL = Release("", "", "")


class ClearingTimes(msgspec.Struct, frozen=True):
    """Figures of one end, durations in nanoseconds."""

    t305: int
    t308: int
    restarts: bool
    t316: int
    n316: int


class Holder(Protocol):
    """Who has the timeslots."""

    def hold(self, call: str, span: str, slot: int) -> None:
        """Its call is over here, and it is not free yet."""

    def let_go(self, call: str, span: str, slot: int) -> None:
        """It is free."""


class _Held(msgspec.Struct, gc=False):
    """A timeslot that is not free yet."""

    question: Release
    state: str = DISCONNECT
    resets: int = 0  # RESTARTs in a row that nobody has acknowledged
    seen_to: bool = False  # somebody has asked for its reset, which may be lost with the D-channel


class Clearing:
    """Timeslots of one end of one span that wait for the far end. Keys of timers begin with 'line'."""

    __slots__ = ("_emit", "_held", "_holder", "_say", "_span", "_timers", "_times", "restarting")

    def __init__(
        self,
        span: str,
        times: ClearingTimes,
        timers: Timers,
        out: Out,
        say: Callable[[object, Ns], None],
        holder: Holder,
    ) -> None:
        """`say`: to the far end."""
        self._span = span
        self._times = times
        self._timers = timers
        self._emit = out.emit
        self._say = say
        self._holder = holder
        self._held: dict[int, _Held] = {}
        self.restarting = False  # rule 6

    def restart(self, up: bool, now: Ns) -> None:
        """Rule 6; when the D-channel is not `up`, it is asked when it is."""
        self.restarting = True
        held = self._held[ALL] = _Held(NO_CALL, RESET)
        if up:
            self._reset(ALL, held, now)

    def begin(self, message: Release, slot: int, now: Ns) -> None:
        """Rule 2."""
        held = self._held[slot] = _Held(Release(message.call, message.cause, message.by, self._span, slot))
        self._holder.hold(message.call, self._span, slot)
        self._timers.set(("line", self._span, slot), now + self._times.t305)
        self._say(held.question, now)

    def on_timer(self, slot: int, now: Ns) -> None:
        """T305, T308 or T316."""
        held = self._held[slot]
        if held.state in BEYOND:
            self._unacknowledged(slot, held, now)
            return
        held.state = NEXT[held.state]
        if held.state == STUCK:
            self._emit(Kind.CHANNEL_STATE, held.question.call, self._span, slot=slot, state="maintenance")
            if self._times.restarts:
                self._reset(slot, held, now)
        else:
            self._timers.set(("line", self._span, slot), now + self._times.t308)
            self._say(held.question, now)

    def _reset(self, slot: int, held: _Held, now: Ns) -> None:
        """Rule 3."""
        held.resets += 1
        self._timers.set(("line", self._span, slot), now + self._times.t316)
        self._say(Restart(self._span, slot), now)

    def _unacknowledged(self, slot: int, held: _Held, now: Ns) -> None:
        """T316."""
        if held.resets < self._times.n316:
            self._reset(slot, held, now)
            if held.state == RESET:
                held.state = STUCK
                self._emit(Kind.CHANNEL_STATE, None, self._span, slot=slot, state="maintenance")
        elif held.state != OUT:
            held.state = OUT
            self._emit(Kind.CHANNEL_STATE, None, self._span, slot=slot, state="out-of-service")

    def confirmed(self, call: str) -> None:
        """The far end has released the call; of one that is forgotten it says nothing (rules 2 and 4)."""
        for slot, held in self._held.items():
            if held.question.call == call and held.state not in BEYOND:
                self._free(slot)
                return

    def far_reset(self, slot: int) -> None:
        """The far end has reset the channel, or all of them; whether it acknowledges rule 6 is another matter."""
        for one in [slot] if slot else list(self._held):
            if one in self._held and one != ALL:
                self._free(one)

    def was_reset(self, slot: int) -> None:
        """The far end acknowledges that the channel, or all of them, was reset."""
        if slot != ALL:
            self.far_reset(slot)
        elif self.restarting:
            self.far_reset(ALL)
            self._free(ALL)

    def link_up(self, now: Ns, seen_to: bool = False) -> None:
        """Layer 2 was set up anew (rules 3 and 6); while it was down somebody has `seen_to` the channels."""
        for slot, held in self._held.items():
            held.seen_to |= seen_to
            if slot == ALL or (held.state in BEYOND and (self._times.restarts or held.seen_to)):
                held.resets = 0
                self._reset(slot, held, now)

    def see_to(self, now: Ns) -> None:
        """Somebody resets what does not come back by itself (rule 3); where T316 runs, it is asked when that is due."""
        for slot, held in self._held.items():
            if held.state in BEYOND:
                held.resets, held.seen_to = 0, True
                if self._timers.at(("line", self._span, slot)) is None:
                    self._reset(slot, held, now)

    def link_down(self) -> None:
        """Rule 5."""
        for slot, held in list(self._held.items()):
            if held.state in BEYOND:
                self._timers.cancel(("line", self._span, slot))
            else:
                self._free(slot)

    def _free(self, slot: int) -> None:
        held = self._held.pop(slot)
        self._timers.cancel(("line", self._span, slot))
        if held.state in TOLD:
            self._emit(Kind.CHANNEL_STATE, None, self._span, slot=slot, state="in-service")
        if slot == ALL:
            self.restarting = False
        else:
            self._holder.let_go(held.question.call, self._span, slot)
