"""The device-level virtual site beside the compiled kernels: the same callers before both, call by call.

The site of devices is given arrivals, and what its people and menus draw is overheard. The kernels are fed the same
arrivals, menus, patience, talks and wrap-ups, each longer by the messages of a call that lie in it; of those the delays
are figures of the site, the same for every call unless it has to wait: for a SETUP on the D-channel (6.25 ms each), or
for a registration that the server is at (20 ms each):

    asks for an agent    SETUP to the gateway, INVITE to the server; then the menu
    hears that he waits  the music, over the path of the speech
    talks                ring to the seat, pick-up to the server, put through to the seat, a word to the caller
    is gone              at once when the caller hangs up; else goodbye to the agent, BYE to the server and the gateway,
                         RELEASE to the exchange
    the agent is free    his wrap-up begins when the end of the call has come to his seat; "ready" goes to the server

What stays different is the place of an instant. A kernel has one for what devices learn one after the other: whoever
gives up has freed his trunk, but the server still takes him for waiting. Causes of two calls that are nearer than
`apart` may change their order: a tie, which nobody can decide from outside. A comparison ends at its first tie that
mattered. Whoever gives up while it rings has been given an agent: he is fed as a talk of that length.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple
from unittest.mock import patch

import msgspec
import numpy as np

from simtel.core.clock import HOUR, SECOND, Ns
from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog
from simtel.core.quantity import Value
from simtel.core.streams import Stream, Streams
from simtel.devices.callers import Arrival
from simtel.devices.server.control import IVR_LONGEST
from simtel.devices.wiring import CABLE_DELAY
from simtel.scenario.spec import Load
from simtel.sizing.kernels import callers
from simtel.sizing.kernels import site_world as world
from simtel.sizing.kernels.draws import Law
from simtel.sizing.kernels.lanes import LANES
from simtel.sizing.kernels.queue_kernel import NEVER, serve_heap, serve_sorted
from simtel.sizing.kernels.site_kernel import run
from simtel.sizing.kernels.site_plan import CallerClass, Demand, Group, Site, Team
from simtel.sizing.kernels.site_runs import _record, caller_streams
from simtel.sizing.kernels.site_world import DIALS
from simtel.target import site as building
from simtel.target.plan import START_UP
from tests.properties.world import live, scenario_of, site_of

MOST = 144  # calls; draws come in eights
LONG = 100 * HOUR  # of what was never drawn
REFUSED = {
    "trunk": world.BLOCKED, "core-channel": world.BLOCKED, "ivr-port": world.MENU_FULL, "queue": world.QUEUE_FULL,
    "seat": world.QUEUE_FULL,
}  # fmt: skip
# Events in whose order is drawn: how long the menu is, the patience, how long the agent lets it ring.
DRAWN_AT = {Kind.CALL_CONNECTED: "ivr", Kind.CALL_QUEUED: "patience", Kind.SEAT_RUNG: "seat"}
Met = tuple[int, int]  # what came of a call, as in `site_world`, and how long its caller waited for an agent (ns)


class Overheard(Streams):
    """Streams that keep what is drawn of exponential laws: patience, menus, agents who let it ring."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.drawn: dict[str, list[int]] = {}

    def __call__(self, name: str) -> Stream:
        if name not in self.drawn:
            kept = self.drawn[name] = []

            class Kept(Stream):
                def exponential(self, mean: int) -> Ns:
                    kept.append(super().exponential(mean))
                    return Ns(kept[-1])

            self._made[name] = Kept(self.seed, name)
        return self._made[name]


def _caller(event: Event) -> int:
    return int(event.call[1:]) - 1 if event.call else -1


class Devices:
    """A small random site, its callers, and a run of both by devices; every call ends."""

    def __init__(self, number: int) -> None:
        rng = np.random.default_rng((20_27, number))

        def on(share: float = 0.5) -> bool:
            return bool(rng.random() < share)

        full = on(0.25)  # as many calls as an E1 has timeslots
        self.groups = int(rng.integers(1, 4)) if on(0.6) else 1
        self.seats = int(rng.integers(16, 25) if full else rng.integers(self.groups, 12))
        channels = int(self.seats * rng.uniform(1.2, 2.2)) + 1 if on(0.4) and not full else 1_000
        self.trunks = min(30, channels)
        self.ivr = int(rng.integers(1, 6)) if channels == 1_000 and not full and on() else 500
        self.places = int(rng.integers(0, 6)) if on() else 1_000
        self.menu = (45 if full else 20) * SECOND
        self.wrap_up = int(rng.integers(1, 40)) * SECOND
        self.caller_ends = on()
        talk = float(rng.uniform(30, 120))
        shares = rng.dirichlet(np.full((1 + on(0.4)) * self.groups, 3.0))
        rate = self.seats / (talk + self.wrap_up / SECOND) * rng.uniform(0.8, 1.2)
        calls = int(rng.integers(60, MOST))
        self.demand = Demand(
            [rate], Law.exponential(talk), Law.fixed(0.0),
            classes=[CallerClass(float(share), n % self.groups, n // self.groups) for n, share in enumerate(shares)],
        )  # fmt: skip
        figures: dict[str, Value] = {
            "people.redial": 0.0, "people.caller_ends": float(self.caller_ends), "people.wrap_up": self.wrap_up,
            "people.answer_time": SECOND, "people.ivr_time": self.menu, "licences.core-channel": channels,
            "people.queue_patience": int(rng.integers(10, 120)) * SECOND, "servers.limits.queue": self.places,
            "servers.limits.ivr": self.ivr, "servers.limits.attempts": 1_000.0,
        }  # fmt: skip
        site = site_of("proposal-as-drawn", self.seats)
        for path, value in figures.items():
            site = site.with_figure(path, value)
        self.spec = msgspec.structs.replace(site, layout=msgspec.structs.replace(site.layout, gateways=1, spans=(1,)))
        self.streams = caller_streams(0, number)
        self.block = np.zeros((5, MOST), np.int64)
        callers.refill(
            self.block, Law.fixed(0.0), self.demand.talk, Law.fixed(0.0), Law.fixed(0.0), np.array([rate / SECOND]),
            LONG, self.streams, 0, START_UP,
        )  # fmt: skip
        self.block = self.block[:, :calls].copy()
        self.log, self.drawn = self._live(number)
        self._read()

    @cached_property
    def site(self) -> Site:
        """The same for the kernel."""
        teams = [Team([n], [len(range(n, self.seats, self.groups))]) for n in range(self.groups)]
        return Site(LONG / SECOND, self.trunks, self.ivr, teams, self.places, [Group()] * self.groups)

    def _live(self, seed: int) -> tuple[EvidenceLog, dict[str, Iterator[int]]]:
        chances = np.ascontiguousarray(self.streams[callers.CHANCES, :, 0])
        shares = np.cumsum([kind.share for kind in self.demand.classes])
        coming = []
        for n, (at, talk) in enumerate(self.block[[callers.CAME, callers.TALK]].T.tolist()):
            drawn = callers.falls(chances, n, 0, callers.CLASS) if len(shares) > 1 else 0.0
            kind = self.demand.classes[min(int(np.searchsorted(shares, drawn)), len(shares) - 1)]
            coming.append(Arrival(at, talk, f"skill.{kind.group}", priority=kind.priority))
        load = Load(
            "poisson", length=Ns(coming[-1].at + SECOND), skills=tuple(f"skill.{n}" for n in range(self.groups))
        )
        made: list[Overheard] = []

        def streams(seed: int) -> Overheard:
            made.append(Overheard(seed))
            return made[0]

        scenario = msgspec.structs.replace(scenario_of(load), drain=Ns(HOUR))
        with patch.object(building, "arrivals", lambda *_: iter(coming)), patch.object(building, "Streams", streams):
            log = live(self.spec, scenario, seed, rest=False).log
        return log, {name: iter(drawn) for name, drawn in made[0].drawn.items()}

    def _read(self) -> None:
        """What every caller met, and what a kernel is fed in order to tell it again."""
        lan, line = self.spec.time("lan.forwarding.delay"), self.spec.time("exchange.delay")
        self.apart = 2 * (line + lan) + 4 * lan
        size = self.block.shape[1]
        happened: list[dict[str, Event]] = [{} for _ in range(size)]
        drawn: dict[tuple[int, str], int] = {}
        for event in self.log.events:
            if event.call:
                happened[_caller(event)][event.kind] = event
                stream = DRAWN_AT.get(event.kind, "")
                if stream:
                    drawn[_caller(event), event.kind] = next(self.drawn[event.subject if stream == "seat" else stream])
        self.met: list[Met] = []
        self.causes: list[tuple[int, int]] = []  # instant, caller: whatever may decide something
        for n, seen in enumerate(happened):
            fed = self.block[:, n]
            came, ended = int(fed[callers.CAME]), seen[Kind.CALL_ENDED]
            self.causes += [(came, n), (ended.t, n)]
            if Kind.CALL_CONNECTED not in seen:
                self.met.append((REFUSED[str(seen[Kind.CALL_REFUSED].data["cause"])], 0))
                continue
            fed[callers.MENU] = line + lan + min(drawn[n, Kind.CALL_CONNECTED], IVR_LONGEST * self.menu)
            asked = came + int(fed[callers.MENU])
            self.causes.append((asked, n))
            fed[callers.PATIENCE] = LONG
            if Kind.CALL_QUEUED in seen:
                fed[callers.PATIENCE] = CABLE_DELAY + drawn[n, Kind.CALL_QUEUED]
            given = seen[Kind.SEAT_RUNG].t - lan if Kind.SEAT_RUNG in seen else LONG
            gave_up = ended.data["disposition"] == "abandoned"
            if gave_up and ended.t <= given:
                self.met.append((world.GAVE_UP, ended.t - asked))
                continue
            if Kind.CALL_REFUSED in seen:
                self.met.append((REFUSED[str(seen[Kind.CALL_REFUSED].data["cause"])], 0))
                continue
            self.met.append((world.ANSWERED, given - asked))
            hung_up = 2 * lan + line  # until the seat knows of it
            if gave_up:  # while it rang
                fed[callers.TALK] = ended.t - given
            else:
                assert ended.data["disposition"] == "completed", ended
                fed[callers.TALK] += 3 * lan + drawn[n, Kind.SEAT_RUNG] + CABLE_DELAY
                if not self.caller_ends:
                    fed[callers.TALK] += CABLE_DELAY + hung_up
                    hung_up = -hung_up
            if gave_up and Kind.SEAT_TALKING not in seen:
                fed[callers.WRAP_UP] = line + lan  # the server takes the agent for free
            else:
                fed[callers.WRAP_UP] = hung_up + self.wrap_up + lan
            self.causes.append((ended.t + int(fed[callers.WRAP_UP]), n))
        self.causes.sort()

    # --- the kernels

    def by_site_kernel(self) -> list[Met]:
        """The same by the kernel of whole sites."""
        w = _record(self.site, self.demand)
        w["chances"][0] = self.streams[callers.CHANCES, :, 0]
        w["dials_drawn"] = DIALS
        block = np.concatenate([self.block, np.full((5, 1), callers.NEVER)], axis=1)
        assert run(w, block, 0) == block.shape[1] - 1
        met: list[Met] = [(-1, 0)] * self.block.shape[1]
        for at, n, _, outcome in w["log"][0, : w["logged"][0]].tolist():
            asked = int(self.block[callers.CAME, n] + self.block[callers.MENU, n])
            met[n] = outcome, at - asked if outcome in (world.ANSWERED, world.GAVE_UP) else 0
        return met

    @property
    def is_queue(self) -> bool:
        """Whether all who came through wait in one line, first come, first served."""
        refused = any(outcome == world.QUEUE_FULL for outcome, _ in self.met)
        return self.groups == 1 and len(self.demand.classes) == 1 and not refused

    def by_queue_kernel(self, heap: bool) -> list[Met]:
        """The same by the kernel of a queue, from the instants at which callers asked; who never did is left alone."""
        asked = self.block[callers.CAME] + self.block[callers.MENU]
        came_through = [n for n, (outcome, _) in enumerate(self.met) if outcome in (world.ANSWERED, world.GAVE_UP)]
        order = sorted(came_through, key=lambda n: asked[n])
        busy = self.block[callers.TALK] + self.block[callers.WRAP_UP]
        gaps = np.diff(asked[order], prepend=0)
        fed = [
            np.repeat(row[:, None], LANES, axis=1) for row in (gaps, busy[order], self.block[callers.PATIENCE, order])
        ]
        waits, now = np.empty_like(fed[0]), np.zeros(LANES, np.int64)
        if heap:
            serve_heap(np.zeros((LANES, self.seats), np.int64), now, *fed, waits)
        else:
            free = np.zeros((self.seats + 1, LANES), np.int64)
            free[-1] = NEVER
            serve_sorted(free, now, *fed, waits)
        met = list(self.met)
        for n, wait in zip(order, waits[:, 0].tolist(), strict=True):
            met[n] = (world.ANSWERED, wait) if wait >= 0 else (world.GAVE_UP, -1 - wait)
        return met

    # --- side by side

    def instant(self, n: int, met: Met) -> int:
        """When it was settled what the caller meets."""
        outcome, wait = met
        came = int(self.block[callers.CAME, n])
        if outcome in (world.BLOCKED, world.MENU_FULL):
            return came
        return came + int(self.block[callers.MENU, n]) + wait

    def against(self, found: list[Met]) -> "Compared":
        """How far it is the same, call by call."""
        off = [
            (min(self.instant(n, one), self.instant(n, other)), n)
            for n, (one, other) in enumerate(zip(self.met, found, strict=True))
            if one[0] != other[0] or abs(one[1] - other[1]) > self.apart
        ]
        first, caller = min(off, default=(LONG, -1))
        same = [n for n, met in enumerate(self.met) if self.instant(n, met) < first]
        waits = [abs(self.met[n][1] - found[n][1]) for n in same]
        return Compared(
            len(same), sum(not wait for wait in waits), max(waits, default=0), caller, bool(off) and self.is_tie(first)
        )

    def is_tie(self, at: int) -> bool:
        """Whether causes of two callers are so near each other, and near this instant, that their order is open."""
        near = self.causes[
            bisect_left(self.causes, (at - self.apart, 0)) : bisect_left(self.causes, (at + self.apart, 0))
        ]
        return any(two[0] - one[0] <= self.apart and two[1] != one[1] for one, two in pairwise(near))


def side_by_side(numbers: range) -> Counter[str]:
    """So many sites both ways; how many calls agreed, and how. AssertionError: a call differs, and it is no tie."""
    seen: Counter[str] = Counter()
    for number in numbers:
        devices = Devices(number)
        ways = {"site": devices.by_site_kernel()}
        if devices.is_queue:
            ways |= {"sorted": devices.by_queue_kernel(False), "heap": devices.by_queue_kernel(True)}
        seen.update(f"outcome {outcome}" for outcome, _ in devices.met)
        for way, met in ways.items():
            found = devices.against(met)
            told = f"site {number}, {way}: call {found.off} met {devices.met[found.off]}, is told {met[found.off]}"
            assert found.off < 0 or found.tie, told
            seen.update({
                f"{way} sites": 1, f"{way} calls": len(met), f"{way} agree": found.agree, f"{way} exact": found.exact,
                f"{way} ties": int(found.tie),
            })  # fmt: skip
            seen[f"{way} largest"] = max(seen[f"{way} largest"], found.largest)
    return seen


class Compared(NamedTuple):
    """Calls that agree until the first that does not, how many of them to the nanosecond, the largest difference of
    their waits (ns), that caller (-1: all agree), and whether it is a tie."""

    agree: int
    exact: int
    largest: int
    off: int
    tie: bool
