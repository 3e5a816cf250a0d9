"""Whether the lines of a quote are what its columns print without gaps, and whether other lines would fit as well."""

from collections.abc import Iterator
from decimal import Decimal

from simtel.core.i18n import Message
from simtel.quotes.digits import MOST, Cut, Row, Run, cuts, printed
from simtel.quotes.finding import Finding, Kind
from simtel.quotes.printed import plain
from simtel.quotes.quote import HEADING, Line, Printed, Quote


def run_findings(quote: Quote) -> Iterator[Finding]:
    """One finding for each run of the print."""
    for number, one in enumerate(quote.runs, 1):
        own = tuple(_cut(None if row == HEADING else quote.lines[row - 1]) for row in one.rows)
        again = printed(own, quote.masks)
        if again != one.run:
            column = next(name for name, a, b in zip(Run._fields, again, one.run, strict=True) if a != b)
            said = Message("run {number}: the {column} of its lines would be printed {again}, and {print} stands there",
                           number=number, column=_COLUMNS[column],
                           again=getattr(again, column), print=getattr(one.run, column))  # fmt: skip
            yield Finding(Kind.RUN, said, one.loc)
            continue
        total = _total(quote, one)
        if total is None:
            continue
        found = cuts(one.run, [_row(None if row == HEADING else quote.lines[row - 1]) for row in one.rows],
                     total, quote.masks)  # fmt: skip
        if found is None:
            said = Message("run {number}: it can be cut in more ways than can be tried", number=number)
            yield Finding(Kind.UNCONFIRMED, said, one.loc)
        elif not found:
            said = Message("run {number}: in no way to cut its columns do they add up", number=number)
            yield Finding(Kind.RUN, said, one.loc)
        elif len(found) == 1:
            said = Message("run {number}: the columns printed without gaps can be cut in one way only that adds up",
                           number=number)  # fmt: skip
            yield Finding(Kind.CONFIRMED, said, one.loc)
        else:
            told = f"{MOST} or more" if len(found) == MOST else str(len(found))
            said = Message("run {number}: the columns can be cut in {count} ways that add up; in lines {lines}",
                           number=number, count=told, lines=_differ(found, one))  # fmt: skip
            yield Finding(Kind.UNCONFIRMED, said, one.loc)


_COLUMNS = {"quantities": Message("quantities"), "prices": Message("unit prices"), "amounts": Message("amounts")}


def _row(line: Line | None) -> Row:
    return Row(False, False) if line is None else Row(line.price is not None, line.price is not None)


def _cut(line: Line | None) -> Cut:
    """What a line of the file says, or a heading."""
    if line is None:
        return Cut(None, "", 0)
    quantity, price, amount = (None if one is None else one.value for one in (line.quantity, line.price, line.amount))
    return Cut(None if quantity is None else int(quantity), "" if price is None else plain(price), int(amount or 0))


def _total(quote: Quote, one: Printed) -> int | None:
    """What the amounts of a run add up to: the list total without the lines that stand elsewhere."""
    listed = quote.totals.get("list")
    others = [line.amount.value for line in quote.lines if line.number not in one.rows and line.amount is not None]
    if listed is None or listed.value is None or None in others:
        return None
    return int(listed.value - sum((value for value in others if value is not None), Decimal(0)))


def _differ(found: list[tuple[Cut, ...]], one: Printed) -> str:
    lines = [row for n, row in enumerate(one.rows) if len({cut[n] for cut in found}) > 1]
    return ", ".join(str(line) for line in lines)
