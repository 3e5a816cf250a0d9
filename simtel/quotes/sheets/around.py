"""What stands above and below a table: title, vendor, date, and the terms.

A text that is none of these is said with its cell, and so is a term that went with the name of a person. A label may
stand in one cell and what it is of in the next.
"""

from collections.abc import Iterable
from decimal import Decimal

from simtel.core.i18n import Message
from simtel.core.problems import quoted
from simtel.quotes.sheets.draft import Draft
from simtel.quotes.sheets.figures import Figure, State
from simtel.quotes.sheets.private import labels, reaches
from simtel.quotes.sheets.sheet import Cell, Sheet, plain
from simtel.quotes.sheets.spelled import day_in, named_currency, span_in
from simtel.quotes.sheets.terms import clauses_of, tax_in, tax_rate, term_kind
from simtel.quotes.sheets.words import COMPANY, DATE, EMPTY, MARK, NUMBERED, OTHERS, TITLE, TITLE_ENDS, VENDOR

_LABEL = 12  # characters of the label of a term
_NOT_UNDERSTOOD = Message("a text that is not understood: left out")
_LOST = Message("a term in a text that names a person or a number to call: left out, write it in by hand")


class Around:
    """Reads what is not in the table into a draft. `others`: columns of other options."""

    def __init__(self, sheet: Sheet, draft: Draft, others: set[int]) -> None:
        self.sheet, self.draft, self.others = sheet, draft, others

    def above(self, rows: Iterable[int]) -> None:
        """The rows above the first headings; the columns of an option mean nothing there yet."""
        for row in rows:
            self._row(list(self.sheet.cells(row)), titled=True)

    def below(self, row: int) -> None:
        """A row below the last line and sum."""
        self._row([cell for cell in self.sheet.cells(row) if cell.column not in self.others])

    def beside_a_person(self, row: int) -> None:
        """A row that names a person: nothing of it is kept but what begins as a term."""
        self._row(list(self.sheet.cells(row)), strict=True)

    def taxed(self, text: str) -> None:
        """Words that say whether the tax is in the price."""
        included = tax_in(text)
        self.draft.tax_included = self.draft.tax_included if included is None else included

    def _row(self, cells: list[Cell], titled: bool = False, strict: bool = False) -> None:
        taken: set[int] = set()  # columns of which something to the left has told
        strict = strict or any(labels(cell.text) or reaches(cell.text) for cell in cells)
        for cell, after in zip(cells, [*cells[1:], None], strict=True):
            if cell.column in taken or MARK.fullmatch(plain(cell.text)):
                continue
            if labels(cell.text):  # what stands beside the label of a person is the person
                self.draft.private += 1
                taken.update({after.column} if after is not None else ())
                continue
            text = cell.text
            if after is not None and _of(text, after):
                taken.add(after.column)
                text = f"{text} {after.text}"
            if not self._head(cell, after, taken, titled and not strict):
                self._text(text, cell, strict)

    def _head(self, cell: Cell, after: Cell | None, taken: set[int], titled: bool) -> bool:
        """Whether a text is a field of the head of a letter; it is read then."""
        if reaches(cell.text):
            return False
        label, mark, behind = cell.text.replace("：", ":").partition(":")
        label, beside = plain(label), cell
        if (VENDOR.fullmatch(label) or DATE.fullmatch(label) or OTHERS.fullmatch(label)) and not behind.strip():
            if after is None:
                return bool(mark)
            taken.add(after.column)
            behind, beside = after.text, after
        if (DATE.fullmatch(label) or VENDOR.fullmatch(label)) and behind.strip():
            self._field(label, behind.strip(), beside)
            return True
        if OTHERS.fullmatch(label):
            return True
        named = named_currency(cell.text)
        self.draft.currency = self.draft.currency or named
        if titled and not self.draft.title and not mark and _is_title(cell.text):
            self.draft.title = cell.text
            self.taxed(plain(cell.text))
            return True
        return bool(named)

    def _field(self, label: str, value: str, cell: Cell) -> None:
        place = self.sheet.place(cell.row, cell.column)
        if DATE.fullmatch(label):
            self.draft.date = cell.day.isoformat() if cell.day is not None else day_in(value)
            if not self.draft.date:
                self.draft.say(place, Message("is no date that can be read one way only"))
        elif COMPANY.search(value) and not reaches(value):
            self.draft.vendor = value
        else:
            self.draft.say(place, Message("a vendor that does not look like a company: left out, it may be a person"))

    def _text(self, text: str, cell: Cell, strict: bool) -> None:
        """A text of terms, or one that is not understood."""
        place = self.sheet.place(cell.row, cell.column)
        told = clauses_of(text, strict)
        if reaches(text):
            self.draft.private += 1
        if told.lost:
            self.draft.say(place, _LOST)
        unknown = False
        for clause in told.clauses:
            if clause.kind:
                self._term(clause.kind, clause.text, place)
            else:
                bare = plain(clause.text).replace("：", ":")
                unknown |= not (EMPTY.fullmatch(bare) or COMPANY.search(clause.text) or named_currency(clause.text))
        if unknown and cell.number is None and cell.day is None:
            self.draft.say(place, _NOT_UNDERSTOOD)

    def _term(self, kind: str, text: str, place: str) -> None:
        if kind == "tax":
            self.taxed(text)
            if rate := tax_rate(text):
                self.draft.tax_rate = Figure(State.NUMBER, Decimal(rate) / 100, text, place, percent=True)
        if kind not in {"validity", "warranty"}:
            known = self.draft.terms.get(kind)
            self.draft.terms[kind] = f"{known}; {text}" if known and text not in known else known or text
            return
        length = span_in(text, kind == "warranty")
        if length is None:
            self.draft.say(place, Message("{text} states no length of time that can be read", text=quoted(text)))
        figure = Figure(State.UNREADABLE if length is None else State.NUMBER, length, text, place)
        known_figure = self.draft.valid_days if kind == "validity" else self.draft.warranty_years
        if known_figure.given:
            if known_figure.value != length:
                self.draft.say(place, Message("differs from the figure of the same name in {cell}: left out",
                                              cell=known_figure.cell))  # fmt: skip
        elif kind == "validity":
            self.draft.valid_days = figure
        else:
            self.draft.warranty_years = figure


def _of(label: str, after: Cell) -> bool:
    """Whether a text is the label of a term, and the next cell is what it says."""
    kind = term_kind(label)
    bare = kind and len(label) <= _LABEL and not any(letter.isdigit() for letter in label)
    return bool(bare) and term_kind(after.text) in {"", kind} and not labels(after.text)


def _is_title(text: str) -> bool:
    """Whether a text is the title of an offer, and not a term of one."""
    word = plain(text)
    if TITLE_ENDS.search(word) or not TITLE.search(word):
        return TITLE_ENDS.search(word) is not None
    return term_kind(text) not in {"tax", "validity", "payment", "warranty"} and not NUMBERED.search(word)
