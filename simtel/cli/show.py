"""Judgements on standard output, in the form that was asked for."""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import rich_click as click

from simtel.cli.speech import language, table_language
from simtel.report.formats import to_csv, to_json, to_junit
from simtel.report.table import render_table
from simtel.verdict.judge import Judgement

FORMATS = ("table", "json", "csv", "junit")
FORMS = {"json": to_json, "junit": to_junit}


def show(judgements: Sequence[Judgement], form: str, report: Path | None = None) -> None:
    """Print all judgements; `report` is named below the table."""
    if form == "table":
        colour = sys.stdout.isatty()
        click.echo(render_table(judgements, language(), colour, report=report), nl=False, color=colour)
    else:
        written = to_csv(judgements, table_language()) if form == "csv" else FORMS[form](judgements)
        click.echo(written, nl=False)


class Progress:
    """Says on one line of a terminal how far a run is, what it is at, and how long it has taken."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def __call__(self, done: int, total: int, name: str) -> None:
        took = round(time.monotonic() - self._began)
        end = "\n" if done == total else ""
        click.echo(f"\r\x1b[K[{done}/{total}] {took // 60}:{took % 60:02} {name}{end}", nl=False, err=True)


class Minutes:
    """The same where no terminal is, for whoever reads a log: a line each minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._told = 0

    def __call__(self, done: int, total: int, name: str) -> None:
        minutes = int(self._clock() - self._began) // 60
        if minutes > self._told:
            self._told = minutes
            click.echo(f"[{done}/{total}] {minutes}:00 {name}", err=True)


class Amount:
    """Says how much of a file, or of its calls, is done: ten times a second on one line of a terminal, elsewhere a line
    each minute."""

    def __init__(
        self, terminal: bool, unit: str = "MiB", scale: int = 1 << 20, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._terminal, self._unit, self._scale, self._clock = terminal, unit, scale, clock
        self._began = clock()
        self._next = 0.0 if terminal else 60.0

    def __call__(self, done: int, total: int) -> None:
        now = self._clock() - self._began
        whole = done >= total and self._terminal
        if now < self._next and not whole:
            return
        self._next, took = now + (0.1 if self._terminal else 60.0), round(now)
        share = done / total if total else 1.0
        said = (f"{share:4.0%} {done // self._scale}/{total // self._scale} {self._unit} "
                f"{took // 60}:{took % 60:02}")  # fmt: skip
        click.echo(f"\r\x1b[K{said}" if self._terminal else said, nl=whole or not self._terminal, err=True)
