"""What rests on assumed figures, for people and for programs: a table, a picture of bars (a tornado), and JSON.

Each figure has a line, the one that moves the agents most first: the ends of its range, and by how many agents, trunks
and other parts the formula's answer is more or less there. Figures that move nothing are named together, and so are
those for which the time did not suffice.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text as Line

from simtel.core.i18n import LANGUAGES, Message, told, translate
from simtel.core.quantity import Unit
from simtel.core.units import show
from simtel.profiles.prices import PARTS as PRICED
from simtel.report import bars
from simtel.report.both import Words
from simtel.report.costs import money
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
TURNS = Message("the answer turns at")
_SHOWN = 10  # figures in the picture


def moving(rests: Sequence[Rests]) -> list[Rests]:
    """Those that move a part."""
    return [one for one in rests if any(one.weight)]


def still_line(rests: Sequence[Rests]) -> Message | None:
    """Those that move none; None if there is no such figure."""
    still = [figure_name(one.figure) for one in rests if one.tried and not any(one.weight)]
    return Message("nothing of that moves with: {figures}", figures=_listed(still)) if still else None


def untried_line(rests: Sequence[Rests]) -> Message | None:
    """Those that the time did not suffice for; None if it did."""
    left = [figure_name(one.figure) for one in rests if not one.tried]
    if not left:
        return None
    return Message("the time ran out before these were tried, --seconds gives it more: {figures}",
                   figures=_listed(left))  # fmt: skip


def _listed(words: Sequence[Message]) -> Message:
    first, *rest = words
    return Message("{first}, {rest}", first=first, rest=_listed(rest)) if rest else first


def figure_name(name: str) -> Message:
    """What a figure is called; of prices: "price: E1 spans"."""
    part = name.removeprefix("price.")
    return NAMES[name] if part == name else Message("price: {part}", part=PRICED[part])


def figure(name: str, value: float) -> str:
    """A value as a demand file has it."""
    if name in _RATES:
        return f"{value * 3600:.4g}/h"
    if name in _TIMES:
        return show(round(value * 1e9), Unit.TIME)
    if name.startswith("price."):
        return money(value)
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
        return [*found, words, *[""] * (len(COUNTED) - 1), _turns(one)]
    pairs = ((one.low.more[name], one.high.more[name]) for name in COUNTED)
    return [*found, *(f"{_more(low)} / {_more(high)}" if low or high else "" for low, high in pairs), _turns(one)]


def _turned(one: Rests) -> bool:
    return one.low.turns is not None or one.high.turns is not None


def _turns(one: Rests) -> str:
    """From which values on the answer is another."""
    ends = (one.low.turns, one.high.turns)
    return " / ".join("-" if turns is None else figure(one.figure, float(f"{turns:.3g}")) for turns in ends)


def _more(number: int) -> str:
    return f"{number:+d}" if number else "0"


def ends_table(rests: Sequence[Rests], lang: str) -> list[Table | Line]:
    """The table, what moves nothing and what was not tried; nothing at all without assumed figures."""
    if not rests:
        return []
    lines = [Line(told(words, lang)) for words in (still_line(rests), untried_line(rests)) if words is not None]
    if not moving(rests):
        return [Line(told(TITLE, lang), style="italic"), *lines]
    table = Table(title=Line(told(TITLE, lang)), title_justify="left")
    table.add_column(translate("assumed figure", lang), overflow="fold")
    table.add_column(translate("value, and its range", lang), overflow="fold")
    for name in COUNTED:
        table.add_column(told(PARTS[name], lang), justify="right", max_width=10)
    for one in moving(rests):
        value, *more, turns = (told(cell, lang) if isinstance(cell, Message) else cell for cell in cells(one))
        value += "\n" + translate("turns at {values}", lang, values=turns) if _turned(one) else ""
        table.add_row(*map(Line, (told(figure_name(one.figure), lang), value, *more)))
    return [table, *lines]


def ends_json(rests: Sequence[Rests]) -> list[dict[str, Any]]:
    """All of it, seconds and calls per second; `more` is null where no site meets the targets, or nobody tried."""
    return [{"figure": one.figure, "value": one.value, "low": _end(one.low), "high": _end(one.high), "tried": one.tried}
            for one in rests]  # fmt: skip


def _end(end: End) -> dict[str, Any]:
    return {"value": end.value, "more": None if end.more is None else dict(end.more), "turns": end.turns}


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
    rows = []
    for one in shown:
        low, high = _moves(one, part)
        texts = (f"{more:+d}: {figure(one.figure, end.value)}" for more, end in ((low, one.low), (high, one.high)))
        rows.append(bars.Row(_words(figure_name(one.figure)), low, high, *texts))
    title = Message("{part} more or less at the ends of assumed figures", part=PARTS[part])
    return bars.tornado(_words(title), rows, 0)


def _words(message: Message) -> Words:
    return {lang: plain(told(message, lang)) for lang in LANGUAGES}
