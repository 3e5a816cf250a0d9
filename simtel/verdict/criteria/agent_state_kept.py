"""agent-state-kept: who was logged in when the fault struck is logged in after it, and is taken for what he is.

Counts: agents who were in any state but `out` at the first fault, as their seats say. Kept is an agent who neither went
out afterwards nor was refused a login, and to whom no second call was delivered while he had one: a server that forgot
his state would do all three. (That it refused a login, a server may say itself: it says so against itself.) Limit:
`at_least`, the share of agents kept. Inconclusive: no fault, no agent logged in when it struck, or a log cut short.
Reference: the claim of a seamless switch-over; an agent taken for ready while he talks, who gets a second call, is the
usual failure of queues that are not replicated. No standard sets a limit.
"""

from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit
from simtel.verdict.census import first_fault, outside, text
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.verdict import Outcome, Verdict, against, count, need, number_of, numbers, say, share

ID = "agent-state-kept"


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """Share of the agents logged in at the fault whose state was kept."""
    limit, fault = need(expect, "at_least"), first_fault(log)
    if fault is None:
        reason = say("No fault was injected, so nothing had to be kept")
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, limit=limit)
    states: dict[str, str] = {}
    lost: dict[str, dict[str, Event]] = {"out": {}, "refused": {}, "double": {}}
    for event in (*outside(log, Kind.AGENT_STATE, Kind.SEAT_DOUBLE), *log.of(Kind.AGENT_REFUSED)):
        seat = event.subject
        if event.t < fault.t:
            if event.kind == Kind.AGENT_STATE:
                states[seat] = text(event, "state")
        elif event.kind == Kind.AGENT_REFUSED:
            lost["refused"].setdefault(seat, event)
        elif event.kind == Kind.SEAT_DOUBLE:
            lost["double"].setdefault(seat, event)
        elif text(event, "state") == "out":
            lost["out"].setdefault(seat, event)
    present = {seat for seat, state in states.items() if state != "out"}
    if not present:
        reason = say("No agent was logged in when the fault struck")
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, limit=limit)
    gone = {why: {seat: event for seat, event in seats.items() if seat in present} for why, seats in lost.items()}
    kept = len(present.difference(*gone.values()))
    outcome = against(kept / len(present), 0, float(number_of(limit)), at_most=False)
    reason = say(
        "{kept} of {agents} agents kept their state: {out} were out, {refused} were refused a login, {double} got a "
        "second call",
        kept=kept, agents=len(present), **{why: len(seats) for why, seats in gone.items()},
    )  # fmt: skip
    figures = {"agents": count(len(present)), **{why: count(len(seats)) for why, seats in gone.items()}}
    shown = numbers([fault], *(seats.values() for seats in gone.values()))
    return Verdict(ID, outcome, reason, share(kept / len(present)), limit, shown, figures)


CRITERION = Criterion(
    ID,
    say("Agents' states outlive the fault"),
    frozenset({Kind.AGENT_STATE, Kind.AGENT_REFUSED, Kind.SEAT_DOUBLE}),
    {"at_least": LimitSpec(Unit.SHARE)},
    judge,
)
