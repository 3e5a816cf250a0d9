"""What each row of a sheet is, and what of it goes into a quote.

Below the headings come headings of sections, lines, and sums; above them, and below the last of these, stands what
`around` reads. A row that names a person is no line. What is none of these is said, never guessed.

A subtotal under no heading is of the lines since the one before. The first is the list total as long as nothing else
is: a line or another total behind it shows that it was of a block.
"""

import re
from dataclasses import replace
from decimal import Decimal

from simtel.core.i18n import Message
from simtel.core.problems import quoted
from simtel.quotes.sheets.around import Around
from simtel.quotes.sheets.draft import LEFT_OUT, Draft, DraftLine, DraftSection
from simtel.quotes.sheets.figures import BLANK, MOST, Figure, State, figure, han_number
from simtel.quotes.sheets.headings import FIGURES, Headings, Option
from simtel.quotes.sheets.private import labels, reaches
from simtel.quotes.sheets.sheet import Cell, Sheet, plain, shown
from simtel.quotes.sheets.terms import term_kind
from simtel.quotes.sheets.words import BRACKETS, BY_BUYER, KINDS, LEADING, MARK, OPTIONAL, TOKEN

_NEITHER = Message("a text that is neither a line nor a heading: left out")
_TELEPHONE = 10**10  # what is larger and stands in a column of prices may be a number to call


class Reader:
    """Reads one table of one sheet into a draft."""

    def __init__(self, sheet: Sheet, headings: Headings, option: Option, rows: list[int], head: int) -> None:
        """`rows` are those below the headings, `head` is the first row of the first headings of the sheet."""
        self.sheet, self.headings, self.option, self.rows, self.head = sheet, headings, option, rows, head
        self.draft = Draft(currency=headings.currency)
        self._others = {
            column
            for other in headings.options
            if other is not option
            for role in FIGURES
            for column in other.columns.get(role, ())
        } - {column for columns in option.columns.values() for column in columns}
        self._around = Around(sheet, self.draft, self._others)
        self._words: list[tuple[str, Decimal]] = []
        self._section = -1
        self._subtotal = ""  # the label of the subtotal that is taken for the list total

    def read(self) -> Draft:
        """The draft."""
        self._around.above(row for row in self.sheet.numbers if row < self.head)
        last = max((row for row in self.rows if self._counts(row)), default=self.headings.bottom)
        for row in self.rows:
            self._row(row, below=row > last)
        self._finish()
        return self.draft

    def _say(self, row: int, column: int, message: Message) -> None:
        self.draft.say(self.sheet.place(row, column), message)

    # Cells

    def _cell(self, row: int, role: str) -> Cell | None:
        column = self.option.first(role)
        return self.sheet.cell(row, column) if column else None

    def _text(self, row: int, role: str) -> str:
        """What the columns of a role say, without what names a person."""
        found = []
        for column in self.option.columns.get(role, ()):
            cell = self.sheet.cell(row, column)
            if cell is not None and cell.text not in found:
                found.append(self._safe(cell.text, row, column) if not cell.lost else "")
        return " ".join(text for text in found if text)

    def _safe(self, text: str, row: int, column: int) -> str:
        if not reaches(text):
            return text
        self.draft.private += 1
        self._say(row, column, LEFT_OUT)
        return ""

    def _figure(self, row: int, role: str) -> Figure:
        """The figure of a role; of a merged range, in its first row only."""
        column = self.option.first(role)
        if not column:
            return BLANK
        area = self.sheet.area(row, column)
        if area is not None and area.top < row:
            return BLANK
        found = figure(self.sheet.cell(row, column), self.sheet.place(row, column))
        scale = self.headings.scale.get(column)
        if scale is not None and found.value is not None and not found.percent and "万" not in found.print:
            found = found._replace(value=found.value * scale, print=found.print or f"{found.value} 万")
        return found

    def _label(self, row: int) -> Cell | None:
        """The first text of a row that says something; a number of an item says nothing."""
        cells = [cell for cell in self.sheet.cells(row) if cell.number is None and cell.day is None and not cell.lost]
        return next((cell for cell in cells if not MARK.fullmatch(plain(cell.text))), cells[0] if cells else None)

    # What a row is

    def _counts(self, row: int) -> bool:
        """Whether a row belongs to the table: a line or a sum."""
        label = self._label(row)
        if label is None or self._private(row):
            return False
        return self._sum_kind(row, label) != "" or self._is_line(row)

    def _private(self, row: int) -> bool:
        """Whether a row is about a person, and not a line or a sum that names one beside its figures."""
        texts = [cell for cell in self.sheet.cells(row) if cell.number is None]
        names = self.option.columns.get("name", ())
        if any(labels(cell.text) and cell.column not in names for cell in texts):
            return True
        figures = [self._figure(row, role) for role in ("price", "amount")]
        if any(one.value is not None and not one.percent and one.value < _TELEPHONE for one in figures):
            return False
        return any(reaches(cell.text) or labels(cell.text) for cell in texts)

    def _is_line(self, row: int) -> bool:
        """Whether a row has a name, and beside it a unit, a quantity, a price, or an amount that is not 0."""
        name = self._cell(row, "name") or self._cell(row, "model")
        if name is None:
            return False
        beside = {
            role: self._figure(row, role) if self._cell(row, role) != name else BLANK
            for role in ("quantity", "price", "amount")
        }
        if term_kind(name.text) and beside["price"].value is None and beside["amount"].value is None:
            return False
        unit = self._cell(row, "unit")
        return (
            (unit is not None and unit != name)
            or beside["quantity"].given
            or beside["price"].given
            or (beside["amount"].given and beside["amount"].value != 0)
        )

    def _sum_kind(self, row: int, label: Cell) -> str:
        """Which sum a row states; empty where it states none."""
        unit = self._cell(row, "unit")
        if self._figure(row, "price").given and unit is not None and unit is not label:
            return ""
        word = LEADING.sub("", BRACKETS.sub("", plain(label.text)))
        word, _, behind = word.replace("：", ":").partition(":")
        word = re.sub(r"[¥$]?\d[\d,.]*$", "", word) if "%" not in word else word
        for kind, pattern in KINDS:
            if pattern.fullmatch(word) and not (kind == "tax" and behind and not re.search(r"\d", behind)):
                return kind
        return "words" if "大写" in label.text and han_number(behind) is not None else ""

    def _row(self, row: int, below: bool) -> None:
        label = self._label(row)
        if row in self.sheet.hidden_rows and label is not None:
            self._say(row, label.column, Message("stands in a hidden row; it is read all the same"))
        if self._private(row):
            self._around.beside_a_person(row)
        elif label is None:
            self._stray(row)
        elif kind := self._sum_kind(row, label):
            self._sum(row, label, kind)
        elif self._is_line(row):
            self._line(row)
        elif below:
            self._around.below(row)
        else:
            self._heading(row, label)

    # Lines, sections and sums

    def _line(self, row: int) -> None:
        name_column = self.option.first("name") or self.option.first("model")
        place = self.sheet.place(row, name_column)
        name = self._text(row, "name")
        model = self._text(row, "model")
        name = " ".join(text for text in (name, model if plain(model) not in plain(name) else "") if text)
        if not name:
            self.draft.say(place, Message("a line whose name cannot be read"))
        found = {role: self._checked(row, role) for role in ("quantity", "price", "amount")}
        if self._subtotal:
            self._block(self.draft.totals.pop("list"), self._subtotal)
        words = plain(name + self._text(row, "note"))
        section = self.draft.sections[self._section].name if self._section >= 0 else ""
        self.draft.lines.append(
            DraftLine(
                place,
                self._text(row, "item"),
                name or "?",
                self._text(row, "unit"),
                self._text(row, "brand"),
                self._section,
                **{role: one for role, one in found.items() if one.state is not State.BY_BUYER},
                by_buyer=any(one.state is State.BY_BUYER for one in found.values()) or bool(BY_BUYER.search(words)),
                optional=bool(OPTIONAL.search(words + plain(section))),
            )
        )

    def _checked(self, row: int, role: str) -> Figure:
        """A figure of a line, with what there is to say about it."""
        column = self.option.first(role)
        place = self.sheet.place(row, column)
        found = self._figure(row, role)
        area = self.sheet.area(row, column) if column else None
        if area is not None and area.bottom > area.top and found.given and area.top == row:
            self.draft.say(
                place,
                Message(
                    "one figure for the rows {first} to {last}: taken for the first", first=area.top, last=area.bottom
                ),
            )
        found = self._sound(found)
        counted = role == "quantity" and ((found.value or 0) < 0 or found.currency)
        if found.value is not None and (found.percent or counted):
            found = _unfit(found, Message("is no quantity or amount that could be ordered"))
        if found.why is not None:
            self.draft.say(found.cell or place, found.why)
        return found

    def _sound(self, found: Figure) -> Figure:
        """A figure that may be written: no number to call, and none that is too large."""
        if any(reaches(text) for text in (found.print, "" if found.value is None else shown(found.value))):
            self.draft.private += 1
            return Figure(State.UNREADABLE, None, "?", found.cell, why=LEFT_OUT)
        if found.value is not None and abs(found.value) > MOST:
            return _unfit(found, Message("is larger than any amount of a quote"))
        return found

    def _heading(self, row: int, label: Cell) -> None:
        """A text among the lines that has no figures: the heading of a section."""
        own = {self.option.first("item"), *self.option.columns.get("name", ())}
        if label.column not in own and self.sheet.area(row, label.column) is None:
            self._say(row, label.column, _NEITHER)
            return
        name = " ".join(
            dict.fromkeys(cell.text for cell in self.sheet.cells(row) if cell.number is None and cell.column in own)
        )
        name = self._safe(name or label.text, row, label.column)
        if not name:
            return
        item = self.option.first("item")
        marked = any(MARK.fullmatch(plain(cell.text)) for cell in self.sheet.cells(row) if cell.column in own)
        if not (marked or LEADING.match(plain(name)) or self.sheet.area(row, label.column) is not None):
            if item and label.column != item:  # where headings have numbers, more words about the line above
                self._say(row, label.column, _NEITHER)
                return
            self._say(
                row,
                label.column,
                Message("{text} has no figures: taken for the heading of a section", text=quoted(name)),
            )
        self.draft.sections.append(DraftSection(name))
        self._section = len(self.draft.sections) - 1

    def _stray(self, row: int) -> None:
        for cell in self.sheet.cells(row):
            if cell.column not in self._others:
                self._say(row, cell.column, Message("a figure without a name: left out"))
                return

    def _sum(self, row: int, label: Cell, kind: str) -> None:
        place = self.sheet.place(row, label.column)
        if kind == "words":
            for cell in self.sheet.cells(row):
                word = plain(cell.text).rpartition(":")[2]
                if cell.column not in self._others and (value := han_number(word)) is not None:
                    self._words.append((self.sheet.place(row, cell.column), value))
            return
        found = self._sum_figure(row, label, kind)
        if not found.given:
            if not any(cell.column in self._others for cell in self.sheet.cells(row)):
                self.draft.say(place, Message("{text} states no figure", text=quoted(label.text)))
            return
        block = kind == "subtotal" and self._section < 0
        whole = block and "list" not in self.draft.totals and not (self.draft.sections and self._open())
        if whole:
            kind = "total"
        found = self._sound(found)
        if found.value is not None and found.value < 0 and kind not in {"discount", "subtotal"}:
            found = _unfit(found, Message("is a sum below zero"))
        if found.why is not None:
            self.draft.say(found.cell, found.why)
        if block and not whole and self._open() and "list" not in self.draft.totals:
            self._block(found, label.text)
        elif kind == "subtotal":
            if self._section < 0 or self.draft.sections[self._section].subtotal.given:
                self.draft.say(found.cell, Message("a subtotal under no heading of its own: left out"))
            else:
                self.draft.sections[self._section].subtotal = found
        else:
            self._total(found, kind, plain(label.text))
            net = self._sound(self._figure(row, "net"))
            if kind == "total" and net.value is not None and net.cell != found.cell and net.value >= 0:
                self._total(net, "offer", "")  # what the column of what is left comes to
            self._subtotal = label.text if whole else self._subtotal

    def _open(self) -> bool:
        """Whether there are lines under no heading that no subtotal is of."""
        return any(line.section < 0 for line in self.draft.lines)

    def _block(self, subtotal: Figure, label: str) -> None:
        """Have the lines before a subtotal be a section of their own."""
        self._subtotal = ""
        number = len(self.draft.sections)
        self.draft.sections.append(DraftSection(label, subtotal))
        self.draft.lines = [replace(one, section=number) if one.section < 0 else one for one in self.draft.lines]

    def _total(self, found: Figure, kind: str, label: str) -> None:
        totals = self.draft.totals
        if found.percent and kind == "discount":
            self.draft.say(
                found.cell, Message("a share that may be what is taken off or what is left: not carried over")
            )
            return
        if found.percent and kind == "tax":
            name = "tax_percent"
        elif kind == "total":
            taxed, less = totals.keys() & {"tax", "tax_percent"}, totals.keys() & {"discount", "offer"}
            name = "list" if "list" not in totals else "total" if taxed else "offer" if less else "list"
        else:
            name = kind
        if kind == "discount" and found.value is not None and found.value < 0:
            found = found._replace(value=-found.value)
        if name == "list" and self._subtotal:
            if name in totals and totals[name].value != found.value:
                self._block(totals.pop(name), self._subtotal)
            self._subtotal = ""
        if name in totals:
            if totals[name].value != found.value:
                self.draft.say(
                    found.cell,
                    Message("differs from the figure of the same name in {cell}: left out", cell=totals[name].cell),
                )
            return
        totals[name] = found
        if name == "list":
            self._around.taxed(label)

    def _sum_figure(self, row: int, label: Cell, kind: str) -> Figure:
        """The figure of a sum: in its own column, else wherever one stands behind the label, else in the label."""
        own = [self.option.first(role) for role in (("net", "amount") if kind == "offer" else ("amount", "net"))]
        own += [column for role in FIGURES[::-1] for column in self.option.columns.get(role, ())]
        rest = [
            cell.column
            for cell in self.sheet.cells(row)
            if cell.column not in self._others and cell.column not in self.option.columns.get("note", ())
        ]
        doubtful = BLANK
        for column in dict.fromkeys([*own, *rest[::-1]]):
            cell = self.sheet.cell(row, column) if column else None
            if cell is None or cell == label:
                continue
            found = figure(cell, self.sheet.place(cell.row, cell.column))
            scale = self.headings.scale.get(column)
            if found.state is State.NUMBER:
                if scale is not None and found.value is not None and not found.percent and "万" not in found.print:
                    found = found._replace(value=found.value * scale, print=f"{found.value} 万")
                return found
            if found.state is State.UNREADABLE and column in own and not doubtful.given:
                doubtful = found
        if doubtful.given:
            return doubtful
        behind = plain(label.text).replace("：", ":").partition(":")[2] or plain(label.text)
        share = re.search(r"\d+(?:\.\d+)?%", behind)
        token = share[0] if share else (TOKEN.findall(behind) or [""])[-1]
        return (
            figure(Cell(label.row, label.column, token), self.sheet.place(label.row, label.column)) if token else BLANK
        )

    def _finish(self) -> None:
        """Amounts in words must be one of the sums, and each option's figures its own."""
        sums = {one.value for one in self.draft.totals.values()}
        for place, value in self._words:
            if value not in sums:
                self.draft.say(
                    place, Message("in words {value}, which is none of the sums in figures", value=f"{value:,}")
                )
        for column in self.headings.apart:
            if any(figure(self.sheet.rows[row].get(column), "").value for row in self.rows if self._is_line(row)):
                self._say(self.headings.bottom, column, Message("tax, discount and the like of single lines: left out"))
        for column in self.headings.unknown:
            if column not in self._others and any(column in self.sheet.rows[row] for row in self.rows):
                self._say(
                    self.headings.bottom,
                    column,
                    Message("a column that is not understood: left out"),
                )
        for role in ("net", "net_price"):
            for column in self.option.columns.get(role, ()):
                if any(column in self.sheet.rows[row] for row in self.rows if self._is_line(row)):
                    self._say(
                        self.headings.bottom,
                        column,
                        Message("discounted figures of lines are left out, all but their sum"),
                    )
        for column in sorted(
            {c for columns in self.option.columns.values() for c in columns} & self.sheet.hidden_columns
        ):
            self._say(self.headings.bottom, column, Message("stands in a hidden column; it is read all the same"))
        if not self.draft.currency:
            figures = [one for line in self.draft.lines for one in (line.price, line.amount)]
            named = [one.currency for one in (*self.draft.totals.values(), *figures) if one.currency]
            self.draft.currency = max(set(named), key=named.count, default="")


def _unfit(found: Figure, why: Message) -> Figure:
    """A number that cannot be what its place says."""
    return Figure(State.UNREADABLE, None, found.print or shown(found.value or Decimal(0)), found.cell, why=why)
