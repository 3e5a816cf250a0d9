"""The formula's design held against simulated sites: changed until it holds, measured closely, and its neighbours with
less beside it, all under the same callers. A neighbour that holds too and is no dearer is measured again under callers
of its own, and is chosen if it still holds. And why formula and simulation differ where they do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from simtel.core.i18n import Message
from simtel.sizing.design.need import Got, Need, Parts, exact, percent, queued
from simtel.sizing.design.plan import Beyond, Given, all_talking, plan, ports_for
from simtel.sizing.design.prices import cost
from simtel.sizing.design.search import OutOfTime
from simtel.sizing.design.simulated import (
    ALIKE,
    CLOSE_CALLS,
    COARSE,
    HALF_WIDTHS,
    ITSELF,
    MEASURED,
    MOST,
    START,
    Laws,
    Measured,
    Simulation,
)
from simtel.sizing.design.site_search import Sites, free, hardest, helped, missed_in, search
from simtel.sizing.design.survive import ALL, Case, cases
from simtel.sizing.intervals import Interval, mean_interval

ROUNDS: Final = 8  # of more, at most, after the search
PORTS_CLOSE: Final = 0.08  # how close to its limit the blocking by ports may lie, as a share of it
TAKEN: Final = 4  # neighbours that are measured again, at most
WHY: Final = 12  # replications that tell why formula and simulation differ
PICTURED: Final = range(2 * MEASURED, 2 * MEASURED + 4 * START)  # replications of a point of the picture


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The chosen design with one of `part` fewer: what it gives in each state, and by how much more than the chosen one
    while everything works. `instead`: what to ask for to have it, if it held and is no dearer."""

    part: str  # "agents", "trunks" or "ports"
    cases: tuple[Measured, ...]
    difference: Mapping[str, Interval]
    saves: float = 0.0  # by the prices of the need
    instead: Given | None = None


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
    `finished`: the time sufficed for all of it. `made`: first attempts in all.
    `bound`: where the time did not suffice, the cheapest site that is not ruled out."""

    cases: tuple[Measured, ...]
    formula: Parts
    neighbours: tuple[Neighbour, ...]
    ports: int | None
    reasons: Mapping[str, Reasons]
    points: tuple[Point, ...]
    finished: bool
    made: int
    bound: Parts | None = None

    @property
    def works(self) -> Measured:
        """While everything works."""
        return self.cases[0]


def confirm(
    need: Need, given: Given, parts: Parts, laws: Laws, out_of_time: Callable[[], bool],
    around: Callable[[int], Sequence[int]] = lambda _: (),
    spread: Callable[..., Any] = map,
) -> tuple[Given, Parts, Simulated]:  # fmt: skip
    """The design that holds, or what was reached, and channels beside it so that all can talk; `around` that: numbers
    of agents that a picture shows.

    ValueError, OverflowError: a site that the kernel has no room for.
    """
    simulation = Simulation(need, laws, spread=spread)
    searched, formula = None, parts
    if any(free(given)):
        searched = search(need, given, parts, simulation, out_of_time)
        given, parts = searched.given, searched.parts
    given, parts, measured = _measured(need, given, parts, simulation, out_of_time)
    neighbours = _neighbours(need, given, parts, simulation, measured, out_of_time)
    for _ in range(TAKEN):
        better = next((one for one in neighbours if one.instead is not None), None)
        if better is None or better.instead is None or out_of_time():
            break
        there = plan(need, better.instead)
        again = _all_states(need, there, simulation, measured[0].first + MOST, out_of_time)
        if all(all(one.met.values()) for one in again):
            given, parts, measured = better.instead, there, again
            neighbours = _neighbours(need, given, parts, simulation, measured, out_of_time)
        else:
            told_again = replace(better, cases=tuple(again), instead=None)
            neighbours = [told_again if one is better else one for one in neighbours]
    more = all_talking(need, given, parts)
    if more != parts and not out_of_time():
        with_them = _all_states(need, more, simulation, measured[0].first, out_of_time)
        if _not_met(with_them) <= _not_met(measured):
            parts, measured = more, with_them
    states = [one.case for one in measured]
    ports = _ports(need, simulation, measured, out_of_time)
    reasons = {} if out_of_time() or not states[0].seats else _reasons(need, simulation, measured[0], out_of_time)
    points = []
    for agents in around(states[0].seats):
        if out_of_time():
            break
        found = simulation.values(replace(states[0], seats=agents), PICTURED, near=ALIKE)
        points.append(Point(agents, {name: mean_interval(list(found[name])) for name in ALL}))
    finished = not out_of_time() and (searched is None or searched.finished)
    return given, parts, Simulated(
        tuple(measured), formula, tuple(neighbours), ports, reasons, tuple(points), finished, simulation.made,
        None if searched is None else searched.bound,
    )  # fmt: skip


def _measured(
    need: Need, given: Given, parts: Parts, simulation: Simulation, out_of_time: Callable[[], bool]
) -> tuple[Given, Parts, list[Measured]]:
    """Every state of a design under callers that did not choose it; the design has more of what helps, as long as it
    does not hold there too and there is time."""
    for left in range(ROUNDS, -1, -1):
        first = MEASURED + (ROUNDS - left) * MOST  # who came to a design that did not hold has chosen this one
        states = cases(need, parts)
        judged = Sites(need, given).judged(parts)
        found = {}
        for state in sorted(states, key=lambda state: state.name is None):  # what is measured most closely at last
            near = ITSELF if state.name is None else ALIKE
            found[state.name] = one = simulation.measure(state, _widths(state), out_of_time, first, near)
            more = helped(given, given.beyond, [name for name, met in one.met.items() if not met])
            if left and more != given.beyond and state in judged and not out_of_time():
                given = replace(given, beyond=more)
                parts = plan(need, given)
                break
        else:
            break
    return given, parts, [found[state.name] for state in states]


def _not_met(measured: Sequence[Measured]) -> set[tuple[str, str]]:
    """Targets that are missed, or cannot be told from their limits, each by its state and name."""
    return {(one.case.kind, name) for one in measured for name, met in one.met.items() if not met}


def _all_states(
    need: Need, parts: Parts, simulation: Simulation, first: int, out_of_time: Callable[[], bool]
) -> list[Measured]:
    """Every state of a design under the callers from `first` on."""
    return [simulation.measure(state, _widths(state), out_of_time, first) for state in cases(need, parts)]


def _widths(state: Case, *, close: bool = True) -> dict[str, float]:
    """How closely a state is measured: coarser where something is down, or in the surge."""
    return {name: width * (1 if close and state.name is None else COARSE) for name, width in HALF_WIDTHS.items()}


def _neighbours(
    need: Need,
    given: Given,
    parts: Parts,
    simulation: Simulation,
    chosen: Sequence[Measured],
    out_of_time: Callable[[], bool],
) -> list[Neighbour]:
    """The next cheaper one is measured while everything works as closely as the chosen design, others coarsely; and
    all that hold there in the other states, until they miss something."""
    found: list[Neighbour] = []
    fewer = _fewer(need, given, parts)
    saves = {part: cost(need, parts) - cost(need, other) for part, (other, _) in fewer.items()}
    for part in sorted(saves, key=saves.__getitem__):  # the next cheaper one first
        if out_of_time():
            break
        other, instead = fewer[part]
        first, *others = cases(need, other)
        there, difference = simulation.beside(first, chosen[0], _widths(first, close=not found), out_of_time)
        measured = [there]
        for state in hardest(need, others):
            if False in measured[-1].met.values() or out_of_time():
                break
            measured.append(simulation.measure(state, _widths(state), out_of_time, chosen[0].first))
        holds = len(measured) == 1 + len(others) and all(all(one.met.values()) for one in measured)
        found.append(Neighbour(part, tuple(measured), difference, saves[part],
                               instead if holds and saves[part] >= 0 else None))  # fmt: skip
    return found


def _fewer(need: Need, given: Given, parts: Parts) -> dict[str, tuple[Parts, Given | None]]:
    """The sites with one fewer of a part, and what to ask for to have them: None where that cannot be asked for. Ports
    of the IVR where they have a price."""
    agents, trunks = parts.working_seats(need), parts.working_trunks(need)
    found: dict[str, tuple[Parts, Given | None]] = {}
    if trunks > 1:
        found["trunks"] = parts.with_trunks(need, trunks - 1), None
    if agents > 1:
        found["agents"] = replace(parts, agents=agents - 1), None
    may = dict(zip(("agents", "trunks"), free(given), strict=True))
    if not any(may.values()):
        return found
    sites = Sites(need, replace(given, beyond=Beyond()))
    at = sites.of(given)
    may["ports"] = sites.space.ports_cost
    for part in ("trunks", "agents", "ports"):
        if may[part] and getattr(at, part) > 1:
            less = at._replace(**{part: getattr(at, part) - 1})
            less = less._replace(ports=min(less.ports, sites.space.full(less.trunks)))
            built = sites.parts(less)
            if built is not None and (part != "trunks" or built.working_trunks(need) == trunks - 1):
                found[part] = built, sites.given_for(less)
    return found


def _ports(
    need: Need, simulation: Simulation, chosen: Sequence[Measured], out_of_time: Callable[[], bool]
) -> int | None:
    """The fewest ports of the IVR with which the blocking holds in every state in which it does with all; sought from
    those that the formula finds enough. None: no IVR, or nobody had the time to look."""
    states = [one.case for one in chosen if one.met.get("blocking") and one.case.trunks]
    if not need.traffic.ivr or not states:
        return None

    def enough(ports: int) -> bool:
        cut = [replace(state, ports=min(ports, state.ports)) for state in states]
        return not missed_in(simulation, cut, ["blocking"], out_of_time, PORTS_CLOSE)

    most = max(state.ports for state in states)
    ports = min(most, max(ports_for(need, state) for state in states))
    try:
        while ports < most and not enough(ports):
            ports += 1
        while ports > 1 and enough(ports - 1):
            ports -= 1
    except OutOfTime:
        return None
    return ports


def _reasons(
    need: Need, simulation: Simulation, chosen: Measured, out_of_time: Callable[[], bool]
) -> dict[str, Reasons]:
    """The same site with exponential durations, and with nobody dialling again but as many calls as the formula has;
    nothing if the time runs out between the two."""
    at = chosen.case
    formula = queued(need, at.seats, at.trunks, at.ports if need.traffic.ivr else None)
    like = simulation.how(at, ITSELF)
    plain = Simulation(need, Laws(), simulation.seed, simulation.spread, like)
    calm = Simulation(replace(need, redial=0.0), Laws(), simulation.seed, simulation.spread, like)
    those = range(chosen.first, chosen.first + WHY)
    whole = _means({name: x[:WHY] for name, x in chosen.values.items()})
    with_laws = _means(plain.values(at, those, CLOSE_CALLS))
    simulation.made += plain.made
    if out_of_time():
        return {}
    again = need.redial and formula.attempts  # without a port nobody gets as far as to dial again
    formula_calls = _means(calm.values(replace(at, calls=formula.attempts), those, CLOSE_CALLS)) if again else with_laws
    simulation.made += calm.made
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
    for name in measured.missing(wanted):
        one, state = measured.intervals[name], measured.case.name
        words = Message(
            WORDS[name].template, found=percent(max(one.mean, 0.0)), half=points(one),
            wanted=exact(getattr(measured.case.targets, name)),
        )  # fmt: skip
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
