"""agent-capacity: the largest number of seats that talked at once, and what kept it from being more.

Counts: seat.talking to seat.left. The binding limit is read off what was refused, by whom and why: call
attempts refused while the peak lasted (or, when none was, at any other time), and agents who could not log
in. A refusal counts when more of something would have let the call in: not when something had failed, when two calls
met on one timeslot, or when nobody was there to dial; nor for a reason that `causes` does not know. Passes
when the peak reaches `at_least`. Fails when it does not and something was refused at the peak, or an agent
was; inconclusive when nothing was: then demand was too small to tell. Calls that should have been recorded
and were not are noted.
"""

from collections import Counter

from simtel.core.causes import CAPACITY, Lack, lacked
from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit
from simtel.verdict.census import calls, outside, text
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.verdict import (
    Outcome,
    Text,
    Verdict,
    against,
    count,
    need,
    number_of,
    numbers,
    say,
    tally,
)

ID = "agent-capacity"


def _peak(log: EvidenceLog) -> tuple[int, list[tuple[int, int]], Event | None]:
    """(most seats talking at once, the stretches in which they were, the event that began the first)."""
    steps: list[tuple[int, int, str, Event]] = []
    for call in calls(log).values():
        for talk in call.talks:
            steps.append((talk.begun.seq, 1, talk.seat, talk.begun))
            if talk.left is not None:
                steps.append((talk.left.seq, -1, talk.seat, talk.left))
    held: Counter[str] = Counter()
    peak, stretches, first = 0, list[tuple[int, int]](), None
    last = log.events[-1].t if log.events else 0
    now = 0
    for _, step, seat, event in sorted(steps, key=lambda item: item[0]):
        before = now
        held[seat] += step
        now += (held[seat] == 1) if step > 0 else -(held[seat] == 0)
        if now > peak:
            peak, stretches, first = now, [(event.t, last)], event
        elif now == peak > before:
            stretches.append((event.t, last))
        elif before == peak > now and stretches:
            stretches[-1] = (stretches[-1][0], event.t)
    return peak, stretches, first


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """The peak of talking seats against `at_least`."""
    limit = need(expect, "at_least")
    peak, stretches, first = _peak(log)
    said = [(e, text(e, "cause")) for e in outside(log, Kind.CALL_REFUSED)]
    refused = [e for e, cause in said if lacked(cause, *CAPACITY) and not lacked(cause, Lack.HEALTH)]
    at_peak = [e for e in refused if any(begin <= e.t <= end for begin, end in stretches)]
    # A server that turns an agent away speaks against itself: its word is good enough for that.
    login = log.of(Kind.AGENT_REFUSED)
    silent = log.of(Kind.RECORDING_REFUSED)
    chosen = at_peak or refused
    causes = Counter(f"{text(e, 'cause')} ({text(e, 'by')})" for e in chosen)
    causes.update(f"{text(e, 'cause')} ({e.observer})" for e in login)
    outcome = against(peak, 0, number_of(limit), at_most=False)
    figures = {
        "peak": count(peak),
        "refused-at-peak": count(len(at_peak)),
        "refused": count(len(refused)),
        "agents-refused": count(len(login)),
        "not-recorded": count(len(silent)),
    }
    notes: tuple[Text, ...] = ()
    if silent:
        notes = (
            say(
                "{n} calls were not recorded: {causes}",
                n=len(silent),
                causes=tally(Counter(text(e, "cause") for e in silent)),
            ),
        )
    if not causes:
        if outcome is Outcome.FAIL:
            outcome = Outcome.INCONCLUSIVE
        others = Counter(f"{cause} ({text(e, 'by')})" for e, cause in said if not lacked(cause, Lack.WILL))
        if others:  # what had failed, or what a recording says in words of its own: no limit of this site
            reason = say(
                "At most {peak} seats talked at once; no limit was met, but calls were refused otherwise: {causes}",
                peak=peak, causes=tally(others),
            )  # fmt: skip
        else:
            reason = say("At most {peak} seats talked at once; no limit was met, demand ended first", peak=peak)
    elif at_peak or login:
        reason = say("At most {peak} seats talked at once; refused then: {causes}", peak=peak, causes=tally(causes))
    else:
        if outcome is Outcome.FAIL:
            outcome = Outcome.INCONCLUSIVE
        reason = say(
            "At most {peak} seats talked at once; nothing was refused then, but at other times: {causes}",
            peak=peak,
            causes=tally(causes),
        )
    return Verdict(ID, outcome, reason, count(peak), limit, numbers([first], chosen, login), figures, notes=notes)


CRITERION = Criterion(
    ID,
    say("Seats that can talk at once"),
    frozenset({Kind.SEAT_TALKING, Kind.SEAT_LEFT, Kind.CALL_REFUSED}),
    {"at_least": LimitSpec(Unit.COUNT)},
    judge,
)
