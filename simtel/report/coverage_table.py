"""Coverage for people: a table for a terminal, and a page of its own in both languages."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text as Line

from simtel.core.i18n import LANGUAGES, translate
from simtel.report.both import both, stated, told
from simtel.report.claims import CLAIMED, LATER
from simtel.report.coverage import Claim, Coverage, Tried
from simtel.report.grid import Column
from simtel.report.html import page_environment, page_source
from simtel.report.table import STYLES, printed
from simtel.report.words import IDLE, NOT_APPLICABLE, listed, outcome_word, plain, remarks, tell
from simtel.verdict.outcome import Outcome
from simtel.verdict.verdict import Text, say

WITHOUT = say("without verdict")
UNTRIED = say("no scenario tries it")
NOT_RUN = say("no result")
STALE_MEANS = say("† of an earlier version of the scenario, the site or its devices: run it again.")


def render_coverage(found: Coverage, lang: str = "en", colour: bool = False, width: int | None = None) -> str:
    """The table as text, `width` columns wide (the terminal's own width when None)."""
    table = Table(title=Line(translate("Claims and their verdicts", lang)), title_justify="left")
    for head, width_ in ((say("claim"), 24), (say("scenario"), 24), (say("verdicts"), 28)):
        table.add_column(tell(head, lang), overflow="fold", min_width=width_)
    for claim in found.claims:
        table.add_section()
        name = Line(plain(f"{claim.id} {_text(claim, lang)}".strip()))
        if claim.id in LATER:
            name.append("\n" + translate("later: {what}", lang, what=tell(LATER[claim.id], lang)), style="dim")
        if not claim.tried:
            table.add_row(name, Line(), _without(UNTRIED, lang))
        for one in claim.tried:
            table.add_row(
                name, Line(plain(one.scenario)), _verdicts(one, lang) if one.cells else _without(NOT_RUN, lang)
            )
            name = Line()
    return printed([table, *_foot(found, lang)], colour, width)


def _without(reason: Text, lang: str) -> Line:
    text = translate("{what}: {reason}", lang, what=tell(WITHOUT, lang), reason=tell(reason, lang))
    return Line(text, style="yellow")


def _verdicts(one: Tried, lang: str) -> Line:
    """Each outcome with the sites where it was found, the worst first."""
    line = Line()
    for outcome in sorted(Outcome, reverse=True):
        for target in dict.fromkeys(column.target for column in one.cells):
            where = [c for c, cell in one.applying.items() if cell.outcome is outcome and c.target == target]
            if where:
                names = listed((_name(column, one) for column in where), lang)
                line.append(_said(outcome_word(outcome, target, lang), names, lang), style=STYLES[outcome])
    idle = [column for column in one.cells if column not in one.applying]
    if idle:
        names = listed((_name(column, one) for column in idle), lang)
        line.append(_said(f"{IDLE} {tell(NOT_APPLICABLE, lang)}", names, lang), style="dim")
    line.rstrip()
    return line


def _said(word: str, names: str, lang: str) -> str:
    return translate("{what}: {reason}", lang, what=word, reason=names) + "\n"


def _name(column: Column, one: Tried) -> str:
    return f"{plain(column.site)}-{column.seats}{'†' if column in one.stale else ''}"


def _text(claim: Claim, lang: str) -> str:
    return tell(CLAIMED[claim.id], lang) if claim.id in CLAIMED else ""


def _foot(found: Coverage, lang: str) -> Iterator[Line]:
    for text in _remarks(found):
        yield Line(tell(text, lang))
    yield Line(tell(_count(found), lang), style="bold")
    if found.open:
        names = listed((plain(claim.id) for claim in found.open), lang)
        yield Line(translate("Claims without a verdict: {claims}", lang, claims=names), style="yellow")


def _remarks(found: Coverage) -> list[Text]:
    cells = list(found.cells)
    verdicts = [verdict for _, cell in cells for verdict in cell.verdicts]
    said = [text for text in remarks((column.target for column, _ in cells), verdicts) if "*" not in text.template]
    stale = any(one.stale for claim in found.claims for one in claim.tried)
    return [*said, *([STALE_MEANS] if stale else [])]


def _count(found: Coverage) -> Text:
    return say("{all} claims: {open} without a verdict, {failed} failed somewhere, {met} met wherever they were tried",
               all=len(found.claims), open=len(found.open),
               failed=sum(claim.outcome in (Outcome.FAIL, Outcome.ERROR) for claim in found.claims),
               met=sum(claim.outcome is Outcome.PASS for claim in found.claims))  # fmt: skip


def render_page(found: Coverage, lang: str = "en") -> str:
    """The page as text; `lang` is shown first."""
    return page_environment().get_template("coverage.html").render(
        lang=lang, found=found, style=page_source("style.css"), Outcome=Outcome,
        texts={claim.id: {lang_: _text(claim, lang_) for lang_ in LANGUAGES} for claim in found.claims},
        sites={column: stated(found.titles[column.site], column.site) for column in found.columns},
        seats={column: both("{seats} seats", seats=column.seats) for column in found.columns},
        said=[told(text) for text in (*_remarks(found), _count(found))],
        later={id_: told(text) for id_, text in LATER.items()},
        without=told(WITHOUT), untried=told(UNTRIED), not_run=told(NOT_RUN),
    )  # fmt: skip
