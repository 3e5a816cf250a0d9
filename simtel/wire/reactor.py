"""One thread, one epoll: UDP sockets on loopback and timers, for load, for media and for an emulated site.

Whoever lives on a reactor is called: `hear(data, source, now)` with each datagram, `on_timer(key, now)` with each timer
that is due. Time is CLOCK_MONOTONIC since the reactor was made. Sockets that have something are read in turns of
`AT_ONCE` datagrams, so that a flood starves no timer; timers are served in turns of as many. How busy the thread was
and how late its timers came is counted: who measures others by it must know when it was itself the slow one.
"""

import errno
import select
import socket
import time
from collections.abc import Callable
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address
from typing import Self

from simtel.core.clock import Ns
from simtel.core.timers import Key, TimerHeap
from simtel.wire.udp import Address

AT_ONCE = 256
READ = 65_536  # the longest datagram
BUFFER = 8 << 20  # octets asked of the kernel for what arrives while the thread is busy; it may give less
IDLE = 0.2  # seconds after which `run` looks whether it is to end, at the latest
_FORCE = 33  # SO_RCVBUFFORCE: more than net.core.rmem_max, where we may
_FULL = {errno.EAGAIN, errno.ENOBUFS}

Hear = Callable[[bytes, Address, Ns], None]
OnTimer = Callable[[Key, Ns], None]


@lru_cache(4096)
def loopback(host: str) -> str:
    """`host` when it is an address in 127/8; ValueError otherwise: simtel speaks to nobody else unasked."""
    try:
        address = IPv4Address(host)
    except AddressValueError:
        raise ValueError(f"{host} is no IPv4 address") from None
    if not address.is_loopback:
        raise ValueError(f"{host} is not in 127.0.0.0/8")
    return host


class Udp:
    """A UDP socket bound to an address of 127/8. OSError when the address is taken."""

    def __init__(self, address: Address, hear: Hear) -> None:
        self.hear = hear
        self.unsent = 0  # datagrams that the kernel had no room for: lost, as a network loses them
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self.sock.setblocking(False)
            self._widen()
            self.sock.bind((loopback(address.host), address.port))
        except (OSError, ValueError):
            self.sock.close()
            raise
        self.address = Address(*self.sock.getsockname())

    def _widen(self) -> None:
        try:
            self.sock.setsockopt(socket.SOL_SOCKET, _FORCE, BUFFER)
        except PermissionError:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)

    def send(self, data: bytes, to: Address) -> bool:
        """Whether the kernel took it. ValueError when `to` is not in 127/8: a name is looked up by nobody."""
        loopback(to.host)
        try:
            self.sock.sendto(data, to)
        except OSError as error:
            if error.errno not in _FULL:
                return False
            self.unsent += 1
        return True


class Reactor:
    """The loop. `with` closes its sockets."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._sockets: dict[int, Udp] = {}
        self._hosts: list[tuple[TimerHeap, OnTimer]] = []
        self._origin = time.monotonic_ns()
        self._ended = False
        self.slept = 0  # nanoseconds that the thread had nothing to do
        self.latest = 0  # nanoseconds by which the latest timer came too late

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for udp in self._sockets.values():
            udp.sock.close()
        self._sockets.clear()
        self._epoll.close()

    def now(self) -> Ns:
        """Nanoseconds since the reactor was made."""
        return Ns(time.monotonic_ns() - self._origin)

    def udp(self, address: Address, hear: Hear) -> Udp:
        """Bind; from now on datagrams that arrive there are heard."""
        udp = Udp(address, hear)
        self._sockets[udp.sock.fileno()] = udp
        self._epoll.register(udp.sock.fileno(), select.EPOLLIN)
        return udp

    def timers(self, on_timer: OnTimer) -> TimerHeap:
        """Timers of one more tenant."""
        heap = TimerHeap()
        self._hosts.append((heap, on_timer))
        return heap

    def stop(self) -> None:
        """`run` ends after what is being done."""
        self._ended = True

    def run(self, until: int | None = None) -> None:
        """Serve until `stop`, or until the instant `until`."""
        self._ended = False
        while not self._ended:
            now = self.now()
            if until is not None and now >= until:
                return
            self._serve_timers(now)
            if not self._ended:
                self._serve_sockets(until)

    def _serve_timers(self, now: Ns) -> None:
        for heap, on_timer in self._hosts:
            for _ in range(AT_ONCE):
                due = heap.next()
                if due is None or due > now:
                    break
                key = heap.due(now)
                if key is not None:
                    self.latest = max(self.latest, now - due)
                    on_timer(key, now)

    def _serve_sockets(self, until: int | None) -> None:
        soonest: list[int] = [due for heap, _ in self._hosts if (due := heap.next()) is not None]
        soonest += [until] if until is not None else []
        before = self.now()
        wait = min(IDLE, max(0.0, (min(soonest) - before) / 1e9)) if soonest else IDLE
        ready = self._epoll.poll(wait)
        self.slept += self.now() - before
        for fd, _ in ready:
            udp = self._sockets[fd]
            receive = udp.sock.recvfrom
            for _ in range(AT_ONCE):
                try:
                    data, source = receive(READ)
                except BlockingIOError:
                    break
                except ConnectionError:  # ICMP "unreachable" for what was sent before: its sender has timers
                    continue
                udp.hear(data, Address(*source), self.now())
