"""Deviation tables: requirement by requirement, and term by term, what an offer keeps, leaves out and leaves open.

    not offered       what the requirement needs is not among what is bought, owned or supplied
    deviates          there is less of it than is needed, a scenario that asks what it says failed, or a sum is wrong
    not stated        the offer does not speak of it, or cannot be read
    to be shown       nothing is lacking, and nothing has tried all of it, or it missed a limit that is assumed, or a
                      figure that nobody knows may turn what was tried
    complies          nothing is lacking, and scenarios that speak of it were met
    stated            a term that the offer states; whether it will do is the buyer's to say

The worst counts, in that order. What a scenario found on the simulator is an estimate, whichever way it went. One that
asks for more than the requirement says (`simtel.quotes.asked`) is told and changes nothing; so is a single part that
no requirement wants doubled. What speaks of all seats that are asked for is shown at no fewer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from simtel.core.i18n import Message, pick, told, translate
from simtel.core.quantity import Basis
from simtel.quotes.amount import Amount
from simtel.quotes.arithmetic import Checked
from simtel.quotes.asked import LARGEST, beyond
from simtel.quotes.finding import Kind
from simtel.quotes.gaps import TERM_WORDS, Gap
from simtel.quotes.printed import plain as digits
from simtel.quotes.quote import Quote
from simtel.quotes.trial import Met
from simtel.report.claims import CLAIMED, LATER, speaks_of
from simtel.report.quotes.check import Meant, place_of
from simtel.report.quotes.names import site_figures
from simtel.report.quotes.own import read_as
from simtel.report.quotes.sheets import Sheet
from simtel.report.table import criterion_title
from simtel.report.words import listed, tell
from simtel.scenario.spec import Scenario
from simtel.verdict.outcome import Outcome
from simtel.verdict.verdict import key_of


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
# Gaps that are a risk: no requirement wants two of these.
_SINGLE = frozenset({"one-adapter", "crm-unprotected", "one-lan-switch", "one-feed"})


@dataclass(frozen=True, slots=True)
class Kept:
    """One requirement or term: what became of it, and what proves that."""

    about: str
    status: Status
    proof: tuple[str, ...]
    requirement: str = ""  # of a term; most have none


def status_of(gap: Gap) -> Status:
    """What a gap makes of its requirements."""
    if gap.code.startswith(("unspoken-", "term-")):
        return Status.NOT_STATED
    return _LESS.get(gap.code, Status.NOT_OFFERED if gap.code.startswith("no-") else Status.DEVIATES)


def technical(
    lacking: Sequence[Gap], tried: Sequence[Met], library: Mapping[str, Scenario], lang: str, most: int = 0
) -> Iterator[Kept]:  # fmt: skip
    """Each requirement on one reading. `tried`: scenarios on the site of that reading, in one or more sizes; `library`:
    all, by id; `most` seats that are asked for."""
    least = min((one.seats for one in tried), default=0)
    for claim in TECHNICAL:
        met = [one for one in tried if (one.seats >= most if claim in LARGEST else one.seats == least)]
        gaps = [gap for gap in lacking if claim in gap.requirement]
        found = [(status_of(gap), told(gap.said, lang)) for gap in gaps if gap.code not in _SINGLE]
        found += _shown(claim, met, library, lang)
        if claim in LARGEST and tried and not met:
            said = translate("tried at {seats} seats, and {most} are asked for", lang, most=most,
                             seats=max(one.seats for one in tried))  # fmt: skip
            found.append((Status.TO_BE_SHOWN, said))
        if claim in LATER:
            found.append((Status.TO_BE_SHOWN, translate("not tried: {what}", lang, what=tell(LATER[claim], lang))))
        worst = max((status for status, _ in found if status), default=Status.TO_BE_SHOWN)
        single = (translate("a risk, and no deviation: {what}", lang, what=told(gap.said, lang))
                  for gap in gaps if gap.code in _SINGLE)  # fmt: skip
        yield Kept(claim, worst, (*(text for _, text in found), *single, *_more(claim, met, library, lang)))


def _spoken(claim: str, one: Met, library: Mapping[str, Scenario]) -> tuple[Scenario | None, list[str]]:
    """The scenario, where it was tried and names the claim, and the criteria that speak of it and were missed."""
    scenario = library.get(one.scenario)
    if scenario is None or not one.applies or claim not in scenario.requirement:
        return None, []
    return scenario, [key for key in one.missed if speaks_of(key.partition(":")[0], claim)]


def _shown(
    claim: str, met: Sequence[Met], library: Mapping[str, Scenario], lang: str
) -> Iterator[tuple[Status, str]]:  # fmt: skip
    """What the scenarios that ask what a requirement says make of it."""
    kept: list[str] = []
    ours: list[str] = []
    left: list[str] = []
    turned: list[str] = []
    open_: list[str] = []
    blind: dict[tuple[str, ...], list[str]] = {}
    rests: set[str] = set()
    for one in met:
        scenario, missed = _spoken(claim, one, library)
        if scenario is None or beyond(claim, one.scenario) is not None:
            continue
        spoken = [key for key in (key_of(each.criterion, each.subject) for each in scenario.expect)
                  if speaks_of(key.partition(":")[0], claim)]  # fmt: skip
        unsure = [key for key in spoken if key in one.left]
        on = {figure for key in spoken for figure in one.turned.get(key, ())} if one.turned else {*one.rests}
        failed = [key for key in missed if not _assumed(scenario, key)]
        kept_here = bool(spoken) and (one.outcome is Outcome.PASS or _beside(one, unsure))
        if one.open and (failed or kept_here):
            (turned if failed else open_).append(_run(one))
        elif failed:
            what = listed((criterion_title(key, lang) for key in failed), lang)
            yield Status.DEVIATES, translate("{scenario} failed: {what}", lang, what=what,
                                             scenario=f"{pick(scenario.title, lang)} ({_run(one)})")  # fmt: skip
        elif missed:
            ours.append(_run(one))
        elif kept_here:
            kept.append(_run(one))
        elif one.outcome is Outcome.INCONCLUSIVE:
            by = {figure for key in unsure for figure in one.turned.get(key, ())}
            if by:
                blind.setdefault(tuple(sorted(by)), []).append(_run(one))
                on -= by
            else:
                left.append(_run(one))
        rests |= on
    for figures, runs in blind.items():
        yield Status.TO_BE_SHOWN, translate(
            "turned, or moved, by what nobody knows for sure - {figures}: {which}", lang, which=listed(runs, lang),
            figures=listed(site_figures(figures, lang), lang))  # fmt: skip
    for status, runs, said in (
        (Status.TO_BE_SHOWN, ours,
         Message("missed only limits that are assumed, and that no requirement states: {which}")),
        (Status.TO_BE_SHOWN, turned,
         Message("failed with the values in use, and what is unknown may turn it (--vary tries it): {which}")),
        (Status.TO_BE_SHOWN, open_,
         Message("met with the values in use, and what is unknown may turn it (--vary tries it): {which}")),
        (Status.TO_BE_SHOWN, left, Message("left open by the simulator: {which}")),
        (Status.COMPLIES, kept, Message("met on the simulator: {which}")),
    ):  # fmt: skip
        if runs:
            yield status, translate(said.template, lang, which=listed(runs, lang))
    if rests:
        yield Status.STATED, translate("these runs rest on figures that are unknown or assumed: {figures}", lang,
                                       figures=listed(site_figures(rests, lang), lang))  # fmt: skip


def _beside(one: Met, unsure: Sequence[str]) -> bool:
    """Whether only criteria that speak of something else stayed open."""
    return one.outcome is Outcome.INCONCLUSIVE and bool(one.left) and not unsure


def _run(one: Met) -> str:
    """The run that shows it: its folder, where it was kept."""
    return one.run or one.scenario


def _assumed(scenario: Scenario, key: str) -> bool:
    """Whether all limits of a criterion are ours."""
    limits = [limit for wanted in scenario.expect if key_of(wanted.criterion, wanted.subject) == key
              for limit in wanted.limits]  # fmt: skip
    return bool(limits) and all(limit.basis == Basis.ASSUMED for limit in limits)


def _more(claim: str, met: Sequence[Met], library: Mapping[str, Scenario], lang: str) -> Iterator[str]:
    """Failures that are no deviation, by the reason why."""
    found: dict[str, list[str]] = {}
    for one in met:
        scenario, missed = _spoken(claim, one, library)
        why = beyond(claim, one.scenario)
        if scenario is not None and missed and why is not None:
            found.setdefault(told(why, lang), []).append(_run(one))
    for reason, names in found.items():
        yield translate("failed as well, and no deviation, for {why}: {which}", lang, why=reason,
                        which=listed(names, lang))  # fmt: skip


def commercial(quote: Quote, checked: Checked, lacking: Sequence[Gap], lang: str) -> Iterator[Kept]:
    """The sums, and each term."""
    wrong = [f"{place_of(quote, one)}: {told(one.said, lang)}" for one in checked.findings if one.wrong]
    unread = [f"{place_of(quote, one)}: {told(one.said, lang)}" for one in checked.findings
              if one.kind is Kind.UNREADABLE]  # fmt: skip
    none = not quote.lines
    status = Status.DEVIATES if wrong else Status.NOT_STATED if unread or none else Status.COMPLIES
    proof = wrong + unread or [translate("it has no line and no price", lang) if none else
                               translate("nothing in it contradicts anything else in it", lang)]  # fmt: skip
    yield Kept(translate("sums and prices", lang), status, tuple(proof))
    if quote.lines:
        stated = pick(quote.terms["standards"], lang) if "standards" in quote.terms else None
        unnamed = translate("no standard is named", lang)
        yield Kept(translate("standards", lang), Status.NOT_STATED if stated is None else Status.STATED,
                   (stated or unnamed,), "R17")  # fmt: skip
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
    unread = {"warranty": quote.warranty_years, "validity": quote.valid_days}.get(name)
    if unread is not None and unread.value is None:
        return unread.print
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
            technical(meant.gaps, met, library, lang, quote.seats_at_most) for quote, _, meant, met in offers
        ), strict=True), strict=True)
        for (quote, *_), kept in zip(offers, every, strict=True)
    ]  # fmt: skip
    terms = [
        (kept.about, kept.requirement or "-", quote.id, told(WORDS[kept.status], lang), "\n".join(kept.proof))
        for quote, checked, meant, _ in offers for kept in commercial(quote, checked, meant.gaps, lang)
    ]  # fmt: skip
    currency = offers[0][0].currency
    means = tuple(
        translate("{quote} is read as {reading}", lang, quote=quote.id, reading=read_as(meant.reading, lang))
        for quote, _, meant, _ in offers
    )
    estimate = translate("an estimate by the simulator: the acceptance test on the real devices proves it", lang)
    return [
        Sheet(names[0], translate("Technical deviations, by requirement (estimate)", lang),
              (translate("requirement", lang), translate("what is claimed", lang), translate("option", lang),
               translate("status", lang), translate("what proves it", lang)),
              (12, 44, 14, 14, 90), tuple(rows), currency, (*means, estimate)),
        Sheet(names[1], translate("Commercial deviations, by term", lang),
              (translate("term", lang), translate("requirement", lang), translate("option", lang),
               translate("status", lang), translate("what proves it", lang)), (30, 12, 14, 14, 90), tuple(terms),
              currency, (*means, translate("- no requirement speaks of this term", lang))),
    ]  # fmt: skip
