"""The formula's design held against simulated sites: changed until it holds, measured closely, and its neighbours with
less beside it, all under the same callers. And why formula and simulation differ where they do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from simtel.core.i18n import Message
from simtel.sizing.design.need import Got, Need, Parts, exact, percent, queued
from simtel.sizing.design.plan import Given, plan, ports_for
from simtel.sizing.design.simulated import COARSE, HALF_WIDTHS, MEASURED, START, Laws, Measured, Simulation
from simtel.sizing.design.site_search import free, helped, missed_by, search
from simtel.sizing.design.survive import ALL, Case, cases
from simtel.sizing.intervals import Interval, mean_interval

ROUNDS: Final = 8  # of more, at most, after the search
SHARE: Final = 1 / 4  # of the replications of the chosen design that its neighbours are tried on: pairs differ less
WHY: Final = range(MEASURED, MEASURED + 2 * START)  # replications that tell why formula and simulation differ
PICTURED: Final = range(MEASURED, MEASURED + START)  # replications of a point of the picture


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The chosen design with one of `part` fewer: what it gives in each state, and by how much more than the chosen one
    while everything works."""

    part: str  # "agents" or "trunks"
    cases: tuple[Measured, ...]
    difference: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Reasons:
    """What makes a simulated share exceed the formula's: the laws of durations, how soon people dial again, and what
    the formula only comes near (wrap-up, few IVR ports, that redials are as random as calls)."""

    laws: float
    redials: float
    rest: float


@dataclass(frozen=True, slots=True)
class Point:
    """So many agents: the interval of each measure."""

    agents: int
    intervals: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Simulated:
    """What simulation makes of a design. `cases`: its states, the first while everything works. `formula`: the
    parts that it began with. `ports` of the IVR that are enough, None if nobody looked.
    `finished`: the time sufficed for all of it. `made`: replications in all."""

    cases: tuple[Measured, ...]
    formula: Parts
    neighbours: tuple[Neighbour, ...]
    ports: int | None
    reasons: Mapping[str, Reasons]
    points: tuple[Point, ...]
    finished: bool
    made: int

    @property
    def works(self) -> Measured:
        """While everything works."""
        return self.cases[0]


def confirm(
    need: Need, given: Given, parts: Parts, laws: Laws, out_of_time: Callable[[], bool],
    around: Callable[[int], Sequence[int]] = lambda _: (),
    spread: Callable[..., Any] = map,
) -> tuple[Given, Parts, Simulated]:  # fmt: skip
    """The design that holds, or what was reached; `around` that: numbers of agents that a picture shows.

    ValueError, OverflowError: a site that the kernel has no room for.
    """
    simulation = Simulation(need, laws, spread=spread)
    searched, formula = None, parts
    if any(free(given)):
        searched = search(need, given, parts, simulation, out_of_time)
        given, parts = searched.given, searched.parts
    given, parts, measured = _measured(need, given, parts, simulation, out_of_time)
    states = [one.case for one in measured]
    measured[0] = simulation.measure(states[0], HALF_WIDTHS, out_of_time)
    neighbours = [] if out_of_time() else _neighbours(need, parts, simulation, measured)
    ports = None if out_of_time() else _ports(need, simulation, states)
    reasons = {} if out_of_time() or not states[0].seats else _reasons(need, simulation, measured[0])
    points = []
    for agents in around(states[0].seats):
        if out_of_time():
            break
        found = simulation.values(replace(states[0], seats=agents), PICTURED)
        points.append(Point(agents, {name: mean_interval(list(found[name])) for name in ALL}))
    finished = not out_of_time() and (searched is None or searched.finished)
    return given, parts, Simulated(
        tuple(measured), formula, tuple(neighbours), ports, reasons, tuple(points), finished, simulation.made
    )  # fmt: skip


def _measured(
    need: Need, given: Given, parts: Parts, simulation: Simulation, out_of_time: Callable[[], bool]
) -> tuple[Given, Parts, list[Measured]]:
    """Every state of a design under callers that did not choose it; the design has more of what helps, as long as it
    does not hold there too and there is time."""
    coarse = {name: COARSE * width for name, width in HALF_WIDTHS.items()}
    for left in range(ROUNDS, -1, -1):
        found = [simulation.measure(state, coarse, out_of_time) for state in cases(need, parts)]
        more = helped(given, given.beyond, [name for one in found for name, met in one.met.items() if not met])
        if not left or more == given.beyond or out_of_time():
            break
        given = replace(given, beyond=more)
        parts = plan(need, given)
    return given, parts, found


def _neighbours(need: Need, parts: Parts, simulation: Simulation, chosen: Sequence[Measured]) -> list[Neighbour]:
    agents, trunks = parts.working_seats(need), parts.working_trunks(need)
    fewer = {
        "agents": replace(parts, agents=agents - 1) if agents > 1 else None,
        "trunks": parts.with_trunks(need, trunks - 1) if trunks > 1 else None,
    }
    found = []
    for part, other in fewer.items():
        if other is not None:
            there, difference = simulation.beside(cases(need, other)[0], chosen[0], SHARE)
            more = [simulation.beside(state, one, 1.0)[0]
                    for state, one in zip(cases(need, other)[1:], chosen[1:], strict=False)]  # fmt: skip
            found.append(Neighbour(part, (there, *more), difference))
    return found


def _ports(need: Need, simulation: Simulation, states: Sequence[Case]) -> int | None:
    """The fewest ports of the IVR with which the blocking holds in every state, or all; sought from those that the
    formula finds enough while everything works."""
    works = states[0]
    if not need.traffic.ivr or works.trunks < 1:
        return None

    def enough(ports: int) -> bool:
        cut = (replace(state, ports=min(ports, state.ports)) for state in states)
        return all("blocking" not in missed_by(simulation, state) for state in cut)

    ports = ports_for(need, works.seats, works.trunks)
    while ports < works.ports and not enough(ports):
        ports += 1
    while ports > 1 and enough(ports - 1):
        ports -= 1
    return ports


def _reasons(need: Need, simulation: Simulation, chosen: Measured) -> dict[str, Reasons]:
    """The same site with exponential durations, and with nobody dialling again but as many calls as the formula has."""
    at = chosen.case
    formula = queued(need, at.seats, at.trunks, at.ports if need.traffic.ivr else None)
    plain = Simulation(need, Laws(), simulation.seed, simulation.spread)
    calm = Simulation(replace(need, redial=0.0), Laws(), simulation.seed, simulation.spread)
    whole = _means(simulation.values(at, WHY))
    with_laws = _means(plain.values(at, WHY))
    again = need.redial and formula.attempts  # without a port nobody gets as far as to dial again
    formula_calls = _means(calm.values(replace(at, calls=formula.attempts), WHY)) if again else with_laws
    simulation.made += plain.made + calm.made
    return {
        name: Reasons(
            whole[name] - with_laws[name], with_laws[name] - formula_calls[name],
            formula_calls[name] - _share(formula, name),
        )
        for name in at.judged
    }  # fmt: skip


def _means(values: Mapping[str, Sequence[float]]) -> dict[str, float]:
    return {name: sum(x) / len(x) for name, x in values.items()}


def _share(found: Got, name: str) -> float:
    return float(getattr(found, name))


def told(measured: Measured, wanted: bool | None) -> list[Message]:
    """In words, each target of a state that is met, missed (False) or cannot be told from its limit (None)."""
    found = []
    for name, one in measured.intervals.items():
        if measured.met[name] is wanted:
            words = Message(
                WORDS[name].template, found=percent(max(one.mean, 0.0)), half=points(one),
                wanted=exact(getattr(measured.case.targets, name)),
            )  # fmt: skip
            state = measured.case.name
            found.append(words if state is None else Message("{state}: {missed}", state=state, missed=words))
    return found


WORDS: Final = {
    "service_level": Message("service level {found} ± {half}, wanted {wanted}"),
    "abandonment": Message("abandonment {found} ± {half}, allowed {wanted}"),
    "occupancy": Message("occupancy {found} ± {half}, allowed {wanted}"),
    "blocking": Message("blocking {found} ± {half}, allowed {wanted}"),
}


def points(one: Interval) -> str:
    """Half the width of an interval of shares, in points of per cent."""
    return f"{one.half_width * 100:.2g}" if one.half_width < 0.0995 else f"{one.half_width * 100:.0f}"
