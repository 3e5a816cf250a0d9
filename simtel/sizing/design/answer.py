"""The whole answer about one site: its parts, what they give, what is missed, and how many agents each hour wants."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from simtel.core.i18n import Message
from simtel.profiles.demand import Day
from simtel.sizing.design.bill import Limits, Row, bill
from simtel.sizing.design.need import Got, Need, Parts, got
from simtel.sizing.design.plan import Given, agents_for, curve, most_calls, plan
from simtel.sizing.design.simulated import Service, Simulated, simulate
from simtel.sizing.design.survive import Down, each_down, missed
from simtel.sizing.theory.inverse import Unreachable

_POINTS = 16  # numbers of agents that are simulated
_AROUND = 48  # numbers of agents on each side of the curve
_BESIDE = 0.4  # the curve goes so far to both sides of the agents, in shares of them


@dataclass(frozen=True, slots=True)
class Interval:
    """A part of a day: seconds after midnight, calls per second, agents on duty (None: more than there are seats)."""

    day: str
    start: float
    rate: float
    agents: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """About one site.

    `surge`: what it gives then, None without one. `most`: calls per second up to which every target is met. `curve`:
    what so many agents would give; `simulated`: the seats, if that was asked for. `wanted`: the parts that the need
    asks for, None if no site meets it, and then `unreachable` says why.
    """

    need: Need
    given: Given
    parts: Parts
    found: Got
    missed: tuple[Message, ...]
    surge: Got | None
    downs: tuple[Down, ...]
    rows: tuple[Row, ...]
    most: float
    curve: tuple[tuple[int, Got], ...]
    intervals: tuple[Interval, ...]
    wanted: Parts | None
    unreachable: Message | None
    simulated: Simulated | None = None


def answer(need: Need, given: Given, limits: Limits, days: Sequence[Day] = ()) -> Answer:
    """The answer for what is needed and what is given. `Unreachable`: nothing is given that could be told about."""
    wanted, why = None, None
    try:
        wanted = plan(need)
    except Unreachable as error:
        why = error.args[0]
        if given == Given():
            raise
    parts = wanted if wanted is not None and given == Given() else plan(need, given)
    agents = max(1, parts.working_seats(need))
    around = max(4, round(_BESIDE * agents))
    beside = range(max(1, agents - around), agents + around + 1, ceil(around / _AROUND))
    return Answer(
        need=need,
        given=given,
        parts=parts,
        found=got(need, parts),
        missed=tuple(missed(need, parts)),
        surge=got(need.in_surge(), parts) if need.surge else None,
        downs=each_down(need, parts),
        rows=tuple(bill(need, parts, wanted, limits)),
        most=most_calls(need, parts),
        curve=tuple(curve(need, parts, beside)),
        intervals=_intervals(need, parts, days),
        wanted=wanted,
        unreachable=why,
    )


def with_simulation(found: Answer, service: Service) -> Answer:
    """The same with the seats simulated, about as many numbers of agents as a picture shows."""
    agents = [n for n, _ in found.curve]
    every = ceil(len(agents) / _POINTS)
    return replace(found, simulated=simulate(found.need, found.parts, agents[::every], service))


def _intervals(need: Need, parts: Parts, days: Sequence[Day]) -> tuple[Interval, ...]:
    """Agents for each interval in which there are calls."""
    rates = sorted({rate for day in days for rate in day.rates if rate > 0}, reverse=True)
    agents: dict[float, int | None] = {}
    about = parts.agents
    for rate in rates:
        agents[rate] = agents_for(need, parts, rate, about)
        about = agents[rate] or about
    return tuple(
        Interval(day.name, day.start + place * day.interval, rate, agents[rate])
        for day in days
        for place, rate in enumerate(day.rates)
        if rate > 0
    )
