"""Hosts one machine in real time: datagrams and the clock drive it, its messages become datagrams, its evidence a part.

The host has no rule of its own. It hands the machine its timers and what arrives, and measures how late it did so:
a timer by its due instant, a datagram by the kernel's stamp. Time in which the process was stopped
(SIGSTOP) is the fault's doing and no lateness of the host.
"""

import asyncio
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

from simtel.core.clock import Ns
from simtel.core.events import Kind
from simtel.core.machine import Machine
from simtel.core.merge import End, PartWriter
from simtel.core.timers import TimerHeap
from simtel.wire.codec import Codec
from simtel.wire.udp import Address, arrivals

STEPS_AT_ONCE = 100_000


class Host:
    """The `Out` of its machine, and its timers."""

    def __init__(self, part: PartWriter, codec: Codec, routes: Mapping[str, tuple[Address, ...]]) -> None:
        """`routes` says to which addresses a message for a name goes."""
        self.machine: Machine
        self.timers = TimerHeap()
        self.local: dict[str, Callable[[Any], None]] = {}  # names served within this process
        self.now = Ns(0)
        self.undelivered = 0
        self.uncertainty = 0
        self.killed: list[str] = []
        self._part = part
        self.codec = codec
        self._routes = routes
        self._mouth = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._mouth.setblocking(False)
        self._ears: list[socket.socket] = []
        self._start = 0
        self._resumed = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._over: asyncio.Future[None] | None = None

    # --- what a machine sees of it

    def send(self, to: str, message: object) -> None:
        """A datagram to each address of `to`. To nobody known: counted, since a stranger may have asked for it."""
        if to in self.local:
            self.local[to](message)
            return
        addresses = self._routes.get(to)
        if addresses is None:
            self.undelivered += 1
            return
        datagram = self.codec.encode(message)
        for address in addresses:
            try:
                self._mouth.sendto(datagram, address)
            except OSError:  # a full buffer loses a datagram, as a network does
                self.undelivered += 1

    def emit(self, kind: Kind, call: str | None = None, subject: str | None = None, /, **fields: Any) -> None:
        """A line of the part, stamped with the instant of the step."""
        self._part.event(self.now, kind, subject or self._part.observer, call, fields)

    # --- life

    def tick(self) -> Ns:
        """Read the clock."""
        self.now = Ns(time.monotonic_ns() - self._start)
        return self.now

    def listen(self, sock: socket.socket) -> None:
        """What arrives at `sock` is for the machine."""
        self._ears.append(sock)
        if self._loop is not None:
            self._loop.add_reader(sock, self._hear, sock)

    def leave(self, sock: socket.socket) -> None:
        """Listen there no more."""
        self._ears.remove(sock)
        if self._loop is not None:
            self._loop.remove_reader(sock)
        sock.close()

    async def live(self, start: int, begin: int, power_on: Callable[[Ns], None]) -> None:
        """Run until `stop`. The clock counts from `start`; the machine is switched on at `begin` (CLOCK_MONOTONIC)."""
        self._start = start
        self._loop = asyncio.get_running_loop()
        self._over = self._loop.create_future()
        # Before any callback runs: a handler of the loop itself might come after the timers that are now overdue.
        signal.signal(signal.SIGCONT, self._continued)
        self._loop.set_exception_handler(self._failed)
        self._loop.call_at(begin / 1e9, self._power_on, power_on)
        try:
            await self._over
        finally:
            for sock in self._ears:
                self._loop.remove_reader(sock)
            self._loop = None
            self.close()

    def close(self) -> None:
        """Give every address back."""
        for sock in (*self._ears, self._mouth):
            sock.close()

    def stop(self) -> None:
        """End in order."""
        if self._over is not None and not self._over.done():
            self._over.set_result(None)

    def end(self) -> End:
        """What is known when life is over."""
        rooms = sorted({name.split(".")[1] for name in sys.modules if name.startswith("simtel.")})
        return End(
            uncertainty=self.uncertainty, rejected=self.codec.rejected, undelivered=self.undelivered,
            killed=tuple(self.killed), rooms=tuple(rooms),
        )  # fmt: skip

    # --- steps

    def _power_on(self, power_on: Callable[[Ns], None]) -> None:
        if self._loop is not None:
            for sock in self._ears:
                while any(True for _ in arrivals(sock)):
                    pass  # what came before it was switched on is lost
                self._loop.add_reader(sock, self._hear, sock)
        power_on(self.tick())
        self._serve()

    def _hear(self, sock: socket.socket) -> None:
        for datagram, age in arrivals(sock):
            now = self.tick()
            self._part.late(min(age, now - self._resumed))
            message = self.codec.decode(datagram)
            if message is not None:
                self.machine.receive(message, now)
        self._serve()

    def _serve(self) -> None:
        """Serve what is due, then sleep until the next deadline."""
        for _ in range(STEPS_AT_ONCE):
            due, now = self.timers.next(), self.tick()
            key = self.timers.due(now)
            if due is None or key is None:
                break
            self._part.late(now - max(due, self._resumed))
            self.machine.on_timer(key, now)
        else:
            raise RuntimeError(f"the machine does not come to rest: {STEPS_AT_ONCE} steps in a row were due")
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if due is not None and self._loop is not None:
            self._alarm = self._loop.call_at((self._start + due) / 1e9, self._serve)

    def _continued(self, _number: int, _frame: FrameType | None) -> None:
        self._resumed = time.monotonic_ns() - self._start

    def _failed(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception") or RuntimeError(context["message"])
        if self._over is not None and not self._over.done():
            self._over.set_exception(error)
