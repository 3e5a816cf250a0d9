"""The report of a run: one page without anything outside it, in both languages, drawn from run.json, the evidence and
the verdicts beside it.

The page needs no script to be read: languages switch by style alone, details open by themselves. Its lists are bounded
and say how many entries they leave out; of a sweep, only what was not met is drawn in full, and of a run of more than
`PICTURED` items only those that fail (all, if pictures of all or of one call are wanted). A page appears whole or
not at all: it is written under another name and moved into place.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Literal, NamedTuple

import jinja2
from markupsafe import Markup

from simtel.core.clock import show_duration
from simtel.core.events import Event
from simtel.core.i18n import LANGUAGES, translate
from simtel.core.log import EvidenceLog, Figure, Header, read_log
from simtel.report import charts, history
from simtel.report.both import Words, both, span, stated, told, worded
from simtel.report.foot import foot
from simtel.report.grid import Column, by_scenario, column_of, family
from simtel.report.ladder import rung
from simtel.report.panels import panels, ports
from simtel.report.pixels import png as png_of
from simtel.report.reasons import reasons
from simtel.report.sequence import LADDERS, Worst, sequence, worst_calls
from simtel.report.sheet import TEMPLATES
from simtel.report.svg import Drawing
from simtel.report.table import column_names, criterion_title
from simtel.report.words import (
    CLAIMS,
    MARKS,
    NOT_APPLICABLE,
    TARGETS,
    WORDS,
    beside_limit,
    figure_meaning,
    figure_name,
    finding,
    listed,
    outcome_word,
    plain,
    remarks,
    scenario_title,
    show_limit,
    show_measured,
    show_range,
    show_source,
    show_value,
    site_title,
    target_title,
)
from simtel.run.files import write_whole, writing
from simtel.run.folder import inside, read_judgement, read_run
from simtel.verdict.census import calls, end_of, faults, first_fault, text
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome
from simtel.verdict.verdict import Text, Verdict

NAME = "report.html"
EVENTS, CALLS, DRAWN = 50, 50, 4  # events and calls listed per item; items of one sweep drawn per site
PICTURED = 24  # items of a run of which each is drawn
Png = Literal["worst", "all", "none"]
FILES = ("timeline-close", "timeline", "ladder-*", "cabinet", "timeslots", "ports", "agents")


class Ladder(NamedTuple):
    """The diagram of one call, why it is shown, and how the call ended."""

    worst: Worst
    end: str
    picture: Drawing


@dataclass(slots=True)
class Pictures:
    """What is drawn of one item's evidence, and what is listed of it."""

    whole: Drawing | None = None
    close: Drawing | None = None
    panels: Drawing | None = None
    slots: Drawing | None = None
    ports: Drawing | None = None
    seats: Drawing | None = None
    ladders: list[Ladder] = field(default_factory=list)
    more_ladders: int = 0
    calls: list[tuple[str, ...]] = field(default_factory=list)
    more_calls: int = 0
    rungs: list[tuple[object, ...]] = field(default_factory=list)
    more_rungs: int = 0
    more_spans: int = 0
    more_seats: int = 0
    ended: str = ""
    events: int = 0
    lateness: str = ""
    fault: bool = False
    before: Words | None = None

    @property
    def files(self) -> dict[str, Drawing]:
        """Every picture by the name of a file for it."""
        ladders = {f"ladder-{one.worst.call}": one.picture for one in self.ladders}
        named = {"timeline-close": self.close, "timeline": self.whole, **ladders, "cabinet": self.panels,
                 "timeslots": self.slots, "ports": self.ports, "agents": self.seats}  # fmt: skip
        return {name: picture for name, picture in named.items() if picture is not None}


@dataclass(slots=True)
class Item:
    """One scenario at one site."""

    number: int
    judgement: Judgement
    pictures: Pictures | None
    folder: Path
    files: list[str] = field(default_factory=list)  # of its pictures
    left_out: bool = False  # it could be drawn, but the run has too many items

    @property
    def applies(self) -> bool:
        """Whether there was anything to judge."""
        return any(verdict.applies for verdict in self.judgement.verdicts) or not self.judgement.verdicts

    @property
    def common_notes(self) -> list[Text]:
        """Notes that several verdicts share: said once, under the table."""
        notes = [note for verdict in self.judgement.verdicts for note in verdict.notes]
        return [note for place, note in enumerate(notes) if note in notes[place + 1 :] and note not in notes[:place]]


@dataclass(slots=True)
class Stated:
    """An assumed, unknown or descriptive figure of a site, and the verdicts that rest on it."""

    figure: Figure
    rests: list[tuple[int, str, Judgement]]

    @property
    def weight(self) -> tuple[int, str]:
        """Sorts what most verdicts rest on first."""
        return -len(self.rests), self.figure.path


def write_html(run_folder: Path, lang: str = "en", trace: str = "", png: Png = "none") -> Path:
    """Write report.html into the folder of a run; `lang` is shown first. BadInput, CannotWriteError.

    `trace` names a call that is drawn wherever it occurs. `png` says of which items pictures are written as files,
    into the item's folder: of none, of all, or of the one that fails most.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"no language {lang!r}: there are {', '.join(LANGUAGES)}")
    items = list(read_items(run_folder, trace, everything=png == "all"))
    write_pictures(items, lang, png)
    path = run_folder / NAME
    write_whole(path, _page(items, lang).encode())
    return path


def render_html(run_folder: Path, lang: str = "en", trace: str = "") -> str:
    """The page as text."""
    if lang not in LANGUAGES:
        raise ValueError(f"no language {lang!r}: there are {', '.join(LANGUAGES)}")
    return _page(list(read_items(run_folder, trace)), lang)


def _page(items: Sequence[Item], lang: str) -> str:
    judgements = [item.judgement for item in items]
    grid = by_scenario(judgements)
    return page_environment().get_template("report.html").render(
        lang=lang, items=items, grid=grid, judgements=judgements, heads={c: _head(judgements, c) for c in grid.columns},
        targets=list(dict.fromkeys(column.target for column in grid.columns)),
        stated_figures={column: _figures(judgements, column) for column in grid.columns},
        overall=max((j.outcome for j in judgements), default=Outcome.INCONCLUSIVE),
        remarks=remarks((column.target for column in grid.columns), (v for j in judgements for v in j.verdicts)),
        names=_names(judgements, grid.columns), sections=reasons(judgements), foot=foot(judgements),
        Outcome=Outcome, pictured=PICTURED, style=page_source("style.css"), script=page_source("script.js"),
    )  # fmt: skip


def write_pictures(items: Sequence[Item], lang: str, png: Png) -> None:
    """Write the pictures of some items as PNG files and take away those of an earlier report."""
    drawable = [item for item in items if item.pictures is not None and item.pictures.files]
    worst = max(drawable, key=_failures, default=None)
    chosen = {"none": [], "all": drawable, "worst": [worst] if worst is not None and _failures(worst) else []}[png]
    for item in items:
        for stem in FILES:
            for path in item.folder.glob(f"{stem}.png"):
                with writing(path):
                    path.unlink()
    for item in chosen:
        head, pictures = item.judgement.header, item.pictures
        for name, picture in (pictures.files if pictures is not None else {}).items():
            item.files.append(f"{_harmless(name)}.png")
            write_whole(item.folder / item.files[-1], png_of(picture, lang, partial(_about, head)))


def _about(head: Header, lang: str) -> tuple[str, str]:
    place = listed([site_title(head, lang), translate("{seats} seats", lang, seats=head.seats)], lang)
    return scenario_title(head, lang), f"{place} · {target_title(head.target, lang)}"


def _failures(item: Item) -> int:
    return sum(verdict.outcome in (Outcome.FAIL, Outcome.ERROR) for verdict in item.judgement.verdicts)


def _harmless(name: str) -> str:
    """A name that names no other folder, whatever a log calls its calls."""
    return "".join(char if char.isalnum() or char in "-._" else "_" for char in name)[:80]


def read_items(run_folder: Path, trace: str = "", *, everything: bool = False) -> Iterator[Item]:
    """The items of a run, each with what its evidence shows. One log at a time is held."""
    drawn: dict[tuple[str, Column], int] = {}
    entries = read_run(run_folder).items
    chosen = len(entries) > PICTURED and not everything and not trace
    for number, entry in enumerate(entries):
        path = inside(run_folder, entry.verdicts)
        judgement = read_judgement(path)
        pictures = None
        left_out = chosen and judgement.complete and judgement.outcome <= Outcome.INCONCLUSIVE
        if entry.evidence is not None and not left_out and _draw(judgement, drawn):
            pictures = _pictures(read_log(inside(run_folder, entry.evidence)), judgement, trace)
        yield Item(number, judgement, pictures, path.parent, left_out=left_out and entry.evidence is not None)


def _draw(judgement: Judgement, drawn: dict[tuple[str, Column], int]) -> bool:
    """Whether an item is drawn in full: all but the many of a sweep that say nothing new."""
    name = judgement.header.scenario
    key = (family(name), column_of(judgement.header))
    if family(name) == name:
        return True
    if judgement.outcome is Outcome.PASS and key in drawn:
        return False
    drawn[key] = drawn.get(key, 0) + 1
    return drawn[key] <= DRAWN


def _pictures(log: EvidenceLog, judgement: Judgement, trace: str) -> Pictures:
    close = charts.close_up(log)
    troubled = [call for call in calls(log).values() if call.disposition != "completed"]
    struck = first_fault(log)
    base = struck.t if struck is not None else 0
    wanted = sorted({n for v in judgement.verdicts if v.outcome is not Outcome.PASS for n in v.events})
    if not wanted:
        wanted = sorted({n for v in judgement.verdicts for n in v.events})
    chosen = [log.events[n - 1] for n in wanted if 0 < n <= len(log.events)]
    late = max(log.footer.lateness.values(), default=0) if log.footer else 0
    worst = worst_calls(log, judgement)
    if trace in log.by_call() and trace not in {one.call for one in worst[:LADDERS]}:
        worst = [Worst(trace, ()), *worst]
    return Pictures(
        fault=bool(faults(log)), before=charts.before_any_fault(log), panels=panels(log), ports=ports(log),
        ladders=[Ladder(one, calls(log)[one.call].disposition if one.call in calls(log) else "",
                        sequence(log, one.call)) for one in worst[:LADDERS]],
        more_ladders=max(0, len(worst) - LADDERS),
        whole=charts.timeline(log, 0, end_of(log)),
        close=charts.timeline(log, *close) if close else None,
        slots=charts.timeslots(log), seats=charts.seats(log),
        calls=[
            (call.id, _at(next(iter(call.offered), None)), _at(call.connected), _at(call.end),
             call.disposition or "no-end", call.trouble, text(call.refused, "by"))
            for call in troubled[:CALLS]
        ],
        more_calls=max(0, len(troubled) - CALLS),
        rungs=[_rung_words(event, base) for event in chosen[:EVENTS]], more_rungs=max(0, len(chosen) - EVENTS),
        more_spans=max(0, len(history.slots(log)) - charts.SPANS),
        more_seats=max(0, len(history.seats(log)) - charts.SEATS),
        ended=show_duration(end_of(log)), events=len(log.events), lateness=show_duration(late) if late else "",
    )  # fmt: skip


def _rung_words(event: Event, base: int) -> tuple[object, ...]:
    shown = {lang: rung(event, base, lang) for lang in LANGUAGES}
    row = shown["en"]
    what, fields = ({lang: one[place] for lang, one in shown.items()} for place in (4, 5))
    return row.number, row.at, row.since, row.observer, plain(event.call or ""), what, fields


def _at(event: Event | None) -> str:
    return "" if event is None else f"{event.t / 1_000_000_000:.3f}"


def _head(judgements: Sequence[Judgement], column: Column) -> dict[str, Words]:
    header = next(j.header for j in judgements if column_of(j.header) == column)
    return {
        "site": stated(header.site_title, header.site),
        "seats": both("{seats} seats", seats=column.seats) if column.seats else {},
        "target": told(TARGETS[column.target]) if column.target in TARGETS else both("{target}", target=column.target),
    }


def _names(judgements: Sequence[Judgement], columns: Sequence[Column]) -> dict[Column, Words]:
    """What each column is called in a sentence."""
    told_ = {lang: column_names(judgements, columns, lang) for lang in LANGUAGES}
    return {column: {lang: names[column] for lang, names in told_.items()} for column in columns}


def _figures(judgements: Sequence[Judgement], column: Column) -> dict[str, list[Stated]]:
    """Assumed, unknown and descriptive figures of a site, each once, over all scenarios."""
    found: dict[str, dict[str, Stated]] = {"assumed": {}, "unknown": {}, "descriptive": {}}
    for number, judgement in enumerate(judgements):
        if column_of(judgement.header) != column:
            continue
        header = judgement.header
        for name, table in found.items():
            for figure in getattr(header, name):
                one = table.setdefault(figure.path, Stated(figure, []))
                one.rests += [(number, v.key, judgement) for v in judgement.verdicts if figure.path in v.rests_on]
    return {name: sorted(table.values(), key=lambda one: one.weight) for name, table in found.items()}


@cache
def page_environment() -> jinja2.Environment:
    """What the pages of reports are made with."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )  # fmt: skip
    environment.globals.update(
        t=lambda template, /, **args: span(both(template, **args)),
        told=lambda words: span(told(words)), word=lambda name: span(worded(name)), stated=lambda *a: span(stated(*a)),
        criterion=lambda key: span({lang: criterion_title(key, lang) for lang in LANGUAGES}),
        outcome=lambda o, target: span({lang: outcome_word(o, target, lang) for lang in LANGUAGES}),
        idle=lambda: span(told(NOT_APPLICABLE)), hint=_hint,
        bare=lambda o: span(told(WORDS[o])), mark=lambda o: MARKS[o], cls=lambda o: o.name.lower(),
        meaning=lambda path: _each(lambda lang: figure_meaning(path, lang)),
        figure_name=lambda name: _each(lambda lang: figure_name(name, lang)),
        finding=lambda v: _each(lambda lang: finding(v, lang)),
        beside=lambda v: _each(lambda lang: beside_limit(v, lang)),
        comma=lambda: span({lang: listed(("", ""), lang) for lang in LANGUAGES}),
        measured=lambda m: _each(lambda lang: show_measured(m, lang)),
        limit=lambda m: _each(lambda lang: show_limit(m, lang)),
        source=lambda basis, source: _each(lambda lang: show_source(basis, source, lang)),
        value=lambda v, unit: _each(lambda lang: show_value(v, unit, lang)),
        span_of=lambda figure: _each(lambda lang: show_range(figure, lang)), span=span,
        claims=_claims, targets_in_words=TARGETS,
        family=family,
    )  # fmt: skip
    return environment


def _each(show: Callable[[str], str]) -> Markup:
    return span({lang: show(lang) for lang in LANGUAGES})


def _hint(text: Text) -> str:
    """A sentence for a tooltip, which cannot be switched: in both languages."""
    return " / ".join(dict.fromkeys(told(text).values()))


def _claims(verdict: Verdict) -> Markup | None:
    picture = charts.against_claims(verdict) if verdict.criterion in CLAIMS else None
    return None if picture is None else picture.markup()


def page_source(name: str) -> Markup:
    """A file of ours that goes into a page as it stands."""
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704 (our own file)
