"""What rests on assumed figures, for people and for programs: a table, a picture of bars (a tornado), and JSON.

Each figure has a line, the one that moves the agents most first: the ends of its range, and by how many agents, trunks
and other parts the formula's answer is more or less there. Figures that move nothing are named together.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text as Line

from simtel.core.i18n import LANGUAGES, Message, told, translate
from simtel.core.quantity import Unit
from simtel.core.units import show
from simtel.report.both import Words
from simtel.report.svg import Drawing
from simtel.report.words import plain
from simtel.sizing.design.ends import COUNTED, End, Rests
from simtel.sizing.design.need import exact

NAMES: Mapping[str, Message] = {
    "calls": Message("calls"), "talk": Message("talk"), "wrap_up": Message("wrap-up"),
    "ivr": Message("time in the IVR"), "leaves": Message("share served by the IVR"), "patience": Message("patience"),
    "redial": Message("share that dials again"), "redial_after": Message("time until they dial again"),
    "service_level": Message("wanted: service level"), "threshold": Message("wanted: answered within"),
    "blocking": Message("wanted: blocking"), "abandonment": Message("wanted: abandonment"),
    "occupancy": Message("wanted: occupancy"), "surge": Message("calls of a TV spot"),
    "surge_lasts": Message("time that a TV spot lasts"),
    "shrinkage": Message("shrinkage"), "extensions": Message("office extensions"),
    "analog": Message("share of analog seats"), "packet_time": Message("speech in a packet"),
    "recorded": Message("share of talks recorded"), "retention": Message("days for which recordings are kept"),
}  # fmt: skip
PARTS: Mapping[str, Message] = {
    "agents": Message("agents on duty"), "trunks": Message("trunks"), "seats": Message("seats"), "e1": Message("E1"),
    "boards": Message("boards"), "roster": Message("on the roster"),
}  # fmt: skip
_RATES = {"calls", "surge"}
_TIMES = {"talk", "wrap_up", "ivr", "patience", "redial_after", "threshold", "packet_time", "surge_lasts"}
_COUNTS = {"extensions", "retention"}
TITLE = Message("What rests on assumed figures, by the formula: more or less at the low and at the high end")
_SHOWN = 10  # figures in the picture
WIDTH, LEFT, RIGHT, TOP, ROW, BAR = 920, 220, 60, 34, 24, 14


def moving(rests: Sequence[Rests]) -> list[Rests]:
    """Those that move a part."""
    return [one for one in rests if any(one.weight)]


def still_line(rests: Sequence[Rests]) -> Message | None:
    """Those that move none; None if there is no such figure."""
    still = [NAMES[one.figure] for one in rests if not any(one.weight)]
    return Message("nothing of that moves with: {figures}", figures=_listed(still)) if still else None


def _listed(words: Sequence[Message]) -> Message:
    first, *rest = words
    return Message("{first}, {rest}", first=first, rest=_listed(rest)) if rest else first


def figure(name: str, value: float) -> str:
    """A value as a demand file has it."""
    if name in _RATES:
        return f"{value * 3600:.4g}/h"
    if name in _TIMES:
        return show(round(value * 1e9), Unit.TIME)
    return f"{value:g}" if name in _COUNTS else exact(round(value, 6))


def cells(one: Rests) -> list[Message | str]:
    """The ends of the range, and for each part its change at the low and at the high end; empty where none."""
    found: list[Message | str] = [
        Message("{value} ({low} to {high})", value=figure(one.figure, one.value), low=figure(one.figure, one.low.value),
                high=figure(one.figure, one.high.value)),
    ]  # fmt: skip
    if one.low.more is None or one.high.more is None:
        words = Message("no site meets the targets at its low end") if one.low.more is None else Message(
            "no site meets the targets at its high end")  # fmt: skip
        return [*found, words, *[""] * (len(COUNTED) - 1)]
    pairs = ((one.low.more[name], one.high.more[name]) for name in COUNTED)
    return [*found, *(f"{_more(low)} / {_more(high)}" if low or high else "" for low, high in pairs)]


def _more(number: int) -> str:
    return f"{number:+d}" if number else "0"


def ends_table(rests: Sequence[Rests], lang: str) -> list[Table | Line]:
    """The table and what moves nothing; nothing at all without assumed figures."""
    if not rests:
        return []
    table = Table(title=Line(told(TITLE, lang)), title_justify="left")
    table.add_column(translate("assumed figure", lang), overflow="fold", min_width=16)
    table.add_column(translate("value, and its range", lang), overflow="fold", min_width=16)
    for name in COUNTED:
        table.add_column(told(PARTS[name], lang), justify="right")
    for one in moving(rests):
        texts = (told(cell, lang) if isinstance(cell, Message) else cell for cell in cells(one))
        table.add_row(Line(told(NAMES[one.figure], lang)), *map(Line, texts))
    still = still_line(rests)
    return [table, *([] if still is None else [Line(told(still, lang))])]


def ends_json(rests: Sequence[Rests]) -> list[dict[str, Any]]:
    """All of it, seconds and calls per second; `more` is null where no site meets the targets."""
    return [{"figure": one.figure, "value": one.value, "low": _end(one.low), "high": _end(one.high)} for one in rests]


def _end(end: End) -> dict[str, Any]:
    return {"value": end.value, "more": None if end.more is None else dict(end.more)}


def tornado(rests: Sequence[Rests]) -> Drawing | None:
    """Agents, or trunks where no figure moves agents, at both ends of the figures that move them most; None where
    nothing does."""
    for part in ("agents", "trunks"):
        shown = [one for one in rests if _moves(one, part)][:_SHOWN]
        if shown:
            return _bars(sorted(shown, key=lambda one: max(map(abs, _moves(one, part))), reverse=True), part)
    return None


def _moves(one: Rests, part: str) -> tuple[int, ...]:
    ends = [end.more[part] for end in (one.low, one.high) if end.more is not None]
    return tuple(ends) if len(ends) == 2 and any(ends) else ()


def _bars(shown: Sequence[Rests], part: str) -> Drawing:
    title = _words(Message("{part} more or less at the ends of assumed figures", part=PARTS[part]))
    pic = Drawing(WIDTH, TOP + ROW * len(shown) + 34, title)
    most = max(max(map(abs, _moves(one, part))) for one in shown)
    middle, scale = LEFT + (WIDTH - LEFT - RIGHT) / 2, (WIDTH - LEFT - RIGHT) / 2 / most
    bottom = TOP + ROW * len(shown)
    pic.text(LEFT, TOP - 14, title, "lane")
    for number, one in enumerate(shown):
        top = TOP + ROW * number + (ROW - BAR) / 2
        pic.text(LEFT - 10, top + BAR - 3, _words(NAMES[one.figure]), "tick", "end")
        low, high = _moves(one, part)
        for kind, more in (("low", low), ("high", high)):
            if more:
                pic.rect(middle + min(more, 0) * scale, top, abs(more) * scale, BAR, f"end-{kind}")
        for side in (-1, 1):  # the ends of the bars, each with the value of the figure there
            there = [(end.value, more) for more, end in ((low, one.low), (high, one.high)) if more * side > 0]
            if there:
                value, more = max(there, key=lambda pair: abs(pair[1]))
                at = middle + more * scale + 5 * side
                pic.text(at, top + BAR - 3, f"{more:+d}: {figure(one.figure, value)}", "tick", "end" if side < 0 else
                         "start")  # fmt: skip
    pic.line(middle, TOP, middle, bottom, "chosen")
    pic.rect(LEFT, bottom + 14, 12, 10, "end-low")
    pic.text(LEFT + 18, bottom + 23, _words(Message("at the low end of its range")), "tick")
    pic.rect(LEFT + 220, bottom + 14, 12, 10, "end-high")
    pic.text(LEFT + 238, bottom + 23, _words(Message("at the high end of its range")), "tick")
    return pic


def _words(message: Message) -> Words:
    return {lang: plain(told(message, lang)) for lang in LANGUAGES}
