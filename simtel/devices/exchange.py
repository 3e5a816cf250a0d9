"""The public exchange and the people behind it: callers who dial, wait, talk, lose patience and dial again.

Rules of the exchange:
 1. An incoming call takes a timeslot of a span that the exchange believes in service, spans in turn; with
    `by-number` the number is bound to one span; one that wants a certain circuit takes that if it is free. None free:
    the caller hears congestion (cause trunk).
 2. A gateway that gets a SETUP says at once that it proceeds: where frames pass that is sure, and stands for itself a
    round trip later; the call is given up T310 after, if it is not connected. A SETUP that does not get away (a dead
    E1 that the exchange has not noticed, a D-channel with too much to carry) is repeated after T303 and given up after
    another T303 (trunk-dead).
 3. Line supervision clears calls as in `line`. A RESTART of the gateway clears what was on the span.
 4. A call of the gateway on a busy timeslot is told another, or is refused, or keeps it (`glare`). A call that the
    gateway refuses for its timeslot takes another, too.
 4a. Loop lines are taken in turn with the E1s; what they can say stands in `loop`.
Rules of the people:
 5. A caller who hears music waits by his patience; one who hears nothing hangs up after a while and was cut off.
 6. When the talk is over, the caller hangs up, or says goodbye and leaves that to the agent.
 7. Who was not served dials again with a given probability after a while, a few times at most.
 8. A call that an agent was told to dial, and for which he had no time until the end of the load, is a call that
    nobody made: it is offered then, and refused at his seat.
 9. Who hears that the other has hung up puts down his own receiver after a while. Only channel-associated signalling
    waits for that (`cas`).
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from simtel.core.clock import MINUTE, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.core.streams import Streams
from simtel.core.timers import Key
from simtel.devices.base import Device
from simtel.devices.cas import CasEnd, CasTimes
from simtel.devices.circuits import Circuits
from simtel.devices.ears import Ears
from simtel.devices.glare import GLARE, GLARE_TRIES, keeps
from simtel.devices.line import E1End, Line, LineTimes, Trunk
from simtel.devices.loop import LoopCard, LoopTimes
from simtel.devices.messages import (
    CasSign,
    Connect,
    Dialled,
    DialOrder,
    GaveUp,
    Goodbye,
    Hello,
    LinkReset,
    LoopSign,
    Moved,
    Music,
    Proceeding,
    Release,
    Released,
    Restart,
    Restarted,
    Setup,
    Signal,
    Slip,
    Sound,
    StatusEnquiry,
    Unanswered,
)
from simtel.devices.plane import MediaPlane

STUCK = 3 * MINUTE  # nobody stays longer in an IVR that does nothing: our own figure
T301 = 3 * MINUTE  # alerting without answer, Q.931 table 9-1
T310 = 10 * SECOND  # call proceeding and nothing more, the same table, network side
FAREWELL = 10 * SECOND  # after "goodbye" the caller hangs up himself when the agent does not
ATTEMPTS = 5  # rule 7: nobody dials more often
NOT_DIALLED = "not-dialled"  # rule 8
REFUSALS = frozenset(
    {
        "seat",
        "queue",
        "ivr-port",
        "core-channel",
        "fabric",
        "disk",
        "speech-memory",
        "middle-stage",
        "fabric-port",
        "attempts",
        "not-registered",
        "no-server",
        "trunk",
        "no-gateway",
    }
)


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


class _Call(msgspec.Struct, gc=False):
    """`step`: what the call's one timer is for at present; people's patience with silence runs beside it."""

    id: str
    arrival: Arrival
    attempt: int
    span: str = ""
    slot: int = 0
    seat: str = ""
    tries: int = 0
    moved: int = 0
    connected: bool = False
    talking: bool = False
    finished: bool = False
    step: str = ""


class Exchange(Device):
    """Public network, callers and called parties."""

    network = True

    def __init__(
        self,
        name: str,
        out: Out,
        *,
        spans: dict[str, str],
        hunting: str,
        by_number: bool,
        line: LineTimes | CasTimes,
        t303: int,
        habits: Habits,
        arrivals: Iterator[Arrival],
        load_until: int,
        streams: Streams,
        plane: MediaPlane,
        loops: Mapping[str, tuple[str, int, LoopTimes]] | None = None,
    ) -> None:
        """`spans` maps each E1 to its gateway, `loops` each span of loop lines to its module, number and figures."""
        super().__init__(name, out)
        self._out = out
        self._plane = plane
        self._by_number = by_number
        self._times = line
        self._exclusive = line.exclusive if isinstance(line, LineTimes) else True
        self._round_trip = 2 * line.delay if isinstance(line, LineTimes) else 0
        self._t303 = t303
        self._habits = habits
        self._arrivals = arrivals
        self._load_until = load_until
        self._patience = streams("patience")
        self._answering = streams("called party")
        self._redialling = streams("redial")
        self._ending = streams("who ends")
        self._lingering = streams("lingering")
        loops = loops or {}
        self.circuits = Circuits((*spans, *loops), hunting, {span: lines for span, (_, lines, _) in loops.items()})
        self.cards = {
            span: LoopCard(span, module, lines, times, self.timers, out, self)
            for span, (module, lines, times) in loops.items()
        }
        self.lines: dict[str, Trunk] = {
            **{span: self._trunk(span, gateway) for span, gateway in spans.items()}, **self.cards,
        }  # fmt: skip
        self._silent = frozenset(span for span, line in self.lines.items() if not isinstance(line, Line))
        self._ears = Ears("public", out)
        self._calls: dict[str, _Call] = {}
        self._given_up: set[str] = set()  # calls on timeslots that were seized after their people had given up
        self._ordered: dict[str, _Call] = {}  # calls that agents were told to dial and did not yet
        self.offered = 0
        self._coming = Arrival(0, 0, "")
        self.load_over = False

    def _trunk(self, span: str, gateway: str) -> Trunk:
        if isinstance(self._times, CasTimes):
            return CasEnd(span, gateway, self._times, self.timers, self._out, self)
        return Line(span, gateway, self._times, self.timers, self._out, self)

    def start(self, now: Ns) -> None:
        """Let the first caller come."""
        self._next_arrival(now)

    def offer(self, arrivals: Iterator[Arrival], until: int, now: Ns) -> None:
        """A stretch of load that ends at `until`, in place of what was still to come."""
        self.timers.cancel(("arrival",))
        self.timers.cancel(("over",))
        self._arrivals, self._load_until, self.load_over = arrivals, until, False
        self._next_arrival(now)

    def holds(self) -> dict[str, int]:
        """Calls and timeslots."""
        return {"calls": len(self._calls), "timeslots": self.circuits.in_use()}

    @property
    def quiet(self) -> bool:
        """The load is over and no call is left."""
        return self.load_over and not self._calls

    def finish(self, now: Ns) -> None:
        """Nobody has any more time: who talks comes to an end, who waits gives up."""
        for call in self._calls.values():
            if call.talking:
                self._await(call, "talk", now)
            elif call.connected:
                self._await(call, "wait", now)

    def recable(self, span: str, gateway: str) -> None:
        """The cable of `span` leads to another gateway now."""
        self.lines[span].far = f"{gateway}/{span}"

    def _await(self, call: _Call, step: str, at: int) -> None:
        """The call goes on at `at` unless something happens before: one step at a time."""
        call.step = step
        self.timers.set(("step", call.id), at)

    def _step_over(self, key: Key, now: Ns) -> None:
        call = self._calls[key[1]]
        self.STEPS[call.step](self, call, now)

    # --- people

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
            self._ordered[call] = _Call(call, arrival, 1)
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
        call = _Call(f"c{self.offered}", arrival, attempt)
        self._calls[call.id] = call
        self._say_offered(call, "in")
        only = None
        if self._by_number:
            only = self.circuits.spans[self.offered % len(self.circuits.spans)]
        found = self._wanted(call.id, arrival.circuit) or self._hunt(call, only)
        if found is None:
            self._refuse(call, "trunk", self.name, now)
            return
        call.span, call.slot = found
        self.emit(Kind.TRUNK_SEIZED, call.id, call.span, slot=call.slot)
        self._send_setup(call, now)

    def _hunt(self, call: _Call, only: str | None) -> tuple[str, int] | None:
        return self.circuits.hunt(call.id, lambda span: self.lines[span].in_service, only)

    def _move(self, call: _Call, now: Ns) -> bool:
        """Rule 4: to another timeslot, if there is one."""
        span, slot = call.span, call.slot
        found = self._hunt(call, span if self._by_number else None) if call.moved < GLARE_TRIES else None
        if found is None:
            return False
        self.line_free(call.id, span, slot)
        call.span, call.slot = found
        call.moved += 1
        call.tries = 0
        self.emit(Kind.TRUNK_SEIZED, call.id, call.span, slot=call.slot)
        self._send_setup(call, now)
        return True

    def _wanted(self, call: str, circuit: tuple[str, int] | None) -> tuple[str, int] | None:
        """The very circuit that the caller wants, if he does and if it is in service and free."""
        if circuit is None or not self.lines[circuit[0]].in_service or circuit[1] in self.circuits.busy(circuit[0]):
            return None
        self.circuits.seize(call, *circuit)
        return circuit

    def _say_offered(self, call: _Call, direction: str) -> None:
        wanted = call.arrival
        marks: dict[str, int | bool] = {}
        if wanted.priority:
            marks["priority"] = wanted.priority
        if wanted.recorded:
            marks["recorded"] = True
        self.emit(Kind.CALL_OFFERED, call.id, direction=direction, skill=wanted.skill, attempt=call.attempt, **marks)

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

    def _talk_over(self, call: _Call, now: Ns) -> None:
        call.finished = True
        if not self._ending.chance(self._habits.caller_ends) and self._plane.flows(call.id):
            self.send(call.seat, Goodbye(call.id))
            self._await(call, "farewell", now + FAREWELL)
        else:
            self._hang_up(call, "completed", "caller", now)

    def _farewell(self, call: _Call, now: Ns) -> None:
        self._hang_up(call, "completed", "caller", now)

    def _music(self, message: Music, now: Ns) -> None:
        call = self._calls.get(message.call)
        if call is not None and not call.talking:
            self.emit(Kind.CALL_QUEUED, call.id)
            self._await(call, "wait", now + self._patience.exponential(self._habits.queue_patience))

    def _wait_over(self, call: _Call, now: Ns) -> None:
        self._hang_up(call, "abandoned", "patience", now)

    def _sound(self, message: Sound, now: Ns) -> None:
        call = self._calls.get(message.call)
        if call is None or not self._ears.sound(call.id, message.on, now):
            return
        if message.on:
            self.timers.cancel(("silence", call.id))
        elif call.connected:
            self._lose_patience(call, now)

    def _lose_patience(self, call: _Call, now: Ns) -> None:
        mean = self._habits.silence_patience
        self.timers.set(("silence", call.id), now + self._patience.uniform(mean // 2, 3 * mean // 2))

    def _silence(self, key: Key, now: Ns) -> None:
        call = self._calls.get(key[1])
        if call is not None:
            self._hang_up(call, "completed" if call.finished else "cut", "silence", now)

    def _hang_up(self, call: _Call, disposition: str, cause: str, now: Ns) -> None:
        self.lines[call.span].release(Release(call.id, "normal", self.name), call.slot, now)
        self._end(call, disposition, cause, now)

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
            self.lines[call.span].send(Connect(call.id), now)
            if call.seat:
                self._hello(Hello(call.id, call.seat), now)

    def _alerting_over(self, call: _Call, now: Ns) -> None:
        if call.span:
            self.lines[call.span].release(Release(call.id, "no-answer", self.name), call.slot, now)
        self._end(call, "unanswered" if call.span else "failed", "no-answer", now)

    # --- D-channel

    def _send_setup(self, call: _Call, now: Ns) -> None:
        call.tries += 1
        wanted = call.arrival
        self.lines[call.span].send(
            Setup(call.id, call.span, call.slot, wanted.skill, wanted.priority, wanted.recorded, self._exclusive), now
        )
        if call.span in self._silent:  # it rings, and nobody tells more
            self._await(call, "wait", now + self._patience.exponential(self._habits.queue_patience))
        elif self.lines[call.span].waits:
            self._await(call, "t303", now + self._t303)
        else:
            self._proceeds(call, now)

    def setup_left(self, call: str, now: Ns) -> None:
        """Rule 2: it waited in line."""
        found = self._calls.get(call)
        if found is not None and found.step == "t303":
            self._proceeds(found, now)

    def _proceeds(self, call: _Call, now: Ns) -> None:
        self._await(call, "t310", now + self._round_trip + T310)

    def _t303_over(self, call: _Call, now: Ns) -> None:
        if call.tries < 2:
            self._send_setup(call, now)
            return
        self.emit(Kind.CALL_REFUSED, call.id, by=self.name, cause="trunk-dead")
        self.lines[call.span].send(Release(call.id, "t303", self.name), now)
        self._end(call, "failed", "trunk-dead", now)

    def _proceeding(self, message: Proceeding, now: Ns) -> None:
        call = self._calls.get(message.call)
        if call is None:
            self._unknown(message.call, now)
        elif call.step == "t303":
            self._await(call, "t310", now + T310)

    def _t310_over(self, call: _Call, now: Ns) -> None:
        self.lines[call.span].release(Release(call.id, "no-answer", self.name), call.slot, now)
        self._end(call, "failed", "no-answer", now)

    def _connect(self, message: Connect, now: Ns) -> None:
        call = self._calls.get(message.call)
        if call is None:
            self._unknown(message.call, now)
        elif not call.connected:
            self._connected(call, now)
            self._await(call, "wait", now + STUCK)

    def _unknown(self, call: str, now: Ns) -> None:
        """A message of a call that is over is answered by a release (Q.931 5.8.3.2)."""
        for line in self.lines.values():
            line.send(Release(call, "gone", self.name), now)

    def _connected(self, call: _Call, now: Ns) -> None:
        call.connected = True
        self.timers.cancel(("step", call.id))
        self.emit(Kind.CALL_CONNECTED, call.id)
        if self._ears.silent(call.id) or call.arrival.seat:
            self._lose_patience(call, now)  # whoever is called hears nothing until the agent is through

    def _setup(self, message: Setup, now: Ns) -> None:
        call = self._calls.get(message.call)
        line = self.lines[message.span]
        if call is None or call.span:  # nobody makes this call, or it came by another gateway already
            line.send(Release(message.call, "gone", self.name), now)
            return
        slot = self._slot_for(message)
        if not slot:
            line.send(Release(message.call, GLARE, self.name), now)
            return
        if slot != message.slot:
            line.send(Moved(call.id, message.span, slot), now)
        call.span, call.slot = message.span, slot
        if call.span in self._silent:
            self.emit(Kind.CALL_DIALLED, call.id)
        else:
            self.circuits.seize(call.id, call.span, call.slot)
            self.emit(Kind.TRUNK_SEIZED, call.id, call.span, slot=call.slot)
        answer = self._answering.exponential(self._habits.answer_time)
        self.timers.set(("answer", call.id), now + answer)

    def _slot_for(self, message: Setup) -> int:
        """The timeslot of a call of the gateway: the one that it names, another, or 0 for none (rule 4)."""
        holder = self.circuits.busy(message.span).get(message.slot, message.call)
        if holder == message.call:
            return message.slot
        mine = self._calls.get(holder)
        crossing = mine is not None and not mine.connected and not mine.arrival.seat
        if crossing and not keeps(True, self._exclusive, message.exclusive):
            self.line_free(holder, message.span, message.slot)  # the gateway names another for it
            return message.slot
        found = None if message.exclusive else self.circuits.hunt(message.call, lambda _: True, message.span)
        return found[1] if found else 0

    def _moved(self, message: Moved, now: Ns) -> None:
        call = self._calls.get(message.call)
        if call is None:
            self._unknown(message.call, now)
            return
        self.line_free(call.id, call.span, call.slot)
        if message.slot in self.circuits.busy(message.span):
            self.lines[message.span].send(Release(call.id, GLARE, self.name), now)
            if not self._move(call, now):
                self._end(call, "failed", GLARE, now)
            return
        self.circuits.seize(call.id, message.span, message.slot)
        call.span, call.slot = message.span, message.slot
        self.emit(Kind.TRUNK_SEIZED, call.id, call.span, slot=call.slot)

    def _release(self, message: Release, now: Ns) -> None:
        line = self._e1(message.span)
        if line is not None:
            line.asked(message, now)
        call = self._calls.get(message.call)
        if call is None:
            for trunk in self.lines.values():
                trunk.released(message.call)
            return
        if message.cause == GLARE and not call.connected and self._move(call, now):
            return
        if call.finished:
            self._end(call, "completed", "agent", now)
        elif message.cause in REFUSALS and not call.talking:
            self._refuse(call, message.cause, message.by, now)
        elif not call.connected:
            self._end(call, "failed", message.cause, now)
        else:
            self._end(call, "cut", message.cause, now)

    def _released(self, message: Released, now: Ns) -> None:
        self.lines[message.span].released(message.call)

    def _restart(self, message: Restart, now: Ns) -> None:
        self._clear(message.span, "restart", now, message.slot)
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

    def _e1(self, span: str) -> E1End | None:
        line: object = self.lines.get(span)
        return line if isinstance(line, E1End) else None

    def _cas_sign(self, message: CasSign, now: Ns) -> None:
        line = self.lines[message.span]
        if isinstance(line, CasEnd):
            line.sign(message, now)

    def lingers(self, mean: int) -> int:
        """Rule 9."""
        return self._lingering.exponential(mean)

    def _enquiry(self, message: StatusEnquiry, now: Ns) -> None:
        if message.call not in self._calls:
            self.lines[message.span].send(Release(message.call, "gone", self.name), now)

    def _link_reset(self, message: LinkReset, now: Ns) -> None:
        self.lines[message.span].link_reset(now)

    def _signal(self, message: Signal, now: Ns) -> None:
        self.lines[message.span].set_signal(message.on, now, message.defect)

    def _slip(self, message: Slip, now: Ns) -> None:
        line = self._e1(message.span)
        if line is not None:
            line.slip(message.here, now)

    def clear_unanswered(self, span: str, now: Ns) -> None:
        """Line rule 2."""
        for name in self.circuits.on(span):
            call = self._calls[name]
            if not call.connected:
                self.emit(Kind.CALL_REFUSED, call.id, by=self.name, cause="trunk-dead")
                self._end(call, "failed", "trunk-dead", now)

    def clear_all(self, span: str, now: Ns) -> None:
        """Line rule 3."""
        self._clear(span, "line", now)

    def calls_on(self, span: str) -> list[str]:
        """Line rules 5 and 6."""
        return self.circuits.on(span)

    def _clear(self, span: str, cause: str, now: Ns, slot: int = 0) -> None:
        for name in self.circuits.on(span):
            call = self._calls[name]
            if slot not in (0, call.slot):
                continue
            if call.finished:
                self._end(call, "completed", cause, now)
            else:
                self._end(call, "cut" if call.connected else "failed", cause, now)

    # --- ends

    def _refuse(self, call: _Call, cause: str, by: str, now: Ns) -> None:
        self.emit(Kind.CALL_REFUSED, call.id, by=by, cause=cause)
        self._end(call, "refused", cause, now)

    def _end(self, call: _Call, disposition: str, cause: str, now: Ns) -> None:
        del self._calls[call.id]
        for what in ("step", "silence", "answer") if call.arrival.seat else ("step", "silence"):
            self.timers.cancel((what, call.id))
        gap, silent = self._ears.close(call.id, now)
        self.emit(Kind.CALL_ENDED, call.id, disposition=disposition, cause=cause, gap=gap, silent=silent)
        if call.span not in self.cards and call.span:
            self.line_free(call.id, call.span, call.slot)
        if disposition != "completed" and not call.arrival.seat and call.attempt < ATTEMPTS:
            delay = self._redialling.exponential(self._habits.redial_delay)
            if self._redialling.chance(self._habits.redial) and now + delay < self._load_until:
                self.timers.set(("redial", call.arrival, call.attempt + 1, call.id), now + delay)

    def take_line(self, call: str, span: str, slot: int) -> None:
        """The far end has taken the line (LoopUser), and is to dial."""
        self.circuits.seize(call, span, slot)
        if span not in self.cards and call not in self._calls and call not in self._ordered:
            self._given_up.add(call)  # it is refused when its number has come
            return
        if call:
            self.emit(Kind.TRUNK_SEIZED, call, span, slot=slot, dialled=False)

    def line_free(self, call: str, span: str, slot: int) -> None:
        """The line is free again (LoopUser), or the timeslot."""
        if self.circuits.free(call, span, slot) and call:
            self.emit(Kind.TRUNK_FREED, call, span, slot=slot)

    def hold(self, call: str, span: str, slot: int) -> None:
        """Its call is over here, and it is not free yet."""
        self.circuits.hold(call, span, slot)

    def let_go(self, call: str, span: str, slot: int) -> None:
        """The far end has released it as well."""
        self.circuits.let_go(span, slot)
        if call in self._given_up:
            self._given_up.remove(call)
        else:
            self.emit(Kind.TRUNK_FREED, call, span, slot=slot)

    def _sign(self, message: LoopSign, now: Ns) -> None:
        self.cards[message.span].sign(message, now)

    def _line_timer(self, key: Key, now: Ns) -> None:
        self.lines[key[1]].on_timer(key[2], now)

    HANDLERS: ClassVar[dict[type, Any]] = {
        Connect: _connect,
        Release: _release,
        Released: _released,
        Hello: _hello,
        Music: _music,
        Sound: _sound,
        Setup: _setup,
        Proceeding: _proceeding,
        Restart: _restart,
        Restarted: _restarted,
        Unanswered: _unanswered,
        CasSign: _cas_sign,
        StatusEnquiry: _enquiry,
        LinkReset: _link_reset,
        Signal: _signal,
        Slip: _slip,
        LoopSign: _sign,
        Moved: _moved,
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
        "line": _line_timer,
    }
    STEPS: ClassVar[dict[str, Any]] = {
        "t303": _t303_over,
        "t310": _t310_over,
        "wait": _wait_over,
        "talk": _talk_over,
        "farewell": _farewell,
        "alerting": _alerting_over,
    }
