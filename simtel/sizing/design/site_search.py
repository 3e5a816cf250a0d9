"""The cheapest site by the formula, and from there the cheapest that holds when it is simulated: agents, trunks and, if
they have a price, ports of the IVR (`simtel.sizing.design.search`); seats, boards, licences, E1s and core channels
follow from them, and so do the states with one unit down in which targets hold too.

A simulated site is looked at state by state, the hardest first, until one is missed; a state twice at most: first with
few replications, then, if that leaves a target open, with as many as bring what is open close to its limit (two looks,
each with half of the error: `simtel.sizing.stopping`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, inf
from typing import Final

from simtel.sizing.design.need import Need, Parts, queued, shortfalls
from simtel.sizing.design.plan import MOST_SEATS, MOST_TRUNKS, Beyond, Given, Unreachable, formula_for, plan
from simtel.sizing.design.prices import cost
from simtel.sizing.design.search import Design, Found, OutOfTime, Space, cheapest
from simtel.sizing.design.simulated import CONFIDENCE, START, Simulation, met, tries
from simtel.sizing.design.survive import ALL, Case, cases
from simtel.sizing.stopping import first_stage

LOOKS: Final = 400  # replications at most for a site that may not be chosen
MANY: Final = 96  # more are worth pilot runs
CLOSE: Final = 0.004  # how close to its limit a share may lie, undecided and so not met
CLOSE_OF_LIMIT: Final = 0.08  # the same of small shares, as a share of the limit
IDLE: Final = 1e-3  # callers waiting, by the formula, below which further agents change nothing
AMPLE: Final = 1e-2  # of the blocking that is allowed, below which further trunks change nothing


@dataclass(frozen=True, slots=True)
class Searched:
    """`given` with what is wanted beyond the formula, and the `parts` that follow. `found`: they met every target;
    `finished`: the time sufficed. `bound`: where it did not, the parts of the cheapest site that may yet hold.
    `tried`: sites that were looked at."""

    given: Given
    parts: Parts
    found: bool
    finished: bool
    bound: Parts | None
    tried: int


@dataclass(frozen=True)
class Sites:
    """The sites that may be built for a need from what is given."""

    need: Need
    given: Given

    @cached_property
    def space(self) -> Space:
        """Between what answered callers hold at the least, whatever their laws, and what could make a difference."""
        need, given, targets = self.need, self.given, self.need.targets
        traffic, (agents, trunks) = need.traffic, formula_for(need, given)
        served = (1 - targets.blocking) * max(targets.service_level, 1 - targets.abandonment)
        held = (1 - targets.blocking) * traffic.ivr + served * traffic.p_agent * traffic.talk
        may_agents, may_trunks = free(given)
        least = Design(
            max(1, ceil(served * traffic.seat_load / targets.occupancy - _ROUNDING)) if may_agents else agents,
            max(1, ceil(traffic.arrival_rate * held - _ROUNDING)) if may_trunks else trunks,
            max(1, ceil((1 - targets.blocking) * traffic.arrival_rate * traffic.ivr - _ROUNDING)) if traffic.ivr else 0,
        )
        many = self._ample(agents, trunks) if may_trunks else trunks
        most = Design(self._idle(agents, many) if may_agents else agents, many, many if traffic.ivr else 0)
        if given.ivr_ports is not None:
            least, most = least._replace(ports=given.ivr_ports), most._replace(ports=given.ivr_ports)
        costs = bool(traffic.ivr and given.ivr_ports is None and dict(need.prices).get("ivr-port"))
        return Space(Design(*map(min, least, most)), most, costs)

    def _idle(self, agents: int, trunks: int) -> int:
        """With so many agents as good as nobody waits, in a surge too."""
        surge = self.need.in_surge()
        while agents < MOST_SEATS and queued(surge, agents, trunks).queue > IDLE:
            agents += max(1, agents // 16)
        return min(agents, MOST_SEATS)

    def _ample(self, agents: int, trunks: int) -> int:
        """With so many trunks as good as nobody is refused, in a surge too."""
        surge = self.need.in_surge()
        while trunks < MOST_TRUNKS and queued(surge, agents, trunks).blocking > AMPLE * self.need.targets.blocking:
            trunks += max(1, trunks // 8)
        return min(trunks, MOST_TRUNKS)

    def given_for(self, design: Design) -> Given:
        """What is given, and so many of each beyond what the formula asks for."""
        _, trunks = formula_for(self.need, replace(self.given, seats=self.given.seats or design.agents))
        wanted = formula_for(self.need, self.given)[0]
        few = design.ports - design.trunks if self.need.traffic.ivr else 0
        return replace(self.given, beyond=Beyond(design.agents - wanted, design.trunks - trunks, few))

    def parts(self, design: Design) -> Parts | None:
        """None: so few agents need more trunks than a site can have."""
        try:
            return plan(self.need, self.given_for(design))
        except Unreachable:
            return None

    def price(self, design: Design) -> float:
        """All parts together."""
        if not self.need.prices:
            return 0.0
        parts = self.parts(design)
        return inf if parts is None else cost(parts, self.need.prices)

    def start(self) -> Design:
        """What the formula asks for without prices."""
        agents, trunks = formula_for(self.need, self.given)
        return Design(agents, trunks, self.space.full(trunks))

    def of(self, given: Given) -> Design:
        """The design that is beyond the formula by so much."""
        agents, _ = formula_for(self.need, self.given)
        agents += given.beyond.agents
        _, trunks = formula_for(self.need, replace(self.given, seats=self.given.seats or agents))
        trunks += given.beyond.trunks
        return Design(agents, trunks, self.space.full(trunks) + given.beyond.ports)


_ROUNDING = 1e-9


def by_formula(need: Need, given: Given) -> Given:
    """What is given, with the cheapest site of all by the formula; without prices that is what `plan` finds. What no
    site meets stays as it is."""
    if not need.prices or not any(free(given)):
        return given
    sites = Sites(need, given)

    def judge(design: Design) -> frozenset[str]:
        parts = sites.parts(design)
        if parts is None:
            return frozenset({"service_level"})
        return frozenset(name for state in cases(need, parts) for name in short_of(need, state))

    found = cheapest(sites.space, sites.price, judge, sites.start())
    return given if found.chosen is None else sites.given_for(found.chosen)


def short_of(need: Need, state: Case) -> list[str]:
    """The targets that a state misses by the formula."""
    calls = replace(need, targets=state.targets).with_calls(state.calls)
    found = queued(calls, state.seats, state.trunks, state.ports if need.traffic.ivr else None)
    names = [name.replace(" ", "_") for name, _ in shortfalls(state.targets, found)]
    return [name for name in names if name in state.judged]


def search(need: Need, given: Given, parts: Parts, simulation: Simulation, out_of_time: Callable[[], bool]) -> Searched:
    """The cheapest site that holds, sought from `parts` on, which the formula found. ValueError, OverflowError: a site
    that the kernel has no room for."""
    sites = Sites(need, replace(given, beyond=Beyond()))

    def judge(design: Design) -> frozenset[str]:
        _in_time(out_of_time)
        built = sites.parts(design)
        if built is None:
            return frozenset({"service_level"})
        return missed_in(simulation, cases(need, built), out_of_time=out_of_time)

    found: Found = cheapest(sites.space, sites.price, judge, sites.of(given))
    bound = None if found.bound is None else sites.parts(found.bound)
    if found.chosen is None:
        return Searched(given, parts, found=False, finished=found.finished, bound=bound, tried=found.tried)
    chosen = sites.given_for(found.chosen)
    return Searched(chosen, plan(need, chosen), found=True, finished=found.finished, bound=bound, tried=found.tried)


def free(given: Given) -> tuple[bool, bool]:
    """Whether agents may be more or fewer, and whether trunks may."""
    return given.seats is None, given.spans is None and given.core_channels is None


def helped(given: Given, at: Beyond, short: Iterable[str]) -> Beyond:
    """One more of what helps against the targets that are missed, where it may be more."""
    agents, trunks = free(given)
    names = set(short)
    return replace(
        at,
        agents=at.agents + (agents and bool(names - {"blocking"})),
        trunks=at.trunks + (trunks and "blocking" in names),
    )


def missed_in(
    simulation: Simulation, states: Sequence[Case], judged: Sequence[str] = ALL,
    out_of_time: Callable[[], bool] = lambda: False,
) -> frozenset[str]:  # fmt: skip
    """What of that is judged is not met for certain: all that a first look at every state shows to be missed; if that
    is nothing, what a second look leaves open in the first state, the hardest first, in which it leaves anything.
    OutOfTime: before a look at a state."""
    looks = []
    for state in states:
        _in_time(out_of_time)
        looks.append(_Look(simulation, state, [name for name in state.judged if name in judged]))
    short = frozenset(name for look in looks for name, one in look.met.items() if one is False)
    if short:
        return short
    looks = [look for look in looks if None in look.met.values()]
    hard = hardest(simulation.need, [look.case for look in looks])
    for look in sorted(looks, key=lambda one: hard.index(one.case)):
        _in_time(out_of_time)
        look.again()
        if not all(look.met.values()):
            return frozenset(name for name, one in look.met.items() if not one)
    return frozenset()


def _in_time(out_of_time: Callable[[], bool]) -> None:
    if out_of_time():
        raise OutOfTime


class _Look:
    """At a state: first with few replications, then with as many as what is open takes."""

    def __init__(self, simulation: Simulation, case: Case, names: Sequence[str]) -> None:
        self.simulation, self.case = simulation, case
        self.values = {name: simulation.values(case, range(START))[name] for name in names}
        self.stage = first_stage(self.values, (1 + CONFIDENCE) / 2, tries(simulation.need))
        self.decide()

    def decide(self) -> None:
        found = self.stage.intervals(self.values)
        self.met = {name: met(self.case.targets, name, one) for name, one in found.items()}

    def again(self) -> None:
        open_ = {name: _close(self.case, name) for name, one in self.met.items() if one is None}
        number, closely = min(self.stage.wanted(open_), LOOKS), False
        if number > MANY:
            closely = True
            found = self.simulation.values(self.case, range(START), closely=True)
            self.values = {name: found[name] for name in self.values}
            self.stage = first_stage(self.values, (1 + CONFIDENCE) / 2, tries(self.simulation.need))
            number = min(self.stage.wanted(open_), LOOKS)
        if number > START:
            more = self.simulation.values(self.case, range(START, number), closely=closely)
            self.values = {name: [*self.values[name], *more[name]] for name in self.values}
            self.decide()


def hardest(need: Need, states: Iterable[Case]) -> list[Case]:
    """The states of a site, that first which the formula says to miss its targets by most."""

    def badness(state: Case) -> float:
        if state.seats < 1 or state.trunks < 1:
            return inf
        calls = replace(need, targets=state.targets).with_calls(state.calls)
        found = queued(calls, state.seats, state.trunks, state.ports if need.traffic.ivr else None)
        return max(
            (1 - found.service_level) / (1 - state.targets.service_level) if name == "service_level"
            else getattr(found, name) / getattr(state.targets, name)
            for name in state.judged
        )  # fmt: skip

    return sorted(states, key=badness, reverse=True)


def _close(case: Case, name: str) -> float:
    """How close to its limit a share may lie, undecided and so not met."""
    return CLOSE if name in {"service_level", "occupancy"} else CLOSE_OF_LIMIT * float(getattr(case.targets, name))
