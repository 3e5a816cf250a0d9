"""Quotes and readings as the command line names them."""

from collections.abc import Iterable, Mapping

import rich_click as click

from simtel.core.problems import BadInput, Problem
from simtel.profiles.device import Profile
from simtel.quotes.quote import Quote, find_quote, quote_names
from simtel.run.kinds import misplaced

reading_option = click.option(
    "--reading", "words", multiple=True, metavar="NAME",
    help="How to mean what is ambiguous: an alternative, or axis=alternative; the first of every other axis is taken.",
)  # fmt: skip


def quotes_of(names: Iterable[str], devices: Mapping[str, Profile]) -> list[Quote]:
    """Quotes by the names of shipped ones or by path. BadInput holds what is wrong with all of them."""
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
