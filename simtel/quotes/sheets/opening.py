"""Any spreadsheet file as plain sheets."""

import os
from pathlib import Path

from simtel.quotes.sheets.container import WORKBOOK, content, kind
from simtel.quotes.sheets.sheet import Sheet
from simtel.quotes.sheets.text_table import read_text_table
from simtel.quotes.sheets.workbook import read_workbook


def read_sheets(path: str | os.PathLike[str]) -> tuple[Sheet, ...]:
    """The sheets of an .xlsx or .csv file, whatever it is called. BadInput, and nothing else, for any file."""
    name = os.fspath(path)
    raw = content(Path(path))
    return read_workbook(raw, name) if kind(raw, name) == WORKBOOK else (read_text_table(raw, name),)
