"""The page for who decides, and the workbook of a comparison: what they say is what was compared."""

import re
from dataclasses import replace
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from simtel.core import data
from simtel.quotes.costs import total
from simtel.report.quotes.reckoned import costs_sheet, ranking_sheet
from simtel.report.quotes.sheets import Figure
from simtel.report.quotes.summary import SURE, UNSURE, compared_sheets, summary_page
from simtel.report.quotes.tornado import lead_tornado, leaders
from simtel.scenario.collect import collect
from tests.report.quotes.compared import made, offers

LIBRARY = collect([data.scenarios()])
pytestmark = pytest.mark.timeout(240)  # three options are tried out at once


def text_of(page: str) -> str:
    bare = re.sub(r"<style>.*?</style>|<svg.*?</svg>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<wbr>", "", bare)).replace("<br>", " "))


def value(cell: Any) -> float:
    assert isinstance(cell, Figure)
    return float(cell.value)


def test_costs_of_a_sheet_are_those_of_the_comparison() -> None:
    sheet = costs_sheet(made(), "costs", "en")
    for one in made().options:
        rows = [row for row in sheet.rows if row[0] == one.option.id]
        *items, together = rows
        assert [value(row[-1]) for row in items] == pytest.approx([cost.total for cost in one.readings[0].costs])
        assert value(together[-1]) == pytest.approx(total(one.readings[0].costs))
        assert value(together[2]) == pytest.approx(sum(cost.start for cost in one.readings[0].costs))
        assert all(cell.assumed for row in items[1:] for cell in row[2:-1] if isinstance(cell, Figure))
    assert len(sheet.heads) == made().years + 4


def test_the_ranking_of_a_sheet_is_that_of_the_comparison() -> None:
    sheet = ranking_sheet(made(), "ranking", "en")
    weights, *rows = sheet.rows
    assert sum(value(cell) for cell in weights[4:]) == sum(scale.weight for scale in made().buyer.scales.values())
    for row, place in zip(rows, sorted(made().places, key=lambda one: one.option), strict=True):
        assert (value(row[2]), value(row[3])) == (place.place, place.score)
        mean = sum(value(w) * value(v) for w, v in zip(weights[4:], row[4:], strict=True))
        assert mean / sum(value(w) for w in weights[4:]) == pytest.approx(place.score)


def test_the_page_says_what_was_compared_in_both_languages() -> None:
    english, chinese = (text_of(summary_page(made(), offers(), LIBRARY, lang)) for lang in ("en", "zh"))
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
        "1 prices", "2 option-1", "3 option-2", "4 today", "5 costs", "6 ranking", "7 technical", "8 commercial",
        "9 acceptance",
    ]  # fmt: skip
    assert {cell.value for one in sheets for row in one.rows for cell in row if isinstance(cell, Figure)} >= {
        Decimal(392_000), Decimal(250_000), Decimal(256_000), Decimal(166_400)}  # fmt: skip
