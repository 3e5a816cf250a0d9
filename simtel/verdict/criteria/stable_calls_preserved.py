"""stable-calls-preserved: calls that were up at the (first) fault go on.

Counts: every call answered by then - in the IVR, in the queue, talking or held, in or out. Ringing ones
are a figure apart. A call is preserved when all four hold:
(a) its public side ended it as completed; or, when nobody at a seat had talked on it, abandoned and silence
    was not why, or waiting; and no silence at that end was longer than the gap limit;
(b) no silence at a seat that talked on it was longer than the gap limit; a silence that was over before the
    fault is not charged to it, one that was open at the fault counts from the fault on;
(c) requests inside its dialog after the fault were all answered ok, and there was one if a seat had talked
    on it;
(d) exactly one record of it was collected.
Fails: positive evidence against one of these; in a complete log also the absence of an end, of a dialog
answer, or of a record (a minute after the end of the call). Inconclusive: no call was up, or what is
missing may still have come, or the gap limit lies within the uncertainty of the observer, for so many
calls that the share could be either.
"""

from collections import Counter

from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit
from simtel.verdict.census import (
    LONG_SILENCE,
    RECORD_GRACE,
    UNSERVED,
    Call,
    calls,
    end_of,
    first_fault,
    heard,
    text,
    unheard,
    up_at_fault,
)
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.verdict import (
    Outcome,
    Verdict,
    against,
    count,
    need,
    number_of,
    numbers,
    say,
    share,
    show_duration,
)

ID = "stable-calls-preserved"
LOST = ("silence", "ended-early", "dialog", "record-missing", "record-double", "no-end")
UNPROVED = "unproved"


def fate(log: EvidenceLog, call: Call, since: int, gap: float) -> str:
    """'' when the call was preserved, one of LOST, or 'unproved'."""
    end = call.end
    if end is None:
        return "no-end" if log.complete else UNPROVED
    spans = [against(silence, off, gap) for _, silence, off in heard(log, call, since)]
    if Outcome.FAIL in spans or "silence" in text(end, "cause"):
        return "silence"
    patient = call.disposition in UNSERVED and not call.talks
    if call.disposition != "completed" and not patient:
        return "ended-early"
    requests = [event for event in call.dialog if event.t >= since]
    if any(text(event, "answer") != "ok" for event in requests):
        return "dialog"
    if call.talks and not requests:
        return "dialog" if log.complete else UNPROVED
    if len(call.records) > 1:
        return "record-double"
    if not call.records:
        late = end.t > end_of(log) - RECORD_GRACE
        return UNPROVED if late or not log.complete else "record-missing"
    return UNPROVED if Outcome.INCONCLUSIVE in spans or unheard(log, call, since) else ""


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """Share of the census that was preserved, against `at_least`."""
    limit, gap = need(expect, "at_least"), need(expect, "gap_at_most")
    fault, census = first_fault(log), up_at_fault(log)
    if fault is None:
        return Verdict(
            ID, Outcome.INCONCLUSIVE, say("No fault was injected, so no call could be preserved"), limit=limit
        )
    if not census:
        reason = say("No call was up when the fault struck")
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, limit=limit, events=numbers([fault]))
    fates = {call.id: fate(log, call, fault.t, number_of(gap)) for call in census}
    found = Counter(fates.values())
    kept, open_ = found[""], found[UNPROVED]
    low, high = kept / len(census), (kept + open_) / len(census)
    outcome = against((low + high) / 2, (high - low) / 2, number_of(limit), at_most=False)
    if not open_:
        outcome = against(low, 0, number_of(limit), at_most=False)
    ringing = sum(call.ringing_at(fault.t) for call in calls(log).values())
    figures = {"up": count(len(census)), "preserved": count(kept), "ringing": count(ringing)}
    figures |= {name: count(found[name]) for name in (*LOST, UNPROVED)}
    shown = [call for call in census if fates[call.id]] or census
    return Verdict(
        ID,
        outcome,
        say(
            "{kept} of {up} calls that were up went on; lost: {silence} by silence over {gap} or hung up for it, "
            "{early} ended early for another reason, {dialog} with a dead dialog, {missing} without record, {double} "
            "with more than one record, {noend} without an end; {unproved} not proved",
            kept=kept,
            up=len(census),
            silence=found["silence"],
            early=found["ended-early"],
            dialog=found["dialog"],
            missing=found["record-missing"],
            double=found["record-double"],
            noend=found["no-end"],
            unproved=open_,
            gap=show_duration(round(number_of(gap))),
        ),
        measured=share((low + high) / 2, (high - low) / 2),
        limit=limit,
        figures=figures,
        events=numbers([fault], [call.end for call in shown]),
    )


CRITERION = Criterion(
    ID,
    say("Calls that were up go on"),
    frozenset(
        {
            Kind.CALL_OFFERED,
            Kind.CALL_CONNECTED,
            Kind.CALL_ENDED,
            Kind.SEAT_TALKING,
            Kind.SEAT_LEFT,
            Kind.DIALOG_REQUEST,
            Kind.RECORD_COLLECTED,
        }
    ),
    {
        "at_least": LimitSpec(Unit.SHARE),
        "gap_at_most": LimitSpec(Unit.TIME, required=False, default=LONG_SILENCE),
    },
    judge,
)
