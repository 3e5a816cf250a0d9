"""`simtel quote check`: does a quote add up, what of it cannot be read, how can it be meant, what does it lack?"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.quote_files import quotes_of, reading_option
from simtel.cli.speech import format_option, language, language_option
from simtel.profiles.catalogue import read_devices
from simtel.quotes.arithmetic import check
from simtel.quotes.finding import Kind
from simtel.quotes.gaps import gaps
from simtel.quotes.questions import questions
from simtel.quotes.readings import reading
from simtel.report.quotes.check import Meant, check_json, render_check
from simtel.run.files import writable, write_whole

if TYPE_CHECKING:
    from simtel.profiles.device import Profile
    from simtel.quotes.arithmetic import Checked
    from simtel.quotes.quote import Quote

MISMATCH, UNREADABLE = 1, 3


@click.command(cls=Command)
@language_option
@click.argument("quotes", nargs=-1, required=True, metavar="ID|FILE...")
@reading_option
@click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write prices that reckon anew, deviation tables and an acceptance test as a workbook.")  # fmt: skip
@format_option("table", "json")
def quote_check(quotes: tuple[str, ...], words: tuple[str, ...], xlsx: Path | None, form: str) -> int:
    """Check the sums of quotes, and say what is unreadable, ambiguous or lacking.

    Quantity x price, sums, discount, tax, currency, units, lines that stand there twice: each mismatch with its place.
    What cannot be read is never guessed; a number is offered only where a sum confirms it. What the requirements need
    and a quote lacks stands below, and what to ask the vendor, by the money that hangs on the answer.

    Exit codes: 0 all adds up, 1 something does not, 2 bad input, 3 a figure cannot be read.
    """
    if xlsx is not None:
        writable(xlsx)
    devices = read_devices()
    checked = []
    for quote in quotes_of(quotes, devices):
        found, taken = check(quote), reading(quote, words)
        meant = Meant(taken, gaps(quote, taken, devices), questions(quote, found, devices))
        checked.append((quote, found, meant))
    if xlsx is not None:
        _write(xlsx, checked, devices)
    if form == "json":
        click.echo(check_json(checked), nl=False)
    else:
        colour = sys.stdout.isatty()
        for quote, found, meant in checked:
            click.echo(render_check(quote, found, meant, language(), colour), nl=False, color=colour)
    if any(found.wrong for _, found, _ in checked):
        return MISMATCH
    unreadable = any(finding.kind is Kind.UNREADABLE for _, found, _ in checked for finding in found.findings)
    return UNREADABLE if unreadable else 0


def _write(
    path: Path, checked: "Sequence[tuple[Quote, Checked, Meant]]", devices: "Mapping[str, Profile]"
) -> None:  # fmt: skip
    """The workbook about offers that nothing has tried yet."""
    from simtel.quotes.floor import lacks_of  # noqa: PLC0415  (only where it is asked for)
    from simtel.report.quotes.documents import documents  # noqa: PLC0415
    from simtel.report.quotes.workbook import workbook  # noqa: PLC0415
    from simtel.run.choose import scenarios_of  # noqa: PLC0415

    library = scenarios_of(["scenarios"])
    offers = [
        (quote, found, meant._replace(lacks=lacks_of(quote, meant.reading, devices, library)), ())
        for quote, found, meant in checked
    ]
    write_whole(path, workbook(documents(offers, library, language()), language()))
