"""The pictures of a report: the timeline, timeslots, seats, and a figure against 0.1, 1, 3 and 30 s.

Each is one function from evidence to SVG. Colours are those of Okabe and Ito, which colour-blind people can tell apart;
what a colour says, a word, a pattern or a place says too. Every picture is bounded: spans, seats and servers that find
no room are counted in a line under it.
"""

from math import log10

from simtel.core.clock import SECOND, parse_duration, show_duration
from simtel.core.events import Kind
from simtel.core.log import EvidenceLog
from simtel.core.quantity import Unit
from simtel.report import history, occupancy
from simtel.report.both import Words, both, worded
from simtel.report.svg import Drawing, Legend, Span, bars, legend, num, round_up, steps, time_step
from simtel.report.words import SEAMLESS, never, plain, show_measured
from simtel.verdict.census import end_of, faults, first_fault, text
from simtel.verdict.verdict import Verdict

WIDTH, LEFT, RIGHT = 920, 168, 908
SERVERS, SPANS, SEATS, MARKED = 6, 8, 100, 12
UNWATCHED = 120  # room for the words that say so
STATES = ("out", "ready", "ringing", "talking", "wrap-up")


def timeline(log: EvidenceLog, start: int, end: int) -> Drawing:
    """Servers, service, calls up, calls cut and registrations over time, with the faults as vertical lines."""
    span = Span(start, max(end, start + 1), LEFT, RIGHT)
    names = history.server_names(log)[:SERVERS] if heard(log) else []
    registered = dict(list(history.registrations(log).items())[:SERVERS])
    top = 34
    called = bool(log.of(Kind.CALL_OFFERED))
    watched = bool(history.watched(log))
    refused = history.attempts_refused(log)
    height = (
        top
        + 34 * len(names)
        + 26 * watched
        + (168 if called else 0)
        + 60 * bool(called and refused)
        + 60 * len(registered)
        + 40
    )
    pic = Drawing(WIDTH, height, both("Timeline"))
    pic.time_axis(span, top - 4, height - 40)
    y = _servers(pic, log, names, span, top)
    if watched:
        y = _service(pic, log, span, y)
    if called:
        y = _count(pic, history.calls_up(log), span, y, 84)
        y = _each(pic, both("calls cut"), history.calls_cut(log), "cut", span, y + 22)
        if refused:
            y = _each(pic, both("attempts refused"), refused, "refused", span, y + 22)
    for server, line in registered.items():
        y = _registered(pic, server, line, history.answered(log, server), span, y + 22)
    _faults(pic, log, span, top - 4, height - 40)
    legend(pic, timeline_legend(log), LEFT, RIGHT)
    return pic


def heard(log: EvidenceLog) -> bool:
    """Whether anybody, the servers themselves included, says which of them was active."""
    return bool(log.of(Kind.SERVER_ADVERTISED) or history.words_said(log))


def _servers(pic: Drawing, log: EvidenceLog, names: list[str], span: Span, y: float) -> float:
    """For each server what others heard of it, and under that its own word; a lane that nobody filled says so."""
    seen, said = history.seen_active(log), history.said_active(log)
    listened = bool(log.of(Kind.SERVER_ADVERTISED))
    for name in names:
        pic.text(LEFT - 8, y + 10, plain(name), "lane", "end")
        if listened:
            pic.rect(LEFT, y, RIGHT - LEFT, 13, "bed")
        else:
            pic.text(LEFT + 4, y + 10, both("nobody listened"), "tick")
        pic.rect(LEFT, y + 15, RIGHT - LEFT, 8, "bed")
        pic.bars(bars(seen.get(name, ()), span, y + 6.5), 13, "seen")
        pic.bars(bars(said.get(name, ()), span, y + 19), 8, "said")
        marks = [e for e in history.words_said(log) if e.subject == name and span.shows(e.t)][:50]
        pic.path("".join(f"M{num(span.x(e.t))} {num(y + 12)}v14" for e in marks), "mark")
        if listened:
            _gone(pic, log, span, y)
        y += 34
    return y


def _service(pic: Drawing, log: EvidenceLog, span: Span, y: float) -> float:
    """Green where checks were answered, red where none was, grey where nobody asked."""
    pic.text(LEFT - 8, y + 10, both("service"), "lane", "end")
    pic.rect(LEFT, y, RIGHT - LEFT, 13, "bed")
    pic.bars(bars(history.watched(log), span, y + 6.5), 13, "served")
    before, after = parted(log)
    pic.bars(bars(before, span, y + 6.5), 13, "late")
    pic.bars(bars(after, span, y + 6.5), 13, "away")
    _gone(pic, log, span, y)
    return y + 26


def _gone(pic: Drawing, log: EvidenceLog, span: Span, y: float) -> None:
    """Say behind the last word of the watch that nobody looks any more: an empty lane is no outage."""
    for _, until in history.watched(log)[-1:]:
        if span.shows(until) and span.x(until) + UNWATCHED <= RIGHT:
            pic.text(span.x(until) + 4, y + 10, both("not watched any more"), "tick")


def parted(log: EvidenceLog) -> tuple[list[history.Stretch], list[history.Stretch]]:
    """Stretches without an answered check that began before any fault, and those since."""
    first = min((fault.t for fault in faults(log)), default=None)
    found = history.outages(log)
    before = [one for one in found if first is None or one[0] < first]
    return before, [one for one in found if one not in before]


def _count(pic: Drawing, line: history.Series, span: Span, y: float, height: float) -> float:
    """Calls up over time as a filled stepped line, with its scale."""
    base, scale = y + height, height / _scale(pic, max((count for _, count in line), default=0), y, height)
    pic.text(LEFT - 36, y + 10, both("calls up"), "lane", "end")
    pic.path(steps(line, span, base, scale, area=True), "up area")
    pic.path(steps(line, span, base, scale), "up step")
    return base


def _scale(pic: Drawing, most: int, y: float, height: float) -> int:
    """Round numbers and their lines, at least twelve pixels apart, from 0 to above the highest count; that number."""
    step = round_up(max(1, most) / int(height / 12.5))
    peak = -(-max(1, most) // step) * step
    for count in range(0, peak + 1, step):
        at = y + height - count * height / peak
        pic.line(LEFT, at, RIGHT, at, "grid")
        pic.text(LEFT - 8, at + 4, str(count), "tick", "end")
    return peak


def _registered(pic: Drawing, server: str, line: history.Series, known: history.Series, span: Span, y: float) -> float:
    """What devices believe, as a dashed line, and filled what the server could know of it."""
    base, scale = y + 38, 38 / _scale(pic, max((count for _, count in line), default=0), y, 38)
    pic.text(LEFT - 36, y + 10, both("registrations"), "lane", "end")
    pic.text(LEFT - 36, y + 24, plain(server), "tick", "end")
    pic.path(steps(known, span, base, scale, area=True), "reg area")
    pic.path(steps(known, span, base, scale), "reg step")
    pic.path(steps(line, span, base, scale), "believed")
    return base


def _each(pic: Drawing, what: Words, line: history.Series, kind: str, span: Span, y: float) -> float:
    """What happened in each short stretch of time, counted, with a scale."""
    every = time_step((span.end - span.start) / 150)
    found: dict[int, int] = {}
    for t, count in line:
        if span.shows(t):
            found[t // every] = found.get(t // every, 0) + count
    pic.text(LEFT - 36, y + 8, what, "lane", "end")
    pic.text(LEFT - 36, y + 22, both("{count} in all", count=sum(found.values())), "tick", "end")
    pic.text(LEFT - 36, y + 35, both("in each {time}", time=show_duration(every)), "tick", "end")
    foot = y + 38
    pic.line(LEFT, foot, RIGHT, foot, "grid")
    scale = 38 / _scale(pic, max(found.values()), y, 38) if found else 0
    for number, count in found.items():
        left, right = span.x(number * every), span.x((number + 1) * every)
        width = max(1.5, right - left - 1)
        pic.rect(left, foot - count * scale, width, count * scale, kind)
    return foot


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


def timeslots(log: EvidenceLog) -> Drawing | None:
    """Each timeslot of each span, when it carried a call and when it was out of service; None when there is neither."""
    found = history.slots(log)
    places = {name: of for name, of in occupancy.spans(log).items() if of}
    out = {name: {place.number: place.states[occupancy.OUT] for place in of} for name, of in places.items()}
    shown = {name: found.get(name, {}) for name in places if name in found or any(out[name].values())}
    shown = dict(list(shown.items())[:SPANS])
    if not shown:
        return None
    rows = {name: sorted(set(range(1, 32)) - {16} | set(used)) if max(used, default=0) <= 31 else sorted(used)[:64]
            for name, used in shown.items()}  # fmt: skip
    height = 8 + sum(5 * len(r) + 22 for r in rows.values()) + 40
    pic = Drawing(WIDTH, height, both("Timeslots in use"))
    span = Span(0, max(1, end_of(log)), LEFT, RIGHT)
    y = 8.0
    for row in rows.values():
        pic.rect(LEFT, y, RIGHT - LEFT, 5 * len(row), "bed")
        y += 5 * len(row) + 22
    pic.time_axis(span, 8, height - 40)
    trouble = {name: places[name][0].states for name in shown}
    y = 8.0
    for name, used in shown.items():
        for state in (occupancy.BLOCKED, occupancy.FAULTY):
            tall = 5 * len(rows[name])
            pic.bars(bars(trouble[name].get(state, ()), span, y + tall / 2), tall, f"span-{state}")
        y = _one_span(pic, name, used, out[name], rows[name], span, y)
    _faults_through(pic, log, span, 8, height - 40)
    legend(pic, _slots_legend(shown, trouble, any(any(out[name].values()) for name in shown)), LEFT, RIGHT)
    return pic


def _slots_legend(
    shown: dict[str, history.Slots], trouble: dict[str, dict[str, list[history.Stretch]]], out: bool
) -> Legend:
    fates = {fate for used in shown.values() for slot in used.values() for fate in slot}
    states = {state for name in shown for state, stretches in trouble[name].items() if stretches}
    parts = (
        (history.KEPT in fates, "slot kept", both("carries a call")),
        (history.CUT in fates, "slot cut", both("carries a call that was cut in the end")),
        (out, "slot out", both("out of service until it is reset")),
        (occupancy.FAULTY in states, "span-faulty", both("the span carries no speech")),
        (occupancy.BLOCKED in states, "span-blocked", both("its signalling is down")),
        (True, "bed", both("idle")),
    )
    return [(kind, words) for there, kind, words in parts if there]


def _one_span(
    pic: Drawing, name: str, used: history.Slots, out: dict[int, list[history.Stretch]], rows: list[int], span: Span,
    y: float,
) -> float:  # fmt: skip
    pic.text(LEFT - 36, y + 10, plain(name), "lane", "end")
    busy = len([slot for slot in rows if slot in used])
    pic.text(LEFT - 36, y + 24, both("{busy} of {all} used", busy=busy, all=len(rows)), "tick", "end")
    paths = {history.KEPT: "", history.CUT: "", occupancy.OUT: ""}
    for place, slot in enumerate(rows):
        paths[occupancy.OUT] += bars(out.get(slot, ()), span, y + 5 * place + 2.5)
        for fate, stretches in used.get(slot, {}).items():
            paths[fate] += bars(stretches, span, y + 5 * place + 2.5)
        if slot in (1, 15, 31) or place == len(rows) - 1:
            pic.text(LEFT - 8, y + 5 * place + 6, str(slot), "tiny", "end")
    for fate, path in paths.items():
        pic.bars(path, 4, f"slot {fate}")
    return y + 5 * len(rows) + 22


def seats(log: EvidenceLog) -> Drawing | None:
    """Each seat and the states of its agent over time; None when no agent was there."""
    found = dict(list(history.seats(log).items())[:SEATS])
    if not found:
        return None
    row = 10 if len(found) <= 30 else 8 if len(found) <= 60 else 6
    height = 8 + row * len(found) + 44
    pic = Drawing(WIDTH, height, both("States of the agents"))
    span = Span(0, max(1, end_of(log)), LEFT, RIGHT)
    pic.rect(LEFT, 8, RIGHT - LEFT, row * len(found), "bed")
    pic.time_axis(span, 8, height - 40)
    paths = dict.fromkeys(STATES, "")
    told, refused = history.refusals(log), ""
    every = 1 if row == 10 else 2 if row == 8 else 5
    for place, (seat, states) in enumerate(found.items()):
        y = 8 + row * (place + 0.5)
        for state, stretches in states.items():
            if state in paths:
                paths[state] += bars(stretches, span, y)
        refused += "".join(f"M{num(span.x(t))} {num(y - row / 2 + 0.5)}v{row - 1}" for t in told.get(seat, ())[:50])
        if (place + 1) % every == 0 or place == 0 < every - 2:
            pic.text(LEFT - 8, y + 3, plain(seat), "tiny", "end")
    for state, path in paths.items():
        pic.bars(path, row - 1, f"state {state}")
    pic.path(refused, "refusal")
    _faults_through(pic, log, span, 8, height - 40)
    legend(pic, seats_legend(log), LEFT, RIGHT)
    return pic


def timeline_legend(log: EvidenceLog) -> Legend:
    """What the timeline of this log holds, and nothing else."""
    said = any(history.said_active(log).values())
    before, after = parted(log)
    parts = (
        (bool(log.of(Kind.SERVER_ADVERTISED)), "seen", both("active, as others heard it")),
        (said, "said", both("active, by its own word")),
        (bool(history.words_said(log)), "mark", both("detected, promoted, serving or stepped back, by its own word")),
        (bool(history.watched(log)), "served", both("service checks are answered")),
        (bool(before), "late", both("no check answered in time, before any fault")),
        (bool(after), "away", both("no check answered")),
        (bool(history.calls_cut(log)), "cut", both("calls cut")),
        (bool(history.attempts_refused(log)), "refused", both("attempts refused")),
        (bool(history.registrations(log)), "reg", both("registered with a server that can answer")),
        (bool(history.registrations(log)), "believed", both("registered, as the devices believe")),
        (bool(faults(log)), "fault", both("fault")),
        (bool(log.of(Kind.FAULT_CLEARED)), "undone", both("fault undone")),
    )
    return [(kind, words) for there, kind, words in parts if there]


def seats_legend(log: EvidenceLog) -> Legend:
    """The states that agents were in."""
    found = history.seats(log)
    parts = [(f"state {state}", worded(state)) for state in STATES if any(state in states for states in found.values())]
    if history.refusals(log):
        parts.append(("refusal", both("log-in refused, by the server's word")))
    return [*parts, ("bed", both("nothing was seen"))]


def before_any_fault(log: EvidenceLog) -> Words | None:
    """What to say of checks that stayed without answer before any fault; None when all were answered."""
    before = parted(log)[0]
    if not before or not faults(log):
        return None
    since, until = max(before, key=lambda one: one[1] - one[0])
    return both(
        "Stretches without an answered check before any fault: {count}, the longest {length}, from {at} s on."
        " No fault caused them.",
        count=len(before), length=show_duration(until - since), at=f"{since / SECOND:.1f}",
    )  # fmt: skip


def _faults_through(pic: Drawing, log: EvidenceLog, span: Span, top: float, bottom: float) -> None:
    for event in faults(log)[:MARKED]:
        pic.line(span.x(event.t), top, span.x(event.t), bottom, "fault")


def close_up(log: EvidenceLog) -> tuple[int, int] | None:
    """The stretch round the first fault that anybody can feel; None when the whole run is hardly longer than that."""
    struck = first_fault(log)
    if struck is None:
        return None
    t, end = struck.t, end_of(log)
    back = min((until for since, until in history.outages(log) if until > t), default=t)
    said = max((e.t for e in history.words_said(log) if t <= e.t <= t + 30 * SECOND), default=t)
    after = min(max(back, said) + 2 * SECOND, t + 30 * SECOND) if max(back, said) > t else t + 10 * SECOND
    start, after = max(0, t - 2 * SECOND), min(after, end)
    return (start, after) if after - start < 0.6 * end else None


def against_claims(verdict: Verdict) -> Drawing | None:
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

    pic = Drawing(420, 62, both("Measured time"))
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
        low, high = (x(end) for end in measured.ends or (measured.value, measured.value))
        pic.line(low, y, max(high, low + 0.5), y, "spread")
        at = x(measured.value)
        pic.path(f"M{num(at)} {num(y)}l-6 -6l6 -6l6 6z", "found")
        anchor = "start" if at < 60 else "end" if at > 360 else "middle"
        pic.text(at, y - 16, show_measured(measured, "en"), "foundname", anchor)
    return pic
