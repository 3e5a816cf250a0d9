"""The fault injector as a process: `python -m simtel.probe.fault_process CONFIG`.

It knows the servers as process ids and nothing else of them: it imports neither their machine nor their host, and
touches no object of theirs. Process ids stand in a file that whoever starts the servers keeps; it does not collect a
dead server before the run is over, so that an id is never somebody else's.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from simtel.core.clock import Ns
from simtel.core.merge import Line, Seen
from simtel.probe.striker import Strike, Striker
from simtel.protocols.election import Fence
from simtel.wire.host import Host
from simtel.wire.process import Common, Life, run
from simtel.wire.udp import Address, bind


class FaultConfig(Common, frozen=True, kw_only=True):
    """`pids` names a file with a JSON map from server to process id; `parts` the folder where others write."""

    servers: tuple[str, ...]
    strikes: tuple[Strike, ...]
    pids: str
    parts: str
    power: Address  # where `Fence` arrives


class Tail:
    """What the parts of a folder grew by since the last look. A line that is still being written waits."""

    def __init__(self, folder: Path, but: Path) -> None:
        self._folder = folder
        self._but = but
        self._read: dict[Path, int] = {}
        self._decoder = msgspec.json.Decoder(Line)

    def __call__(self) -> Iterator[Seen]:
        for path in sorted(self._folder.glob("*.part")):
            if path == self._but:
                continue
            with path.open("rb") as source:
                source.seek(self._read.get(path, 0))
                fresh = source.read()
            whole = fresh[: fresh.rfind(b"\n") + 1]
            self._read[path] = self._read.get(path, 0) + len(whole)
            for raw in whole.splitlines():
                line = self._decoder.decode(raw)
                if line.event is not None:
                    yield line.event


class Signals:
    """Sends signals by process id. The instant of the host is read right before."""

    def __init__(self, pids: Path, host: Host) -> None:
        self._pids = pids
        self._host = host
        self._stopped: set[int] = set()

    def __call__(self, server: str, number: signal.Signals) -> None:
        """Strike. KeyError for a server that nobody started."""
        pid = msgspec.json.decode(self._pids.read_bytes(), type=dict[str, int])[server]
        self._host.tick()
        before = time.monotonic_ns()
        os.kill(pid, number)
        self._host.uncertainty = max(self._host.uncertainty, time.monotonic_ns() - before)
        if number is signal.SIGSTOP:
            self._stopped.add(pid)
        elif number is signal.SIGCONT:
            self._stopped.discard(pid)
        elif number is signal.SIGKILL:
            self._host.killed.append(server)

    def release(self) -> None:
        """No process stays stopped, whatever went wrong."""
        for pid in self._stopped:
            os.kill(pid, signal.SIGCONT)
        self._stopped.clear()


def life() -> Life[FaultConfig]:
    """The striker, and its undoing at the end."""
    made: list[tuple[Striker, Signals]] = []

    def build(config: FaultConfig, host: Host) -> Callable[[Ns], None]:
        host.listen(bind(config.power))
        signals = Signals(Path(config.pids), host)
        tail = Tail(Path(config.parts), Path(config.part))
        striker = Striker(host, config.strikes, config.servers, signals, tail)
        made.append((striker, signals))
        host.codec.accepts = (Fence,)
        host.machine = striker
        return striker.start

    def undo() -> None:
        for striker, signals in made:
            try:
                striker.undo_all()
            finally:
                signals.release()

    return Life(FaultConfig, build, undo)


def main() -> int:
    """Entry."""
    return run(life(), sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
