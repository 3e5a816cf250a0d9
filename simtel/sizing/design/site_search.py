"""From the site that the formula finds to one that holds when it is simulated: agents and trunks, step by step; seats,
boards, licences, E1s, core channels and ports of the IVR follow from them.

1. Up: as long as a target is missed, or cannot be told from its limit, there are more of what helps: agents for the
   waits, trunks for the blocking (and IVR ports where they are fewer than trunks).
2. Down: one of each fewer is tried, again and again, until each of these neighbours misses something.

A site is looked at twice at most: first with few replications, then, if that leaves a target open, with as many as
bring what is open close to its limit (two looks, each with half of the error: `simtel.sizing.stopping`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Final

from simtel.sizing.design.need import Need, Parts, queued
from simtel.sizing.design.plan import Beyond, Given, Unreachable, plan
from simtel.sizing.design.simulated import CONFIDENCE, START, Simulation, met, tries
from simtel.sizing.design.survive import ALL, Case, cases
from simtel.sizing.stopping import first_stage

LOOKS: Final = 400  # replications at most for a site that may not be chosen
CLOSE: Final = 0.004  # how close to its limit a share may lie, undecided and so not met
CLOSE_OF_LIMIT: Final = 0.08  # the same of small shares, as a share of the limit
STEPS: Final = 40  # up, at most


@dataclass(frozen=True, slots=True)
class Searched:
    """`given` with what simulated sites want beyond the formula, and the `parts` that follow. `found`: they met every
    target; `finished`: the time sufficed. `tried`: sites that were simulated."""

    given: Given
    parts: Parts
    found: bool
    finished: bool
    tried: int


class _OutOfTime(Exception):  # noqa: N818  (nothing went wrong)
    """Raised between two looks."""


def search(need: Need, given: Given, parts: Parts, simulation: Simulation, out_of_time: Callable[[], bool]) -> Searched:
    """A site about `parts`, which the formula found, of which no neighbour with less holds. ValueError, OverflowError:
    a site that the kernel has no room for."""
    walk = _Walk(need, given, simulation, out_of_time)
    try:
        at = walk.up(Beyond())
        finished = True
        if at is not None:
            walk.down(at)
    except _OutOfTime:
        finished = False
    if walk.sound is None:
        return Searched(given, parts, found=False, finished=finished, tried=len(walk.short))
    chosen = replace(given, beyond=walk.sound)
    return Searched(chosen, plan(need, chosen), found=True, finished=finished, tried=len(walk.short))


class _Walk:
    def __init__(self, need: Need, given: Given, simulation: Simulation, out_of_time: Callable[[], bool]) -> None:
        self.need, self.given, self.simulation, self.out_of_time = need, given, simulation, out_of_time
        self.short: dict[Beyond, frozenset[str]] = {}  # names of the targets that are not met
        self.sound: Beyond | None = None  # the last that met all
        self.free_agents, self.free_trunks = free(given)

    def up(self, at: Beyond) -> Beyond | None:
        """More of what helps, until nothing is missed; None where nothing that may grow helps."""
        for _ in range(STEPS):
            short = self.missed(at)
            if not short:
                return at
            more = helped(self.given, at, short)
            if more == at:
                return None
            at = more
        return None

    def down(self, at: Beyond) -> None:
        """Fewer of each, as long as nothing is missed."""
        moved = True
        while moved:
            lower = self.fewer_agents(at) if self.free_agents else at
            lower = self.fewer_trunks(lower) if self.free_trunks else lower
            moved, at = lower != at, lower

    def fewer_agents(self, at: Beyond) -> Beyond:
        while self.holds(fewer := replace(at, agents=at.agents - 1), at):
            at = fewer
        return at

    def fewer_trunks(self, at: Beyond) -> Beyond:
        """By steps that double as long as nothing is missed, and halve from then on."""
        step, grows = 1, True
        while step:
            if self.holds(fewer := replace(at, trunks=at.trunks - step), at):
                at, step = fewer, 2 * step if grows else step // 2
            else:
                step, grows = step // 2, False
        return at

    def holds(self, fewer: Beyond, at: Beyond) -> bool:
        """Whether a site is another one than that at `at`, and misses nothing."""
        return self.parts(fewer) not in {None, self.parts(at)} and not self.missed(fewer)

    def parts(self, at: Beyond) -> Parts | None:
        try:
            return plan(self.need, replace(self.given, beyond=at))
        except Unreachable:
            return None

    def missed(self, at: Beyond) -> frozenset[str]:
        """The names of the targets that a site does not meet for certain in the first state in which it does not."""
        if at not in self.short:
            if self.out_of_time():
                raise _OutOfTime
            parts = self.parts(at)
            if parts is None:
                return frozenset(ALL)
            states = hardest(self.need, cases(self.need, parts))
            self.short[at] = frozenset(next(filter(None, (missed_by(self.simulation, state) for state in states)), ()))
            if not self.short[at]:
                self.sound = at
        return self.short[at]


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


def missed_by(simulation: Simulation, case: Case, judged: Sequence[str] = ALL) -> list[str]:
    """What of that is judged is not met for certain in one state, after two looks at most."""
    names = [name for name in case.judged if name in judged]
    values = {name: simulation.values(case, range(START))[name] for name in names}
    stage = first_stage(values, (1 + CONFIDENCE) / 2, tries(simulation.need))
    found = stage.intervals(values)
    decided = {name: met(case.targets, name, one) for name, one in found.items()}
    open_ = {name: _close(case, name) for name, one in decided.items() if one is None}
    if open_ and False not in decided.values():
        number = min(stage.wanted(open_), LOOKS)
        if number > START:
            more = simulation.values(case, range(START, number))
            values = {name: [*values[name], *more[name]] for name in values}
            found = stage.intervals(values)
            decided = {name: met(case.targets, name, one) for name, one in found.items()}
    return [name for name, one in decided.items() if not one]


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
