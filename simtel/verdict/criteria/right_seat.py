"""right-seat: each call rings at the seat for which the server meant it.

Counts: the calls that rang from the (first) fault on (`seat.rung`), and those of them that rang at the telephone of
another seat (`seat.rung-elsewhere`), as the seats tell it. Fails: one of these. Inconclusive: no call rang since.
"""

from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.verdict.census import first_fault, outside, text
from simtel.verdict.criterion import Criterion
from simtel.verdict.verdict import Outcome, Verdict, count, numbers, say

ID = "right-seat"


def judge(log: EvidenceLog, _: Expectation) -> Verdict:
    """The number of calls that rang elsewhere; none may."""
    fault = first_fault(log)
    if fault is None:
        return Verdict(ID, Outcome.INCONCLUSIVE, say("No fault was injected, so no line could be crossed by one"))
    rung = [event for event in outside(log, Kind.SEAT_RUNG) if event.t >= fault.t]
    astray = [event for event in outside(log, Kind.SEAT_RUNG_ELSEWHERE) if event.t >= fault.t]
    figures = {"rung": count(len(rung)), "elsewhere": count(len(astray))}
    if astray:
        first = astray[0]
        reason = say(
            "{elsewhere} of {rung} calls that rang after the fault rang at another seat; the first was meant for "
            "{seat} and rang at {other}",
            elsewhere=len(astray),
            rung=len(rung),
            seat=first.subject,
            other=text(first, "at") or "?",
        )
        return Verdict(ID, Outcome.FAIL, reason, count(len(astray)), None, numbers([fault], astray), figures)
    if not rung:
        reason = say("No call rang after the fault")
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, events=numbers([fault]), figures=figures)
    reason = say("Each of {rung} calls that rang after the fault rang at its own seat", rung=len(rung))
    return Verdict(ID, Outcome.PASS, reason, count(0), None, numbers([fault], rung), figures)


CRITERION = Criterion(
    ID,
    say("Calls ring where they are meant to"),
    frozenset({Kind.SEAT_RUNG, Kind.SEAT_RUNG_ELSEWHERE}),
    {},
    judge,
)
