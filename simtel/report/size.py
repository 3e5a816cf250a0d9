"""What a site for a demand is made of, for people and for programs: tables for a terminal, and JSON.

One site is told part by part, with the rule that fixed each number; several stand side by side, a column each.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from math import inf, isfinite
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Line

from simtel.core.i18n import Message, told, translate
from simtel.core.quantity import Unit
from simtel.core.units import show
from simtel.report.costs import cost_json, costs_json, costs_table, money, rows_priced
from simtel.report.ends import ends_json, ends_table
from simtel.report.fit_table import day_word
from simtel.report.size_states import banded as share_banded
from simtel.report.size_states import surge_lines, worst_line
from simtel.report.table import printed
from simtel.sizing.design.answer import Answer
from simtel.sizing.design.bill import BITS, CALLS, OCTETS, PACKETS, Row, rostered
from simtel.sizing.design.confirm import Simulated, points
from simtel.sizing.design.confirm import told as told_of
from simtel.sizing.design.ends import Rests
from simtel.sizing.design.need import Got, Need, exact, percent
from simtel.sizing.design.simulated import CLOSE_CALLS, CONFIDENCE, Measured
from simtel.sizing.intervals import Interval

SCHEMA = "size/1"
# What a site gives: field of `Got`, its name, and how it is written.
MEASURES: tuple[tuple[str, Message], ...] = (
    ("service_level", Message("service level: answered within {seconds} s, of those who ask for an agent")),
    ("abandonment", Message("abandonment, of those who ask for an agent")),
    ("blocking", Message("blocking, of all calls")),
    ("occupancy", Message("occupancy of the agents")),
    ("asa", Message("mean wait of the answered")),
    ("queue", Message("callers waiting, in the mean")),
)
TAKEN_WORDS = {
    "wrap_up": Message("no wrap-up"), "ivr": Message("no IVR"), "patience": Message("nobody gives up"),
    "redial": Message("nobody dials again"), "service_level": Message("80 % within 20 s"),
    "blocking": Message("1 % blocking"),
}  # fmt: skip


def demand_lines(need: Need, taken: Sequence[str] = ()) -> list[Message]:
    """What is asked, and what was taken for figures that nobody gave."""
    traffic, targets = need.traffic, need.targets
    lines = [
        Message(
            "{calls} calls/h: IVR {ivr}, talk {talk}, wrap-up {wrap_up}, patience {patience}",
            calls=f"{traffic.arrival_rate * 3600:.6g}", ivr=_seconds(traffic.ivr), talk=_seconds(traffic.talk),
            wrap_up=_seconds(traffic.wrap_up),
            patience=Message("endless") if traffic.patience == inf else _seconds(traffic.patience),
        ),
        Message(
            "wanted: {level} answered within {seconds} s, blocking {blocking} at most{more}",
            level=exact(targets.service_level), seconds=f"{targets.threshold:g}", blocking=exact(targets.blocking),
            more=_more(need),
        ),
    ]  # fmt: skip
    if need.surge:
        calls = f"{need.surge * 3600:.6g}"
        lines.append(
            Message("a TV spot adds {calls} calls/h: judged as if they kept coming", calls=calls)
            if need.surge_lasts == inf else
            Message("a TV spot adds {calls} calls/h for {time}: simulated for so long, and judged by the calls that"
                    " come within it; by the formula as if they kept coming", calls=calls,
                    time=_seconds(need.surge_lasts))
        )  # fmt: skip
    known = [TAKEN_WORDS[name] for name in taken if name in TAKEN_WORDS]
    if known:
        lines.append(Message("not given, and taken: {words}", words=_listed(known)))
    return lines


def _more(need: Need) -> Message | str:
    targets = need.targets
    words = []
    if targets.abandonment < 1:
        words.append(Message("; abandonment {share} at most", share=exact(targets.abandonment)))
    if targets.occupancy < 1:
        words.append(Message("; occupancy {share} at most", share=exact(targets.occupancy)))
    if need.survive:
        words.append(Message("; with any one unit down too"))
    return _joined(words)


def _joined(words: Sequence[Message]) -> Message | str:
    if not words:
        return ""
    first, rest = words[0], _joined(words[1:])
    return Message("{first}{rest}", first=first, rest=rest)


def _listed(words: Sequence[Message]) -> Message:
    first, *rest = words
    return Message("{first}, {rest}", first=first, rest=_listed(rest)) if rest else first


def verdict_line(answer: Answer) -> Message:
    """Whether the targets are met, and up to which rate of calls."""
    if answer.short:
        return Message("targets missed: {missed}", missed=_listed(answer.short))
    if answer.lacking:
        parts = [Message("{part}: {needed} needed, {there} there", part=row.name, needed=numbers(row)[0],
                         there=numbers(row)[1]) for row in answer.lacking]  # fmt: skip
        return Message("parts are short: {parts}", parts=_listed(parts))
    if answer.open:
        return Message("too close to the limit to tell: {missed}", missed=_listed(answer.open))
    calls = int(answer.most * 3600)
    if answer.simulated is None:
        return Message("every target is met, up to {calls} calls/h while everything works", calls=calls)
    if answer.most < answer.need.traffic.arrival_rate:
        return Message("every target is met, simulated")
    return Message("every target is met, simulated; by the formula up to {calls} calls/h while everything works",
                   calls=calls)  # fmt: skip


def remark_lines(answer: Answer) -> list[Message]:
    """What must be read with the figures."""
    lines = [Message("formula, not simulation: durations and patience are taken as exponential, calls as Poisson")]
    if answer.unsimulated is not None:
        lines.append(Message("not simulated: {why}", why=answer.unsimulated))
    if answer.simulated is not None:
        lines = simulated_lines(answer, answer.simulated)
    lines += surge_lines(answer)
    if answer.unreachable is not None:
        lines.append(Message("no site of this kind meets the targets: {why}", why=answer.unreachable))
    return lines


def simulated_lines(answer: Answer, made: Simulated) -> list[Message]:
    """How the design was found, what its neighbours give, and why simulation and formula differ."""
    works = made.works
    lines = [
        Message(
            "simulated: {calls} calls on this site, all its intervals at once with {confidence}; {sites} calls in all",
            calls=_grouped(works.replications * CLOSE_CALLS), confidence=percent(CONFIDENCE),
            sites=_grouped(made.made),
        ),
    ]  # fmt: skip
    seats, trunks = made.formula.agents, made.formula.working_trunks(answer.need)
    if (seats, trunks) != (answer.parts.agents, answer.parts.working_trunks(answer.need)):
        lines.append(
            Message("the formula alone asks for {agents} agents and {trunks} trunks", agents=seats, trunks=trunks)
        )
    lines += [words for state in made.cases[1:] for wanted in (True, None, False) for words in told_of(state, wanted)]
    for fewer in made.neighbours:
        name = "service_level" if fewer.part == "agents" else "blocking"
        difference = fewer.difference[name]
        words = Message(
            NEIGHBOURS[fewer.part].template, points=f"{difference.mean * 100:+.2f}", half=points(difference)
        )
        if fewer.saves > 0:
            words = Message("{words}; it would save {amount} {currency}", words=words, amount=money(fewer.saves),
                            currency=answer.need.currency)  # fmt: skip
        lines.append(words)
    reasons = made.reasons.items()
    lines += [
        Message(WHY[name].template, whole=_points(one.laws + one.redials + one.rest), laws=_points(one.laws),
                redials=_points(one.redials), rest=_points(one.rest))
        for name, one in reasons if name in WHY
    ]  # fmt: skip
    if not made.finished:
        lines.append(Message("the time ran out: this is what was reached; --seconds gives it more"))
        if made.bound is not None:
            lines.append(Message("the cheapest site that is not ruled out has {agents} agents and {trunks} trunks",
                                 agents=made.bound.agents, trunks=made.bound.working_trunks(answer.need)))  # fmt: skip
    return lines


NEIGHBOURS = {
    "agents": Message("one agent fewer, the same callers: {points} ± {half} points of service level"),
    "trunks": Message("one trunk fewer, the same callers: {points} ± {half} points of blocking"),
    "ports": Message("one IVR port fewer, the same callers: {points} ± {half} points of blocking"),
}
WHY = {
    "service_level": Message(
        "service level: {whole} points from the formula to the simulation, of which {laws} come from durations that are"
        " not exponential, {redials} from callers who dial again soon and as patient as before, {rest} from what the"
        " formula only comes near (wrap-up, few IVR ports)"
    ),
    "blocking": Message(
        "blocking: {whole} points from the formula to the simulation, of which {laws} come from durations that are not"
        " exponential, {redials} from callers who dial again soon and as patient as before, {rest} from what the"
        " formula only comes near (wrap-up, few IVR ports)"
    ),
}


def _points(share: float) -> str:
    return f"{round(share * 100, 2) + 0.0:+.2f}"


def render_size(
    answers: Sequence[Answer], taken: Sequence[str] = (), lang: str = "en", colour: bool = False,
    width: int | None = None, rests: Sequence[Rests] = (),
) -> str:  # fmt: skip
    """The whole answer as text, `width` columns wide (the terminal's own width when None); `rests` on which figures."""
    parts: list[RenderableType] = [Line(told(line, lang)) for line in demand_lines(answers[0].need, taken)]
    parts.append(_gives(answers, lang))
    for answer in answers:
        head = _name(answer, lang) + translate(": ", lang) if len(answers) > 1 else ""
        style = "red" if answer.short or answer.lacking else "yellow" if answer.open else "green"
        parts.append(Line(head + told(verdict_line(answer), lang), style=style))
        parts.append(Line(head + told(worst_line(answer), lang)))
    parts += [_bill(answers[0], lang)] if len(answers) == 1 else [_bills(answers, lang)]
    parts += [one for answer in answers if answer.need.prices for one in costs_table(answer, lang)]
    for answer in answers:
        if answer.intervals:
            parts += _hours(answer, lang)
    parts += ends_table(rests, lang)
    lines = dict.fromkeys(told(line, lang) for answer in answers for line in remark_lines(answer))
    parts += [Line(line) for line in lines]
    return printed(parts, colour, width)


def _gives(answers: Sequence[Answer], lang: str) -> Table:
    table = Table(title=Line(translate("What the site gives", lang)), title_justify="left")
    table.add_column(translate("figure", lang), overflow="fold", min_width=24)
    for answer in answers:
        table.add_column(Line(_name(answer, lang)), justify="right")
        if answer.simulated is not None:
            table.add_column(Line(translate("simulated", lang)), justify="right")
    seconds = f"{answers[0].need.targets.threshold:g}"
    for name, words in MEASURES:
        title = told(Message(words.template, seconds=seconds), lang)
        table.add_row(Line(title), *(Line(cell) for answer in answers for cell in _both(answer, name)))
    return table


def _both(answer: Answer, name: str) -> list[str]:
    """A figure by the formula and, if there is one, by simulation."""
    found = [measure(answer.found, name)]
    return found if answer.simulated is None else [*found, banded(answer.simulated.works, name)]


def banded(found: Measured, name: str) -> str:
    """A simulated share with its band; empty for what is not judged."""
    one = found.intervals.get(name)
    return "" if one is None else share_banded(one)


def _name(answer: Answer, lang: str) -> str:
    return translate("{seats} seats", lang, seats=answer.parts.seats)


def measure(found: Got, name: str) -> str:
    """A figure of what a site gives."""
    value: float = getattr(found, name)
    if name == "asa":
        return _seconds(value)
    return f"{value:.2f}" if name == "queue" else percent(value)


def _bill(answer: Answer, lang: str) -> Table:
    """Part by part, with the rule that fixed each number, and below it what the planning rules say."""
    table = Table(title=Line(translate("Parts", lang)), title_justify="left", expand=True)
    table.add_column(translate("part", lang), overflow="fold", max_width=17)
    for head in ("needed", "there", "left"):
        table.add_column(translate(HEADS[head], lang), justify="right", no_wrap=True)
    table.add_column(translate("rule that fixed it", lang), overflow="fold", ratio=5)
    table.add_column(translate("source", lang), overflow="fold", ratio=3)
    for row in answer.rows:
        style = "red" if row.spare is not None and row.spare < 0 else ""
        rule = Line(told(row.rule, lang))
        if row.planning:
            rule.append("\n" + translate("planning rules", lang) + translate(": ", lang) + told(row.planning, lang))
        table.add_row(Line(told(row.name, lang)), *map(Line, numbers(row)), rule, Line(told(row.source, lang)),
                      style=style)  # fmt: skip
    return table


HEADS = {"needed": Message("needed"), "there": Message("there"), "left": Message("left")}


def _bills(answers: Sequence[Answer], lang: str) -> Table:
    """Side by side: what is there, what is needed, and the rule under it."""
    table = Table(title=Line(translate("Parts", lang)), title_justify="left", show_lines=True)
    table.add_column(translate("part", lang), overflow="fold", min_width=12)
    for answer in answers:
        table.add_column(Line(_name(answer, lang)), overflow="fold", min_width=20)
    for row in answers[0].rows:
        cells = [next(other for other in answer.rows if other.id == row.id) for answer in answers]
        table.add_row(Line(told(row.name, lang)), *(_beside(cell, lang) for cell in cells))
    return table


def _beside(row: Row, lang: str) -> Line:
    needed, there, _ = numbers(row)
    count = told(Message("{there}, needed {needed}", there=there or "-", needed=needed or "-"), lang)
    style = "red" if row.spare is not None and row.spare < 0 else ""
    return Line(count, style=style).append(f"\n{told(row.rule, lang)}", style="dim")


def numbers(row: Row) -> tuple[str, str, str]:
    """Needed, there and left, as people write them; empty where nobody can say."""
    return amount(row.needed, row.unit), amount(row.there, row.unit), amount(row.spare, row.unit)


def amount(value: float | None, unit: str) -> str:
    """A number of pieces, bits, packets, octets or calls."""
    if value is None or not isfinite(value):
        return ""
    if unit == BITS:
        return show(round(value), Unit.BITRATE)
    if unit == OCTETS:
        return f"{_grouped(value / 1e9)} GB"
    text = _grouped(value)
    return f"{text}/s" if unit == PACKETS else f"{text}/h" if unit == CALLS else text


def _grouped(value: float) -> str:
    return f"{round(value):,}".replace(",", " ")


def hours(answer: Answer) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Types of day, and for each time of day the agents on duty and, in brackets, the calls an hour."""
    days = list(dict.fromkeys(interval.day for interval in answer.intervals))
    by_start: dict[float, dict[str, str]] = {}
    for one in answer.intervals:
        agents = f"> {answer.parts.seats}" if one.agents is None else str(one.agents)
        by_start.setdefault(one.start, {})[one.day] = f"{agents} ({one.rate * 3600:.4g})"
    return days, [(clock(start), [found.get(day, "") for day in days]) for start, found in sorted(by_start.items())]


def surplus_line(answer: Answer) -> Message | None:
    """How the hours have what simulation wants beyond the formula; None where that is nothing."""
    beyond = answer.extra
    if not beyond or not answer.intervals:
        return None
    return Message("the hours by the formula; of the {agents} agents by which simulation differs from it, each hour has"
                   " its share", agents=f"{beyond:+d}")  # fmt: skip


def _hours(answer: Answer, lang: str) -> list[RenderableType]:
    days, rows = hours(answer)
    title = translate("Agents on duty, in brackets calls/h", lang)
    table = Table()
    table.add_column(translate("from", lang))
    for day in days:
        table.add_column(Line(day_word(day, lang)), justify="right")
    for start, cells in rows:
        table.add_row(start, *cells)
    surplus = surplus_line(answer)
    note = [] if surplus is None else [Line(told(surplus, lang))]
    return [Line(f"{_name(answer, lang)}{translate(': ', lang)}{title}", style="italic"), table, *note]


def clock(seconds: float) -> str:
    """A time of day."""
    return f"{int(seconds) // 3600:02}:{int(seconds) // 60 % 60:02}"


def _seconds(value: float) -> str:
    return f"{round(value, 2):.3g} s" if value < 100 else f"{value:.4g} s"


def to_json(answers: Sequence[Answer], taken: Sequence[str] = (), rests: Sequence[Rests] = ()) -> str:
    """All of it for programs: seconds, calls per second and shares; null where nothing is known or nothing ends it."""
    found = {"schema": SCHEMA, "taken": list(taken), "sites": [_site(answer) for answer in answers],
             "assumed": ends_json(rests)}  # fmt: skip
    return json.dumps(_plain(found), indent=1, ensure_ascii=False) + "\n"


def _site(answer: Answer) -> dict[str, Any]:
    return {
        "need": asdict(answer.need), "parts": asdict(answer.parts), "gives": asdict(answer.found),
        "missed": [str(words) for words in answer.short], "open": [str(words) for words in answer.open],
        "short_of": [row.id for row in answer.lacking],
        "most_calls": answer.most,
        "surge": None if answer.surge is None else asdict(answer.surge),
        "down": [{"unit": str(down.unit), "agents": down.seats, "trunks": down.trunks, "gives": asdict(down.found),
                  "missed": [str(words) for words in down.missed]} for down in answer.downs],
        "rows": [{**{field.name: getattr(row, field.name) for field in fields(row)}, "spare": row.spare,
                  **rows_priced(answer)[row.id]} for row in answer.rows],
        "roster": rostered(answer.need, answer.parts.agents),
        "costs": costs_json(answer), "cost": cost_json(answer),
        "curve": [{"agents": agents, **asdict(found)} for agents, found in answer.curve],
        "simulated": None if answer.simulated is None else _made(answer.simulated),
        "intervals": [asdict(interval) for interval in answer.intervals],
    }  # fmt: skip


def _made(made: Simulated) -> dict[str, Any]:
    return {
        "calls": made.works.replications * CLOSE_CALLS, "calls_in_all": made.made,
        "confidence": CONFIDENCE,
        "finished": made.finished, "formula": asdict(made.formula), "ivr_ports": made.ports,
        "cases": [_case(one) for one in made.cases],
        "neighbours": [{"fewer": one.part, "cases": [_case(case) for case in one.cases],
                        "difference": _differences(one.difference), "saves": one.saves} for one in made.neighbours],
        "not_ruled_out": None if made.bound is None else asdict(made.bound),
        "differs_from_formula": {name: asdict(one) for name, one in made.reasons.items()},
        "points": [{"agents": one.agents, **_ends(one.intervals)} for one in made.points],
    }  # fmt: skip


def _case(one: Measured) -> dict[str, Any]:
    return {"state": None if one.case.name is None else str(one.case.name), "agents": one.case.seats,
            "trunks": one.case.trunks, "gives": _ends(one.intervals), "met": dict(one.met),
            "unjudged": _ends({name: x for name, x in one.shares.items() if name not in one.intervals})}  # fmt: skip


def _ends(intervals: Mapping[str, Interval]) -> dict[str, Any]:
    """Shares, of which control variates may leave the mean, and any interval an end, beyond 0 or 1."""
    return {name: {"mean": _share(one.mean), "low": _share(one.low), "high": _share(one.high)}
            for name, one in intervals.items()}  # fmt: skip


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _differences(intervals: Mapping[str, Interval]) -> dict[str, Any]:
    return {name: {"mean": one.mean, "half_width": one.half_width} for name, one in intervals.items()}


def _plain(value: Any) -> Any:
    """JSON knows no infinity, and a message is its English text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    return str(value) if isinstance(value, Message) else value
