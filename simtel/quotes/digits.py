"""Columns whose numbers were printed without a gap, and every way to cut them that adds up.

A run holds the quantities, unit prices and amounts of some rows, each column as one string. A row is a line, with or
without a price, or a heading, which prints an amount of 0 and nothing else. What is not ordered has a price, no
quantity and the amount 0. A cut agrees if in each row quantity x price is the amount, and all amounts add up to their
total; and if it would have been printed as it was: a publisher who masks every 20xx leaves none unmasked, also none
that arises where two numbers meet. Of a masked price that nothing is multiplied with, the masked digits stay open (x).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, product
from typing import NamedTuple

from simtel.quotes.printed import cells_of

LONGEST = 9  # digits of a number
MOST = 1000  # cuts that are looked for
TRIED = 20_000  # numbers that are tried before it is given up
OPEN = 4  # masked digits of two numbers that are multiplied


class Row(NamedTuple):
    """What a row prints beside its amount."""

    priced: bool = True
    counted: bool = True


class Cut(NamedTuple):
    """The numbers of one row. `price` may hold x for digits that are masked; empty where there is none."""

    quantity: int | None
    price: str
    amount: int


class Run(NamedTuple):
    """Three columns as they are printed."""

    quantities: str
    prices: str
    amounts: str


def cuts(run: Run, rows: Sequence[Row], total: int, masks: Mapping[str, str]) -> list[tuple[Cut, ...]] | None:
    """Every way to cut a run that agrees, at most MOST of them; None where there are too many to try.

    None agrees where a column holds something else than digits.
    """
    columns = [cells_of(column, masks) if column else [] for column in run]
    if any(column is None for column in columns):
        return []
    cells = tuple("".join(column or []) for column in columns)
    found: list[tuple[Cut, ...]] = []
    try:
        for one in _rows(cells, rows, total, count()):
            if printed(one, masks) == run:
                found.append(one)
                if len(found) == MOST:
                    break
    except _TooManyError:
        return None
    return found


class _TooManyError(Exception):
    """More was tried than is worth it."""


def printed(rows: Sequence[Cut], masks: Mapping[str, str]) -> Run:
    """The columns as they would be printed."""
    return Run(
        _masked("".join("" if row.quantity is None else str(row.quantity) for row in rows), masks),
        _masked("".join(row.price.replace("x", "0") for row in rows), masks),
        _masked("".join(str(row.amount) for row in rows), masks),
    )


def _masked(digits: str, masks: Mapping[str, str]) -> str:
    for mask, cells in masks.items():
        digits = re.sub(cells.replace("x", r"\d"), lambda _, text=mask: text, digits)  # type: ignore[misc]
    return digits


def _rows(cells: tuple[str, ...], rows: Sequence[Row], total: int, tried: Iterator[int]) -> Iterator[tuple[Cut, ...]]:
    """Cuts of what is left of the three columns into the rows that are left."""
    if not rows:
        if total == 0 and not any(cells):
            yield ()
        return
    _, prices, amounts = cells
    if len(prices) < sum(row.priced for row in rows) or len(amounts) < len(rows):
        return
    for cut, used in _row(cells, rows[0], total, tried):
        rest = tuple(column[length:] for column, length in zip(cells, used, strict=True))
        for more in _rows(rest, rows[1:], total - cut.amount, tried):
            yield (cut, *more)


def _row(
    cells: tuple[str, ...], row: Row, most: int, tried: Iterator[int]
) -> Iterator[tuple[Cut, tuple[int, int, int]]]:
    """The numbers that one row can begin with, at most so much in all, and how much of each column they take."""
    quantities, prices, amounts = cells
    for price in _numbers(prices) if row.priced else ("",):
        if amounts[:1] in ("0", "x"):
            yield Cut(None, price, 0), (0, len(price), 1)
        if not (row.counted and price):
            continue
        for quantity in _numbers(quantities):
            if (quantity + price).count("x") > OPEN or _least(quantity) * _least(price) > most:
                break
            for pieces, each in product(_filled(quantity), _filled(price)):
                if next(tried) > TRIED:
                    raise _TooManyError
                amount = str(pieces * each)
                if pieces and pieces * each <= most and _begins(amounts, amount):
                    yield Cut(pieces, str(each), int(amount)), (len(quantity), len(price), len(amount))


def _numbers(cells: str) -> Iterator[str]:
    """Beginnings that can be a number of its own: it does not begin with 0."""
    if cells[:1] != "0":
        yield from (cells[:length] for length in range(1, min(len(cells), LONGEST) + 1))


def _least(cells: str) -> int:
    return int(cells.replace("x", "0"))


def _filled(cells: str) -> Iterator[int]:
    """The numbers that a pattern can stand for."""
    digits = ("0123456789" if cell == "x" else cell for cell in cells)
    yield from (int("".join(one)) for one in product(*digits) if one[0] != "0")


def _begins(cells: str, digits: str) -> bool:
    """Whether a column can begin with a number."""
    return len(cells) >= len(digits) and all(
        cell in ("x", digit) for cell, digit in zip(cells, digits, strict=False)
    )  # fmt: skip
