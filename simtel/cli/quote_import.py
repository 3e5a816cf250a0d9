"""`simtel quote import`: a vendor's spreadsheet as a quote file, each figure with its cell."""

from pathlib import Path

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.speech import complain, language, language_option, say, say_count, show_problems
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, did_you_mean, nowhere, quoted
from simtel.profiles.catalogue import read_devices
from simtel.quotes.money import CURRENCIES
from simtel.quotes.quote import read_quote
from simtel.quotes.sheets.headings import ROLES
from simtel.quotes.sheets.importing import Asked, import_quote
from simtel.quotes.sheets.sheet import column_of
from simtel.quotes.sheets.writing import quote_file
from simtel.run.files import writable, write_whole


def _columns(words: tuple[str, ...]) -> dict[str, int]:
    """Columns by what they hold, from words such as price=F."""
    problems: list[Problem] = []
    found: dict[str, int] = {}
    for word in words:
        role, _, letters = word.partition("=")
        if role not in ROLES:
            hint = did_you_mean(role, ROLES) or Message("there are {names}", names=", ".join(ROLES))
            problems.append(nowhere(Message("--column: no column is for {role}", role=quoted(role)), hint))
        elif not (column := column_of(letters)):
            message = Message("--column: {text} is no column; write {role}=F", text=quoted(letters), role=role)
            problems.append(nowhere(message))
        elif role in found or column in found.values():
            problems.append(nowhere(Message("--column: {text} is given twice", text=quoted(word))))
        else:
            found[role] = column
    if problems:
        raise BadInput(problems)
    return found


def _output(output: Path, source: str, force: bool) -> None:
    """See that the file may be written."""
    message = None
    if output.exists():
        if Path(source).exists() and output.samefile(source):
            message = Message("is the spreadsheet itself")
        elif not force:
            message = Message("is there already; --force writes over it")
    if message is not None:
        raise BadInput([Problem(str(output), 0, 0, message)])
    writable(output)


@click.command(cls=Command)
@language_option
@click.argument("spreadsheet", type=click.Path())
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write the quote to this file; else it is printed.")  # fmt: skip
@click.option("--sheet", default="", metavar="NAME", help="Which sheet, where several hold a table.")
@click.option("--option", "option", default="", metavar="N|NAME", help="Which of several options that a sheet holds.")
@click.option("--column", "columns", multiple=True, metavar="WHAT=LETTER",
              help="What a column holds where its heading does not say it, such as price=F.")  # fmt: skip
@click.option("--currency", type=click.Choice(list(CURRENCIES)), help="Where the sheet does not say it.")
@click.option(
    "--seats", type=click.IntRange(1, 1000), default=20, show_default=True, help="Seats that the quote is for."
)
@click.option("--spans", type=click.IntRange(1, 64), default=2, show_default=True, help="E1s that the quote is for.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def quote_import(
    spreadsheet: str, output: Path | None, sheet: str, option: str, columns: tuple[str, ...], currency: str | None,
    seats: int, spans: int, force: bool,
) -> int:  # fmt: skip
    """Make a quote file of a spreadsheet.

    SPREADSHEET is an .xlsx or .csv file with headings in Chinese or English. Each figure keeps its cell. What cannot
    be read is marked unreadable, and all that is not understood is said with its cell. Names of persons and telephone
    numbers are left out and counted.
    """
    asked = Asked(sheet, option, _columns(columns), currency or "")
    if output is not None:
        _output(output, spreadsheet, force)
    draft = import_quote(spreadsheet, asked)
    name = output.stem if output is not None else Path(spreadsheet).stem
    quote = quote_file(draft, name, seats, spans, language())
    read_quote(quote, read_devices(), str(output or spreadsheet))  # what is written can be read
    if output is None:
        click.echo(quote.decode(), nl=False)
    else:
        write_whole(output, quote)
    if draft.findings:
        show_problems(BadInput(Problem(f"{spreadsheet}: {one.cell}", 0, 0, one.message) for one in draft.findings))
    if draft.private:
        complain("names and numbers of persons left out: {count}", count=draft.private)
    if output is not None:
        said = say_count("{path}: {count} line read", "{path}: {count} lines read", len(draft.lines), path=str(output))
        click.echo(said + "; " + say("to be looked at: {count}", count=len(draft.findings)))
    return 0
