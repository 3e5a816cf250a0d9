"""outage-seconds-user: time in a year during which an average user had no access.

As outage-seconds-system, seat by seat: an outage of one seat for longer than 30 s counts by that seat's share of all
seats. Outages of seats that overlap are one incident of the sample, for one fault strikes many users.
Reference: Chinese reliability figures for exchanges (a secondary source): outages longer than 30 s count, thirty
minutes a year for a user at most; so says ITU-T Q.541 of a termination (from memory).
"""

from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit, Value
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.outages import begun_by, outages
from simtel.verdict.verdict import Text, Verdict, count, need, say, tally
from simtel.verdict.yearly import yearly

ID = "outage-seconds-user"


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """Outage of an average user in a year against `at_most`."""
    found = outages(log)
    weights = [weight for weight, _ in found.users]
    figures = {"cuts": count(found.user_cuts)}
    begins = [event for _, event in found.users]
    seen: dict[str, Value] = {"units": tally(begun_by(log, begins)) or "-", "cuts": found.user_cuts}

    def reason_of(args: dict[str, Value], decided: bool) -> Text:
        if decided:
            return say(
                "outages of seats longer than 30 s: {n} (begun by: {units}); cuts of a seat of 30 s or less: {cuts}; "
                "years seen: {years}; faults: {faults}. A year brings between {low} and {high} in the long run",
                **args,
                **seen,
            )
        return say(
            "outages of seats longer than 30 s: {n} (begun by: {units}); cuts of a seat of 30 s or less: {cuts}; years "
            "seen: {years}; faults: {faults}. A year brings between {low} and {high} in the long run, and the limit "
            "lies between: too few years to say",
            **args,
            **seen,
        )

    return yearly(ID, need(expect, "at_most"), found, weights, begins, figures, reason_of)


CRITERION = Criterion(
    ID,
    say("Time in a year without access, of an average user"),
    frozenset({Kind.ACCESS_LOST, Kind.ACCESS_RESTORED}),
    {"at_most": LimitSpec(Unit.TIME)},
    judge,
)
