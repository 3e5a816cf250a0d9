"""Files of a buyer's figures."""

from collections.abc import Callable

import pytest

from simtel.core import data
from simtel.core.problems import BadInput
from simtel.quotes.buyer import CRITERIA, buyer_names, buyer_schema, find_buyer, read_buyer
from simtel.quotes.ranking import Scale

TEXT = (data.buyers() / "assumed-defaults.yaml").read_text("utf-8")


def wrong(change: Callable[[str], str]) -> str:
    changed = change(TEXT)
    assert changed != TEXT
    with pytest.raises(BadInput) as bad:
        read_buyer(changed.encode(), "buyer.yaml")
    return str(bad.value)


def test_the_shipped_figures_are_read_in_plain_units() -> None:
    found = find_buyer("assumed-defaults")
    assert (found.currency, found.years) == ("CNY", 5)
    assert (found.figures["tariff"].low, found.figures["tariff"].value, found.figures["tariff"].high) == (0.5, 0.8, 1.2)
    assert found.figures["support"].value == 0.08
    assert found.figures["travel"].value == 3_600
    assert found.figures["warranty"].high == 3
    assert found.scales["outage"] == Scale(25, 96 * 60, 3)
    assert found.scales["cost"] == Scale(30, 1_500_000, 0)
    assert tuple(found.scales) == CRITERIA
    assert found.units["tariff"] == "CNY/kWh"
    assert found.units.keys() == found.figures.keys()
    assert all(one.source for one in found.figures.values())
    assert buyer_names() == ["assumed-defaults"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("0.80 CNY/kWh", "0.80", "where a figure is due, such as 0.80 CNY/kWh"),
        ("0.80 CNY/kWh", "0.80 CNY/h", "where a figure is due, such as 0.80 CNY/kWh"),
        ("0.80 CNY/kWh", "0.80 EUR/kWh", "is in EUR, and the file in 'CNY'"),
        ("0.80 CNY/kWh", "1.80 CNY/kWh", "is not within its range"),
        ("0.80 CNY/kWh", "-1 CNY/kWh", "where a figure is due"),
        ("150 W", "150", "such as 120 W"),
        ("1 year,", "1,", "such as 1 year"),
        ("value: 8%", "value: 8", "bare value"),
        ("years: 5", "years: 0", "outside"),
        ("currency: CNY", "currency: yuan", "is not a currency"),
        ("worst: 96h, best: 3min", "worst: 3min, best: 96h", "'worst' is better than 'best'"),
        ("worst: 96h, best: 3min", "worst: 3min, best: 3min", "are the same"),
        ("worst: 0%, best: 95%", "worst: 95%, best: 0%", "'worst' is better than 'best'"),
        ("worst: 1500000 CNY", "worst: 1500000 EUR", "is in EUR"),
        ("worst: 1500000 CNY", "worst: 1500000", "such as 250000 CNY"),
        ("  support:", "  suport:", "did you mean 'support'"),
        ("weight: 30", "weight: 3.5", "not a count"),
    ],
)
def test_what_is_wrong_is_told(old: str, new: str, words: str) -> None:
    assert words in wrong(lambda text: text.replace(old, new, 1))


def test_weights_that_are_all_nothing_rank_nothing() -> None:
    assert "nothing counts" in wrong(lambda text: "\n".join(
        line.split("{weight")[0] + "{weight: 0," + line.split(",", 1)[1] if "{weight" in line else line
        for line in text.splitlines()
    ))  # fmt: skip


def test_there_is_a_schema_and_a_hint_for_a_name_that_is_none() -> None:
    schema = buyer_schema()
    assert "tariff" in schema["properties"]["figures"]["properties"]
    with pytest.raises(BadInput) as bad:
        find_buyer("assumed-default")
    assert "did you mean 'assumed-defaults'" in str(bad.value)


OWN = (
    "simtel: buyer/1\nid: own\ntitle: {en: Own, zh: 自有}\ncurrency: CNY\nyears: 3\nfigures:\n"
    "  tariff: {value: 0.70 CNY/kWh, low: 0.60 CNY/kWh, high: 0.90 CNY/kWh, basis: buyer, source: last bills}\n"
    "  travel: {value: 2h, basis: buyer, source: our contract}\n"
)


def test_what_a_buyer_leaves_out_is_the_shipped_assumption_and_is_listed() -> None:
    found, shipped = read_buyer(OWN.encode()), find_buyer("assumed-defaults")
    assert (found.figures["travel"].value, found.figures["travel"].law) == (7_200, "fixed")
    assert found.figures["support"] == shipped.figures["support"]
    assert found.figures["support"].basis == "assumed"
    assert found.figures.keys() == shipped.figures.keys()
    assert found.scales == shipped.scales
    assert set(found.defaulted) == {*shipped.figures, "criteria"} - {"tariff", "travel"}
    assert shipped.defaulted == ()


def test_a_buyer_may_know_a_figure_within_a_range() -> None:
    tariff = read_buyer(OWN.encode()).figures["tariff"]
    assert (tariff.low, tariff.value, tariff.high, tariff.basis) == (0.6, 0.7, 0.9, "buyer")
    for old, new, words in (
        (", high: 0.90 CNY/kWh", "", "a range has both 'low' and 'high'"),
        ("value: 0.70", "value: 0.95", "is not within its range"),
        ("high: 0.90", "high: 0.60", "is not within its range"),
        ("basis: buyer, source: last", "basis: quoted, source: last", "'low' belongs to an assumed figure only"),
    ):
        with pytest.raises(BadInput, match=words):
            read_buyer(OWN.replace(old, new, 1).encode())


def test_money_that_is_left_out_is_not_converted() -> None:
    with pytest.raises(BadInput) as bad:
        read_buyer(OWN.replace("CNY", "EUR").encode())
    said = str(bad.value)
    assert "'lost_call' is left out, and that of the defaults is in CNY: state it in EUR" in said
    assert "'criteria' is left out" in said
    assert "'support'" not in said
    assert "'tariff'" not in said
