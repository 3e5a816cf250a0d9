"""cut-off-ratio: the share of answered calls that were cut off before people had finished talking.

Counts: every answered call that ended (disposition cut against all). The exact 95 % interval of the share
(Clopper-Pearson) is compared with `at_most`: wholly below it passes, wholly above it fails. Inconclusive: no answered
call, or too few for the limit; the reason says how many without a single cut would be enough.
Reference: premature release in ITU-T Q.543, whose figures could not be read (project targets, unverified); RFC 6076
counts the completed sessions and sets no limit.
"""

from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit, Value
from simtel.core.units import show
from simtel.sizing.shares import clopper_pearson, tries_needed
from simtel.verdict.census import calls
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.statistics import placed
from simtel.verdict.verdict import Outcome, Verdict, against, count, need, number_of, numbers, sampled, say, share

ID = "cut-off-ratio"


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """Share of answered calls that were cut against `at_most`."""
    limit = need(expect, "at_most")
    most = float(number_of(limit))
    answered = [call for call in calls(log).values() if call.connected is not None and call.end is not None]
    if not answered:
        return Verdict(ID, Outcome.INCONCLUSIVE, say("No answered call ended"), limit=limit)
    cut = [call for call in answered if call.disposition == "cut"]
    low, high = clopper_pearson(len(cut), len(answered))
    outcome = against(len(cut), 0, 0) if most == 0 else placed(low, high, most)
    args: dict[str, Value] = {
        "cut": len(cut), "answered": len(answered), "low": show(low, Unit.SHARE), "high": show(high, Unit.SHARE),
    }  # fmt: skip
    if outcome is Outcome.INCONCLUSIVE:
        reason = say(
            "{cut} of {answered} answered calls were cut off; the limit lies between {low} and {high}, too few calls "
            "to say: {needed} without a single cut would be enough",
            **args,
            needed=tries_needed(most),
        )
    else:
        reason = say(
            "{cut} of {answered} answered calls were cut off; between {low} and {high} in the long run", **args
        )
    middle = len(cut) / len(answered)
    figures = {"answered": count(len(answered)), "cut": count(len(cut))}
    measured = sampled(middle, low, high, Unit.SHARE) if most else share(middle)
    return Verdict(ID, outcome, reason, measured, limit, numbers(call.end for call in cut), figures)


CRITERION = Criterion(
    ID,
    say("Answered calls that were cut off"),
    frozenset({Kind.CALL_CONNECTED, Kind.CALL_ENDED}),
    {"at_most": LimitSpec(Unit.SHARE)},
    judge,
)
