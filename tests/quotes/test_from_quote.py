"""Shipped quotes as options to compare."""

import re
from pathlib import Path

import pytest

from simtel.core.problems import BadInput
from simtel.core.quantity import Basis
from simtel.profiles.catalogue import read_devices
from simtel.profiles.resolve import resolve
from simtel.quotes.from_quote import options_of
from simtel.quotes.options import Option, Reading, counts
from simtel.quotes.quote import Quote, find_quote, read_quote
from simtel.quotes.ranged import known
from simtel.quotes.readings import readings
from tests.quotes.test_to_site import changed

DEVICES = read_devices()
QUOTES = [find_quote(name, DEVICES) for name in ("option-1", "option-2", "today")]


def options() -> dict[str, Option]:
    return {option.id: option for option in options_of(QUOTES, DEVICES)}


def test_money_is_what_the_quotes_print() -> None:
    first, second, now = options().values()
    assert (first.readings[0].offer.value, first.readings[0].listed.value, first.readings[0].owned.value) == (
        250_000,
        392_000,
        0,
    )
    taken = second.readings[0]
    assert (taken.offer.low, taken.offer.value, taken.offer.high) == (166_400, 166_400, 166_499)
    assert taken.listed == known(256_000, Basis.QUOTED)
    assert taken.owned.value == 26_000 + 30 * 3_000 + 10 * 2_000  # adapter, core channels and agents that stay in use
    assert (now.readings[0].offer.value, now.readings[0].listed.value) == (0, 0)
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
    assert found.readings[0].listed.value == 392_000 + 8_000 + 3_000 + 5_000
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
    assert dict(first.lacking) == {"softphone-pc": 20, "headset": 20, "lan-switch": 1, "crm-server": 1}
    assert first.needed.value == 20 * 300
    assert set(first.blank) == {"softphone-pc", "lan-switch", "crm-server"}  # the buyer is to supply that one
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


OFFER = """simtel: quote/1
id: {id}
title: {{en: Offer}}
currency: CNY
for: {{seats: 20, at_most: 100, spans: 1}}
{more}lines:
  - {{name: {{en: Server}}, part: lpt-2000-ds, quantity: 2{0}}}
  - {{name: {{en: E1}}, part: e1-module-1, quantity: 1{1}}}
  - {{name: {{en: Telephone}}, part: ip-phone, quantity: 20{2}}}
  - {{name: {{en: Console}}, part: softphone-pc, quantity: 20{3}}}
  - {{name: {{en: Switch}}, part: lan-switch, quantity: 2{4}}}
  - {{name: {{en: CRM}}, part: crm-server, {5}}}
totals: {{{totals}}}
"""
PRICED = (", price: 1000", ", price: 200", ", price: 10", ", price: 100", ", price: 50", "quantity: 1, price: 300")
DEARER = (", price: 2000", ", price: 400", ", price: 20", ", price: 200", ", price: 100", "quantity: 1, price: 600")
BLANK = ("", "", "", "", "", "quantity: 1")
AT_LIST = 2 * 1_000 + 200 + 20 * 10 + 20 * 100 + 2 * 50 + 300


def offer(name: str, prices: tuple[str, ...], totals: str = "offer: 4000", more: str = "") -> Quote:
    text = OFFER.format(*prices, id=name, totals=totals, more=more)
    return read_quote(text.encode(), DEVICES, f"{name}.yaml")


def lists(*quotes: Quote) -> list[Reading]:
    return [one.readings[0] for one in options_of(quotes, DEVICES)]


def test_a_lump_sum_has_a_list_too_from_what_the_others_ask() -> None:
    sum_, *_ = lists(offer("sum", BLANK), offer("a", PRICED), offer("b", DEARER))
    assert (sum_.listed.low, sum_.listed.value, sum_.listed.high) == (AT_LIST, 1.5 * AT_LIST, 2 * AT_LIST)
    assert sum_.listed.basis is Basis.ASSUMED


def test_a_lump_sum_that_nobody_else_prices_is_its_own_list() -> None:
    (alone,) = lists(offer("sum", BLANK))
    assert (alone.listed.low, alone.listed.value, alone.listed.high) == (4_000, 4_000, 4_000)
    assert alone.listed.basis is Basis.ASSUMED
    zeros = tuple(f"{text}, price: 0, amount: 0" for text in BLANK)
    assert lists(offer("sum", zeros))[0].listed == alone.listed, "a price of nought for everything is none"
    some = (PRICED[0], "", PRICED[2], "", PRICED[4], PRICED[5])
    (sum_, _) = lists(offer("sum", BLANK), offer("a", some))
    assert sum_.listed.value == 4_000, "what some parts come to is no list"


def test_a_lump_sum_with_a_warranty_of_the_buyers_and_not_of_none() -> None:
    (option,) = options_of([offer("sum", BLANK)], DEVICES)
    assert option.warranty is None


def test_a_line_without_a_price_may_be_in_another_or_cost_what_others_ask() -> None:
    partly, full = lists(offer("partly", (PRICED[0], "", *PRICED[2:])), offer("full", DEARER))
    assert (partly.listed.low, partly.listed.value, partly.listed.high) == (AT_LIST - 200, AT_LIST + 200, AT_LIST + 200)
    assert partly.listed.basis is Basis.ASSUMED
    assert full.listed == known(2 * AT_LIST, Basis.QUOTED)


def test_a_list_is_with_the_tax_as_what_is_paid_is() -> None:
    for totals in ("offer: 4000, tax_percent: 13", "offer: 4000, tax: 520", "offer: 4000, tax: 520, total: 4520"):
        taxed, plain = options_of([offer("taxed", PRICED, totals), offer("plain", BLANK)], DEVICES)
        assert taxed.readings[0].offer.value == pytest.approx(4_520)
        assert taxed.readings[0].listed.value == pytest.approx(1.13 * AT_LIST)
        assert taxed.prices["ip-phone"].value == plain.prices["ip-phone"].value == pytest.approx(11.3)
    within = lists(offer("within", PRICED, more="tax_included: true\n"))[0]
    assert within.listed.value == AT_LIST


def test_what_the_buyer_is_to_supply_is_paid_for_as_well() -> None:
    supplied = offer("supplied", (*PRICED[:5], "supplied_by: buyer"))
    asked, ordered = lists(supplied, offer("ordered", PRICED))
    assert dict(asked.lacking) == {"crm-server": 1}
    assert asked.needed.value == 300
    assert ordered.lacking == ()
    alone = lists(supplied)[0]
    assert alone.blank == ("crm-server",)
    has = "owned:\n  - {id: crm, part: crm-server, quantity: 1, use: kept}\n"
    assert lists(offer("has", (*PRICED[:5], "supplied_by: buyer"), more=has))[0].lacking == ()
