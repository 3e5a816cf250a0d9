"""Numbers that are printed without a gap: all ways to cut them that add up, of which the real prints have one."""

import pytest

from simtel.profiles.catalogue import read_devices
from simtel.quotes.digits import MOST, Row, Run, cuts, printed
from simtel.quotes.quote import HEADING, find_quote

MASKS = {"201*": "20xx"}
ITEM, HEAD = Row(), Row(priced=False, counted=False)


@pytest.mark.parametrize(
    ("name", "total", "quantities"), [("option-1", 372_000, [2, 2, 1, 60, 20]), ("option-2", 236_000, [2, 2, 30, 10])]
)
def test_the_real_prints_can_be_cut_in_one_way_only(name: str, total: int, quantities: list[int]) -> None:
    quote = find_quote(name, read_devices())
    (run,) = quote.runs
    rows = [HEAD if row == HEADING else Row(quote.lines[row - 1].price is not None) for row in run.rows]
    found = cuts(run.run, rows, total, MASKS)
    assert found is not None
    (one,) = found
    assert [row.quantity for row in one if row.quantity is not None] == quantities
    assert [row.price for row in one if row.price] == [
        "20xx0", "45000", "6000", "18000", "26000", "3000", "2000", "600",
    ]  # fmt: skip
    assert printed(one, MASKS) == run.run
    lines = [(line.quantity.value if line.quantity else None, line.amount.value if line.amount else 0)
             for line in quote.lines[:9]]  # fmt: skip
    assert [(row.quantity, row.amount) for row, of in zip(one, run.rows, strict=True) if of != HEADING] == lines


def test_the_rows_follow_from_the_headings() -> None:
    """Were 180,000 the agents and 40,000 the outbound module, a heading's 0 would stand between them."""
    quote = find_quote("option-1", read_devices())
    rows = [ITEM, ITEM, Row(priced=False), ITEM, ITEM, HEAD, ITEM, HEAD, HEAD, ITEM, HEAD, ITEM, ITEM]
    assert cuts(quote.runs[0].run, rows, 372_000, MASKS) == []


def test_all_cuts_that_agree_are_listed() -> None:
    assert cuts(Run("112", "1111", "11132"), [ITEM, ITEM], 143, {}) == [((1, "11", 11), (12, "11", 132))]
    assert cuts(Run("11", "1111", "1111"), [ITEM, ITEM], 22, {}) == [((1, "11", 11), (1, "11", 11))]
    assert cuts(Run("11", "1111", "1111"), [ITEM, ITEM], 112, {}) == [
        ((1, "1", 1), (1, "111", 111)), ((1, "111", 111), (1, "1", 1)),
    ]  # fmt: skip


def test_what_would_have_been_masked_agrees_with_no_print_that_shows_it() -> None:
    assert cuts(Run("1", "2050", "2050"), [ITEM], 2050, MASKS) == []
    assert cuts(Run("1", "201*", "201*"), [ITEM], 2050, MASKS) == [((1, "2050", 2050),)]


def test_hostile_runs_end() -> None:
    assert cuts(Run("1" * 40, "1" * 80, "1" * 120), [ITEM] * 40, 10**9, {}) is None
    assert cuts(Run("1a", "1", "1"), [ITEM], 1, {}) == []
    many = cuts(Run("", "1" * 30, "0" * 15), [ITEM] * 15, 0, {})
    assert many is not None
    assert len(many) == MOST
