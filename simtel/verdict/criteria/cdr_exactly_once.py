"""cdr-exactly-once: each answered call that has ended has exactly one call record, and the record is right.

Counts: records that the management station collected. Fails: an answered call with two records, or one
marked as not answered, or one whose duration is off by more than a second and the uncertainty (the record of
a call that was cut may be longer by `RUN_ON`, and shorter by the silence that the caller heard last: the
seat may have hung up before him); a record for a call that nobody made, or marked answered for a call that
was not; in a complete log a record still missing a minute after the end of its call. Inconclusive: no
answered call has ended, or records are missing for calls that ended within that last minute.
"""

from simtel.core.clock import SECOND
from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.verdict.census import RECORD_GRACE, Call, calls, end_of, outside, whole
from simtel.verdict.criterion import Criterion
from simtel.verdict.verdict import Measured, Outcome, Verdict, count, numbers, say, share

ID = "cdr-exactly-once"
TOLERANCE = SECOND  # records are written in whole seconds
# RFC 4028: a session that nobody refreshes ends after its timer, 1800 s by default. A server that takes a cut call
# over may wait for one timer, and its successor for another; the rest is slack of our own.
RUN_ON = 2 * 1800 * SECOND + 600 * SECOND
_FAULTY = ("missing", "double", "wrong", "surplus")


def _state(log: EvidenceLog, call: Call) -> str:
    """'' when right, 'pending', or one of the faulty states."""
    start, end = call.connected, call.end
    if start is None:
        return "surplus" if any(e.data.get("answered") is True for e in call.records) or not call.offered else ""
    if len(call.records) > 1:
        return "double"
    if end is None:
        return ""
    if not call.records:
        late = not log.complete or end.t > end_of(log) - RECORD_GRACE
        return "pending" if late else "missing"
    record = call.records[0]
    length = whole(record, "duration")
    if record.data.get("answered") is not True or length is None:
        return "wrong"
    slack = TOLERANCE + log.uncertainty(start) + log.uncertainty(end)
    off = length - (end.t - start.t)
    if call.disposition == "cut":
        silent = whole(end, "silent")
        if silent is None and off < -slack:
            return "pending"
        return "" if -slack - (silent or 0) <= off <= RUN_ON else "wrong"
    return "wrong" if abs(off) > slack else ""


def judge(log: EvidenceLog, _expect: Expectation) -> Verdict:
    """Share of answered calls with exactly one right record."""
    states = {id_: _state(log, call) for id_, call in calls(log).items() if call.offered or call.records}
    nameless = [event for event in outside(log, Kind.RECORD_COLLECTED) if event.call is None]
    ended = [call for call in calls(log).values() if call.connected is not None and call.end is not None]
    found = {name: sum(state == name for state in states.values()) for name in (*_FAULTY, "pending")}
    found["surplus"] += len(nameless)
    figures: dict[str, Measured] = {"answered": count(len(ended))} | {name: count(n) for name, n in found.items()}
    shown = [call for call in calls(log).values() if states.get(call.id)]
    proofs = [event for call in shown or ended for event in (*call.records[:2], call.end)]
    events = numbers(nameless, proofs)
    reason = say(
        "{answered} answered calls ended; records: {missing} missing, {double} double, {wrong} wrong, "
        "{surplus} surplus, {pending} may still come",
        answered=len(ended),
        **found,
    )
    outcome = Outcome.PASS
    if any(found[name] for name in _FAULTY):
        outcome = Outcome.FAIL
    elif not ended:
        outcome, reason = Outcome.INCONCLUSIVE, say("No answered call has ended, so no record was due")
    elif found["pending"]:
        outcome = Outcome.INCONCLUSIVE
    right = sum(not states.get(call.id) for call in ended)
    return Verdict(ID, outcome, reason, share(right / len(ended)) if ended else None, None, events, figures)


CRITERION = Criterion(
    ID,
    say("One call record for each answered call"),
    frozenset({Kind.CALL_OFFERED, Kind.CALL_CONNECTED, Kind.CALL_ENDED, Kind.RECORD_COLLECTED}),
    {},
    judge,
)
