"""What to ask a vendor before signing, by how much money or how much risk hangs on the answer.

1. An axis of a quote is one question. On it hangs what the readings differ by: the offer, and what it costs at list
   prices to close the gaps that one reading has and another has not.
   Where a reading lacks what all is bought for (a second call server, a gateway), the whole offer hangs on it.
2. What every reading lacks, what cannot be read, what does not add up: a question each. On a gap hangs its price.
3. What has no price in the quote weighs by its risk and its requirements alone; that it has no price is said
   (`unpriced`).
4. Risk is told in scenarios, where they were tried: on an axis hang those that come out otherwise, or cut off another
   share of the calls, when it is read otherwise; on a gap those that fail when such a part as it lacks fails.
5. No rate of exchange makes money of risk. A question stands at the better of the two places that it has by money and
   by risk; of two at one place the one with more money comes first.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from simtel.core.i18n import Message
from simtel.profiles.device import Profile
from simtel.quotes.amount import Amount, Legibility
from simtel.quotes.arithmetic import Checked
from simtel.quotes.finding import Kind
from simtel.quotes.from_quote import FIRST
from simtel.quotes.gaps import ESSENTIAL, TERM_WORDS, Gap, gaps
from simtel.quotes.money import Money
from simtel.quotes.paid import paid
from simtel.quotes.printed import cells_of
from simtel.quotes.quote import FIGURES, Axis, Quote
from simtel.quotes.readings import reading
from simtel.verdict.outcome import Outcome

if TYPE_CHECKING:
    from simtel.quotes.trial import Met

# Gap -> roles whose failure shows what it is to lack that.
_STRUCK = {
    "no-call-server": "servers", "one-call-server": "servers", "no-gateway": "gateways", "e1-short": "spans",
    "one-adapter": "boards", "one-lan-switch": "switches", "no-lan-switch": "switches", "one-feed": "feeds",
}  # fmt: skip
_ABOUT_THE_OFFER = (Kind.OPTIONAL, Kind.APART)
Tried = Mapping[str, "Sequence[Met]"]  # by the name of an option's reading


class Question(msgspec.Struct, frozen=True):
    """One question. `asked` is a sentence of ours, or the quote's own in each language."""

    about: str  # name of an axis, code of a gap, or place of a figure
    asked: Message | dict[str, str]
    requirement: tuple[str, ...]
    money: Money  # that hangs on the answer; nothing where it has no price
    unpriced: tuple[str, ...]  # codes of gaps that hang on it and that the quote does not price
    risk: tuple[str, ...] = ()  # scenarios that hang on the answer


def questions(
    quote: Quote, checked: Checked, profiles: Mapping[str, Profile], tried: Tried | None = None
) -> tuple[Question, ...]:  # fmt: skip
    """All questions, the weightiest first. `tried`: what the scenarios came to on the sites of the readings."""
    shared, axes = _gaps_and_axes(quote, profiles, tried or {})
    found = [*axes, *shared, *_figures(quote, checked)]
    return tuple(sorted(found, key=lambda one: (
        min(sum(other.money.amount > one.money.amount for other in found),
            sum(len(other.risk) > len(one.risk) for other in found) if one.risk else len(found)),
        -one.money.amount, -len(one.risk), -len(one.requirement),
    )))  # fmt: skip


def _gaps_and_axes(
    quote: Quote, profiles: Mapping[str, Profile], tried: Tried
) -> tuple[list[Question], list[Question]]:  # fmt: skip
    lacking = gaps(quote, reading(quote), profiles)
    by_axis: set[str] = set()
    axes = []
    for axis in quote.axes:
        one, moved = _axis(quote, axis, profiles, tried)
        by_axis |= moved
        axes.append(one)
    shared = [gap for gap in lacking if gap.code not in by_axis] if quote.lines else []
    asked = [_gap(quote, gap, tried) for gap in shared if gap.requirement]
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


def _axis(
    quote: Quote, axis: Axis, profiles: Mapping[str, Profile], tried: Tried
) -> tuple[Question, set[str]]:  # fmt: skip
    """The question of an axis, and the gaps that not all its readings have."""
    outlays: list[Decimal] = []
    lists: list[dict[str, Gap]] = []
    for one in axis.alternatives:
        taken = reading(quote, [f"{axis.name}={one.name}"])
        lacking = {gap.code: gap for gap in gaps(quote, taken, profiles)}
        outlay = paid(quote, taken)
        priced = sum((gap.cost.amount for gap in lacking.values() if gap.cost is not None), Decimal(0))
        outlays.append(priced + (Decimal(0) if outlay is None or outlay.value is None else outlay.value))
        lists.append(lacking)
    common = set.intersection(*(set(one) for one in lists))
    moved = {code: gap for one in lists for code, gap in one.items() if code not in common}
    requirement = dict.fromkeys([*axis.requirement, *(number for gap in moved.values() for number in gap.requirement)])
    unpriced = tuple(code for code, gap in moved.items() if gap.cost is None)
    hangs = max(outlays) - min(outlays)
    outlay = paid(quote, reading(quote))
    if outlay is not None and outlay.value is not None and not moved.keys().isdisjoint(ESSENTIAL):
        hangs = max(hangs, outlay.value)
    money = Money(hangs, quote.currency)
    return Question(axis.name, axis.question, tuple(requirement), money, unpriced, _moved(axis, tried)), set(moved)


def _moved(axis: Axis, tried: Tried) -> tuple[str, ...]:
    """Scenarios that come out otherwise, or cut off another share of the calls, on another reading of an axis."""
    before = {one.scenario: one for one in tried.get(FIRST, ())}
    found = {
        one.scenario for other in axis.alternatives[1:] for one in tried.get(f"{axis.name}={other.name}", ())
        if one.scenario in before and _told(one) != _told(before[one.scenario])
    }  # fmt: skip
    return tuple(sorted(found))


def _told(met: "Met") -> tuple[bool, Outcome, float | None]:
    return met.applies, met.outcome, met.cut


def _gap(quote: Quote, gap: Gap, tried: Tried) -> Question:
    nothing = Money(Decimal(0), quote.currency)
    asked = Message("{gap}: is it part of the offer, and what does it cost?", gap=gap.said)
    unpriced = () if gap.cost is not None else (gap.code,)
    risk = tuple(
        one.scenario for one in tried.get(FIRST, ())
        if one.applies and one.outcome is Outcome.FAIL and _STRUCK.get(gap.code) in one.struck
    )  # fmt: skip
    return Question(gap.code, asked, gap.requirement, gap.cost or nothing, unpriced, risk)


def _figures(quote: Quote, checked: Checked) -> Iterator[Question]:
    """What does not add up, what cannot be read, what was read and nothing confirms."""
    offers = any(one.effect.offer is not None for axis in quote.axes for one in axis.alternatives)
    for finding in checked.findings:
        place = finding.cell or ".".join(map(str, finding.loc))
        if finding.wrong:
            money = Money(finding.differs or Decimal(0), quote.currency)
            yield Question(place, Message("{finding}: which is right?", finding=finding.said), (), money, ())
        elif finding.kind in _ABOUT_THE_OFFER:
            asked = Message("{finding}: what is in the offer, and what is the rest?", finding=finding.said)
            yield Question(place, asked, (), Money(finding.differs or Decimal(0), quote.currency), ())
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
