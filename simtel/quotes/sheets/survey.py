"""A worksheet looked over before it is kept: what is merged and hidden, where formulas stand, how far it reaches.

The dimension that a sheet states may be a lie, and a sheet whose empty rows were formatted holds a million of them. So
only cells that hold something count: the rows below the last of them are never built, and more of them than a quote can
have is an error with its place, as are addresses outside a sheet and merged ranges that overlap.
"""

import zipfile
from dataclasses import dataclass, field

from simtel.core.i18n import Message
from simtel.core.problems import quoted
from simtel.quotes.sheets.container import parse, refuse
from simtel.quotes.sheets.sheet import Area, letters, overlapping, place_of

LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14  # of any worksheet
MOST_ROWS = 5_000  # that hold something
MOST_COLUMN = 256
MOST_CELLS = 100_000  # that hold something
MOST_MERGED = 2_000


@dataclass(slots=True)
class Survey:
    """What was found out about one worksheet."""

    last_row: int = 0  # that holds something
    last_column: int = 0
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)  # whether each looks into another file


class _Looker:
    """Hears the elements of a worksheet as they come."""

    def __init__(self, name: str, sheet: str) -> None:
        self.found = Survey()
        self._name, self._sheet = name, sheet
        self._row = self._column = self._cells = self._rows = 0
        self._ref = ""  # address of this cell, not looked at yet
        self._held = 0  # column of the last cell of this row that holds something
        self._new = self._formula = False  # whether this cell held nothing so far; whether this is inside a formula
        self._texts: list[str] = []

    def _stop(self, message: str, hint: str | None = None) -> None:
        raise refuse(f"{self._name}!{self._sheet}", message, hint)

    def start(self, tag: str, given: dict[str, str]) -> None:
        """An element begins."""
        if tag == "c":  # first, for there may be millions; where it stands is looked at if it holds something
            self._new = True
            if "r" in given:
                self._ref = given["r"]
            else:  # right of the one before it
                self._settle()
                self._column += 1
        elif tag == "row":
            row = _whole(given.get("r"), self._row + 1)
            if not self._row < row <= LAST_ROW:
                self._stop(Message("row {row} stands after row {before}: the sheet is broken",
                                   row=quoted(given.get("r", "")), before=self._row))  # fmt: skip
            self._row, self._column, self._ref, self._held = row, 0, "", 0
            if given.get("hidden") in {"1", "true"}:
                self.found.hidden_rows.add(row)
        elif tag in {"v", "is"}:
            self._hold()
        elif tag == "f":
            self._hold()
            self._formula, self._texts = True, []
        elif tag == "mergeCell":
            self._merge(given.get("ref", ""))
        elif tag == "col" and given.get("hidden") in {"1", "true"}:
            first, last = _whole(given.get("min"), 0), _whole(given.get("max"), 0)
            self.found.hidden_columns.update(range(first, min(last, MOST_COLUMN) + 1))

    def text(self, text: str) -> None:
        """Text inside an element."""
        if self._formula and len(self._texts) < 64:
            self._texts.append(text[:4096])

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "f":
            self._formula = False
            self.found.formulas[self._row, self._column] = "[" in "".join(self._texts)

    def _settle(self) -> None:
        """Look at the address of this cell."""
        if self._ref:
            row, self._column = place_of(self._ref)
            if row != self._row or self._column <= self._held:
                self._stop(Message("cell {cell} stands where it cannot, in row {row}: the sheet is broken",
                                   cell=quoted(self._ref), row=self._row))  # fmt: skip
            self._ref = ""

    def _hold(self) -> None:
        """This cell holds something."""
        if not self._new:
            return
        self._settle()
        row, column = self._row, self._column
        if not row or not column:
            self._stop(Message("a value stands in no cell: the sheet is broken"))
        if column > MOST_COLUMN:
            self._stop(Message("cell {cell} holds something: at most {most} columns are read",
                               cell=f"{letters(column)}{row}", most=MOST_COLUMN))  # fmt: skip
        self._cells += 1
        self._rows += not self._held
        if self._cells > MOST_CELLS or self._rows > MOST_ROWS:
            self._stop(Message(
                "more than {rows} rows or {cells} cells hold something by row {row}: no quote is so long",
                rows=MOST_ROWS, cells=MOST_CELLS, row=row,
            ))  # fmt: skip
        self.found.last_row = row
        self.found.last_column = max(self.found.last_column, column)
        self._new, self._held = False, column

    def _merge(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        (top, left), (bottom, right) = place_of(first), place_of(last or first)
        if not (1 <= top <= bottom <= LAST_ROW and 1 <= left <= right <= LAST_COLUMN):
            self._stop(Message("{range} is no range of cells that could be merged", range=quoted(ref)))
        self.found.merged.append(Area(top, left, bottom, right))
        if len(self.found.merged) > MOST_MERGED:
            self._stop(Message("holds more than {most} merged ranges", most=MOST_MERGED))


def survey(archive: zipfile.ZipFile, part: str, name: str, sheet: str) -> Survey:
    """Look a worksheet over. BadInput with the place."""
    looker = _Looker(name, sheet)
    parse(archive, part, name, looker.start, looker.end, looker.text)
    if (both := overlapping(looker.found.merged)) is not None:
        raise refuse(f"{name}!{sheet}", Message("merged ranges {one} and {other} overlap: the sheet is broken",
                                                one=str(both[0]), other=str(both[1])))  # fmt: skip
    return looker.found


def _whole(text: str | None, otherwise: int) -> int:
    """A whole number of a few digits; 0 for anything else."""
    if text is None:
        return otherwise
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
