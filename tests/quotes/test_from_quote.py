"""Shipped quotes as options to compare."""

import pytest

from simtel.core.problems import BadInput
from simtel.profiles.catalogue import read_devices
from simtel.profiles.resolve import resolve
from simtel.quotes.from_quote import options_of
from simtel.quotes.options import Option, counts
from simtel.quotes.quote import find_quote, read_quote
from simtel.quotes.readings import readings

DEVICES = read_devices()
QUOTES = [find_quote(name, DEVICES) for name in ("option-1", "option-2", "today")]


def options() -> dict[str, Option]:
    return {option.id: option for option in options_of(QUOTES, DEVICES)}


def test_money_is_what_the_quotes_print() -> None:
    first, second, now = options().values()
    assert (first.readings[0].offer.value, first.readings[0].listed, first.readings[0].owned) == (250_000, 392_000, 0)
    taken = second.readings[0]
    assert (taken.offer.low, taken.offer.value, taken.offer.high) == (166_400, 166_400, 166_499)
    assert taken.listed == 256_000
    assert taken.owned == 26_000 + 30 * 3_000 + 10 * 2_000  # adapter, core channels and agents that stay in use
    assert (now.readings[0].offer.value, now.readings[0].listed) == (0, 0)
    assert now.readings[0].owned > 0  # at the prices of the others
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
