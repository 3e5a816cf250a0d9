"""Target `loopback`: the server pair alive, as processes of this machine that talk by UDP on 127.x.y.z, in real time.

Theory of operation:

 1. Each server is a process (`simtel.emulator.server_process`) with two heartbeat addresses of its own. The service
    address, where it moves, is bound by the server that claims it; else it stays the first server's. A watch
    (`simtel.probe.watch_process`) asks the service address and hears the adverts. A third process
    (`simtel.probe.fault_process`) sends the signals: `crash` is SIGKILL, `hang` is SIGSTOP. With SIGSTOP the heartbeat
    stops as well, which a hang of the vocabulary does not ask: `fault.injected` says so in `unit`. The same process is
    the power relay that a server with fencing calls on.
 2. All start at one instant, agreed on once every address is bound. Each writes its own part file; this one starts and
    stops them, takes the census and merges the parts.
 3. There are no calls: `load.ended` says that none was offered, and what happens before the first fault is shortened
    to the lead-in, all faults moving forward by as much. The run ends when the last fault has had the time that a
    take-over and every limit of the scenario need, and after `LONGEST` at the latest.
 4. `crash` with a duration: the server's process is started again, and is in service after the boot time.
 5. A process that ends by itself, or by a signal that nobody here sent, is an error of the run.
 6. Whatever happens, every process is continued, ended and collected by its id before `run` returns.

Uncertainty of an event is the lateness that its observer measured, for service checks plus the watch's interval and
the worst lateness of any process: a server that the machine woke late is not a slow server.
"""

import contextlib
import os
import signal
import tempfile
import time
from pathlib import Path
from random import SystemRandom
from typing import Any

import msgspec

from simtel.core.clock import MS
from simtel.core.events import Kind
from simtel.core.faults import FaultKind
from simtel.core.log import EvidenceWriter
from simtel.core.merge import End, Part, PartWriter, merge, read_part
from simtel.profiles.spec import SiteSpec
from simtel.target import building
from simtel.target.plan import PRIORITIES, Plan
from simtel.target.process import Process
from simtel.target.schedule import FAULTS, given, schedule
from simtel.wire.codec import TAG_LENGTH
from simtel.wire.process import Start, soon
from simtel.wire.udp import Address, address_of, is_free, reserve, subnet

WATCH_INTERVAL = 50 * MS
WATCH_TIMEOUT = 200 * MS
PATHS = ("heartbeat.1", "heartbeat.2")

OBSERVES = frozenset(
    kind
    for kind in Kind
    if kind.startswith(("server.", "service.", "fault.")) or kind in (Kind.LOAD_ENDED, Kind.DEVICE_HOLDS)
) - {Kind.SERVER_SERVING}  # nobody writes it here: there is no call processing whose readiness could be told
_SERVICE = ("service.checked", "service.lost", "service.answered")
_LOOK = 0.02  # seconds between looks at the processes


class LoopbackTarget:
    """See the head of this file. `keep` is a folder in which the part files stay; otherwise they are temporary."""

    kind = "loopback"

    def __init__(self, keep: Path | None = None) -> None:
        self._keep = keep

    def observes(self) -> frozenset[Kind]:
        """What servers say, what the watch sees, what the harness does."""
        return OBSERVES

    def faults(self) -> frozenset[FaultKind]:
        """What a signal can do."""
        return FAULTS

    def roles(self, site: SiteSpec) -> dict[str, tuple[str, ...]]:
        """The servers: nothing else of the site stands here."""
        return {"servers": building.names(site).servers}

    def run(self, plan: Plan, out: EvidenceWriter) -> None:
        """Run in real time."""
        strikes, length = schedule(plan)
        files = _open_files()
        with contextlib.ExitStack() as stack:
            if self._keep is None:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="simtel-")))
            else:
                folder = self._keep
                folder.mkdir(parents=True)
            site = _Site(plan, strikes, length, folder)
            try:
                site.live()
            except BaseException:
                site.stop()
                site.close()
                merge(_parts(folder), out)
                out.abandon()
                raise
            site.stop()
            site.census(files)
            parts = _parts(folder)
            merge(parts, out)
            lateness = {observer: late for observer, (late, _) in _figures(parts).items()}
            out.close(site.ended, lateness, _uncertainty(_figures(parts)), "; ".join(site.errors + _failures(parts)))


class _Site:
    """One run: addresses, processes, census."""

    def __init__(self, plan: Plan, strikes: list[dict[str, Any]], length: int, folder: Path) -> None:
        self.errors: list[str] = []
        self.ended = 0
        self._plan = plan
        self._strikes = strikes
        self._length = length
        self._folder = folder
        self._random = SystemRandom()
        self._tag = self._random.randbytes(TAG_LENGTH).hex()
        self._net = subnet(self._random)
        self._reserved: dict[str, Any] = {}
        self._addresses: dict[str, Address] = {}
        self._all: list[Process] = []
        self._servers: dict[str, Process] = {}
        self._start = 0
        self._again: set[object] = set()  # numbers of crashes after which the server starts again
        self._harness = PartWriter(folder / "harness.part", "harness")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the servers."""
        return building.names(self._plan.site).servers

    # --- running

    def live(self) -> None:
        """Start everything, wait until the run is over."""
        self._reserve()
        for name in self.names:
            self._servers[name] = self._spawn("simtel.emulator.server_process", self._server(name))
        self._write_pids()
        watch = self._spawn("simtel.probe.watch_process", self._watch())
        fault = self._spawn("simtel.probe.fault_process", self._fault())
        for process in self._all:
            process.await_ready()
        start = soon()
        self._start = start.start
        for process in self._all:
            process.go(start)
        while (now := time.monotonic_ns() - self._start) < self._length and not self.errors:
            self._look(now, watch, fault)
            time.sleep(min(_LOOK, max(0.0, (self._length - now) / 1e9)))
        self._harness.event(self._now(), Kind.LOAD_ENDED, "harness", None, {"offered": 0})

    def _look(self, now: int, watch: Process, fault: Process) -> None:
        """Who has ended, and who is to start again."""
        for process in self._all:
            status = process.over()
            # Whether a SIGKILL was ours is known at the end, from the one who sends them (`_killed`).
            if status is not None and (status != -signal.SIGKILL or process in (watch, fault)):
                self.errors.append(f"{process.name} ended by itself ({_how(status)})")
        lasting = {x["number"]: x["lasting"] for x in self._strikes if x["kind"] == FaultKind.CRASH and x["lasting"]}
        if len(self._again) == len(lasting):
            return
        boot = self._plan.site.time("servers.boot_time")
        for seen in read_part(fault.part).seen:
            number = seen.data.get("number")
            if seen.kind == Kind.FAULT_INJECTED and number in lasting and number not in self._again:
                self._again.add(number)
                self._restart(seen.t + lasting[number] + boot, seen.subject)

    def _restart(self, at: int, name: str) -> None:
        """Have a server in service again at `at`. Its process is made ready at once: that takes time and is no boot."""
        if at >= self._length:
            return
        life = self._servers[name].life + 1
        config = {**self._server(name), "active": len(self.names) == 1}
        again = self._servers[name] = self._spawn("simtel.emulator.server_process", config, life)
        self._write_pids()
        again.await_ready()
        again.go(Start(self._start, max(self._start + at, time.monotonic_ns())))

    def _now(self) -> int:
        return time.monotonic_ns() - self._start

    # --- ending

    def stop(self) -> None:
        """Undo and end everything, and collect it. The watch first: it shall not see the others go."""
        for process in self._all:
            if process.name == "watch":
                process.tell(signal.SIGTERM)
                process.collect()
        for process in self._all:
            process.tell(signal.SIGTERM)
        for process in reversed(self._all):  # the fault process was started last and lets the stopped ones go on
            if process.name != "harness":
                process.tell(signal.SIGCONT)
            process.collect()
        for sock in self._reserved.values():
            sock.close()
        self._reserved.clear()
        self.ended = self._now() if self._start else 0

    def census(self, files_before: int) -> None:
        """What is left: processes that live, addresses that somebody still holds, files of this process."""
        killed = self._killed()
        for process in self._all:
            status = process.over()
            if status == -signal.SIGKILL and process.name not in killed:
                self.errors.append(f"{process.name} was killed by somebody else")
        for owner in (*self.names, "watch", "harness"):
            subject = "injector" if owner == "harness" else owner
            self._holds(subject, "processes", sum(p.name == owner and p.over() is None for p in self._all))
        for owner in (*self.names, "watch", "service", "power"):
            held = [address for key, address in self._addresses.items() if key.partition("/")[0] == owner]
            self._holds(owner, "ports", sum(not is_free(address) for address in held))
        self._holds("loopback", "files", max(0, _open_files() - files_before - 1))  # 1: the harness's own part
        self._harness.end(End())
        self.close()

    def close(self) -> None:
        """Nothing more will be written."""
        self._harness.close()

    def _holds(self, subject: str, what: str, count: int) -> None:
        self._harness.event(self.ended, Kind.DEVICE_HOLDS, subject, None, {"what": what, "count": count})

    def _killed(self) -> set[str]:
        """Servers that the fault process killed, as a fault or to fence them."""
        ends = [read_part(p.part).end for p in self._all if p.name == "harness"]
        return {name for end in ends if end is not None for name in end.killed}

    # --- what each process is told

    def _reserve(self) -> None:
        wanted = [f"{name}/{place}" for name in self.names for place in (*PATHS, "own")]
        wanted += [f"watch/{place}" for place in (*PATHS, "answers")] + ["power", "service"]
        for number, key in enumerate(wanted, start=1):
            self._reserved[key] = sock = reserve(f"{self._net}.{number}")
            self._addresses[key] = address_of(sock)

    @property
    def _moving(self) -> bool:
        return given(self._plan.site, "site.address", "moving") == "moving"

    def _common(self, observer: str, routes: dict[str, list[Address]]) -> dict[str, Any]:
        return {"observer": observer, "tag": self._tag, "routes": routes}

    def _server(self, name: str) -> dict[str, Any]:
        site = self._plan.site
        number = self.names.index(name)
        peer = next((other for other in self.names if other != name), None)
        # An advert is for everybody on its path, as a multicast: the peer, and the watch.
        ears = (*((peer,) if peer else ()), "watch")
        routes = {path: [self._addresses[f"{ear}/{path}"] for ear in ears] for path in PATHS}
        routes |= {"watch": [self._addresses["watch/answers"]], "power": [self._addresses["power"]]}
        return {
            **self._common(name, routes),
            "peer": peer, "priority": PRIORITIES[number], "active": number == 0,
            "times": msgspec.to_builtins(building.times(site)), "paths": PATHS,
            "ears": [self._addresses[f"{name}/{place}"] for place in (*PATHS, "own")],
            "service": self._addresses["service"] if self._moving else None,
            "fencing": given(site, "servers.election.fencing", "none") == "power",
            "preempt": given(site, "servers.election.preempt", False),
        }  # fmt: skip

    def _watch(self) -> dict[str, Any]:
        ask = {name: [self._addresses[f"{name}/own"]] for name in self.names}
        if given(self._plan.site, "gateways.registration.mode", "vip") == "vip":  # all ask one address, as devices do
            ask = {"service": [self._addresses["service"]] if self._moving else ask[self.names[0]]}
        ears = [self._addresses[f"watch/{where}"] for where in (*PATHS, "answers")]
        return {
            **self._common("watch", ask), "ears": ears, "ask": list(ask),
            "interval": WATCH_INTERVAL, "timeout": WATCH_TIMEOUT,
        }  # fmt: skip

    def _fault(self) -> dict[str, Any]:
        return {
            **self._common("harness", {}), "servers": self.names, "strikes": self._strikes,
            "pids": str(self._folder / "pids.json"), "parts": str(self._folder), "power": self._addresses["power"],
        }  # fmt: skip

    def _spawn(self, module: str, config: dict[str, Any], life: int = 1) -> Process:
        process = Process(module, config, self._folder, life)
        self._all.append(process)
        return process

    def _write_pids(self) -> None:
        fresh = self._folder / "pids.new"
        fresh.write_bytes(msgspec.json.encode({name: process.pid for name, process in self._servers.items()}))
        fresh.replace(self._folder / "pids.json")


def _how(status: int) -> str:
    return f"exit status {status}" if status >= 0 else signal.Signals(-status).name


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 (one descriptor for the listing itself, both times)


def _parts(folder: Path) -> list[Part]:
    return [read_part(path) for path in sorted(folder.glob("*.part"))]


def _failures(parts: list[Part]) -> list[str]:
    return [f"{Path(part.path).stem}: {message}" for part in parts for message in part.errors]


def _figures(parts: list[Part]) -> dict[str, tuple[int, int]]:
    """Observer -> (lateness, uncertainty besides), the worst of its parts."""
    found: dict[str, tuple[int, int]] = {}
    for part in parts:
        observer = part.seen[0].observer if part.seen else Path(part.path).stem.partition("-")[0]
        late, off = found.get(observer, (0, 0))
        found[observer] = (max(late, part.lateness), max(off, part.end.uncertainty if part.end else 0))
    return found


def _uncertainty(figures: dict[str, tuple[int, int]]) -> dict[str, int]:
    """Per observer, and per kind where it is more than that. See the head of this file."""
    table: dict[str, int] = {}
    for observer, (late, off) in figures.items():
        # A fault's instant is read right before its signal: how late that is adds nothing to how well it is known.
        table[observer] = off if observer == "harness" else late
    worst = max((late for observer, (late, _) in figures.items() if observer != "harness"), default=0)
    if "watch" in figures:
        late, interval = figures["watch"]
        table |= {f"watch/{kind}": interval + late + worst for kind in _SERVICE}
    return table
