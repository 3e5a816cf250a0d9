"""Channel-associated signalling of an E1 (China No. 1, MFC-R2): the line signals in timeslot 16, at either end.

Theory of operation. Each timeslot has a pair of bits each way, which show a state as long as it lasts. Whoever seizes
is the forward end of that call, whoever is called the backward end; one table has the states of both.

 1. The forward end seizes, the backward end acknowledges, and the register signals (number, caller's number, category)
    take `register_time`. What is not acknowledged within ACKNOWLEDGED is given up.
 2. The backward end answers; before that it may refuse, which the forward end takes as the end of the call.
 3. Only the forward end can clear (clear-forward). The backward end then disconnects, and shows idle after
    `release_guard`; the timeslot is free for both when that has arrived (release guard). Until then it is held.
 4. A backward end whose side has hung up can only say so (clear-back). The timeslot stays busy until the forward end
    clears: a gateway does at once, the exchange when its caller has hung up, or `clear_back` later.
 5. When both seize one timeslot, the network's call keeps it, and the gateway takes another (our rule).
 6. An end with an alarm takes no call, and clears all that it has; the timeslots are free when the alarm is over, and
    that is shown to the far end. So it is also when timeslot 16 alone is lost, and speech would go on.
 7. Signals show states: those that changed while the line was dead are seen when it is back, the last of each timeslot.
 8. An end that starts anew clears forward on all timeslots; a forward end that sees this has lost its call.
"""

from collections.abc import Callable
from typing import ClassVar, Protocol

import msgspec

from simtel.core.causes import GLARE, TRUNK_DEAD
from simtel.core.clock import SECOND, Ns
from simtel.core.machine import Out
from simtel.core.timers import Timers
from simtel.devices.alarms import LOS, RAI, E1End
from simtel.devices.circuits import SLOTS
from simtel.devices.clearing import Holder
from simtel.devices.loop import NOBODY, LoopUser
from simtel.devices.messages.trunk import CasSign, Connect, Release, Restart, Setup

ACKNOWLEDGED = 2 * SECOND  # openr2's default
OVER = Release("", "normal", "")


class CasTimes(msgspec.Struct, frozen=True):
    """Figures of one end, durations in nanoseconds."""

    alarm_debounce: int
    rai_debounce: int
    alarm_settle: int
    register_time: int
    release_guard: int
    clear_back: int
    lingers: int

    def debounce(self, defect: str) -> int:
        """How long a defect must last."""
        return self.rai_debounce if defect == RAI else self.alarm_debounce


class CasUser(LoopUser, Holder, Protocol):
    """The device at this end."""

    network: bool  # rule 5

    def lingers(self, mean: int) -> int:
        """Rule 4: its side hangs up so much later than the far side."""


class _Slot(msgspec.Struct, gc=False):
    """One timeslot as one end sees it. `coming`: the call for which the far end seized it. `release`: why its side, or
    the far side, ends the call."""

    number: int
    state: str = "idle"
    call: str = ""
    setup: Setup = NOBODY
    coming: Setup = NOBODY
    release: Release = OVER


class CasEnd(E1End):
    """One end of one span."""

    # (state, event) -> (action, next state); what is not listed means nothing there. Forward states first.
    TABLE: ClassVar[dict[tuple[str, str], tuple[str, str]]] = {
        ("idle", "setup"): ("seize", "seizing"),
        ("seizing", "seize-ack"): ("dial", "dialling"),
        ("seizing", "late"): ("give_up", "releasing"),
        ("seizing", "seize"): ("meet", "seizing"),  # rule 5
        ("seizing", "release"): ("clear", "releasing"),
        ("seizing", "clear-forward"): ("lose", "releasing"),
        ("dialling", "dialled"): ("pass_on", "offering"),
        ("dialling", "release"): ("clear", "releasing"),
        ("dialling", "clear-forward"): ("lose", "releasing"),
        ("offering", "answer"): ("connected", "forward"),
        ("offering", "refused"): ("lose", "releasing"),
        ("offering", "clear-back"): ("far_side_gone", "lingering"),
        ("offering", "release"): ("clear", "releasing"),
        ("offering", "clear-forward"): ("lose", "releasing"),
        ("forward", "clear-back"): ("far_side_gone", "lingering"),
        ("forward", "release"): ("clear", "releasing"),
        ("forward", "clear-forward"): ("lose", "releasing"),
        ("lingering", "lingered"): ("clear_at_last", "releasing"),
        ("lingering", "clear-forward"): ("clear_at_last", "releasing"),
        ("releasing", "idle"): ("free", "idle"),
        ("idle", "seize"): ("acknowledge", "seized"),
        ("idle", "clear-forward"): ("say_idle", "idle"),
        ("seized", "digits"): ("offer", "offered"),
        ("seized", "clear-forward"): ("guard", "guarding"),
        ("offered", "connect"): ("answer", "backward"),
        ("offered", "release"): ("refuse", "cleared-back"),
        ("offered", "clear-forward"): ("far_cleared", "guarding"),
        ("backward", "release"): ("clear_back", "cleared-back"),
        ("backward", "clear-forward"): ("far_cleared", "guarding"),
        ("cleared-back", "clear-forward"): ("guard", "guarding"),
        ("guarding", "guarded"): ("show_idle", "idle"),
        ("mute", "confirmed"): ("show_idle", "idle"),
    }
    waits = False
    # States in which the device has a call that the line may take from it (rule 6).
    UP = ("seizing", "dialling", "offering", "forward", "offered", "backward")

    def __init__(self, span: str, far: str, times: CasTimes, timers: Timers, out: Out, user: CasUser) -> None:
        super().__init__(span, times, timers, out)
        self.far = f"{far}/{span}"
        self.signal = True
        self._cas = times
        self._send: Callable[[str, object], None] = out.send
        self._user = user
        self._slots = {number: _Slot(number) for number in SLOTS}
        self._unseen: dict[int, CasSign] = {}  # rule 7

    @property
    def in_service(self) -> bool:
        """Rule 6."""
        return not self.alarm

    def start(self, now: Ns) -> None:
        """Rule 8."""
        self.send(Restart(self.span), now)

    def send(self, message: object, now: Ns) -> None:
        """What the device would say on a D-channel. For what there is no signal, that is not said."""
        if isinstance(message, Setup):
            slot = self._slots[message.slot]
            slot.setup, slot.call = message, message.call
            self._event(slot, "setup", now)
        elif isinstance(message, Connect | Release):
            found = next((slot for slot in self._slots.values() if slot.call == message.call), None)
            if found is not None and isinstance(message, Release):
                self.release(message, found.number, now)
            elif found is not None:
                self._event(found, "connect", now)
        elif isinstance(message, Restart):  # rule 8
            for slot in self._slots.values():
                self._say(slot, "clear-forward")

    def release(self, message: Release, slot: int, now: Ns) -> None:
        """The call on that timeslot is over."""
        one = self._slots[slot]
        if one.call == message.call:
            one.release = message
            self._event(one, "release", now)

    def link_reset(self, now: Ns) -> None:
        """There is no layer 2."""

    def sign(self, message: CasSign, now: Ns) -> None:
        """The far end shows something."""
        slot = self._slots[message.slot]
        if message.setup is not None:
            slot.coming = message.setup
        if message.release is not None:
            slot.release = message.release
        self._event(slot, message.sign, now)

    def set_signal(self, on: bool, now: Ns, defect: str = LOS) -> None:
        """Rules 6 and 7."""
        self._sees("" if on else defect, now)
        if on and not self.signal:
            for unseen in self._unseen.values():
                self._send(self.far, unseen)
            self._unseen.clear()
        self.signal = on

    def leave_unanswered(self, on: bool, now: Ns) -> None:
        """This end no longer shows idle after a release, or shows it again."""
        self.unanswered = on
        for slot in () if on else self._slots.values():
            self._event(slot, "confirmed", now)

    def on_timer(self, what: str | tuple[int, str], now: Ns) -> None:
        """A debounce, or a timer of a timeslot, is due."""
        if isinstance(what, tuple):
            self._event(self._slots[what[0]], what[1], now)
        else:
            self._report(self.defect, now)

    def _alarmed(self, now: Ns) -> None:
        """Rule 6."""
        if not self.alarm:
            for slot in self._slots.values():
                if slot.state == "blocked":
                    slot.state = "idle"
                    self._show_idle(slot, now)
            return
        for slot in self._slots.values():
            if slot.state in ("idle", "blocked"):
                continue
            up, slot.state = slot.state in self.UP, "blocked"
            for what in ("late", "dialled", "lingered", "guarded"):
                self._timers.cancel(("line", self.span, (slot.number, what)))
            self._hold(slot)
            self._say(slot, "clear-forward")
            if up:
                self._user.receive(Release(slot.call, "line", self._user.name), now)

    def _event(self, slot: _Slot, event: str, now: Ns) -> None:
        row = self.TABLE.get((slot.state, event))
        if row is not None:
            action, slot.state = row
            getattr(self, f"_{action}")(slot, now)

    def _say(self, slot: _Slot, sign: str, setup: Setup | None = None, release: Release | None = None) -> None:
        message = CasSign(self.span, slot.number, sign, setup, release)
        if self.signal:
            self._send(self.far, message)
        else:
            self._unseen[slot.number] = message

    def _later(self, slot: _Slot, what: str, at: int) -> None:
        self._timers.set(("line", self.span, (slot.number, what)), at)

    def _hold(self, slot: _Slot) -> None:
        self._user.hold(slot.call, self.span, slot.number)

    # --- forward

    def _seize(self, slot: _Slot, now: Ns) -> None:
        self._say(slot, "seize", slot.setup)
        self._later(slot, "late", now + ACKNOWLEDGED)

    def _dial(self, slot: _Slot, now: Ns) -> None:
        self._timers.cancel(("line", self.span, (slot.number, "late")))
        self._later(slot, "dialled", now + self._cas.register_time)

    def _pass_on(self, slot: _Slot, now: Ns) -> None:
        self._say(slot, "digits")

    def _give_up(self, slot: _Slot, now: Ns) -> None:
        slot.release = Release(slot.call, TRUNK_DEAD, self._user.name)
        self._lose(slot, now)

    def _meet(self, slot: _Slot, now: Ns) -> None:
        if self._user.network:
            return
        meant, slot.state = slot.call, "seized"
        self._timers.cancel(("line", self.span, (slot.number, "late")))
        self._acknowledge(slot, now)
        self._user.receive(Release(meant, GLARE, self.far.partition("/")[0]), now)

    def _connected(self, slot: _Slot, now: Ns) -> None:
        self._user.receive(Connect(slot.call), now)

    def _clear(self, slot: _Slot, now: Ns) -> None:
        for what in ("late", "dialled"):
            self._timers.cancel(("line", self.span, (slot.number, what)))
        self._hold(slot)
        self._say(slot, "clear-forward")

    def _lose(self, slot: _Slot, now: Ns) -> None:
        """The far end has ended it; only this end can clear."""
        self._clear(slot, now)
        self._over(slot, now)

    def _far_side_gone(self, slot: _Slot, now: Ns) -> None:
        self._hold(slot)
        self._later(slot, "lingered", now + min(self._user.lingers(self._cas.lingers), self._cas.clear_back))
        self._over(slot, now)

    def _clear_at_last(self, slot: _Slot, now: Ns) -> None:
        self._timers.cancel(("line", self.span, (slot.number, "lingered")))
        self._say(slot, "clear-forward")

    def _over(self, slot: _Slot, now: Ns) -> None:
        why = (
            slot.release if slot.release.call == slot.call else Release(slot.call, "normal", self.far.partition("/")[0])
        )
        self._user.receive(why, now)

    def _free(self, slot: _Slot, now: Ns) -> None:
        call, slot.call = slot.call, ""
        slot.setup, slot.coming, slot.release = NOBODY, NOBODY, OVER
        self._user.let_go(call, self.span, slot.number)

    # --- backward

    def _acknowledge(self, slot: _Slot, now: Ns) -> None:
        slot.setup, slot.call = slot.coming, slot.coming.call
        self._user.take_line(slot.call, self.span, slot.number)
        self._say(slot, "seize-ack")

    def _offer(self, slot: _Slot, now: Ns) -> None:
        self._user.receive(slot.setup, now)

    def _answer(self, slot: _Slot, now: Ns) -> None:
        self._say(slot, "answer")

    def _refuse(self, slot: _Slot, now: Ns) -> None:
        self._hold(slot)
        self._say(slot, "refused", release=slot.release)

    def _clear_back(self, slot: _Slot, now: Ns) -> None:
        self._hold(slot)
        self._say(slot, "clear-back", release=slot.release)

    def _far_cleared(self, slot: _Slot, now: Ns) -> None:
        self._guard(slot, now)
        self._user.receive(Release(slot.call, "normal", self.far.partition("/")[0]), now)

    def _guard(self, slot: _Slot, now: Ns) -> None:
        self._hold(slot)
        self._later(slot, "guarded", now + self._cas.release_guard)

    def _say_idle(self, slot: _Slot, now: Ns) -> None:
        self._say(slot, "idle")

    def _show_idle(self, slot: _Slot, now: Ns) -> None:
        if self.unanswered and slot.state == "idle":
            slot.state = "mute"
            return
        self._say(slot, "idle")
        self._free(slot, now)
