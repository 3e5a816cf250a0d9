"""Texts as figures: what one number only can be meant by is read, all else is unreadable."""

from decimal import Decimal

import pytest

from simtel.quotes.sheets.figures import State, han_number, read


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1200", 1200, ""), ("1,200.00", 1200, ""), ("¥1,200.00", 1200, "¥"), ("￥ 1,200", 1200, "¥"),
        ("１２００", 1200, ""), ("１，２００．５０", "1200.5", ""), ("3万", 30000, ""),
        ("1.25 万元", 12500, "CNY"), ("392 000", 392000, ""), ("1'200'000", 1200000, ""),
        ("RMB 18,000", 18000, "CNY"), ("18,000元整", 18000, "CNY"), ("26000元/台", 26000, "CNY"),
        ("US$ 99.90", "99.9", "USD"), ("99 EUR", 99, "EUR"), ("$5", 5, "$"), ("(1,500)", -1500, ""), ("-¥30", -30, "¥"),
        ("¥-30", -30, "¥"), ("0", 0, ""),
        ("叁拾玖万贰仟元整", 392000, "CNY"), ("二十", 20, ""), ("人民币：贰拾伍万圆整", 250000, "CNY"),
    ],
)  # fmt: skip
def test_numbers(text: str, value: object, currency: str) -> None:
    found = read(text)
    assert (found.state, found.value, found.currency) == (State.NUMBER, Decimal(str(value)), currency)


@pytest.mark.parametrize("text", ["", " ", "-", "—", "——", "/", "／", "无", "N/A", "nil"])
def test_nothing(text: str) -> None:
    assert read(text).state is State.BLANK


@pytest.mark.parametrize(
    "text",
    ["自备", "甲供", "客户自备", "甲方提供", "（用户自备）", "Supplied by buyer", "by customer", "self-supplied"],
)
def test_by_the_buyer(text: str) -> None:
    assert read(text).state is State.BY_BUYER


@pytest.mark.parametrize("text", ["含", "已含", "免费", "赠送", "included", "Incl.", "free of charge"])
def test_included(text: str) -> None:
    assert (read(text).state, read(text).value) == (State.INCLUDED, 0)


@pytest.mark.parametrize(
    "text",
    ["24 路", "2台", "1664..", "201*", "20xx", "1.200", "12,00", "1,2345", "约3万", "3-5", "2+1", "待定", "面议", "TBD",
     "??", "1 2", "=2*3", "1e5", "12%3", "(5", "∞", "²", "一二三百万亿亿亿", "9" * 40, "0.12345678", "五百块左右"],
)  # fmt: skip
def test_what_is_not_one_number_is_unreadable(text: str) -> None:
    found = read(text)
    assert (found.state, found.value, found.print) == (State.UNREADABLE, None, text)
    assert found.why


@pytest.mark.parametrize(
    ("text", "share"), [("65%", "0.65"), ("６５％", "0.65"), ("6.5折", "0.65"), ("65折", "0.65"), ("8 折", None)]
)
def test_shares(text: str, share: str | None) -> None:
    found = read(text)
    assert found.value == (None if share is None else Decimal(share))
    assert found.percent == (share is not None)


def test_chinese_numerals_are_read_as_they_are_said() -> None:
    said = {
        "零": 0,
        "十": 10,
        "十二": 12,
        "一百零五": 105,
        "壹仟零壹拾": 1010,
        "两万": 20000,
        "三万五千": 35000,
        "一亿二千万": 120_000_000,
    }
    assert {text: han_number(text) for text in said} == said
    assert [han_number(text) for text in ("三百台", "一二", "百", "元", "万")] == [None] * 5
