"""`simtel quote compare`: options side by side: what each gives, costs and risks, and what would turn the ranking."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

import rich_click as click
from msgspec.structs import replace

from simtel.cli.phrase import Command
from simtel.cli.speech import complain, format_option, language, language_option, show_problems
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, nowhere, quoted

if TYPE_CHECKING:
    from simtel.profiles.device import Profile
    from simtel.quotes.compare import Comparison
    from simtel.quotes.quote import Quote
    from simtel.scenario.spec import Scenario


@click.command(cls=Command)
@language_option
@click.argument("quotes", nargs=-1, required=True, metavar="ID|FILE...")
@click.option(
    "--demand", required=True, type=click.Path(), help="Demand file; meant for its `seats`, else for the smallest size."
)
@click.option("--years", type=click.IntRange(1, 30), help="Years of the costs. [default: the buyer's]")
@click.option("--buyer", default="assumed-defaults", show_default=True, metavar="ID|FILE",
              help="The buyer's figures: power, lines, outages, weights.")  # fmt: skip
@click.option("--outages", type=click.Path(), help="The buyer's outage log (CSV): begin, end, cause, calls lost.")
@click.option("--seats", multiple=True, type=click.IntRange(1, 1000),
              help="A size; may be given again. [default: those of the first quote]")  # fmt: skip
@click.option("--scenario", "scenarios", multiple=True, metavar="ID", help="Only these failover scenarios.")
@click.option("--own", multiple=True, metavar="FILE|DIR",
              help="The buyer's own scenarios, shown beside those that simtel ships; may be given again.")  # fmt: skip
@click.option("--every-reading", "every", is_flag=True, help="All combinations of what is ambiguous, not one by one.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of all that is random.")
@click.option("--jobs", type=click.IntRange(1), help="Processes. [default: one per processor]")
@click.option("--vary", is_flag=True,
              help="Try scenarios with every value of what is assumed or unknown; takes far longer.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Keep the evidence of every scenario, a run folder for each site.")  # fmt: skip
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write a page: two sides for who decides, and every table as an annex.")  # fmt: skip
@click.option("--pdf", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Print that page to a PDF. Needs Chromium.")  # fmt: skip
@click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write prices, costs and ranking that reckon anew, and other tables, as a workbook.")  # fmt: skip
@format_option("table", "json")
def quote_compare(
    quotes: tuple[str, ...], demand: str, years: int | None, buyer: str, outages: str | None, seats: tuple[int, ...],
    scenarios: tuple[str, ...], own: tuple[str, ...], every: bool, seed: int, jobs: int | None, vary: bool,
    out: Path | None, html: Path | None, pdf: Path | None, xlsx: Path | None, form: str,
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
    from simtel.quotes.outage_log import Log, read_log  # noqa: PLC0415
    from simtel.report.quotes.compare import comparison_json, render_comparison  # noqa: PLC0415
    from simtel.report.quotes.pdf import browser  # noqa: PLC0415
    from simtel.run.files import prepare, writable  # noqa: PLC0415
    from simtel.run.kinds import misplaced  # noqa: PLC0415

    for path in (html, pdf, xlsx):
        if path is not None:
            writable(path)
    if pdf is not None:
        browser()
    wrong = misplaced(demand, "demand")
    if wrong is not None:
        raise BadInput([wrong])
    devices = read_devices()
    read, asked, figures = quotes_of(quotes, devices), read_demand(demand), find_buyer(buyer)
    if years is not None:
        figures = replace(figures, years=years)
    log = Log((), 0, ()) if outages is None else read_log(outages, time())
    if len(log.outages) == 1:
        raise BadInput([*log.told, nowhere(Message("a log of one outage says nothing of how often they come"))])
    if log.dropped:
        complain("{dropped} of {rows} rows of the outage log are dropped:", dropped=len(log.dropped), rows=log.rows)
        show_problems(BadInput(log.told))
    if out is not None:
        prepare(out)
    mine = _own(own)
    options = options_of(read, devices, every=every)
    made = compare(
        options, asked, figures, seats or (read[0].seats, read[0].seats_at_most), log.outages, seed, jobs,
        Progress() if sys.stderr.isatty() else Minutes(), scenarios or FAILOVER, own=mine, vary=vary,
        out=out, dropped=log.dropped,
    )  # fmt: skip
    if html or pdf or xlsx:
        _write(made, read, devices, mine, html, pdf, xlsx)
    if form == "json":
        click.echo(comparison_json(made), nl=False)
    else:
        colour = sys.stdout.isatty()
        click.echo(render_comparison(made, language(), colour), nl=False, color=colour)
    return 0


def _own(words: Sequence[str]) -> "list[Scenario]":
    """The buyer's own scenarios. BadInput: one that simtel ships, or that is more than one run."""
    from simtel.run.choose import scenarios_of, shipped_scenarios  # noqa: PLC0415

    found, shipped = scenarios_of(words) if words else [], shipped_scenarios()
    wrong = [(Message("--own: {scenario} is shipped, and shown anyway", scenario=quoted(one.id)) if one.id in shipped
              else Message("--own: {scenario} strikes at random or at every step: a comparison makes one run of each",
                           scenario=quoted(one.id)))
             for one in found if one.id in shipped or one.random is not None or one.sweep]  # fmt: skip
    if wrong:
        raise BadInput(map(nowhere, wrong))
    return found


def _write(
    made: "Comparison", quotes: "Sequence[Quote]", devices: "Mapping[str, Profile]", own: "Sequence[Scenario]",
    html: Path | None, pdf: Path | None, xlsx: Path | None,
) -> None:  # fmt: skip
    """What is asked for besides the tables; nothing of it before all of it is made."""
    from simtel.quotes.arithmetic import check  # noqa: PLC0415
    from simtel.quotes.floor import lacks_of  # noqa: PLC0415
    from simtel.quotes.gaps import gaps  # noqa: PLC0415
    from simtel.quotes.questions import questions  # noqa: PLC0415
    from simtel.quotes.readings import reading  # noqa: PLC0415
    from simtel.report.quotes.check import Meant  # noqa: PLC0415
    from simtel.report.quotes.pdf import pdf as printed  # noqa: PLC0415
    from simtel.report.quotes.summary import compared_sheets, summary_page  # noqa: PLC0415
    from simtel.report.quotes.workbook import workbook  # noqa: PLC0415
    from simtel.run.choose import scenarios_of  # noqa: PLC0415
    from simtel.run.files import write_whole  # noqa: PLC0415

    offers, library = [], [*scenarios_of(["scenarios"]), *own]
    for quote, one in zip(quotes, made.options, strict=True):
        found, taken = check(quote), reading(quote)
        tried = {each.reading.name: each.sizes[0].met for each in one.readings}
        meant = Meant(taken, gaps(quote, taken, devices), questions(quote, found, devices, tried),
                      lacks_of(quote, taken, devices, library))  # fmt: skip
        sizes = one.readings[0].sizes
        offers.append((quote, found, meant, tuple(met for size in sizes for met in size.tried)))
    lang = language()
    files: dict[Path, bytes] = {}
    if html or pdf:
        page = summary_page(made, offers, library, lang)
        files |= {html: page.encode()} if html else {}
        files |= {pdf: printed(page)} if pdf else {}
    if xlsx:
        files[xlsx] = workbook(compared_sheets(made, offers, library, lang), lang)
    for path, content in files.items():
        write_whole(path, content)
