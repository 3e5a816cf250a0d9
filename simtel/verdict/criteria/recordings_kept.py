"""recordings-kept: each talk that was to be recorded has a recording, and nothing of it is missing.

Counts: calls that had to be recorded (call.offered says so), on which a seat talked, and which have
ended. Their recordings are those that arrived at the management station, in one piece or several;
together they must be as long as the seats talked, but for `lacking_at_most` (pieces that overlap count
twice). Whether the sound in them is good is not judged here. A call of which a server says that it
could not record it is refused: a server that says so speaks against itself. Refused talks lack their
recording like any other, unless `refused_at_most` bounds them by themselves. Fails: too small a share
is whole, or more were refused than that. Inconclusive: no recording was due, or what is missing may
still arrive within a minute of the end of its call.
"""

from collections import Counter

from simtel.core.clock import SECOND
from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation, Limit
from simtel.core.quantity import Basis, Unit
from simtel.verdict.census import RECORD_GRACE, Call, calls, end_of, whole
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.verdict import (
    Outcome,
    Verdict,
    against,
    count,
    limit_of,
    need,
    number_of,
    numbers,
    say,
    share,
)

ID = "recordings-kept"
_LACKING = Limit(
    "lacking_at_most", 2 * SECOND, Unit.TIME, Basis.ASSUMED.value, "lengths in whole seconds, and a begin that is late"
)
LOST, SHORT, REFUSED, PENDING = "lost", "short", "refused", "pending"


def _fate(log: EvidenceLog, call: Call, refused: frozenset[str | None], lacking: float) -> str:
    """'' when the talk is recorded whole."""
    end = call.end
    if end is None:
        return PENDING
    talked = off = 0
    for talk in call.talks:
        left = talk.left or end
        talked += left.t - talk.begun.t
        off += log.uncertainty(left) + log.uncertainty(talk.begun)
    outcome = against(talked - sum(whole(event, "length") or 0 for event in call.recordings), off, lacking)
    if outcome is Outcome.PASS and call.recordings:
        return ""
    if call.id in refused:
        return REFUSED
    if not log.complete or end.t > end_of(log) - RECORD_GRACE:
        return PENDING
    if not call.recordings:
        return LOST
    return SHORT if outcome is Outcome.FAIL else PENDING


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """Share of recordings that are whole, against `at_least`."""
    limit, lacking, most = (
        need(expect, "at_least"),
        need(expect, "lacking_at_most"),
        limit_of(expect, "refused_at_most"),
    )
    refused = frozenset(event.call for event in log.of(Kind.RECORDING_REFUSED))
    wanted = [call for call in calls(log).values() if call.to_record and call.talks]
    fates = {call.id: _fate(log, call, refused, number_of(lacking)) for call in wanted}
    found = Counter(fates.values())
    due = len(wanted) - (0 if most is None else found[REFUSED])
    figures = {
        "wanted": count(len(wanted)),
        "whole": count(found[""]),
        "lost": count(found[LOST]),
        "short": count(found[SHORT]),
        "refused": count(found[REFUSED]),
        "pending": count(found[PENDING]),
    }
    shown = [call for call in wanted if fates[call.id]] or wanted
    proofs = [event for call in shown for event in (*call.recordings[:2], call.end)]
    if most is not None and found[REFUSED] > number_of(most):
        reason = say("{refused} of {wanted} talks were refused a recording", refused=found[REFUSED], wanted=len(wanted))
        events = numbers(log.of(Kind.RECORDING_REFUSED))
        return Verdict(ID, Outcome.FAIL, reason, count(found[REFUSED]), most, events, figures)
    if not due:
        reason = say("No recording was due; {refused} were refused", refused=found[REFUSED])
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, None, limit, numbers(proofs), figures)
    low, high = found[""] / due, (found[""] + found[PENDING]) / due
    middle, off = ((low + high) / 2, (high - low) / 2) if high > low else (low, 0.0)
    return Verdict(
        ID,
        against(middle, off, number_of(limit), at_most=False),
        say(
            "{kept} of {due} recordings are whole; {lost} lost, {short} with a part missing, {pending} may still "
            "come; {refused} were refused",
            kept=found[""],
            due=due,
            lost=found[LOST],
            short=found[SHORT],
            pending=found[PENDING],
            refused=found[REFUSED],
        ),
        share(middle, off),
        limit,
        numbers(proofs),
        figures,
    )


CRITERION = Criterion(
    ID,
    say("Talks that must be recorded are"),
    frozenset({Kind.CALL_OFFERED, Kind.CALL_ENDED, Kind.SEAT_TALKING, Kind.SEAT_LEFT, Kind.CALL_RECORDED}),
    {
        "at_least": LimitSpec(Unit.SHARE),
        "lacking_at_most": LimitSpec(Unit.TIME, required=False, default=_LACKING),
        "refused_at_most": LimitSpec(Unit.COUNT, required=False),
    },
    judge,
)
