import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simtel.core.clock import MS, Ns
from simtel.core.events import Kind
from simtel.core.merge import Part, PartWriter, read_part
from simtel.core.timers import Key, TimerHeap
from simtel.protocols.service import Check
from simtel.wire.codec import Codec
from simtel.wire.host import Host
from simtel.wire.udp import Address, address_of, bind, reserve

TAG = b"run-0001"


class Scripted:
    """A machine that does what its test says at each instant, and keeps what it was given."""

    def __init__(self, timers: TimerHeap) -> None:
        self.timers = timers
        self.steps: dict[str, Callable[[Ns], None]] = {}
        self.served: list[tuple[str, int]] = []
        self.got: list[tuple[object, int]] = []

    def at(self, t: int, name: str, step: Callable[[Ns], None]) -> None:
        self.steps[name] = step
        self.timers.set((name,), t)

    def receive(self, message: object, now: Ns) -> None:
        self.got.append((message, now))

    def on_timer(self, key: Key, now: Ns) -> None:
        self.served.append((key[0], now))
        self.steps[key[0]](now)


def play(
    folder: Path,
    script: Callable[[Scripted, Host], None],
    routes: dict[str, tuple[Address, ...]] | None = None,
    listen: Address | None = None,
) -> tuple[Scripted, Host, Part]:
    """Let a scripted machine live until its script stops the host."""
    part = PartWriter(folder / "part", "it")
    host = Host(part, Codec(TAG), routes or {})
    machine = Scripted(host.timers)
    host.machine = machine
    script(machine, host)
    if listen is not None:
        host.listen(bind(listen))
    start = time.monotonic_ns()
    asyncio.run(host.live(start, start, lambda _: None))
    part.end(host.end())
    part.close()
    return machine, host, read_part(folder / "part")


def nothing(_now: Any) -> None:
    """A step that does nothing."""


def test_deadlines_are_never_served_early(tmp_path: Path) -> None:
    def script(machine: Scripted, host: Host) -> None:
        for t in (1, 7, 8, 20):
            machine.at(t * MS, str(t), nothing)
        machine.at(21 * MS, "end", lambda _: host.stop())

    machine, _, part = play(tmp_path, script)
    assert [name for name, _ in machine.served] == ["1", "7", "8", "20", "end"]
    assert all(now >= int(name) * MS for name, now in machine.served[:-1])
    # What was measured is the worst that was.
    assert part.lateness == pytest.approx(max(now - int(n) * MS for n, now in machine.served[:-1]), abs=5 * MS)
    assert part.lateness > 0


def test_lateness_of_a_blocked_host_is_measured(tmp_path: Path) -> None:
    def script(machine: Scripted, host: Host) -> None:
        def block(now: Ns) -> None:
            machine.at(now + 1 * MS, "late", lambda _: host.stop())
            time.sleep(0.06)

        machine.at(1 * MS, "block", block)

    _, _, part = play(tmp_path, script)
    assert part.lateness >= 55 * MS


def test_a_datagram_that_waited_is_lateness_too(tmp_path: Path) -> None:
    with reserve("127.78.1.1") as sock:
        place = address_of(sock)

        def script(machine: Scripted, host: Host) -> None:
            def block(now: Ns) -> None:
                host.send("self", Check("it", 1))
                time.sleep(0.06)
                machine.at(now + 80 * MS, "end", lambda _: host.stop())

            machine.at(1 * MS, "block", block)

        machine, _, part = play(tmp_path, script, {"self": (place,)}, listen=place)
    assert [message for message, _ in machine.got] == [Check("it", 1)]
    assert part.lateness >= 55 * MS


def test_time_in_which_the_process_was_stopped_is_no_lateness(tmp_path: Path) -> None:
    """SIGCONT reaches a running process as well: it is what marks the end of a stop."""

    def script(machine: Scripted, host: Host) -> None:
        def block(now: Ns) -> None:
            machine.at(now + 1 * MS, "late", lambda _: host.stop())
            time.sleep(0.2)
            os.kill(os.getpid(), signal.SIGCONT)

        machine.at(1 * MS, "block", block)

    before = signal.getsignal(signal.SIGCONT)
    try:
        machine, _, part = play(tmp_path, script)
    finally:
        signal.signal(signal.SIGCONT, before)
    assert machine.served[1][1] >= 200 * MS
    assert part.lateness < 150 * MS


def test_rejected_and_undelivered_are_counted(tmp_path: Path) -> None:
    with reserve("127.78.1.2") as sock:
        place = address_of(sock)

        def script(machine: Scripted, host: Host) -> None:
            def speak(now: Ns) -> None:
                host.send("nobody", Check("it", 1))
                host._mouth.sendto(b"rubbish", place)
                host.send("self", Check("it", 2))
                machine.at(now + 30 * MS, "end", lambda _: host.stop())

            machine.at(1 * MS, "speak", speak)

        machine, _, part = play(tmp_path, script, {"self": (place,)}, listen=place)
    assert [message for message, _ in machine.got] == [Check("it", 2)]
    assert part.end is not None
    assert part.end.rejected == {"of another run": 1}
    assert part.end.undelivered == 1


def test_events_carry_the_instant_of_their_step(tmp_path: Path) -> None:
    def script(machine: Scripted, host: Host) -> None:
        def tell(_now: Ns) -> None:
            host.emit(Kind.SERVER_DETECTED)
            host.emit(Kind.SERVER_ADVERTISED, None, "other")
            host.stop()

        machine.at(3 * MS, "tell", tell)

    machine, _, part = play(tmp_path, script)
    assert [(e.kind, e.subject, e.observer, e.t) for e in part.seen] == [
        ("server.detected", "it", "it", machine.served[0][1]),
        ("server.advertised", "other", "it", machine.served[0][1]),
    ]


def test_exception_of_the_machine_ends_the_life(tmp_path: Path) -> None:
    def script(machine: Scripted, host: Host) -> None:
        def fail(_now: Ns) -> None:
            raise LookupError("planted")

        machine.at(1 * MS, "fail", fail)

    with pytest.raises(LookupError, match="planted"):
        play(tmp_path, script)


def test_machine_that_does_not_come_to_rest(tmp_path: Path) -> None:
    def script(machine: Scripted, host: Host) -> None:
        def again(now: Ns) -> None:
            machine.at(now, "due", again)

        machine.at(1 * MS, "due", again)

    with pytest.raises(RuntimeError, match="does not come to rest"):
        play(tmp_path, script)


def test_a_local_name_is_served_within_the_process(tmp_path: Path) -> None:
    got: list[object] = []

    def script(machine: Scripted, host: Host) -> None:
        host.local["address"] = got.append

        def speak(_now: Ns) -> None:
            host.send("address", "here")
            host.stop()

        machine.at(1 * MS, "speak", speak)

    play(tmp_path, script)
    assert got == ["here"]


def test_stop_from_outside(tmp_path: Path) -> None:
    """As a signal handler does it."""

    def script(machine: Scripted, host: Host) -> None:
        threading.Timer(0.05, lambda: host._loop and host._loop.call_soon_threadsafe(host.stop)).start()

    machine, _, part = play(tmp_path, script)
    assert machine.served == []
    assert part.end is not None


def test_what_came_before_power_on_is_lost(tmp_path: Path) -> None:
    with reserve("127.78.1.3") as sock:
        place = address_of(sock)

        def script(machine: Scripted, host: Host) -> None:
            host.listen(bind(place))
            host.send("self", Check("it", 1))
            machine.at(20 * MS, "end", lambda _: host.stop())

        machine, _, _ = play(tmp_path, script, {"self": (place,)})
    assert machine.got == []
