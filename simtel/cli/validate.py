"""`simtel validate`: how far the laws fitted to the first part of a call log are off on the rest of it."""

import sys
from datetime import datetime
from pathlib import Path

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.show import Amount
from simtel.cli.speech import complain, format_option, language, language_option, say, warn_of_letters
from simtel.core.i18n import LANGUAGES
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
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Write pictures and validation.json to this folder.")  # fmt: skip
@format_option("table", "json")
def validate(
    log: str, map_: str, until: datetime, agents: int | None, replications: int, seed: int, out: Path | None, form: str
) -> int:  # fmt: skip
    """Say how far a fit is off.

    The calls of LOG before --fit-until are fitted; those after it are replayed as they came, before as many agents as
    the log shows, with talk, wrap-up and patience drawn from the fitted laws. Printed is the error of each hour of the
    day: of the wait, of the share that gives up, and of the number of calls; --out draws it. No fit is promised: the
    error is shown.
    """
    from simtel.profiles.columns import read_columns  # noqa: PLC0415  (numpy, for this command alone)
    from simtel.report.fit_table import warnings  # noqa: PLC0415
    from simtel.report.pixels import png  # noqa: PLC0415
    from simtel.report.validate_picture import validate_picture  # noqa: PLC0415
    from simtel.report.validate_table import render_validation, title, validation_json  # noqa: PLC0415
    from simtel.run.calllog.instants import clock_of  # noqa: PLC0415
    from simtel.run.calllog.reader import CallLog  # noqa: PLC0415
    from simtel.run.files import prepare, write_whole  # noqa: PLC0415
    from simtel.run.validate import validate as validated  # noqa: PLC0415  (the command has the name of its work)

    if (wrong := misplaced(map_, "columns")) is not None:
        raise BadInput([wrong])
    columns = read_columns(map_)
    source = CallLog(log, columns)
    if out is not None:
        prepare(out)
    terminal = sys.stderr.isatty()
    told = Amount(terminal), Amount(terminal, say("calls replayed"), 1)
    found = validated(source, clock_of(until), agents, replications, seed, *told)
    if out is not None:
        write_whole(out / "validation.json", validation_json(found, source))
        for lang in LANGUAGES:
            name = "validate.png" if lang == "en" else f"validate.{lang}.png"
            write_whole(out / name, png(validate_picture(found), lang, lambda lang: (columns.id, title(found, lang))))
        warn_of_letters()
    if form == "json":
        click.echo(validation_json(found, source).decode(), nl=False)
    else:
        colour = sys.stdout.isatty()
        click.echo(render_validation(found, source, language(), colour), nl=False, color=colour)
    for warning in warnings(source, language()):
        complain(warning)
    return 0
