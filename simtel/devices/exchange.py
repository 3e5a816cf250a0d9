"""The public exchange: the network's end of the trunks, and with it the people who call (`callers`).

Rules:
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
 5. Loop lines are taken in turn with the E1s; what they can say stands in `loop`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from simtel.core.causes import GLARE, REFUSALS, RESTARTING, TRUNK_DEAD
from simtel.core.clock import SECOND, Ns
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.core.streams import Streams
from simtel.devices.callers import IDLE_MENU, Arrival, Call, Callers, Habits
from simtel.devices.cas import CasTimes
from simtel.devices.circuits import Circuits
from simtel.devices.glare import GLARE_TRIES, keeps
from simtel.devices.line import Line, LineTimes
from simtel.devices.loop import LoopCard, LoopTimes
from simtel.devices.messages.trunk import Connect, LoopSign, Moved, Proceeding, Release, Setup
from simtel.devices.plane import MediaPlane
from simtel.devices.trunkside import TrunkSide

T310 = 10 * SECOND  # call proceeding and nothing more, Q.931 table 9-1, network side


class Exchange(Callers, TrunkSide[Call]):
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
        loops = loops or {}
        circuits = Circuits((*spans, *loops), hunting, {span: lines for span, (_, lines, _) in loops.items()})
        calls: dict[str, Call] = {}  # both halves work on this one
        TrunkSide.__init__(self, name, out, line, circuits, calls)
        Callers.__init__(
            self, out, calls=calls, habits=habits, arrivals=arrivals, load_until=load_until, streams=streams,
            plane=plane,
        )  # fmt: skip
        self._by_number = by_number
        self._round_trip = 2 * line.delay if isinstance(line, LineTimes) else 0
        self._t303 = t303
        self.cards = {
            span: LoopCard(span, module, lines, times, self.timers, out, self)
            for span, (module, lines, times) in loops.items()
        }
        self.lines = {**{span: self._e1_end(span, gateway) for span, gateway in spans.items()}, **self.cards}
        self._silent = frozenset(span for span, line in self.lines.items() if not isinstance(line, Line))
        self._given_up: set[str] = set()  # calls on timeslots that were seized after their people had given up

    def recable(self, span: str, gateway: str) -> None:
        """The cable of `span` leads to another gateway now."""
        self.lines[span].far = f"{gateway}/{span}"

    # --- for the people

    def _bring(self, call: Call, now: Ns) -> None:
        """Rule 1."""
        only = None
        if self._by_number:
            only = self.circuits.spans[self.offered % len(self.circuits.spans)]
        found = self._wanted(call.id, call.arrival.circuit) or self._hunt(call, only)
        if found is None:
            self._refuse(call, "trunk", self.name, now)
            return
        call.span, call.slot = found
        self.emit(Kind.TRUNK_SEIZED, call.id, call.span, slot=call.slot)
        self._send_setup(call, now)

    def _answer(self, call: Call, now: Ns) -> None:
        self.lines[call.span].send(Connect(call.id), now)

    def _clear_down(self, call: Call, cause: str, now: Ns) -> None:
        self.lines[call.span].release(Release(call.id, cause, self.name), call.slot, now)

    def _leave(self, call: Call) -> None:
        if call.span not in self.cards and call.span:
            self.line_free(call.id, call.span, call.slot)

    # --- hunting

    def _hunt(self, call: Call, only: str | None, shunned: str = "") -> tuple[str, int] | None:
        return self.circuits.hunt(call.id, lambda span: span != shunned and self.lines[span].in_service, only)

    def _move(self, call: Call, now: Ns, shunned: str = "") -> bool:
        """Rule 4: to another timeslot, if there is one, and not on the span that is `shunned`."""
        span, slot = call.span, call.slot
        found = self._hunt(call, span if self._by_number else None, shunned) if call.moved < GLARE_TRIES else None
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

    # --- D-channel

    def _send_setup(self, call: Call, now: Ns) -> None:
        call.tries += 1
        wanted = call.arrival
        self.lines[call.span].send(
            Setup(call.id, call.span, call.slot, wanted.skill, wanted.priority, wanted.recorded, self._exclusive), now
        )
        if call.span in self._silent:  # it rings, and nobody tells more
            self._have_patience(call, now)
        elif self.lines[call.span].waits:
            self._await(call, "t303", now + self._t303)
        else:
            self._proceeds(call, now)

    def setup_left(self, call: str, now: Ns) -> None:
        """Rule 2: it waited in line."""
        found = self._calls.get(call)
        if found is not None and found.step == "t303":
            self._proceeds(found, now)

    def _proceeds(self, call: Call, now: Ns) -> None:
        self._await(call, "t310", now + self._round_trip + T310)

    def _t303_over(self, call: Call, now: Ns) -> None:
        if call.tries < 2:
            self._send_setup(call, now)
            return
        self.emit(Kind.CALL_REFUSED, call.id, by=self.name, cause=TRUNK_DEAD)
        self.lines[call.span].send(Release(call.id, "t303", self.name), now)
        self._end(call, "failed", TRUNK_DEAD, now)

    def _proceeding(self, message: Proceeding, now: Ns) -> None:
        call = self._calls.get(message.call)
        if call is None:
            self._unknown(message.call, now)
        elif call.step == "t303":
            self._await(call, "t310", now + T310)

    def _t310_over(self, call: Call, now: Ns) -> None:
        self._clear_down(call, "no-answer", now)
        self._end(call, "failed", "no-answer", now)

    def _connect(self, message: Connect, now: Ns) -> None:
        call = self._calls.get(message.call)
        if call is None:
            self._unknown(message.call, now)
        elif not call.connected:
            waits_until = self.timers.at(("step", call.id)) if call.queued else None
            self._connected(call, now)
            self._await(call, "wait", now + IDLE_MENU if waits_until is None else waits_until)

    def _setup(self, message: Setup, now: Ns) -> None:
        call = self._calls.get(message.call)
        if call is None or call.span:  # nobody makes this call, or it came by another gateway already
            self.lines[message.span].send(Release(message.call, "gone", self.name), now)
            return
        slot = self._slot(message, now)
        if not slot:
            return
        call.span, call.slot = message.span, slot
        if call.span in self._silent:
            self.emit(Kind.CALL_DIALLED, call.id)
        else:
            self.circuits.seize(call.id, call.span, call.slot)
            self.emit(Kind.TRUNK_SEIZED, call.id, call.span, slot=call.slot)
        answer = self._answering.exponential(self._habits.answer_time)
        self.timers.set(("answer", call.id), now + answer)

    def _free_for(self, message: Setup) -> bool:
        """Rule 4."""
        holder = self.circuits.busy(message.span).get(message.slot, message.call)
        if holder == message.call:
            return True
        mine = self._calls.get(holder)
        crossing = mine is not None and not mine.connected and not mine.arrival.seat
        if crossing and not keeps(True, self._exclusive, message.exclusive):
            self.line_free(holder, message.span, message.slot)  # the gateway names another for it
            return True
        return False

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

    def _far_end_released(self, call: Call, message: Release, now: Ns) -> None:
        restarting = message.cause == RESTARTING and not call.connected
        if message.cause == GLARE and not call.connected and self._move(call, now):
            return
        if restarting and self._move(call, now, shunned=call.span):
            return
        if restarting:
            self.emit(Kind.CALL_REFUSED, call.id, by=message.by, cause=RESTARTING)
        if call.finished:
            self._end(call, "completed", "agent", now)
        elif message.cause in REFUSALS and not call.talking:
            self._refuse(call, message.cause, message.by, now)
        elif not call.connected:
            self._end(call, "failed", message.cause, now)
        else:
            self._end(call, "cut", message.cause, now)

    def clear_unanswered(self, span: str, now: Ns) -> None:
        """Line rule 2."""
        for name in self.circuits.on(span):
            call = self._calls[name]
            if not call.connected:
                self.emit(Kind.CALL_REFUSED, call.id, by=self.name, cause=TRUNK_DEAD)
                self._end(call, "failed", TRUNK_DEAD, now)

    def clear_all(self, span: str, now: Ns) -> None:
        """Line rule 3."""
        self._clear(span, "line", now)

    def calls_on(self, span: str) -> list[str]:
        """Line rules 5 and 6."""
        return self.circuits.on(span)

    def _reset(self, span: str, slot: int, now: Ns) -> None:
        """Rule 3."""
        self._clear(span, "restart", now, slot)

    def _clear(self, span: str, cause: str, now: Ns, slot: int = 0) -> None:
        for name in self.circuits.on(span):
            call = self._calls[name]
            if slot not in (0, call.slot):
                continue
            if call.finished:
                self._end(call, "completed", cause, now)
            else:
                self._end(call, "cut" if call.connected else "failed", cause, now)

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

    def let_go(self, call: str, span: str, slot: int) -> None:
        """The far end has released it as well."""
        self.circuits.let_go(span, slot)
        if call in self._given_up:
            self._given_up.remove(call)
        else:
            self.emit(Kind.TRUNK_FREED, call, span, slot=slot)

    def _sign(self, message: LoopSign, now: Ns) -> None:
        self.cards[message.span].sign(message, now)

    HANDLERS: ClassVar[dict[type, Any]] = {
        **TrunkSide.HANDLERS,
        **Callers.HANDLERS,
        Setup: _setup,
        Moved: _moved,
        Proceeding: _proceeding,
        Connect: _connect,
        LoopSign: _sign,
    }
    TIMERS: ClassVar[dict[str, Any]] = {**TrunkSide.TIMERS, **Callers.TIMERS}
    STEPS: ClassVar[dict[str, Any]] = {**Callers.STEPS, "t303": _t303_over, "t310": _t310_over}
