"""Tables as a workbook of Excel (.xlsx), with formulas that reckon anew whatever is changed in it.

Text is written as text, whatever it begins with: no cell of a quote becomes a formula or a link. Figures that are put
in by hand are blue, assumed ones on yellow, formulas black. The value beside a formula is the report's own.
"""

import io
from collections.abc import Sequence
from decimal import Decimal
from math import ceil
from typing import Any

from rich.cells import cell_len

from simtel.core.i18n import translate
from simtel.report.quotes.money import number_format
from simtel.report.quotes.sheets import FIRST, HEADS, Cell, Form, Sheet
from simtel.report.words import plain

LONGEST = 32_767  # letters that a cell takes; xlsxwriter would leave the whole cell out
_A4 = 9
_ONE, _LINE, _HIGHEST = 15, 17, 409  # points of a row of one line, of each of several, and at most
_LATIN, _HAN = 1.05, 1.25  # how much more room a text takes than its cells say, with gaps at the ends of lines
_TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_BASE = {"valign": "top", "border": 1, "border_color": "#D7DDE3"}
_INPUT, _ASSUMED, _HEAD = {"font_color": "#0000C0"}, {"bg_color": "#FFF2A8"}, {"bg_color": "#EEF1F4"}
_FORMS = {Form.COUNT: "#,##0.######", Form.SHARE: "0.0%", Form.SCORE: "0.000"}


def workbook(sheets: Sequence[Sheet], lang: str) -> bytes:
    """All sheets as one workbook."""
    import xlsxwriter  # noqa: PLC0415  (slow to load)

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _TEXT_ONLY) as book:
        looks = _Looks(book, lang)
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, looks)
    return content.getvalue()


class _Looks:
    """Formats, each made once."""

    def __init__(self, book: Any, lang: str) -> None:
        self._book, self._lang = book, lang
        self._made: dict[str, Any] = {}
        self.page = "&C" + translate("page {page} of {pages}", lang, page="&P", pages="&N")

    def of(self, **wanted: object) -> Any:
        key = repr(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(wanted)
        return self._made[key]

    def cell(self, cell: Cell, currency: str, *, bold: bool) -> Any:
        look: dict[str, object] = {**_BASE, "bold": bold}
        if isinstance(cell, str):
            return self.of(**look, text_wrap=True, num_format="@")
        form = number_format(currency, self._lang) if cell.form is Form.MONEY else _FORMS[cell.form]
        look |= {} if cell.formula else _INPUT
        return self.of(**look, **(_ASSUMED if cell.assumed else {}), num_format=form)


def _write(page: Any, sheet: Sheet, looks: _Looks) -> None:
    page.write_string(0, 0, _text(sheet.title), looks.of(bold=True, font_size=14))
    for col, (head, width) in enumerate(zip(sheet.heads, sheet.widths, strict=True)):
        page.set_column(col, col, width)
        page.write_string(HEADS - 1, col, _text(head), looks.of(**_BASE, **_HEAD, bold=True, text_wrap=True))
    page.set_row(HEADS - 1, _height(sheet.heads, sheet.widths))
    for number, row in enumerate(sheet.rows):
        page.set_row(number + FIRST - 1, _height(row, sheet.widths))
        for col, cell in enumerate(row):
            look = looks.cell(cell, sheet.currency, bold=number in sheet.bold)
            place = number + FIRST - 1, col
            if cell == "":
                page.write_blank(*place, None, look)
            elif isinstance(cell, str):
                page.write_string(*place, _text(cell), look)
            elif cell.formula:
                page.write_formula(*place, cell.formula, look, _number(cell.value))
            else:
                page.write_number(*place, _number(cell.value), look)
    for number, note in enumerate(sheet.notes, len(sheet.rows) + FIRST):
        page.write_string(number, 0, _text(note), looks.of(italic=True))
    page.freeze_panes(HEADS, 1)
    page.repeat_rows(HEADS - 1)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.set_footer(looks.page)


def _height(cells: Sequence[Cell], widths: Sequence[int]) -> float:
    """Points that a row takes for its texts to be seen whole: not every program finds that out by itself."""
    lines = max((sum(_lines(line, width) for line in cell.split("\n"))
                 for cell, width in zip(cells, widths, strict=True) if isinstance(cell, str)), default=1)  # fmt: skip
    return float(_ONE if lines == 1 else min(_HIGHEST, _LINE * lines))


def _lines(text: str, width: int) -> int:
    factor = _HAN if cell_len(text) > len(text) else _LATIN
    return max(1, ceil(factor * cell_len(text) / width))


def _text(text: str) -> str:
    return "\n".join(map(plain, text.split("\n")))[:LONGEST]


def _number(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)
