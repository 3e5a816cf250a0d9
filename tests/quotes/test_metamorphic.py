"""One change of a quote file moves exactly the rows that it must, in the direction that it must, and no other.

A row is one figure, list or word that is told of an option: gaps, deviations and questions included. A sign says which
way a number went; `~` that what is listed is another.
"""

from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from simtel.profiles.catalogue import read_devices
from simtel.profiles.resolve import resolve
from simtel.quotes.arithmetic import check
from simtel.quotes.compare import Compared, Comparison
from simtel.quotes.costs import LOSSES, growth
from simtel.quotes.from_quote import options_of
from simtel.quotes.gaps import gaps
from simtel.quotes.options import Option, counts
from simtel.quotes.questions import questions
from simtel.quotes.quote import Quote
from simtel.quotes.ranking import score
from simtel.quotes.readings import reading
from simtel.report.quotes.deviations import technical
from simtel.run.choose import scenarios_of
from tests.quotes.test_compare import quick
from tests.quotes.test_to_site import changed

DEVICES = read_devices()
SCENARIOS = ("failover.gateway-crash",)
pytestmark = pytest.mark.timeout(240)  # seven options are tried out at once: ten seconds of a machine to itself

E1 = "part: e1-module-1\n    unit: 块\n    quantity: 2\n    price: 18000\n    amount: 36000"
ADAPTER = "part: adapter-24\n    unit: 台\n    quantity: 1\n    price: 26000\n    amount: 26000"
RECORDING = ("part: licence-recording\n    unit: 路\n    quantity: 20\n    price: 1000\n"
             '    amount: {value: 20000, legibility: read, print: "201*0"}')  # fmt: skip
LIST = 'list: {value: 392000, legibility: read, print: "39201*"}'
CHANGES = {
    "base": (),
    "same": (),
    "one-e1": ((E1, E1.replace("quantity: 2", "quantity: 1").replace("36000", "18000")), (LIST, "list: 374000")),
    "two-adapters": ((ADAPTER, ADAPTER.replace("quantity: 1", "quantity: 2").replace("t: 26000", "t: 52000")),
                     (LIST, "list: 418000")),
    "ten-recording": ((RECORDING, RECORDING.partition("20\n")[0] + "10\n    price: 1000\n    amount: 10000"),
                      (LIST, "list: 382000")),
    "dear-adapter": ((ADAPTER, ADAPTER.replace("26000", "52000")), (LIST, "list: 418000")),
    "dear-offer": (("offer: 250000", "offer: 500000"),),
}  # fmt: skip


class Told(NamedTuple):
    quote: Quote
    option: Option


@cache
def told(name: str) -> Told:
    """A changed option 1, in its first reading; `swapped` in another one."""
    of = "base" if name == "swapped" else name
    quote = changed("option-1", ("id: option-1\n", f"id: {name}\n"), *CHANGES[of])
    (option,) = options_of([quote], DEVICES)
    readings = {one.name: one for one in option.readings}
    return Told(quote, replace(option, readings=(readings["e1=both-on-active" if name == "swapped" else "first"],)))


@cache
def made() -> Comparison:
    """All of them side by side."""
    return quick([told(name).option for name in (*CHANGES, "swapped")], SCENARIOS)


def rows(name: str, of: Compared | None = None) -> dict[str, Any]:
    """Every row about an option."""
    quote = told(name).quote
    found = of or next(one for one in made().options if one.option.id == name)
    one = found.readings[0]
    words = ["e1=both-on-active"] if name == "swapped" else []
    lacking = gaps(quote, reading(quote, words), DEVICES)
    library = {each.id: each for each in scenarios_of(["failover"])}
    (first,) = one.sizes
    sites = {seats: resolve(one.reading.site, seats, "grown") for seats in (20, 40)} if one.reading.site else {}
    steps = growth({seats: counts(site) for seats, site in sites.items()},
                   {part: price.value for part, price in found.option.prices.items()},
                   one.reading.offer.value / one.reading.listed.value)  # fmt: skip
    return {
        "offer": one.reading.offer.value, "listed": one.reading.listed.value, "owned": one.reading.owned.value,
        "score": one.score, "outage": one.outage, "weighed": one.weighed, "channels": one.channels,
        "channels.cost": one.channels_cost,
        "growth": sum(step.listed for step in steps), "growth.offered": sum(step.offered for step in steps),
        "seats": first.service.seats, "trunks": first.service.trunks, "most": first.service.most,
        **{name: each.value for name, each in first.service.measures.items()},
        "user": first.downs.user, "cut": first.cut, "single": first.single,
        "met": [(each.scenario, each.outcome, each.missed, each.cut) for each in first.met],
        "recording": first.spec.licences["recording"], **{f"cost.{cost.id}": cost.total for cost in one.costs},
        "gaps": [(gap.code, gap.lacks) for gap in lacking], "gaps.cost": sum(gap.cost.amount for gap in lacking
                                                                             if gap.cost is not None),
        "deviations": [(kept.about, kept.status) for kept in technical(lacking, first.met, library, "en")],
        "questions": [(each.about, each.money.amount) for each in questions(quote, check(quote), DEVICES)],
        "mistakes": [each.said for each in check(quote).findings if each.wrong],
    }  # fmt: skip


def moved(name: str) -> dict[str, str]:
    """Rows in which an option differs from the base, and which way."""
    base, other = rows("base"), rows(name)
    return {row: _way(base[row], other[row]) for row in base if base[row] != other[row]}


def _way(one: Any, other: Any) -> str:
    return "~" if isinstance(one, list | tuple) else "+" if other > one else "-"


DEARER = {"listed": "+", "growth": "+", "growth.offered": "+", "cost.support": "+", "gaps.cost": "+", "questions": "~",
          "score": "-"}  # fmt: skip
MUST: dict[str, dict[str, str]] = {
    "same": {},
    # Half of the trunks is an outage: of two E1s and their platforms either one makes it, of one alone only that one.
    # But then every call is lost, and with either of two nearly none. It scores by the rent of the E1 that it has not.
    "one-e1": {
        "listed": "-", "cost.support": "-", "cost.lines": "-", "growth": "+", "growth.offered": "+", "trunks": "-",
        "channels": "-", "channels.cost": "-", "blocking": "+", "most": "+", "service_level": "+", "abandonment": "-",
        "occupancy": "-", "single": "~", "met": "~", "cut": "-", "outage": "-", "weighed": "+", "cost.outages": "+",
        "cost.calls": "+", "gaps": "~", "gaps.cost": "+", "questions": "~", "score": "+",
    },
    "two-adapters": {
        "listed": "+", "cost.support": "+", "cost.power": "+", "growth": "-", "growth.offered": "-", "single": "~",
        "gaps": "~", "gaps.cost": "-", "questions": "~", "score": "+",
    },
    "ten-recording": {
        "listed": "-", "cost.support": "-", "growth": "+", "growth.offered": "+", "recording": "-", "gaps": "~",
        "gaps.cost": "+", "questions": "~", "score": "+",
    },
    "dear-adapter": DEARER,
    "dear-offer": {
        "offer": "+", "cost.price": "+", "growth.offered": "+", "questions": "~", "score": "-",
        "mistakes": "~",  # above all that its lines come to
    },
    "swapped": {
        "single": "~", "met": "~", "cut": "-", "outage": "-", "weighed": "+", "cost.outages": "+", "cost.calls": "+",
        "score": "-",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", MUST)
def test_a_change_moves_what_it_must_and_nothing_else(name: str) -> None:
    assert moved(name) == MUST[name]


def test_by_how_much_where_that_is_known() -> None:
    base, one, two, ten, dear = map(rows, ("base", "one-e1", "two-adapters", "ten-recording", "dear-offer"))
    assert (base["trunks"], one["trunks"]) == (60, 30)
    assert one["cost.lines"] == base["cost.lines"] / 2
    assert (base["channels"], one["channels"]) == (20, 0)  # 30 trunks and 20 seats on 60 channels
    assert one["listed"] - base["listed"] == -18_000
    assert set(one["gaps"]) - set(base["gaps"]) == {("e1-short", 1)}
    assert set(one["single"]) - set(base["single"]) == {"gateways", "spans"}
    assert set(base["single"]) - set(two["single"]) == {"boards"}
    assert set(base["gaps"]) - set(two["gaps"]) == {("one-adapter", 1)}
    assert (two["growth"] - base["growth"], ten["growth"] - base["growth"]) == (-26_000, 10_000)
    assert ("recording-short", 10) in ten["gaps"]
    assert dear["cost.price"] == 2 * base["cost.price"] == 500_000
    assert dear["growth.offered"] == 2 * base["growth.offered"]


@pytest.mark.parametrize("name", ["one-e1", "swapped"])
def test_with_fewer_e1s_or_both_on_one_platform_an_outage_costs_and_counts_more(name: str) -> None:
    """All else equal, for one E1 alone is cheaper to rent."""
    base, other = (next(one.readings[0] for one in made().options if one.option.id == each) for each in ("base", name))
    lost, more = (sum(cost.total for cost in one.costs if cost.id in LOSSES) for one in (base, other))
    assert more > lost > 0
    assert score({**base.figures, "outage": other.figures["outage"]}, made().buyer.scales) < base.score


def test_identical_quotes_tie() -> None:
    places = {made().options[place.option].option.id: place for place in made().places}
    assert places["base"].place == places["same"].place
    base, same = made().chances[:2]
    assert (base.best, base.alone) == (same.best, 0)


def test_one_quote_alone_is_first_and_readings_that_are_alike_tie() -> None:
    option = told("base").option
    first, *_ = option.readings
    alike = replace(option, readings=(first, replace(first, name="again"), replace(first, name="and again")))
    alone = quick([alike], SCENARIOS)
    assert [(place.place, place.score) for place in alone.places] == [(1, rows("base")["score"])]
    (found,) = alone.options
    assert all((one.score, one.outage, one.paid, one.sizes) == (again.score, again.outage, again.paid, again.sizes)
               for one, again in pairwise(found.readings))  # fmt: skip
    assert {swap.best for swap in alone.swaps} == {(0,)}
    assert (alone.chances[0].best, alone.chances[0].alone) == (alone.chances[0].draws,) * 2


def test_neither_order_nor_who_else_offers_changes_a_row() -> None:
    back = quick([told(name).option for name in ("swapped", "one-e1")], SCENARIOS)
    for found in back.options:
        assert rows(found.option.id, found) == rows(found.option.id)
