"""What rests on assumed figures: the site that the formula asks for when one of them lies at an end of its range.

A demand file says of each figure that it assumes between which ends it may lie (`low`, `high`; `off_by` of rates). Each
figure is moved alone, to one end and to the other. The figure that moves the agents most comes first; then trunks, and
what else is bought or rostered. Where between value and end the answer turns is found by halving, but not where prices
choose the site, for that is sought anew for each value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf

from simtel.core.problems import BadInput
from simtel.core.quantity import Quantity
from simtel.profiles.demand import Demand
from simtel.sizing.design.asked import FIGURES, TIMES
from simtel.sizing.design.bill import rostered
from simtel.sizing.design.need import Need, Parts
from simtel.sizing.design.plan import Given, Unreachable, plan
from simtel.sizing.design.site_search import by_formula

# Law of a demand file -> the figure that is its mean.
LAWS = {"talk": "talk", "wrap_up": "wrap_up", "ivr": "ivr", "patience": "patience", "redial": "redial_after"}
_CLOSE = 1 / 8  # of the way from value to end: so closely it is told where the answer turns
# What an end may move, the most important first.
COUNTED: dict[str, Callable[[Need, Parts], int]] = {
    "agents": lambda _, parts: parts.agents,
    "trunks": lambda need, parts: parts.working_trunks(need),
    "seats": lambda _, parts: parts.seats,
    "e1": lambda _, parts: sum(parts.spans),
    "boards": lambda _, parts: parts.boards,
    "roster": lambda need, parts: rostered(need, parts.agents),
}
_FORMULA = {"surge_lasts": inf,
            "shrinkage": 0.0, "redial_after": 60.0, "retention": 90.0, "recorded": 1.0, "packet_time": 0.02,
            "busy_hours": 12.0}  # figures of a need that the formula's parts do not ask about  # fmt: skip


@dataclass(frozen=True, slots=True)
class End:
    """One end of a figure's range: its value (per second, seconds, a share or a count), and by how many the numbers of
    `COUNTED` are more there; None: no site meets the targets. `turns`: from which value on, as seen from the
    assumed one, the most important number that differs there does, or no site meets them; None: nothing differs."""

    value: float
    more: Mapping[str, int] | None
    turns: float | None = None


@dataclass(frozen=True, slots=True)
class Rests:
    """An assumed figure, by its name in `simtel.sizing.design.asked`, and what the answer does at its ends; nothing is
    known of that unless it was `tried`."""

    figure: str
    value: float
    low: End
    high: End
    tried: bool = True

    @property
    def weight(self) -> tuple[float, ...]:
        """How much it moves, for sorting; an end that nothing meets weighs most, and what was not tried least."""
        if not self.tried:
            return ()
        ends = (self.low.more, self.high.more)
        if None in ends:
            return (float("inf"),)
        return tuple(max(abs(end[name]) for end in ends if end is not None) for name in COUNTED)


def assumed(demand: Demand) -> dict[str, tuple[float, float]]:
    """The ends of each assumed figure that a site is sized by."""
    found: dict[str, tuple[float, float]] = {}
    for name, path in FIGURES.items():
        stated = demand.figures[path].stated if path in demand else None
        if isinstance(stated, Quantity) and None not in (stated.low, stated.high):
            unit = 1e-9 if name in TIMES else 1.0
            found[name] = (float(stated.low or 0) * unit, float(stated.high or 0) * unit)
    for law, name in LAWS.items():
        one = getattr(demand, law)
        if one is not None and one.low is not None and one.high is not None:
            found[name] = (one.low, one.high)
    return found


def rests_on(
    asked: Mapping[str, float], ends: Mapping[str, tuple[float, float]],
    need_of: Callable[[Mapping[str, float]], Need], given: Given | None = None,
    out_of_time: Callable[[], bool] = lambda: False,
) -> tuple[Rests, ...]:  # fmt: skip
    """Each assumed figure and what its ends do to the site that `need_of(asked)` wants beside what is given, the most
    important first, and last those that the time did not suffice for; none where no site meets that."""
    there_is, about = given or Given(), (0, 0)
    sites: dict[Need, Parts | None] = {}

    def parts(need: Need) -> Parts | None:
        key = replace(need, **_FORMULA)  # type: ignore[arg-type]
        if key not in sites:
            try:
                sites[key] = plan(key, by_formula(key, there_is), near(key))
            except Unreachable:
                sites[key] = None
        return sites[key]

    def untried(name: str) -> Rests:
        low, high = ends[name]
        return Rests(name, asked[name], End(low, None), End(high, None), tried=False)

    def near(need: Need) -> tuple[int, int]:
        """Where to begin: what the assumed figures ask for, in proportion to the calls."""
        seats, trunks = (getattr(need.in_surge().traffic, load) / (getattr(base.in_surge().traffic, load) or 1.0)
                         for load in ("seat_load", "trunk_load"))  # fmt: skip
        return round(about[0] * seats), round(about[1] * trunks)

    if out_of_time():
        return tuple(map(untried, ends))
    base = need_of(asked)
    there = parts(base)
    if there is None:
        return ()
    about = there.agents, there.working_trunks(base)

    def more(name: str, value: float) -> dict[str, int] | None:
        try:
            need = need_of({**asked, name: value})
            found = parts(need)
        except BadInput:  # a value of which no site can be told at all
            found = None
        return None if found is None else {
            what: count(need, found) - count(base, there) for what, count in COUNTED.items()
        }  # fmt: skip

    def end(name: str, value: float) -> End:
        found = more(name, value)
        what = None if found is None else next((what for what, number in found.items() if number), None)
        if base.prices or (found is not None and what is None):
            return End(value, found)
        near, turned = asked[name], value
        while abs(turned - near) > _CLOSE * abs(value - asked[name]):
            middle = (near + turned) / 2
            here = more(name, middle)
            differs = here is None or (what is not None and here[what] != 0)
            near, turned = (near, middle) if differs else (middle, turned)
        return End(value, found, turned)

    rests = [
        untried(name) if out_of_time() else Rests(name, asked[name], end(name, low), end(name, high))
        for name, (low, high) in ends.items()
    ]
    return tuple(sorted(rests, key=lambda one: one.weight, reverse=True))
