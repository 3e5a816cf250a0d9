"""What a verdict rests on: the item run again with every assumed and every unknown figure changed.

An assumed figure is tried at both ends of its range, and in the middle as well when an outcome differs there or the
value in use is itself an end (else that value is the one inside), an assumed choice with each alternative, an unknown
with each value that the table of kinds names. Where the outcome of a criterion turns between two values of a
number, the interval is halved at most `HALVINGS` times, so that the report can say where it turns.

Nothing is left out by guess. A figure that the nominal run never looked at is not run again, because the run would be
the same; `Looked` keeps the account, and its variants share the nominal verdicts. So do runs of the nominal digest.

variants.jsonl holds one variant a line, after a head that names the digest of the nominal run they belong to.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import cast

import msgspec

from simtel.core.problems import BadInput, Problem
from simtel.core.quantity import Basis, Quantity, Unit, Unknown, Value
from simtel.profiles.spec import Given, SiteSpec
from simtel.run.files import write_whole
from simtel.run.once import to_memory
from simtel.run.plan import Item
from simtel.target.target import Target
from simtel.verdict.judge import Judgement, judge
from simtel.verdict.variants import Variant, bisect, variant_of

SCHEMA = "variants/1"
HALVINGS = 4
_NUMBERS = (Unit.TIME, Unit.RATE, Unit.SHARE, Unit.COUNT, Unit.BITRATE)


class Looked(Mapping[str, Given]):
    """The figures of a site, with an account of which were looked at. Whoever walks over all has looked at all."""

    def __init__(self, figures: Mapping[str, Given]) -> None:
        self._figures = figures
        self.at: set[str] = set()

    def __getitem__(self, path: str) -> Given:
        self.at.add(path)
        return self._figures[path]

    def __contains__(self, path: object) -> bool:
        self.at.add(str(path))
        return path in self._figures

    def __iter__(self) -> Iterator[str]:
        self.at.update(self._figures)
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)


def basis_of(given: Given) -> str:
    """'assumed' or 'unknown' for a figure that is to be varied, else empty."""
    if given.spec.descriptive:
        return ""
    if isinstance(given.stated, Unknown):
        return "unknown"
    return "assumed" if given.stated.basis is Basis.ASSUMED else ""


def values_of(given: Given) -> list[Value]:
    """The values to try beside the one in use: the ends of a range, alternatives, the other tries of an unknown."""
    return [value for value in dict.fromkeys(given.others) if value != given.value]


def middle_of(given: Given) -> Value | None:
    """The middle of a range, unless it is in use or there is no range."""
    stated = given.stated
    if not isinstance(stated, Quantity) or stated.unit not in _NUMBERS or stated.low is None or stated.high is None:
        return None
    middle = (float(stated.low) + float(stated.high)) / 2
    value = round(middle) if isinstance(stated.value, int) else middle
    return None if value in (stated.value, stated.low, stated.high) else value


class _Head(msgspec.Struct):
    simtel: str
    nominal: str


def write_variants(path: Path, nominal: Judgement, variants: Sequence[Variant]) -> None:
    """Write variants.jsonl. CannotWriteError."""
    lines = [_Head(SCHEMA, nominal.digest), *variants]
    write_whole(path, b"".join(msgspec.json.encode(line) + b"\n" for line in lines))


def read_variants(path: Path, digest: str) -> list[Variant] | None:
    """The variants of the log with that digest; None when there are none. BadInput for a file that is none."""
    number = 1
    try:
        head, *lines = path.read_bytes().splitlines()
        if msgspec.json.decode(head, type=_Head) != _Head(SCHEMA, digest):
            return None
        found = []
        for number, line in enumerate(lines, start=2):  # noqa: B007  (the number is for the error)
            found.append(msgspec.json.decode(line, type=Variant))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise BadInput([Problem(str(path), number, 1, f"is not a file of variants: {error}")]) from None
    return found


def watched(site: SiteSpec) -> tuple[SiteSpec, Looked]:
    """The same site, and the account of which figures are looked at."""
    looked = Looked(site.figures)
    return msgspec.structs.replace(site, figures=cast(dict[str, Given], looked)), looked


def vary(item: Item, target: Target, nominal: Judgement, looked: frozenset[str] | None = None) -> list[Variant]:
    """A variant for every other value of every assumed or unknown figure; only those in `looked` are run again."""
    found: list[Variant] = []
    for path, given in sorted(item.site.figures.items()):
        basis = basis_of(given)
        if not basis:
            continue
        if looked is None or path in looked:
            found += _Figure(item, target, nominal, path, given).tried()
        else:
            found += [variant_of(path, value, given.stated.unit, basis, nominal) for value in values_of(given)]
    return found


class _Figure:
    """One figure, tried at several values; each value is run once."""

    def __init__(self, item: Item, target: Target, nominal: Judgement, path: str, given: Given) -> None:
        self.item = item
        self.target = target
        self.nominal = nominal
        self.path = path
        self.given = given
        self.known = {given.value: self._variant(given.value, nominal)}

    def tried(self) -> list[Variant]:
        ends = [self.at(value) for value in values_of(self.given)]
        middle = middle_of(self.given)
        if middle is not None and not (self._inside() and all(self._agrees(one) for one in ends)):
            self.at(middle)
        if self.given.stated.unit in _NUMBERS:
            for one, other in pairwise(sorted(self.known.values(), key=_value)):
                self._narrow(one, other, HALVINGS)
        return list(self.known.values())[1:]

    def _inside(self) -> bool:
        """Whether the value in use lies between the ends of its range, and is not one of them."""
        return len(values_of(self.given)) > 1

    def _agrees(self, one: Variant) -> bool:
        """Whether every criterion comes out there as it does nominally."""
        nominal = self.known[self.given.value].results
        return {name: result[0] for name, result in one.results.items()} == {
            name: result[0] for name, result in nominal.items()
        }

    def at(self, value: Value) -> Variant:
        """The variant at a value."""
        if value not in self.known:
            self.known[value] = self._run(value)
        return self.known[value]

    def _run(self, value: Value) -> Variant:
        site = self.item.site.with_figure(self.path, value)
        try:
            log = to_memory(msgspec.structs.replace(self.item, site=site), self.target)
        except BadInput:  # no results: nothing could be judged there
            return Variant(self.path, value, self.given.stated.unit, basis_of(self.given), "")
        same = log.footer is not None and not log.footer.error and log.footer.digest == self.nominal.digest
        return self._variant(value, self.nominal if same else judge(log))

    def _variant(self, value: Value, judgement: Judgement) -> Variant:
        return variant_of(self.path, value, self.given.stated.unit, basis_of(self.given), judgement)

    def _narrow(self, one: Variant, other: Variant, steps: int) -> None:
        """Halve the interval between two values as long as a criterion turns in it."""
        middle = bisect(one, other) if steps else None
        if middle is not None:
            between = self.at(middle)
            self._narrow(one, between, steps - 1)
            self._narrow(between, other, steps - 1)


def _value(variant: Variant) -> float:
    return float(variant.value)
