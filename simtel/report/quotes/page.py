"""Tables of a terminal and of a workbook as tables of a page, as short as they can be.

A long text in the second column is said once for all rows below each other that have it. Lines that many rows
share, such as sources, stand below as numbered notes. Sheets that differ in their title alone become one table.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text as Line

from simtel.core.i18n import translate
from simtel.report.quotes.laid import joined
from simtel.report.quotes.sheets import Figure, Sheet, shown
from simtel.report.words import listed

_LONG = 40  # cells of a text that is not said again
_NUMBERS = 12  # width of a column of numbers of notes
_OFTEN, _SENTENCE = 4, 80  # lines of so many cells that stand in so many rows are notes in any column
_FIGURE = re.compile(r"\n(?=\[|[^\n]*\]|\D+$)")  # what belongs to the figure before it: an interval, a word


class Page(NamedTuple):
    """A table of a page: title, heads, rows of texts, which columns are figures, and notes. `widths` of columns in
    percent, if they matter; `spans`: over how many rows the cell of the second column goes, 0: the one above does."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: frozenset[int]
    notes: Sequence[str]
    widths: Sequence[int] = ()
    spans: Sequence[int] = ()


def of_table(table: Table) -> Page:
    """A table of a terminal: lines that were broken to fit a screen are whole again."""
    right = frozenset(n for n, column in enumerate(table.columns) if column.justify == "right")
    columns = [[_plain(cell) for cell in column.cells] for column in table.columns]
    columns = [[_FIGURE.sub(" ", text) for text in cells] if n in right else cells for n, cells in enumerate(columns)]
    heads = [joined(_plain(column.header)) for column in table.columns]
    return Page(_plain(table.title), heads, list(zip(*columns, strict=True)), right, ())


def of_sheets(sheets: Sequence[Sheet], lang: str) -> list[Page]:
    """Sheets of a workbook, in their order."""
    alike: list[list[Sheet]] = []
    for sheet in sheets:
        same = alike and sheet.rows and (alike[-1][0].heads, alike[-1][0].rows) == (sheet.heads, sheet.rows)
        if same:
            alike[-1].append(sheet)
        else:
            alike.append([sheet])
    return [_of_sheet(first, listed((one.title for one in (first, *others)), lang), lang) for first, *others in alike]


def _of_sheet(sheet: Sheet, title: str, lang: str) -> Page:
    rows = [[shown(cell, sheet.currency, lang) for cell in row] for row in sheet.rows]
    right = frozenset(n for row in sheet.rows for n, cell in enumerate(row) if isinstance(cell, Figure))
    notes: list[str] = []
    for column in set(range(2, len(sheet.heads))) - right:
        notes += _noted(rows, column, len(notes), 1 if column in sheet.shared else _OFTEN, lang)
    widths = [_NUMBERS if column in sheet.shared else width for column, width in enumerate(sheet.widths)]
    return Page(title, sheet.heads, rows, right, (*notes, *sheet.notes),
                [round(100 * width / sum(widths)) for width in widths], _spans([row[1] for row in rows]))  # fmt: skip


def _noted(rows: list[list[str]], column: int, before: int, often: int, lang: str) -> list[str]:
    """Lines of a column that stand in so many rows, numbered after those `before`; it then holds their numbers."""
    lines = Counter(line for row in rows for line in row[column].split("\n") if line)
    told = [line for line, count in lines.items() if count >= often and (often == 1 or cell_len(line) >= _SENTENCE)]
    number = {line: f"[{n}]" for n, line in enumerate(told, before + 1)}
    for row in rows:
        kept = [line for line in row[column].split("\n") if line not in number]
        marks = ", ".join(number[line] for line in row[column].split("\n") if line in number)
        row[column] = "\n".join([*filter(None, kept), *([marks] if marks else [])])
    return [translate("[{number}] {text}", lang, number=n, text=text) for n, text in enumerate(told, before + 1)]


def _spans(texts: Sequence[str]) -> list[int]:
    """How many rows each text goes on for."""
    found: list[int] = []
    for number, text in enumerate(texts):
        if number and cell_len(text) >= _LONG and text == texts[number - 1]:
            first = max(place for place, rows in enumerate(found) if rows)
            found[first] += 1
            found.append(0)
        else:
            found.append(1)
    return found


def _plain(cell: object) -> str:
    return cell.plain if isinstance(cell, Line) else str(cell or "")
