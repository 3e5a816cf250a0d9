"""Shipped quotes as options to compare."""

import re
from pathlib import Path

import pytest

from simtel.core.problems import BadInput
from simtel.core.quantity import Basis
from simtel.profiles.catalogue import read_devices
from simtel.profiles.resolve import resolve
from simtel.quotes.from_quote import options_of
from simtel.quotes.options import Option, counts
from simtel.quotes.quote import find_quote, read_quote
from simtel.quotes.readings import readings
from tests.quotes.test_to_site import changed

DEVICES = read_devices()
QUOTES = [find_quote(name, DEVICES) for name in ("option-1", "option-2", "today")]


def options() -> dict[str, Option]:
    return {option.id: option for option in options_of(QUOTES, DEVICES)}


def test_money_is_what_the_quotes_print() -> None:
    first, second, now = options().values()
    assert (first.readings[0].offer.value, first.readings[0].listed, first.readings[0].owned.value) == (
        250_000,
        392_000,
        0,
    )
    taken = second.readings[0]
    assert (taken.offer.low, taken.offer.value, taken.offer.high) == (166_400, 166_400, 166_499)
    assert taken.listed == 256_000
    assert taken.owned.value == 26_000 + 30 * 3_000 + 10 * 2_000  # adapter, core channels and agents that stay in use
    assert (now.readings[0].offer.value, now.readings[0].listed) == (0, 0)
    assert now.readings[0].owned.value > 0  # at the prices of the others
    assert "single-server" in now.readings[0].unpriced


def test_warranties() -> None:
    first, second, now = options().values()
    assert first.warranty is not None
    assert first.warranty.value == 3
    assert second.warranty is None  # the print is cut off: the buyer's figure counts
    assert now.warranty is not None
    assert now.warranty.value == 0  # nothing is bought


def test_a_reading_differs_from_the_first_in_one_choice_unless_every_one_is_asked_for() -> None:
    second = options()["option-2"]
    names = [reading.name for reading in second.readings]
    assert names[0] == "first"
    assert len(names) == len(set(names))
    assert {"owned=all-there-is", "e1=both-on-active", "role=gateways"} <= set(names)
    assert all("," not in name for name in names)
    every = options_of([QUOTES[1]], DEVICES, every=True)[0]
    assert len(every.readings) == len(readings(QUOTES[1]))


def test_a_reading_that_makes_no_site_says_why() -> None:
    servers = next(each for each in options()["option-1"].readings if each.name == "role=servers")
    assert servers.site is None
    assert "no gateway" in str(servers.why)


def test_what_grows_is_counted_by_parts() -> None:
    first = options()["option-1"].readings[0].site
    assert first is not None
    small, large = (counts(resolve(first, seats, "grown")) for seats in (20, 100))
    assert small["e1-module-1"] == 2
    assert large["e1-module-1"] == 4
    assert (small["licence-agent"], large["licence-agent"]) == (20, 100)
    assert (small["lpt-2000-ds"], large["lpt-2000-ds"]) == (2, 2)
    assert large["adapter-24"] == 5


def test_an_offer_without_a_price_cannot_be_compared() -> None:
    text = b"""simtel: quote/1
id: bare
title: {en: Bare}
currency: CNY
for: {seats: 20, spans: 1}
lines:
  - {name: {en: Platform}, part: lpt-2000-ds, quantity: 2}
  - {name: {en: E1}, part: e1-module-1, quantity: 1}
"""
    with pytest.raises(BadInput, match="bare offers no price"):
        options_of([read_quote(text, DEVICES, "bare.yaml")], DEVICES)


HEADSETS = """  - {name: {en: Headset}, part: headset, unit: x, quantity: 20, price: 400, amount: 8000}
  - {name: {en: Spare headset}, part: headset, unit: x, quantity: 1, price: 3000, amount: 3000}
  - {name: {en: Foreign parts}, part: e1-module-1, unit: x, quantity: 1, price: {value: 9, currency: USD},
     amount: {value: 9, currency: USD}}
  - {name: {en: Work}, unit: x, quantity: 1, price: 5000, amount: 5000}
totals:
"""


def test_what_is_bought_is_worth_what_its_lines_come_to() -> None:
    quote = changed("option-1", ("totals:\n", HEADSETS))
    (found,) = options_of([quote], DEVICES)
    assert found.readings[0].listed == 392_000 + 8_000 + 3_000 + 5_000
    assert found.prices["headset"].value == 400  # that of most pieces
    assert found.prices["e1-module-1"].value == 18_000


def test_a_price_that_a_quote_does_not_state_is_a_range_over_the_others_in_any_order() -> None:
    dear = changed("option-2", ("id: option-2\n", "id: dear\n"), ("price: 26000", "price: 60000"),
                   ("    price: 3000\n", "    price: 5000\n"))  # fmt: skip
    foreign = changed("option-1", ("id: option-1\n", "id: foreign\n"), ("currency: CNY", "currency: USD"))
    now, cheap = QUOTES[2], QUOTES[1]
    orders = [[cheap, dear, now], [now, dear, cheap], [dear, foreign, cheap, now]]
    found = [next(one for one in options_of(order, DEVICES) if one.id == "today") for order in orders]
    price = found[0].prices["adapter-24"]
    assert (price.value, price.low, price.high, price.basis) == (43_000, 26_000, 60_000, Basis.ASSUMED)
    assert found[0] == found[1] == found[2]
    owned = found[0].readings[0].owned
    assert owned.low < owned.value < owned.high


def test_what_nobody_has_ordered_is_needed_and_what_is_missing_is_no_better_than_one_alone() -> None:
    first = options()["option-1"].readings[0]
    assert dict(first.lacking) == {"softphone-pc": 20, "headset": 20, "lan-switch": 1}
    assert first.needed.value == 20 * 300
    assert set(first.blank) == {"softphone-pc", "lan-switch"}
    assert first.missing == ()
    assert options()["today"].readings[0].lacking == ()
    bare = next(one for one in options()["option-2"].readings if one.name == "owned=all-there-is")
    assert bare.missing == ("phones",)
    text = Path(QUOTES[0].path).read_text("utf-8").replace("part: crm-server", "part: lan-switch")
    (no_crm,) = options_of([read_quote(re.sub(r"runs:\n(  .*\n)+", "", text).encode(), DEVICES)], DEVICES)
    assert no_crm.readings[0].missing == ("crm-server",)


def test_channels_grow_with_the_seats_where_every_port_counts() -> None:
    counted = {one.name: one for one in options()["option-1"].readings}
    sites = [counted[name].site for name in ("first", "channels=trunks-and-agents")]
    channels = [counts(resolve(site, 100, "grown"))["licence-core-channel"] for site in sites if site is not None]
    assert channels == [120, 220]
