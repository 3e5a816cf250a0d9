"""`simtel sweep`: what each number of seats gives of a demand, simulated, beside the formula."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import rich_click as click

from simtel import __version__
from simtel.cli.phrase import Command
from simtel.cli.speech import (
    BROKEN_OFF,
    complain,
    format_option,
    language,
    language_option,
    say,
    say_message,
    warn_of_letters,
)
from simtel.core.i18n import LANGUAGES, pick, said_by, translate
from simtel.core.problems import BadInput, quoted
from simtel.core.quantity import Unit
from simtel.core.units import parse

MOST_SEATS = 1_000
BAR = 30  # columns of the progress bar
PICTURES = {"en": "sweep.png", "zh": "sweep.zh.png"}
# Measure -> where a demand says what is wanted of it.
TARGETS = {
    "service_level": "targets.service_level", "abandonment": "targets.abandonment", "occupancy": "targets.occupancy",
    "blocking": "targets.blocking",
}  # fmt: skip
_SPAN = re.compile(r"(\d{1,6})(?::(\d{1,6})(?::(\d{1,6}))?)?")


def _seats(_context: click.Context, _option: click.Parameter, word: str) -> range:
    """`20`, `10:120` or `10:120:10`: from, to and with both ends, in steps."""
    found = _SPAN.fullmatch(word)
    if found is None:
        raise click.BadParameter(say("{word} is no span of seats: write it as 10:120 or 10:120:10", word=quoted(word)))
    first, last, step = int(found[1]), int(found[2] or found[1]), int(found[3] or 1)
    if not 1 <= first <= last <= MOST_SEATS or step < 1:
        raise click.BadParameter(say("a span of seats goes upwards, from 1 to {most} at most", most=MOST_SEATS))
    return range(first, last + 1, step)


def _width(_context: click.Context, _option: click.Parameter, word: str | None) -> float | None:
    if word is None:
        return None
    try:
        width = float(parse(word, Unit.SHARE))
    except ValueError as error:
        raise click.BadParameter(say_message(said_by(error))) from None
    if not width > 0:
        raise click.BadParameter(say("a half-width is above 0%"))
    return width


def _bar(told: Callable[[int, int, str], None]) -> Callable[[int, int, str], None]:
    """What tells how far a sweep is, by a bar and by the number of seats that it is at."""

    def bar(done: int, total: int, seats: str) -> None:
        told(done, total, f"|{'#' * (BAR * done // total):<{BAR}}| {say('{seats} seats', seats=seats)}")

    return bar


@click.command(cls=Command)
@language_option
@click.argument("demand", type=click.Path())
@click.option(
    "--seats", required=True, callback=_seats, metavar="FROM:TO[:STEP]", help="Numbers of seats, such as 10:120.",
)  # fmt: skip
@click.option(
    "--trunks", type=click.IntRange(1, 2_048),
    help="Simulate the whole site, with so many trunks. [default: seats alone]",
)  # fmt: skip
@click.option(
    "--ivr-ports", type=click.IntRange(1, 2_048), help="With --trunks: IVR ports. [default: one for each trunk]"
)
@click.option(
    "--replications", type=click.IntRange(2, 10_000), default=100, show_default=True,
    help="Replications of each point; with --half-width the fewest.",
)  # fmt: skip
@click.option(
    "--half-width", callback=_width, metavar="SHARE",
    help="Replicate until every share is known so sharply, such as 0.1%.",
)  # fmt: skip
@click.option(
    "--calls", type=click.IntRange(100, 10_000_000), default=10_000, show_default=True,
    help="Calls of each replication.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of all that is random.")
@click.option(
    "--executor",
    default="local",
    show_default=True,
    metavar="local|dask://HOST:PORT",
    help="Where points are computed.",
)
@click.option("--jobs", type=click.IntRange(1), help="Processes. [default: one per processor]")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the sweep. [default: reports/sweep-ID]",
)  # fmt: skip
@format_option("table", "json", "csv")
def sweep(
    demand: str, seats: range, trunks: int | None, ivr_ports: int | None, replications: int, half_width: float | None,
    calls: int, seed: int, executor: str, jobs: int | None, out: Path | None, form: str,
) -> int:  # fmt: skip
    """Simulate a demand with each number of seats, and draw it beside the formula.

    DEMAND is a demand file; its busiest interval is simulated as if it lasted. With --trunks the whole site is
    simulated: trunks held through IVR, queue and talk, wrap-up, redialling, office extensions. Without it trunks and
    IVR ports are taken to suffice and nobody dials again: a quick look at seats alone. Where formula and simulation
    differ, the table says why; for laws that no formula knows (quantiles of a log, or people of very different kinds)
    the simulation stands alone.

    Whatever the number of workers, the files are the same. A sweep that was broken off goes on in the same folder.
    """
    from simtel.cli.show import Minutes, Progress  # noqa: PLC0415  (numba, for this command alone)
    from simtel.profiles.demand import read_demand  # noqa: PLC0415
    from simtel.report.pixels import png  # noqa: PLC0415
    from simtel.report.sweep import render_sweep, sweep_csv, sweep_drawing  # noqa: PLC0415
    from simtel.run import seat_sweep  # noqa: PLC0415
    from simtel.run.files import prepare, write_whole  # noqa: PLC0415
    from simtel.run.kinds import misplaced  # noqa: PLC0415
    from simtel.sizing.design.sweep_point import question  # noqa: PLC0415

    wrong = misplaced(demand, "demand")
    if wrong is not None:
        raise BadInput([wrong])
    if ivr_ports is not None and trunks is None:
        raise click.UsageError(say("--ivr-ports goes with --trunks"))
    read = read_demand(demand)
    asked = question(read, replications, calls, seed, half_width, trunks, ivr_ports)
    folder = out or Path("reports") / f"sweep-{read.id}"
    prepare(folder)
    where = seat_sweep.executor_of(executor, jobs)
    if read.redial is not None and trunks is None:
        complain("who is not served and dials again is not simulated here")
    try:
        points = seat_sweep.sweep(asked, seats, folder, where, _bar(Progress() if sys.stderr.isatty() else Minutes()))
    except KeyboardInterrupt:
        complain("broken off: the points that were ready are kept in {folder}, and the same command goes on from there",
                 folder=str(folder))  # fmt: skip
        return BROKEN_OFF
    made = seat_sweep.Sweep(__version__, read.id, read.hash, asked, tuple(points), asked.apart)
    picture = sweep_drawing(made, {name: read.number(path) for name, path in TARGETS.items() if path in read})

    def about(lang: str) -> tuple[str, str]:
        return pick(read.title, lang), translate(
            "{replications} replications of {calls} calls, seed {seed}, simtel {version}", lang,
            replications=replications, calls=calls, seed=seed, version=__version__,
        )  # fmt: skip

    if picture is not None:
        for lang in LANGUAGES:
            write_whole(folder / PICTURES[lang], png(picture, lang, about))
        warn_of_letters()
    write_whole(folder / "sweep.csv", sweep_csv(made).encode())
    seat_sweep.write_sweep(folder / seat_sweep.SWEEP, made)
    if form == "table":
        click.echo(render_sweep(made, language()), nl=False)
        click.echo(say("all files of this sweep: {folder}", folder=str(folder)))
    else:
        text = sweep_csv(made) if form == "csv" else (folder / seat_sweep.SWEEP).read_text()
        click.echo(text, nl=False)
    return 0
