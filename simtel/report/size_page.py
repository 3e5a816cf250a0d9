"""The answer about sites as files: a page in both languages, its picture, JSON, and for each site its site file."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from simtel.core.i18n import LANGUAGES, Message, told
from simtel.report.both import Words, both
from simtel.report.costs import HEADS, cost_lines, cost_rows, costs_title
from simtel.report.ends import PARTS, TITLE, TURNS, cells, figure_name, moving, still_line, tornado, untried_line
from simtel.report.fit_table import day_word
from simtel.report.html import page_environment, page_source
from simtel.report.pixels import png
from simtel.report.size import (
    MEASURES,
    banded,
    demand_lines,
    hours,
    measure,
    numbers,
    remark_lines,
    surplus_line,
    to_json,
    verdict_line,
    worst_line,
)
from simtel.report.sizing_curves import Curve, Point, sizing_curves
from simtel.report.svg import Drawing
from simtel.report.words import plain
from simtel.run.files import write_whole
from simtel.sizing.design.answer import Answer
from simtel.sizing.design.bill import Row
from simtel.sizing.design.ends import COUNTED, Rests
from simtel.sizing.design.site_file import site_file

CONFIDENCE = 0.95


def write_size(
    folder: Path, answers: Sequence[Answer], taken: Sequence[str] = (), lang: str = "en", rests: Sequence[Rests] = ()
) -> list[Path]:
    """Write all files of an answer and name them. CannotWriteError."""
    several = len(answers) > 1
    files: dict[str, bytes] = {}
    for answer in answers:
        name = f"-{answer.parts.seats}" if several else ""
        files[f"site{name}.yaml"] = site_file(answer.need, answer.parts, f"sized{name}").encode()
        files[f"size{name}.png"] = png(picture(answer), lang, partial(_about, answer))
    files["size.html"] = render_page(answers, taken, lang, rests).encode()
    files["size.json"] = to_json(answers, taken, rests).encode()
    for file, content in files.items():
        write_whole(folder / file, content)
    return [folder / file for file in files]


def _about(answer: Answer, lang: str) -> tuple[str, str]:
    return told(_head(answer), lang), told(verdict_line(answer), lang)


def picture(answer: Answer) -> Drawing:
    """Service level, abandonment, occupancy and blocking against agents, on the trunks that are there."""
    targets = answer.need.targets
    panels = (
        ("service_level", both("service level"), targets.service_level),
        ("abandonment", both("abandonment"), targets.abandonment if targets.abandonment < 1 else None),
        ("occupancy", both("occupancy"), targets.occupancy if targets.occupancy < 1 else None),
        ("blocking", both("blocking"), targets.blocking),
    )
    curves = [
        Curve(name, [(agents, getattr(found, what)) for agents, found in answer.curve], _points(answer, what), target)
        for what, name, target in panels
    ]
    return sizing_curves(curves, CONFIDENCE, answer.parts.working_seats(answer.need))


def _points(answer: Answer, what: str) -> list[Point]:
    """The simulated means with their intervals."""
    if answer.simulated is None:
        return []
    found = ((point.agents, point.intervals[what]) for point in answer.simulated.points)
    return [Point(n, *(min(max(end, 0.0), 1.0) for end in (one.mean, one.low, one.high))) for n, one in found]


def render_page(
    answers: Sequence[Answer], taken: Sequence[str] = (), lang: str = "en", rests: Sequence[Rests] = ()
) -> str:
    """The page as text; `lang` is shown first."""
    return page_environment().get_template("size.html").render(
        lang=lang, style=page_source("style.css"), sites=[_site(answer) for answer in answers],
        demand=[_words(line) for line in demand_lines(answers[0].need, taken)], ends=_ends(rests),
    )  # fmt: skip


def _head(answer: Answer) -> Message:
    return Message("{agents} agents on duty, {seats} seats, {slots} timeslots", agents=answer.parts.agents,
                   seats=answer.parts.seats, slots=answer.parts.timeslots)  # fmt: skip


def _site(answer: Answer) -> dict[str, Any]:
    seconds = f"{answer.need.targets.threshold:g}"
    gives = [
        {"name": _words(Message(words.template, seconds=seconds)),
         "cells": [measure(answer.found, name), *_simulated(answer, name),
                   *(measure(down.found, name) for down in answer.downs)]}
        for name, words in MEASURES
    ]  # fmt: skip
    days, rows = hours(answer)
    return {
        "name": _words(_head(answer)), "picture": picture(answer).markup(),
        "verdict": _words(verdict_line(answer)), "worst": _words(worst_line(answer)), "gives": gives,
        "simulated": answer.simulated is not None,
        "downs": [{"name": _words(down.unit)} for down in answer.downs], "rows": [_row(row) for row in answer.rows],
        "days": [{each: plain(day_word(day, each)) for each in LANGUAGES} for day in days], "hours": rows,
        "surplus": None if (surplus := surplus_line(answer)) is None else _words(surplus),
        "costs": _costs(answer),
        "remarks": [_words(line) for line in remark_lines(answer)],
    }  # fmt: skip


def _costs(answer: Answer) -> dict[str, Any] | None:
    """What it costs; None without prices."""
    if not answer.need.prices:
        return None
    each = zip(*(cost_rows(answer, lang) for lang in LANGUAGES), strict=True)
    rows = [(list(zip(*(cells for cells, _ in row), strict=True)), row[0][1]) for row in each]
    return {
        "title": _words(costs_title(answer)), "heads": [_words(head) for head in HEADS],
        "rows": [
            {"assumed": assumed, "cells": [dict(zip(LANGUAGES, map(plain, cells), strict=True)) for cells in both_]}
            for both_, assumed in rows
        ],
        "lines": [_words(line) for line in cost_lines(answer)],
    }  # fmt: skip


def _ends(rests: Sequence[Rests]) -> dict[str, Any] | None:
    """What rests on assumed figures; None without any."""
    if not rests:
        return None
    drawn, lines = tornado(rests), (still_line(rests), untried_line(rests))
    return {
        "title": _words(TITLE), "picture": None if drawn is None else drawn.markup(),
        "parts": [*(_words(PARTS[name]) for name in COUNTED), _words(TURNS)],
        "rows": [
            {"name": _words(figure_name(one.figure)),
             "cells": [_words(cell) if isinstance(cell, Message) else cell for cell in cells(one)]}
            for one in moving(rests)
        ],
        "lines": [_words(line) for line in lines if line is not None],
    }  # fmt: skip


def _simulated(answer: Answer, name: str) -> list[str]:
    return [] if answer.simulated is None else [banded(answer.simulated.works, name)]


def _row(row: Row) -> dict[str, Any]:
    return {
        "name": _words(row.name), "numbers": numbers(row), "rule": _words(row.rule), "source": _words(row.source),
        "planning": _words(row.planning) if row.planning is not None else "",
        "short": row.spare is not None and row.spare < 0,
    }  # fmt: skip


def _words(message: Message) -> Words:
    return {lang: plain(told(message, lang)) for lang in LANGUAGES}
