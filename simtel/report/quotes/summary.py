"""The page about a comparison that a manager reads: two sides, and behind them every table as an annex.

First side: what each option is and comes to, and what of the proposal's claims holds in which reading. Second side:
what turns the ranking, and what to ask the vendor. Money in round figures there, to the coin in the annex. In one
language, for it is meant to be printed. What is assumed has a star.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from markupsafe import Markup
from rich.table import Table
from rich.text import Text as Line

from simtel.core.i18n import Message, pick, told, translate
from simtel.core.quantity import Basis
from simtel.quotes.compare import Comparison, Sized, Tried
from simtel.report.html import page_environment, page_source
from simtel.report.quotes.compare import CRITERIA, comparison_tables, figure, figure_name, remarks
from simtel.report.quotes.deviations import Offer, Status, technical
from simtel.report.quotes.documents import documents
from simtel.report.quotes.money import rounded
from simtel.report.quotes.reckoned import costs_sheet, ranking_sheet
from simtel.report.quotes.sheets import Figure, Sheet, names_of, shown
from simtel.report.quotes.tornado import lead_tornado
from simtel.report.words import plain
from simtel.scenario.spec import Scenario

# A claim of the proposal -> the scenario that shows what becomes of the calls that are up.
CLAIMS = {
    "failover.active-server-crash": Message("calls kept when the active call server fails"),
    "failover.platform-crash": Message("calls kept when a platform fails that holds an E1"),
    "failover.gateway-crash": Message("calls kept when a gateway fails"),
    "failover.lan-switch-crash": Message("calls kept when a LAN switch fails"),
}
SURE = Message("{option} is first under the weights of {buyer}, and in {share} % [{low}, {high}] of the draws from the"
               " stated ranges: an estimate.")  # fmt: skip
UNSURE = Message("{option} is first under the weights of {buyer}, but in only {share} % [{low}, {high}] of the draws"
                 " from the stated ranges: what is assumed may turn it.")  # fmt: skip
_QUESTIONS, _TURNS = 5, 6
_BEST = 0.95
_LONG = re.compile(r"([!-~]{24})(?=[!-~])")


class Page(NamedTuple):
    """A table of a page: title, heads, rows of texts, which columns are figures, and notes."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: frozenset[int]
    notes: Sequence[str]


def compared_sheets(
    made: Comparison, offers: Sequence[Offer], library: Sequence[Scenario], lang: str
) -> list[Sheet]:  # fmt: skip
    """What `documents` has, with costs and ranking behind the prices."""
    found = documents(offers, library, lang)
    count = len(offers) + 1
    extra = [translate("costs", lang), translate("ranking", lang)]
    costs, ranking = (f"{count + number} {name}" for number, name in enumerate(extra, 1))
    later = names_of([*(one.name for one in found[:count]), *extra, *(one.name.partition(" ")[2] for one in
                     found[count:])])[count + 2 :]  # fmt: skip
    return [*found[:count], costs_sheet(made, costs, lang), ranking_sheet(made, ranking, lang),
            *(_renamed(one, name) for one, name in zip(found[count:], later, strict=True))]  # fmt: skip


def _renamed(sheet: Sheet, name: str) -> Sheet:
    return Sheet(name, sheet.title, sheet.heads, sheet.widths, sheet.rows, sheet.currency, sheet.notes, sheet.bold)


def summary_page(
    made: Comparison, offers: Sequence[Offer], library: Sequence[Scenario], lang: str
) -> str:  # fmt: skip
    """The whole page as text."""
    sheets = compared_sheets(made, offers, library, lang)
    by_id = {one.id: one for one in library}
    drawn = lead_tornado(made)
    return page_environment().get_template("quotes.html").render(
        lang=lang, style=page_source("style.css"), verdict=_verdict(made, lang),
        options=_options(made, offers, by_id, lang),
        claims=_claims(made, lang), picture=None if drawn is None else drawn.markup(), turns=_turns(made, lang),
        questions=[_questions(offer, lang) for offer in offers if offer[2].questions],
        notes=[plain(told(line, lang)) for line in _notes(made)],
        annex=[*(_rich(table) for table in comparison_tables(made, lang)), *(_paged(one, lang) for one in sheets)],
        remarks=[plain(told(line, lang)) for line in remarks(made)],
        lines=_lines,
    )  # fmt: skip


def _lines(text: str) -> list[Markup]:
    """A text line by line; a word that is too long for a column may be broken, others are not."""
    wbr = Markup("<wbr>")
    return [wbr.join(part for part in _LONG.split(plain(line)) if part) for line in text.split("\n")]


def _verdict(made: Comparison, lang: str) -> str:
    """Who is first, and how sure that is."""
    first = [place for place in made.places if place.place == 1]
    names = ", ".join(made.options[place.option].option.id for place in first)
    if len(first) > 1:
        return translate("{options} tie for the first place (estimate).", lang, options=names)
    chance = made.chances[first[0].option]
    words = SURE if chance.low >= _BEST else UNSURE
    return plain(translate(
        words.template, lang, option=names, buyer=pick(made.buyer.title, lang), share=f"{100 * chance.share:.0f}",
        low=f"{100 * chance.low:.0f}", high=f"{100 * chance.high:.0f}",
    ))  # fmt: skip


def _options(
    made: Comparison, offers: Sequence[Offer], library: Mapping[str, Scenario], lang: str
) -> Page:  # fmt: skip
    """A column for each option."""
    currency = made.buyer.currency

    def money(amount: float, *, star: bool) -> str:
        return rounded(Decimal(repr(amount)), currency, lang) + "*" * star

    firsts = [one.readings[0] for one in made.options]
    places = {place.option: place for place in made.places}
    kept = [list(technical(meant.gaps, met, library, lang)) for _, _, meant, met in offers]
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
            money(sum(step.offered for step in one.growth), star=True) if one.growth else "-" for one in firsts)),
        (translate("seats and trunks that work", lang), *(
            f"{one.sizes[0].service.seats} / {one.sizes[0].service.trunks}" for one in firsts)),
        (translate("answered in time", lang), *(_held(one.sizes[0]) for one in firsts)),
        (translate("failover scenarios met", lang), *(_met(one.sizes[0]) for one in firsts)),
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


def _met(sized: Sized) -> str:
    applying = [one for one in sized.met if one.applies]
    return f"{sum(not one.outcome for one in applying)} / {len(applying)}" if applying else "-"


def _those(kept: Sequence[Any], status: Status) -> str:
    return ", ".join(one.about for one in kept if one.status is status) or "-"


def _claims(made: Comparison, lang: str) -> Page:
    """Each reading of each option: the share of calls that a fault leaves up."""
    tried = {one.scenario for option in made.options for each in option.readings for one in each.sizes[0].met}
    asked = [name for name in CLAIMS if name in tried]
    heads = [translate("option", lang), translate("reading", lang), *(told(CLAIMS[name], lang) for name in asked)]
    rows = []
    for option in made.options:
        for number, one in enumerate(option.readings):
            met = {each.scenario: each for each in one.sizes[0].met if each.applies}
            cells = [_kept(met[name].cut) if name in met else translate("not applicable", lang) for name in asked]
            rows.append((option.option.id if not number else "", one.reading.name, *cells))
        for other in option.lacking:
            why = other.why or Message("it cannot have {seats} seats", seats=made.seats[0])
            rows.append(("", other.name, told(why, lang), *[""] * (len(asked) - 1)))
    return Page(translate("What of the proposal's claims holds, reading by reading", lang), heads, rows,
                frozenset(range(2, len(heads))), ())  # fmt: skip


def _kept(cut: float | None) -> str:
    return "-" if cut is None else f"{100 * (1 - cut):.0f} %"


def _turns(made: Comparison, lang: str) -> Page:
    """The figures whose break-even lies in their range, the widest first."""
    heads = [translate("figure", lang), translate("value", lang), translate("turns at", lang),
             translate("then first", lang)]  # fmt: skip
    rows = []
    for bar in made.bars:
        unit, star = made.units[bar.figure], "*" * (bar.ranged.basis is Basis.ASSUMED)
        for turn in (bar.below, bar.above):
            if turn is not None:
                best = ", ".join(made.options[number].option.id for number in turn.best)
                rows.append((figure_name(bar.figure, lang), figure(bar.ranged.value, unit) + star,
                             figure(turn.at, unit), best))  # fmt: skip
    none = () if rows else (translate("no figure turns it by itself within its range", lang),)
    return Page(translate("What would have to change to turn the ranking", lang), heads, rows[:_TURNS],
                frozenset({1, 2}), none)  # fmt: skip


def _questions(offer: Offer, lang: str) -> Page:
    quote, _, meant, _ = offer
    rows = []
    for number, one in enumerate(meant.questions[:_QUESTIONS], 1):
        asked = pick(one.asked, lang) if isinstance(one.asked, dict) else told(one.asked, lang)
        money = (
            rounded(one.money.amount, one.money.currency, lang) if one.money.amount else translate("not priced", lang)
        )
        rows.append((str(number), asked, ", ".join(one.requirement), money))
    heads = ["", translate("question", lang), translate("requirement", lang), translate("what hangs on it", lang)]
    title = translate("To ask the vendor of {option} before signing", lang, option=quote.id)
    return Page(title, heads, rows, frozenset({3}), ())


def _notes(made: Comparison) -> list[Message]:
    weights = sorted(made.buyer.scales.items(), key=lambda pair: -pair[1].weight)
    first, *_ = weights
    return [
        Message("* rests on what is assumed; the figures of {buyer} are the buyer's to replace", buyer=made.buyer.id),
        Message("the heaviest criterion is {criterion}, with {weight} of {all}", criterion=CRITERIA[first[0]],
                weight=f"{first[1].weight:g}", all=f"{sum(scale.weight for _, scale in weights):g}"),
        Message("an estimate by the simulator: the acceptance test on the real devices proves it"),
    ]  # fmt: skip


def _rich(table: Table) -> Page:
    """A table of a terminal as one of a page."""
    columns = [[_plain(cell) for cell in column.cells] for column in table.columns]
    return Page(_plain(table.title), [_plain(column.header) for column in table.columns],
                list(zip(*columns, strict=True)),
                frozenset(n for n, column in enumerate(table.columns) if column.justify == "right"), ())  # fmt: skip


def _plain(cell: object) -> str:
    return cell.plain if isinstance(cell, Line) else str(cell or "")


def _paged(sheet: Sheet, lang: str) -> Page:
    rows = [[shown(cell, sheet.currency, lang) for cell in row] for row in sheet.rows]
    right = frozenset(n for row in sheet.rows for n, cell in enumerate(row) if isinstance(cell, Figure))
    return Page(sheet.title, sheet.heads, rows, right, sheet.notes)
