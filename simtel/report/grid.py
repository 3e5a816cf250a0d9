"""Judgements arranged as people compare them: scenarios and criteria down, sites and sizes across.

A sweep (many items of one scenario, told apart by what follows an @ in their id) is one row: its outcome is the worst
of all, with a count. Cells keep the numbers of the judgements that they stand for, so that a page can link to them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from simtel.core.log import Header
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome, merge
from simtel.verdict.verdict import Verdict


class Column(NamedTuple):
    """One site of one size on one kind of target."""

    site: str
    seats: int
    target: str


class Found(NamedTuple):
    """One criterion in a cell: the first verdict with its worst outcome, how many have that outcome, of how many."""

    verdict: Verdict
    times: int
    of: int


@dataclass(slots=True)
class Cell:
    """What was found for one row at one site: the items, and the verdicts in them that belong to the row."""

    items: list[int] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        """The worst."""
        return merge(self.outcomes)

    @property
    def worst(self) -> Verdict | None:
        """The first verdict with the worst outcome."""
        return max(self.verdicts, key=lambda v: v.outcome, default=None)

    @property
    def applies(self) -> bool:
        """Whether there was anything to judge: False when every verdict says that it does not apply there."""
        return any(verdict.applies for verdict in self.verdicts) or not self.verdicts

    @property
    def found(self) -> dict[Outcome, list["Found"]]:
        """Every criterion of the cell under its worst outcome, the worst outcome first."""
        by_key: dict[str, list[Verdict]] = {}
        for verdict in self.verdicts:
            by_key.setdefault(verdict.key, []).append(verdict)
        all_ = [_worst_of(verdicts) for verdicts in by_key.values()]
        return {
            outcome: same
            for outcome in sorted(Outcome, reverse=True)
            if (same := [one for one in all_ if one.verdict.outcome is outcome])
        }

    @property
    def count(self) -> tuple[int, int]:
        """How many items have the worst outcome, of how many."""
        return self.outcomes.count(self.outcome), len(self.outcomes)


@dataclass(slots=True)
class Row:
    """One scenario, or one criterion of it (`key`)."""

    scenario: str
    header: Header
    key: str = ""
    cells: dict[Column, Cell] = field(default_factory=dict)


@dataclass(slots=True)
class Grid:
    """Rows in the order in which they first appeared; columns likewise."""

    columns: list[Column]
    rows: list[Row]

    def counts(self, column: Column) -> dict[Outcome, int]:
        """How many rows of a column have which outcome: of those that apply, and outcomes that occur."""
        found = [row.cells[column].outcome for row in self.rows if column in row.cells and row.cells[column].applies]
        return {outcome: found.count(outcome) for outcome in sorted(Outcome, reverse=True) if outcome in found}

    def idle(self, column: Column) -> int:
        """How many rows of a column do not apply there."""
        return sum(column in row.cells and not row.cells[column].applies for row in self.rows)


def family(scenario: str) -> str:
    """The scenario that an item of a sweep belongs to."""
    return scenario.partition("@")[0]


def column_of(header: Header) -> Column:
    """Where an item stands."""
    return Column(header.site, header.seats, header.target)


def by_scenario(judgements: Sequence[Judgement]) -> Grid:
    """One row per scenario."""
    rows: dict[tuple[str, str], Row] = {}
    for number, judgement in enumerate(judgements):
        cell = _cell(rows, judgement.header, "")
        cell.items.append(number)
        cell.outcomes.append(judgement.outcome)
        cell.verdicts += judgement.verdicts
    return Grid(_columns(judgements), list(rows.values()))


def by_criterion(judgements: Sequence[Judgement]) -> Grid:
    """One row per scenario and criterion, those of one scenario together."""
    rows: dict[tuple[str, str], Row] = {}
    for number, judgement in enumerate(judgements):
        for verdict in judgement.verdicts:
            cell = _cell(rows, judgement.header, verdict.key)
            cell.items.append(number)
            cell.outcomes.append(verdict.outcome)
            cell.verdicts.append(verdict)
    order = {scenario: place for place, scenario in enumerate(dict.fromkeys(name for name, _ in rows))}
    return Grid(_columns(judgements), sorted(rows.values(), key=lambda row: order[row.scenario]))


def _worst_of(verdicts: list[Verdict]) -> Found:
    worst = max(verdicts, key=lambda v: v.outcome)
    return Found(worst, sum(v.outcome is worst.outcome for v in verdicts), len(verdicts))


def _columns(judgements: Iterable[Judgement]) -> list[Column]:
    return list(dict.fromkeys(column_of(judgement.header) for judgement in judgements))


def _cell(rows: dict[tuple[str, str], Row], header: Header, key: str) -> Cell:
    name = family(header.scenario)
    row = rows.setdefault((name, key), Row(name, header, key))
    return row.cells.setdefault(column_of(header), Cell())
