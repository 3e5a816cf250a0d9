"""What a verdict rests on: the item run again with every assumed and every unknown figure changed.

One at a time. An assumed figure is tried at both ends of its range, and in the middle as well when an outcome differs
there or the value in use is itself an end (else that value is the one inside), an assumed choice with each
alternative, an unknown with each value that the table of kinds names. Where the outcome of a criterion turns between
two values of a number, the interval is halved at most `HALVINGS` times, so that the report can say where it turns.
Nothing is left out by guess: a value that the run provably would not notice (`simtel.run.unnoticed`) shares the
nominal verdicts, and so does a run of the nominal digest.

Where units fail at random, a run is a sample, and another value gives another sample: neither middle nor halves are
tried, for the place at which an outcome turns would be the sample's. First comes how often units fail and how long a
repair takes, then what is unknown, then what is assumed.

The runs of one item take about `EVENTS` of the calendar at most where units fail at random, else about `LONG`, unless
every value is wanted (`Item.exhaustive`). A value for which no time is left is told as not tried, and what passed is
then INCONCLUSIVE. Those together may take as much again.

Together. A verdict that no figure turns alone is tried with all figures that moved what it measures, each at the value
that moved it furthest to the wrong side (to the good side for a FAIL). Every criterion of the item is judged there. If
one turns, fewer figures are tried, those that moved it most first, until one fewer leaves the outcome as it was.

So a PASS says: no end of any range, alone, and none of the joint bad ends turns it. It says nothing of a turn strictly
between two tried values with the same outcome, nor of several figures that do harm only together and of which none
moves what is measured when it is changed alone.

variants.jsonl holds one variant a line, after a head that names the digest of the nominal run they belong to.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import msgspec

from simtel.core.decoder_words import decoder_said
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem
from simtel.core.quantity import Basis, Quantity, Unit, Unknown, Value
from simtel.profiles.spec import Given
from simtel.run.files import write_whole
from simtel.run.once import CountsEvents, to_memory
from simtel.run.plan import Item
from simtel.run.unnoticed import Other, unnoticed
from simtel.target.target import Target
from simtel.verdict.judge import Judgement, judge
from simtel.verdict.outcome import Outcome
from simtel.verdict.variants import Setting, Variant, apply_variants, bisect, joint_of, turned_by, variant_of, worst_of
from simtel.verdict.verdict import Verdict

SCHEMA = "variants/3"
# /1 has none of several figures together, /2 none that was not tried.
_SCHEMAS = ("variants/1", "variants/2", SCHEMA)
HALVINGS = 3
EVENTS = 4_000_000  # a minute's work, or less
LONG = 60_000_000  # some minutes' work: every value of a scenario that lasts for hours, some of one that lasts for days
_FIRM = (Outcome.PASS, Outcome.FAIL)
_NUMBERS = (Unit.TIME, Unit.RATE, Unit.SHARE, Unit.COUNT, Unit.BITRATE, Unit.ACCURACY)


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
        first = msgspec.json.decode(head, type=_Head)
        if first.simtel not in _SCHEMAS or first.nominal != digest:
            return None
        found = []
        for number, line in enumerate(lines, start=2):  # noqa: B007  (the number is for the error)
            found.append(msgspec.json.decode(line, type=Variant))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise BadInput(
            [Problem(str(path), number, 1, Message("is not a file of variants: {error}", error=decoder_said(error)))]
        ) from None
    return found


def to_vary(item: Item) -> dict[str, Given]:
    """Figures of an item that have other values to be tried, by path."""
    wanted = ("unknown",) if item.unknown_alone else ("unknown", "assumed")
    return {path: given for path, given in sorted(item.site.figures.items()) if basis_of(given) in wanted}


def vary(item: Item, target: Target, nominal: Judgement) -> list[Variant]:
    """The variants of the nominal judgement, of which the target made the run just now: every other value of every
    assumed or unknown figure (`Item.unknown_alone`: of these alone), then those together.
    """
    sampled = item.scenario.random is not None
    figures = to_vary(item)
    spread = {path: _spread(given, sampled) for path, given in figures.items()}
    if not any(spread.values()):
        return []
    most = None if item.exhaustive else _affordable(target, EVENTS if sampled else LONG)
    runs = Runs(most)
    same = unnoticed(item, target, nominal.digest, spread)
    found: dict[str, list[Variant]] = {}
    for path in sorted(figures, key=lambda path: (".failure." not in path, basis_of(figures[path]) != "unknown", path)):
        found[path] = _Figure(item, target, nominal, path, figures[path], same, runs).tried()
    alone = [one for path in figures for one in found[path]]
    return alone + Together(item, target, nominal, alone, Runs(most)).tried()


def _affordable(target: Target, events: int) -> int | None:
    """How many runs like the last one of the target `events` suffice for; None when it does not count its work."""
    return events // max(target.heap_events, 1) if isinstance(target, CountsEvents) else None


class Runs:
    """How many runs there is still time for; None: for all."""

    def __init__(self, left: int | None) -> None:
        self._left = left

    def take(self) -> bool:
        """Take one, if one is left."""
        if self._left is None:
            return True
        self._left -= 1
        return self._left >= 0


def _spread(given: Given, sampled: bool) -> list[Value]:
    """All values that may be tried before anything is known of the outcomes."""
    middle = None if sampled else middle_of(given)
    return [*values_of(given), *(() if middle is None else (middle,))]


def _tried(item: Item, target: Target, nominal: Judgement, settings: Sequence[Setting]) -> Judgement | None:
    """The judgement with figures set anew; None when nothing could be judged there."""
    site = item.site
    for one in settings:
        site = site.with_figure(one.figure, one.value)
    try:
        log = to_memory(msgspec.structs.replace(item, site=site), target)
    except BadInput:
        return None
    same = log.footer is not None and not log.footer.error and log.footer.digest == nominal.digest
    return nominal if same else judge(log)


class _Figure:
    """One figure, tried at several values; each value is run once."""

    def __init__(
        self,
        item: Item,
        target: Target,
        nominal: Judgement,
        path: str,
        given: Given,
        same: frozenset[Other],
        runs: Runs,
    ) -> None:
        self.item = item
        self.target = target
        self.nominal = nominal
        self.path = path
        self.given = given
        self.same = same
        self.runs = runs
        self.known = {given.value: self._variant(given.value, nominal)}

    def tried(self) -> list[Variant]:
        ends = [self.at(value) for value in values_of(self.given)]
        if self.item.scenario.random is not None or any(one.untried for one in ends):
            return ends
        if self.item.unknown_alone:  # it has no range: nobody asks where it turns
            return ends
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
        setting = Setting(self.path, value, self.given.stated.unit)
        if (self.path, value) in self.same:
            return self._variant(value, self.nominal)
        if not self.runs.take():
            return msgspec.structs.replace(self._variant(value, None), untried=True)
        return self._variant(value, _tried(self.item, self.target, self.nominal, [setting]))

    def _variant(self, value: Value, judgement: Judgement | None) -> Variant:
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


class Together:
    """Several figures at once, at the ends that are wrong for a verdict; each set is run once."""

    def __init__(self, item: Item, target: Target, nominal: Judgement, alone: Sequence[Variant], runs: Runs) -> None:
        self.item = item
        self.runs = runs
        self.target = target
        self.nominal = nominal
        self.alone = alone
        self.known: dict[frozenset[Setting], Variant | None] = {}

    def tried(self) -> list[Variant]:
        firm = {v.key for v in apply_variants(self.nominal, self.alone).verdicts if v.outcome in _FIRM}
        verdicts = [verdict for verdict in self.nominal.verdicts if verdict.key in firm]
        left: list[Variant] = []
        for verdict in verdicts:
            settings = worst_of(verdict, self.alone)
            whole = self.at(settings) if len(settings) > 1 else None
            if whole is not None and whole.untried:
                left.append(whole)
                continue
            for other in verdicts:
                if whole is not None and turned_by(whole, other):
                    self._fewer(other, settings)
        return [one for one in self.known.values() if one is not None] + left

    def at(self, settings: Sequence[Setting]) -> Variant | None:
        """The variant with these settings; None when nothing could be judged there."""
        key = frozenset(settings)
        if key not in self.known:
            if not self.runs.take():
                return joint_of(settings, None)
            judgement = _tried(self.item, self.target, self.nominal, settings)
            self.known[key] = None if judgement is None else joint_of(settings, judgement)
        return self.known[key]

    def _fewer(self, verdict: Verdict, settings: Sequence[Setting]) -> None:
        """The first settings of the list that turn the verdict while one fewer does not, as far as there is time."""
        few, enough = 1, len(settings)
        while enough - few > 1:
            middle = (few + enough) // 2
            found = self.at(settings[:middle])
            if found is not None and found.untried:
                return
            few, enough = (few, middle) if found is not None and turned_by(found, verdict) else (middle, enough)
