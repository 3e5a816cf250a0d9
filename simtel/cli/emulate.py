"""`simtel emulate`: a site in real time that takes SIP calls."""

from pathlib import Path

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.sip_target import Place, duration, place
from simtel.cli.speech import language, language_option, say
from simtel.core.i18n import pick, term

DEFAULT = "127.0.0.10:5060"


@click.command(cls=Command)
@language_option
@click.argument("site", metavar="ID|FILE")
@click.option("--seats", type=click.IntRange(1, 1000), help="Seats of the site. [default: its own]")
@click.option("--sip", default=DEFAULT, show_default=True, callback=place, metavar="ADDRESS:PORT",
              help="Where the site takes SIP calls: an address in 127.0.0.0/8.")  # fmt: skip
@click.option("--duration", "lasting", default="24h", show_default=True, callback=duration, metavar="TIME",
              help="How long the site lives.")  # fmt: skip
@click.option("--seed", default=1, show_default=True, help="Of the draws of people's times.")
@click.option("--evidence", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write what happens on the site to this file.")  # fmt: skip
def emulate(site: str, seats: int | None, sip: Place, lasting: int, seed: int, evidence: Path | None) -> int:
    """Let a site live in real time and take SIP calls.

    Whoever sends an INVITE to the address is a caller: over the trunks of the site, through its menu and queue, to an
    agent, who hangs up when the talk is over. The site is the one that `simtel run` simulates, with the same rules.
    Ctrl-C ends it; every call is hung up then.
    """
    from simtel.run.choose import sites_of  # noqa: PLC0415  (a site, for this command alone)
    from simtel.run.live import live  # noqa: PLC0415

    (spec,) = sites_of([site], [] if seats is None else [seats], "grown")

    def ready(host: str, port: int) -> None:
        click.echo(say("{site}, {seats} seats, takes calls at sip:{host}:{port}; Ctrl-C ends it",
                       site=pick(spec.title, language()), seats=spec.seats, host=host, port=port))  # fmt: skip

    counts = live(spec, seed, sip.host, sip.port, lasting, evidence, ready)
    click.echo(say("{offered} calls came, {answered} were answered", offered=counts.offered, answered=counts.answered))
    for (disposition, cause), number in sorted(counts.ended.items()):
        click.echo(say("{number} {disposition}: {cause}", number=number, disposition=term(disposition, language()),
                       cause=term(cause, language())))  # fmt: skip
    return 0
