"""What to ask a vendor before signing, by how much money hangs on the answer, then by how many requirements.

1. An axis of a quote is one question. On it hangs what the readings differ by: the offer, and what it costs at list
   prices to close the gaps that one reading has and another has not.
   Where a reading lacks what all is bought for (a second call server, a gateway), the whole offer hangs on it.
2. What every reading lacks, what cannot be read, what does not add up: a question each. On a gap hangs its price.
3. What has no price in the quote weighs by its requirements alone; that it has no price is said (`unpriced`).
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

import msgspec

from simtel.core.i18n import Message
from simtel.profiles.device import Profile
from simtel.quotes.amount import Amount, Legibility
from simtel.quotes.arithmetic import Checked
from simtel.quotes.finding import Kind
from simtel.quotes.gaps import ESSENTIAL, TERM_WORDS, Gap, gaps
from simtel.quotes.money import Money
from simtel.quotes.printed import cells_of
from simtel.quotes.quote import FIGURES, Axis, Quote
from simtel.quotes.readings import offer, reading


class Question(msgspec.Struct, frozen=True):
    """One question. `asked` is a sentence of ours, or the quote's own in each language."""

    about: str  # name of an axis, code of a gap, or place of a figure
    asked: Message | dict[str, str]
    requirement: tuple[str, ...]
    money: Money  # that hangs on the answer; nothing where it has no price
    unpriced: tuple[str, ...]  # codes of gaps that hang on it and that the quote does not price


def questions(quote: Quote, checked: Checked, profiles: Mapping[str, Profile]) -> tuple[Question, ...]:
    """All questions, the weightiest first."""
    shared, axes = _gaps_and_axes(quote, profiles)
    found = [*axes, *shared, *_figures(quote, checked)]
    return tuple(sorted(found, key=lambda one: (-one.money.amount, -len(one.requirement))))


def _gaps_and_axes(quote: Quote, profiles: Mapping[str, Profile]) -> tuple[list[Question], list[Question]]:
    lacking = gaps(quote, reading(quote), profiles)
    by_axis: set[str] = set()
    axes = []
    for axis in quote.axes:
        one, moved = _axis(quote, axis, profiles)
        by_axis |= moved
        axes.append(one)
    shared = [gap for gap in lacking if gap.code not in by_axis] if quote.lines else []
    asked = [_gap(quote, gap) for gap in shared if gap.requirement]
    terms = [gap for gap in shared if not gap.requirement]
    if terms:
        words = [TERM_WORDS[gap.code.removeprefix("term-")] for gap in terms]
        said = Message("nothing is said of: {what}. What is offered?", what=_listed(words))
        codes = tuple(gap.code for gap in terms)
        asked.append(Question("terms", said, (), Money(Decimal(0), quote.currency), codes))
    return asked, axes


def _listed(said: list[Message]) -> Message:
    """Words one after the other."""
    first, *rest = said
    return Message("{first}, {rest}", first=first, rest=_listed(rest)) if rest else first


def _axis(quote: Quote, axis: Axis, profiles: Mapping[str, Profile]) -> tuple[Question, set[str]]:
    """The question of an axis, and the gaps that not all its readings have."""
    outlays: list[Decimal] = []
    lists: list[dict[str, Gap]] = []
    for one in axis.alternatives:
        taken = reading(quote, [f"{axis.name}={one.name}"])
        lacking = {gap.code: gap for gap in gaps(quote, taken, profiles)}
        paid = offer(quote, taken)
        priced = sum((gap.cost.amount for gap in lacking.values() if gap.cost is not None), Decimal(0))
        outlays.append(priced + (Decimal(0) if paid is None or paid.value is None else paid.value))
        lists.append(lacking)
    common = set.intersection(*(set(one) for one in lists))
    moved = {code: gap for one in lists for code, gap in one.items() if code not in common}
    requirement = dict.fromkeys([*axis.requirement, *(number for gap in moved.values() for number in gap.requirement)])
    unpriced = tuple(code for code, gap in moved.items() if gap.cost is None)
    hangs = max(outlays) - min(outlays)
    paid = offer(quote, reading(quote))
    if paid is not None and paid.value is not None and not moved.keys().isdisjoint(ESSENTIAL):
        hangs = max(hangs, paid.value)
    return Question(axis.name, axis.question, tuple(requirement), Money(hangs, quote.currency), unpriced), set(moved)


def _gap(quote: Quote, gap: Gap) -> Question:
    nothing = Money(Decimal(0), quote.currency)
    asked = Message("{gap}: is it part of the offer, and what does it cost?", gap=gap.said)
    unpriced = () if gap.cost is not None else (gap.code,)
    return Question(gap.code, asked, gap.requirement, gap.cost or nothing, unpriced)


def _figures(quote: Quote, checked: Checked) -> Iterator[Question]:
    """What does not add up, what cannot be read, what was read and nothing confirms."""
    offers = any(one.effect.offer is not None for axis in quote.axes for one in axis.alternatives)
    for finding in checked.findings:
        place = finding.cell or ".".join(map(str, finding.loc))
        if finding.wrong:
            money = Money(finding.differs or Decimal(0), quote.currency)
            yield Question(place, Message("{finding}: which is right?", finding=finding.said), (), money, ())
        elif finding.kind is Kind.UNCONFIRMED or (
            finding.kind is Kind.UNREADABLE and not (offers and finding.loc == ("totals", "offer"))
        ):
            asked = Message("{finding}: which number is it?", finding=finding.said)
            yield Question(place, asked, (), Money(_off_by(quote, finding.loc), quote.currency), ())


def _off_by(quote: Quote, loc: tuple[str | int, ...]) -> Decimal:
    """How much money is open while a figure is not known: its range, times what is ordered if it is a price."""
    figures: dict[tuple[str | int, ...], tuple[Amount, Decimal]] = {}
    for line in quote.lines:
        for name in FIGURES:
            figure = line.figure(name)
            if figure is not None:
                times = line.ordered if name == "price" else Decimal(1) if name == "amount" else Decimal(0)
                figures[figure.loc] = figure, times
    figures |= {figure.loc: (figure, Decimal(1)) for figure in quote.totals.values()}
    figure, times = figures.get(loc, (None, Decimal(0)))
    if figure is None:
        return Decimal(0)
    low, high = _ends(figure, quote.masks)
    return (high - low) * times


def _ends(figure: Amount, masks: Mapping[str, str]) -> tuple[Decimal, Decimal]:
    """The least and the most that the print can stand for; no range where nothing is known."""
    if figure.low is not None and figure.high is not None:
        return figure.low, figure.high
    cells = cells_of(figure.print, masks) if figure.legibility is not Legibility.PRINTED else None
    digits = "".join(cells or ())
    if re.fullmatch(r"[\dx]+(\.[\dx]+)?", digits) is None:  # a print that is cut off ends in points
        return Decimal(0), Decimal(0)
    return Decimal(digits.replace("x", "0")), Decimal(digits.replace("x", "9"))
