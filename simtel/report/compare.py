"""What became of the verdicts of one run in another: outcomes that changed, figures that moved, what is missing.

Verdicts are matched by scenario, site, seats, kind of target and criterion. Where each run has one site that the other
has not, these two are what is compared: their verdicts are matched by the rest. A figure has moved apart when its
interval (measured value, plus and minus its uncertainty, or what its sample says) and that of the other run have
nothing in common; intervals that touch overlap. Worse is what the order of outcomes calls worse: PASS, INCONCLUSIVE,
FAIL, ERROR.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from simtel.core.log import Header
from simtel.core.quantity import Unit
from simtel.report.formats import BASE_UNITS, figure_of
from simtel.report.words import tell
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome
from simtel.verdict.verdict import Measured, Verdict

SCHEMA = "diff/1"
Place = tuple[str, str, int, str]


class Sort(StrEnum):
    """What happened to a verdict, the gravest first."""

    WORSE = "worse"
    MISSING = "missing"  # judged in the first run only
    BETTER = "better"
    NEW = "new"  # judged in the second run only
    MOVED = "moved"  # same outcome, another figure or limit
    SAME = "same"


class Change(NamedTuple):
    """One criterion of one item in both runs."""

    header: Header  # in the first run, if it is there
    key: str
    before: Verdict | None
    after: Verdict | None
    site_after: Header  # the same, or one of the site with which it is compared

    @property
    def sort(self) -> Sort:
        """What happened."""
        if self.after is None:
            return Sort.MISSING
        if self.before is None:
            return Sort.NEW
        if self.before.outcome is not self.after.outcome:
            return Sort.WORSE if self.after.outcome > self.before.outcome else Sort.BETTER
        limits = [verdict.limit and verdict.limit.value for verdict in (self.before, self.after)]
        return Sort.SAME if _value(self.before) == _value(self.after) and limits[0] == limits[1] else Sort.MOVED

    @property
    def delta(self) -> float | int | None:
        """The figure of the second run less that of the first, in base units; None when there is no such thing."""
        both = self._measured()
        return None if both is None else _number(both[1]) - _number(both[0])

    @property
    def overlap(self) -> bool | None:
        """Whether the intervals of the two figures have something in common; None when neither has an interval."""
        one, other = self._measured() or (None, None)
        if one is None or other is None or not (one.uncertainty or other.uncertainty):
            return None
        mine, theirs = one.ends, other.ends
        return mine is not None and theirs is not None and mine[0] <= theirs[1] and theirs[0] <= mine[1]

    def _measured(self) -> tuple[Measured, Measured] | None:
        one = self.before and self.before.measured
        other = self.after and self.after.measured
        if not one or not other or one.unit is not other.unit or one.unit in (Unit.CHOICE, Unit.FLAG):
            return None
        return (one, other) if all(isinstance(m.value, int | float) for m in (one, other)) else None


class Comparison(NamedTuple):
    """All changes, in the order of the first run; `alike` counts items with the very same events."""

    changes: list[Change]
    alike: int
    items: int
    terms: list[tuple[str, str, str]]  # what the runs differ in besides: what, in the first, in the second
    sites: tuple[Header, Header] | None  # of the sites that are compared with each other, if they are two

    def of(self, *sorts: Sort) -> list[Change]:
        """Changes of these sorts."""
        return [change for change in self.changes if change.sort in sorts]

    @property
    def outcome(self) -> Outcome:
        """FAIL when an outcome got worse, INCONCLUSIVE when something is missing or nothing was compared."""
        if self.of(Sort.WORSE):
            return Outcome.FAIL
        shared = len(self.changes) > len(self.of(Sort.MISSING, Sort.NEW))
        return Outcome.PASS if shared and not self.of(Sort.MISSING) else Outcome.INCONCLUSIVE


def compare(first: Sequence[Judgement], second: Sequence[Judgement]) -> Comparison:
    """The changes from one run to another."""
    before, after = ({_place(judgement.header): judgement for judgement in run} for run in (first, second))
    sites = _two_sites(before, after)
    if sites:
        after = {_as_on(sites, place): judgement for place, judgement in after.items()}
    places = list(dict.fromkeys([*before, *after]))
    changes = [change for place in places for change in _item(before.get(place), after.get(place))]
    shared = [(before[place], after[place]) for place in places if place in before and place in after]
    alike = sum(bool(one.digest) and one.digest == other.digest for one, other in shared)
    terms = dict.fromkeys(term for one, other in shared for term in _terms(one.header, other.header))
    return Comparison(changes, alike, len(shared), list(terms), sites)


def _two_sites(before: Mapping[Place, Judgement], after: Mapping[Place, Judgement]) -> tuple[Header, Header] | None:
    """The one site that only the first run has and the one that only the second has, if there is one of each."""
    one, other = ({judgement.header.site: judgement.header for judgement in run.values()} for run in (before, after))
    mine, theirs = [one[site] for site in one.keys() - other], [other[site] for site in other.keys() - one]
    return (mine[0], theirs[0]) if len(mine) == len(theirs) == 1 else None


def _as_on(sites: tuple[Header, Header], place: Place) -> Place:
    """Where the first run has what the second has there."""
    scenario, site, seats, target = place
    return scenario, sites[0].site if site == sites[1].site else site, seats, target


def _place(header: Header) -> Place:
    return header.scenario, header.site, header.seats, header.target


def _item(before: Judgement | None, after: Judgement | None) -> Iterator[Change]:
    one, other = ({v.key: v for v in judgement.verdicts} if judgement else {} for judgement in (before, after))
    found = before or after
    if found is not None:
        for key in dict.fromkeys([*one, *other]):
            yield Change(found.header, key, one.get(key), other.get(key), (after or found).header)


def _terms(one: Header, other: Header) -> Iterator[tuple[str, str, str]]:
    """What else might explain a change."""
    if one.version != other.version:
        yield "version", one.version, other.version
    if one.seed != other.seed:
        yield "seed", str(one.seed), str(other.seed)
    if one.scenario_hash != other.scenario_hash:
        yield "scenario", one.scenario, other.scenario
    if one.site == other.site and one.site_hash != other.site_hash:
        yield "site", one.site, other.site
    if _options(one) != _options(other):
        yield "options", _options(one), _options(other)


def _options(header: Header) -> str:
    """What a run was asked for besides what and where: --no-vary, --limits, --parts."""
    words = header.command.split()
    named = words.index("--target") + 2 if "--target" in words else len(words)
    return " ".join(words[named:]) or "-"


def _number(measured: Measured) -> float | int:
    return measured.value if isinstance(measured.value, int | float) else 0


def _value(verdict: Verdict) -> object:
    return None if verdict.measured is None else (verdict.measured.value, verdict.measured.unit)


def to_json(found: Comparison) -> str:
    """All changes as one document; figures in base units."""
    document = {
        "simtel": SCHEMA, "base_units": BASE_UNITS, "outcome": found.outcome.name, "items": found.items,
        "sites": found.sites and {"before": found.sites[0].site, "after": found.sites[1].site},
        "same_events": found.alike, "counts": {sort: len(found.of(sort)) for sort in Sort},
        "differ_in": [dict(zip(("what", "before", "after"), term, strict=True)) for term in found.terms],
        "changes": [_change(change) for change in found.changes if change.sort is not Sort.SAME],
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _change(change: Change) -> dict[str, Any]:
    head = change.header
    return {
        "scenario": head.scenario, "site": head.site, "site_after": change.site_after.site, "seats": head.seats,
        "target": head.target,
        "criterion": change.key, "change": change.sort, "before": _side(change.before), "after": _side(change.after),
        "delta": change.delta, "intervals_overlap": change.overlap,
    }  # fmt: skip


def _side(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    return {
        "outcome": verdict.outcome.name, "applies": verdict.applies,
        "measured": msgspec.to_builtins(figure_of(verdict.measured)),
        "limit": msgspec.to_builtins(verdict.limit), "reason": tell(verdict.reason, "en"),
    }  # fmt: skip
