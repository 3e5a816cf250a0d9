"""Tables saved as text (.csv) as a plain sheet.

Encoding: a byte order mark, else UTF-8 if all of it is, else GB18030. Delimiter: of comma, semicolon, tab and bar the
one that gives most rows of several fields. A row of the file is a row of the sheet, as spreadsheets open it, so cells
have the addresses that a person sees there.
"""

import csv
import io

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem
from simtel.quotes.sheets.sheet import Cell, Sheet, clean
from simtel.quotes.sheets.survey import MOST_CELLS, MOST_COLUMN, MOST_ROWS

DELIMITERS = ",;\t|"
FIELD = 1 << 17  # characters of a field
_TRIED = 200  # rows by which a delimiter is chosen


def read_text_table(raw: bytes, name: str) -> Sheet:
    """The one sheet of a text file. BadInput."""
    text = _decoded(raw, name)
    delimiter = max(DELIMITERS, key=lambda one: _fields(text, one))
    rows: dict[int, dict[int, Cell]] = {}
    cells = 0
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    before = csv.field_size_limit(FIELD)
    try:
        for number, fields in enumerate(reader, 1):
            for column, field in enumerate(fields, 1):
                if not (kept := clean(field)):
                    continue
                cells += 1
                if column > MOST_COLUMN or cells > MOST_CELLS or len(rows) >= MOST_ROWS:
                    message = Message(
                        "more than {rows} rows, {columns} columns or {cells} cells hold something by row {row}: "
                        "no quote is so long", rows=MOST_ROWS, columns=MOST_COLUMN, cells=MOST_CELLS, row=number,
                    )  # fmt: skip
                    raise BadInput([Problem(name, reader.line_num, 1, message)])
                rows.setdefault(number, {})[column] = Cell(number, column, kept)
    except csv.Error:
        message = Message("quotes that do not close, or a field that is too long")
        raise BadInput([Problem(name, max(1, reader.line_num), 1, message)]) from None
    finally:
        csv.field_size_limit(before)
    return Sheet("", rows)


def _decoded(raw: bytes, name: str) -> str:
    tried = ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in tried:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
    message = Message("holds bytes that are not {encodings}", encodings=", ".join(tried).replace("-sig", ""))
    raise BadInput([Problem(name, line, 1, message, Message("save the file as UTF-8"))])


def _fields(text: str, delimiter: str) -> int:
    """How many cells beside another this delimiter gives in the first rows."""
    reader = csv.reader(io.StringIO(text[: 1 << 18]), delimiter=delimiter)
    found = 0
    try:
        for _, row in zip(range(_TRIED), reader, strict=False):
            found += max(0, sum(1 for field in row if field.strip()) - 1)
    except csv.Error:
        pass
    return found
