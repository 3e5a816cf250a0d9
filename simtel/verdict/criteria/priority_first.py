"""priority-first: callers with priority are served before the others of their skill group.

Counts: callers with priority (call.offered says so) who were told that they wait while a caller of less
priority waited in the same group. Such a caller waits until a seat rings for him or he is gone. He is
passed over when in that time a seat rings for a caller of the group with less priority who is still there;
what happens within a second of his being told to wait was decided before. Fails: too small a share was not
passed over. Inconclusive: nobody with priority waited, or nobody beside them, so that order of arrival
alone would have done the same; or the order lies within the uncertainty of the observers.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field

from simtel.core.clock import SECOND
from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit
from simtel.verdict.census import Call, calls, text
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
)

ID = "priority-first"
UNDER_WAY = SECOND  # a ring that was decided upon before he waited may still be on its way; our own figure
PASSED, UNPROVED, ALONE = "passed-over", "unproved", "alone"


@dataclass(slots=True)
class _Class:
    """Callers of one group and priority: when each began and ceased to wait, and all that was done for them."""

    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    served: list[Event] = field(default_factory=list)

    def wait_at(self, t: int) -> bool:
        """Whether one who was told before `t` still waits then."""
        return bisect_left(self.begins, t) > bisect_right(self.ends, t)

    def between(self, begin: int, end: int) -> list[Event]:
        """What was done for them from `begin` to `end`."""
        return self.served[
            bisect_left(self.served, begin, key=lambda e: e.t) : bisect_right(self.served, end, key=lambda e: e.t)
        ]


def _service(call: Call) -> list[Event]:
    """Rings for who is still there; answers, when nobody saw a ring. What an agent dials is no service to a caller."""
    if call.offered and text(call.offered[0], "direction") == "out":
        return []
    found = call.rung or [talk.begun for talk in call.talks]
    return [event for event in found if call.end is None or event.t <= call.end.t]


def _until(call: Call, queued: Event) -> Event | None:
    """What ended the waiting."""
    return next((event for event in _service(call) if event.t >= queued.t), call.end)


def _classes(log: EvidenceLog) -> dict[tuple[str, int], _Class]:
    found: dict[tuple[str, int], _Class] = {}
    for call in calls(log).values():
        of = found.setdefault((call.skill, call.priority), _Class())
        of.served += _service(call)
        if call.queued is not None:
            until = _until(call, call.queued)
            of.begins.append(call.queued.t)
            if until is not None:
                of.ends.append(until.t)
    for of in found.values():
        of.begins.sort()
        of.ends.sort()
        of.served.sort(key=lambda event: event.t)
    return found


def _fate(log: EvidenceLog, queued: Event, until: Event | None, below: list[_Class]) -> tuple[str, Event | None]:
    """('' or what became of him, the event that proves it)."""
    last = log.events[-1].t if until is None else until.t
    doubt: Event | None = None
    for other in (event for of in below for event in of.between(queued.t, last + UNDER_WAY)):
        off = log.uncertainty(other)
        after = against(other.t - queued.t, off + log.uncertainty(queued), UNDER_WAY)
        left = last - other.t if until is not None else 1
        before = against(left, off + log.uncertainty(until) if until is not None else 0, 0)
        if after is before is Outcome.FAIL:
            return PASSED, other
        if Outcome.PASS not in (after, before):
            doubt = other
    if doubt is not None:
        return UNPROVED, doubt
    return ("" if any(of.wait_at(queued.t) for of in below) else ALONE), None


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """Share of callers with priority that nobody was preferred to, against `at_least`."""
    limit = need(expect, "at_least")
    classes = _classes(log)
    first = [(call, call.queued) for call in calls(log).values() if call.priority > 0 and call.queued is not None]
    if not first:
        return Verdict(ID, Outcome.INCONCLUSIVE, say("Nobody with priority waited in a queue"), limit=limit)
    fates: dict[str, tuple[str, Event | None]] = {}
    for call, queued in first:
        below = [of for (skill, priority), of in classes.items() if skill == call.skill and priority < call.priority]
        fates[call.id] = _fate(log, queued, _until(call, queued), below)
    found = Counter(fate for fate, _ in fates.values())
    tried = len(first) - found[ALONE]
    figures = {
        "with-priority": count(len(first)),
        "tried": count(tried),
        "served-first": count(found[""]),
        "passed-over": count(found[PASSED]),
        "unproved": count(found[UNPROVED]),
    }
    if not tried:
        reason = say("Beside the {first} callers with priority nobody else waited", first=len(first))
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, None, limit, numbers(queued for _, queued in first), figures)
    low, high = found[""] / tried, (found[""] + found[UNPROVED]) / tried
    middle, off = ((low + high) / 2, (high - low) / 2) if high > low else (low, 0.0)
    shown = [e for call, queued in first if fates[call.id][1] is not None for e in (queued, fates[call.id][1])]
    return Verdict(
        ID,
        against(middle, off, number_of(limit), at_most=False),
        say(
            "{kept} of {tried} callers with priority were served before the others; {passed} passed over, "
            "{unproved} not proved",
            kept=found[""],
            tried=tried,
            passed=found[PASSED],
            unproved=found[UNPROVED],
        ),
        share(middle, off),
        limit,
        numbers(shown or [queued for _, queued in first]),
        figures,
    )


CRITERION = Criterion(
    ID,
    say("Callers with priority are served first"),
    frozenset({Kind.CALL_OFFERED, Kind.CALL_QUEUED, Kind.SEAT_RUNG, Kind.SEAT_TALKING, Kind.CALL_ENDED}),
    {"at_least": LimitSpec(Unit.SHARE)},
    judge,
)
