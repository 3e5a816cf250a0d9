"""Whether a quote adds up: each mismatch with its place, each figure that is not plain with what confirms it.

1. Equations join figures: quantity x price = amount; the amounts of a section, and of all lines, are its total; the
   list less the discount is the offer; the offer with tax is the total. An equation holds to the smallest coin; with a
   share that is printed with a fraction, to what its digits allow.
2. A figure that was read is confirmed by an equation that holds and in which all others are printed plainly or
   confirmed themselves. By nothing else: two figures that were read do not confirm each other.
3. For a figure that cannot be read, a number is offered only where such an equation gives it and its print allows it.
   It is offered, never put in its place.
4. What is of another currency is in no equation: it is said, and the equation stays open.
"""

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from simtel.core.document import Loc
from simtel.core.i18n import Message
from simtel.core.problems import quoted
from simtel.quotes.amount import Amount, Legibility
from simtel.quotes.apart import apart
from simtel.quotes.finding import Finding, Kind
from simtel.quotes.money import Money, to_coin
from simtel.quotes.optional import held
from simtel.quotes.printed import below_zero, cells_of, may_be, number_in, plain
from simtel.quotes.quote import FIGURES, Line, Quote
from simtel.quotes.runs import run_findings

_HUNDRED = Decimal(100)


class Checked(msgspec.Struct, frozen=True):
    """What a quote comes to."""

    findings: tuple[Finding, ...]  # in the order of the file
    summed: Money | None  # the amounts of all lines; None where one is unreadable
    confirmed: frozenset[Loc]  # figures that were read and that an equation confirms

    @property
    def wrong(self) -> bool:
        """Whether anything does not add up."""
        return any(finding.wrong for finding in self.findings)


class _Term(msgspec.Struct, frozen=True):
    """A figure in an equation, and what it is called there."""

    name: Message
    figure: Amount


class _Product(msgspec.Struct, frozen=True):
    """left x right = result; a `share` is in percent, and `rest` takes what is left of 100 %."""

    kind: Kind
    left: _Term
    right: _Term
    result: _Term
    share: bool = False
    rest: bool = False

    @property
    def terms(self) -> tuple[_Term, ...]:
        return self.left, self.right, self.result

    def factor(self, right: Decimal) -> Decimal:
        if not self.share:
            return right
        return (_HUNDRED - right) / _HUNDRED if self.rest else right / _HUNDRED

    def due(self, currency: str) -> Decimal | None:
        left, right = self.left.figure.value, self.right.figure.value
        return None if left is None or right is None else to_coin(left * self.factor(right), currency)

    def slack(self) -> Decimal:
        left, right = self.left.figure.value, self.right.figure.value
        if not self.share or left is None or right is None:
            return Decimal(0)
        digits = int(right.as_tuple().exponent)  # below zero: so many after the point, the last of them rounded
        return abs(left) * Decimal(1).scaleb(digits) / 2 / _HUNDRED if digits < 0 else Decimal(0)

    def solved(self, term: _Term, currency: str) -> Decimal | None:
        left, right, result = (one.figure.value for one in self.terms)
        if term is self.result:
            return self.due(currency)
        by = right if term is self.left else left
        if result is None or not by or self.share:
            return None
        found = result / by
        return found if found == round(found, 6) else None


class _Sum(msgspec.Struct, frozen=True):
    """The sum of `added`, less `taken`, is the result."""

    kind: Kind
    added: tuple[_Term, ...]
    result: _Term
    taken: tuple[_Term, ...] = ()

    @property
    def terms(self) -> tuple[_Term, ...]:
        return *self.added, *self.taken, self.result

    def due(self, currency: str) -> Decimal | None:
        return self._without(None)

    def slack(self) -> Decimal:
        return Decimal(0)

    def solved(self, term: _Term, currency: str) -> Decimal | None:
        rest = self._without(term)
        if term is self.result or rest is None:
            return rest
        result = self.result.figure.value
        return None if result is None else rest - result if term in self.taken else result - rest

    def _without(self, term: _Term | None) -> Decimal | None:
        """What all but one come to."""
        total = Decimal(0)
        for sign, terms in ((1, self.added), (-1, self.taken)):
            for one in terms:
                if one is not term:
                    if one.figure.value is None:
                        return None
                    total += sign * one.figure.value
        return total


_Equation = _Product | _Sum
_WORDS = {"quantity": Message("quantity"), "price": Message("unit price"), "amount": Message("amount"),
          "list": Message("list total"), "discount": Message("discount"),
          "discount_percent": Message("discount in percent"), "offer": Message("offer"), "tax": Message("tax"),
          "tax_percent": Message("tax in percent"), "total": Message("total")}  # fmt: skip


def check(quote: Quote) -> Checked:
    """Everything that can be said of the figures of a quote by arithmetic alone."""
    equations = [one for one in _equations(quote) if not any(_foreign(quote, term.figure) for term in one.terms)]
    confirmed = _confirmed(quote, equations)
    found = [*_lines(quote), *_currencies(quote), *_broken(quote, equations)]
    found += [*_legibility(quote, equations, confirmed), *run_findings(quote), *apart(quote)]
    found.sort(key=lambda finding: quote.place(finding.loc))
    values = [line.amount.value for line in quote.lines if line.amount is not None]
    foreign = any(line.amount is not None and _foreign(quote, line.amount) for line in quote.lines)
    whole = None if foreign or None in values else sum((value for value in values if value is not None), Decimal(0))
    summed = None if whole is None else Money(whole, quote.currency)
    return Checked(tuple(found), summed, frozenset(confirmed))


def figure_name(name: str, line: Line | None = None) -> Message:
    """What a figure is called: "unit price of line 3"."""
    word = _WORDS[name]
    return word if line is None else Message("{figure} of line {line}", figure=word, line=line.number)


def _foreign(quote: Quote, figure: Amount) -> bool:
    return figure.currency not in ("", quote.currency)


def _figures(quote: Quote) -> Iterator[_Term]:
    """All figures that stand in the print."""
    for line in quote.lines:
        for name in FIGURES:
            figure = line.figure(name)
            if figure is not None:
                yield _Term(figure_name(name, line), figure)
    for section in quote.sections:
        if section.subtotal is not None:
            yield _Term(Message("subtotal of {section}", section=quoted(section.id)), section.subtotal)
    for name, figure in quote.totals.items():
        yield _Term(figure_name(name), figure)


def _equations(quote: Quote) -> Iterator[_Equation]:
    totals = {name: _Term(figure_name(name), figure) for name, figure in quote.totals.items()}
    for line in quote.lines:
        if line.quantity is not None and line.price is not None and line.amount is not None:
            quantity, price, amount = (_Term(figure_name(name, line), line.figure(name) or line.amount)
                                       for name in FIGURES)  # fmt: skip
            yield _Product(Kind.PRODUCT, quantity, price, amount)
    for section in quote.sections:
        if section.subtotal is not None:
            result = _Term(Message("subtotal of {section}", section=quoted(section.id)), section.subtotal)
            yield _Sum(Kind.SUM, _amounts(quote, section.subtotal.value, section.id), result)
    if "list" in totals:
        yield _Sum(Kind.SUM, _amounts(quote, totals["list"].figure.value), totals["list"])
    yield from _of_totals(quote, totals)


def _of_totals(quote: Quote, totals: dict[str, _Term]) -> Iterator[_Equation]:
    if {"list", "discount", "offer"} <= totals.keys():
        yield _Sum(Kind.DISCOUNT, (totals["list"],), totals["offer"], (totals["discount"],))
    if {"list", "discount_percent", "offer"} <= totals.keys():
        yield _Product(Kind.DISCOUNT, totals["list"], totals["discount_percent"], totals["offer"], True, True)
    if {"list", "discount_percent", "discount"} <= totals.keys():
        yield _Product(Kind.DISCOUNT, totals["list"], totals["discount_percent"], totals["discount"], True)
    taxed = totals.get("offer", totals.get("list"))
    if taxed is not None and "total" in totals and "tax" in totals and not quote.tax_included:
        yield _Sum(Kind.TAX, (taxed, totals["tax"]), totals["total"])
    if taxed is not None and {"tax_percent", "tax"} <= totals.keys() and not quote.tax_included:
        yield _Product(Kind.TAX, taxed, totals["tax_percent"], totals["tax"], True)


def _amounts(quote: Quote, total: Decimal | None, section: str | None = None) -> tuple[_Term, ...]:
    """Amounts that a total is the sum of: of all lines, or of those that are not optional and the one set of optional
    lines with which they come to it."""
    lines = [line for line in quote.lines if line.amount is not None and section in (None, line.section)]
    readable = all(line.amount is not None and line.amount.value is not None for line in lines if not line.optional)
    chosen = held(lines, total) if readable and total is not None else None
    if chosen is not None:
        lines = [line for line in lines if not line.optional or line in chosen]
    return tuple(_Term(figure_name("amount", line), line.amount) for line in lines if line.amount is not None)


def _confirmed(quote: Quote, equations: list[_Equation]) -> set[Loc]:
    """Figures that were read and that an equation confirms, one after the other."""
    sure: set[Loc] = set()

    def plainly(term: _Term) -> bool:
        figure = term.figure
        return (figure.legibility is Legibility.PRINTED and not figure.assumed) or figure.loc in sure

    while True:
        more = {
            doubtful[0].figure.loc
            for equation in equations
            if len(doubtful := [term for term in equation.terms if not plainly(term)]) == 1
            and doubtful[0].figure.legibility is Legibility.READ
            and _settles(equation, doubtful[0])
            and _holds(equation, quote.currency)
        }
        if not more - sure:
            return sure
        sure |= more


def _settles(equation: _Equation, term: _Term) -> bool:
    """Whether the other figures leave only one number: a price of what is not ordered may be any."""
    if isinstance(equation, _Sum) or term is equation.result:
        return not (isinstance(equation, _Product) and equation.share)
    by = equation.right if term is equation.left else equation.left
    return bool(by.figure.value) and not equation.share


def _holds(equation: _Equation, currency: str) -> bool:
    due, result = equation.due(currency), equation.result.figure.value
    return due is not None and result is not None and abs(due - result) <= equation.slack()


def _broken(quote: Quote, equations: list[_Equation]) -> Iterator[Finding]:
    for equation in equations:
        due, result = equation.due(quote.currency), equation.result.figure.value
        if due is None or result is None or _holds(equation, quote.currency):
            continue
        loc, cell = equation.result.figure.loc, equation.result.figure.cell
        due_told, found = (Money(value, quote.currency).said for value in (due, result))
        if isinstance(equation, _Product) and not equation.share:
            left, right = (plain(term.figure.value or Decimal(0)) for term in (equation.left, equation.right))
            said = Message("{what}: {left} x {right} is {due}, and {found} stands there",
                           what=equation.result.name, left=left, right=right, due=due_told, found=found)  # fmt: skip
        elif isinstance(equation, _Product):
            share = plain(equation.right.figure.value or Decimal(0))
            said = Message("{what}: with {share} % it is {due}, and {found} stands there",
                           what=equation.result.name, share=share, due=due_told, found=found)  # fmt: skip
        else:
            said = Message("{what}: {added} come to {due}, and {found} stands there", what=equation.result.name,
                           added=_added(equation), due=due_told, found=found)  # fmt: skip
        yield Finding(equation.kind, said, loc, cell, differs=abs(due - result))


def _added(equation: _Sum) -> Message:
    if equation.kind is Kind.SUM:
        return Message("the amounts of {count} lines", count=len(equation.added))
    if equation.taken:
        return Message("{first} less {second}", first=equation.added[0].name, second=equation.taken[0].name)
    return Message("{first} and {second}", first=equation.added[0].name, second=equation.added[1].name)


def _currencies(quote: Quote) -> Iterator[Finding]:
    for term in _figures(quote):
        if _foreign(quote, term.figure):
            said = Message("{what} is in {other}, and the quote in {own}: it is in no sum",
                           what=term.name, other=term.figure.currency, own=quote.currency)  # fmt: skip
            yield Finding(Kind.CURRENCY, said, term.figure.loc, term.figure.cell)


def _lines(quote: Quote) -> Iterator[Finding]:
    """What is wrong with a line as such."""
    seen: dict[tuple[object, ...], Line] = {}
    for line in quote.lines:
        counted = line.quantity is not None and (line.ordered > 0 or line.quantity.value is None)
        if counted and not line.unit:
            said = Message("line {line} counts something and has no unit", line=line.number)
            yield Finding(Kind.UNIT, said, line.loc, line.cell)
        if counted and not line.part and not line.credit:
            said = Message("line {line} is no part of a site that is known", line=line.number)
            yield Finding(Kind.UNKNOWN_PART, said, line.loc, line.cell)
        if line.by_words:
            said = Message("line {line} is taken for {part}, by its words", line=line.number, part=quoted(line.part))
            yield Finding(Kind.BY_WORDS, said, line.loc, line.cell)
        if line.quantity is None and line.amount is not None and line.amount.value:
            said = Message("line {line} has an amount and no quantity", line=line.number)
            yield Finding(Kind.MISSING, said, line.amount.loc, line.amount.cell)
        if line.ordered and line.amount is None and line.price is not None:
            said = Message("line {line} has a quantity and a price, and no amount", line=line.number)
            yield Finding(Kind.MISSING, said, line.loc, line.cell)
        if not counted:
            continue
        values = tuple(
            None if one is None else (one.value, one.print, one.currency) for one in (line.quantity, line.price)
        )
        key = (line.part or " ".join(line.name.values()).casefold(), line.unit, *values)
        if key in seen:
            said = Message("line {line} is line {first} once more", line=line.number, first=seen[key].number)
            worth = None if line.amount is None else line.amount.value
            yield Finding(Kind.DOUBLED, said, line.loc, line.cell, differs=worth)
        seen.setdefault(key, line)


def _legibility(quote: Quote, equations: list[_Equation], confirmed: set[Loc]) -> Iterator[Finding]:
    """Each figure that is not printed plainly: confirmed, not confirmed, or unreadable and what it may be."""
    for term in _figures(quote):
        figure = term.figure
        if figure.legibility is Legibility.READ and figure.value is not None:
            sure = figure.loc in confirmed
            said = (
                Message("{what}, printed {print}, is read as {value}: confirmed by arithmetic", what=term.name,
                        print=quoted(figure.print), value=plain(figure.value))
                if sure else
                Message("{what}, printed {print}, is read as {value}: nothing confirms it", what=term.name,
                        print=quoted(figure.print), value=plain(figure.value))
            )  # fmt: skip
            yield Finding(Kind.CONFIRMED if sure else Kind.UNCONFIRMED, said, figure.loc, figure.cell)
        elif figure.legibility is Legibility.UNREADABLE:
            yield _unreadable(quote, term, equations, confirmed)


def _unreadable(quote: Quote, term: _Term, equations: list[_Equation], confirmed: set[Loc]) -> Finding:
    figure = term.figure
    offered = _offered(quote, term, equations, confirmed)
    inside = number_in(figure.print)
    text = cells_of(figure.print, quote.masks) is None and bool(figure.print)
    if inside is not None and text:
        said = Message("{what}: {text} is a text, a number with {unit} behind it", what=term.name,
                       text=quoted(figure.print), unit=quoted(inside[1]))  # fmt: skip
    elif text and below_zero(figure.print):
        said = Message("{what}: {text} is a number, and none that can be ordered", what=term.name,
                       text=quoted(figure.print))  # fmt: skip
    elif text:
        said = Message("{what}: {text} is no number", what=term.name, text=quoted(figure.print))
    elif figure.ends is not None:
        low, high = figure.ends
        said = Message("{what} is unreadable, printed {print}: {low} to {high}", what=term.name,
                       print=quoted(figure.print), low=Money(low, quote.currency).said,
                       high=Money(high, quote.currency).said)  # fmt: skip
    else:
        said = Message("{what} is unreadable, printed {print}", what=term.name, print=quoted(figure.print))
    if offered is not None:
        said = Message("{said}; by arithmetic it is {value}", said=said, value=plain(offered))
    return Finding(Kind.NUMBER if text else Kind.UNREADABLE, said, figure.loc, figure.cell, offered)


def _offered(quote: Quote, term: _Term, equations: list[_Equation], confirmed: set[Loc]) -> Decimal | None:
    """The one number that every equation gives in which all else is plain, if the print allows it."""
    figure = term.figure
    found: set[Decimal] = set()
    for equation in equations:
        own = next((one for one in equation.terms if one.figure.loc == figure.loc), None)
        if own is None or any(
            one is not own and not (one.figure.legibility is Legibility.PRINTED or one.figure.loc in confirmed)
            for one in equation.terms
        ):
            continue
        value = equation.solved(own, quote.currency)
        if value is not None:
            found.add(value)
    if len(found) != 1:
        return None
    (value,) = found
    inside = number_in(figure.print)
    if figure.low is not None and figure.high is not None:
        return value if figure.low <= value <= figure.high else None
    allowed = not figure.print or may_be(figure.print, value, quote.masks)
    return value if allowed or (inside is not None and inside[0] == value) else None
