"""The ladder of one call: every event that names it, in order, with time, observer and what was seen, in words.

Also the rows of it for a page, where the same events stand as a table. Faults that struck while the call lasted stand
between its events, for they are why most ladders are read.
"""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from simtel.core.clock import show_duration
from simtel.core.events import Event, Kind
from simtel.core.i18n import translate
from simtel.core.log import EvidenceLog
from simtel.report.words import event_words, field_words, listed, plain
from simtel.verdict.census import faults, text


class Rung(NamedTuple):
    """One event in words."""

    number: str
    at: str
    since: str
    observer: str
    what: str
    fields: str


def rung(event: Event, base: int, lang: str) -> Rung:
    """An event, with its time also counted from `base`."""
    what = event_words(event.kind, event.subject, lang)
    if event.subject not in (event.observer, "") and event.subject not in what:
        what = translate("{subject}: {what}", lang, subject=plain(event.subject), what=what)
    fields = listed((field_words(name, value, lang) for name, value in event.data.items()), lang)
    sign = "+" if event.t >= base else ""
    return Rung(
        str(event.seq), _seconds(event.t), f"{sign}{show_duration(event.t - base)}", plain(event.observer), what, fields
    )


def render_ladder(log: EvidenceLog, call: str, lang: str = "en") -> str:
    """The ladder as text. KeyError when nothing in the log names the call."""
    mine = log.by_call().get(call)
    if not mine:
        raise KeyError(call)
    struck = [event for event in (*faults(log), *log.of(Kind.FAULT_CLEARED)) if mine[0].t <= event.t <= mine[-1].t]
    rungs = [rung(event, mine[0].t, lang) for event in sorted((*mine, *struck), key=lambda event: event.seq)]
    head = Rung(
        translate("no.", lang), translate("time", lang), translate("since offered", lang), translate("observer", lang),
        translate("what was seen", lang), translate("fields", lang),
    )  # fmt: skip
    end = next((event for event in mine if event.kind == Kind.CALL_ENDED), None)
    title = translate("Call {call}", lang, call=call)
    if end is not None:
        title = translate("Call {call}: {how}", lang, call=call, how=text(end, "disposition"))
    return "\n".join([plain(title), *aligned([head, *rungs])]) + "\n"


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Columns padded by what a terminal shows: a Chinese character takes two places."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _seconds(t: int) -> str:
    return f"{t / 1_000_000_000:.6f}"
