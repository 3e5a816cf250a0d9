"""`simtel check`: are these files sound that people write? Nothing is run."""

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.speech import language_option, say_count
from simtel.core.problems import BadInput
from simtel.run.kinds import misplaced

# Kinds of file that people write.
CHECKED = ("scenario", "site", "profile", "limits", "demand", "prices", "columns", "quote", "buyer")


@click.command(cls=Command)
@language_option
@click.argument("paths", nargs=-1, required=True, type=click.Path())
def check(paths: tuple[str, ...]) -> int:
    """Check scenario, site, device, limit, demand, price, column, quote and buyer files.

    PATHS are files, or folders with all that is below them. Everything that is wrong is said at once, each mistake
    with its place.
    """
    from simtel.quotes import buyer, quote  # noqa: PLC0415  (not for `--help`)
    from simtel.scenario.check import check as checked  # noqa: PLC0415  (the command has the name of its work)

    wrong = [problem for path in paths if (problem := misplaced(path, *CHECKED)) is not None]
    problems, count = (
        (wrong, 0)
        if wrong
        else checked(
            paths,
            {
                quote.SCHEMA: quote.read_quote,
                buyer.SCHEMA: lambda path, **_: buyer.read_buyer(path),
            },
        )
    )
    if problems:
        raise BadInput(problems)
    click.echo(say_count("{count} file is sound", "{count} files are sound", count))
    return 0
