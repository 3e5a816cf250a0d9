"""`simtel size`: from calls and targets to a site, or from a site to what it gives."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from signal import SIGINT, signal
from threading import Event
from time import monotonic
from typing import Any, NamedTuple

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.prices import listed, of_figures, wrong
from simtel.cli.speech import format_option, language, language_option, say, warn_of_letters
from simtel.core.clock import SECOND
from simtel.core.i18n import Message, said_by
from simtel.core.problems import BadInput, Problem, nowhere
from simtel.core.quantity import Unit
from simtel.core.units import parse
from simtel.profiles.catalogue import read_devices
from simtel.profiles.demand import Day, Demand, read_demand
from simtel.profiles.spec import Given as Figure
from simtel.report.size import render_size, to_json
from simtel.run.choose import sites_of
from simtel.run.files import prepare
from simtel.run.kinds import misplaced
from simtel.sizing.design.answer import Answer, answer, simulated
from simtel.sizing.design.asked import TAKEN, laws_of, limits_of, need, of_demand, of_site
from simtel.sizing.design.ends import Rests, assumed, rests_on
from simtel.sizing.design.lan import CODECS
from simtel.sizing.design.need import LOOP_LINES, Need
from simtel.sizing.design.plan import Beyond, Given, Unreachable
from simtel.sizing.design.simulated import Laws

_LEVEL = re.compile(r"(\d+(?:\.\d+)?)\s*(%?)\s*/\s*(\S.*)")
_DAYS = re.compile(r"(\d{1,5}(?:\.\d+)?)\s*d")


class Asked(NamedTuple):
    """A figure of the command line: its name, unit, the ends of what it may be (`above`: not the lower one), help."""

    name: str
    unit: Unit
    low: float
    high: float
    above: bool
    help: str


_DAY = 86_400.0
FIGURES = {
    "--calls": Asked("calls", Unit.RATE, 0, 1000, True, "Calls that reach the site, such as 300/h."),
    "--talk": Asked("talk", Unit.TIME, 0, _DAY, True, "Mean talk: it holds a trunk and a seat."),
    "--wrap-up": Asked("wrap_up", Unit.TIME, 0, _DAY, False, "Mean wrap-up: it holds a seat and no trunk."),
    "--aht": Asked("aht", Unit.TIME, 0, _DAY, True, "Talk and wrap-up together; say one of the two beside it."),
    "--ivr": Asked("ivr", Unit.TIME, 0, _DAY, False, "Mean time in the IVR: it holds a trunk and no seat."),
    "--ivr-leaves": Asked("leaves", Unit.SHARE, 0, 0.999, False, "Share of callers whom the IVR serves."),
    "--patience": Asked("patience", Unit.TIME, 0, _DAY, True, "Mean time after which a waiting caller hangs up."),
    "--redial": Asked("redial", Unit.SHARE, 0, 0.99, False, "Share of unserved callers who dial again."),
    "--redial-after": Asked("redial_after", Unit.TIME, 1, _DAY, False, "They dial again after so long. [default: 60s]"),
    "--blocking": Asked("blocking", Unit.SHARE, 0, 0.5, True, "Share of calls refused, at most. [default: 1%]"),
    "--abandonment": Asked("abandonment", Unit.SHARE, 0, 1, True, "Share of waiting callers who hang up, at most."),
    "--occupancy": Asked("occupancy", Unit.SHARE, 0, 1, True, "Share of their time that agents are busy, at most."),
    "--degraded-blocking": Asked("degraded_blocking", Unit.SHARE, 0, 0.99, True, "Blocking with one unit down."),
    "--shrinkage": Asked("shrinkage", Unit.SHARE, 0, 0.95, False, "Share of paid time away from the seat."),
    "--analog": Asked("analog", Unit.SHARE, 0, 1, False, "Share of telephones on 24-port boards; others: IP."),
    "--recorded": Asked("recorded", Unit.SHARE, 0, 1, False, "Share of talks that are recorded."),
    "--surge": Asked("surge", Unit.RATE, 0, 1000, False, "Calls that a TV spot adds, such as 900/h."),
    "--surge-lasts": Asked("surge_lasts", Unit.TIME, 60, _DAY, False, "It adds them for so long. [default: for ever]"),
    "--packet-time": Asked("packet_time", Unit.TIME, 0.01, 0.06, False, "Speech in one packet."),
    "--busy-hours": Asked("busy_hours", Unit.TIME, 0, _DAY, False, "So long a day with these calls, such as 12h."),
}
GIVEN = {
    "--given-e1": ("e1", "E1 spans that are there."),
    "--given-lines": ("lines", "Analog lines that are there, in fours."),
    "--given-ivr": ("ivr", "IVR ports that are there."),
    "--given-boards": ("boards", "24-port boards that are there."),
    "--given-core": ("core", "Core channels that are there."),
    "--given-agents": ("agents", "Agent licences that are there."),
    "--given-recording": ("recording", "Recording licences that are there."),
}


def _figure_options(function: Callable[..., int]) -> Callable[..., int]:
    """An option for each figure; the one that is said first stands last."""
    for flag, (name, help_) in reversed(GIVEN.items()):
        function = click.option(flag, f"given_{name}", type=click.IntRange(0, 100_000), help=help_)(function)
    for flag, figure in reversed(FIGURES.items()):
        function = click.option(flag, f"figure_{figure.name}", metavar=figure.unit.upper(), help=figure.help)(function)
    return function


@click.command(cls=Command)
@language_option
@click.argument("demand", required=False, type=click.Path())
@_figure_options
@click.option("--service-level", metavar="SHARE/TIME", help="Answered in time, of those who ask. [default: 80/20s]")
@click.option(
    "--degraded", metavar="SHARE/TIME", help="Service level that is enough with one unit down, and in the surge."
)
@click.option("--survive", type=click.IntRange(0, 1), default=0, show_default=True, help="Units that may be down.")
@click.option("--extensions", type=click.IntRange(0, 10_000), help="Office extensions, each 0.2 E outside.")
@click.option("--codec", type=click.Choice(list(CODECS)), help="Codec on the LAN. [default: g711]")
@click.option("--retention", metavar="DAYS", help="Recordings are kept so long, such as 90d.")
@click.option("--loop-lines", is_flag=True, help="Take analog lines where they cost less than another E1.")
@click.option("--seats-take-channels", is_flag=True, help="A seat takes a core channel too.")
@click.option(
    "--seats", "--given-seats", "seats", multiple=True, type=click.IntRange(1, 1000),
    help="Agents that are there: what do they give? May be given again, side by side.",
)  # fmt: skip
@click.option("--prices", metavar="FILE|quotation", help="Prices, instead of those of DEMAND: the cheapest site.")
@click.option("--price", "price", multiple=True, metavar="PART=AMOUNT",
              help="A price, such as agent=6000 or e1=18000: the cheapest site. May be given again.")  # fmt: skip
@click.option("--currency", metavar="NAME", help="Of the prices. [default: CNY]")
@click.option("--site", "site", metavar="ID|FILE", help="Take what this site has.")
@format_option("table", "json")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False),
    help="Write the site file, the report and its picture into this folder.",
)  # fmt: skip
@click.option("--simulate/--no-simulate", default=True, help="Hold the formula against simulated sites.")
@click.option("--seconds", type=click.FloatRange(0, 86_400), default=60, show_default=True,
              help="Tell what was reached when so much time has gone; Ctrl-C does too.")  # fmt: skip
@click.option(
    "--ranges/--no-ranges", default=True, help="Tell what the ends of assumed figures of DEMAND would change."
)
def size(
    demand: str | None, service_level: str | None, degraded: str | None, survive: int, extensions: int | None,
    codec: str | None, retention: str | None, loop_lines: bool, seats_take_channels: bool, seats: tuple[int, ...],
    prices: str | None, price: tuple[str, ...], currency: str | None, site: str | None, form: str, out: Path | None,
    simulate: bool, seconds: float, ranges: bool, **words: Any,
) -> int:  # fmt: skip
    """Size a site: seats, trunks, boards and licences for so many calls.

    DEMAND is a demand file; what options say counts instead of what it says. With --seats or other parts given, the
    answer is what they give; else the site of the fewest agents, or with prices the cheapest. A formula proposes, and
    simulated sites decide: callers who dial again, laws of durations and all. `simtel run` takes the site file that
    --out writes.

    Exit codes: 0 every target is met, 1 one is missed by what is given, 2 no site meets them, or bad input, 3 one lies
    too close to its limit to tell, or the time ran out before a site was found.
    """
    asked, problems = _asked(words)
    few: dict[str, float] = {}
    for option, text, prefix in (("--service-level", service_level, ""), ("--degraded", degraded, "degraded")):
        if text is not None:
            _level(option, text, few if prefix else asked, problems)
    if retention is not None:
        _days(retention, asked, problems)
    if "degraded_blocking" in asked:
        few["blocking"] = asked.pop("degraded_blocking")
    if extensions is not None:
        asked["extensions"] = extensions
    days: tuple[Day, ...] = ()
    laws, ends, found = Laws(), dict[str, tuple[float, float]](), None
    if demand is not None:
        said = set(asked)
        asked, found = _with_file(demand, asked, problems)
        if found is not None:
            days = () if "calls" in said else found.days
            codec = codec or (found.choice("codec") if "codec" in found else None)
            laws, ends = laws_of(found, said), {name: two for name, two in assumed(found).items() if name not in said}
    if words["given_e1"] == 0 and not words["given_lines"]:
        problems.append(wrong("--given-e1", Message("without an E1 or an analog line no call comes in")))
    priced = listed(None if found is None else found.prices, prices, price, currency, problems)
    if problems:
        raise BadInput(problems)
    plain = partial(need, survive=bool(survive), degraded=few or None, codec=codec or "g711", loop_lines=loop_lines,
                    channels_count_seats=seats_take_channels)  # fmt: skip

    def need_of(figures: Mapping[str, float]) -> Need:
        return replace(plain(figures), prices=of_figures(figures), currency=priced.currency, listed=priced.prices)

    asked, ends = asked | priced.figures(), ends | priced.ends()
    what, began = need_of(asked), monotonic()
    taken = [name for name in TAKEN if name not in asked]
    if out is not None:
        prepare(out)
    answers = _answers(what, days, seats, site, {name: words[f"given_{name}"] for name, _ in GIVEN.values()})
    with _interrupted() as stopped:
        if simulate:
            answers = _simulated(answers, laws, (began, seconds), stopped, picture=out is not None)
        done = partial(_out_of_time, stopped, began + seconds)
        rests = _rests(asked, ends, need_of, answers, done, site=site is not None) if ranges else ()
    if form == "json":
        click.echo(to_json(answers, taken, rests), nl=False)
    else:
        colour = sys.stdout.isatty()
        click.echo(render_size(answers, taken, language(), colour, rests=rests), nl=False, color=colour)
    if out is not None:
        from simtel.report.size_page import write_size  # noqa: PLC0415  (pages and pictures are seldom asked for)

        written = write_size(out, answers, taken, language(), rests)
        warn_of_letters()
        if form == "table":
            for path in written:
                click.echo(say("written: {path}", path=str(path)))
    if any((answer.short and not answer.unfinished) or answer.lacking for answer in answers):
        return 1
    return 3 if any(answer.open or answer.unfinished for answer in answers) else 0


def _asked(words: dict[str, Any]) -> tuple[dict[str, float], list[Problem]]:
    """Figures that options gave, and what is wrong with them."""
    asked: dict[str, float] = {}
    problems: list[Problem] = []
    for flag, figure in FIGURES.items():
        text = words[f"figure_{figure.name}"]
        if text is None:
            continue
        try:
            value = float(parse(text, figure.unit))
        except ValueError as error:
            problems.append(wrong(flag, said_by(error)))
            continue
        value /= SECOND if figure.unit is Unit.TIME else 1
        if not figure.low <= value <= figure.high or (figure.above and value == figure.low):
            problems.append(wrong(flag, Message("{value} is out of its range", value=f"'{text}'")))
        asked[figure.name] = value
    if "busy_hours" in asked:
        asked["busy_hours"] /= 3600
    _split(asked, problems)
    return asked, problems


def _split(asked: dict[str, float], problems: list[Problem]) -> None:
    """Talk and wrap-up from both together and one of them."""
    aht = asked.pop("aht", None)
    if aht is None:
        return
    if ("talk" in asked) == ("wrap_up" in asked):
        problems.append(wrong("--aht", Message("how much of it is wrap-up? say --talk or --wrap-up, and not both")))
        return
    known, other = ("talk", "wrap_up") if "talk" in asked else ("wrap_up", "talk")
    asked[other] = aht - asked[known]
    if asked[other] < 0 or asked["talk"] == 0:
        problems.append(wrong("--aht", Message("is not longer than the part of it that is given")))


def _level(option: str, text: str, into: dict[str, float], problems: list[Problem]) -> None:
    """'80/20s': a share in percent, and a time."""
    found = _LEVEL.fullmatch(text.strip())
    if found is None:
        problems.append(wrong(option, Message("{word} is no service level: write it as 80/20s", word=f"'{text}'")))
        return
    try:
        share, time = float(found[1]) / 100, float(parse(found[3], Unit.TIME)) / SECOND
    except ValueError as error:
        problems.append(wrong(option, said_by(error)))
        return
    if not found[2] and share <= 0.01:
        words = Message("{word}: is that a share of 1 or per cent? write {share}/{time}, or {word_}%/{time}",
                        word=f"'{text}'", share=f"{share * 10_000:g}", word_=found[1], time=found[3])  # fmt: skip
        problems.append(wrong(option, words))
        return
    if not 0 < share < 1 or time > _DAY:
        problems.append(wrong(option, Message("{value} is out of its range", value=f"'{text}'")))
    into |= {"service_level": share, "threshold": time}


def _days(text: str, asked: dict[str, float], problems: list[Problem]) -> None:
    found = _DAYS.fullmatch(text.strip())
    if found is None:
        problems.append(wrong("--retention", Message("{word} is no number of days: write it as 90d", word=f"'{text}'")))
    else:
        asked["retention"] = float(found[1])


def _with_file(path: str, asked: dict[str, float], problems: list[Problem]) -> tuple[dict[str, float], Demand | None]:
    """What the demand file says, and instead of it what options say; and the file."""
    wrong = misplaced(path, "demand")
    if wrong is not None:
        problems.append(wrong)
        return asked, None
    found = read_demand(path)
    return {**of_demand(found), **asked}, found


def _rests(
    asked: Mapping[str, float], ends: Mapping[str, tuple[float, float]],
    need_of: Callable[[Mapping[str, float]], Need], answers: list[Answer], out_of_time: Callable[[], bool], *,
    site: bool,
) -> tuple[Rests, ...]:  # fmt: skip
    """What rests on assumed figures of the site that was asked about; of several side by side, whatever their seats."""
    first = answers[0]
    given = replace(first.given, beyond=Beyond(), seats=first.given.seats if len(answers) == 1 else None)

    def as_built(figures: Mapping[str, float]) -> Need:
        there = first.need
        return replace(need_of(figures), analog=there.analog, channels_count_seats=there.channels_count_seats)

    return rests_on(asked, ends, as_built if site else need_of, given, out_of_time)


@contextmanager
def _interrupted() -> Iterator[Event]:
    """Ctrl-C sets what is given, and stops simtel when it comes again."""
    stopped = Event()

    def stop(*_: object) -> None:
        stopped.set()
        signal(SIGINT, before)

    before = signal(SIGINT, stop)
    try:
        yield stopped
    finally:
        signal(SIGINT, before)


def _simulated(
    answers: list[Answer], laws: Laws, time: tuple[float, float], stopped: Event, *, picture: bool
) -> list[Answer]:
    """Each held against simulated sites, in its share of the time (when it began, seconds)."""
    found = []
    began, seconds = time
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        for number, one in enumerate(answers, start=1):
            done = partial(_out_of_time, stopped, began + seconds * number / len(answers))
            found.append(simulated(one, laws, done, picture=picture, spread=workers.map))
    return found


def _out_of_time(stopped: Event, end: float) -> bool:
    return stopped.is_set() or monotonic() >= end


def _answers(
    what: Need, days: tuple[Day, ...], seats: tuple[int, ...], site: str | None, given: dict[str, int | None]
) -> list[Answer]:
    """One for each number of seats, or the one that is sought."""
    devices = read_devices()
    limits = limits_of({**_of("servers", devices["lpt-2000-ds"].figures), **_of("lan", devices["lan-switch"].figures)})
    if site is None:
        asked = [(what, _given(what, count, given), limits) for count in dict.fromkeys(seats) or [None]]
    else:
        specs = sites_of([site], seats, "as-quoted")
        asked = [(*of_site(what, spec), limits_of(spec.figures)) for spec in specs]
    try:
        return [answer(one, there, most, days) for one, there, most in asked]
    except Unreachable as error:
        words = Message("no site of this kind meets the targets: {why}", why=said_by(error))
        raise BadInput([nowhere(words)]) from None


def _given(what: Need, seats: int | None, given: dict[str, int | None]) -> Given:
    e1, lines = given["e1"], given["lines"]
    split = None if e1 is None else (e1 - e1 // 2, e1 // 2) if what.survive else (e1,)
    return Given(
        seats=seats, spans=split, ivr_ports=given["ivr"], boards=given["boards"], core_channels=given["core"],
        agent_licences=given["agents"], recording=given["recording"],
        loops=None if lines is None else lines // LOOP_LINES,
    )  # fmt: skip


def _of(role: str, figures: dict[str, Figure]) -> dict[str, Figure]:
    return {f"{role}.{path}": given for path, given in figures.items()}
