"""A sheet as it stands: cells by row and column, what is merged, what is hidden; whatever kind of file it came from.

Rows and columns count from 1. An address is written as spreadsheets write it (C7); where a file has several sheets, the
name of the sheet stands before it (Offer!C7).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

LONGEST = 300  # characters of a cell that are kept; a name or a term is shorter
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that holds something."""

    row: int
    column: int
    text: str  # as it stands, on one line; a number as spreadsheets show it, to 15 digits
    number: Decimal | None = None  # where the cell holds a number and no text
    day: date | None = None  # where the cell holds a date
    format: str = ""  # how the number is shown
    computed: bool = False  # by a formula: what is here is what was stored when the file was saved
    elsewhere: bool = False  # by a formula that looks into another file
    lost: bool = False  # a formula without a stored result, or one that failed

    @property
    def address(self) -> str:
        """Such as C7."""
        return f"{letters(self.column)}{self.row}"


@dataclass(frozen=True, slots=True, order=True)
class Area:
    """Cells merged into one."""

    top: int
    left: int
    bottom: int
    right: int

    def __contains__(self, place: tuple[int, int]) -> bool:
        return self.top <= place[0] <= self.bottom and self.left <= place[1] <= self.right

    def __str__(self) -> str:
        return f"{letters(self.left)}{self.top}:{letters(self.right)}{self.bottom}"


@dataclass(frozen=True)
class Sheet:
    """One sheet. `name` is empty where the file has but one and no name for it."""

    name: str
    rows: dict[int, dict[int, Cell]]  # only what holds something
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    _by_row: dict[int, list[Area]] = field(default_factory=dict, repr=False)

    @cached_property
    def numbers(self) -> list[int]:
        """Rows that hold something, from the top."""
        return sorted(self.rows)

    def place(self, row: int, column: int) -> str:
        """The address of a cell of this sheet."""
        return (f"{self.name}!" if self.name else "") + f"{letters(column)}{row}"

    def area(self, row: int, column: int) -> Area | None:
        """What this cell is merged into."""
        if not self._by_row and self.merged:
            kept = set(self.rows)
            for one in self.merged:
                for each in kept.intersection(range(one.top, one.bottom + 1)):
                    self._by_row.setdefault(each, []).append(one)
        return next((one for one in self._by_row.get(row, ()) if (row, column) in one), None)

    def cell(self, row: int, column: int) -> Cell | None:
        """What stands at this place; of merged cells, what stands in their first."""
        here = self.rows.get(row, {}).get(column)
        if here is None and (area := self.area(row, column)) is not None:
            return self.rows.get(area.top, {}).get(area.left)
        return here

    def cells(self, row: int) -> Iterator[Cell]:
        """What stands in a row, from the left."""
        found = self.rows.get(row, {})
        yield from (found[column] for column in sorted(found))


def overlapping(areas: list[Area]) -> tuple[Area, Area] | None:
    """Two merged ranges that hold the same cell, or None."""
    for row in sorted({area.top for area in areas}):  # where two overlap, the lower of their tops is in both
        here = sorted((area for area in areas if area.top <= row <= area.bottom), key=lambda area: area.left)
        for one, after in pairwise(here):
            if after.left <= one.right:
                return one, after
    return None


def letters(column: int) -> str:
    """A, B ... Z, AA ..."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_of(text: str) -> int:
    """The number of the column that these letters name; 0 where they name none."""
    if not re.fullmatch(r"[A-Za-z]{1,3}", text):
        return 0
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number


def place_of(text: str) -> tuple[int, int]:
    """Row and column of an address; (0, 0) where it is none."""
    found = _PLACE.fullmatch(text)
    return (int(found[2]), column_of(found[1])) if found else (0, 0)


def clean(text: str) -> str:
    """Text on one line, without what cannot be printed, cut where it is too long to be a name or a term."""
    seen = "".join(letter if letter.isprintable() else " " for letter in text[: 20 * LONGEST])
    seen = _SPACE.sub(" ", seen).strip()
    return seen if len(seen) <= LONGEST else seen[: LONGEST - 3] + "..."


def plain(text: str) -> str:
    """Text for comparing: no full-width letters, no capitals, no spaces."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text).casefold())


def shown(number: Decimal) -> str:
    """A number without exponent or superfluous zeros."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
