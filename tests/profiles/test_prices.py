"""Prices are read with what they rest on; a bad one is named by its place."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from simtel.core import data
from simtel.core.problems import BadInput, Problem
from simtel.profiles.catalogue import read_devices
from simtel.profiles.demand import read_demand
from simtel.profiles.prices import PARTS, Price, read_prices
from simtel.quotes.quote import read_quote
from simtel.sizing.design.prices import COUNTS, QUOTATION
from tests.sizing.demands import demand_file

Complains = Callable[..., list[Problem]]
LIST = """\
simtel: prices/1
id: mine
title: {en: Mine, zh: 我的}
prices:
  currency: EUR
  headset: {value: 0, basis: quoted, source: a gift}
  agent: {value: 6000, basis: assumed, source: wages, low: 5000, high: 9000.50}
  e1: {value: 18000.5, basis: read, source: "option 1", currency: EUR}
"""


def test_prices_are_read_with_what_they_rest_on() -> None:
    prices = read_prices(LIST.encode()).prices
    assert prices.currency == "EUR"
    assert prices.of == (
        Price("agent", 6000.0, "assumed", "wages", 5000.0, 9000.5),
        Price("e1", 18000.5, "read", "option 1"),
        Price("headset", 0.0, "quoted", "a gift"),
    )
    assert [(price.assumed, price.ends) for price in prices.of][:2] == [
        (True, (5000.0, 9000.5)), (False, (18000.5, 18000.5)),
    ]  # fmt: skip


def test_a_demand_has_the_same_block() -> None:
    block = LIST[LIST.index("prices:\n") :]
    assert read_demand((demand_file() + block).encode()).prices == read_prices(LIST.encode()).prices
    assert read_demand(demand_file().encode()).prices is None
    with pytest.raises(BadInput, match="is in CNY, and the others in EUR"):
        read_demand((demand_file() + block.replace('1", currency: EUR', '1", currency: CNY')).encode())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("value: 6000", "value: §-1", "-1 is no price"),
        ("value: 6000", "value: §1000000000", "is no price"),
        ("value: 6000", "value: §.nan", "is not a number"),
        ("value: 6000", "value: §60.123", "more than 2 digits"),
        ("value: 6000", "value: §true", "where a number is due"),
        ("value: 6000", "value: §4999", "is not within its range, 5000 to 9000.5"),
        ("agent:", "§telephone:", "unknown key 'telephone'"),
        ("  e1:", "  §agent:", "'agent' is given twice"),
        ('1", currency: EUR', '1", currency: §CNY', "they have no sum"),
        ("  currency: EUR", "  currency: §euro", "is not a currency"),
        ("basis: read", "basis: §guess", "one of these is due: printed, read, quoted"),
        ("basis: quoted, ", "basis: quoted, §low: 0, ", "assumed figure only"),
        ("  agent: {value: 6000, basis: assumed, source: wages, low: 5000, high: 9000.50}",
         "  §agent: {value: 6000, basis: assumed, source: wages}", "needs a range"),
        ("low: 5000, high: 9000.50", "low: §6000, high: 6000", "a range of one value"),
        ("  headset: {value: 0, basis: quoted, source: a gift}", "  §headset: {value: 0, basis: quoted}", "'source'"),
        ("  headset: {value: 0, basis: quoted, source: a gift}", "  §headset: 300", "where a price is due"),
        ("  headset: {value: 0, basis: quoted,", "  headset: {value: 0, §of: all, basis: quoted,", "unknown key 'of'"),
    ],
)  # fmt: skip
def test_bad_prices(complains: Complains, old: str, new: str, message: str) -> None:
    complains(read_prices, LIST, old, new, message)


def test_a_list_without_a_price_is_none() -> None:
    with pytest.raises(BadInput, match="has no price; these parts have one: agent, seat, e1"):
        read_prices((LIST[: LIST.index("  headset")]).encode())
    with pytest.raises(BadInput, match="where a mapping"):
        read_prices((LIST[: LIST.index("prices:")] + "prices: []\n").encode())


def test_the_quotation_is_what_is_printed() -> None:
    """And what decides where nobody gave prices."""
    shipped = {price.part: price for price in read_prices(data.prices() / "quotation.yaml").prices.of}
    assert {part: price.value for part, price in shipped.items()} == QUOTATION
    lines = {line.part: line.price for line in read_quote(data.quotes() / "option-1.yaml", read_devices()).lines}
    parts = {"e1": "e1-module-1", "loop-module": "loop-module-4", "core-channel": "licence-core-channel",
             "agent-licence": "licence-agent", "recording-licence": "licence-recording", "board": "adapter-24",
             "server": "lpt-2000-ds", "headset": "headset"}  # fmt: skip
    for part, price in shipped.items():
        quoted = lines[parts[part]]
        assert quoted is not None
        assert (quoted.value, str(quoted.legibility)) == (Decimal(price.value), price.basis)
    assert COUNTS.keys() == PARTS.keys()
