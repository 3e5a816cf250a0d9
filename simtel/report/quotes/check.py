"""What a quote says, whether it adds up, how it can be meant, what it lacks, and what to ask."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import msgspec
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Line

from simtel.core.i18n import Message, pick, told, translate
from simtel.core.problems import quoted
from simtel.quotes.amount import Amount, Legibility
from simtel.quotes.arithmetic import Checked, figure_name
from simtel.quotes.finding import Finding
from simtel.quotes.gaps import Gap
from simtel.quotes.money import Money
from simtel.quotes.printed import plain as digits
from simtel.quotes.questions import Question
from simtel.quotes.quote import TOTALS, Quote
from simtel.quotes.readings import Reading
from simtel.report.quotes.own import read_as, unit_name
from simtel.report.table import printed
from simtel.report.words import plain
from simtel.verdict.verdict import Text

SCHEMA = "quote-check/1"
READ, CONFIRMED, UNREADABLE, ASSUMED = "°", "°°", "?", "*"


class Meant(NamedTuple):
    """What follows from a quote on one reading."""

    reading: Reading
    gaps: tuple[Gap, ...]
    questions: tuple[Question, ...]  # on every reading
    lacks: Mapping[str, Text] = {}  # scenarios that the site of that reading lacks units for


def render_check(
    quote: Quote, checked: Checked, meant: Meant, lang: str = "en", colour: bool = False, width: int | None = None
) -> str:  # fmt: skip
    """The tables as text, `width` columns wide (the terminal's own width when None)."""
    parts: list[RenderableType] = [_lines(quote, checked, lang)] if quote.lines else [Line(_title(quote, lang))]
    parts += [Line(plain(line)) for line in _totals(quote, checked, lang)]
    parts += [Line(plain(line), style="red" if wrong else "") for wrong, line in _findings(quote, checked, lang)]
    parts += [_readings(quote, lang)] if quote.axes else []
    parts += [_gaps(meant, lang)] if meant.gaps else []
    parts += [_questions(meant, lang)] if meant.questions else []
    return printed(parts, colour, width) + "\n"


def _title(quote: Quote, lang: str) -> str:
    who = translate("{quote} ({vendor})", lang, quote=pick(quote.title, lang), vendor=quote.vendor)
    return plain(who if quote.vendor else pick(quote.title, lang))


def _lines(quote: Quote, checked: Checked, lang: str) -> Table:
    table = Table(title=Line(_title(quote, lang)), title_justify="left")
    for head, justify in (
        (translate("line", lang), "right"), (translate("item", lang), "left"), (translate("part", lang), "left"),
        (translate("unit", lang), "left"), (translate("quantity", lang), "right"),
        (translate("unit price", lang), "right"), (translate("amount", lang), "right"),
    ):  # fmt: skip
        table.add_column(head, overflow="fold", justify="right" if justify == "right" else "left")
    for line in quote.lines:
        name = pick(line.name, lang) + (translate(" (optional)", lang) if line.optional else "")
        table.add_row(
            str(line.number), Line(plain(line.item)), Line(plain(name)), Line(unit_name(line.unit, lang)),
            *(Line(_figure(quote, figure, checked)) for figure in (line.quantity, line.price, line.amount)),
        )  # fmt: skip
    return table


def _figure(quote: Quote, figure: Amount | None, checked: Checked) -> str:
    """A figure as people write it, with what it is worth; nothing where the print is blank."""
    if figure is None:
        return ""
    if figure.value is None:
        return f"{plain(figure.print)}{UNREADABLE}"
    mark = CONFIRMED if figure.loc in checked.confirmed else READ if figure.legibility is Legibility.READ else ""
    other = f"{figure.currency} " if figure.currency not in ("", quote.currency) else ""
    return f"{other}{grouped(figure.value)}{mark}{ASSUMED if figure.assumed else ''}"


def grouped(value: Decimal) -> str:
    """A number with a comma between thousands, and no zeros that say nothing."""
    return digits(value) if abs(value) < 1000 else f"{Decimal(digits(value)):,f}"


def _totals(quote: Quote, checked: Checked, lang: str) -> Iterator[str]:
    marked = [figure for line in quote.lines for figure in (line.quantity, line.price, line.amount) if figure]
    if any(figure.legibility is not Legibility.PRINTED for figure in marked):
        yield translate("° read from a print that is not plain; °° confirmed by arithmetic; ? unreadable", lang)
    if checked.summed is not None:
        yield translate("the amounts of {count} lines come to {sum}", lang,
                        count=len(quote.lines), sum=told(checked.summed.said, lang))  # fmt: skip
    for name in TOTALS:
        if name in quote.totals:
            yield told(_total(quote, checked, name), lang)


def _total(quote: Quote, checked: Checked, name: str) -> Message:
    """One total: its value or its range, how it can be read, and what share of the list it is."""
    figure, word = quote.totals[name], figure_name(name)
    if name.endswith("percent"):
        return Message(
            "{what}: {value}", what=word, value=figure.print if figure.value is None else digits(figure.value)
        )
    if figure.value is None:
        low, high = figure.ends or (None, None)
        said = Message("{what}: unreadable, printed {print}", what=word, print=quoted(figure.print))
        if low is not None and high is not None:
            said = Message("{said}: {low} to {high}", said=said,
                           low=Money(low, quote.currency).said, high=Money(high, quote.currency).said)  # fmt: skip
        taken = next((one for axis in quote.axes for one in axis.alternatives if one.effect.offer is not None), None)
        if name == "offer" and taken is not None and taken.effect.offer is not None:
            value = Money(taken.effect.offer.value or Decimal(0), quote.currency).said
            said = Message("{said}; assumed to be {value}* unless another reading is asked for", said=said, value=value)
        return said
    said = Message("{what}: {value}", what=word, value=Money(figure.value, quote.currency).said)
    if figure.legibility is Legibility.READ:
        said = (Message("{said} (read, confirmed by arithmetic)", said=said) if figure.loc in checked.confirmed
                else Message("{said} (read, not confirmed)", said=said))  # fmt: skip
    listed = quote.totals.get("list")
    if name == "offer" and listed is not None and listed.value:
        share = f"{figure.value / listed.value * 100:.1f}"
        said = Message("{said}, {share} % of the list total", said=said, share=share)
    return said


def _findings(quote: Quote, checked: Checked, lang: str) -> Iterator[tuple[bool, str]]:
    for finding in checked.findings:
        where = place_of(quote, finding)
        yield finding.wrong, f"{where}: {told(finding.said, lang)}"
    if not checked.wrong:
        yield False, translate("nothing in it contradicts anything else in it", lang)


def place_of(quote: Quote, finding: Finding) -> str:
    """The cell of a spreadsheet, or the place in the quote's own file."""
    line, column = quote.place(finding.loc)
    return finding.cell or f"{Path(quote.path).name}:{line}:{column}"


def _readings(quote: Quote, lang: str) -> Table:
    table = Table(title=Line(translate("what can be meant in more than one way; the first is taken unless another is"
                                       " asked for", lang)), title_justify="left")  # fmt: skip
    for head in (translate("what", lang), translate("to ask", lang), translate("reading", lang),
                 translate("which means", lang)):  # fmt: skip
        table.add_column(head, overflow="fold")
    for axis in quote.axes:
        for n, one in enumerate(axis.alternatives):
            offer = one.effect.offer
            mark = ASSUMED if offer is not None and offer.assumed else ""
            first = ("", "") if n else (axis.name, pick(axis.question, lang))
            texts = (*first, one.name + mark, pick(one.says, lang))
            table.add_row(*(Line(plain(text)) for text in texts), end_section=one is axis.alternatives[-1])
    return table


def _gaps(meant: Meant, lang: str) -> Table:
    title = translate("what the requirements need and the quote lacks, read as {reading}", lang,
                      reading=read_as(meant.reading, lang))  # fmt: skip
    table = Table(title=Line(title), title_justify="left")
    for n, head in enumerate((
        translate("requirement", lang), translate("what is lacking", lang), translate("pieces", lang),
        translate("at list prices", lang),
    )):  # fmt: skip
        table.add_column(head, overflow="fold", justify="right" if n > 1 else "left")
    for gap in meant.gaps:
        cost = translate("not priced", lang) if gap.cost is None else told(gap.cost.said, lang)
        table.add_row(", ".join(gap.requirement) or translate("terms", lang), Line(plain(told(gap.said, lang))),
                      str(gap.lacks or ""), cost)  # fmt: skip
    return table


def _questions(meant: Meant, lang: str) -> Table:
    title = translate("what to ask before signing, the weightiest first", lang)
    table = Table(title=Line(title), title_justify="left")
    for n, head in enumerate((
        "", translate("question", lang), translate("requirement", lang), translate("what hangs on it", lang),
    )):  # fmt: skip
        table.add_column(head, overflow="fold", justify="left" if n in (1, 2) else "right")
    for n, one in enumerate(meant.questions, 1):
        asked = pick(one.asked, lang) if isinstance(one.asked, dict) else told(one.asked, lang)
        money = told(one.money.said, lang) if one.money.amount else ""
        if one.unpriced and not money:
            money = translate("not priced", lang)
        table.add_row(str(n), Line(plain(asked)), ", ".join(one.requirement), money)
    return table


def check_json(checked: Sequence[tuple[Quote, Checked, Meant]]) -> bytes:
    """The same for programs. Amounts are decimal texts."""
    content = {"simtel": SCHEMA, "quotes": [_json(*one) for one in checked]}
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _json(quote: Quote, checked: Checked, meant: Meant) -> dict[str, object]:
    return {
        "id": quote.id, "currency": quote.currency,
        "sum": None if checked.summed is None else checked.summed.amount,
        "totals": {name: _amount(figure, checked) for name, figure in quote.totals.items()},
        "findings": [
            {"kind": finding.kind, "wrong": finding.wrong, "said": str(finding.said), "cell": finding.cell,
             "line": quote.place(finding.loc)[0], "column": quote.place(finding.loc)[1], "offered": finding.offered}
            for finding in checked.findings
        ],
        "readings": {axis.name: [one.name for one in axis.alternatives] for axis in quote.axes},
        "reading": meant.reading.name,
        "gaps": [
            {"code": gap.code, "requirement": gap.requirement, "said": str(gap.said), "part": gap.part,
             "lacks": gap.lacks, "cost": None if gap.cost is None else gap.cost.amount}
            for gap in meant.gaps
        ],
        "questions": [
            {"about": one.about, "asked": one.asked if isinstance(one.asked, dict) else {"en": str(one.asked)},
             "requirement": one.requirement, "money": one.money.amount, "unpriced": one.unpriced}
            for one in meant.questions
        ],
    }  # fmt: skip


def _amount(figure: Amount, checked: Checked) -> dict[str, object]:
    return {
        "value": figure.value, "legibility": figure.legibility, "confirmed": figure.loc in checked.confirmed,
        "basis": figure.basis, "print": figure.print, "low": figure.low, "high": figure.high,
    }  # fmt: skip
