"""`simtel run`: scenarios x sites x sizes -> evidence, verdicts, report."""

import sys
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

import rich_click as click
from msgspec.structs import replace

from simtel.cli.phrase import Command
from simtel.cli.show import FORMATS, Minutes, Progress, show
from simtel.cli.speech import (
    BROKEN_OFF,
    USAGE,
    complain,
    format_option,
    language,
    language_option,
    say,
    say_count,
    warn_of_letters,
)
from simtel.core.log import read_log
from simtel.core.problems import BadInput, quoted, together
from simtel.profiles.resolve import Parts
from simtel.report.formats import to_junit
from simtel.report.html import Png, write_html
from simtel.report.ladder import render_ladder
from simtel.report.words import listed, tell
from simtel.run.choose import SITES, scenarios_of, sites_of
from simtel.run.files import prepare, write_whole, writing
from simtel.run.kinds import misplaced
from simtel.run.once import lacks
from simtel.run.plan import Item, items, whole_command
from simtel.run.session import EVIDENCE, Result, earlier_items, run_all, status
from simtel.run.targets import NAMES, make_target
from simtel.scenario.limits import read_limits

SOME = 8  # calls that are named when the one asked for is not there


@click.command(cls=Command)
@language_option
@click.argument("paths", nargs=-1, required=True)
@click.option(
    "--site",
    "sites",
    multiple=True,
    default=SITES,
    show_default=True,
    metavar="ID|FILE",
    help="Site; may be given again.",
)
@click.option(
    "--seats",
    multiple=True,
    type=click.IntRange(1),
    help="Number of seats; may be given again. [default: the scenario's, else the site's]",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of all that is random.")
@click.option("--target", type=click.Choice(NAMES), default="virtual", show_default=True, help="What to run on.")
@click.option("--limits", type=click.Path(), help="The buyer's limits, in place of those of the scenarios.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder of the run. [default: reports/DATE-TIME]"
)
@format_option(*FORMATS)
@click.option(
    "--parts",
    type=click.Choice(["grown", "as-quoted"]),
    default="grown",
    show_default=True,
    help="Let parts grow with the seats, or keep what was quoted.",
)
@click.option("--trace", metavar="CALL", help="Print all that was seen of one call, such as c7.")
@click.option("--jobs", type=click.IntRange(1), help="Processes. [default: one per processor]")
@click.option(
    "--vary/--no-vary",
    default=True,
    help="Try assumed and unknown figures with their other values. Without it a run is quick and nothing passes.",
)
@click.option(
    "--exhaustive",
    is_flag=True,
    help="Try all of their values, also where units live for years: it takes long.",
)
@click.option("--report/--no-report", default=True, help="Write report.html.")
@click.option(
    "--png",
    type=click.Choice(["worst", "all", "none"]),
    default="worst",
    show_default=True,
    help="Write the report's pictures as PNG files too: of the item that fails most, of all or of none.",
)
@click.option(
    "--check", is_flag=True, help="Check all files and say what would be run where and what not; run and write nothing."
)
def run(
    paths: tuple[str, ...], sites: tuple[str, ...], seats: tuple[int, ...], seed: int, target: str, limits: str | None,
    out: Path | None, form: str, parts: Parts, trace: str | None, jobs: int | None, vary: bool,
    exhaustive: bool, report: bool, png: Png, check: bool,
) -> int:  # fmt: skip
    """Run scenarios on sites and judge them.

    PATHS are scenario files or folders, or the names of those that simtel ships, such as scenarios/failover/.
    """
    options = (
        *(("--parts", parts) if parts != "grown" else ()),
        *(("--limits", Path(limits).name) if limits else ()),
        *(() if vary else ("--no-vary",)),
        *(("--exhaustive",) if exhaustive else ()),
    )
    wrong = misplaced(limits, "limits") if limits else None
    if wrong is not None:
        raise BadInput([wrong])
    wanted, chosen, places = together(
        lambda: read_limits(limits) if limits else None,
        lambda: scenarios_of(paths),
        lambda: sites_of(sites, seats, parts),
    )
    planned = items(chosen, places, seed, target, wanted, options, vary, exhaustive)
    if check:
        return _check(planned, form)
    now = datetime.now().astimezone()
    folder = out or Path("reports") / now.strftime("%Y%m%d-%H%M%S")
    traced = (*options, *(("--trace", trace) if trace else ()))
    made_by = whole_command(paths, () if sites == SITES else sites, seats, seed, target, traced)
    planned = [replace(item, started=now.isoformat(timespec="seconds"), made_by=made_by) for item in planned]
    prepare(folder)
    _say_what_goes(folder)
    try:
        results = run_all(planned, folder, jobs, Progress() if sys.stderr.isatty() else Minutes())
    except KeyboardInterrupt:
        return _broken_off(folder)
    judgements = [result.judgement for result in results]
    write_whole(folder / "junit.xml", to_junit(judgements).encode())
    page = _page(folder, trace or "", png) if report else None
    show(judgements, form, page)
    if form == "table":
        click.echo(say("all files of this run: {folder}", folder=str(folder)))
    if trace and not _trace(results, folder, trace, aside=form != "table"):
        return USAGE
    return status(results)


def _say_what_goes(folder: Path) -> None:
    """An earlier run in the same folder gives way to this one."""
    earlier = len(earlier_items(folder))
    if earlier:
        click.echo("simtel: " + say_count(
            "{folder} holds an earlier run; its {count} item gives way to this one",
            "{folder} holds an earlier run; its {count} items give way to this one",
            earlier, folder=str(folder),
        ), err=True)  # fmt: skip


def _check(planned: Sequence[Item], form: str) -> int:
    """Say of each scenario on which sites it would be run, and why not on the others."""
    if form != "table":
        raise click.UsageError(say("--check prints no --format {format}", format=quoted(form)))
    width = max(len(item.scenario.id) for item in planned)
    runs = 0
    for id_, of_one in groupby(planned, key=lambda item: item.scenario.id):
        where: dict[str, list[str]] = {"": []}
        for item in of_one:
            reason = lacks(item, make_target(item.target))
            runs += reason is None
            told = "" if reason is None else tell(reason, language())
            where.setdefault(told, []).append(f"{item.site.id}-{item.site.seats}")
        name = id_
        for told, sites in where.items():
            if sites:
                click.echo(f"{name:{width}}  {told or say('runs on')}: {listed(sites, language())}")
                name = ""
    click.echo(say("all files are sound; {runs} of {all} items would be run", runs=runs, all=len(planned)))
    return 0


def _page(folder: Path, trace: str, png: Png) -> Path:
    with writing(folder / "report.html"):
        page = write_html(folder, language(), trace, png)
    if png != "none":
        warn_of_letters()
    return page


def _broken_off(folder: Path) -> int:
    """Say what was kept of a run that was broken off."""
    kept = sorted(folder.glob(f"*/*/{EVIDENCE}"))
    click.echo("simtel: " + say_count(
        "broken off: {count} log is kept below {folder}; what was running has no footer and proves nothing",
        "broken off: {count} logs are kept below {folder}; what was running has no footer and proves nothing",
        len(kept), folder=str(folder),
    ), err=True)  # fmt: skip
    return BROKEN_OFF


def _trace(results: Sequence[Result], folder: Path, call: str, *, aside: bool) -> bool:
    """Print the ladder of a call of each run, `aside` from what a program reads; says so when no run has the call."""
    seen: dict[str, None] = {}
    told = False
    for result in results:
        if result.entry.evidence is None:
            continue
        log = read_log(folder / result.entry.evidence)
        calls = log.by_call()
        seen |= dict.fromkeys(calls)
        if call in calls:
            told = True
            click.echo(f"\n{result.entry.scenario}  {result.entry.site}  {result.entry.seats}", err=aside)
            click.echo(render_ladder(log, call, language()), err=aside)
    if not told and seen:
        some = ", ".join([*list(seen)[:SOME], *(["..."] if len(seen) > SOME else [])])
        complain("--trace: no run has the call {call}; there are {some}. All else was done and stands.",
                 call=quoted(call), some=some)  # fmt: skip
    elif not told:
        complain("--trace: no run has a call at all. All else was done and stands.")
    return told
