"""The calendar of target `virtual`: SimPy delivers messages between machines and fires their timers.

Nothing here knows what a message means. A message sent over a route that is up arrives after the route's delay at
whatever machine lives there then; a machine that is gone gets nothing, and its timers are gone with it.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from simpy.events import NORMAL

from simtel.core.clock import Ns
from simtel.core.events import Event, Kind
from simtel.core.log import BLOCK, EvidenceWriter
from simtel.core.machine import Machine
from simtel.devices.wiring import Wiring
from simtel.model.clock import ChaseError, Clock, FailedError, Slot
from simtel.model.pages import Pages
from simtel.model.timers import CalendarTimers

CHASERS_TOLD = 10


class MachineError(Exception):
    """A machine failed, or chased another: an error of simtel, never taken for a device that crashed."""


def _nobody(_message: object, _now: Ns) -> None:
    """A stopped machine gets nothing."""


def _act(action: Callable[[], None], _now: Ns) -> None:
    """What the harness does."""
    action()


class _Node:
    """A machine and where it stands."""

    __slots__ = ("kept", "machine", "name", "slot", "timers", "ways")

    def __init__(self, name: str) -> None:
        self.name = name
        self.ways: dict[str, tuple[int, Slot]] = {}  # address -> delay, and who gets it: while the way is open
        self.timers: CalendarTimers | None = None
        self.slot: Slot = [_nobody, self]
        self.kept: dict[str, Slot] = {}  # for what a sender keeps until it is sent, and takes along when he dies
        self.leave()

    def leave(self) -> None:
        """No machine stands here."""
        self.machine: Machine | None = None
        self._gets(_nobody)
        if self.timers is not None:
            self.timers.die()

    def enter(self, machine: Machine) -> None:
        """`machine` stands here."""
        self.machine = machine
        self._gets(machine.receive)
        if self.timers is not None:
            self.timers.on_timer = machine.on_timer

    def _gets(self, receive: Callable[[Any, Ns], None]) -> None:
        self.slot[0] = receive
        for slot in self.kept.values():
            slot[0] = receive

    def kept_by(self, sender: str) -> Slot:
        """As `slot`, as long as `sender` lives."""
        return self.kept.setdefault(sender, [self.slot[0], self])

    def lose(self, sender: str) -> None:
        """What `sender` still kept does not arrive."""
        slot = self.kept.pop(sender, None)
        if slot is not None:
            slot[0] = _nobody

    def told(self, what: object) -> str:
        """What happens here, for errors."""
        return repr(what)


class NodeOut:
    """What a machine at a node may do to the world."""

    __slots__ = ("emit", "send", "timers")

    def __init__(self, send: Callable[[str, object], None], emit: Callable[..., None], timers: CalendarTimers) -> None:
        self.send = send
        self.emit = emit
        self.timers = timers


class Calendar:
    """Virtual time for the machines of one site."""

    def __init__(self, wiring: Wiring, writer: EvidenceWriter) -> None:
        self.env = Clock()
        self._pages = Pages(self.env)
        self._actions: Slot = [_act, self]
        self._wiring = wiring
        wiring.followed = self._forget_ways
        self._writer = writer
        self._nodes: dict[str, _Node] = {}
        self._makers: dict[str, Callable[[Ns], Machine]] = {}
        self.heard: dict[str, Callable[[], None]] = {}  # kind -> who wants to know that one was emitted

    @property
    def now(self) -> Ns:
        """The present."""
        return Ns(self.env.now)  # type: ignore[arg-type]  # SimPy says float; ours is always an int

    # --- building

    def place(self, name: str, make: Callable[[Ns], Machine]) -> None:
        """A machine that `make(now)` builds and starts, now and after each restart."""
        self._node(name)
        self._makers[name] = make

    def _node(self, name: str) -> _Node:
        node = self._nodes.get(name)
        if node is None:
            node = self._nodes[name] = _Node(name)
        return node

    def out(self, name: str) -> NodeOut:
        """The way out for a machine at `name`, one for each of its lives."""
        node = self._node(name)
        timers = node.timers = CalendarTimers(self.env, self._pages, name)
        env, writer, heard = self.env, self._writer, self.heard
        block, number = writer.block, writer.number
        queue, serial, ways = env.queue, env.serial, node.ways

        def send(to: str, message: object) -> None:
            try:
                delay, slot = ways[to]
            except KeyError:
                way = self._way(name, to)
                if way is None:
                    return
                delay, slot = ways[to] = way
            # As Clock.post, in place: this runs for every message. The property `now` costs a call.
            heappush(queue, (env._now + delay, NORMAL, next(serial), slot, message))  # noqa: SLF001

        def emit(kind: Kind, call: str | None = None, subject: str | None = None, /, **fields: Any) -> None:
            block.append(Event(next(number), env._now, kind, subject or name, name, call, fields))  # type: ignore[arg-type]  # noqa: SLF001
            if len(block) >= BLOCK:
                writer.flush()
            if heard and kind in heard:
                heard[kind]()

        return NodeOut(send, emit, timers)

    def _way(self, name: str, to: str) -> tuple[int, Slot] | None:
        """From a machine to an address, None while it is interrupted."""
        route = self._wiring.route(name, to)
        if not route.up:
            return None
        there = self._nodes[route.node]
        return route.delay, there.kept_by(name) if route.buffered else there.slot

    def _forget_ways(self) -> None:
        """The wiring has changed."""
        for node in self._nodes.values():
            node.ways.clear()

    # --- host

    def machine(self, name: str) -> Any:
        """The machine at `name`, None when it is stopped."""
        node = self._nodes.get(name)
        return None if node is None else node.machine

    @property
    def heap_events(self) -> int:
        """SimPy events scheduled so far."""
        return self.env.heap_events

    def names(self) -> list[str]:
        """All machines, in the order in which they were placed."""
        return list(self._nodes)

    def stop(self, device: str) -> None:
        """The device is gone."""
        self._end_life(self._nodes[device])

    def _end_life(self, node: _Node) -> None:
        node.leave()
        node.ways.clear()
        for other in self._nodes.values():
            other.lose(node.name)

    def start(self, device: str, now: Ns) -> None:
        """The device begins anew."""
        node = self._nodes[device]
        self._end_life(node)
        node.enter(self._makers[device](now))

    def tell(self, device: str, message: object) -> None:
        """Deliver at this instant, whatever the cables."""
        self.env.post(self.now, self._nodes[device].slot, message)

    def at(self, instant: int, action: Callable[[], None]) -> None:
        """Do `action` at an instant."""
        self.env.post(max(self.now, instant), self._actions, action)

    def emit(self, kind: Kind, subject: str, observer: str = "harness", call: str | None = None, **fields: Any) -> None:
        """Evidence that the harness gives."""
        self._writer.add(self.now, kind, subject, observer, call, fields)

    def run(self, until: int) -> None:
        """Let time pass. MachineError when a machine fails, or when machines keep each other busy for ever."""
        try:
            self.env.run_to(until)
        except ChaseError:
            raise MachineError(f"machines chase each other at {self.now} ns: {self._chasers()}") from None
        except FailedError as failed:
            if not isinstance(failed.owner, _Node | CalendarTimers):
                raise failed.cause from None
            told = f"{failed.owner.name} failed on {failed.owner.told(failed.what)} at {self.now} ns: {failed.cause!r}"
            raise MachineError(told) from failed.cause

    def _chasers(self) -> str:
        """The next few events: who chases whom."""
        told: list[str] = []
        queue = self.env.queue
        while queue and len(told) < CHASERS_TOLD:
            now, _, _, slot, what = heappop(queue)
            if isinstance(slot[1], _Node | CalendarTimers):
                told.append(f"{slot[1].name} <- {slot[1].told(what)}")
            slot[0](what, now)
        return "; ".join(told)
