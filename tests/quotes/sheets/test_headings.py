"""Headings in several rows: what is a column of one option, and what is an option of its own."""

from pathlib import Path
from typing import Any

import pytest

from simtel.quotes.sheets.headings import find_headings
from simtel.quotes.sheets.importing import Asked
from simtel.quotes.sheets.opening import read_sheets
from tests.quotes.sheets.books import book
from tests.quotes.sheets.test_importing import drawn, figures

TWO_ROWS = [
    ["序号", "名称", "数量", None, "价格（元）", None, "备注"], [None, None, "单位", "数量", "单价", "金额", None],
    [1, "平台", "台", 2, 45, 90], [2, "板卡", "块", 2, 18, 36], ["合计", None, None, None, None, 126],
]  # fmt: skip
ACROSS = ["A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:G2"]
ENGLISH = [
    ["No.", "Description", "Quantity", None, "Price (CNY)", None], [None, None, "Unit", "Qty", "Unit price", "Total"],
    *TWO_ROWS[2:],
]  # fmt: skip


@pytest.mark.parametrize(("rows", "merged"), [(TWO_ROWS, ACROSS), (ENGLISH, ACROSS[:4]), (TWO_ROWS, [])])
def test_different_headings_under_one_are_columns_of_one_option(tmp_path: Path, rows: Any, merged: list[str]) -> None:
    draft = drawn(tmp_path, rows, merged=merged)
    assert figures(draft) == [(2, 45, 90), (2, 18, 36)]
    assert [line.unit for line in draft.lines] == ["台", "块"]
    assert (draft.totals["list"].value, draft.findings) == (126, [])


def test_the_same_headings_under_different_ones_are_options(tmp_path: Path) -> None:
    rows = [["名称", "单位", "一期", None, None, "二期", None, None],
            [None, None, "数量", "单价", "金额", "数量", "单价", "金额"],
            ["平台", "台", 1, 45, 45, 3, 40, 120]]  # fmt: skip
    found = find_headings(read_sheets(book(tmp_path / "offer.xlsx", rows, ["A1:A2", "B1:B2", "C1:E1", "F1:H1"]))[0])
    assert found is not None
    assert [(one.name, one.span) for one in found.options] == [("一期", "C:E"), ("二期", "F:H")]
    second = drawn(tmp_path, rows, Asked(option="二期", currency="CNY"), ["C1:E1", "F1:H1"])
    assert figures(second) == [(3, 40, 120)]


def test_a_heading_across_columns_of_which_one_is_filled_is_one_column(tmp_path: Path) -> None:
    rows = [["名称", None, "单位", "数量", None, "金额", None], ["平台", None, "台", 2, None, None, 90],
            ["合计", None, None, None, None, None, 90]]  # fmt: skip
    draft = drawn(tmp_path, rows, merged=["A1:B1", "D1:E1", "F1:G1", "A2:B2", "D2:E2"])
    assert figures(draft) == [(2, None, 90)]
    assert (draft.lines[0].name, draft.totals["list"].value) == ("平台", 90)


@pytest.mark.parametrize("less", ["优惠价", "优惠后价格", "Discounted"])
def test_what_stands_under_a_discount_is_what_is_left_and_no_option(tmp_path: Path, less: str) -> None:
    rows = [["名称", "单位", "数量", "原价", None, less, None], [None, None, None, "单价", "金额", "单价", "金额"],
            ["平台", "台", 2, 45, 90, 40, 80], ["合计", None, None, None, 90, None, 80]]  # fmt: skip
    draft = drawn(tmp_path, rows, merged=["A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1"])
    assert figures(draft) == [(2, 45, 90)]
    assert {key: one.value for key, one in draft.totals.items()} == {"list": 90, "offer": 80}
