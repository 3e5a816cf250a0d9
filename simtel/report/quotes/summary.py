"""The page about a comparison that a manager reads: two sides, and behind them every table as an annex.

First side: what each option is and comes to, and what of the proposal's claims holds in which reading. Second side:
what turns the ranking, and what to ask the vendor. Money in round figures there, to the coin in the annex. Both
languages are there, as in other reports; printed is the one that is shown. What is assumed has a star.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from simtel.core.i18n import LANGUAGES, Message, pick, told, translate
from simtel.core.quantity import Basis
from simtel.quotes.compare import Comparison, Sized, Tried
from simtel.report.html import page_environment, page_source
from simtel.report.quotes.advice import advice, verdict
from simtel.report.quotes.beyond import CRITERIA, beyond
from simtel.report.quotes.claims import NOTE, TITLE, claims, units
from simtel.report.quotes.compare import (
    DRAWN,
    OPEN_TOLD,
    comparison_tables,
    grown,
    met_of,
    remarks,
    turns,
)
from simtel.report.quotes.deviations import Offer, Status, technical
from simtel.report.quotes.documents import documents
from simtel.report.quotes.laid import joined
from simtel.report.quotes.money import rounded
from simtel.report.quotes.names import figure, figure_name, meaning
from simtel.report.quotes.page import Page, of_sheets, of_table
from simtel.report.quotes.rates import rates_sheet
from simtel.report.quotes.reckoned import costs_sheet, ranking_sheet
from simtel.report.quotes.sheets import Sheet, names_of
from simtel.report.quotes.tornado import lead_tornado
from simtel.report.words import listed, plain
from simtel.scenario.spec import Scenario

_QUESTIONS, _TURNS = 5, 6
_HYPHEN = re.compile(r"(?<![^ (,])([A-Za-z0-9]{1,10}-[A-Za-z0-9]{1,10})(?![^ ),:])")
_LONG = re.compile(r"([!-~]{24})(?=[!-~])")


def compared_sheets(
    made: Comparison, offers: Sequence[Offer], library: Sequence[Scenario], lang: str
) -> list[Sheet]:  # fmt: skip
    """What `documents` has, with rates, costs and ranking behind the prices."""
    found = documents(offers, library, lang)
    count = len(offers) + 1
    extra = [translate("rates", lang), translate("costs", lang), translate("ranking", lang)]
    named = (f"{count + number} {name}" for number, name in enumerate(extra, 1))
    later = names_of([*(one.name for one in found[:count]), *extra, *(one.name.partition(" ")[2] for one in
                     found[count:])])[count + 3 :]  # fmt: skip
    rates = rates_sheet(made, found[1:count], next(named), lang)
    costs = costs_sheet(made, rates, next(named), lang)
    return [*found[:count], rates, costs, ranking_sheet(made, rates, costs, next(named), lang),
            *(_renamed(one, name) for one, name in zip(found[count:], later, strict=True))]  # fmt: skip


def _renamed(sheet: Sheet, name: str) -> Sheet:
    return replace(sheet, name=name)


def summary_page(
    made: Comparison, offers: Sequence[Offer], library: Sequence[Scenario], lang: str
) -> str:  # fmt: skip
    """The whole page as text, in both languages; `lang` is shown first, and printed."""
    return page_environment().get_template("quotes.html").render(
        lang=lang, style=page_source("style.css"), sides=[_side(made, offers, library, each) for each in LANGUAGES],
        lines=_lines,
    )  # fmt: skip


def _side(made: Comparison, offers: Sequence[Offer], library: Sequence[Scenario], lang: str) -> dict[str, Any]:
    """All of it in one language. The ranking of the workbook is left out, for the annex has it already."""
    sheets = compared_sheets(made, offers, library, lang)
    ranking = sheets[len(offers) + 3]
    by_id = {one.id: one for one in library}
    titles = {one.id: f"{pick(one.title, lang)} ({one.id})" for one in library}
    drawn = lead_tornado(made)
    return {
        "lang": lang, "verdict": verdict(made, lang), "advice": advice(made, offers, lang),
        "options": _options(made, offers, by_id, lang), "claims": _claims(made, lang),
        "picture": None if drawn is None else drawn.markup(), "turns": _turns(made, lang),
        "questions": [_questions(offer, lang) for offer in offers if offer[2].questions],
        "notes": [plain(told(line, lang)) for line in _notes(made, lang)],
        "annex": [*(of_table(table) for table in comparison_tables(made, lang, titles)),
                  *of_sheets([one for one in sheets if one is not ranking], lang)],
        "remarks": [plain(told(line, lang)) for line in remarks(made, lang)],
    }  # fmt: skip


def _lines(text: str) -> list[Markup]:
    """A text line by line; a word that is too long for a column may be broken, and a short one with a hyphen is not."""
    return [Markup("").join(map(_word, _HYPHEN.split(plain(line)))) for line in text.split("\n")]


def _word(part: str) -> Markup:
    if _HYPHEN.fullmatch(part):
        return Markup('<span class="whole">{}</span>').format(part)
    return Markup("<wbr>").join(piece for piece in _LONG.split(part) if piece)


def _options(
    made: Comparison, offers: Sequence[Offer], library: Mapping[str, Scenario], lang: str
) -> Page:  # fmt: skip
    """A column for each option."""
    currency = made.buyer.currency

    def money(amount: float, *, star: bool) -> str:
        return rounded(Decimal(repr(amount)), currency, lang) + "*" * star

    firsts = [one.readings[0] for one in made.options]
    places = {place.option: place for place in made.places}
    kept = [list(technical(meant.gaps, met, library, lang, quote.seats_at_most)) for quote, _, meant, met in offers]
    years = translate("cost over {years} years, without outages", lang, years=made.years)
    rows: list[tuple[str, ...]] = [
        (translate("place", lang), *(str(places[n].place) for n in range(len(firsts)))),
        (translate("score", lang), *(f"{places[n].score:.3f}*" for n in range(len(firsts)))),
        (translate("best in draws", lang), *(f"{100 * one.share:.0f} % [{100 * one.low:.0f}, {100 * one.high:.0f}]"
                                             for one in made.chances)),
        (translate("offer", lang), *(money(one.reading.offer.value, star=_assumed(one)) for one in firsts)),
        (translate("price per seat", lang), *(
            money(one.reading.offer.value / one.sizes[0].seats, star=_assumed(one)) for one in firsts)),
        (years, *(money(one.paid, star=True) for one in firsts)),
        (translate("growth to {seats} seats, at its own discount", lang, seats=made.seats[-1]), *(
            grown(one, sum(step.offered for step in one.growth), lambda amount: money(amount, star=True), lang)
            if one.growth or one.unreached else "-" for one in firsts)),
        (translate("seats and trunks that work", lang), *(
            f"{one.sizes[0].service.seats} / {one.sizes[0].service.trunks}" for one in firsts)),
        (translate("answered in time", lang), *(_held(one.sizes[0]) for one in firsts)),
        (translate("failover scenarios met", lang), *(met_of(one.sizes[0], " / ") for one in firsts)),
        (translate("calls cut off a year*", lang), *(
            "-" if one.sizes[0].cut is None else f"{one.sizes[0].cut:,.0f}*" for one in firsts)),
        (translate("single units", lang), *(str(len(one.sizes[0].single)) for one in firsts)),
        (translate("requirements not offered", lang), *(_those(each, Status.NOT_OFFERED) for each in kept)),
        (translate("requirements from which it deviates", lang), *(_those(each, Status.DEVIATES) for each in kept)),
    ]  # fmt: skip
    heads = ["", *(f"{one.option.id}\n{pick(dict(one.option.title), lang)}" for one in made.options)]
    title = translate("Options at {seats} seats, each in its first reading", lang, seats=made.seats[0])
    return Page(title, heads, rows, frozenset(range(1, len(heads))), ())


def _assumed(one: Tried) -> bool:
    return one.reading.offer.basis is Basis.ASSUMED


def _held(sized: Sized) -> str:
    one = sized.service.measures.get("service_level")
    return "-" if one is None else f"{100 * one.value:.1f} % [{100 * one.low:.1f}, {100 * one.high:.1f}]"


def _those(kept: Sequence[Any], status: Status) -> str:
    return ", ".join(one.about for one in kept if one.status is status) or "-"


def _claims(made: Comparison, lang: str) -> Page:
    """The share of calls that a failure leaves up; readings of an option in which that is the same share a row."""
    heads = [translate("option", lang), translate("reading", lang), *(told(one, lang) for one in units(made))]
    found = {(one.option, one.reading): one.cells for one in claims(made, lang)}
    rows = []
    for option in made.options:
        alike: dict[tuple[str, ...], list[str]] = {}
        for number, one in enumerate(option.readings):
            means = [translate("the first of each choice", lang)] if not number else meaning(one.reading, lang)
            cells = tuple(joined(cell) for cell in found[option.option.id, one.reading.name])
            alike.setdefault(cells, []).append(listed(means, lang))
        for other in option.lacking:
            why = other.why or Message("it cannot have {seats} seats", seats=made.seats[0])
            said = translate("makes no site: {why}", lang, why=told(why, lang))
            alike.setdefault(("-",) * (len(heads) - 2), []).append(f"{listed(meaning(other, lang), lang)}; {said}")
        named = [option.option.id, *[""] * (len(alike) - 1)]
        rows += [(name, "\n".join(means), *cells) for name, (cells, means) in zip(named, alike.items(), strict=True)]
    return Page(told(TITLE, lang), heads, rows, frozenset(range(2, len(heads))), (told(NOTE, lang),))


def _turns(made: Comparison, lang: str) -> Page:
    """The figures whose break-even lies in their range, the widest first."""
    heads = [translate("figure", lang), translate("value", lang), translate("turns the first place", lang)]
    rows = []
    for bar in made.bars:
        found, star = turns(made, bar, lang), "*" * (bar.ranged.basis is Basis.ASSUMED)
        if found:
            value = figure(bar.ranged.value, made.units[bar.figure], lang) + star
            rows.append((figure_name(made, bar.figure, lang), value, "\n".join(found)))
    none = () if rows else (translate("no figure turns it by itself within its range", lang),)
    return Page(translate("What would have to change to turn the ranking", lang), heads, rows[:_TURNS],
                frozenset({1}), none)  # fmt: skip


def _questions(offer: Offer, lang: str) -> Page:
    quote, _, meant, _ = offer
    rows = []
    for number, one in enumerate(meant.questions[:_QUESTIONS], 1):
        asked = pick(one.asked, lang) if isinstance(one.asked, dict) else told(one.asked, lang)
        money = (
            rounded(one.money.amount, one.money.currency, lang) if one.money.amount else translate("not priced", lang)
        )
        if one.risk:
            money = translate("{money}; {count} scenarios", lang, money=money, count=len(one.risk))
        rows.append((str(number), asked, ", ".join(one.requirement), money))
    heads = ["", translate("question", lang), translate("requirement", lang), translate("what hangs on it", lang)]
    title = (translate("To ask the vendor of {option} before signing", lang, option=quote.id) if quote.lines
             else translate("To find out about {option}", lang, option=quote.id))  # fmt: skip
    return Page(title, heads, rows, frozenset({3}), ())


def _notes(made: Comparison, lang: str) -> list[Message]:
    weights = sorted(made.buyer.scales.items(), key=lambda pair: -pair[1].weight)
    first, *_ = weights
    return [
        *beyond(made, lang),
        Message("* rests on what is assumed; the figures of {buyer} are the buyer's to replace", buyer=made.buyer.id),
        Message("the heaviest criterion is {criterion}, with {weight} of {all}", criterion=CRITERIA[first[0]],
                weight=f"{first[1].weight:g}", all=f"{sum(scale.weight for _, scale in weights):g}"),
        *([OPEN_TOLD] if any(met.open for one in made.options for met in one.readings[0].sizes[0].met) else []),
        DRAWN,
        Message("an estimate by the simulator: the acceptance test on the real devices proves it"),
    ]  # fmt: skip
