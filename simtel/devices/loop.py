"""Analog loop trunks: the two ends of the lines of one module, as tables of state and event.

Theory of operation. A loop line has no messages: the exchange rings, feeds current, turns the polarity or gives tones,
the module closes the loop or opens it. All that an end knows, it infers.

 1. An exchange rings 1 s on, 4 s off, and the rhythm runs freely: a call that comes in the pause is not heard before
    the next burst. The module offers a call at its n-th burst (the number of the caller comes between the first and
    the second), and takes a line that has been silent for `ring_timeout` as given up by its caller.
 2. A module cannot refuse: a call that the server does not take goes on ringing until its caller has had enough.
 3. To dial out the module closes the loop, waits for dial tone and dials. When the exchange was about to ring (glare),
    this answers a caller: there is no dial tone but somebody on the line. After `dial_tone_wait` the module takes him
    as an incoming call or hangs up on him (`glare`), and the outgoing call tries another line.
 4. That a called party has answered, the exchange tells by turning the polarity, if the line is sold so (`reversal`).
    A module that does not go by that takes the call as answered `guess_time` after dialling, rightly or not.
 5. That the far end is gone, it tells by turning the polarity back where it had turned it (so never to whoever was
    called, nor when nobody answered), by breaking the loop for `break_time`, and by busy tone. The module notices the
    first, a break that lasts `break_detect`, or `busy_cycles` of busy tone.
 6. A line is free again when the module has hung up, whatever the exchange wants; the module itself waits for `guard`
    before it takes the line again.
 7. A module without power opens all loops. The exchange goes on ringing lines on which nothing lives.
 8. A module that lifts to answer a caller who has just given up gets dial tone. It takes that for its caller, and
    dials nothing: after `FIRST_DIGIT` the exchange gives busy tone, and so the module learns that nobody is there.
    (Whoever lifts to dial does so in time: the exchange times only those who do not mean to.)
 9. A module that measures the rhythm takes a burst that comes later than that allows for another caller's
    (`late_ring`): the one before him has gone, however short of `ring_timeout` the silence was. A module that times
    the silence alone takes him for the other, and so does every module one who calls within the very pause in which
    the other gave up: until his number comes or, when that has come before, until it lifts.
"""

from collections.abc import Callable
from typing import Any, ClassVar, Protocol

import msgspec

from simtel.core.causes import GLARE
from simtel.core.clock import MS, SECOND, Ns
from simtel.core.machine import Out
from simtel.core.timers import Timers
from simtel.devices.alarms import LOS
from simtel.devices.messages.trunk import Connect, LoopSign, Release, Setup

RING_ON, RING_OFF = SECOND, 4 * SECOND  # GB/T 3380
RING_LATE = (RING_ON + RING_OFF) * 11 // 10  # from burst to burst, the tolerance of a cadence included: a tenth
BUSY_CYCLE = 700 * MS  # 450 Hz, 0.35 s on and off, the same
POLARITY_DEBOUNCE = 64 * MS  # dahdi-linux wctdm
FIRST_DIGIT = 16 * SECOND  # chan_dahdi.conf.sample; what an exchange of the public network waits is not stated
NOBODY = Setup("", "", 0)


class LoopTimes(msgspec.Struct, frozen=True):
    """The lines as they are sold, and how the module goes by them. Durations in nanoseconds."""

    reversal: bool
    break_time: int
    rings: int
    ring_timeout: int
    dial_tone_wait: int
    dial_time: int
    answer_by: str
    guess_time: int
    break_detect: int
    busy_cycles: int
    guard: int
    glare: str
    late_ring: str


class LoopUser(Protocol):
    """The device at this end."""

    name: str

    def receive(self, message: object, now: Ns) -> None:
        """What the end made of the signs, as a message of the kind that an E1 carries."""

    def take_line(self, call: str, span: str, slot: int) -> None:
        """The far end has taken the line for this call; for none (rule 8) when it is empty."""

    def line_free(self, call: str, span: str, slot: int) -> None:
        """The line is free again."""


class _One(msgspec.Struct, gc=False):
    """One line as one end sees it. `rung`: bursts heard, the last of them at `heard`; `found`: whoever is on the line,
    called by its number or in place of dial tone; `turned`: the polarity is."""

    slot: int
    state: str = "idle"
    call: str = ""
    setup: Setup = NOBODY
    rung: int = 0
    heard: int = 0
    found: Setup = NOBODY
    turned: bool = False


class _End:
    """What both ends share: lines with states, and a table that says what an event does in a state."""

    TABLE: ClassVar[dict[tuple[str, str], tuple[str, str]]]
    in_service = True  # rule 7: nobody tells whether the far end lives
    waits = False

    def __init__(
        self, span: str, far: str, lines: int, times: LoopTimes, timers: Timers, out: Out, user: LoopUser
    ) -> None:
        self.span = span
        self.far = f"{far}/{span}"
        self._times = times
        self._timers = timers
        self._send: Callable[[str, object], None] = out.send
        self._user = user
        self._lines = {slot: _One(slot) for slot in range(1, lines + 1)}

    def _of(self, call: str) -> _One | None:
        return next((line for line in self._lines.values() if line.call == call), None)

    def send(self, message: object, now: Ns) -> None:
        """What the device would say on an E1. What a loop line has no sign for is not said."""
        if isinstance(message, Setup):
            line = self._lines[message.slot]
            line.setup = message
            self._event(line, "setup", now)
        elif isinstance(message, Connect | Release):
            found = self._of(message.call)
            if found is not None:
                self._event(found, "connect" if isinstance(message, Connect) else "release", now)

    def release(self, message: Release, slot: int, now: Ns) -> None:
        """The same: nobody confirms it, the device sees the line come free."""
        self.send(message, now)

    def released(self, call: str) -> None:
        """Nobody says so on a loop line."""

    def sign(self, message: LoopSign, now: Ns) -> None:
        """The far end did something to the line."""
        line = self._lines[message.slot]
        if message.setup is not None:
            line.found = message.setup
        self._event(line, message.sign, now)

    def start(self, now: Ns) -> None:
        """A loop that was open says nothing."""

    def link_reset(self, now: Ns) -> None:
        """There is no layer 2."""

    def on_timer(self, key: tuple[Any, ...], now: Ns) -> None:
        """One of the timers of a line is due."""
        slot, what = key
        self._event(self._lines[slot], what, now)

    def _event(self, line: _One, event: str, now: Ns) -> None:
        row = self.TABLE.get((line.state, event))
        if row is not None:
            action, line.state = row
            if action:
                getattr(self, f"_{action}")(line, now)

    def _say(self, line: _One, sign: str, setup: Setup | None = None) -> None:
        self._send(self.far, LoopSign(self.span, line.slot, sign, setup))

    def _later(self, line: _One, what: str, at: int) -> None:
        self._timers.set(("line", self.span, (line.slot, what)), at)

    def _stop(self, line: _One, *whats: str) -> None:
        self._timers.cancel_all(("line", self.span, (line.slot, what)) for what in whats)


class LoopCard(_End):
    """The exchange's end."""

    # (state, event) -> (action, next state); what is not listed means nothing there.
    TABLE: ClassVar[dict[tuple[str, str], tuple[str, str]]] = {
        ("idle", "setup"): ("begin_ringing", "ringing"),
        ("idle", "off-hook"): ("give_dial_tone", "dial-tone"),
        ("ringing", "burst"): ("ring", "ringing"),
        ("ringing", "release"): ("stop_ringing", "idle"),
        ("ringing", "off-hook"): ("answered", "talking"),
        ("dial-tone", "digits"): ("pass_on", "calling"),
        ("dial-tone", "no-digit"): ("give_busy", "held"),  # rule 8
        ("dial-tone", "on-hook"): ("free", "idle"),
        ("calling", "connect"): ("tell_answer", "talking"),
        ("calling", "release"): ("tell_release", "held"),
        ("calling", "on-hook"): ("released", "idle"),
        ("talking", "release"): ("tell_release", "held"),
        ("talking", "on-hook"): ("released", "idle"),
        ("held", "on-hook"): ("free", "idle"),
    }

    def set_signal(self, on: bool, now: Ns, defect: str = LOS) -> None:
        """Rule 7."""
        if not on:
            for line in self._lines.values():
                self._event(line, "on-hook", now)

    def _begin_ringing(self, line: _One, now: Ns) -> None:
        line.call = line.setup.call
        into = now % (RING_ON + RING_OFF)
        self._later(line, "burst", now if into < RING_ON else now - into + RING_ON + RING_OFF)

    def _ring(self, line: _One, now: Ns) -> None:
        self._say(line, "ring", line.setup)
        cycle = RING_ON + RING_OFF
        self._later(line, "burst", now - now % cycle + cycle)

    def _stop_ringing(self, line: _One, now: Ns) -> None:
        self._stop(line, "burst")
        self._free(line, now)

    def _answered(self, line: _One, now: Ns) -> None:
        self._stop(line, "burst")
        if line.found is not NOBODY:  # whoever lifted wanted to dial: he hears the caller
            self._say(line, "voice", line.setup)
        self._user.receive(Connect(line.call), now)

    def _give_dial_tone(self, line: _One, now: Ns) -> None:
        line.setup = line.found
        line.call = line.setup.call
        self._user.take_line(line.call, self.span, line.slot)
        self._say(line, "dial-tone")
        if line.setup is NOBODY:
            self._later(line, "no-digit", now + FIRST_DIGIT)

    def _give_busy(self, line: _One, now: Ns) -> None:
        self._say(line, "busy")

    def _pass_on(self, line: _One, now: Ns) -> None:
        self._user.receive(line.setup, now)

    def _tell_answer(self, line: _One, now: Ns) -> None:
        if self._times.reversal:
            line.turned = True
            self._say(line, "reversed")

    def _tell_release(self, line: _One, now: Ns) -> None:
        if line.turned:
            self._say(line, "normal")
        if self._times.break_time:
            self._say(line, "break")
        self._say(line, "busy")

    def _released(self, line: _One, now: Ns) -> None:
        self._user.receive(Release(line.call, "normal", self.far.partition("/")[0]), now)
        self._free(line, now)

    def _free(self, line: _One, now: Ns) -> None:
        call, line.call = line.call, ""
        line.setup, line.found, line.turned = NOBODY, NOBODY, False
        self._stop(line, "no-digit")
        self._user.line_free(call, self.span, line.slot)


class LoopPort(_End):
    """The module's end."""

    TABLE: ClassVar[dict[tuple[str, str], tuple[str, str]]] = {
        ("idle", "ring"): ("heard", "ringing"),
        ("ringing", "ring"): ("heard", "ringing"),
        ("ringing", "silent"): ("caller_gone", "idle"),
        ("ringing", "connect"): ("lift", "talking"),
        ("ringing", "release"): ("keep", "ignored"),  # rule 2
        ("ignored", "ring"): ("heard_on", "ignored"),
        ("ignored", "silent"): ("free", "idle"),
        ("idle", "setup"): ("seize", "seized"),
        ("guard", "setup"): ("reserve", "waiting-guard"),
        ("waiting-guard", "guarded"): ("seize", "seized"),
        ("waiting-guard", "release"): ("forget", "guard"),
        ("guard", "guarded"): ("", "idle"),
        ("seized", "dial-tone"): ("dial", "dialling"),
        ("seized", "no-tone"): ("glare", "talking"),  # rule 3
        ("seized", "busy"): ("try_another", "guard"),
        ("seized", "release"): ("hang_up", "guard"),
        ("dialling", "dialled"): ("send_digits", "waiting"),
        ("dialling", "release"): ("hang_up", "guard"),
        ("waiting", "reversed"): ("turned", "waiting"),
        ("waiting", "answer"): ("far_answered", "talking"),
        ("waiting", "busy"): ("count_busy", "waiting"),
        ("waiting", "break"): ("broken", "waiting"),
        ("waiting", "normal"): ("turned_back", "waiting"),
        ("waiting", "gone"): ("far_gone", "guard"),
        ("waiting", "release"): ("hang_up", "guard"),
        ("talking", "busy"): ("count_busy", "talking"),
        ("talking", "break"): ("broken", "talking"),
        ("talking", "normal"): ("turned_back", "talking"),
        ("talking", "gone"): ("far_gone", "guard"),
        ("talking", "release"): ("hang_up", "guard"),
    }

    def set_signal(self, on: bool, now: Ns, defect: str = LOS) -> None:
        """A module feels nothing of its own power."""

    def _heard(self, line: _One, now: Ns) -> None:
        if line.rung and self._is_another(line, now):
            self._another(line, now)
        if line.call != line.found.call and line.rung < self._times.rings:
            self._take(line, now)
        line.rung += 1
        line.heard = now
        self._wait_for_silence(line, now)
        if line.rung == self._times.rings:
            self._user.receive(line.setup, now)

    def _heard_on(self, line: _One, now: Ns) -> None:
        """Rule 9 ends rule 2."""
        if self._is_another(line, now):
            line.state = "ringing"
            self._heard(line, now)
        else:
            line.heard = now
            self._wait_for_silence(line, now)

    def _is_another(self, line: _One, now: Ns) -> bool:
        """Rule 9; a burst of the same call, however late, is none: our simplification, a module knows no calls."""
        late = now - line.heard > RING_LATE
        return late and self._times.late_ring == "new-caller" and line.call != line.found.call

    def _another(self, line: _One, now: Ns) -> None:
        """Rule 9: whoever rang before has gone."""
        caller = line.found
        self._caller_gone(line, now)
        line.found = caller

    def _take(self, line: _One, now: Ns) -> None:
        """It is taken for the caller who is on it."""
        if line.call:
            self._user.line_free(line.call, self.span, line.slot)
        line.setup, line.call = line.found, line.found.call
        self._user.take_line(line.call, self.span, line.slot)

    def _wait_for_silence(self, line: _One, now: Ns) -> None:
        self._later(line, "silent", now + self._times.ring_timeout)

    def _keep(self, line: _One, now: Ns) -> None:
        """Rule 2: it rings, so nobody may take it to dial out."""
        self._user.take_line(line.call, self.span, line.slot)

    def _caller_gone(self, line: _One, now: Ns) -> None:
        call, offered = line.call, line.rung >= self._times.rings
        self._free(line, now)
        if offered:
            self._user.receive(Release(call, "normal", self.far.partition("/")[0]), now)

    def _lift(self, line: _One, now: Ns) -> None:
        self._stop(line, "silent")
        line.rung = 0
        self._say(line, "off-hook")
        if line.call != line.found.call:  # rule 9
            self._user.receive(Release(line.call, "normal", self.far.partition("/")[0]), now)
            self._take(line, now)
            self._user.receive(line.setup, now)

    def _reserve(self, line: _One, now: Ns) -> None:
        line.call = line.setup.call

    def _forget(self, line: _One, now: Ns) -> None:
        line.call = ""

    def _seize(self, line: _One, now: Ns) -> None:
        line.call, line.found = line.setup.call, NOBODY
        self._say(line, "off-hook", line.setup)
        self._later(line, "no-tone", now + self._times.dial_tone_wait)

    def _dial(self, line: _One, now: Ns) -> None:
        self._stop(line, "no-tone")
        self._later(line, "dialled", now + self._times.dial_time)

    def _send_digits(self, line: _One, now: Ns) -> None:
        self._say(line, "digits")
        if self._times.answer_by == "guess":
            self._later(line, "answer", now + self._times.guess_time)

    def _turned(self, line: _One, now: Ns) -> None:
        if self._times.answer_by == "reversal":
            self._later(line, "answer", now + POLARITY_DEBOUNCE)

    def _far_answered(self, line: _One, now: Ns) -> None:
        self._user.receive(Connect(line.call), now)

    def _glare(self, line: _One, now: Ns) -> None:
        meant, caller = line.call, line.found
        if caller is NOBODY or self._times.glare == "hang-up":
            line.state = "guard"
            self._try_another(line, now)
            return
        line.setup, line.call = caller, caller.call
        self._user.receive(caller, now)
        self._user.receive(Release(meant, GLARE, self.far.partition("/")[0]), now)

    def _try_another(self, line: _One, now: Ns) -> None:
        call = line.call
        self._hang_up(line, now)
        self._user.receive(Release(call, GLARE, self.far.partition("/")[0]), now)

    def _turned_back(self, line: _One, now: Ns) -> None:
        self._gone_at(line, now + POLARITY_DEBOUNCE)

    def _broken(self, line: _One, now: Ns) -> None:
        if self._times.break_time >= self._times.break_detect:
            self._gone_at(line, now + self._times.break_detect)

    def _count_busy(self, line: _One, now: Ns) -> None:
        self._gone_at(line, now + self._times.busy_cycles * BUSY_CYCLE)

    def _gone_at(self, line: _One, at: int) -> None:
        sooner = self._timers.at(("line", self.span, (line.slot, "gone")))
        if sooner is None or at < sooner:
            self._later(line, "gone", at)

    def _far_gone(self, line: _One, now: Ns) -> None:
        call = line.call
        self._hang_up(line, now)
        self._user.receive(Release(call, "normal", self.far.partition("/")[0]), now)

    def _hang_up(self, line: _One, now: Ns) -> None:
        self._stop(line, "no-tone", "dialled", "answer", "gone")
        self._say(line, "on-hook")
        self._later(line, "guarded", now + self._times.guard)
        line.call, line.rung, line.setup, line.found = "", 0, NOBODY, NOBODY

    def _free(self, line: _One, now: Ns) -> None:
        call, line.call = line.call, ""
        self._stop(line, "silent", "guarded")
        line.rung, line.setup, line.found = 0, NOBODY, NOBODY
        self._user.line_free(call, self.span, line.slot)
