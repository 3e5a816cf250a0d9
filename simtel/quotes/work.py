"""Sites to be tried out, each once, on all processors: those that are built alike are one site, whatever their name."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import msgspec

from simtel.profiles.demand import Demand
from simtel.profiles.spec import SiteSpec
from simtel.quotes.trial import CUTS, YEARS, Downs, Lived, Met, Service, down, live, meet, serve
from simtel.run.choose import scenarios_of
from simtel.run.plan import items
from simtel.run.workers import pool, spread
from simtel.sizing.site_downtime import Crew

Progress = Callable[[int, int, str], None]  # pieces done, pieces in all, the one under way for longest; or the last one
Task = tuple[Callable[..., Any], tuple[Any, ...]]


def key_of(spec: SiteSpec) -> str:
    """Sites that are built alike have one key."""
    figures = {path: given.stated for path, given in sorted(spec.figures.items())}
    built = (spec.seats, spec.layout, spec.licences, spec.profiles, figures)
    return sha256(msgspec.json.encode(built, order="sorted")).hexdigest()


@dataclass(slots=True)
class Done:
    """What was found about one site; `met` by the id of the scenario."""

    service: Service
    downs: Downs
    lived: Lived | None = None
    met: dict[str, Met] = field(default_factory=dict)


class Work:
    """All that is to be found out. `seats`: the size that the demand is meant for; `scenarios`: those that are judged,
    beside those that say what a failure cuts off; `judged`: their ids."""

    def __init__(self, demand: Demand, crew: Crew, seats: int, seed: int, scenarios: Sequence[str]) -> None:
        self._demand = demand
        self._crew = crew
        self._seats = seats
        self._seed = seed
        self._tasks: dict[tuple[str, str], Task] = {}
        asked = [one for one in scenarios_of(scenarios) if one.random is None]
        self.judged = frozenset(one.id for one in asked)
        others = sorted({name for names in CUTS.values() for name in names} - self.judged)
        self._scenarios = [*asked, *scenarios_of(others)]
        self._years = scenarios_of([YEARS])

    def ask(self, spec: SiteSpec, *, met: bool, lived: bool) -> None:
        """Have a site tried out, with or without the failover scenarios and the simulated year."""
        key = key_of(spec)
        tasks: dict[tuple[str, str], Task] = {
            (key, "service"): (serve, (spec, self._demand, spec.seats / self._seats)),
            (key, "downs"): (down, (spec, self._crew)),
        }
        if lived:
            tasks[key, "lived"] = live, tuple(items(self._years, [spec], self._seed, vary=False))
        if met:
            made = items(self._scenarios, [spec], self._seed, vary=False)
            tasks |= {(key, item.scenario.id): (meet, (item,)) for item in made}
        for name, task in tasks.items():
            self._tasks.setdefault(name, task)

    def done(self, jobs: int | None, progress: Progress | None) -> dict[str, Done]:
        """Have it all done; what takes longest first."""
        long = ("service", "lived", "downs")
        names = sorted(self._tasks, key=lambda name: name[1] not in long)
        made = dict(zip(names, each([self._tasks[name] for name in names], [name[1] for name in names], jobs, progress),
                        strict=True))  # fmt: skip
        found = {key: Done(made[key, "service"], made[key, "downs"], made.get((key, "lived"))) for key, _ in names}
        for (key, what), one in made.items():
            if what not in long:
                found[key].met[what] = one
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
