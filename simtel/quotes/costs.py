"""What an option costs over some years: pure arithmetic on plain numbers of one currency.

A price that was printed is exact and stays `Money` elsewhere; here are estimates of years to come, as floats, which are
rounded when they are told. Money that is spent at the start counts in full, that of a year at the end of that year:
with a discount rate r what falls due after y years counts 1/(1+r)^y.

    price       what is paid for the offer, at the start
    needed      parts that the site works with and that nobody has ordered, at list, at the start
    spares      a share of the list of what is in use, at the start
    support     a share of the list of what is in use, in each year (or part of one): of new parts after the warranty,
                which those that nobody has ordered are taken to have too, of owned parts from the first year on
    power       watts x hours of a year x tariff
    lines       rent of each E1 and of each analog line, by the month
    outages     hours without service, by the share of calls that is lost in them, x what the buyer says that one costs
    calls       calls that are lost x what the buyer says that one is worth
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HOURS_A_YEAR = 8_760.0
MONTHS_A_YEAR = 12
WATTS = 1_000.0  # in a kilowatt
ITEMS = ("price", "needed", "spares", "support", "power", "lines", "outages", "calls")
LOSSES = ("outages", "calls")  # what bad service costs, beside what is paid


@dataclass(frozen=True, slots=True)
class InUse:
    """What an option pays for and keeps running. Money of one currency, `warranty` in years, `outage` hours a year in
    which all is out, and `lost` calls a year. `listed`: list price of the new parts; `owned`: that of owned parts that
    stay in use; `needed`: that of parts without which the site does not work, and that are not ordered."""

    price: float
    listed: float
    owned: float
    warranty: float
    watts: float
    spans: int
    lines: int
    outage: float
    lost: float
    needed: float = 0.0


@dataclass(frozen=True, slots=True)
class Rates:
    """The buyer's figures: shares of list (support a year, spares once), money per kWh, a month, an hour, a call."""

    support: float
    spares: float
    tariff: float
    span_rent: float
    line_rent: float
    outage_hour: float
    lost_call: float
    discount: float = 0.0


@dataclass(frozen=True, slots=True)
class Cost:
    """One item over all years: `start` at once, `yearly` in each year, and what that is worth at the start."""

    id: str
    start: float
    yearly: tuple[float, ...]
    total: float


def cost_over(used: InUse, rates: Rates, years: int) -> tuple[Cost, ...]:
    """Every item of `ITEMS`, in that order. ValueError: no whole number of years from 1 on, or a discount of -1."""
    if years < 1:
        raise ValueError(f"years must be 1 or more, not {years!r}")
    if rates.discount <= -1:
        raise ValueError(f"a discount rate must be above -1, not {rates.discount!r}")
    new = used.listed + used.needed
    supported = [used.owned + new * min(1.0, max(0.0, year - used.warranty)) for year in range(1, years + 1)]
    rent = MONTHS_A_YEAR * (used.spans * rates.span_rent + used.lines * rates.line_rent)
    same = {
        "power": used.watts / WATTS * HOURS_A_YEAR * rates.tariff, "lines": rent,
        "outages": used.outage * rates.outage_hour, "calls": used.lost * rates.lost_call,
    }  # fmt: skip
    return (
        _item("price", used.price, [0.0] * years, rates.discount),
        _item("needed", used.needed, [0.0] * years, rates.discount),
        _item("spares", rates.spares * (new + used.owned), [0.0] * years, rates.discount),
        _item("support", 0.0, [rates.support * worth for worth in supported], rates.discount),
        *(_item(name, 0.0, [amount] * years, rates.discount) for name, amount in same.items()),
    )


def total(costs: Sequence[Cost], without: Sequence[str] = ()) -> float:
    """The sum of all items but some."""
    return sum(cost.total for cost in costs if cost.id not in without)


def _item(name: str, start: float, yearly: Sequence[float], discount: float) -> Cost:
    worth = sum(amount / (1 + discount) ** year for year, amount in enumerate(yearly, start=1))
    return Cost(name, start, tuple(yearly), start + worth)


def per_avoided_hour(cost: float, outage: float, today_cost: float, today_outage: float, years: int) -> float | None:
    """What an hour of outage less costs, against today's site; None where an option avoids none. Costs over `years`,
    outages in hours a year; below zero: it is cheaper and better."""
    avoided = (today_outage - outage) * years
    return (cost - today_cost) / avoided if avoided > 0 else None


@dataclass(frozen=True, slots=True)
class Step:
    """Parts to add from the size before up to `seats`, at list and at the option's own discount. `unpriced`: parts of
    which the quote says no price; they cost more than what stands here."""

    seats: int
    added: tuple[tuple[str, int], ...]
    listed: float
    offered: float
    unpriced: tuple[str, ...]


def growth(counts: Mapping[int, Mapping[str, int]], prices: Mapping[str, float], paid: float) -> tuple[Step, ...]:
    """Steps from the smallest size on. `counts`: size -> part -> how many it has; `prices`: list price of a part;
    `paid`: share of list that the option's offer comes to. Nothing that is there is thrown away."""
    sizes = sorted(counts)
    there: dict[str, int] = dict(counts[sizes[0]]) if sizes else {}
    steps = []
    for size in sizes[1:]:
        added = tuple((part, number - there.get(part, 0)) for part, number in sorted(counts[size].items())
                      if number > there.get(part, 0))  # fmt: skip
        there |= {part: there.get(part, 0) + number for part, number in added}
        listed = sum(number * prices[part] for part, number in added if part in prices)
        unpriced = tuple(part for part, _ in added if part not in prices)
        steps.append(Step(size, added, listed, paid * listed, unpriced))
    return tuple(steps)


def channels_short(trunks: int, seats: int, channels: int) -> int:
    """Core channels that lack if every port counts, trunks and seats, and not the trunks alone."""
    return max(0, trunks + seats - channels)
