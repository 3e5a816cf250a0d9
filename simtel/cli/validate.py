"""`simtel validate`: how far the laws fitted to the first part of a call log are off on the rest of it."""

import sys
from datetime import datetime

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.show import Bytes
from simtel.cli.speech import format_option, language, language_option
from simtel.core.problems import BadInput
from simtel.run.kinds import misplaced


@click.command(cls=Command)
@language_option
@click.argument("log", type=click.Path())
@click.option("--map", "map_", required=True, type=click.Path(), metavar="FILE", help="Which column holds what.")
@click.option("--fit-until", "until", required=True, type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
              metavar="DATE", help="Fit the calls before this day, replay those from it on.")  # fmt: skip
@click.option("--agents", type=click.IntRange(1, 10_000),
              help="So many agents all the time. [default: those whom the log shows at work]")  # fmt: skip
@click.option("--replications", type=click.IntRange(2, 1_000), default=40, show_default=True,
              help="How often the calls are replayed.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Other draws for another number.")
@format_option("table", "json")
def validate(log: str, map_: str, until: datetime, agents: int | None, replications: int, seed: int, form: str) -> int:
    """Say how far a fit is off.

    The calls of LOG before --fit-until are fitted; those after it are replayed as they came, before as many agents as
    the log shows, with talk, wrap-up and patience drawn from the fitted laws. Printed is the error of each hour of the
    day: of the wait, of the share that gives up, and of the number of calls. No fit is promised: the error is shown.
    """
    from simtel.profiles.columns import read_columns  # noqa: PLC0415  (numpy, for this command alone)
    from simtel.report.validate_table import render_validation, validation_json  # noqa: PLC0415
    from simtel.run.calllog import CallLog, clock_of  # noqa: PLC0415
    from simtel.run.validate import validate as validated  # noqa: PLC0415  (the command has the name of its work)

    if (wrong := misplaced(map_, "columns")) is not None:
        raise BadInput([wrong])
    source = CallLog(log, read_columns(map_))
    progress = Bytes() if sys.stderr.isatty() else None
    found = validated(source, clock_of(until), agents, replications, seed, progress)
    if form == "json":
        click.echo(validation_json(found, source).decode(), nl=False)
    else:
        colour = sys.stdout.isatty()
        click.echo(render_validation(found, source, language(), colour), nl=False, color=colour)
    return 0
