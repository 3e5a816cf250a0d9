"""The calendar of target `virtual`: SimPy delivers messages between machines and fires their timers.

Nothing here knows what a message means. A message sent over a route that is up arrives after the route's delay at
whatever machine lives there then; a machine that is gone gets nothing, and its timers are gone with it.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from simpy.events import NORMAL

from simtel.core.clock import Ns
from simtel.core.events import Kind
from simtel.core.log import BLOCK, EvidenceWriter
from simtel.core.machine import Machine
from simtel.devices.wiring import Route, Wiring
from simtel.model.clock import ChaseError, Clock, Light
from simtel.model.pages import Pages
from simtel.model.timers import CalendarTimers

CHASERS_TOLD = 10


class MachineError(Exception):
    """A machine failed, or chased another: an error of simtel, never taken for a device that crashed."""


def _nobody(_message: object, _now: Ns) -> None:
    """A stopped machine gets nothing."""


class _Node:
    """A machine and where it stands."""

    __slots__ = ("life", "machine", "name", "receive", "routes", "timers")

    def __init__(self, name: str) -> None:
        self.name = name
        self.life = 0
        self.routes: dict[str, Route] = {}
        self.timers: CalendarTimers | None = None
        self.leave()

    def leave(self) -> None:
        """No machine stands here."""
        self.machine: Machine | None = None
        self.receive: Callable[[Any, Ns], None] = _nobody
        if self.timers is not None:
            self.timers.die()

    def enter(self, machine: Machine) -> None:
        """`machine` stands here."""
        self.machine = machine
        self.receive = machine.receive
        if self.timers is not None:
            self.timers.on_timer = machine.on_timer


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
        self._wiring = wiring
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
        timers = node.timers = CalendarTimers(self.env, self._pages, self._fire, name)
        routes = node.routes
        route_of, env, writer = self._wiring.route, self.env, self._writer
        block = writer.block
        nodes, heard = self._nodes, self.heard
        deliver, deliver_kept = self._deliver, self._deliver_kept
        queue, serial = env.queue, env.serial

        def send(to: str, message: object) -> None:
            route = routes.get(to)
            if route is None:
                route = routes[to] = route_of(name, to)
            if not route.up:
                return
            at: int = env._now + route.delay  # type: ignore[assignment]  # noqa: SLF001 - the property costs a call
            # As Clock.post, in place: this runs for every message. What the sender still keeps when it dies is lost:
            # such a message remembers the sender's life.
            if route.buffered:
                heappush(queue, (at, NORMAL, next(serial), deliver_kept, nodes[route.node], message, node, node.life))
            else:
                heappush(queue, (at, NORMAL, next(serial), deliver, nodes[route.node], message))

        def emit(kind: Kind, call: str | None = None, subject: str | None = None, /, **fields: Any) -> None:
            block.append((env._now, kind, subject or name, name, call, fields))  # type: ignore[arg-type]  # noqa: SLF001
            if len(block) >= BLOCK:
                writer.flush()
            if heard and kind in heard:
                heard[kind]()

        return NodeOut(send, emit, timers)

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
        node = self._nodes[device]
        node.leave()
        node.life += 1

    def start(self, device: str, now: Ns) -> None:
        """The device begins anew."""
        node = self._nodes[device]
        node.leave()
        node.life += 1
        node.enter(self._makers[device](now))

    def tell(self, device: str, message: object) -> None:
        """Deliver at this instant, whatever the cables."""
        self.env.post(self.now, NORMAL, self._deliver, self._nodes[device], message)

    def at(self, instant: int, action: Callable[[], None]) -> None:
        """Do `action` at an instant."""
        self.env.post(max(self.now, instant), NORMAL, self._call, action)

    def emit(self, kind: Kind, subject: str, observer: str = "harness", call: str | None = None, **fields: Any) -> None:
        """Evidence that the harness gives."""
        self._writer.add(self.now, kind, subject, observer, call, fields)

    def run(self, until: int) -> None:
        """Let time pass. MachineError when a machine fails, or when machines keep each other busy for ever."""
        try:
            self.env.run_to(until)
        except ChaseError:
            raise MachineError(f"machines chase each other at {self.now} ns: {self._chasers()}") from None

    # --- when the time has come

    def _deliver(self, light: Light) -> None:
        node: _Node = light[4]
        try:
            node.receive(light[5], light[0])
        except Exception as error:
            raise MachineError(f"{node.name} failed on {light[5]!r} at {self.now} ns: {error!r}") from error

    def _deliver_kept(self, light: Light) -> None:
        """As `_deliver`, unless the sender died meanwhile."""
        if light[6].life == light[7]:
            self._deliver(light)

    def _fire(self, light: Light) -> None:
        timers: CalendarTimers = light[4]
        key = light[5]
        live = timers.live
        if live.get(key) is not light:
            return
        del live[key]
        try:
            timers.on_timer(key, light[0])
        except Exception as error:
            raise MachineError(f"{timers.name} failed on timer {key} at {self.now} ns: {error!r}") from error

    def _call(self, light: Light) -> None:
        light[4]()

    def _chasers(self) -> str:
        """The next few events: who chases whom."""
        told: list[str] = []
        queue = self.env.queue
        while queue and len(told) < CHASERS_TOLD:
            light = heappop(queue)
            if light[3] == self._fire:
                told.append(f"{light[4].name} <- timer {light[5]}")
            elif light[3] in (self._deliver, self._deliver_kept):
                told.append(f"{light[4].name} <- {light[5]!r}")
            light[3](light)
        return "; ".join(told)
