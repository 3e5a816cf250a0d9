"""Sites to be tried out, each once, on all processors: those that are built alike are one site, whatever their name.

Where evidence is kept, each site has a run folder of its own, as `simtel run` writes it: it can be reported, judged
anew and compared like any other.
"""

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from simtel.core.quantity import Unknown
from simtel.profiles.demand import Demand
from simtel.profiles.spec import Given, SiteSpec
from simtel.quotes.trial import CUTS, YEARS, Downs, Lived, Met, Service, both_of, down, live, meet, serve
from simtel.run.choose import scenarios_of
from simtel.run.plan import Item, items
from simtel.run.session import Result, clear_run, run_one, write_run
from simtel.run.variants import basis_of
from simtel.run.workers import pool, spread
from simtel.scenario.spec import Scenario
from simtel.sizing.site_downtime import Crew

Progress = Callable[[int, int, str], None]  # pieces done, pieces in all, the one under way for longest; or the last one
Task = tuple[Callable[..., Any], tuple[Any, ...]]
ALONE = "alone"
SERVER = "failover.active-server-crash"


def key_of(spec: SiteSpec, *, sure: bool = False) -> str:
    """Sites that are built alike have one key, wherever their figures are from. `sure`: and that have the same licences
    for sure; else it does, whether they are quoted or presumed."""
    figures = {path: _stated(given, sure=sure or not path.startswith("licences."))
               for path, given in sorted(spec.figures.items())}  # fmt: skip
    built = (spec.seats, spec.layout, spec.licences, spec.profiles, figures)
    return sha256(msgspec.json.encode(built, order="sorted")).hexdigest()


def _stated(given: Given, *, sure: bool) -> tuple[object, ...]:
    """A figure without where it is from; `sure`: with all that it may be as well."""
    stated = given.stated
    if isinstance(stated, Unknown):
        return ("unknown", *given.spec.tries)
    return (stated.value, stated.low, stated.high, stated.alternatives, basis_of(given)) if sure else (stated.value,)


def apart(spec: SiteSpec) -> SiteSpec:
    """The same site with a box for each gateway: what stops a call server there stops no E1 beside it."""
    return replace(spec, layout=replace(spec.layout, housed=False))


@dataclass(slots=True)
class Done:
    """What was found about one site, by the id of the scenario: `met` beside others, `shown` for requirements; `alone`:
    the call server by itself crashes."""

    service: Service
    downs: Downs
    lived: Lived | None = None
    alone: Met | None = None
    met: dict[str, Met] = field(default_factory=dict)
    shown: dict[str, Met] = field(default_factory=dict)


class Work:
    """All that is to be found out. `seats` that the demand is meant for; `scenarios`: those that are judged,
    beside those that say what a failure cuts off; `judged`: their ids; `showing`: what shows requirements; `vary`:
    every scenario with the other values of what is assumed or unknown; `out`: where evidence is kept."""

    def __init__(
        self, demand: Demand, crew: Crew, seats: int, seed: int, scenarios: Sequence[str], *,
        showing: Sequence[Scenario] = (), vary: bool = False, out: Path | None = None,
    ) -> None:  # fmt: skip
        self._demand = demand
        self._crew = crew
        self._seats = seats
        self._seed = seed
        self._vary = vary
        self._out = out
        self._tasks: dict[tuple[str, str], Task] = {}
        self._items: dict[tuple[str, str], Item] = {}
        self._folders: dict[str, str] = {}
        asked = [one for one in scenarios_of(scenarios) if one.random is None]
        self.judged = frozenset(one.id for one in asked)
        others = sorted({name for names in CUTS.values() for name in names} - self.judged)
        self._scenarios = [*asked, *scenarios_of(others)]
        self._showing = showing
        self._years, self._server = scenarios_of([YEARS]), scenarios_of([SERVER])

    def ask(
        self, spec: SiteSpec, *, met: bool, lived: bool, shows: Collection[str] = (), folder: str = ""
    ) -> None:  # fmt: skip
        """Have a site tried out, with or without the failover scenarios, and those that it `shows` with each value of
        what nobody knows; `lived`: and with the simulated year, and with a crash of the call server alone. `folder`: of
        its evidence, if it has none yet."""
        key = self.key(spec)
        self._folders.setdefault(key, folder)
        tasks: dict[tuple[str, str], Task] = {
            (key, "service"): (serve, (spec, self._demand, spec.seats / self._seats)),
            (key, "downs"): (down, (spec, self._crew)),
        }
        if lived:
            tasks[key, "lived"] = live, tuple(items(self._years, [spec], self._seed, vary=False))
            tasks[key, ALONE] = meet, tuple(items(self._server, [apart(spec)], self._seed, vary=self._vary))
        showing = (one for one in self._showing if one.id in shows)
        wanted = {one.id: one for one in (*(self._scenarios if met else ()), *showing)}
        for item in items([*wanted.values()], [spec], self._seed, vary=self._vary):
            name, proves = (key, item.scenario.id), item.scenario.id in shows
            if proves or name not in self._items:
                self._items[name] = replace(item, vary=item.vary or proves, unknown_alone=proves and not item.vary)
                tasks[name] = (meet, (self._items[name],))
                if self._out is not None:
                    tasks[name] = (run_one, (self._items[name], self._out / self._folders[key]))
        self._tasks |= tasks

    def key(self, spec: SiteSpec) -> str:
        """Of what is found about a site. Evidence says how sure its licences are, and so does who varies them."""
        return key_of(spec, sure=self._vary or self._out is not None)

    def done(self, jobs: int | None, progress: Progress | None) -> dict[str, Done]:
        """Have it all done; what takes longest first. CannotWriteError: evidence that cannot be kept."""
        if self._out is not None:
            for folder in dict.fromkeys(self._folders.values()):
                clear_run(self._out / folder)
        long = ("service", "lived", "downs")

        def lasts(name: tuple[str, str]) -> tuple[bool, int]:
            item = self._items.get(name)
            return name[1] not in long, 0 if item is None else -item.site.seats * (1 + 9 * item.vary)

        names = sorted(self._tasks, key=lasts)
        made = dict(zip(names, each([self._tasks[name] for name in names], [name[1] for name in names], jobs, progress),
                        strict=True))  # fmt: skip
        found = {key: Done(made[key, "service"], made[key, "downs"], made.get((key, "lived")),
                           made[key, ALONE].told if (key, ALONE) in made else None)
                 for key, _ in names}  # fmt: skip
        kept: dict[str, list[Result]] = {}
        for (key, what), one in made.items():
            if what in (*long, ALONE):
                continue
            if isinstance(one, Result):
                folder, item = self._folders[key], self._items[key, what]
                kept.setdefault(folder, []).append(one)
                both = both_of(item, one.nominal, one.judgement, f"{folder}/{item.name}")
            else:
                both = one
            found[key].met[what], found[key].shown[what] = both
        for folder, results in kept.items():
            if self._out is not None:
                write_run(results, self._out / folder, next(iter(self._items.values())))
        return found


def each(tasks: Sequence[Task], names: Sequence[str], jobs: int | None, progress: Progress | None) -> list[Any]:
    """What each task gives, in their order, on so many processes (all processors when None)."""
    told = progress or (lambda _done, _whole, _name: None)
    workers = min(jobs or os.cpu_count() or 1, len(tasks))
    found: dict[int, Any] = {}
    if workers > 1:
        given = [(task,) for task in tasks]
        spread(pool(workers), _call, given, found.__setitem__, lambda done, first: told(done, len(tasks), names[first]))
    else:
        for place, task in enumerate(tasks):
            told(place, len(tasks), names[place])
            found[place] = _call(task)
    if tasks:
        told(len(tasks), len(tasks), names[-1])
    return [found[place] for place in range(len(tasks))]


def _call(task: Task) -> Any:
    function, words = task
    return function(*words)
