"""`simtel coverage`: which claims have which verdicts, from results on disk or by running the whole library."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.show import Progress
from simtel.cli.speech import complain, format_option, language, language_option
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem
from simtel.profiles.catalogue import site_names
from simtel.profiles.spec import SiteSpec
from simtel.report.coverage import Result, cover, to_json
from simtel.report.coverage_table import render_coverage, render_page
from simtel.run.choose import scenarios_of, sites_of
from simtel.run.current import current
from simtel.run.files import prepare, write_whole
from simtel.run.folder import read_judgements, runs_below
from simtel.run.plan import items
from simtel.run.session import run_all
from simtel.run.targets import NAMES
from simtel.scenario.spec import Scenario
from simtel.verdict.outcome import exit_code

REPORTS = Path("reports")
SEED = 1  # as `simtel run` has it


@click.command(cls=Command)
@language_option
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
@click.option("--run", "anew", is_flag=True, help="Run the whole library first, on the sites of --site.")
@click.option("--site", "sites", multiple=True, metavar="ID|FILE", help="Show these sites only. [default: all]")
@click.option("--target", type=click.Choice(NAMES), help="Show this kind of target only; with --run: run on it.")
@click.option("--vary/--no-vary", default=True, help="With --run: try assumed and unknown figures with other values.")
@click.option("--jobs", type=click.IntRange(1), help="Processes. [default: one per processor]")
@format_option("table", "json", "html")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file instead.")
def coverage(
    folders: tuple[Path, ...], anew: bool, sites: tuple[str, ...], target: str | None, vary: bool, jobs: int | None,
    form: str, out: Path | None,
) -> int:  # fmt: skip
    """Say which claims have which verdicts, and which have none.

    FOLDERS hold runs, at any depth; reports/ when none is named. Of several results of the same scenario, site, size
    and kind of target the newest counts. A claim without a verdict counts as inconclusive.
    """
    library = scenarios_of(["scenarios"])
    places = list(folders)
    if anew:
        chosen = sites_of(sites or site_names(), [], "grown")
        places.append(_run(library, chosen, target or "virtual", vary, jobs))
    elif not places:
        places = [REPORTS] if REPORTS.is_dir() else []
    missing = [Problem(str(place), 0, 0, Message("is no folder")) for place in places if not place.is_dir()]
    if missing:
        raise BadInput(missing)
    wanted = {site.id for site in sites_of(sites, [], "grown")} if sites else None
    results = [
        Result(judgement, str(run))
        for run in runs_below(places)
        for judgement in read_judgements(run)
        if target in (None, judgement.header.target) and (wanted is None or judgement.header.site in wanted)
    ]
    if not results:
        complain("no result was found: give the folders of runs, or run the library by --run")
    found = cover(results, library, current(library))
    colour = form == "table" and out is None and sys.stdout.isatty()
    text = (
        render_coverage(found, language(), colour) if form == "table"
        else to_json(found) if form == "json" else render_page(found, language())
    )  # fmt: skip
    if out is None:
        click.echo(text, nl=False, color=colour)
    else:
        write_whole(out, text.encode())
    return exit_code(found.outcome)


def _run(library: Sequence[Scenario], sites: Sequence[SiteSpec], target: str, vary: bool, jobs: int | None) -> Path:
    """Run the library into a folder of its own below reports/."""
    folder = REPORTS / datetime.now().astimezone().strftime("coverage-%Y%m%d-%H%M%S")
    prepare(folder)
    options = () if vary else ("--no-vary",)
    planned = items(library, sites, SEED, target, options=options, vary=vary)
    run_all(planned, folder, jobs, Progress() if sys.stderr.isatty() else None)
    complain("all files of this run: {folder}", folder=str(folder))
    return folder
