"""`simtel availability`: how many minutes a year a site is down, and which units they are owed to."""

import sys

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.speech import format_option, language, language_option, say, say_message
from simtel.core.clock import HOUR, SECOND
from simtel.core.i18n import said_by
from simtel.core.quantity import Unit
from simtel.core.units import parse
from simtel.report.availability import availability_json, render_availability
from simtel.run.choose import sites_of
from simtel.sizing.availability import SYSTEM_LIMIT, USER_LIMIT
from simtel.sizing.site_downtime import Crew, site_downtime

LONGEST = 1_000 * HOUR


def _time(_context: click.Context, _option: click.Parameter, word: str) -> float:
    """A time of people, in seconds."""
    try:
        time = int(parse(word, Unit.TIME))
    except ValueError as error:
        raise click.BadParameter(say_message(said_by(error))) from None
    if not 0 < time <= LONGEST:
        raise click.BadParameter(say("a time of people is above 0 s and at most 1000 h"))
    return time / SECOND


@click.command(cls=Command)
@language_option
@click.argument("site", metavar="ID|FILE")
@click.option("--seats", type=click.IntRange(1, 1000), help="Seats of the site. [default: its own]")
@click.option(
    "--travel",
    default="1h",
    show_default=True,
    callback=_time,
    metavar="TIME",
    help="Until somebody is there to repair.",
)
@click.option(
    "--notice", default="30min", show_default=True, callback=_time, metavar="TIME",
    help="Until somebody switches off a server that hangs.",
)  # fmt: skip
@format_option("table", "json")
def availability(site: str, seats: int | None, travel: float, notice: float, form: str) -> int:
    """Say how many minutes a year a site is down, and which units they are owed to.

    By formula, from what the profiles say of failures and repairs: the pair of servers by its six states, the site as a
    tree of its parts. Only outages of more than 30 s count. `simtel run` lives through such years failure by failure.

    Exit codes: 0 both limits are met, 1 one is not, 2 bad input.
    """
    (spec,) = sites_of([site], [] if seats is None else [seats], "grown")
    crew = Crew(travel, notice)
    found = site_downtime(spec, crew)
    if form == "json":
        click.echo(availability_json(spec, crew, found), nl=False)
    else:
        colour = sys.stdout.isatty()
        click.echo(render_availability(spec, crew, found, language(), colour), nl=False, color=colour)
    return int(found.system > SYSTEM_LIMIT or found.user > USER_LIMIT)
