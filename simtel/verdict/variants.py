"""What rests on assumed and unknown figures: verdicts compared over runs with other values of figures.

A verdict whose outcome turns within the range of an assumed figure is INCONCLUSIVE and says where it
turns. One that depends in any way on an unknown figure is INCONCLUSIVE and names it. One that stands firm
against each figure alone and turns with several together is INCONCLUSIVE and names the set. A PASS on a
site with assumed or unknown figures that nobody varied, or not with all their values, is INCONCLUSIVE.
What must hold with any figures (conservation, quiescence) FAILs when a single run breaks it, and names the setting.
ERROR stays ERROR; a verdict that was INCONCLUSIVE keeps its own reason.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import msgspec

from simtel.core.log import Figure, Header
from simtel.core.quantity import Basis, Unit, Value
from simtel.core.units import show
from simtel.verdict.criteria import INVARIANTS
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome, merge
from simtel.verdict.verdict import Measured, Text, Verdict, key_of, say

UNKNOWN = "unknown"
# The place at which an outcome turns is searched until it is known to this part of the larger end.
RESOLUTION = 0.05
_NUMBERS = (Unit.TIME, Unit.RATE, Unit.SHARE, Unit.COUNT, Unit.BITRATE, Unit.ACCURACY)


class Setting(msgspec.Struct, frozen=True):
    """A figure and a value for it."""

    figure: str
    value: Value
    unit: Unit


class Variant(msgspec.Struct, omit_defaults=True):
    """One run with another value of one figure; `basis` is assumed or unknown, `results` by verdict key.

    With `together` it is a run with all these settings at once, and has no figure of its own. `untried`: there was no
    time for the run, and it has no results.
    """

    figure: str
    value: Value
    unit: Unit
    basis: str
    digest: str
    results: dict[str, tuple[Outcome, Measured | None]] = {}
    together: tuple[Setting, ...] = ()
    untried: bool = False


def variant_of(figure: str, value: Value, unit: Unit, basis: str, judgement: Judgement | None) -> Variant:
    """A judgement as a variant, for the run that made it; None when nothing could be judged there."""
    if judgement is None:
        return Variant(figure, value, unit, basis, "")
    return Variant(figure, value, unit, basis, judgement.digest, _results(judgement))


def joint_of(settings: Sequence[Setting], judgement: Judgement | None) -> Variant:
    """The variant of several figures together; None when there was no time for it."""
    together = tuple(settings)
    if judgement is None:
        return Variant("", len(together), Unit.COUNT, Basis.ASSUMED, "", {}, together, untried=True)
    return Variant("", len(together), Unit.COUNT, Basis.ASSUMED, judgement.digest, _results(judgement), together)


def _results(judgement: Judgement) -> dict[str, tuple[Outcome, Measured | None]]:
    return {key_of(v.criterion, v.subject): (v.outcome, v.measured) for v in judgement.verdicts}


def turned_by(variant: Variant, verdict: Verdict) -> bool:
    """Whether the outcome is another one there."""
    return _outcome(variant, verdict) is not verdict.outcome


def worst_of(verdict: Verdict, variants: Iterable[Variant]) -> tuple[Setting, ...]:
    """The settings that, each alone, moved what the verdict measures to the wrong side, the furthest first.

    One for each figure, the value that moved it most. The wrong side is above, or below when the limit is an
    `at_least`; of a FAIL it is the good side that is looked at, for there it would turn.
    """
    nominal = verdict.measured
    if nominal is None or isinstance(nominal.value, str):
        return ()
    below = verdict.limit is not None and "at_least" in verdict.limit.name
    side = -1 if below is (verdict.outcome is not Outcome.FAIL) else 1
    furthest: dict[str, tuple[float, Setting]] = {}
    for one in variants:
        measured = one.results.get(verdict.key, (None, None))[1]
        if one.together or measured is None or isinstance(measured.value, str):
            continue
        moved = side * (measured.value - nominal.value)
        if moved > max(0, furthest.get(one.figure, (0, None))[0]):
            furthest[one.figure] = (moved, Setting(one.figure, one.value, one.unit))
    ranked = sorted(furthest.values(), key=lambda found: (-found[0], found[1].figure))
    return tuple(setting for _, setting in ranked)


def apply_variants(judgement: Judgement, variants: Sequence[Variant]) -> Judgement:
    """The judgement as it stands when assumed and unknown figures take their other values."""
    verdicts = tuple(_weighed(judgement.header, verdict, variants) for verdict in judgement.verdicts)
    return msgspec.structs.replace(judgement, verdicts=verdicts, outcome=merge(v.outcome for v in verdicts))


def bisect(one: Variant, other: Variant) -> Value | None:
    """The value to try between two variants of one figure whose outcomes differ; None when none is wanted."""
    if one.figure != other.figure or one.unit not in _NUMBERS or not _differ(one, other):
        return None
    low, high = sorted((_number(one.value), _number(other.value)))
    if high - low <= RESOLUTION * abs(high):
        return None
    if isinstance(one.value, int) and isinstance(other.value, int):
        middle: int | float = (int(low) + int(high)) // 2
    else:
        middle = (low + high) / 2
    return None if middle in (low, high) else middle


def _differ(one: Variant, other: Variant) -> bool:
    return any(one.results[key][0] != other.results[key][0] for key in one.results.keys() & other.results.keys())


def _number(value: Value) -> int | float:
    if isinstance(value, str | bool):
        raise TypeError(f"{value!r} is not a number")
    return value


def _weighed(header: Header, verdict: Verdict, variants: Sequence[Variant]) -> Verdict:
    if verdict.outcome is Outcome.ERROR:
        return verdict
    if not variants:
        return _unvaried(header, verdict)
    if verdict.criterion in INVARIANTS:
        broken = _broken(verdict, variants)
        if broken is not None:
            return broken
    joint = [v for v in variants if v.together and not v.untried and turned_by(v, verdict)]
    untried = [v for v in variants if v.untried]
    skipped = dict.fromkeys(figure for v in untried for figure in _figures(v))
    left_out = _untried(untried, [*skipped]) if untried else None
    variants = [v for v in variants if not v.together and not v.untried]
    turned = [v for v in variants if turned_by(v, verdict)]
    moved = [v for v in variants if v in turned or _another(v.results[verdict.key][1], verdict.measured)]
    rests = tuple(sorted({*verdict.rests_on, *(v.figure for v in moved)}))
    blind = [v for v in moved if v.basis == UNKNOWN]
    reason: Text | None = None
    if blind:
        reason = _rests_on_unknown(verdict, blind)
    elif turned:
        reason = _turns(header, verdict, turned[0].figure, variants)
    elif joint:
        fewest = min(joint, key=lambda v: len(v.together))
        reason = _together(verdict, fewest)
        rests = tuple(sorted({*rests, *(one.figure for one in fewest.together)}))
    elif left_out is not None and verdict.outcome is Outcome.PASS:
        reason = left_out
        rests = tuple(sorted({*rests, *skipped}))
    notes = verdict.notes + _left(header, [*variants, *untried])
    if left_out is not None and reason is not left_out:
        notes = (*notes, left_out)
    if reason is None:
        return msgspec.structs.replace(verdict, rests_on=rests, notes=notes)
    if verdict.outcome is Outcome.INCONCLUSIVE:
        return msgspec.structs.replace(verdict, rests_on=rests, notes=(*notes, reason))
    notes = (*notes, *_others(header, verdict, turned, variants), verdict.reason)
    return msgspec.structs.replace(verdict, outcome=Outcome.INCONCLUSIVE, reason=reason, rests_on=rests, notes=notes)


def _broken(verdict: Verdict, variants: Sequence[Variant]) -> Verdict | None:
    """The verdict on what no figure may break, when it is broken with some; None when it holds with all."""
    if verdict.outcome is Outcome.FAIL:
        return verdict
    found = [v for v in variants if v.results.get(verdict.key, (None,))[0] is Outcome.FAIL]
    if not found:
        return None
    first = min(found, key=lambda v: len(v.together))
    settings = first.together or (Setting(first.figure, first.value, first.unit),)
    reason = say(
        "{nominal} with the figures as stated, but FAIL with {figures}: it must hold with any, so simtel itself is "
        "wrong there",
        nominal=verdict.outcome.name,
        figures=", ".join(f"{one.figure} = {show(one.value, one.unit)}" for one in settings),
    )
    return msgspec.structs.replace(
        verdict,
        outcome=Outcome.FAIL,
        reason=reason,
        measured=first.results[verdict.key][1],
        rests_on=tuple(sorted({*verdict.rests_on, *(one.figure for one in settings)})),
        notes=(*verdict.notes, verdict.reason),
    )


def _rests_on_unknown(verdict: Verdict, moved: Sequence[Variant]) -> Text:
    """Which unknown figure turns the outcome, or at least moves the figure: there is no range to say how far."""
    first = next((v for v in moved if turned_by(v, verdict)), moved[0])
    value, outcome = show(first.value, first.unit), _outcome(first, verdict).name
    if turned_by(first, verdict):
        return say(
            "This rests on {figure}, which is unknown: with {value} it is {outcome}",
            figure=first.figure, value=value, outcome=outcome,
        )  # fmt: skip
    return say(
        "{outcome} with each value tried for {figure}, but that is unknown and moves the figure (as {value} does)",
        figure=first.figure, value=value, outcome=outcome,
    )  # fmt: skip


def _outcome(variant: Variant, verdict: Verdict) -> Outcome:
    """A variant that says nothing about a criterion could not be judged there."""
    return variant.results[verdict.key][0] if verdict.key in variant.results else Outcome.ERROR


def _another(one: Measured | None, other: Measured | None) -> bool:
    """Whether two measured figures differ. The ends of an interval are left out: older files of variants lack them,
    and `uncertainty` moves with them."""
    if one is None or other is None:
        return one is not other
    return (one.value, one.unit, one.uncertainty) != (other.value, other.unit, other.uncertainty)


def _figures(variant: Variant) -> tuple[str, ...]:
    return tuple(one.figure for one in variant.together) or (variant.figure,)


def _untried(untried: Sequence[Variant], figures: Sequence[str]) -> Text:
    """What was left out for want of time: first of all single figures, else some together."""
    alone = [one for one in untried if not one.together]
    if not alone:
        return say(
            "Not tried for want of time: {m} assumed or unknown figures together, {figure} among them",
            m=len(figures),
            figure=figures[0],
        )
    return say(
        "Not tried for want of time: {n} values of {m} assumed or unknown figures, {figure} among them",
        n=len(alone),
        m=len({one.figure for one in alone}),
        figure=alone[0].figure,
    )


def _together(verdict: Verdict, joint: Variant) -> Text:
    """Which figures turn the outcome together."""
    return say(
        "{nominal} with each assumed figure alone, but {outcome} with {n} of them together: {figures}",
        nominal=verdict.outcome.name,
        outcome=_outcome(joint, verdict).name,
        n=len(joint.together),
        figures=", ".join(f"{one.figure} = {show(one.value, one.unit)}" for one in joint.together),
    )


def _spread(header: Header) -> list[Figure]:
    """Figures that may have another value than the one that was run."""
    ranged = [f for f in header.assumed if f.low is not None or f.high is not None or f.alternatives]
    return [*ranged, *header.unknown]


def _unvaried(header: Header, verdict: Verdict) -> Verdict:
    figures = _spread(header)
    if not figures or verdict.outcome is not Outcome.PASS:
        return verdict
    reason = say(
        "{n} assumed or unknown figures were not varied, {figure} among them",
        n=len(figures),
        figure=figures[0].path,
    )
    return msgspec.structs.replace(
        verdict,
        outcome=Outcome.INCONCLUSIVE,
        reason=reason,
        rests_on=tuple(f.path for f in figures),
        notes=(*verdict.notes, verdict.reason),
    )


def _left(header: Header, variants: Iterable[Variant]) -> tuple[Text, ...]:
    varied = {variant.figure for variant in variants}
    left = [figure.path for figure in _spread(header) if figure.path not in varied]
    if not left:
        return ()
    return (say("Not varied: {figures}", figures=", ".join(left[:10]) + (", ..." if len(left) > 10 else "")),)


def _others(header: Header, verdict: Verdict, turned: Sequence[Variant], variants: Sequence[Variant]) -> list[Text]:
    """Where the outcome turns with the other figures, after the one that the reason names."""
    figures = list(dict.fromkeys(v.figure for v in turned if v.basis != UNKNOWN))
    first = next((v.figure for v in turned), None)
    return [_turns(header, verdict, figure, variants) for figure in figures if figure != first]


def _turns(header: Header, verdict: Verdict, figure: str, variants: Sequence[Variant]) -> Text:
    """Between which values of a figure the outcome turns."""
    mine = [v for v in variants if v.figure == figure]
    unit = mine[0].unit
    stated = next((f.value for f in (*header.assumed, *header.unknown) if f.path == figure), None)
    tried = [(v.value, _outcome(v, verdict)) for v in mine]
    if stated is not None:
        tried.append((stated, verdict.outcome))
    same = [value for value, outcome in tried if outcome is verdict.outcome]
    other = [(value, outcome) for value, outcome in tried if outcome is not verdict.outcome]
    args = {
        "figure": figure,
        "nominal": verdict.outcome.name,
        "basis": mine[0].basis or Basis.ASSUMED.value,
        "stated": "-" if stated is None else show(stated, unit),
    }
    if unit in _NUMBERS and same:
        near = min(
            ((a, b, o) for a in same for b, o in other),
            key=lambda pair: abs(_number(pair[0]) - _number(pair[1])),
        )
        one, two = _rounded(_number(near[0]), _number(near[1]))
        return say(
            "{nominal} with {figure} = {stated} ({basis}), but it turns between {one} and {two} to {outcome}",
            one=show(one, unit),
            two=show(two, unit),
            outcome=near[2].name,
            **args,
        )
    value, outcome = other[0]
    return say(
        "{nominal} with {figure} = {stated} ({basis}), but {outcome} with {value}",
        value=show(value, unit),
        outcome=outcome.name,
        **args,
    )


def _rounded(one: float, two: float) -> tuple[float, float]:
    """Both ends of an interval, rounded outward as far as widens it by no more than a tenth at either end.

    The place at which an outcome turns is known no better than the interval is wide.
    """
    low, high = (Decimal(repr(value)) for value in sorted((one, two)))
    ends = [(low, ROUND_FLOOR), (high, ROUND_CEILING)]
    for n, (end, way) in enumerate(ends):
        for power in range((high - low).adjusted(), (high - low).adjusted() - 3, -1):
            place = Decimal(1).scaleb(power)
            rounded = (end / place).to_integral_value(way) * place
            if abs(rounded - end) * 10 <= high - low:
                ends[n] = rounded, way
                break
    first, last = (int(end) if isinstance(one, int) and isinstance(two, int) else float(end) for end, _ in ends)
    return (first, last) if one <= two else (last, first)
