"""UDP on the loopback addresses 127.x.y.z: every unit of a site has an address of its own.

The addresses of a run are reserved: a socket is bound to each, with a free port of the kernel's choice, and stays bound
for the whole run. The owner of an address binds it again; of several sockets on one address and port the one that was
bound last receives. So no other run can get hold of it, a dead owner leaves silence and no "port unreachable", and
whoever binds the service address anew has moved it.
"""

import contextlib
import socket
import struct
import time
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

_STAMPS = 35  # SO_TIMESTAMPNS: the kernel says when a datagram arrived, by the wall clock
_AT_ONCE = 256  # datagrams read before timers get their turn: a flood must not starve them
_READ = 2048


class Address(NamedTuple):
    """Where a datagram goes."""

    host: str
    port: int


def subnet(random: Random) -> str:
    """A network 127.x.y of the machine, not the usual 127.0.0."""
    return f"127.{random.randint(1, 254)}.{random.randint(0, 255)}"


def reserve(host: str) -> socket.socket:
    """Bind a free port of `host`. Shared only after it was bound, so that the kernel never picks a port in use."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((host, 0))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return sock


def address_of(sock: socket.socket) -> Address:
    """Where a socket is bound."""
    host, port = sock.getsockname()
    return Address(host, port)


def bind(address: Address) -> socket.socket:
    """Bind a reserved address: from now on its datagrams arrive here. OSError when it is not ours to share."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # without stamps only the lateness of timers is measured
            sock.setsockopt(socket.SOL_SOCKET, _STAMPS, 1)
        sock.bind(address)
    except OSError:
        sock.close()
        raise
    return sock


def is_free(address: Address) -> bool:
    """Whether nobody has a socket there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.bind(address)
        except OSError:
            return False
    return True


def arrivals(sock: socket.socket) -> Iterator[tuple[bytes, int]]:
    """Datagrams that wait, each with its age in nanoseconds by the kernel's stamp (0 when there is none)."""
    for _ in range(_AT_ONCE):
        try:
            datagram, ancillary, _, _ = sock.recvmsg(_READ, 64)
        except BlockingIOError:
            return
        age = 0
        for _, kind, stamp in ancillary:
            if kind == _STAMPS and len(stamp) == 16:
                seconds, nanoseconds = struct.unpack("qq", stamp)
                age = time.time_ns() - (seconds * 1_000_000_000 + nanoseconds)
        yield datagram, max(0, age)
