"""failover-time: how long the service was away, as the watch on the LAN sees it.

Counts: service.lost, service.answered and service.checked of the watch. An outage that a fault began runs
from the fault to the next answer; the longest outage after the first fault is measured. Nothing lost: 0,
if whole periods of checks after the fault were answered in full. Fails: an outage over the limit, or one
that did not end although the watch went on looking for longer than the limit. Inconclusive: no fault, no
watch, a watch that stopped too early (before an outage was longer than the limit, or before the last fault),
or a service that was already away. What servers say (detection, promotion) is shown apart and decides nothing.
"""

from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog, Expectation, Limit
from simtel.core.quantity import Unit
from simtel.verdict.census import faults, first_fault, outside, own_word, whole
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.verdict import (
    Measured,
    Outcome,
    Text,
    Verdict,
    about,
    against,
    need,
    number_of,
    numbers,
    say,
    show_duration,
    time,
)

ID = "failover-time"
_WATCH = (Kind.SERVICE_LOST, Kind.SERVICE_ANSWERED, Kind.SERVICE_CHECKED)


def _start(log: EvidenceLog, lost: Event, first: bool) -> int:
    """When the outage began: at the fault behind it, or else at the last answered check."""
    since = whole(lost, "since")
    before = [fault for fault in faults(log) if fault.t <= lost.t]
    if since is None:
        return before[-1].t
    slack = log.uncertainty(lost)
    behind = [fault.t for fault in before if fault.t >= since - slack]
    return behind[0] if behind else before[-1].t if first else since


def _stages(log: EvidenceLog, fault: Event) -> tuple[dict[str, Measured], tuple[Text, ...]]:
    """Detection and promotion, and what to say about them."""
    figures: dict[str, Measured] = {}
    notes: list[Text] = []
    for event in own_word(log, Kind.SERVER_DETECTED):
        if event.t >= fault.t:
            figures["detection"] = time(event.t - fault.t, log.uncertainty(event))
            notes.append(say("Detection is the word of {server} about itself", server=event.subject))
            break
    adverts = outside(log, Kind.SERVER_ADVERTISED)
    former = [event.subject for event in adverts if event.t < fault.t]
    promoted = [e for e in adverts if e.t >= fault.t and (not former or e.subject != former[-1])]
    if not promoted:
        promoted = [e for e in own_word(log, Kind.SERVER_PROMOTED) if e.t >= fault.t]
        notes += [say("Promotion is the word of {server} about itself", server=e.subject) for e in promoted[:1]]
    if promoted:
        figures["promotion"] = time(promoted[0].t - fault.t, log.uncertainty(promoted[0]))
    return figures, tuple(notes)


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """The longest outage against `at_most`."""
    limit = need(expect, "at_most")
    fault = first_fault(log)
    if fault is None:
        return Verdict(
            ID,
            Outcome.INCONCLUSIVE,
            say("No fault was injected, so there was nothing to fail over from"),
            limit=limit,
        )
    seen = outside(log, *_WATCH)
    figures, notes = _stages(log, fault)
    base = Verdict(
        ID,
        Outcome.INCONCLUSIVE,
        say("Nobody watched the service after the fault"),
        None,
        limit,
        numbers([fault]),
        figures,
        notes=notes,
    )
    before = [e for e in seen if e.t < fault.t and e.kind != Kind.SERVICE_CHECKED]
    after = [e for e in seen if e.t >= fault.t]
    if not seen:
        return base
    if before and before[-1].kind == Kind.SERVICE_LOST:
        return _but(
            base,
            Outcome.INCONCLUSIVE,
            say("The service was already away when the fault struck"),
            [before[-1]],
        )
    losses = [e for e in after if e.kind == Kind.SERVICE_LOST]
    if not losses:
        verdict = _unbroken(log, base, limit, fault, [e for e in after if e.kind == Kind.SERVICE_CHECKED])
    else:
        verdict = _outage(log, base, limit, losses, [e for e in after if e.kind == Kind.SERVICE_ANSWERED], seen[-1].t)
    last = faults(log)[-1]
    if verdict.outcome is Outcome.PASS and seen[-1].t <= last.t:
        reason = say("Nobody watched the service after the fault at {at}", at=show_duration(last.t))
        return _but(base, Outcome.INCONCLUSIVE, reason, [last], verdict.measured)
    return verdict


def _but(
    base: Verdict, outcome: Outcome, reason: Text, events: list[Event], measured: Measured | None = None
) -> Verdict:
    both = tuple(sorted({*base.events, *numbers(events)}))
    return Verdict(base.criterion, outcome, reason, measured, base.limit, both, base.figures, notes=base.notes)


def _unbroken(log: EvidenceLog, base: Verdict, limit: Limit, fault: Event, checks: list[Event]) -> Verdict:
    """Nothing was reported lost: that proves something only if checks were sent and answered."""
    # The first period that ends after the fault may have begun before it.
    asked = sum(whole(e, "sent") or 0 for e in checks[1:])
    holes = [e for e in checks if (whole(e, "answered") or 0) < (whole(e, "sent") or 0)]
    if holes:
        return _but(
            base,
            Outcome.INCONCLUSIVE,
            say("Checks stayed without answer after the fault, yet the watch reports no loss"),
            holes,
        )
    if not asked:
        return _but(
            base,
            Outcome.INCONCLUSIVE,
            say("No whole period of service checks was seen after the fault"),
            checks,
        )
    reason = say("The service was never lost: {asked} checks after the fault were all answered", asked=asked)
    off = log.uncertainty(fault) + log.uncertainty(checks[-1])
    return _but(base, against(0, off, number_of(limit)), reason, checks, time(0, off))


def _outage(
    log: EvidenceLog, base: Verdict, limit: Limit, losses: list[Event], answers: list[Event], until: int
) -> Verdict:
    """The longest outage, of one at least. One without end lasted at least as long as the watch looked, `until`, and
    leaves open what no other outage has decided."""
    outages: list[tuple[int, Event, Event | None]] = []
    for index, lost in enumerate(losses):
        back = next((e for e in answers if e.seq > lost.seq), None)
        outages.append(((back.t if back is not None else until) - _start(log, lost, index == 0), lost, back))
        if back is None:
            break
    length, lost, back = max(outages, key=lambda outage: outage[0])
    off = log.uncertainty(lost) + log.uncertainty(back or lost)
    outcome = against(length, off, number_of(limit))
    if outcome is not Outcome.FAIL and outages[-1][2] is None:
        length, lost, back = outages[-1]
        off = 2 * log.uncertainty(lost)
    if back is None:
        verdict = Outcome.FAIL if outcome is Outcome.FAIL else Outcome.INCONCLUSIVE
        return _but(
            base,
            verdict,
            say("The service was not restored within {length} of watching", length=about(length, off)["gap"]),
            [lost],
        )
    base.figures["restoration"] = time(length, off)
    cleared = [e for e in log.of(Kind.FAULT_CLEARED) if lost.t <= e.t <= back.t]
    reason = say(
        "The service answered again after {gap} (off by at most {off})",
        **about(length, off),
    )
    verdict_ = _but(base, outcome, reason, [lost, back], time(length, off))
    if cleared:
        note = say("It came back only after the fault at {subject} was undone", subject=cleared[0].subject)
        return Verdict(
            ID,
            outcome,
            reason,
            verdict_.measured,
            limit,
            verdict_.events,
            verdict_.figures,
            notes=(*base.notes, note),
        )
    return verdict_


CRITERION = Criterion(
    ID,
    say("Time until the service is back"),
    frozenset({Kind.SERVICE_LOST, Kind.SERVICE_ANSWERED, Kind.SERVICE_CHECKED}),
    {"at_most": LimitSpec(Unit.TIME)},
    judge,
)
