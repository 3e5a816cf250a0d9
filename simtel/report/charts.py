"""The pictures of a report: the failover timeline, timeslots, seats, and a figure against 0.1, 1, 3 and 30 s.

Each is one function from evidence to SVG. Colours are those of Okabe and Ito, which colour-blind people can tell apart;
what a colour says, a word, a pattern or a place says too. Every picture is bounded: spans, seats and servers that find
no room are counted in a line under it.
"""

from math import log10

from markupsafe import Markup

from simtel.core.clock import SECOND, parse_duration
from simtel.core.events import Kind
from simtel.core.log import EvidenceLog
from simtel.core.quantity import Unit
from simtel.report import history
from simtel.report.both import Words, both, worded
from simtel.report.svg import Drawing, Span, bars, num, round_up, steps
from simtel.report.words import SEAMLESS, never, plain, show_measured
from simtel.verdict.census import end_of, faults, text
from simtel.verdict.verdict import Verdict

WIDTH, LEFT, RIGHT = 920, 168, 908
SERVERS, SPANS, SEATS, MARKED = 6, 8, 100, 12
STATES = ("out", "ready", "ringing", "talking", "wrap-up")


def timeline(log: EvidenceLog, start: int, end: int) -> Markup:
    """Servers, service, calls up, calls cut and registrations over time, with the faults as vertical lines."""
    span = Span(start, max(end, start + 1), LEFT, RIGHT)
    names = history.server_names(log)[:SERVERS]
    registered = dict(list(history.registrations(log).items())[:SERVERS])
    top = 34
    called = bool(log.of(Kind.CALL_OFFERED))
    height = top + 34 * len(names) + 26 + (148 if called else 0) + (78 if registered else 0) + 40
    pic = Drawing(WIDTH, height)
    pic.time_axis(span, top - 4, height - 40)
    y = _servers(pic, log, names, span, top)
    y = _service(pic, log, span, y)
    if called:
        y = _count(pic, {"": history.calls_up(log)}, span, y, 90, both("calls up"), "up")
        y = _cut(pic, log, span, y + 14)
    if registered:
        _count(pic, registered, span, y + 20, 50, both("registrations"), "reg")
    _faults(pic, log, span, top - 4, height - 40)
    return pic.markup(both("Failover timeline"))


def _servers(pic: Drawing, log: EvidenceLog, names: list[str], span: Span, y: float) -> float:
    seen, said = history.seen_active(log), history.said_active(log)
    for name in names:
        pic.text(LEFT - 8, y + 10, plain(name), "lane", "end")
        pic.rect(LEFT, y, RIGHT - LEFT, 13, "bed")
        pic.rect(LEFT, y + 15, RIGHT - LEFT, 8, "bed")
        pic.bars(bars(seen.get(name, ()), span, y + 6.5), 13, "seen")
        pic.bars(bars(said.get(name, ()), span, y + 19), 8, "said")
        marks = [e for e in history.words_said(log) if e.subject == name and span.shows(e.t)][:50]
        pic.path("".join(f"M{num(span.x(e.t))} {num(y + 12)}v14" for e in marks), "mark")
        y += 34
    return y


def _service(pic: Drawing, log: EvidenceLog, span: Span, y: float) -> float:
    if not log.of(Kind.SERVICE_CHECKED, Kind.SERVICE_LOST, Kind.SERVICE_ANSWERED):
        return y
    pic.text(LEFT - 8, y + 10, both("service"), "lane", "end")
    pic.rect(LEFT, y, RIGHT - LEFT, 13, "served")
    pic.bars(bars(history.outages(log), span, y + 6.5), 13, "away")
    return y + 26


def _count(
    pic: Drawing, series: dict[str, history.Series], span: Span, y: float, height: float, title: Words, kind: str
) -> float:
    """Counts over time, one stepped line each; one line alone is filled."""
    peak = max((count for line in series.values() for _, count in line), default=0) or 1
    step = round_up(peak / 3)
    base, scale = y + height, height / peak
    pic.text(LEFT - 30, y + 10, title, "lane", "end")
    for count in range(0, peak + 1, step):
        pic.line(LEFT, base - count * scale, RIGHT, base - count * scale, "grid")
        pic.text(LEFT - 8, base - count * scale + 4, str(count), "tick", "end")
    for number, (name, line) in enumerate(series.items()):
        if len(series) == 1:
            pic.path(steps(line, span, base, scale, area=True), f"{kind} area")
        pic.path(steps(line, span, base, scale), f"{kind} step s{number}")
        if name and len(series) > 1:
            pic.text(LEFT - 30, y + 24 + 12 * number, plain(name), f"tick {kind} t{number}", "end")
    return base


def _cut(pic: Drawing, log: EvidenceLog, span: Span, y: float) -> float:
    """Calls cut: a bar a pixel wide, as high as its count, with the number beside the highest ones."""
    pic.text(LEFT - 8, y + 12, both("calls cut"), "lane", "end")
    found: dict[float, int] = {}
    for t, count in history.calls_cut(log):
        if span.shows(t):
            x = round(span.x(t) / 4) * 4
            found[x] = found.get(x, 0) + count
    peak = max(found.values(), default=0)
    pic.text(LEFT - 8, y + 26, both("{count} in all", count=sum(found.values())), "tick", "end")
    pic.line(LEFT, y + 30, RIGHT, y + 30, "grid")
    foot = num(y + 30)
    pic.path("".join(f"M{num(x - 1.5)} {foot}v-{num(24 * n / peak)}h3V{foot}z" for x, n in found.items()), "cut")
    named: list[float] = []
    for place, n in sorted(found.items(), key=lambda item: -item[1]):
        if len(named) < 6 and all(abs(place - other) > 28 for other in named):
            pic.text(place + 4, y + 14, str(n), "cutcount")
            named.append(place)
    return y + 30


def _faults(pic: Drawing, log: EvidenceLog, span: Span, top: float, bottom: float) -> None:
    struck = [event for event in faults(log) if span.shows(event.t)]
    for number, event in enumerate(struck[:MARKED]):
        x = span.x(event.t)
        pic.line(x, top, x, bottom, "fault")
        if number < 4:
            what = {lang: f"✖ {word} {plain(event.subject)}" for lang, word in worded(text(event, "fault")).items()}
            side = "end" if x > (LEFT + RIGHT) / 2 else "start"
            pic.text(x + (4 if side == "start" else -4), 11 + 12 * (number % 2), what, "faultname", side)
    undone = [event for event in log.of(Kind.FAULT_CLEARED) if span.shows(event.t)]
    for event in undone[:MARKED]:
        pic.line(span.x(event.t), top, span.x(event.t), bottom, "undone")


def timeslots(log: EvidenceLog) -> Markup | None:
    """Each timeslot of each span, and when it carried a call; None when no trunk was used."""
    found = history.slots(log)
    shown = dict(list(found.items())[:SPANS])
    if not shown:
        return None
    rows = {name: sorted(set(range(1, 32)) - {16} | set(used)) if max(used) <= 31 else sorted(used)[:64]
            for name, used in shown.items()}  # fmt: skip
    height = 8 + sum(5 * len(r) + 22 for r in rows.values()) + 40
    pic = Drawing(WIDTH, height)
    span = Span(0, max(1, end_of(log)), LEFT, RIGHT)
    y = 8.0
    for name, used in shown.items():
        y = _one_span(pic, name, used, rows[name], span, y)
    pic.time_axis(span, 8, height - 40)
    _faults_through(pic, log, span, 8, height - 40)
    return pic.markup(both("Timeslots in use"))


def _one_span(
    pic: Drawing, name: str, used: dict[int, dict[str, list[history.Stretch]]], rows: list[int], span: Span, y: float
) -> float:
    pic.text(LEFT - 30, y + 10, plain(name), "lane", "end")
    busy = len([slot for slot in rows if slot in used])
    pic.text(LEFT - 30, y + 24, both("{busy} of {all} used", busy=busy, all=len(rows)), "tick", "end")
    pic.rect(LEFT, y, RIGHT - LEFT, 5 * len(rows), "bed")
    paths = {history.KEPT: "", history.CUT: ""}
    for place, slot in enumerate(rows):
        for fate, stretches in used.get(slot, {}).items():
            paths[fate] += bars(stretches, span, y + 5 * place + 2.5)
        if slot in (1, 15, 31) or place == len(rows) - 1:
            pic.text(LEFT - 8, y + 5 * place + 6, str(slot), "tiny", "end")
    for fate, path in paths.items():
        pic.bars(path, 4, f"slot {fate}")
    return y + 5 * len(rows) + 22


def seats(log: EvidenceLog) -> Markup | None:
    """Each seat and the states of its agent over time; None when no agent was there."""
    found = dict(list(history.seats(log).items())[:SEATS])
    if not found:
        return None
    row = 10 if len(found) <= 30 else 6
    height = 8 + row * len(found) + 44
    pic = Drawing(WIDTH, height)
    span = Span(0, max(1, end_of(log)), LEFT, RIGHT)
    paths = dict.fromkeys(STATES, "")
    every = 1 if row == 10 else 5
    for place, (seat, states) in enumerate(found.items()):
        for state, stretches in states.items():
            if state in paths:
                paths[state] += bars(stretches, span, 8 + row * (place + 0.5))
        if place % every == 0:
            pic.text(LEFT - 8, 8 + row * place + 8, plain(seat), "tiny", "end")
    for state, path in paths.items():
        pic.bars(path, row - 1, f"state {state}")
    pic.time_axis(span, 8, height - 40)
    _faults_through(pic, log, span, 8, height - 40)
    return pic.markup(both("States of the agents"))


def _faults_through(pic: Drawing, log: EvidenceLog, span: Span, top: float, bottom: float) -> None:
    for event in faults(log)[:MARKED]:
        pic.line(span.x(event.t), top, span.x(event.t), bottom, "fault")


def close_up(log: EvidenceLog) -> tuple[int, int] | None:
    """The stretch round the first fault that deserves a second look; None when the whole run is no longer than that."""
    struck = faults(log)
    if not struck:
        return None
    t, end = struck[0].t, end_of(log)
    back = min((until for since, until in history.outages(log) if until > t), default=t)
    said = max((e.t for e in history.words_said(log) if t <= e.t <= t + 30 * SECOND), default=t)
    after = min(max(back, said) + 2 * SECOND, t + 30 * SECOND) if max(back, said) > t else t + 10 * SECOND
    start, after = max(0, t - 2 * SECOND), min(after, end)
    return (start, after) if after - start < 0.6 * end else None


def against_claims(verdict: Verdict) -> Markup | None:
    """A measured time on a scale from 10 ms to 100 s, against 0.1, 1, 3 and 30 s and its limit; None without a time."""
    measured, limit = verdict.measured, verdict.limit
    lasting = never(verdict)
    known = measured is not None and measured.unit is Unit.TIME and not isinstance(measured.value, str)
    if lasting is None and not known:
        return None
    left, right, y = 14.0, 406.0, 30.0

    def x(time: float) -> float:
        share = (log10(min(max(time / SECOND, 0.01), 100.0)) + 2) / 4
        return left + share * (right - left)

    pic = Drawing(420, 62)
    pic.line(left, y, right, y, "rule")
    for name in SEAMLESS:
        at = x(parse_duration(name))
        pic.line(at, y - 6, at, y + 6, "rule")
        pic.text(at, y + 20, name, "tick", "middle")
    if limit is not None and limit.unit is Unit.TIME and not isinstance(limit.value, str):
        at = x(limit.value)
        pic.path(f"M{num(at)} {num(y)}l-5 9h10z", "limit")
        pic.text(at, y + 32, both("limit"), "limitname", "middle")
    if lasting is not None:
        words = both("never again on {count} calls", count=lasting) if lasting else both("not while it was watched")
        pic.path(f"M{num(right - 10)} {num(y - 6)}l10 6l-10 6z", "found")
        pic.text(right, y - 16, words, "foundname", "end")
    elif measured is not None and not isinstance(measured.value, str):
        low, high = (x(measured.value + sign * measured.uncertainty) for sign in (-1, 1))
        pic.line(low, y, max(high, low + 0.5), y, "spread")
        at = x(measured.value)
        pic.path(f"M{num(at)} {num(y)}l-6 -6l6 -6l6 6z", "found")
        anchor = "start" if at < 60 else "end" if at > 360 else "middle"
        pic.text(at, y - 16, show_measured(measured, "en"), "foundname", anchor)
    return pic.markup(both("Measured time"))
