"""An offer that is not what its lines come to: by how much, and which optional lines explain it.

The sum of the lines without optional ones is the floor; each set of optional lines added to it is a sum that a figure
can be. An offer at such a sum says which optional lines it holds. One above all of them contradicts the lines. One
below what is listed may be a discount: a list total beside it says so, else that is asked. Where a discount is stated
it is reckoned (`arithmetic`), and nothing is left to explain.
"""

from collections.abc import Iterator
from decimal import Decimal

from simtel.core.i18n import Message
from simtel.core.problems import quoted
from simtel.quotes.amount import Amount
from simtel.quotes.finding import Finding, Kind
from simtel.quotes.money import Money
from simtel.quotes.optional import amount, held, priced
from simtel.quotes.quote import Line, Quote

_NOTHING = Decimal(0)


def apart(quote: Quote) -> Iterator[Finding]:
    """What there is to say of the offer, and of a list total, beside the sum of the lines."""
    lines = [line for line in quote.lines if line.amount is not None]
    if not lines or any(line.amount is None or _own(quote, line.amount) is None for line in lines):
        return
    listed = quote.totals.get("list")
    if listed is not None and (value := _own(quote, listed)) is not None:
        chosen = held(lines, value)
        if chosen and len(chosen) < len(priced(lines)):  # all or none of them is no news
            said = Message("the list total holds these optional lines and no other: {lines}", lines=_named(chosen))
            yield Finding(Kind.OPTIONAL, said, listed.loc, listed.cell)
    offered = quote.totals.get("offer")
    if offered is not None and not quote.totals.keys() & {"discount", "discount_percent"}:
        yield from _offer(quote, offered, listed, lines)


def _offer(quote: Quote, offered: Amount, listed: Amount | None, lines: list[Line]) -> Iterator[Finding]:
    value = _own(quote, offered)
    if value is None:
        return
    optional = priced(lines)
    firm = sum((amount(line) for line in lines if not line.optional), _NOTHING)
    most = firm + sum(map(amount, optional), _NOTHING)
    due = firm if listed is None else _own(quote, listed)
    if due is None or value == due:
        return
    by = Money(abs(value - due), quote.currency).said
    chosen = held(lines, value)
    if value > max(most, due):
        said = Message("the offer is {by} more than all lines come to", by=by)
        yield Finding(Kind.SUM, said, offered.loc, offered.cell, differs=value - due)
    elif chosen is not None and optional:
        left = [line for line in optional if line not in chosen]
        if chosen:
            said = Message(
                "the offer is what the lines come to with these optional ones: {lines}", lines=_named(chosen)
            )
        else:
            said = Message("the offer is {by} less than the list total, which is what the optional lines come to:"
                           " {lines}", by=by, lines=_named(left))  # fmt: skip
        yield Finding(Kind.OPTIONAL, said, offered.loc, offered.cell, differs=abs(value - due))
    elif listed is None:
        share = f"{abs(value - due) / due * 100:.1f}" if due else "-"
        said = (
            Message("the offer is {by} ({share} %) less than the lines come to, and no discount is stated",
                    by=by, share=share)
            if value < due else
            Message("the offer is {by} ({share} %) more than the lines come to without the optional ones, and no one"
                    " set of these comes to that", by=by, share=share)
        )  # fmt: skip
        yield Finding(Kind.APART, said, offered.loc, offered.cell, differs=abs(value - due))


def _own(quote: Quote, figure: Amount) -> Decimal | None:
    """The value of a figure in the currency of the quote."""
    return figure.value if figure.currency in ("", quote.currency) else None


def _named(lines: "tuple[Line, ...] | list[Line]") -> str:
    return ", ".join(f"{line.number} {quoted(line.name.get('en') or line.name.get('zh', ''))}" for line in lines)
