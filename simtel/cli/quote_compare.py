"""`simtel quote compare`: options side by side: what each gives, costs and risks, and what would turn the ranking."""

import sys

import rich_click as click
from msgspec.structs import replace

from simtel.cli.phrase import Command
from simtel.cli.speech import format_option, language, language_option
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, nowhere


@click.command(cls=Command)
@language_option
@click.argument("quotes", nargs=-1, required=True, metavar="ID|FILE...")
@click.option("--demand", required=True, type=click.Path(), help="Demand file, meant for the smallest size.")
@click.option("--years", type=click.IntRange(1, 30), help="Years of the costs. [default: the buyer's]")
@click.option("--buyer", default="assumed-defaults", show_default=True, metavar="ID|FILE",
              help="The buyer's figures: power, lines, outages, weights.")  # fmt: skip
@click.option("--outages", type=click.Path(), help="The buyer's outage log (CSV): begin, end, cause, calls lost.")
@click.option("--seats", multiple=True, type=click.IntRange(1, 1000),
              help="A size; may be given again. [default: those of the first quote]")  # fmt: skip
@click.option("--scenario", "scenarios", multiple=True, metavar="ID", help="Only these failover scenarios.")
@click.option("--every-reading", "every", is_flag=True, help="All combinations of what is ambiguous, not one by one.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of all that is random.")
@click.option("--jobs", type=click.IntRange(1), help="Processes. [default: one per processor]")
@format_option("table", "json")
def quote_compare(
    quotes: tuple[str, ...], demand: str, years: int | None, buyer: str, outages: str | None, seats: tuple[int, ...],
    scenarios: tuple[str, ...], every: bool, seed: int, jobs: int | None, form: str,
) -> int:  # fmt: skip
    """Lay quotes side by side: what each gives, costs and risks, and what would turn the ranking.

    Each reading of a quote becomes a site. Sizing, failover scenarios and availability are what they are for any site;
    money and weights are the buyer's. Without --outages the minutes of outage are a curve over an MTBF that nobody
    knows.

    Exit codes: 0 compared, 2 bad input.
    """
    from simtel.cli.quote_files import quotes_of  # noqa: PLC0415  (not for `--help`)
    from simtel.cli.show import Minutes, Progress  # noqa: PLC0415
    from simtel.profiles.catalogue import read_devices  # noqa: PLC0415
    from simtel.profiles.demand import read_demand  # noqa: PLC0415
    from simtel.quotes.buyer import find_buyer  # noqa: PLC0415
    from simtel.quotes.compare import FAILOVER, compare  # noqa: PLC0415
    from simtel.quotes.from_quote import options_of  # noqa: PLC0415
    from simtel.quotes.outage_log import read_outages  # noqa: PLC0415
    from simtel.report.quotes.compare import comparison_json, render_comparison  # noqa: PLC0415
    from simtel.run.kinds import misplaced  # noqa: PLC0415

    wrong = misplaced(demand, "demand")
    if wrong is not None:
        raise BadInput([wrong])
    devices = read_devices()
    read, asked, figures = quotes_of(quotes, devices), read_demand(demand), find_buyer(buyer)
    if years is not None:
        figures = replace(figures, years=years)
    log = () if outages is None else read_outages(outages)
    if len(log) == 1:
        raise BadInput([nowhere(Message("a log of one outage says nothing of how often they come"))])
    options = options_of(read, devices, every=every)
    made = compare(
        options, asked, figures, seats or (read[0].seats, read[0].seats_at_most), log, seed, jobs,
        Progress() if sys.stderr.isatty() else Minutes(), scenarios or FAILOVER,
    )  # fmt: skip
    if form == "json":
        click.echo(comparison_json(made), nl=False)
    else:
        colour = sys.stdout.isatty()
        click.echo(render_comparison(made, language(), colour), nl=False, color=colour)
    return 0
