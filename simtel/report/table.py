"""The verdict table for a terminal: a row per scenario and criterion, a column per site and size.

Every cell says its outcome in words; colour only repeats it. Under the table stand what the words are worth on this
kind of target, the counts, and every reason for whatever was not met, each told once.
"""

import io
import shutil
from collections.abc import Sequence
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from simtel.core.i18n import translate
from simtel.report.foot import foot_lines
from simtel.report.grid import Cell, Column, Grid, Row, by_criterion
from simtel.report.reasons import Reason, reasons
from simtel.report.words import (
    IDLE,
    NOT_APPLICABLE,
    WORDS,
    finding,
    listed,
    outcome_word,
    plain,
    remarks,
    scenario_title,
    show_limit,
    site_title,
    target_title,
    tell,
)
from simtel.verdict.criteria import CRITERIA
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome

STYLES = {
    Outcome.PASS: "green", Outcome.INCONCLUSIVE: "yellow", Outcome.FAIL: "bold red", Outcome.ERROR: "bold magenta",
}  # fmt: skip

_NARROW, _TITLE = 14, 16  # letters that a column of a site, of scenarios or of criteria has at least
_FRAME = 3  # letters of a column besides its own: a line and two blanks
WIDEST = 30  # letters that a column of a site takes before others are narrowed for it


def render_table(
    judgements: Sequence[Judgement], lang: str = "en", colour: bool = False, width: int | None = None,
    report: Path | None = None,
) -> str:  # fmt: skip
    """The table as text, `width` columns wide (the terminal's own width when None), naming `report` for the rest."""
    grid = by_criterion(judgements)
    headers = {column: _header(judgements, column, lang) for column in grid.columns}
    width = width or _terminal()
    parts = [_table(grid, headers, lang, width), *_legend(grid, lang), *_reasons(judgements, grid, lang)]
    parts += [Line(line, style="dim") for line in foot_lines(judgements, lang)]
    if report is not None:
        parts.append(Line(translate("Details: {path}", lang, path=str(report))))
    return printed(parts, colour, width)


def printed(parts: Sequence[RenderableType], colour: bool = False, width: int | None = None) -> str:
    """Tables and lines as text, `width` columns wide (the terminal's own width when None)."""
    out = io.StringIO()
    console = Console(
        file=out, force_terminal=colour, color_system="truecolor" if colour else None, no_color=not colour,
        width=width or _terminal(), highlight=False, legacy_windows=False,
    )  # fmt: skip
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def _terminal() -> int:
    """Columns of the terminal, as far as a table can be read in them."""
    return max(80, shutil.get_terminal_size((140, 24)).columns)


def criterion_title(key: str, lang: str) -> str:
    """What a criterion asks, in words, with the unit that it is about; an unknown one (a foreign file) by its key."""
    name, _, subject = key.partition(":")
    title = tell(CRITERIA[name].title, lang) if name in CRITERIA else plain(name)
    return title + translate(" ({what})", lang, what=plain(subject)) if subject else title


def _header(judgements: Sequence[Judgement], column: Column, lang: str) -> str:
    header = next(j.header for j in judgements if (j.header.site, j.header.seats) == column[:2])
    seats = translate("{seats} seats", lang, seats=column.seats) if column.seats else ""
    return "\n".join(part for part in (site_title(header, lang), seats) if part)


def _table(grid: Grid, headers: dict[Column, str], lang: str, width: int) -> Table:
    kinds = ", ".join(dict.fromkeys(target_title(column.target, lang) for column in grid.columns))
    table = Table(title=Line(translate("Verdicts - {target}", lang, target=kinds)), title_justify="left")
    room = (width - 1 - 2 * (_TITLE + _FRAME)) // max(1, len(grid.columns)) - _FRAME
    needed = [max(_NARROW, min(room, _needed(grid, column, lang))) for column in grid.columns]
    # rich takes what is too wide from the last column, which would give none of it: so these two must leave it room.
    titles = max(_TITLE, (width - 1 - sum(letters + _FRAME for letters in needed)) // 2 - _FRAME)
    table.add_column(translate("scenario", lang), overflow="fold", min_width=_TITLE, max_width=titles)
    table.add_column(translate("criterion", lang), overflow="fold", min_width=_TITLE, max_width=titles)
    for column, letters in zip(grid.columns, needed, strict=True):
        table.add_column(Line(headers[column]), overflow="fold", min_width=letters)
    last = None
    for row in grid.rows:
        if last not in (None, row.scenario):
            table.add_section()
        title = scenario_title(row.header, lang) if row.scenario != last else ""
        cells = [_cell(row, column, lang) for column in grid.columns]
        table.add_row(Line(title), Line(criterion_title(row.key, lang)), *cells)
        last = row.scenario
    return table


def _needed(grid: Grid, column: Column, lang: str) -> int:
    """Letters that a column of a site needs: its widest figure with the limit, so that neither is torn apart."""
    shown = [_words(row.cells[column], column, lang) for row in grid.rows if column in row.cells]
    widest = max((cell_len(line) for text in shown for line in text.splitlines()), default=0)
    return min(WIDEST, widest)


def _cell(row: Row, column: Column, lang: str) -> Line:
    cell = row.cells.get(column)
    if cell is None:
        return Line(translate("not asked", lang), style="dim")
    return Line(_words(cell, column, lang), style=STYLES[cell.outcome] if cell.applies else "dim")


def _words(cell: Cell, column: Column, lang: str) -> str:
    if not cell.applies and cell.worst is not None:
        return f"{IDLE} {tell(NOT_APPLICABLE, lang)}\n{tell(cell.worst.reason, lang)}"
    word = outcome_word(cell.outcome, column.target, lang)
    found, of = cell.count
    if of > 1:
        word += " " + translate("({found} of {of})", lang, found=found, of=of)
    worst = cell.worst
    if worst is None:
        return word
    measured, limit = finding(worst, lang), show_limit(worst.limit, lang)
    both = translate("{measured} ({limit})", lang, measured=measured, limit=limit)
    return "\n".join(part for part in (word, both if measured and limit else measured or limit) if part)


def _legend(grid: Grid, lang: str) -> list[Line]:
    verdicts = (verdict for row in grid.rows for cell in row.cells.values() for verdict in cell.verdicts)
    lines = [Line(tell(text, lang)) for text in remarks((column.target for column in grid.columns), verdicts)]
    total = dict.fromkeys(sorted(Outcome, reverse=True), 0)
    for column in grid.columns:
        for outcome, count in grid.counts(column).items():
            total[outcome] += count
    idle = sum(grid.idle(column) for column in grid.columns)
    parts = [f"{count} {tell(WORDS[outcome], lang)}" for outcome, count in total.items() if count]
    words = listed([*parts, *([f"{idle} {tell(NOT_APPLICABLE, lang)}"] if idle else [])], lang)
    all_ = sum(total.values()) + idle
    lines.append(Line(translate("{all} verdicts: {words}", lang, all=all_, words=words), style="bold"))
    return lines


def _reasons(judgements: Sequence[Judgement], grid: Grid, lang: str) -> list[Line | Padding]:
    """Every reason once: those of a scenario under its title, those of several scenarios last."""
    names = column_names(judgements, grid.columns, lang)
    lines: list[Line | Padding] = []
    for section in reasons(judgements):
        title = translate("In several scenarios", lang)
        if section.header is not None:
            title = scenario_title(section.header, lang)
        lines.append(Line(title, style="bold"))
        lines += [Padding(_reason(reason, names, lang), (0, 0, 0, 2)) for reason in section.reasons]
    return lines


def _reason(reason: Reason, names: dict[Column, str], lang: str) -> Line:
    where = listed((names[column] for column in reason.columns), lang)
    if len(names) > 1 and len(reason.columns) == len(names):
        where = translate("everywhere", lang)
    what = listed((criterion_title(key, lang) for key in reason.keys), lang)
    text = translate("{what}: {reason}", lang, what=what, reason=tell(reason.text, lang))
    line = f"{tell(WORDS[reason.outcome], lang) if reason.applies else IDLE} [{where}] {text}"
    if len(reason.scenarios) > 1:
        line += f" ({', '.join(reason.scenarios)})" if lang == "en" else f"（{'、'.join(reason.scenarios)}）"
    return Line(line, style=STYLES[reason.outcome] if reason.applies else "dim")


def column_names(judgements: Sequence[Judgement], columns: Sequence[Column], lang: str) -> dict[Column, str]:
    """What each column is called in a sentence: its site, with size and kind of target where those tell it apart."""
    found: dict[Column, str] = {}
    for column in columns:
        parts = [_header(judgements, column, lang).partition("\n")[0]]
        if sum(other.site == column.site for other in columns) > 1:
            parts.append(translate("{seats} seats", lang, seats=column.seats))
        if len({other.target for other in columns}) > 1:
            parts.append(column.target)
        found[column] = listed(parts, lang)
    return found
