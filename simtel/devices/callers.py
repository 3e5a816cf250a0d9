"""People at the public network: callers who dial, wait, talk, lose patience and dial again, and whom agents call.

Rules:
 1. A caller who hears music waits by his patience; one who hears nothing hangs up after a while and was cut off.
 2. When the talk is over, the caller hangs up, or says goodbye and leaves that to the agent.
 3. Who was not served dials again with a given probability after a while, a few times at most.
 4. A call that an agent was told to dial, and for which he had no time until the end of the load, is a call that
    nobody made: it is offered then, and refused at his seat.
 5. Who hears that the other has hung up puts down his own receiver after a while. Only channel-associated signalling
    waits for that (`cas`).
 6. Who still waits when the run is over has not lost patience: his call ends as waiting.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import msgspec

from simtel.core.causes import NOT_DIALLED
from simtel.core.clock import MINUTE, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.core.streams import Streams
from simtel.core.timers import Key, Timers
from simtel.devices.ears import Ears
from simtel.devices.messages.people import Dialled, DialOrder, GaveUp, Goodbye, Hello, Music
from simtel.devices.messages.physics import Sound
from simtel.devices.plane import MediaPlane

IDLE_MENU = 3 * MINUTE  # nobody stays longer in an IVR that does nothing: our own figure
T301 = 3 * MINUTE  # alerting without answer, Q.931 table 9-1
FAREWELL = 10 * SECOND  # after "goodbye" the caller hangs up himself when the agent does not
ATTEMPTS = 5  # rule 3: nobody dials more often


class Arrival(msgspec.Struct, frozen=True, gc=False):
    """One call that somebody wants to make. Times in nanoseconds."""

    at: int
    talk: int
    skill: str
    seat: str = ""  # an agent dials out from this seat
    priority: int = 0  # whoever has more is served first
    recorded: bool = False  # the call must be recorded
    circuit: tuple[str, int] | None = None  # a call generator on the trunks wants this span and timeslot


class Habits(msgspec.Struct, frozen=True):
    """How people behave. Means in nanoseconds, shares 0..1."""

    queue_patience: int
    silence_patience: int
    redial: float
    redial_delay: int
    caller_ends: float
    answer_time: int


class Call(msgspec.Struct, gc=False):
    """`step`: what the call's one timer is for at present; people's patience with silence runs beside it.

    `span` and `slot` (where it lies, if anywhere), `tries` and `moved` are kept by the half that brings calls.
    """

    id: str
    arrival: Arrival
    attempt: int
    span: str = ""
    slot: int = 0
    seat: str = ""
    tries: int = 0
    moved: int = 0
    connected: bool = False
    queued: bool = False
    talking: bool = False
    finished: bool = False
    step: str = ""


class Callers(ABC):
    """The half of the exchange that is people. The other half brings their calls to the call centre.

    Both work on one table of calls, which the exchange makes and hands to either; here calls enter it and leave it.
    """

    name: str
    timers: Timers
    send: Callable[[str, object], None]
    emit: Callable[..., None]

    def __init__(
        self,
        out: Out,
        *,
        calls: dict[str, Call],
        habits: Habits,
        arrivals: Iterator[Arrival],
        load_until: int,
        streams: Streams,
        plane: MediaPlane,
    ) -> None:
        self._plane = plane
        self._habits = habits
        self._arrivals = arrivals
        self._load_until = load_until
        self._patience = streams("patience")
        self._answering = streams("called party")
        self._redialling = streams("redial")
        self._ending = streams("who ends")
        self._lingering = streams("lingering")
        self._ears = Ears("public", out)
        self._calls = calls
        self._ordered: dict[str, Call] = {}  # calls that agents were told to dial and did not yet
        self.offered = 0
        self._coming = Arrival(0, 0, "")
        self.load_over = False

    # --- what the other half does

    @abstractmethod
    def _bring(self, call: Call, now: Ns) -> None:
        """The caller has dialled."""

    @abstractmethod
    def _clear_down(self, call: Call, cause: str, now: Ns) -> None:
        """Tell the far end."""

    @abstractmethod
    def _answer(self, call: Call, now: Ns) -> None:
        """Tell the far end that the called party has lifted."""

    @abstractmethod
    def _leave(self, call: Call) -> None:
        """The call has ended: give back its timeslot, if it has one."""

    # --- load

    def start(self, now: Ns) -> None:
        """Let the first caller come."""
        self._next_arrival(now)

    def offer(self, arrivals: Iterator[Arrival], until: int, now: Ns) -> None:
        """A stretch of load that ends at `until`, in place of what was still to come."""
        self.timers.cancel(("arrival",))
        self.timers.cancel(("over",))
        self._arrivals, self._load_until, self.load_over = arrivals, until, False
        self._next_arrival(now)

    @property
    def quiet(self) -> bool:
        """The load is over and no call is left."""
        return self.load_over and not self._calls

    def finish(self, now: Ns) -> None:
        """The run is over: who talks comes to an end, who waits has waited in vain so far (rule 6)."""
        for call in self._calls.values():
            if call.talking:
                self._await(call, "talk", now)
            elif call.connected:
                self._await(call, "over", now)

    def _next_arrival(self, now: Ns) -> None:
        arrival = next(self._arrivals, None)
        if arrival is None:
            self.timers.set(("over",), max(now, self._load_until))
        else:
            self._coming = arrival
            self.timers.set(("arrival",), arrival.at)

    def _arrive(self, key: Key, now: Ns) -> None:
        arrival = self._coming
        if arrival.seat:
            self.offered += 1
            call = f"c{self.offered}"
            self._ordered[call] = Call(call, arrival, 1)
            self.send(arrival.seat, DialOrder(call, self._load_until, arrival.recorded))
        else:
            self._offer(arrival, 1, now)
        self._next_arrival(now)

    def _over(self, key: Key, now: Ns) -> None:
        self.load_over = True
        self._calls |= self._ordered
        for call in self._ordered.values():
            self._say_offered(call, "out")
            self._refuse(call, NOT_DIALLED, call.arrival.seat, now)
        self._ordered.clear()
        self.emit(Kind.LOAD_ENDED, offered=self.offered)

    def _redial(self, key: Key, now: Ns) -> None:
        self._offer(key[1], key[2], now)

    def _offer(self, arrival: Arrival, attempt: int, now: Ns) -> None:
        self.offered += 1
        call = Call(f"c{self.offered}", arrival, attempt)
        self._calls[call.id] = call
        self._say_offered(call, "in")
        self._bring(call, now)

    def _say_offered(self, call: Call, direction: str) -> None:
        wanted = call.arrival
        marks: dict[str, int | bool] = {}
        if wanted.priority:
            marks["priority"] = wanted.priority
        if wanted.recorded:
            marks["recorded"] = True
        self.emit(Kind.CALL_OFFERED, call.id, direction=direction, skill=wanted.skill, attempt=call.attempt, **marks)

    # --- one call, step by step

    def _await(self, call: Call, step: str, at: int) -> None:
        """The call goes on at `at` unless something happens before: one step at a time."""
        call.step = step
        self.timers.set(("step", call.id), at)

    def _step_over(self, key: Key, now: Ns) -> None:
        call = self._calls[key[1]]
        self.STEPS[call.step](self, call, now)

    def _hello(self, message: Hello, now: Ns) -> None:
        call = self._calls.get(message.call)
        if call is None or call.talking:
            return
        call.seat = message.seat
        if not call.connected:  # a gateway that guesses took it as answered too early: he says it again
            return
        call.talking = True
        if not self._ears.silent(call.id):
            self.timers.cancel(("silence", call.id))
        self._await(call, "talk", now + call.arrival.talk)

    def _talk_over(self, call: Call, now: Ns) -> None:
        call.finished = True
        if not self._ending.chance(self._habits.caller_ends) and self._plane.flows(call.id):
            self.send(call.seat, Goodbye(call.id))
            self._await(call, "farewell", now + FAREWELL)
        else:
            self._hang_up(call, "completed", "caller", now)

    def _farewell(self, call: Call, now: Ns) -> None:
        self._hang_up(call, "completed", "caller", now)

    def _music(self, message: Music, now: Ns) -> None:
        call = self._calls.get(message.call)
        if call is not None and not call.talking:
            call.queued = True  # music comes before CONNECT where a menu is shorter than the way back
            self.emit(Kind.CALL_QUEUED, call.id)
            self._have_patience(call, now)

    def _have_patience(self, call: Call, now: Ns) -> None:
        self._await(call, "wait", now + self._patience.exponential(self._habits.queue_patience))

    def _wait_over(self, call: Call, now: Ns) -> None:
        self._hang_up(call, "abandoned", "patience", now)

    def _still_waits(self, call: Call, now: Ns) -> None:
        """Rule 6."""
        self._hang_up(call, "waiting", "run-over", now)

    def _sound(self, message: Sound, now: Ns) -> None:
        call = self._calls.get(message.call)
        if call is None or not self._ears.sound(call.id, message.on, now):
            return
        if message.on:
            self.timers.cancel(("silence", call.id))
        elif call.connected:
            self._lose_patience(call, now)

    def _lose_patience(self, call: Call, now: Ns) -> None:
        mean = self._habits.silence_patience
        self.timers.set(("silence", call.id), now + self._patience.uniform(mean // 2, 3 * mean // 2))

    def _silence(self, key: Key, now: Ns) -> None:
        call = self._calls.get(key[1])
        if call is not None:
            self._hang_up(call, "completed" if call.finished else "cut", "silence", now)

    def _hang_up(self, call: Call, disposition: str, cause: str, now: Ns) -> None:
        self._clear_down(call, "normal", now)
        self._end(call, disposition, cause, now)

    def _connected(self, call: Call, now: Ns) -> None:
        call.connected = True
        self.timers.cancel(("step", call.id))
        self.emit(Kind.CALL_CONNECTED, call.id)
        if self._ears.silent(call.id) or call.arrival.seat:
            self._lose_patience(call, now)  # whoever is called hears nothing until the agent is through

    def lingers(self, mean: int) -> int:
        """Rule 5."""
        return self._lingering.exponential(mean)

    # --- calls that agents dial

    def _dialled(self, message: Dialled, now: Ns) -> None:
        call = self._ordered.pop(message.call, None)
        if call is None:
            return  # too late by as long as it takes to say so: his attempt will find no call
        self._calls[call.id] = call
        self._say_offered(call, "out")
        self._await(call, "alerting", now + T301)

    def _gave_up(self, message: GaveUp, now: Ns) -> None:
        call = self._calls.get(message.call)
        if call is None or call.span:
            return
        if message.cause == "no-answer":
            self._end(call, "failed", message.cause, now)
        else:
            self._refuse(call, message.cause, message.by, now)

    def _far_answers(self, key: Key, now: Ns) -> None:
        call = self._calls.get(key[1])
        if call is not None:
            self._connected(call, now)
            self._answer(call, now)
            if call.seat:
                self._hello(Hello(call.id, call.seat), now)

    def _alerting_over(self, call: Call, now: Ns) -> None:
        if call.span:
            self._clear_down(call, "no-answer", now)
        self._end(call, "unanswered" if call.span else "failed", "no-answer", now)

    # --- ends

    def _refuse(self, call: Call, cause: str, by: str, now: Ns) -> None:
        self.emit(Kind.CALL_REFUSED, call.id, by=by, cause=cause)
        self._end(call, "refused", cause, now)

    def _end(self, call: Call, disposition: str, cause: str, now: Ns) -> None:
        del self._calls[call.id]
        self.timers.cancel_all((("step", call.id), ("silence", call.id)))
        if call.arrival.seat:
            self.timers.cancel(("answer", call.id))
        gap, silent = self._ears.close(call.id, now)
        self.emit(Kind.CALL_ENDED, call.id, disposition=disposition, cause=cause, gap=gap, silent=silent)
        self._leave(call)
        if disposition != "completed" and not call.arrival.seat and call.attempt < ATTEMPTS:
            delay = self._redialling.exponential(self._habits.redial_delay)
            if self._redialling.chance(self._habits.redial) and now + delay < self._load_until:
                self.timers.set(("redial", call.arrival, call.attempt + 1, call.id), now + delay)

    HANDLERS: ClassVar[dict[type, Any]] = {
        Hello: _hello,
        Music: _music,
        Sound: _sound,
        Dialled: _dialled,
        GaveUp: _gave_up,
    }
    TIMERS: ClassVar[dict[str, Any]] = {
        "arrival": _arrive,
        "step": _step_over,
        "silence": _silence,
        "answer": _far_answers,
        "redial": _redial,
        "over": _over,
    }
    STEPS: ClassVar[dict[str, Any]] = {
        "wait": _wait_over,
        "over": _still_waits,
        "talk": _talk_over,
        "farewell": _farewell,
        "alerting": _alerting_over,
    }
