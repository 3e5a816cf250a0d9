"""Workbooks of Excel (.xlsx) as plain sheets.

openpyxl reads the cells, row by row and only as far as something stands; `container` and `survey` have seen to it
before that this is bounded. Of a formula its stored result is taken, which is what the vendor saw when he saved.
"""

import io
import math
import warnings
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from simtel.core.i18n import Message
from simtel.quotes.sheets.container import examine, is_sheet, parse, refuse
from simtel.quotes.sheets.sheet import Cell, Sheet, clean, shown
from simtel.quotes.sheets.survey import Survey, survey

MOST_SHEETS = 64
_RELATIONS = "xl/_rels/workbook.xml.rels"
_BROKEN = Message("is a broken archive; fetch or save the file again")


def read_workbook(raw: bytes, name: str) -> tuple[Sheet, ...]:
    """All worksheets, hidden ones too. BadInput."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise refuse(name, _BROKEN) from None
    with archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's, about what it does not keep
        examine(archive, name)
        found = {title: survey(archive, part, name, clean(title)) for title, part in _parts(archive, name)}
        where = name
        try:
            from openpyxl import load_workbook  # noqa: PLC0415  (slow to load)

            book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
            sheets = []
            for sheet in book.worksheets:
                where = f"{name}!{clean(sheet.title)}"
                sheets.append(_sheet(sheet, found[sheet.title]))
            book.close()
        except Exception as error:  # noqa: BLE001  (openpyxl has no error of its own for what it cannot read)
            raise refuse(where, Message("is no workbook that can be read ({why})", why=clean(str(error)))) from None
    if not sheets:
        raise refuse(name, Message("holds no worksheet"))
    return tuple(sheets)


def _parts(archive: zipfile.ZipFile, name: str) -> list[tuple[str, str]]:
    """Title and part of each sheet, as the workbook lists them."""
    targets: dict[str, str] = {}
    listed: list[tuple[str, str]] = []

    def relation(tag: str, given: dict[str, str]) -> None:
        if tag == "Relationship" and given.get("TargetMode") != "External":
            target = given.get("Target", "")
            targets[given.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"

    def sheet(tag: str, given: dict[str, str]) -> None:
        if tag == "sheet":
            identity = next((value for key, value in given.items() if key.endswith(" id")), "")
            listed.append((given.get("name", ""), targets.get(identity, "")))

    if _RELATIONS in archive.namelist():
        parse(archive, _RELATIONS, name, relation)
    parse(archive, "xl/workbook.xml", name, sheet)
    if len(listed) > MOST_SHEETS:
        raise refuse(name, Message("holds more than {most} sheets", most=MOST_SHEETS))
    held = set(archive.namelist())
    return [(title, part) for title, part in listed if part in held and is_sheet(part)]


def _sheet(sheet: Any, found: Survey) -> Sheet:
    rows: dict[int, dict[int, Cell]] = {}
    if found.last_row:
        sheet.reset_dimensions()
        for row in sheet.iter_rows(1, found.last_row, 1, found.last_column):
            for given in row:
                at = (getattr(given, "row", 0), getattr(given, "column", 0))
                formula = found.formulas.get(at)
                if at[0] and (given.value is not None or formula is not None):
                    cell = _cell(given, at, formula)
                    if cell.text or cell.lost:
                        rows.setdefault(at[0], {})[at[1]] = cell
    return Sheet(clean(sheet.title), rows, tuple(sorted(found.merged)), sheet.sheet_state != "visible",
                 frozenset(found.hidden_rows), frozenset(found.hidden_columns))  # fmt: skip


def _cell(given: Any, at: tuple[int, int], formula: bool | None) -> Cell:
    """A cell; `formula` says whether it looks into another file, None that there is none."""
    value, computed, elsewhere = given.value, formula is not None, bool(formula)
    if value is None or given.data_type == "e" or (isinstance(value, float) and not math.isfinite(value)):
        return Cell(*at, clean(str(value or "")), computed=computed, elsewhere=elsewhere, lost=True)
    if isinstance(value, bool):
        return Cell(*at, str(value).upper(), computed=computed, elsewhere=elsewhere)
    if isinstance(value, (int, float)):
        number = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)  # as spreadsheets show it
        return Cell(*at, shown(number), number, format=str(given.number_format), computed=computed, elsewhere=elsewhere)
    if isinstance(value, (date, datetime)):
        day = value.date() if isinstance(value, datetime) else value
        return Cell(*at, day.isoformat(), day=day, computed=computed, elsewhere=elsewhere)
    return Cell(*at, clean(str(value)), computed=computed, elsewhere=elsewhere)
