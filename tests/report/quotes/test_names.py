"""Figures, units, parts and readings of a comparison are told in the reader's language."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from simtel.profiles.catalogue import read_devices
from simtel.quotes.arithmetic import check
from simtel.quotes.from_quote import options_of
from simtel.quotes.quote import find_quote
from simtel.quotes.readings import reading
from simtel.quotes.trial import Met
from simtel.report.quotes.claims import claims, units
from simtel.report.quotes.compare import MEASURES, render_comparison
from simtel.report.quotes.laid import Column, broken, laid
from simtel.report.quotes.names import figure, figure_name, meaning, numbers, site_figures, whole
from simtel.report.quotes.own import read_as, unit_name
from simtel.report.quotes.priced import priced
from simtel.report.table import printed
from simtel.sizing.design.need import Got, Targets, shortfalls
from simtel.verdict.outcome import Outcome
from tests.report.quotes.compared import made

DEVICES = read_devices()
pytestmark = pytest.mark.timeout(240)  # three options are tried out at once
HAN = re.compile(r"[\u4e00-\u9fff]")


def test_units_are_of_the_readers_language_both_ways() -> None:
    assert [unit_name(unit, "en") for unit in ("台", "块", "路", "部", "set", "rack")] == [
        "set", "board", "channel", "piece", "set", "rack"]  # fmt: skip
    assert [unit_name(unit, "zh") for unit in ("set", "board", "channel", "台", "rack")] == [
        "台", "块", "路", "台", "rack"]  # fmt: skip
    quote = find_quote("option-1", DEVICES)
    rows = priced(quote, check(quote), reading(quote), "one", "en").sheet.rows
    assert {row[3] for row in rows[: len(quote.lines)]} == {"set", "board", "channel", "piece"}


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [
        (3.0, "years", "3 years", "3 年"), (1.0, "years", "1 year", "1 年"), (4.0, "h", "4 h", "4 小时"),
        (7200.0, "s", "2 h", "2 小时"), (0.08, "share", "8 %", "8 %"),
        (0.8, "CNY/kWh", "CNY 0.80/kWh", "每千瓦时 ¥0.80"),
        (5000.0, "CNY/h", "CNY 5,000 an hour", "每小时 ¥5,000"), (150.0, "W", "150 W", "150 W"),
        (166_400.0, "CNY", "CNY 166,400", "¥166,400"), (2000.0, "CNY/month", "CNY 2,000 a month", "每月 ¥2,000"),
    ],
)  # fmt: skip
def test_figures_have_their_unit_in_both_languages(value: float, unit: str, en: str, zh: str) -> None:
    assert (figure(value, unit, "en"), figure(value, unit, "zh")) == (en, zh)


def test_money_has_no_small_coin_where_that_is_nought() -> None:
    assert whole(Decimal("250000.00"), "CNY", "en") == "CNY 250,000"
    assert whole(Decimal("0.8"), "CNY", "zh") == "¥0.80"


def test_every_figure_of_a_comparison_has_a_name_in_words() -> None:
    for name in made().figures:
        english, chinese = (figure_name(made(), name, lang) for lang in ("en", "zh"))
        assert "_" not in english, name
        assert HAN.search(chinese), name
    beside = figure_name(made(), f"option-2: offer ({made().options[1].readings[0].reading.name})", "en")
    assert beside == "option-2: offer (option-2, reading 1)"
    assert figure_name(made(), "adapter-24 repair_time (today: first)", "zh").endswith("（today，读法 1）")


def test_readings_say_what_they_mean() -> None:
    (option,) = options_of([find_quote("option-1", DEVICES)], DEVICES)
    words = {one.name: meaning(one, "en") for one in option.readings}
    assert len(words["first"]) == 3
    assert words["e1=both-on-active"] == ["both E1s on the active one: when it dies, somebody must move the cables"]
    assert HAN.search(" ".join(meaning(option.readings[1], "zh")))
    quote = find_quote("option-1", DEVICES)
    assert read_as(reading(quote), "en") == "the first of each choice"
    assert "the platforms are gateways only" in read_as(reading(quote, ["gateways"]), "en")
    one = replace(made().options[0], lacking=option.readings[1:2])
    assert list(numbers(one).values()) == [1, 2]


def test_the_call_server_alone_keeps_calls_and_a_platform_with_its_e1_does_not() -> None:
    cut = {"failover.platform-crash": 0.5, "failover.gateway-crash": 0.5}
    first = made().options[0].readings[0]
    met = tuple(Met(name, Outcome.FAIL, True, (), part, "") for name, part in cut.items())
    tried = replace(first, sizes=(replace(first.sizes[0], met=met),))
    shown = replace(made(), options=(replace(made().options[0], readings=(tried,)), *made().options[1:]))
    assert [str(one) for one in units(shown)][1:] == ["a platform, call server and E1 in one box",
                                                      "a gateway in a box of its own"]  # fmt: skip
    option, _, now = claims(shown, "en")
    assert option.cells == ("100 %\nholds", "50 %\nfails", "none there")  # the gateway is in the platform
    assert now.cells[0] == "0 %\nfails"  # there is one server
    (chinese, *_) = claims(shown, "zh")
    assert chinese.cells[:2] == ("100 %\n成立", "50 %\n不成立")
    unjudged = replace(tried, alone=Met("failover.active-server-crash", Outcome.INCONCLUSIVE, True, (), None, ""))
    shown = replace(made(), options=(replace(made().options[0], readings=(unjudged,)),))
    assert next(claims(shown, "en")).cells[0] == "not shown"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [80, 100, 140])
def test_no_line_is_too_long_and_no_figure_breaks(lang: str, width: int) -> None:
    from rich.cells import cell_len  # noqa: PLC0415

    text = render_comparison(made(), lang, width=width)
    rows = [line for line in text.split("\n") if line.startswith(("┃", "│", "┏", "└"))]
    assert rows
    assert max(map(cell_len, rows)) <= width
    assert all(line[-1] in "┃│┓┘" for line in rows)  # nothing is cut off at the right
    for money in ("CNY 250,000", "CNY 166,400*") if lang == "en" else ("¥250,000", "¥166,400*"):
        assert f" {money} " in text


def test_a_head_is_broken_between_words_and_a_figure_never() -> None:
    assert broken("calls cut off a year*", 6) == "calls\ncut\noff a\nyear*"
    assert broken("每年中断的通话*", 6) == "每年中\n断的通\n话*"
    table = laid("t", [Column("words", figures=False), Column("money")], [("one two three four five", "CNY 1,000,000")])
    lines = printed([table], width=30).split("\n")
    assert sum("CNY 1,000,000" in line for line in lines) == 1


def test_each_target_that_may_be_missed_first_has_its_word() -> None:
    worst = Got(1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0)
    names = [name for name, _ in shortfalls(Targets(0.8, 20.0, 0.01, 0.05, 0.9), worst)]
    assert len(names) == 4
    assert set(names) <= set(MEASURES)


def test_figures_of_a_site_are_told_in_words_and_alike_ones_together() -> None:
    paths = ("servers.boot_time", "boards.boot_time", "phones.unplugged", "licences.agent", "new.thing")
    english = site_figures(paths, "en")
    assert english[0] == "from power-on to service (seat adapters, servers)"
    assert len(english) == 4  # the two that mean the same are one
    assert not [one for one in english if "_" in one or ";" in one]
    assert "thing (new)" in english
    assert all(re.search("[\u4e00-\u9fff]", one) for one in site_figures(paths[:3], "zh"))
