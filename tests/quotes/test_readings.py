"""In which ways a quote can be meant, and what is there then."""

from decimal import Decimal
from pathlib import Path

import pytest

from simtel.core.problems import BadInput
from simtel.core.quantity import Basis
from simtel.profiles.catalogue import read_devices
from simtel.quotes.arithmetic import check
from simtel.quotes.finding import Kind
from simtel.quotes.gaps import prices
from simtel.quotes.paid import offer
from simtel.quotes.quote import MOST_READINGS, find_quote, read_quote
from simtel.quotes.readings import reading, readings, stock

DEVICES = read_devices()
OPTION_1, OPTION_2 = (find_quote(name, DEVICES) for name in ("option-1", "option-2"))


def test_every_combination_of_the_five_axes_is_named_once() -> None:
    names = [one.name for one in readings(OPTION_2)]
    assert len(names) == len(set(names)) == 3 * 2 * 2 * 2 * 2
    assert names[0] == "role=call-server-and-gateway,e1=one-each,channels=trunks,owned=added-to-owned,offer=166400"
    assert [one.first for one in readings(OPTION_2)] == [True] + [False] * 47
    assert len(readings(OPTION_1)) == 3 * 2 * 2
    for name in names:
        assert reading(OPTION_2, [name]).name == name


def test_one_alternative_is_taken_with_the_first_of_all_others() -> None:
    taken = reading(OPTION_2, ["all-there-is"])
    assert taken.name == "role=call-server-and-gateway,e1=one-each,channels=trunks,owned=all-there-is,offer=166400"
    assert reading(OPTION_2, ["owned=all-there-is"]) == taken
    both = reading(OPTION_2, ["all-there-is", "role=servers"])
    assert both == reading(OPTION_2, ["role=servers,owned=all-there-is"])
    assert both.effect.platforms == "servers"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["all-ther-is"], "did you mean 'all-there-is'"),
        (["role=trunks"], "option-2 has no reading 'role=trunks'"),
        (["gateways", "servers"], "two readings of 'role' are asked for"),
    ],
)
def test_a_reading_that_there_is_not_is_refused(words: list[str], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        reading(OPTION_2, words)


def test_a_name_of_two_axes_needs_its_axis() -> None:
    text = Path(OPTION_2.path).read_text(encoding="utf-8").replace("name: both-on-active", "name: trunks")
    quote = read_quote(text.encode(), DEVICES)
    with pytest.raises(BadInput, match="write 'e1=trunks' or 'channels=trunks'"):
        reading(quote, ["trunks"])


@pytest.mark.parametrize(
    "money", ["price: -500, amount: -500", "amount: -500", "price: -500", "price: 500, amount: -500"]
)
def test_a_credit_brings_no_part_and_sets_no_price(money: str) -> None:
    text = f"""simtel: quote/1
id: q
title: {{en: Q}}
currency: USD
for: {{seats: 20, spans: 2}}
lines:
  - {{name: {{en: adapter}}, part: adapter-24, unit: set, quantity: 1, price: 3000, amount: 3000}}
  - {{name: {{en: trade-in of the old one}}, part: adapter-24, unit: set, quantity: 4, {money}}}
  - {{name: {{en: trade-in of a server LTS-2000}}, unit: set, quantity: 1, {money}}}
"""
    quote = read_quote(text.encode(), DEVICES)
    held = stock(quote, reading(quote))
    assert {part: one.count for part, one in held.items()} == {"adapter-24": 1}
    assert {part: one.amount for part, one in prices(quote).items()} == {"adapter-24": 3000}
    assert not [one for one in check(quote).findings if one.kind in (Kind.UNKNOWN_PART, Kind.BY_WORDS)]


def test_what_is_owned_counts_where_the_reading_says_so() -> None:
    added, all_ = (stock(OPTION_2, reading(OPTION_2, [word])) for word in ("added-to-owned", "all-there-is"))
    core, alone = added["licence-core-channel"], all_["licence-core-channel"]
    assert (core.bought, core.owned, core.low, core.high, core.basis) == (30, 30, 30, 60, Basis.ASSUMED)
    assert (alone.bought, alone.owned, alone.low, alone.high, alone.basis) == (30, 0, 30, 30, Basis.QUOTED)
    assert (added["adapter-24"].count, all_["adapter-24"].count) == (1, 0)
    assert "single-server" not in added
    assert stock(OPTION_2, reading(OPTION_2, ["gateways"]))["single-server"].owned == 1


def test_what_is_traded_in_counts_nowhere() -> None:
    text = Path(OPTION_2.path).read_text(encoding="utf-8")
    quote = read_quote(text.replace("use: kept", "use: traded-in").encode(), DEVICES)
    assert {one.owned for one in stock(quote, reading(quote)).values()} == {Decimal(0)}


def test_each_number_names_its_line_and_how_it_can_be_read() -> None:
    held = stock(OPTION_1, reading(OPTION_1))
    assert held["licence-agent"].source == "quote option-1, line 8: 20 路, printed"
    assert held["headset"].source == "quote option-1, line 11: not ordered"
    text = Path(OPTION_1.path).read_text(encoding="utf-8")
    read = text.replace("quantity: 60", "quantity: {value: 60, legibility: read, print: '6x'}")
    quote = read_quote(read.replace('{"201*": 20xx}', '{"201*": 20xx, "x": x}').encode(), DEVICES)
    assert "60 路, read from the print '6x'" in stock(quote, reading(quote))["licence-core-channel"].source


def test_the_offer_of_a_reading() -> None:
    cut, most = (offer(OPTION_2, reading(OPTION_2, [word])) for word in ("166400", "166499"))
    printed = offer(OPTION_1, reading(OPTION_1))
    assert cut is not None
    assert most is not None
    assert printed is not None
    assert (cut.value, most.value, printed.value) == (166_400, 166_499, 250_000)
    assert (cut.assumed, printed.assumed) == (True, False)


def test_there_is_a_most_of_combinations() -> None:
    axes = "".join(
        f"  - {{axis: a{n}, question: {{en: q, zh: q}}, requirement: [R1], alternatives: ["
        f"{{name: x{n}, says: {{en: x, zh: x}}, means: {{owned: []}}}},"
        f"{{name: y{n}, says: {{en: y, zh: y}}, means: {{owned: [o]}}}}]}}\n"
        for n in range(13)
    )
    text = ("simtel: quote/1\nid: q\ntitle: {en: Q}\ncurrency: CNY\nfor: {seats: 20, spans: 2}\nlines: []\n"
            f"owned: [{{id: o, part: headset, quantity: 1, use: kept}}]\nreadings:\n{axes}")  # fmt: skip
    with pytest.raises(BadInput, match=f"8192 combinations: at most {MOST_READINGS}"):
        read_quote(text.encode(), DEVICES)
