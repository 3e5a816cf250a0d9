"""1+1 election: who of two servers is active. One machine for every host: SimPy, an OS process, a test.

Theory of operation (after VRRP, RFC 5798; the times are per product):

 1. The active server sends an advert on every heartbeat path each `advert_interval`.
 2. The standby waits `3 * advert_interval + skew`, skew = (256 - priority) / 256 * advert_interval, after the last
    advert it heard. Then it has *detected* the loss. (The timer of that wait is not moved by each advert: when it is
    over too soon, the standby waits for the rest.)
 3. With fencing it first has its peer switched off, which takes `fencing_time`.
 4. It promotes itself: call processing is ready after `promote_time`. Then it is *promoted* and sends adverts; a
    take-over that is called off before says nothing.
 5. It moves the service address, which takes `address_time`. Then it is *serving*.
 6. Any advert of an active peer calls a take-over off that silence began; from its own first advert on rule 7 holds.
 7. Two active servers that hear each other: the one of lower priority steps back (equal: the greater name) and gives
    the service address up; the other claims it again.
 8. With `preempt`, a standby of higher priority takes the service back after `preempt_delay`; only a stronger peer
    calls that off.
 9. A server without peer is active when it starts.
10. An active server that is told to release the service steps back and listens; its peer, once asked, promotes itself
    at once. If the peer does not, silence brings the service back.

The table `RULES` says the same in data; actions are the methods of the same name.
"""

from collections.abc import Callable
from enum import StrEnum

import msgspec

from simtel.core.clock import Ns
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.core.timers import Key

ADVERT = ("advert",)
WAITS = (ADVERT, ("silence",), ("preempt",))  # what is measured; the steps of a take-over last as long as they last
ADDRESS = "address"  # destination of Claim: whoever moves the service address
POWER = "power"  # destination of Fence: whoever can switch a server off


class Advert(msgspec.Struct, frozen=True, gc=False, tag=True):
    """`server` is active. `interval` lets a listener know when silence is silence."""

    server: str
    priority: int
    interval: int


class Claim(msgspec.Struct, frozen=True, gc=False, tag=True):
    """The service address now leads to `server` (gratuitous ARP)."""

    server: str


class Fence(msgspec.Struct, frozen=True, gc=False, tag=True):
    """Switch `server` off."""

    server: str


class State(StrEnum):
    """Where an election machine is."""

    STANDBY = "standby"
    FENCING = "fencing"
    PROMOTING = "promoting"  # because of silence
    PREEMPTING = "preempting"  # the same by rule 8
    MOVING = "moving"
    ACTIVE = "active"


class Signal(StrEnum):
    """What happens to it."""

    SILENCE = "silence"  # rule 2: nothing heard for the detection time
    DONE = "done"  # the running step is finished
    STRONGER = "stronger"  # advert of an active peer to which this server yields
    WEAKER = "weaker"  # advert of an active peer that yields to this server
    PREEMPT = "preempt"  # rule 8: the delay is over
    RELEASE = "release"  # rule 10, told to the active server
    ASKED = "asked"  # rule 10, told to its peer


# (state, signal) -> (next state, action). What is not listed changes nothing.
RULES: dict[tuple[State, Signal], tuple[State, str]] = {
    (State.STANDBY, Signal.SILENCE): (State.FENCING, "detect"),
    (State.STANDBY, Signal.STRONGER): (State.STANDBY, "listen"),
    (State.STANDBY, Signal.WEAKER): (State.STANDBY, "listen"),
    (State.STANDBY, Signal.PREEMPT): (State.PREEMPTING, "promote"),
    (State.FENCING, Signal.DONE): (State.PROMOTING, "promote"),
    (State.FENCING, Signal.STRONGER): (State.STANDBY, "call_off"),
    (State.FENCING, Signal.WEAKER): (State.STANDBY, "call_off"),
    (State.PROMOTING, Signal.DONE): (State.MOVING, "move_address"),
    (State.PROMOTING, Signal.STRONGER): (State.STANDBY, "call_off"),
    (State.PROMOTING, Signal.WEAKER): (State.STANDBY, "call_off"),
    (State.PREEMPTING, Signal.DONE): (State.MOVING, "move_address"),
    (State.PREEMPTING, Signal.STRONGER): (State.STANDBY, "call_off"),
    (State.MOVING, Signal.DONE): (State.ACTIVE, "serve"),
    (State.MOVING, Signal.STRONGER): (State.STANDBY, "step_back"),
    (State.STANDBY, Signal.ASKED): (State.PREEMPTING, "promote"),
    (State.ACTIVE, Signal.RELEASE): (State.STANDBY, "release"),
    (State.ACTIVE, Signal.STRONGER): (State.STANDBY, "step_back"),
    (State.ACTIVE, Signal.WEAKER): (State.ACTIVE, "serve"),  # the address may lead to the other: claim it again
}


class Times(msgspec.Struct, frozen=True):
    """How long each step takes, in nanoseconds."""

    advert_interval: int
    promote_time: int
    address_time: int
    fencing_time: int = 0
    preempt_delay: int = 0


class Election:
    """One server's side of the election."""

    def __init__(
        self,
        name: str,
        out: Out,
        times: Times,
        *,
        priority: int,
        peer: str | None,
        paths: tuple[str, ...] = (),
        fencing: bool = False,
        preempt: bool = False,
        changed: Callable[[State, Ns], None] = lambda _state, _now: None,
    ) -> None:
        """`paths` are the addresses to which adverts go; `changed` is told each new state."""
        self.name = name
        self.state = State.STANDBY
        self.times = times
        self.timers = out.timers
        self._out = out
        self._priority = priority
        self._peer = peer
        self._paths = paths
        self._fencing = fencing
        self._preempt = preempt
        self._changed = changed
        interval = times.advert_interval
        self._advert = Advert(name, priority, interval)
        self.detection_time = Ns(3 * interval + (256 - priority) * interval // 256)  # rule 2
        self._heard = 0  # when the silence began that the standby waits for
        self._waits = False  # for silence

    def start(self, now: Ns, active: bool) -> None:
        """Power-on: as the active server, or listening first."""
        if active or self._peer is None:
            self._enter(State.ACTIVE, "serve", now)
            self._advertise(now)
        else:
            self._enter(State.STANDBY, "listen", now)

    def receive(self, advert: Advert, now: Ns) -> None:
        """An advert of the peer arrived."""
        stronger = (advert.priority, self.name) > (self._priority, advert.server)
        if self._preempt and not stronger and self.state is State.STANDBY and self.timers.at(("preempt",)) is None:
            self.timers.set(("preempt",), now + self.times.preempt_delay)
        self._signal(Signal.STRONGER if stronger else Signal.WEAKER, now)

    def told(self, signal: Signal, now: Ns) -> None:
        """Rule 10: RELEASE or ASKED."""
        self._signal(signal, now)

    def on_timer(self, key: Key, now: Ns) -> None:
        """Next advert, end of a step, or end of patience."""
        match key[0]:
            case "advert":
                self._advertise(now)
            case "silence":
                self._silent(now)
            case "preempt":
                self._signal(Signal.PREEMPT, now)
            case _:
                self._signal(Signal.DONE, now)

    # --- actions of the table

    def detect(self, now: Ns) -> None:
        """Rules 2 and 3."""
        self._out.emit(Kind.SERVER_DETECTED)
        if self._fencing and self._peer is not None:
            self._out.send(POWER, Fence(self._peer))
            self.timers.set(("step",), now + self.times.fencing_time)
        else:
            self._signal(Signal.DONE, now)

    def promote(self, now: Ns) -> None:
        """Rule 4, begun."""
        self.timers.cancel(("preempt",))
        self.timers.cancel(("silence",))
        self._waits = False
        self.timers.set(("step",), now + self.times.promote_time)

    def move_address(self, now: Ns) -> None:
        """Rules 4, done, and 5; adverts begin here, so that a peer that comes back finds the place taken."""
        self._out.emit(Kind.SERVER_PROMOTED)
        self._advertise(now)
        self.timers.set(("step",), now + self.times.address_time)

    def serve(self, now: Ns) -> None:
        """Rule 5, done."""
        self._out.send(ADDRESS, Claim(self.name))

    def listen(self, now: Ns) -> None:
        """Rule 2: wait for silence."""
        self._heard = now
        if not self._waits:
            self._waits = True
            self.timers.set(("silence",), now + self.detection_time)

    def call_off(self, now: Ns) -> None:
        """Rule 6."""
        self.timers.cancel(("step",))
        self.listen(now)

    def step_back(self, now: Ns) -> None:
        """Rule 7. The address comes off this server's card: the peer answers there."""
        self._out.emit(Kind.SERVER_DEMOTED)
        if self._peer is not None:
            self._out.send(ADDRESS, Claim(self._peer))
        self.timers.cancel(("advert",))
        self.call_off(now)

    def release(self, now: Ns) -> None:
        """Rule 10; the address stays here until the peer claims it."""
        self._out.emit(Kind.SERVER_DEMOTED)
        self.timers.cancel(("advert",))
        self.listen(now)

    def _silent(self, now: Ns) -> None:
        """Rule 2: whether the peer was silent for the whole time."""
        until = self._heard + self.detection_time
        if now < until:
            self.timers.set(("silence",), until)
        else:
            self._waits = False
            self._signal(Signal.SILENCE, now)

    def clock_set(self, by: int) -> None:
        """The clock shows `by` more than it would, and so the silence seems longer. Its timer is the host's to move."""
        self._heard -= by

    # --- how the table is served

    def _signal(self, signal: Signal, now: Ns) -> None:
        rule = RULES.get((self.state, signal))
        if rule is not None:
            self._enter(*rule, now)

    def _enter(self, state: State, action: str, now: Ns) -> None:
        before, self.state = self.state, state
        getattr(self, action)(now)
        if self.state is state and state is not before:
            self._changed(state, now)

    def _advertise(self, now: Ns) -> None:
        for path in self._paths:
            self._out.send(path, self._advert)
        self.timers.set(("advert",), now + self.times.advert_interval)
