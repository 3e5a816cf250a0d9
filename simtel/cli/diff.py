"""`simtel diff`: what changed from one run to another. Exit code 1 when an outcome got worse."""

import sys
from pathlib import Path

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.speech import format_option, language, language_option
from simtel.core.problems import BadInput, Problem
from simtel.report.compare import compare, to_json
from simtel.report.difference import render_difference
from simtel.run.folder import read_judgements
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import exit_code


@click.command(cls=Command)
@language_option
@click.argument("run_a", type=click.Path(path_type=Path))
@click.argument("run_b", type=click.Path(path_type=Path))
@format_option("table", "json")
def diff(run_a: Path, run_b: Path, form: str) -> int:
    """Compare two runs.

    RUN_A and RUN_B are folders that `simtel run` wrote. Outcomes that changed are told, figures that moved with their
    difference and whether their intervals overlap, and what only one of the runs has. Where each run has one site that
    the other has not, these two are compared.

    Exit codes: 0 nothing got worse, 1 an outcome got worse, 3 nothing got worse but something is missing in RUN_B.
    """
    runs: list[list[Judgement]] = []
    problems: list[Problem] = []
    for folder in (run_a, run_b):
        try:
            runs.append(read_judgements(folder))
        except BadInput as bad:
            problems += bad.problems
    if problems:
        raise BadInput(problems)
    found = compare(*runs)
    if form == "json":
        click.echo(to_json(found), nl=False)
    else:
        colour = sys.stdout.isatty()
        click.echo(render_difference(found, language(), colour), nl=False, color=colour)
    return exit_code(found.outcome)
