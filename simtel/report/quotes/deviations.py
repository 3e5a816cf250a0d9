"""Deviation tables: requirement by requirement, and term by term, what an offer keeps, leaves out and leaves open.

    not offered       what the requirement needs is not among what is bought, owned or supplied
    deviates          there is less of it than is needed, a scenario failed on it, or a sum is wrong
    not stated        the offer does not speak of it, or cannot be read
    to be shown       nothing is lacking, and nothing has tried it
    complies          nothing is lacking, and scenarios that speak of it were met
    stated            a term that the offer states; whether it will do is the buyer's to say

The worst counts, in that order. What a scenario found on the simulator is an estimate, whichever way it went.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from simtel.core.i18n import Message, pick, told, translate
from simtel.quotes.amount import Amount
from simtel.quotes.arithmetic import Checked
from simtel.quotes.finding import Kind
from simtel.quotes.gaps import TERM_WORDS, Gap
from simtel.quotes.printed import plain as digits
from simtel.quotes.quote import Quote
from simtel.quotes.trial import Met
from simtel.report.claims import CLAIMED, LATER, speaks_of
from simtel.report.quotes.check import Meant, place_of
from simtel.report.quotes.sheets import Sheet
from simtel.report.table import criterion_title
from simtel.report.words import listed, tell
from simtel.scenario.spec import Scenario
from simtel.verdict.outcome import Outcome


class Status(IntEnum):
    """What became of a requirement or a term, the worst last."""

    STATED = 0
    COMPLIES = 1
    TO_BE_SHOWN = 2
    NOT_STATED = 3
    DEVIATES = 4
    NOT_OFFERED = 5


WORDS = {
    Status.STATED: Message("stated"), Status.COMPLIES: Message("complies"),
    Status.TO_BE_SHOWN: Message("to be shown"), Status.NOT_STATED: Message("not stated"),
    Status.DEVIATES: Message("deviates"), Status.NOT_OFFERED: Message("not offered"),
}  # fmt: skip
TECHNICAL = tuple(claim for claim in CLAIMED if claim.startswith("R"))
# Gaps that are called "no-..." and are not of something that is not offered at all.
_LESS = {"no-lts-1000t": Status.DEVIATES, "no-lan-switch": Status.NOT_STATED, "no-standard": Status.NOT_STATED}


@dataclass(frozen=True, slots=True)
class Kept:
    """One requirement or term: what became of it, and what proves that."""

    about: str
    status: Status
    proof: tuple[str, ...]


def status_of(gap: Gap) -> Status:
    """What a gap makes of its requirements."""
    if gap.code.startswith(("unspoken-", "term-")):
        return Status.NOT_STATED
    return _LESS.get(gap.code, Status.NOT_OFFERED if gap.code.startswith("no-") else Status.DEVIATES)


def technical(
    lacking: Sequence[Gap], met: Sequence[Met], library: Mapping[str, Scenario], lang: str
) -> Iterator[Kept]:  # fmt: skip
    """Each requirement on one reading. `met`: scenarios tried on the site of that reading; `library`: all, by id."""
    for claim in TECHNICAL:
        found = [(status_of(gap), told(gap.said, lang)) for gap in lacking if claim in gap.requirement]
        kept = 0
        for one in met:
            scenario = library.get(one.scenario)
            if scenario is None or not one.applies or claim not in scenario.requirement:
                continue
            missed = [key for key in one.missed if speaks_of(key.partition(":")[0], claim)]
            if missed:
                what = listed((criterion_title(key, lang) for key in missed), lang)
                said = translate("{scenario} failed: {what}", lang, scenario=pick(scenario.title, lang), what=what)
                found.append((Status.DEVIATES, said))
            elif one.outcome is Outcome.PASS and any(speaks_of(each.criterion, claim) for each in scenario.expect):
                kept += 1
        if kept:
            found.append((Status.COMPLIES, translate("scenarios met on the simulator: {count}", lang, count=kept)))
        if claim in LATER:
            found.append((Status.TO_BE_SHOWN, translate("not tried: {what}", lang, what=tell(LATER[claim], lang))))
        worst = max((status for status, _ in found), default=Status.TO_BE_SHOWN)
        yield Kept(claim, worst, tuple(text for _, text in found))


def commercial(quote: Quote, checked: Checked, lacking: Sequence[Gap], lang: str) -> Iterator[Kept]:
    """The sums, and each term."""
    wrong = [f"{place_of(quote, one)}: {told(one.said, lang)}" for one in checked.findings if one.wrong]
    unread = [f"{place_of(quote, one)}: {told(one.said, lang)}" for one in checked.findings
              if one.kind is Kind.UNREADABLE]  # fmt: skip
    status = Status.DEVIATES if wrong else Status.NOT_STATED if unread else Status.COMPLIES
    proof = wrong + unread or [translate("nothing in it contradicts anything else in it", lang)]
    yield Kept(translate("sums and prices", lang), status, tuple(proof))
    missing = {gap.code.removeprefix("term-"): gap for gap in lacking if not gap.requirement}
    for name, words in TERM_WORDS.items():
        if name in missing:
            yield Kept(told(words, lang), Status.NOT_STATED, (told(missing[name].said, lang),))
        elif quote.lines:
            yield Kept(told(words, lang), Status.STATED, (_stated(quote, name, lang),))


def _stated(quote: Quote, name: str, lang: str) -> str:
    """What the offer says of a term."""
    if name in quote.terms:
        return pick(quote.terms[name], lang)
    if name == "vendor":
        return quote.vendor
    if name == "warranty" and quote.warranty_years is not None:
        return translate("{years} years", lang, years=_figure(quote.warranty_years))
    if name == "validity" and quote.valid_days is not None:
        return translate("{days} days", lang, days=_figure(quote.valid_days))
    return translate("it stands among the lines and totals", lang)


def _figure(figure: Amount) -> str:
    return figure.print if figure.value is None else digits(figure.value)


Offer = tuple[Quote, Checked, Meant, Sequence[Met]]


def deviation_sheets(
    offers: Sequence[Offer], library: Mapping[str, Scenario], names: Sequence[str], lang: str
) -> list[Sheet]:
    """The technical and the commercial table, all offers below each other in each row."""
    rows = [
        (claim, tell(CLAIMED[claim], lang), quote.id, told(WORDS[kept.status], lang), "\n".join(kept.proof))
        for claim, every in zip(TECHNICAL, zip(*(
            technical(meant.gaps, met, library, lang) for _, _, meant, met in offers), strict=True), strict=True)
        for (quote, *_), kept in zip(offers, every, strict=True)
    ]  # fmt: skip
    terms = [
        (kept.about, quote.id, told(WORDS[kept.status], lang), "\n".join(kept.proof))
        for quote, checked, meant, _ in offers for kept in commercial(quote, checked, meant.gaps, lang)
    ]  # fmt: skip
    currency = offers[0][0].currency
    read_as = tuple(
        translate("{quote} is read as {reading}", lang, quote=quote.id, reading=meant.reading.name or "-")
        for quote, _, meant, _ in offers
    )
    estimate = translate("an estimate by the simulator: the acceptance test on the real devices proves it", lang)
    return [
        Sheet(names[0], translate("Technical deviations, by requirement (estimate)", lang),
              (translate("requirement", lang), translate("what is claimed", lang), translate("option", lang),
               translate("status", lang), translate("what proves it", lang)),
              (12, 44, 14, 14, 90), tuple(rows), currency, (*read_as, estimate)),
        Sheet(names[1], translate("Commercial deviations, by term", lang),
              (translate("term", lang), translate("option", lang), translate("status", lang),
               translate("what proves it", lang)), (30, 14, 14, 100), tuple(terms), currency, read_as),
    ]  # fmt: skip
