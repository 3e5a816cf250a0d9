"""Which claim has which verdict: requirement x scenario x site x kind of target x outcome.

Results come from the folders of runs; of several results for the same scenario, site, size and kind of target the
newest counts. A result is out of date when the scenario or the site has changed since. Of a scenario that tries several
claims each has the verdicts of the criteria that speak of it (`claims.SPEAKS_OF`), and of no other: call records that
are right do not fail because calls were cut. A claim without a verdict is one that nothing has tried: no scenario that
names it asks for a criterion that speaks of it, none of those that do has a result, or none applies where it was run.
Such a claim is never taken for a met one: it counts as INCONCLUSIVE.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from simtel.core.log import Header
from simtel.report.claims import CLAIMED, LATER, speaks_of
from simtel.report.grid import Cell, Column, column_of, family
from simtel.report.words import tell
from simtel.scenario.spec import Scenario
from simtel.verdict.criteria import INVARIANTS
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome, merge

SCHEMA = "coverage/1"
Current = Callable[[Header], bool]


class Result(NamedTuple):
    """A judgement, and the folder of the run that it was found in."""

    judgement: Judgement
    run: str


@dataclass(slots=True)
class Tried:
    """One scenario of a claim, and what was found for it at each site."""

    scenario: str
    title: dict[str, str]
    cells: dict[Column, Cell] = field(default_factory=dict)
    stale: set[Column] = field(default_factory=set)
    runs: dict[Column, str] = field(default_factory=dict)

    @property
    def applying(self) -> dict[Column, Cell]:
        """Cells in which there was something to judge."""
        return {column: cell for column, cell in self.cells.items() if cell.applies}


@dataclass(slots=True)
class Claim:
    """One requirement, and the scenarios that try it."""

    id: str
    tried: list[Tried]

    @property
    def outcome(self) -> Outcome | None:
        """The worst verdict; None when the claim has none."""
        outcomes = [cell.outcome for one in self.tried for cell in one.applying.values()]
        return merge(outcomes) if outcomes else None


class Coverage(NamedTuple):
    """All claims, and the columns in which there is any result."""

    claims: list[Claim]
    columns: list[Column]
    titles: Mapping[str, dict[str, str]]  # site -> its title

    @property
    def open(self) -> list[Claim]:
        """Claims without a verdict."""
        return [claim for claim in self.claims if claim.outcome is None]

    @property
    def outcome(self) -> Outcome:
        """The worst of all; a claim without a verdict is INCONCLUSIVE."""
        return merge(Outcome.INCONCLUSIVE if claim.outcome is None else claim.outcome for claim in self.claims)

    @property
    def cells(self) -> Iterator[tuple[Column, Cell]]:
        """Every result, once for each claim that it says something of."""
        return (found for claim in self.claims for one in claim.tried for found in one.cells.items())


def cover(results: Iterable[Result], scenarios: Sequence[Scenario], current: Current) -> Coverage:
    """What results (oldest first) and the scenarios of the library say of each claim."""
    newest = {(r.judgement.header.scenario, column_of(r.judgement.header)): r for r in results}
    tried: dict[str, Tried] = {one.id: Tried(one.id, one.title) for one in scenarios}
    asks: dict[str, set[str]] = {one.id: set(one.requirement) for one in scenarios}
    judged: dict[str, set[str]] = {one.id: {wanted.criterion for wanted in one.expect} for one in scenarios}
    titles: dict[str, dict[str, str]] = {}
    for (_, column), result in newest.items():
        header = result.judgement.header
        name = family(header.scenario)
        one = tried.setdefault(name, Tried(name, header.title))
        asks.setdefault(name, set()).update(header.requirement)
        judged.setdefault(name, set()).update(verdict.criterion for verdict in result.judgement.verdicts)
        titles[header.site] = header.site_title
        cell = one.cells.setdefault(column, Cell())
        cell.verdicts += result.judgement.verdicts
        one.runs[column] = result.run
        if not current(header):
            one.stale.add(column)
    columns = sorted({column for _, column in newest})
    claimed = [*CLAIMED, *sorted({claim for all_ in asks.values() for claim in all_} - CLAIMED.keys())]
    claims = [
        Claim(id_, [
            _about(id_, one)
            for name, one in tried.items()
            if id_ in asks[name] and any(speaks_of(criterion, id_) for criterion in judged[name])
        ])
        for id_ in claimed
    ]  # fmt: skip
    return Coverage(claims, columns, titles)


def _about(claim: str, one: Tried) -> Tried:
    """What a scenario found of one claim. A broken invariant leaves nothing of what it found."""
    found = Tried(one.scenario, one.title)
    for column, cell in one.cells.items():
        verdicts = [verdict for verdict in cell.verdicts if speaks_of(verdict.criterion, claim)]
        if verdicts:
            broken = (v for v in cell.verdicts if v.criterion in INVARIANTS and v.outcome > Outcome.INCONCLUSIVE)
            verdicts += [verdict for verdict in broken if verdict not in verdicts]
            found.cells[column] = Cell(verdicts=verdicts, outcomes=[verdict.outcome for verdict in verdicts])
            found.runs[column] = one.runs[column]
            if column in one.stale:
                found.stale.add(column)
    return found


def to_json(found: Coverage) -> str:
    """All claims as one document."""
    document = {
        "simtel": SCHEMA, "outcome": found.outcome.name, "without_verdict": [claim.id for claim in found.open],
        "claims": [_claim(claim) for claim in found.claims],
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _claim(claim: Claim) -> dict[str, Any]:
    text = CLAIMED.get(claim.id)
    return {
        "id": claim.id, "claim": {lang: tell(text, lang) for lang in ("en", "zh")} if text else {},
        "later": {lang: tell(LATER[claim.id], lang) for lang in ("en", "zh")} if claim.id in LATER else {},
        "outcome": None if claim.outcome is None else claim.outcome.name,
        "scenarios": [
            {"id": one.scenario, "title": one.title, "results": [
                {"site": column.site, "seats": column.seats, "target": column.target, "outcome": cell.outcome.name,
                 "applies": cell.applies, "criteria": {v.key: v.outcome.name for v in cell.verdicts},
                 "current": column not in one.stale, "run": one.runs[column]}
                for column, cell in one.cells.items()
            ]}
            for one in claim.tried
        ],
    }  # fmt: skip
