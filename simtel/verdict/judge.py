"""Judging a log: every criterion that its header asks for, and those that are always judged.

Rules that hold for all criteria alike stand here and nowhere else:
- a log without footer was cut short: nothing passes on it, a failure that was seen stays a failure;
- a recording by others that is not whole lets nothing pass, one that holds parts of calls nothing about calls;
- a footer that tells of an error of the harness makes everything ERROR;
- an event without a field that its kind must have (read from elsewhere than a checked file) lets nothing pass;
- a kind that the target cannot observe makes a criterion that needs it INCONCLUSIVE and is named;
- a criterion that raises, that nobody knows, or whose limits are missing or of the wrong kind is ERROR, it
  alone;
- limits given from outside replace those of the scenario; what the scenario leaves out is filled from the
  table;
- a PASS on anything but real equipment says what it is worth.
"""

from collections.abc import Mapping

import msgspec

from simtel.core.events import FIELDS, Kind
from simtel.core.log import EvidenceLog, Expectation, Header, Limit, digest_of
from simtel.core.quantity import Unit
from simtel.verdict.criteria import ABOUT_SERVERS, ALWAYS, CRITERIA, one_active
from simtel.verdict.criterion import Criterion
from simtel.verdict.outcome import Outcome, merge
from simtel.verdict.verdict import Text, Verdict, say

SCHEMA = "judgement/1"
Limits = Mapping[str, Mapping[str, Limit]]
RECORDED = "recorded"  # the clock of a log that was made of what others recorded
_FIELDS = {
    kind.value: tuple((name.rstrip("?"), type_, name.endswith("?")) for name, (type_, _) in fields.items())
    for kind, (_, fields) in FIELDS.items()
}
_TYPES: dict[Unit, tuple[type, ...]] = {Unit.FLAG: (bool,), Unit.CHOICE: (str,)}


class Judgement(msgspec.Struct, tag_field="simtel", tag=SCHEMA):
    """All verdicts on one log. `complete` says whether it had its footer; `digest` is that of its events."""

    header: Header
    verdicts: tuple[Verdict, ...]
    outcome: Outcome
    digest: str
    complete: bool


def judge(log: EvidenceLog, limits: Limits | None = None, criteria: Mapping[str, Criterion] = CRITERIA) -> Judgement:
    """Judge a log. `limits` (criterion -> name -> limit) replace those of the scenario."""
    asked = list(log.header.expect)
    named = {expect.criterion for expect in asked}
    asked += [Expectation(id_) for id_ in ALWAYS if id_ not in named and _applies(log, id_)]
    hole = _hole(log)
    verdicts = tuple(_one(log, expect, (limits or {}).get(expect.criterion, {}), criteria, hole) for expect in asked)
    digest = log.footer.digest if log.footer is not None else digest_of(log.events)
    return Judgement(log.header, verdicts, merge(v.outcome for v in verdicts), digest, log.complete)


def _applies(log: EvidenceLog, id_: str) -> bool:
    """A log about servers alone, of a target that sees no calls, has none to conserve; one server is no pair."""
    if id_ == one_active.ID:
        return one_active.paired(log)
    named = {expect.criterion for expect in log.header.expect}
    servers_only = bool(named) and named <= ABOUT_SERVERS | set(ALWAYS)
    unseen = not CRITERIA[id_].needs <= set(log.header.observes)
    return not (CRITERIA[id_].needs and unseen and servers_only)


def _one(
    log: EvidenceLog,
    expect: Expectation,
    given: Mapping[str, Limit],
    criteria: Mapping[str, Criterion],
    hole: Text | None,
) -> Verdict:
    criterion = criteria.get(expect.criterion)
    if criterion is None:
        return _error(expect, say("There is no criterion {criterion}", criterion=expect.criterion))
    expect, wrong = _filled(criterion, expect, given)
    if wrong is not None:
        return _error(expect, wrong)
    if log.footer is not None and log.footer.error:
        return _error(expect, say("The run broke: {error}", error=log.footer.error))
    unseen = sorted(criterion.needs - set(log.header.observes))
    if unseen:
        reason = say("The target cannot observe {kinds}", kinds=", ".join(unseen))
        return Verdict(criterion.id, Outcome.INCONCLUSIVE, reason, limit=_main(expect), subject=expect.subject)
    try:
        verdict = criterion.judge(log, expect)
    except Exception as error:  # noqa: BLE001 - one criterion that breaks must not take the others along
        return _error(expect, say("The criterion broke: {kind}: {error}", kind=type(error).__name__, error=str(error)))
    if type(verdict) is not Verdict or verdict.criterion != criterion.id:
        return _error(
            expect,
            say("The criterion answered {answer}, which is no verdict of it", answer=repr(verdict)[:200]),
        )
    return _capped(log, msgspec.structs.replace(verdict, subject=expect.subject), hole)


def _hole(log: EvidenceLog) -> Text | None:
    """The first event that lacks a field of its kind, or has it with another type: what it would say is not known."""
    for event in log.events:
        data: object = event.data
        for name, type_, optional in _FIELDS.get(event.kind, ()):
            if not isinstance(data, dict) or (optional and name not in data):
                continue
            if type(data.get(name)) is not type_:
                return say("Event {seq} ({kind}) does not say {name}", seq=event.seq, kind=event.kind, name=name)
    return None


def _main(expect: Expectation) -> Limit | None:
    """The limit that is shown for a criterion that was not judged: a bound, before a time of grace (`within`)."""
    return min(expect.limits, key=lambda limit: not limit.name.endswith(("at_most", "at_least")), default=None)


def _error(expect: Expectation, reason: Text) -> Verdict:
    return Verdict(expect.criterion, Outcome.ERROR, reason, limit=_main(expect), subject=expect.subject)


def _filled(criterion: Criterion, expect: Expectation, given: Mapping[str, Limit]) -> tuple[Expectation, Text | None]:
    """The expectation with all its limits in the order of the table, or what is wrong with them."""
    asked = {limit.name: limit for limit in expect.limits}
    limits: list[Limit] = []
    for name in [*asked, *given]:
        if name not in criterion.limits:
            return expect, say("{criterion} has no limit {name}", criterion=criterion.id, name=name)
    for name, spec in criterion.limits.items():
        limit = given.get(name) or asked.get(name) or spec.default
        if limit is None:
            if spec.required:
                return expect, say("{criterion} lacks its limit {name}", criterion=criterion.id, name=name)
            continue
        number = isinstance(limit.value, int | float) and not isinstance(limit.value, bool)
        fits = type(limit.value) in _TYPES[spec.unit] if spec.unit in _TYPES else number
        if limit.unit is not spec.unit or not fits:
            return expect, say(
                "Limit {name} of {criterion} is {value} ({unit}), not a {due}",
                name=name,
                criterion=criterion.id,
                value=limit.value,
                unit=limit.unit.value,
                due=spec.unit.value,
            )
        limits.append(msgspec.structs.replace(limit, name=name))
    return msgspec.structs.replace(expect, limits=tuple(limits)), None


def _capped(log: EvidenceLog, verdict: Verdict, hole: Text | None) -> Verdict:
    """No pass on a log that was cut short; a pass says what kind of target it comes from."""
    lacking = _lacking(log, verdict)
    if lacking is not None:
        if verdict.outcome is not Outcome.PASS:
            return msgspec.structs.replace(verdict, notes=(*verdict.notes, lacking))
        notes = (*verdict.notes, verdict.reason)
        return msgspec.structs.replace(verdict, outcome=Outcome.INCONCLUSIVE, reason=lacking, notes=notes)
    if log.footer is None:
        short = say("The log was cut short: it has no footer, so nothing says how exact its times are")
        if verdict.outcome is Outcome.PASS:
            notes = (*verdict.notes, verdict.reason)
            return msgspec.structs.replace(verdict, outcome=Outcome.INCONCLUSIVE, reason=short, notes=notes)
        return msgspec.structs.replace(verdict, notes=(*verdict.notes, short))
    if verdict.outcome is Outcome.PASS and hole is not None:
        notes = (*verdict.notes, verdict.reason)
        return msgspec.structs.replace(verdict, outcome=Outcome.INCONCLUSIVE, reason=hole, notes=notes)
    if verdict.outcome is Outcome.PASS and log.header.clock == RECORDED:
        return msgspec.structs.replace(verdict, notes=(*verdict.notes, OTHERS))
    if verdict.outcome is Outcome.PASS and log.header.target in _WORTH:
        return msgspec.structs.replace(verdict, notes=(*verdict.notes, _WORTH[log.header.target]))
    return verdict


def _lacking(log: EvidenceLog, verdict: Verdict) -> Text | None:
    """What a recording that others made lacks for this verdict: all of it may be missing, or the rest of some calls."""
    footer = log.footer
    if footer is None:
        return None
    if footer.cut:
        return say("The recording is not whole: {why}", why=", ".join(footer.cut))
    if footer.partial and CRITERIA[verdict.criterion].needs & _OF_CALLS:
        return say("Of {n} calls the recording holds only a part, or nothing says who ended them", n=footer.partial)
    return None


_OF_CALLS = frozenset({Kind.CALL_OFFERED, Kind.CALL_CONNECTED, Kind.CALL_ENDED})
OTHERS = say("Recorded by others: it is worth as much as the mapping that says what in the recording is what")
_WORTH = {
    "virtual": say("On a virtual target this is an estimate about a design"),
    "loopback": say("On loopback this is a test of simtel itself, no evidence about a product"),
}
