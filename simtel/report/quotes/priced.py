"""The prices of a quote as a table that reckons: quantity x unit price, sum, discount, tax, price of a seat.

What the print says stands beside what it comes to, with the difference. A line counts with 1 and not with 0; whoever
changes a quantity, a price or that number sees what becomes of the offer, at the same share of the list. Where quantity
or price cannot be read the printed amount is taken; where that cannot be read either the cell stays empty, and a note
says that the sum lacks it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from simtel.core.i18n import pick, told, translate
from simtel.quotes.amount import Amount, Legibility
from simtel.quotes.arithmetic import Checked, figure_name
from simtel.quotes.money import to_coin
from simtel.quotes.paid import offer, tax
from simtel.quotes.quote import Line, Quote
from simtel.quotes.readings import Reading
from simtel.report.quotes.money import exact
from simtel.report.quotes.own import read_as, unit_name
from simtel.report.quotes.sheets import Cell, Figure, Sheet, at, count, money, ref, row_of, share

_QUANTITY, _PRICE, _COUNTS, _AMOUNT, _PRINTED = range(4, 9)  # columns that formulas name


@dataclass(frozen=True, slots=True)
class Priced:
    """A quote and its sheet, whose places are its results."""

    quote: Quote
    sheet: Sheet


def priced(quote: Quote, checked: Checked, taken: Reading, name: str, lang: str) -> Priced:
    """The sheet of one quote, on one reading."""
    table = _Table(quote, checked, taken, lang)
    table.lines()
    table.totals()
    heads = (
        translate("line", lang), translate("item", lang), translate("part", lang), translate("unit", lang),
        translate("quantity", lang), translate("unit price", lang), translate("counts", lang),
        translate("amount", lang), translate("as printed", lang), translate("difference", lang),
        translate("what the figures rest on", lang),
    )  # fmt: skip
    title = translate("{quote}: prices, read as {reading}", lang, quote=pick(quote.title, lang),
                      reading=read_as(taken, lang))  # fmt: skip
    sheet = Sheet(name, title, heads, (6, 7, 44, 6, 10, 15, 8, 17, 17, 15, 44), tuple(table.rows), quote.currency,
                  tuple(table.notes), frozenset(table.bold), places=table.places)  # fmt: skip
    return Priced(quote, sheet)


class _Table:
    """The rows, as they come."""

    def __init__(self, quote: Quote, checked: Checked, taken: Reading, lang: str) -> None:
        self._quote, self._checked, self._taken, self._lang = quote, checked, taken, lang
        self.rows: list[tuple[Cell, ...]] = []
        self.bold: set[int] = set()
        self.notes: list[str] = []
        self.places: dict[str, tuple[str, Figure]] = {}
        self._sum = self._sum_printed = Decimal(0)

    def lines(self) -> None:
        """A row for each line, and the sum of those that count."""
        for line in self._quote.lines:
            self._line(line)
        if not self.rows:
            return
        last = len(self.rows) - 1
        counts = f"{at(_COUNTS, 0)}:{at(_COUNTS, last)}"
        sums = [
            money(value, f"=SUMPRODUCT({counts},{at(col, 0)}:{at(col, last)})")
            for col, value in ((_AMOUNT, self._sum), (_PRINTED, self._sum_printed))
        ]
        self._result("sum", translate("sum of the lines that count", self._lang), sums[0], sums[1])

    def _line(self, line: Line) -> None:
        row = len(self.rows)
        foreign = any(one is not None and one.currency not in ("", self._quote.currency)
                      for one in (line.price, line.amount))  # fmt: skip
        bought = self._quote.bought(line) and not foreign
        quantity, price, amount = line.quantity, line.price, line.amount
        printed = self._figure(amount)
        due = "" if foreign else self._due(row, quantity, price, amount)
        if isinstance(due, Figure) and bought:
            self._sum += due.value
        if isinstance(printed, Figure) and bought:
            self._sum_printed += printed.value
        if due == "" and amount is not None and not foreign:
            self.notes.append(translate("line {line} cannot be read: the sum is without it", self._lang,
                                        line=line.number))  # fmt: skip
        apart: Cell = ""
        if isinstance(due, Figure) and isinstance(printed, Figure):
            apart = money(due.value - printed.value, f"={at(_AMOUNT, row)}-{at(_PRINTED, row)}")
        name = pick(line.name, self._lang) + (translate(" (optional)", self._lang) if line.optional else "")
        self.rows.append((
            str(line.number), line.item, name, unit_name(line.unit, self._lang),
            self._figure(quantity, is_money=False), self._figure(price),
            count(int(bought)), due, printed, apart, self._marks(line, foreign=foreign),
        ))  # fmt: skip

    def _due(self, row: int, quantity: Amount | None, price: Amount | None, amount: Amount | None) -> Cell:
        """What a line comes to."""
        unknown = [one for one in (quantity, price) if one is not None and one.value is None]
        lump = quantity is None and amount is not None and amount.value
        if unknown or lump:
            return "" if amount is None or amount.value is None else money(amount.value, f"={at(_PRINTED, row)}")
        if quantity is None and price is None and amount is None:
            return ""
        parts = [Decimal(0) if one is None else one.value or Decimal(0) for one in (quantity, price)]
        minor = -int(to_coin(Decimal(0), self._quote.currency).as_tuple().exponent)
        return money(to_coin(parts[0] * parts[1], self._quote.currency),
                     f"=ROUND({at(_QUANTITY, row)}*{at(_PRICE, row)},{minor})")  # fmt: skip

    def _figure(self, figure: Amount | None, *, is_money: bool = True) -> Cell:
        if figure is None:
            return ""
        if figure.value is None:
            return figure.print
        if figure.currency not in ("", self._quote.currency):
            return exact(figure.value, figure.currency, self._lang)
        return (money if is_money else count)(figure.value, assumed=figure.assumed)

    def _marks(self, line: Line, *, foreign: bool) -> str:
        found = [self._mark(figure_name(name), line.figure(name)) for name in ("quantity", "price", "amount")]
        if foreign:
            found.append(translate("of another currency: in no sum", self._lang))
        if line.by_buyer:
            found.append(translate("supplied by the buyer", self._lang))
        return "; ".join(filter(None, found))

    def _mark(self, name: str, figure: Amount | None) -> str:
        """How well a figure can be read, and whether anybody stated it."""
        if figure is None or (figure.legibility is Legibility.PRINTED and not figure.assumed):
            return ""
        what = told(name, self._lang)
        if figure.value is None:
            return translate("{what}: unreadable", self._lang, what=what)
        if figure.assumed:
            return translate("{what}: assumed", self._lang, what=what)
        if figure.loc in self._checked.confirmed:
            return translate("{what}: read, confirmed by arithmetic", self._lang, what=what)
        return translate("{what}: read, not confirmed", self._lang, what=what)

    def _result(self, key: str, words: str, figure: Figure, printed: Cell = "", mark: str = "") -> None:
        """A row below the lines."""
        row = len(self.rows)
        apart: Cell = ""
        if isinstance(printed, Figure):
            apart = money(figure.value - printed.value, f"={at(_AMOUNT, row)}-{at(_PRINTED, row)}")
        self.rows.append(("", "", words, "", "", "", "", figure, printed, apart, mark))
        self.bold.add(row)
        self.places[key] = (at(_AMOUNT, row), figure)

    def _ref(self, key: str) -> tuple[str, Decimal]:
        place, figure = self.places[key]
        return place, figure.value

    def totals(self) -> None:
        """List, discount, offer, tax, and the price of a seat."""
        quote, lang = self._quote, self._lang
        listed = quote.totals.get("list")
        where, whole = self._ref("sum") if "sum" in self.places else ("", Decimal(0))
        self._result("list", told(figure_name("list"), lang), money(whole, f"={where}" if where else ""),
                     self._figure(listed), self._mark(figure_name("list"), listed))  # fmt: skip
        paid = offer(quote, self._taken)
        if paid is None or paid.value is None:
            self.notes.append(translate("no price is offered that can be read", lang))
        else:
            self._offer(paid, paid.value)
        if any(isinstance(cell, Figure) and cell.assumed for row in self.rows for cell in row):
            self.notes.append(translate("with a star, or on yellow: assumed, for nobody stated it", lang))

    def _offer(self, paid: Amount, value: Decimal) -> None:
        quote, lang, currency = self._quote, self._lang, self._quote.currency
        minor = -int(to_coin(Decimal(0), currency).as_tuple().exponent)
        printed = quote.totals.get("offer")
        listed, whole = self._ref("list")
        part = f"=ROUND({listed}*{at(_AMOUNT, len(self.rows) + 2)},{minor})" if whole else ""
        self._result("offer", told(figure_name("offer"), lang), money(value, part, assumed=paid.assumed),
                     self._figure(printed), self._mark(figure_name("offer"), paid))  # fmt: skip
        offered, _ = self._ref("offer")
        self._result("discount", told(figure_name("discount"), lang), money(whole - value, f"={listed}-{offered}"))
        self._result("share", translate("offer as a share of the list", lang),
                     share(value / whole if whole else Decimal(0), assumed=paid.assumed))  # fmt: skip
        pays = value
        percent, due = quote.totals.get("tax_percent"), tax(quote, self._taken)
        if due is not None and due.value is not None:
            formula = ""
            if percent is not None and percent.value is not None:
                self._result("tax_percent", told(figure_name("tax_percent"), lang), share(percent.value / 100))
                formula = f"=ROUND({offered}*{self._ref('tax_percent')[0]},{minor})"
            self._result("tax", told(figure_name("tax"), lang), money(due.value, formula, assumed=due.assumed),
                         self._figure(quote.totals.get("tax")))  # fmt: skip
            pays += due.value
        if "tax" in self.places:
            total = money(pays, f"={offered}+{self._ref('tax')[0]}")
            self._result("total", told(figure_name("total"), lang), total, self._figure(quote.totals.get("total")))
        paid_in_all = self._ref("total" if "total" in self.places else "offer")[0]
        self._result("seats", translate("seats", lang), count(quote.seats))
        each = money(to_coin(pays / quote.seats, currency), f"=ROUND({paid_in_all}/{self._ref('seats')[0]},{minor})")
        self._result("each", translate("price per seat", lang), each)


def side_by_side(found: Sequence[Priced], name: str, lang: str) -> Sheet:
    """A row for each quote, whose figures are those of its own sheet."""
    heads = (translate("option", lang), translate("what it is", lang), translate("list total", lang),
             translate("offer", lang), translate("discount", lang), translate("offer as a share of the list", lang),
             translate("seats", lang), translate("price per seat", lang))  # fmt: skip
    keys = ("list", "offer", "discount", "share", "seats", "each")
    rows = []
    for one in found:
        refs: list[Cell] = []
        for key in keys:
            if key in one.sheet.places:
                _, figure = one.sheet.places[key]
                refs.append(Figure(figure.value, figure.form, f"={ref(one.sheet, key)}", figure.assumed))
            else:
                refs.append("")
        rows.append(row_of(one.quote.id, pick(one.quote.title, lang), *refs, width=len(heads)))
    currencies = {one.quote.currency for one in found}
    notes = () if len(currencies) == 1 else (translate("not of one currency: nothing here is to be compared", lang),)
    return Sheet(name, translate("Prices side by side", lang), heads, (14, 44, 17, 17, 17, 14, 8, 17), tuple(rows),
                 found[0].quote.currency, notes)  # fmt: skip


def price_sheets(
    quotes: Sequence[tuple[Quote, Checked, Reading]], names: Sequence[str], lang: str
) -> list[Sheet]:  # fmt: skip
    """All quotes side by side, and a sheet for each; `names` of all these sheets."""
    found = [priced(quote, checked, taken, name, lang)
             for name, (quote, checked, taken) in zip(names[1:], quotes, strict=True)]  # fmt: skip
    return [side_by_side(found, names[0], lang), *(one.sheet for one in found)]
