"""Spans and boards as one sees them in a cabinet: a cell for each timeslot and port, before and after the fault.

`panels` shows all of them at a few instants beside each other; `ports` shows the ports of the boards over time, as
`charts.timeslots` does for the timeslots. A state is a colour and a letter in its cell.
"""

from simtel.core.clock import SECOND, show_duration
from simtel.core.log import EvidenceLog
from simtel.report.both import Words, both
from simtel.report.occupancy import (
    BLOCKED,
    FAULTY,
    IDLE,
    OUT,
    RINGING,
    USED,
    Place,
    Unit,
    boards,
    busiest,
    most_out,
    spans,
)
from simtel.report.svg import Drawing, Legend, Span, bars, legend
from simtel.report.words import plain
from simtel.verdict.census import end_of, faults, first_fault

WIDTH, LEFT, RIGHT = 920, 168, 908
UNITS, MARKED = 10, 12  # spans and boards of a picture, faults marked in it
CELL, ROW = 15, 8  # pixels of a cell; cells side by side
AFTER = (5 * SECOND, 30 * SECOND)
EMPTY, SIGNAL = "empty", "signal"
LETTERS = {RINGING: "r", USED: "", OUT: "=", BLOCKED: "–", FAULTY: "×", SIGNAL: "S"}
MEANS = {
    USED: both("in use"), RINGING: both("rings"), IDLE: both("idle"), OUT: both("= out of service until it is reset"),
    BLOCKED: both("– blocked: no call can reach it"), FAULTY: both("× faulty"), SIGNAL: both("S signalling"),
    EMPTY: both("no seat on it"),
}  # fmt: skip


def instants(log: EvidenceLog, units: Unit) -> list[tuple[int, Words]]:
    """At which instants the cabinet is shown: round the first fault that can be felt, else when most calls were up; and
    when most timeslots were out of service, instead of shortly after the fault.
    """
    struck = first_fault(log)
    if struck is None:
        t = busiest(log)
        return [(t, both("most calls up, at {at} s", at=_seconds(t)))]
    before = (struck.t - 1, both("just before the fault, at {at} s", at=_seconds(struck.t)))
    worst = most_out(units)
    later = [after for after in AFTER[worst is not None :] if struck.t + after < end_of(log)]
    found = [before, *((struck.t + t, both("{time} after the fault", time=show_duration(t))) for t in later)]
    if worst is not None:
        found.append((worst, both("most timeslots out of service, at {at} s", at=_seconds(worst))))
    return found


def panels(log: EvidenceLog) -> Drawing | None:
    """All spans and boards at those instants; None when the log shows neither in use nor in trouble."""
    units = dict(list({**spans(log), **boards(log)}.items())[:UNITS])
    units = {name: places for name, places in units.items() if places}
    if not any(stretches for places in units.values() for place in places for stretches in place.states.values()):
        return None
    moments = instants(log, units)
    wide = (RIGHT - LEFT) / max(len(moments), 2)
    rows = {name: _cells(name, places) for name, places in units.items()}
    height = 30 + sum(CELL * len(lines) + 20 for lines in rows.values())
    pic = Drawing(WIDTH, height, both("Spans and boards"))
    there: set[str] = set()
    for n, (_, words) in enumerate(moments):
        pic.text(LEFT + n * wide, 14, words, "axis")
    y = 26.0
    for name, lines in rows.items():
        pic.text(LEFT - 12, y + 12, plain(name), "lane", "end")
        pic.text(LEFT - 12, y + 26, _size(name, units[name]), "tick", "end")
        for n, (t, _) in enumerate(moments):
            for row, cells in enumerate(lines):
                for column, place in enumerate(cells):
                    state = place if isinstance(place, str) else _state(name, place, t)
                    there.add(state)
                    _cell(pic, LEFT + n * wide + column * CELL, y + row * CELL, state, place)
        y += CELL * len(lines) + 20
    legend(pic, [(f"cell-{state}", words) for state, words in MEANS.items() if state in there], LEFT, RIGHT)
    return pic


def _size(name: str, places: list[Place]) -> Words:
    if name.startswith("board."):
        return both("{count} ports with a seat", count=sum(bool(place.seat) for place in places))
    return both("{count} channels", count=len(places))


def _cells(name: str, places: list[Place]) -> list[list[Place | str]]:
    """Rows of cells: a span in two rows, of 1 to 16 (for signalling) and 17 to 31; ports by eight."""
    if not name.startswith("span."):
        return [list(places[n : n + ROW]) for n in range(0, len(places), ROW)]
    known = {place.number: place for place in places}
    upper: list[Place | str] = [known[n] for n in range(1, 16) if n in known]
    lower: list[Place | str] = [known.get(n, SIGNAL) for n in range(16, 32)]
    return [[*upper, lower[0]], lower[1:]]


def _state(name: str, place: Place, t: int) -> str:
    state = place.at(t)
    return EMPTY if state == IDLE and name.startswith("board.") and not place.seat else state


def _cell(pic: Drawing, x: float, y: float, state: str, place: Place | str) -> None:
    pic.rect(x, y, CELL - 1.5, CELL - 1.5, f"cell-{state}")
    letter = LETTERS.get(state) or (str(place.number) if isinstance(place, Place) else "")
    pic.text(x + CELL / 2 - 0.75, y + CELL - 4.5, letter, f"in-cell in-{state}", "middle")


def ports(log: EvidenceLog) -> Drawing | None:
    """Each port of each board, and when it rang, was in use, blocked or faulty; None without a board."""
    units = dict(list(boards(log).items())[:UNITS])
    if not any(stretches for places in units.values() for place in places for stretches in place.states.values()):
        return None
    row = 7
    height = 8 + sum(row * len(places) + 22 for places in units.values()) + 40
    pic = Drawing(WIDTH, height, both("Ports of the boards"))
    span = Span(0, max(1, end_of(log)), LEFT, RIGHT)
    y = 8.0
    for places in units.values():
        pic.rect(LEFT, y, RIGHT - LEFT, row * len(places), "bed")
        y += row * len(places) + 22
    pic.time_axis(span, 8, height - 40)
    y = 8.0
    there: dict[str, None] = {}
    for name, places in units.items():
        pic.text(LEFT - 60, y + 10, plain(name), "lane", "end")
        for state in (FAULTY, BLOCKED, RINGING, USED):
            path = "".join(
                bars(place.states.get(state, ()), span, y + row * (n + 0.5)) for n, place in enumerate(places)
            )
            pic.bars(path, row - 1 if state == FAULTY else row - 3.5, f"cell-{state}")
            there |= {state: None} if path else {}
        for n, place in enumerate(places):
            if n % 2 == 0:
                pic.text(
                    LEFT - 8,
                    y + row * n + 6,
                    " · ".join([str(place.number), *([plain(place.seat)] if place.seat else [])]),
                    "tiny",
                    "end",
                )
        y += row * len(places) + 22
    for event in faults(log)[:MARKED]:
        pic.line(span.x(event.t), 8, span.x(event.t), height - 40, "fault")
    parts: Legend = [(f"cell-{state}", MEANS[state]) for state in MEANS if state in there]
    legend(pic, [*parts, ("bed", MEANS[IDLE])], LEFT, RIGHT)
    return pic


def _seconds(t: int) -> str:
    return f"{t / SECOND:.1f}"
