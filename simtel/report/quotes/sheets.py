"""Tables about quotes as plain data: each becomes a sheet of a workbook and a table of a page, with the same words.

A cell is a text, or a figure. A figure may have a formula; its value is reckoned here, from the data, and not by that
formula, so that a spreadsheet that works it out anew must come to the same. Row and column are those of the workbook:
the title stands in row 1, the heads in row 3, the rows from `FIRST` on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from simtel.report.quotes.money import exact

HEADS, FIRST = 3, 4
ASSUMED = "*"


class Form(StrEnum):
    """How a figure is written."""

    MONEY = "money"
    COUNT = "count"
    SHARE = "share"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a table. `formula` without one: it is put in by hand. `assumed`: nobody stated it."""

    value: Decimal
    form: Form
    formula: str = ""
    assumed: bool = False


Cell = str | Figure


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `widths` in letters, one a column; `bold`: rows that sum up, from 0; `notes` stand below;
    `shared`: columns whose texts many rows share, that a page has as notes; `places`: cells that formulas of other
    sheets name, by what they are, with their figures."""

    name: str
    title: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    currency: str
    notes: tuple[str, ...] = ()
    bold: frozenset[int] = frozenset()
    shared: frozenset[int] = frozenset()
    places: Mapping[str, tuple[str, Figure]] = field(default_factory=dict)


def column(number: int) -> str:
    """Letters of a column, from 0: A ... Z, AA ..."""
    before, last = divmod(number, 26)
    return (column(before - 1) if before else "") + chr(ord("A") + last)


def at(col: int, row: int) -> str:
    """A cell by its column and its row of the table, both from 0: H12."""
    return f"{column(col)}{row + FIRST}"


def ref(sheet: Sheet, key: str) -> str:
    """A place of a sheet, as formulas of any sheet name it."""
    return f"'{sheet.name}'!{sheet.places[key][0]}"


def money(amount: Decimal | float, formula: str = "", *, assumed: bool = False) -> Figure:
    """An amount of money."""
    return Figure(amount if isinstance(amount, Decimal) else Decimal(repr(amount)), Form.MONEY, formula, assumed)


def count(number: Decimal | float, formula: str = "", *, assumed: bool = False) -> Figure:
    """So many of something."""
    return Figure(Decimal(str(number)), Form.COUNT, formula, assumed)


def share(part: Decimal | float, formula: str = "", *, assumed: bool = False) -> Figure:
    """A share of 1, told in percent."""
    return Figure(Decimal(str(part)), Form.SHARE, formula, assumed)


def shown(cell: Cell, currency: str, lang: str) -> str:
    """A cell as a page has it; what is assumed has a star."""
    if isinstance(cell, str):
        return cell
    star = ASSUMED if cell.assumed else ""
    if cell.form is Form.MONEY:
        return exact(cell.value, currency, lang) + star
    if cell.form is Form.SHARE:
        return f"{100 * cell.value:.1f} %{star}"
    if cell.form is Form.SCORE:
        return f"{cell.value:.3f}{star}"
    return f"{cell.value:,f}".rstrip("0").rstrip(".") + star if "." in f"{cell.value:f}" else f"{cell.value:,f}{star}"


def row_of(*cells: Cell, width: int) -> tuple[Cell, ...]:
    """Cells filled up with empty ones."""
    return (*cells, *[""] * (width - len(cells)))


def names_of(names: Sequence[str]) -> list[str]:
    """A name of a sheet for each text: of at most 31 letters, and none twice."""
    return [f"{number} {name}"[:31].strip("'") for number, name in enumerate(names, 1)]
