"""The whole answer about one site: its parts, what they give, what is missed, and how many agents each hour wants."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt
from typing import Any

from simtel.core.i18n import Message
from simtel.profiles.demand import Day
from simtel.sizing.design.bill import Limits, Row, bill
from simtel.sizing.design.confirm import Simulated, confirm, told
from simtel.sizing.design.need import Got, Need, Parts, got
from simtel.sizing.design.plan import Beyond, Given, Unreachable, agents_for, all_talking, curve, most_calls, plan
from simtel.sizing.design.simulated import Laws
from simtel.sizing.design.site_search import by_formula, free
from simtel.sizing.design.survive import Down, each_down, missed

_POINTS = 16  # numbers of agents that are simulated
_AROUND = 48  # numbers of agents on each side of the curve
_BESIDE = 0.4  # the curve goes so far to both sides of the agents, in shares of them


# Rows of the bill that may be short although every target is met: telephones without a port, talks that are not
# recorded, devices beyond what they can take.
BESIDE_TARGETS = {"boards", "recording", "packets", "bits", "bhca"}


_TOO_LARGE = Message("a simulated site has {agents} agents and {trunks} trunks at the most")
_RAREST = 1e-4  # calls a second: a replication of fewer would take more than years
_TOO_RARE = Message("calls come too rarely")
_TOO_MANY = Message("more callers at once, or on their way to dial again, than a simulated site has room for")


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

    `found`, `missed`, `surge` (None without one) and `downs` are those of the formula; `most`: calls per second up to
    which it meets every target. `simulated`: the site itself, if that was asked for, `unsimulated`: why it could not
    be. `wanted`: the parts that the need asks for, None if no site meets it, and then `unreachable` says why. `limits`
    and `days` are what was asked besides. `extra`: agents by which simulation differs from the formula.
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
    intervals: tuple[Interval, ...]
    wanted: Parts | None
    unreachable: Message | None
    limits: Limits
    days: tuple[Day, ...]
    unsimulated: Message | None = None
    simulated: Simulated | None = None
    extra: int = 0

    @property
    def curve(self) -> tuple[tuple[int, Got], ...]:
        """What so many agents would give, by the formula."""
        return tuple(curve(self.need, self.parts, _beside(self.parts.working_seats(self.need))))

    @property
    def short(self) -> tuple[Message, ...]:
        """Targets that are missed: by the simulation if there is one, else by the formula."""
        if self.simulated is None:
            return self.missed
        return tuple(words for one in self.simulated.cases for words in told(one, False))

    @property
    def unfinished(self) -> bool:
        """The time ran out before a site was found that meets every target."""
        made = self.simulated
        return made is not None and not made.finished and bool(self.short) and any(free(self.given))

    @property
    def lacking(self) -> tuple[Row, ...]:
        """Parts of which there are too few for something that no target speaks of."""
        return tuple(row for row in self.rows if row.id in BESIDE_TARGETS and row.spare is not None and row.spare < 0)

    @property
    def open(self) -> tuple[Message, ...]:
        """Targets whose limit lies inside the simulated interval."""
        return () if self.simulated is None else tuple(
            words for one in self.simulated.cases for words in told(one, None)
        )  # fmt: skip


def answer(need: Need, given: Given, limits: Limits, days: Sequence[Day] = ()) -> Answer:
    """The answer of the formula for what is needed and what is given. `Unreachable`: nothing is given that could be
    told about."""
    wanted, why, whole = None, None, Given()
    try:
        whole = by_formula(need, whole)
        wanted = all_talking(need, whole, plan(need, whole))
    except Unreachable as error:
        why = error.args[0]
        if given == Given():
            raise
    if given == Given() and wanted is not None:
        given, parts = whole, wanted
    else:
        given = by_formula(need, given)
        parts = all_talking(need, given, plan(need, given))
    return _answer(need, given, parts, (wanted, why), limits, days)


def simulated(
    found: Answer, laws: Laws, out_of_time: Callable[[], bool], *, picture: bool = False,
    spread: Callable[..., Any] = map,
) -> Answer:  # fmt: skip
    """The same held against simulated sites, with as many numbers of agents beside it as a `picture` shows."""

    def around(agents: int) -> Sequence[int]:
        shown = _beside(agents)
        return shown[:: ceil(len(shown) / _POINTS)] if picture else ()

    from simtel.sizing.kernels.site_world import AGENTS, TRUNKS  # noqa: PLC0415  (numpy's room; numba is not needed yet)

    if found.parts.working_seats(found.need) > AGENTS or found.parts.working_trunks(found.need) > TRUNKS:
        return replace(found, unsimulated=Message(_TOO_LARGE.template, agents=AGENTS, trunks=TRUNKS))
    if found.need.traffic.arrival_rate < _RAREST:
        return replace(found, unsimulated=_TOO_RARE)
    try:
        given, parts, made = confirm(found.need, found.given, found.parts.asked_for, laws, out_of_time, around, spread)
    except OverflowError:
        return replace(found, unsimulated=_TOO_MANY)
    sought = replace(found.given, beyond=Beyond()) == Given()
    wanted = parts if sought else found.wanted
    return _answer(found.need, given, parts, (wanted, found.unreachable), found.limits, found.days, made, sought=sought,
                   extra=given.beyond.agents - found.given.beyond.agents)  # fmt: skip


def _answer(
    need: Need, given: Given, parts: Parts, wanted: tuple[Parts | None, Message | None], limits: Limits,
    days: Sequence[Day], made: Simulated | None = None, *, sought: bool = True, extra: int = 0,
) -> Answer:  # fmt: skip
    return Answer(
        need=need,
        given=given,
        parts=parts,
        found=got(need, parts),
        missed=tuple(missed(need, parts)),
        surge=got(need.in_surge(), parts) if need.surge else None,
        downs=each_down(need, parts),
        rows=tuple(bill(need, parts, wanted[0], limits, made, sought=sought)),
        most=most_calls(need, parts),
        intervals=_intervals(need, extra, parts, days),
        wanted=wanted[0],
        unreachable=wanted[1],
        limits=limits,
        days=tuple(days),
        simulated=made,
        extra=extra,
    )


def _beside(agents: int) -> range:
    """Numbers of agents about these."""
    around = max(4, round(_BESIDE * agents))
    return range(max(1, agents - around), max(1, agents) + around + 1, ceil(around / _AROUND))


def _intervals(need: Need, extra: int, parts: Parts, days: Sequence[Day]) -> tuple[Interval, ...]:
    """Agents for each interval in which there are calls."""
    beyond = extra / max(1, parts.agents - extra)
    rates = sorted({rate for day in days for rate in day.rates if rate > 0}, reverse=True)
    agents: dict[float, int | None] = {}
    at, there = need.traffic.arrival_rate, parts.agents
    for rate in rates:
        found = agents_for(need, parts, rate, round(there * rate / at + (sqrt(rate / at) - rate / at) * sqrt(there)))
        at, there = (rate, found) if found else (at, there)
        agents[rate] = None if found is None else max(1, min(parts.seats, found + round(beyond * found)))
    return tuple(
        Interval(day.name, day.start + place * day.interval, rate, agents[rate])
        for day in days
        for place, rate in enumerate(day.rates)
        if rate > 0
    )
