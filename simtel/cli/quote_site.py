"""`simtel quote site`: the site that a quote would buy, on one reading, for `simtel run` and `simtel size`."""

from pathlib import Path

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.quote_files import quotes_of, reading_option
from simtel.cli.speech import complain, language_option, say_message
from simtel.core.i18n import said_by
from simtel.profiles.catalogue import read_devices
from simtel.quotes.readings import reading
from simtel.quotes.to_site import NoSiteError, site_text
from simtel.run.files import writable, write_whole

NO_SITE = 1


@click.command(cls=Command)
@language_option
@click.argument("quote", metavar="ID|FILE")
@reading_option
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write the site to this file; else it is printed.")  # fmt: skip
def quote_site(quote: str, words: tuple[str, ...], output: Path | None) -> int:
    """Write the site that a quote would buy, on one reading.

    Every number names the line that it comes from. What each site needs and the quote lacks (headsets, a LAN switch)
    stands there with a note; a call server or a gateway is not made up.

    Exit codes: 0 a site, 1 what is bought makes none, 2 bad input.
    """
    devices = read_devices()
    (found,) = quotes_of([quote], devices)
    taken = reading(found, words)
    try:
        text = site_text(found, taken, devices)
    except NoSiteError as error:
        complain("{quote}, read as {reading}, makes no site: {why}",
                 quote=found.id, reading=taken.name, why=say_message(said_by(error)))  # fmt: skip
        return NO_SITE
    if output is None:
        click.echo(text, nl=False)
    else:
        writable(output)
        write_whole(output, text.encode())
    return 0
