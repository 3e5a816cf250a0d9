"""The cheapest site by the formula, and from there the cheapest that holds when it is simulated: agents, trunks and, if
they have a price, ports of the IVR (`simtel.sizing.design.search`); seats, boards, licences, E1s and core channels
follow from them, and so do the states with one unit down in which targets hold too.

A simulated site is looked at state by state, the hardest first, until one is missed; a state three times at most:
first with few replications, then, if that leaves a target open, with as many as would decide were it where it seems to
be, and at last with as many as bring what is open close to its limit (each look with its share of the error:
`simtel.sizing.stopping`). What is chosen so is measured afresh, and no figure comes from a look.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, inf
from typing import Final

from simtel.sizing.design.need import Need, Parts, holds, queued
from simtel.sizing.design.plan import (
    MOST_SEATS,
    MOST_TRUNKS,
    Beyond,
    Given,
    Unreachable,
    at_least,
    formula_for,
    held,
    plan,
)
from simtel.sizing.design.prices import cost
from simtel.sizing.design.search import BLOCKING, Design, Found, Judge, OutOfTime, Space, cheapest
from simtel.sizing.design.simulated import ALIKE, ANY, CONFIDENCE, START, Simulation, met, tries
from simtel.sizing.design.survive import ALL, Case, cases
from simtel.sizing.stopping import first_stage

LOOKS: Final = 3  # at a state of a site, at most
MOST_OF_LOOK: Final = 400  # replications for a site that may not be chosen
BY_DISTANCE: Final = 0.7  # a half-width, as a share of how far the mean is from its limit, that a look decides with
MANY: Final = 96  # more are worth pilot runs
CLOSE: Final = 0.004  # how close to its limit a share may lie, undecided and so not met
CLOSE_OF_LIMIT: Final = 0.15  # the same of small shares, as a share of the limit
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
        return inf if parts is None else cost(self.need, parts)

    def floor(self, design: Design) -> float:
        """What a site costs at the least that has no less of anything: parts to spare aside."""
        if not self.need.prices:
            return 0.0
        few = design.ports - design.trunks if self.need.traffic.ivr else 0
        given = replace(self.given, beyond=Beyond(ports=few))
        return cost(self.need, at_least(self.need, given, design.agents, design.trunks))

    def judged(self, parts: Parts) -> list[Case]:
        """The states of a site by which designs are told apart: all, but, where agents are given, those of a unit that
        leaves too few of them."""
        found, whole = cases(self.need, parts), parts.working_seats(self.need)
        if free(self.given)[0]:
            return list(found)
        return [one for one in found if not one.down or one.seats == whole or self.healed(one.seats)]

    def healed(self, agents: int) -> bool:
        """Whether so many agents meet the targets with a unit down, on as many trunks as they want."""
        return agents > 0 and held(self.need, self.given, agents) is not None

    def hopeless(self, judge: Judge) -> bool:
        """Whether so few ports of the IVR are given that calls are refused whatever else there is: for want of ports
        alone with trunks enough, and no number of agents changes that."""
        if not self.need.traffic.ivr or self.given.ivr_ports is None or not free(self.given)[1]:
            return False
        try:
            return BLOCKING in judge(self.space.most)
        except OutOfTime:
            return False

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
        return frozenset(name for state in sites.judged(parts) for name in short_of(need, state))

    if sites.hopeless(judge):
        return given
    found = cheapest(sites.space, sites.price, judge, sites.start(), sites.floor)
    return given if found.chosen is None else sites.given_for(found.chosen)


def short_of(need: Need, state: Case) -> list[str]:
    """The targets that a state misses by the formula."""
    calls = replace(need, targets=state.targets).with_calls(state.calls)
    site = state.seats, state.trunks, state.ports if need.traffic.ivr else None
    return [name for name in state.judged if not holds(calls, state.targets, (name,), *site)]


def search(need: Need, given: Given, parts: Parts, simulation: Simulation, out_of_time: Callable[[], bool]) -> Searched:
    """The cheapest site that holds, sought from `parts` on, which the formula found. ValueError, OverflowError: a site
    that the kernel has no room for."""
    sites = Sites(need, replace(given, beyond=Beyond()))

    def judge(design: Design) -> frozenset[str]:
        _in_time(out_of_time)
        built = sites.parts(design)
        if built is None:
            return frozenset({"service_level"})
        return missed_in(simulation, sites.judged(built), out_of_time=out_of_time)

    if sites.hopeless(judge):
        return Searched(given, parts, found=False, finished=True, bound=None, tried=1)
    found: Found = cheapest(sites.space, sites.price, judge, sites.of(given), sites.floor)
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
    out_of_time: Callable[[], bool] = lambda: False, close: float = CLOSE_OF_LIMIT,
) -> frozenset[str]:  # fmt: skip
    """What of that is judged is not met for certain: all that a first look at every state shows to be missed; if that
    is nothing, what more looks leave open in the first state, the hardest first, in which they leave anything.
    `close`: as a share of its limit, how close to that a small share may lie, undecided and so not met.
    OutOfTime: before a look at a state."""
    looks = []
    for state in states:
        _in_time(out_of_time)
        looks.append(_Look(simulation, state, [name for name in state.judged if name in judged], close))
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
    """At a state: first with few replications, then with as many as would decide if the means stay what they are, at
    last with as many as what is still open takes."""

    def __init__(self, simulation: Simulation, case: Case, names: Sequence[str], close: float) -> None:
        self.simulation, self.case, self.names, self.close, self.near = simulation, case, names, close, ANY
        self.begin()

    def begin(self) -> None:
        found = self.simulation.values(self.case, range(START), near=self.near)
        self.values = {name: found[name] for name in self.names}
        self.stage = first_stage(self.values, 1 - (1 - CONFIDENCE) / LOOKS, tries(self.simulation.need))
        self.decide()

    def decide(self) -> None:
        self.found = self.stage.intervals(self.values)
        self.met = {name: met(self.case.targets, name, one) for name, one in self.found.items()}

    def again(self) -> None:
        for share in (BY_DISTANCE, 0.0):
            if self.wanted(share) > MANY and self.near > ALIKE:
                self.near = ALIKE
                self.begin()
            made, number = len(self.values[self.names[0]]), self.wanted(share)
            if number > made:
                more = self.simulation.values(self.case, range(made, number), near=self.near)
                self.values = {name: [*self.values[name], *more[name]] for name in self.values}
                self.decide()
            if False in self.met.values() or None not in self.met.values():
                break

    def wanted(self, share: float) -> int:
        """Replications that bring what is open so close to its limit, or within such a `share` of its distance."""
        open_ = {
            name: max(self.closest(name), share * abs(self.found[name].mean - getattr(self.case.targets, name)))
            for name, one in self.met.items() if one is None
        }  # fmt: skip
        return min(self.stage.wanted(open_), MOST_OF_LOOK) if open_ else 0

    def closest(self, name: str) -> float:
        """How close to its limit a share may lie, undecided and so not met."""
        if name in {"service_level", "occupancy"}:
            return CLOSE
        return self.close * float(getattr(self.case.targets, name))


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
