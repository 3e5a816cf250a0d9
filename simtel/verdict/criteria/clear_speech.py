"""clear-speech: for how long the ends of a call heard noise, at most, in any talk that ended after the (first) fault.

Counts: the noise that each end told (`media.noisy`), and the talks that ended at a seat (`seat.left`), both from the
fault on. Fails: noise of one talk longer than `at_most`. Inconclusive: no talk ended since the fault; an end told noise
without its length; the limit lies within the uncertainty of the observer.
"""

from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit
from simtel.verdict.census import first_fault, outside, whole
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.verdict import Outcome, Verdict, about, against, count, need, number_of, numbers, say, time

ID = "clear-speech"


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """The longest noise against `at_most`."""
    limit, fault = need(expect, "at_most"), first_fault(log)
    if fault is None:
        reason = say("No fault was injected, so no noise could come of it")
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, limit=limit)
    talks = [event for event in outside(log, Kind.SEAT_LEFT) if event.t >= fault.t]
    told = [event for event in outside(log, Kind.MEDIA_NOISY) if event.t >= fault.t]
    figures = {"talks": count(len(talks)), "noisy": count(len({event.call for event in told}))}
    if not talks:
        reason = say("No talk ended after the fault")
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, limit=limit, events=numbers([fault]), figures=figures)
    known = [(event, length) for event in told if (length := whole(event, "length")) is not None]
    if not known:
        outcome = Outcome.INCONCLUSIVE if told else Outcome.PASS
        reason = say("No noise was told in {talks} talks that ended after the fault", talks=len(talks))
        if told:
            reason = say("Noise was told, but not for how long")
        return Verdict(ID, outcome, reason, time(0), limit, numbers([fault], told), figures)
    worst, length = max(known, key=lambda item: (item[1] + log.uncertainty(item[0]), -item[0].seq))
    off = log.uncertainty(worst)
    outcome = max(against(noise, log.uncertainty(event), number_of(limit)) for event, noise in known)
    if outcome is Outcome.PASS and len(known) < len(told):
        outcome = Outcome.INCONCLUSIVE
    reason = say(
        "The longest noise in {talks} talks that ended after the fault lasted {gap} (off by at most {off}), at {seat}; "
        "{noisy} calls had any",
        talks=len(talks),
        seat=worst.subject,
        noisy=len({event.call for event in told}),
        **about(length, off),
    )
    return Verdict(ID, outcome, reason, time(length, off), limit, numbers([fault, worst], told), figures)


CRITERION = Criterion(
    ID,
    say("Longest noise in a talk"),
    frozenset({Kind.MEDIA_NOISY, Kind.SEAT_LEFT}),
    {"at_most": LimitSpec(Unit.TIME)},
    judge,
)
