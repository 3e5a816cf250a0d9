"""`simtel quote check`: does a quote add up, what of it cannot be read, in which ways can it be meant?"""

import sys

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.speech import format_option, language, language_option
from simtel.core.problems import BadInput, Problem
from simtel.profiles.catalogue import read_devices
from simtel.quotes.arithmetic import Kind, check
from simtel.quotes.quote import Quote, find_quote, quote_names
from simtel.report.quotes.check import check_json, render_check
from simtel.run.kinds import misplaced

MISMATCH, UNREADABLE = 1, 3


def quotes_of(names: tuple[str, ...]) -> list[Quote]:
    """Quotes by the names of shipped ones or by path. BadInput holds what is wrong with all of them."""
    devices = read_devices()
    problems: list[Problem] = []
    found: list[Quote] = []
    for name in dict.fromkeys(names):
        wrong = None if name in quote_names() else misplaced(name, "quote")
        if wrong is not None:
            problems.append(wrong)
            continue
        try:
            found.append(find_quote(name, devices))
        except BadInput as bad:
            problems += bad.problems
    if problems:
        raise BadInput(problems)
    return found


@click.command(cls=Command)
@language_option
@click.argument("quotes", nargs=-1, required=True, metavar="ID|FILE...")
@format_option("table", "json")
def quote_check(quotes: tuple[str, ...], form: str) -> int:
    """Check the sums of quotes, and say what is unreadable or ambiguous.

    Quantity x price, sums, discount, tax, currency, units, lines that stand there twice: each mismatch with its place.
    What cannot be read is never guessed; a number is offered only where a sum confirms it.

    Exit codes: 0 all adds up, 1 something does not, 2 bad input, 3 a figure cannot be read.
    """
    checked = [(quote, check(quote)) for quote in quotes_of(quotes)]
    if form == "json":
        click.echo(check_json(checked), nl=False)
    else:
        colour = sys.stdout.isatty()
        for quote, found in checked:
            click.echo(render_check(quote, found, language(), colour), nl=False, color=colour)
    if any(found.wrong for _, found in checked):
        return MISMATCH
    unreadable = any(finding.kind is Kind.UNREADABLE for _, found in checked for finding in found.findings)
    return UNREADABLE if unreadable else 0
