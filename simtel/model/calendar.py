"""The calendar of target `virtual`: SimPy delivers messages between machines and wakes their deadlines.

Nothing here knows what a message means. A message sent over a route that is up arrives after the route's delay at
whatever machine lives there then; a machine that is gone gets nothing. For each machine a wake-up is armed for its
earliest deadline; one that turns out too early is armed anew, for SimPy cannot cancel a timeout. Wake-ups that are no
longer the earliest stay, and serve when their time comes: a machine's outstanding ones form a stack, latest at the
bottom.
"""

from collections.abc import Callable
from heapq import heappush
from typing import Any

from simpy.events import NORMAL

from simtel.core.clock import Ns
from simtel.core.events import Kind
from simtel.core.log import EvidenceWriter
from simtel.core.machine import Machine
from simtel.devices.wiring import Route, Wiring
from simtel.model.clock import Clock, Light

STEPS_AT_ONCE = 100_000  # more than this at one instant: the machines chase each other


NEVER = 1 << 62


class MachineError(Exception):
    """A machine failed, or chased another: an error of simtel, never taken for a device that crashed."""


def _nobody(_message: object, _now: Ns) -> None:
    """A stopped machine gets nothing."""


def _never() -> None:
    """And wants nothing."""


class _Node:
    """A machine and where it stands."""

    __slots__ = ("armed", "deadline", "life", "machine", "name", "receive", "routes")

    def __init__(self, name: str) -> None:
        self.name = name
        self.machine: Machine | None = None
        self.receive: Callable[[Any, Ns], None] = _nobody
        self.deadline: Callable[[], Ns | None] = _never
        self.life = 0
        self.armed: list[int] = [NEVER]  # instants of outstanding wake-ups, earliest last
        self.routes: dict[str, Route] = {}


class NodeOut:
    """What a machine at a node may do to the world."""

    __slots__ = ("emit", "send")

    def __init__(self, send: Callable[[str, object], None], emit: Callable[..., None]) -> None:
        self.send = send
        self.emit = emit


class Calendar:
    """Virtual time for the machines of one site."""

    def __init__(self, wiring: Wiring, writer: EvidenceWriter) -> None:
        self.env = Clock()
        self._wiring = wiring
        self._writer = writer
        self._nodes: dict[str, _Node] = {}
        self._makers: dict[str, Callable[[Ns], Machine]] = {}
        self._instant = -1
        self._steps = 0
        self._recent: list[str] = []
        self.heard: dict[str, Callable[[], None]] = {}  # kind -> who wants to know that one was emitted

    @property
    def now(self) -> Ns:
        """The present."""
        return Ns(self.env.now)  # type: ignore[arg-type]  # SimPy says float; ours is always an int

    # --- building

    def place(self, name: str, make: Callable[[Ns], Machine]) -> None:
        """A machine that `make(now)` builds and starts, now and after each restart."""
        self._nodes.setdefault(name, _Node(name))
        self._makers[name] = make

    def out(self, name: str) -> NodeOut:
        """The way out for the machine at `name`."""
        node = self._nodes.setdefault(name, _Node(name))
        routes = node.routes
        route_of, env, add = self._wiring.route, self.env, self._writer.add
        nodes, deliver, heard = self._nodes, self._deliver, self.heard
        # As Clock.post, in place: this runs for every message.
        queue, serial = env._queue, env._eid  # noqa: SLF001

        def send(to: str, message: object) -> None:
            route = routes.get(to)
            if route is None:
                route = routes[to] = route_of(name, to)
            if route.up:
                # What the sender still keeps when it dies is lost: the message remembers the sender's life.
                life = node.life if route.buffered else 0
                light = (deliver, nodes[route.node], message, node, life)
                heappush(queue, (env._now + route.delay, NORMAL, next(serial), light))  # type: ignore[misc]  # noqa: SLF001

        def emit(kind: Kind, call: str | None = None, subject: str | None = None, /, **fields: Any) -> None:
            add(env._now, kind, subject or name, name, call, fields)  # type: ignore[arg-type]  # noqa: SLF001
            if heard and kind in heard:
                heard[kind]()

        return NodeOut(send, emit)

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
        node.machine, node.receive, node.deadline = None, _nobody, _never
        node.life += 1

    def start(self, device: str, now: Ns) -> None:
        """The device begins anew."""
        node = self._nodes[device]
        node.life += 1
        machine = node.machine = self._makers[device](now)
        node.receive, node.deadline = machine.receive, machine.deadline
        self._arm(node, now)

    def tell(self, device: str, message: object) -> None:
        """Deliver at this instant, whatever the cables."""
        self.env.post((self._deliver, self._nodes[device], message, None, 0), 0)

    def at(self, instant: int, action: Callable[[], None]) -> None:
        """Do `action` at an instant."""
        self.env.post((self._call, action), max(0, instant - self.now))

    def poke(self, device: str) -> None:
        """Look at the device's deadline again: something besides a message changed it."""
        self._arm(self._nodes[device], self.now)

    def emit(self, kind: Kind, subject: str, observer: str = "harness", call: str | None = None, **fields: Any) -> None:
        """Evidence that the harness gives."""
        self._writer.add(self.now, kind, subject, observer, call, fields)

    def run(self, until: int) -> None:
        """Let time pass. MachineError when a machine fails."""
        self.env.run_to(until)

    # --- when the time has come

    def _deliver(self, light: Light) -> None:
        _, node, message, sender, life = light
        if life and sender.life != life:
            return
        now: Any = self.env._now  # noqa: SLF001 - the property costs a call for each event
        if now == self._instant:
            self._count(node.name, message)
        else:
            self._instant, self._steps = now, 0
        try:
            node.receive(message, now)
        except Exception as error:
            raise MachineError(f"{node.name} failed on {message!r} at {now} ns: {error!r}") from error
        deadline = node.deadline()
        if deadline is not None and deadline < node.armed[-1]:
            self._arm_at(node, deadline, now)

    def _wake(self, light: Light) -> None:
        node: _Node = light[1]
        node.armed.pop()
        machine = node.machine
        if machine is None:
            return
        now: Any = self.env._now  # noqa: SLF001 - as above
        if now == self._instant:
            self._count(node.name, "deadline")
        else:
            self._instant, self._steps = now, 0
        try:
            machine.on_deadline(now)  # when it is too early, nothing is due
        except Exception as error:
            raise MachineError(f"{node.name} failed on a deadline at {now} ns: {error!r}") from error
        deadline = node.deadline()
        if deadline is not None and deadline < node.armed[-1]:
            self._arm_at(node, deadline, now)

    def _call(self, light: Light) -> None:
        light[1]()

    def _arm(self, node: _Node, now: Ns) -> None:
        deadline = node.deadline()
        if deadline is not None and deadline < node.armed[-1]:
            self._arm_at(node, deadline, now)

    def _arm_at(self, node: _Node, deadline: int, now: int) -> None:
        node.armed.append(deadline)
        self.env.post((self._wake, node), max(0, deadline - now))

    def _count(self, name: str, message: object) -> None:
        self._steps += 1
        if self._steps > STEPS_AT_ONCE - 20:
            self._recent.append(f"{name} <- {message!r}")
            if self._steps > STEPS_AT_ONCE:
                told = "; ".join(self._recent[-10:])
                raise MachineError(f"more than {STEPS_AT_ONCE} steps at {self._instant} ns: {told}")
