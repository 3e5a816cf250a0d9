"""The frame of every process of a live run: its configuration, its common start with the others, its end.

    argument        the configuration as JSON, a file that holds it, or nothing: the first line of standard input
    "ready"         is printed once every address is bound
    {"start":..}    is then read from standard input, unless the configuration carries a start: CLOCK_MONOTONIC instants
                    from which time counts and at which the machine is switched on
    end             on SIGTERM, or when standard input closes: whoever started the process is gone

Exit status 0 after an end in order, 1 after a failure, which is also written to the part: a failed process is an
error of the run and never taken for a device that crashed. 2 for a configuration that is none.
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from simtel.core.clock import Ns
from simtel.core.merge import PartWriter
from simtel.wire.codec import Codec
from simtel.wire.host import Host
from simtel.wire.udp import Address

_LONGEST_LINE = 1 << 16


class Start(msgspec.Struct, frozen=True):
    """When time begins, and when this machine is switched on: CLOCK_MONOTONIC, nanoseconds."""

    start: int
    begin: int


class Common(msgspec.Struct, frozen=True, kw_only=True):
    """What the configuration of every process holds."""

    observer: str
    part: str  # path of its part file
    tag: str  # of the run, 16 hexadecimal digits
    routes: dict[str, tuple[Address, ...]] = {}
    start: Start | None = None


C = TypeVar("C", bound=Common)


class Life(msgspec.Struct, Generic[C]):
    """How a process comes to life: `build` binds addresses and makes the machine, and returns what switches it on."""

    config: type[C]
    build: Callable[[C, Host], Callable[[Ns], None]]
    undo: Callable[[], None] | None = None  # done at the end, however it came


def run(life: Life[C], arguments: list[str]) -> int:
    """Live once; returns the exit status."""
    try:
        config = msgspec.json.decode(_config(arguments), type=life.config)
        codec = Codec(bytes.fromhex(config.tag))
        part = PartWriter(config.part, config.observer)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"configuration: {error}\n")
        return 2
    host = Host(part, codec, config.routes)
    try:
        power_on = life.build(config, host)
        start = config.start or _barrier()
        try:
            asyncio.run(_live(host, start, power_on))
        finally:
            if life.undo is not None:
                life.undo()
    except Exception as error:  # noqa: BLE001 (whatever went wrong is written down: it must not look like a crash)
        part.error(f"{type(error).__name__}: {error}")
        traceback.print_exc()
        return 1
    part.end(host.end())
    part.close()
    return 0


async def _live(host: Host, start: Start, power_on: Callable[[Ns], None]) -> None:
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, host.stop)
    with contextlib.suppress(PermissionError):  # a plain file cannot be watched, and never closes
        loop.add_reader(0, host.stop)
    try:
        await host.live(start.start, start.begin, power_on)
    finally:
        loop.remove_reader(0)


def _config(arguments: list[str]) -> bytes:
    if not arguments:
        return _line()
    text = arguments[0]
    return text.encode() if text.lstrip().startswith("{") else Path(text).read_bytes()


def _barrier() -> Start:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    line = _line()
    if not line:
        raise RuntimeError("nobody said when to start")
    return msgspec.json.decode(line, type=Start)


def _line() -> bytes:
    """One line of standard input, and nothing of the next: the loop watches the same descriptor afterwards."""
    read = bytearray()
    while len(read) < _LONGEST_LINE and (byte := os.read(0, 1)) and byte != b"\n":
        read += byte
    return bytes(read)


def soon(after: int = 50_000_000) -> Start:
    """A start `after` nanoseconds from now."""
    at = time.monotonic_ns() + after
    return Start(at, at)
