"""In which ways a quote can be meant: every combination of its axes, and what is there then.

A combination is named by all its choices, `role=gateways,e1=one-each`. Whoever asks for one alternative takes the first
of every other axis. What is owned counts in a reading that names it; what no reading names counts in each. What is
traded in never counts.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import product

import msgspec

from simtel.core.document import Loc
from simtel.core.i18n import Message, either
from simtel.core.problems import BadInput, did_you_mean, nowhere, quoted
from simtel.core.quantity import Basis
from simtel.quotes.amount import Amount, Legibility
from simtel.quotes.printed import plain
from simtel.quotes.quote import Alternative, Effect, Line, Owned, Quote


class Reading(msgspec.Struct, frozen=True):
    """One way to mean a quote."""

    name: str
    chosen: tuple[tuple[str, Alternative], ...]  # axis, alternative
    first: bool  # whether each choice is the first of its axis
    effect: Effect


class Stock(msgspec.Struct, frozen=True):
    """How many of one part there are in a reading; `low` and `high` are the ends of what is assumed."""

    part: str
    bought: Decimal
    owned: Decimal
    low: Decimal
    high: Decimal
    basis: Basis
    source: str  # where each number stands, and how well it can be read
    by_buyer: bool  # the quote says that the buyer supplies it, and not how many
    unreadable: Loc | None = None  # a number of pieces that cannot be read, and is counted as none

    @property
    def count(self) -> Decimal:
        """Bought and owned together."""
        return self.bought + self.owned


def readings(quote: Quote) -> tuple[Reading, ...]:
    """Every combination; the first is made of the first alternatives."""
    axes = [[(axis.name, one) for one in axis.alternatives] for axis in quote.axes]
    return tuple(_reading(quote, chosen) for chosen in product(*axes))


def reading(quote: Quote, words: Sequence[str] = ()) -> Reading:
    """The reading that takes these alternatives, and the first of every other axis.

    A word is the name of an alternative, `axis=alternative`, or several of them with commas between. BadInput: a word
    names none, or more than one, or two of them choose on one axis.
    """
    asked: dict[str, Alternative] = {}
    for word in (one for text in words for one in text.split(",")):
        axis, alternative = _asked(quote, word.strip())
        if asked.get(axis, alternative) is not alternative:
            raise BadInput([nowhere(Message("two readings of {axis} are asked for", axis=quoted(axis)))])
        asked[axis] = alternative
    return _reading(quote, tuple((axis.name, asked.get(axis.name, axis.alternatives[0])) for axis in quote.axes))


def stock(quote: Quote, taken: Reading) -> dict[str, Stock]:
    """Part -> how many there are."""
    found: dict[str, Stock] = {}
    for line in quote.lines:
        if not line.part:
            continue
        quantity = line.quantity if quote.bought(line) else None
        _add(found, line.part, quantity, bought=True, source=_printed(quote, line), by_buyer=line.by_buyer)
    for one in quote.owned:
        if _counts(quote, taken, one):
            source = one.quantity.source or f"quote {quote.id}: owned by the buyer"
            _add(found, one.part, one.quantity, bought=False, source=source, by_buyer=False)
    return found


def _reading(quote: Quote, chosen: Iterable[tuple[str, Alternative]]) -> Reading:
    taken = tuple(chosen)
    given = [one.effect for _, one in taken]
    effect = Effect(
        next((one.platforms for one in given if one.platforms is not None), None),
        next((one.spans for one in given if one.spans is not None), None),
        next((one.core_channel_counts for one in given if one.core_channel_counts is not None), None),
        tuple(name for one in given for name in one.owned),
        next((one.offer for one in given if one.offer is not None), None),
    )
    first = all(axis.alternatives[0] is one for axis, (_, one) in zip(quote.axes, taken, strict=True))
    return Reading(",".join(f"{axis}={one.name}" for axis, one in taken), taken, first, effect)


def _asked(quote: Quote, word: str) -> tuple[str, Alternative]:
    wanted, _, name = word.rpartition("=")
    found = [(axis.name, one) for axis in quote.axes for one in axis.alternatives
             if one.name == name and wanted in ("", axis.name)]  # fmt: skip
    if len(found) == 1:
        return found[0]
    if found:
        names = either(f"'{axis}={one.name}'" for axis, one in found)
        raise BadInput([nowhere(Message("{word} is a reading of several axes: write {names}",
                                        word=quoted(word), names=names))])  # fmt: skip
    known = [one.name for axis in quote.axes for one in axis.alternatives]
    known += [f"{axis.name}={one.name}" for axis in quote.axes for one in axis.alternatives]
    hint = did_you_mean(word, known) or Message("`simtel quote check {quote}` says which there are", quote=quote.id)
    raise BadInput([nowhere(Message("{quote} has no reading {word}", quote=quote.id, word=quoted(word)), hint)])


def _counts(quote: Quote, taken: Reading, one: Owned) -> bool:
    named = {name for axis in quote.axes for each in axis.alternatives for name in each.effect.owned}
    return one.use == "kept" and (one.id in taken.effect.owned or one.id not in named)


def _printed(quote: Quote, line: Line) -> str:
    """Where the number of a line stands: 'quote option-1, line 7: 60 路, printed'."""
    place = line.cell or f"line {line.number}"
    figure = line.quantity
    if not quote.bought(line):
        return f"quote {quote.id}, {place}: optional, and not in the total"
    if figure is None or figure.value is None:
        return f"quote {quote.id}, {place}: not ordered"
    how = figure.legibility if figure.legibility is Legibility.PRINTED else f"read from the print '{figure.print}'"
    meant = ", the part by its words" if line.by_words else ""
    return f"quote {quote.id}, {place}: {plain(figure.value)} {line.unit}, {how}{meant}"


def _add(
    found: dict[str, Stock], part: str, figure: Amount | None, *, bought: bool, source: str, by_buyer: bool
) -> None:  # fmt: skip
    value, ends, basis = Decimal(0), (Decimal(0), Decimal(0)), Basis.QUOTED
    if figure is not None and figure.value is not None:
        value, ends, basis = figure.value, figure.ends or ends, figure.basis
    before = found.get(part, Stock(part, Decimal(0), Decimal(0), Decimal(0), Decimal(0), basis, "", False))
    sources = [text for text in (before.source, source) if text]
    found[part] = Stock(
        part, before.bought + (value if bought else 0), before.owned + (0 if bought else value),
        before.low + ends[0], before.high + ends[1],
        max(before.basis, basis, key=list(Basis).index),
        "; ".join(sources), before.by_buyer or by_buyer,
        figure.loc if figure is not None and figure.value is None else before.unreadable,
    )  # fmt: skip
