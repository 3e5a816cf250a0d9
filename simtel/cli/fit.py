"""`simtel fit`: a demand file from a call log of any columns, with what was dropped and how near the laws are."""

import sys
from pathlib import Path

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.show import Amount
from simtel.cli.speech import complain, format_option, language, language_option, warn_of_letters
from simtel.core.i18n import LANGUAGES
from simtel.core.problems import BadInput
from simtel.run.kinds import misplaced

MEAN, UPPER = "mean", "upper"
INTERVALS = {"15min": 900, "30min": 1800, "1h": 3600}


@click.command(cls=Command)
@language_option
@click.argument("log", type=click.Path())
@click.option("--map", "map_", required=True, type=click.Path(), metavar="FILE", help="Which column holds what.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write the demand to this file.")  # fmt: skip
@click.option("--interval", type=click.Choice(list(INTERVALS)), default="1h", show_default=True,
              help="Length of the intervals in which calls are counted.")  # fmt: skip
@click.option("--rates", type=click.Choice([MEAN, UPPER]), default=MEAN, show_default=True,
              help="Write mean rates, or the upper ends of their 95 % intervals.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Write pictures and fit.json to this folder.")  # fmt: skip
@format_option("table", "json")
def fit(
    log: str, map_: str, output: Path | None, interval: str, rates: str, out: Path | None, form: str
) -> int:  # fmt: skip
    """Fit a demand to a call log.

    LOG is a text file with one row a call; --map says which column holds what (`simtel schema columns` prints what it
    may hold). Arrivals by type of day and interval, laws of talk, wrap-up and IVR time, patience of callers (those who
    were answered first count as censored) and retrials are fitted, each with its interval and how near it comes. Rows
    that cannot be used are dropped and counted by reason. Names and numbers of callers are written nowhere.
    """
    from simtel.profiles.columns import read_columns  # noqa: PLC0415  (numpy, for this command alone)
    from simtel.report.fit_pictures import fit_picture  # noqa: PLC0415
    from simtel.report.fit_table import fit_json, render_fit, span, warnings  # noqa: PLC0415
    from simtel.report.pixels import png  # noqa: PLC0415
    from simtel.run import fit as fitting  # noqa: PLC0415
    from simtel.run.calllog.reader import CallLog  # noqa: PLC0415
    from simtel.run.files import prepare, writable, write_whole  # noqa: PLC0415

    if (wrong := misplaced(map_, "columns")) is not None:
        raise BadInput([wrong])
    columns = read_columns(map_)
    source, upper = CallLog(log, columns), rates == UPPER
    if output is not None:
        writable(output)
    if out is not None:
        prepare(out)
    counts = fitting.count(source, INTERVALS[interval], Amount(sys.stderr.isatty()))
    found = fitting.fit(counts, log, source.dropped)
    demand = fitting.demand_file(found, columns.id, upper)
    fitting.demand_of(found, columns.id, upper)  # what is written can be read
    if output is not None:
        write_whole(output, demand)
    if out is not None:
        write_whole(out / "fit.json", fit_json(found, source))
        for lang in LANGUAGES:
            name = "fit.png" if lang == "en" else f"fit.{lang}.png"
            write_whole(out / name, png(fit_picture(found), lang, lambda _: (columns.id, span(found))))
        warn_of_letters()
    if form == "json":
        click.echo(fit_json(found, source).decode(), nl=False)
    else:
        click.echo(render_fit(found, source, language(), sys.stdout.isatty(), upper=upper), nl=False,
                   color=sys.stdout.isatty())  # fmt: skip
    for warning in warnings(source, language()):
        complain(warning)
    if output is None and out is None:
        complain("nothing was written: -o names the demand file, --out a folder for pictures")
    return 0
