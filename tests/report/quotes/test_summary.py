"""The page for who decides, and the workbook of a comparison: what they say is what was compared."""

import re
from dataclasses import replace
from decimal import Decimal
from html import unescape
from math import inf
from typing import Any

import pytest

from simtel.core import data
from simtel.quotes.costs import LOSSES, total
from simtel.report.quotes.advice import SURE, UNSURE, advice
from simtel.report.quotes.beyond import CRITERIA
from simtel.report.quotes.page import of_sheets
from simtel.report.quotes.sheets import Figure, Form, Sheet
from simtel.report.quotes.summary import compared_sheets, summary_page
from simtel.report.quotes.tornado import lead_tornado, leaders
from simtel.scenario.collect import collect
from tests.report.quotes.compared import made, offers

LIBRARY = collect([data.scenarios()])
pytestmark = pytest.mark.timeout(240)  # three options are tried out at once


def side_of(page: str, lang: str) -> str:
    """What of a page is in one language."""
    return next(side for side in re.split(r'(?=<div lang=")', page) if side.startswith(f'<div lang="{lang}">'))


def text_of(page: str, lang: str = "en") -> str:
    page = side_of(page, lang)
    bare = re.sub(r"<style>.*?</style>|<svg.*?</svg>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<wbr>", "", bare)).replace("<br>", " "))


def value(cell: Any) -> float:
    assert isinstance(cell, Figure)
    return float(cell.value)


def sheet_of(name: str) -> Sheet:
    return next(one for one in compared_sheets(made(), offers(), LIBRARY, "en") if one.name.endswith(f" {name}"))


def test_costs_of_a_sheet_are_those_of_the_comparison() -> None:
    sheet = sheet_of("costs")
    for one in made().options:
        rows = [row for row in sheet.rows if row[0] == one.option.id]
        *items, together = rows
        assert [value(row[-1]) for row in items] == pytest.approx([cost.total for cost in one.readings[0].costs])
        assert value(together[-1]) == pytest.approx(total(one.readings[0].costs))
        assert value(together[2]) == pytest.approx(sum(cost.start for cost in one.readings[0].costs))
        assert all(cell.assumed for row in items[1:] for cell in row[2:-1] if isinstance(cell, Figure))
    assert len(sheet.heads) == made().years + 4


def test_the_ranking_of_a_sheet_is_that_of_the_comparison() -> None:
    weights, worst, best, *rows = sheet_of("ranking").rows
    count = len(made().options)
    for figures, one in zip(rows[:count], made().options, strict=True):
        assert [value(cell) for cell in figures[4:]] == [one.readings[0].figures[each] for each in made().buyer.scales]
    for ends, end in ((worst, "worst"), (best, "best")):
        assert [value(cell) for cell in ends[4:]] == [getattr(one, end) for one in made().buyer.scales.values()]
    rows = rows[count:]
    assert sum(value(cell) for cell in weights[4:]) == sum(scale.weight for scale in made().buyer.scales.values())
    for row, place in zip(rows, sorted(made().places, key=lambda one: one.option), strict=True):
        assert (value(row[2]), value(row[3])) == (place.place, place.score)
        mean = sum(value(w) * value(v) for w, v in zip(weights[4:], row[4:], strict=True))
        assert mean / sum(value(w) for w in weights[4:]) == pytest.approx(place.score)


def test_costs_and_ranking_of_a_workbook_follow_from_rates_and_prices() -> None:
    _, prices, _, _, rates, costs, ranking, *_ = compared_sheets(made(), offers(), LIBRARY, "en")

    def formula(row: int, col: int) -> str:
        cell = ranking.rows[row][col]
        assert isinstance(cell, Figure)
        return cell.formula

    def of(key: str) -> str:
        return f"'5 rates'!{rates.places[key][0]}"

    assert rates.places["0 price"][1].formula == f"='2 option-1'!{prices.places['offer'][0]}"
    assert rates.places["0 listed"][1].formula == f"='2 option-1'!{prices.places['list'][0]}"
    support = next(row for row in costs.rows if str(row[1]).startswith("support"))
    third = support[5]
    assert isinstance(third, Figure)
    assert third.formula == (f"={of('support')}*({of('0 owned')}+({of('0 listed')}+{of('0 needed')})"
                             f"*MIN(1,MAX(0,3-{of('0 warranty')})))")  # fmt: skip
    assert costs.rows[1][2] == Figure(Decimal(repr(made().options[0].readings[0].used.price)), Form.MONEY,
                                      f"={of('0 price')}")  # fmt: skip
    cost, outage = (formula(3, col) for col in (4, 5))
    items = [item for item in (one.id for one in made().options[0].readings[0].costs) if item not in LOSSES]
    assert cost == "=" + "+".join(f"'6 costs'!{costs.places[f'0 {item}'][0]}" for item in items)
    assert outage == f"={of('0 outage')}*60"
    assert formula(3 + len(made().options), 4) == "=IF(ISNUMBER(E7),MAX(0,MIN(1,(E7-$E$5)/($E$6-$E$5))),0)"


def test_growth_that_cannot_be_is_told_in_the_ranking_and_no_figure() -> None:
    first, *others = made().options
    one = first.readings[0]
    short = replace(one, figures={**one.figures, "growth": inf}, unreached=(100,))
    changed = replace(made(), options=(replace(first, readings=(short,)), *others))
    ranking = next(sheet for sheet in compared_sheets(changed, offers(), LIBRARY, "en") if sheet.name == "7 ranking")
    column = 4 + list(made().buyer.scales).index("growth")
    assert ranking.rows[3][column] == "cannot have 100 seats"
    assert isinstance(ranking.rows[4][column], Figure)


def test_the_page_says_what_was_compared_in_both_languages() -> None:
    page = summary_page(made(), offers(), LIBRARY, "en")
    english, chinese = (text_of(page, lang) for lang in ("en", "zh"))
    first = next(place for place in made().places if place.place == 1)
    assert f"{made().options[first.option].option.id} is first under the weights" in english
    for told in ("(estimate)", "CNY 250,000<", "CNY 166,400*<", "CNY 392,000.00", "CNY 12,500<", "Acceptance test",
                 "Technical deviations", "best in draws"):  # fmt: skip
        assert told in english, told
    for told in ("（估计）", "25 万元<", "16.64 万元*<", "¥392,000.00", "验收测试", "技术偏离表", "买方自备"):
        assert told in chinese, told
    for chance in made().chances:
        assert f"{100 * chance.share:.0f} % [{100 * chance.low:.0f}, {100 * chance.high:.0f}]" in english


def test_a_lead_that_what_is_assumed_may_turn_is_said_to_be_one() -> None:
    first = next(place.option for place in made().places if place.place == 1)

    def verdict(low: float) -> str:
        chances = [replace(one, low=low) if one.option == first else one for one in made().chances]
        return text_of(summary_page(replace(made(), chances=tuple(chances)), offers(), LIBRARY, "en"))

    assert "what is assumed may turn it" in verdict(0.94)
    assert "what is assumed may turn it" not in verdict(0.95)
    assert SURE != UNSURE


def test_one_page_has_both_languages_and_shows_the_one_that_is_asked_for() -> None:
    english, chinese = (summary_page(made(), offers(), LIBRARY, lang) for lang in ("en", "zh"))
    assert [side_of(english, lang) for lang in ("en", "zh")] == [side_of(chinese, lang) for lang in ("en", "zh")]
    assert re.findall(r'id="lang-(..)" class="switch" checked', english + chinese) == ["en", "zh"]
    assert 'label for="lang-zh"' in english
    bare = re.sub(r'<svg.*?</svg>|<span lang="zh">.*?</span>', "", side_of(english, "en"), flags=re.DOTALL)
    assert re.findall("[\u4e00-\u9fff]+", bare) == []
    sides, _, _ = re.sub("<svg[^>]*>", "", side_of(english, "zh")).partition('<section class="annex">')
    assert not re.findall(r"\b(?:role|e1|channels|owned|offer)=|\bfirst<", sides)


def test_the_first_lines_say_why_what_holds_what_turns_it_and_what_to_ask() -> None:
    found = dict(advice(made(), offers(), "en"))
    order = sorted(made().places, key=lambda one: one.place)
    first, second = (made().options[place.option].option.id for place in order[:2])
    assert f"{first} leads {second} by {order[0].score - order[1].score:.3f} of 1." in found["Why"]
    gains = {name: scale.weight * (order[0].values[name] - order[1].values[name])
             for name, scale in made().buyer.scales.items()}  # fmt: skip
    best, worst = max(gains, key=lambda name: gains[name]), min(gains, key=lambda name: gains[name])
    assert f"For it: {CRITERIA[best]} (+" in found["Why"]
    assert (f"Against it: {CRITERIA[worst]} (-" in found["Why"]) is (gains[worst] < 0)
    down = replace(order[0], values={**order[0].values, "outage": 0.0})
    behind = advice(replace(made(), places=(down, *order[1:])), offers(), "en")[0][1]
    assert f"{CRITERIA['outage']} (-" in behind.partition("Against it")[2]
    assert "it is the active call server alone that fails, every call goes on with option-1, option-2 alone." in found[
        "What the proposal's claim comes to"]  # fmt: skip
    assert found["What to ask first"].endswith("CNY 250,000 hang on it.")
    assert all(re.search("[\u4e00-\u9fff]", text) for pair in advice(made(), offers(), "zh") for text in pair)
    still = replace(made(), bars=tuple(replace(bar, below=None, above=None) for bar in made().bars))
    assert dict(advice(still, offers(), "en"))["What would turn it first"].startswith("no figure turns it")
    assert advice(replace(made(), places=made().places[:1]), offers(), "en")[0][0] != "Why"


def test_tables_of_the_annex_are_short_and_say_all_that_sheets_say() -> None:
    rows = (("R1", "a step that is long enough to be told only once", "x", "this source\nthat one"),
            ("R2", "a step that is long enough to be told only once", "y", "that one"), ("R2", "short", "z", ""),
            ("R2", "short", "z", ""))  # fmt: skip
    sheet = Sheet("1 one", "One", ("a", "b", "c", "d"), (10, 20, 10, 60), rows, "CNY", ("note",), shared=frozenset({3}))
    (page,) = of_sheets([sheet, replace(sheet, name="2 two", title="Two")], "en")
    assert page.title == "One, Two"
    assert page.spans == [2, 0, 1, 1]  # a short text is said again
    assert [row[3] for row in page.rows] == ["[1], [2]", "[2]", "", ""]
    assert page.notes == ("[1] this source", "[2] that one", "note")
    often = replace(sheet, rows=(("R1", "a", "b", "so long a line " * 6),) * 4, shared=frozenset())
    assert of_sheets([often], "en")[0].notes == (f"[1] {'so long a line ' * 6}", "note")
    assert of_sheets([replace(often, rows=often.rows[:3])], "en")[0].notes == ("note",)
    assert len(of_sheets([sheet, replace(sheet, rows=rows[:2])], "en")) == 2


def test_names_of_a_quote_are_escaped_and_long_words_may_be_broken() -> None:
    evil = {"en": "<script>alert(1)</script>" + "x" * 60}
    option = replace(made().options[0].option, title=evil)
    options = (replace(made().options[0], option=option), *made().options[1:])
    page = summary_page(replace(made(), options=options), offers(), LIBRARY, "en")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert re.search(r"x{25}", page) is None


def test_the_tornado_shows_what_moves_the_lead_most() -> None:
    drawn, pair = lead_tornado(made()), leaders(made())
    assert drawn is not None
    assert pair is not None
    order = sorted(made().places, key=lambda one: one.place)
    assert pair == (order[0].option, order[1].option)
    assert sum(bit.kind in {"end-low", "end-high"} for bit in drawn.bits) > 2
    alone = replace(made(), places=made().places[:1])
    assert lead_tornado(alone) is None


def test_sheets_stand_in_order_and_no_two_share_a_name() -> None:
    sheets = compared_sheets(made(), offers(), LIBRARY, "en")
    assert [one.name for one in sheets] == [
        "1 prices", "2 option-1", "3 option-2", "4 today", "5 rates", "6 costs", "7 ranking", "8 technical",
        "9 commercial", "10 acceptance option-1", "11 acceptance option-2",
    ]  # fmt: skip
    assert {cell.value for one in sheets for row in one.rows for cell in row if isinstance(cell, Figure)} >= {
        Decimal(392_000), Decimal(250_000), Decimal(256_000), Decimal(166_400)}  # fmt: skip
