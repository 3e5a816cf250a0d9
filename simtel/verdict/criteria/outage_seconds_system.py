"""outage-seconds-system: time in a year during which at least half of the seats or of the trunks had no access.

Counts: access.lost and access.restored of the survey, on the calendar that `time.skipped` moves on. Only outages
longer than 30 s count; shorter cuts are told beside. The years that were seen are a sample: the 95 % interval of what a
year brings in the long run (`simtel.verdict.rare`) is compared with `at_most`. Wholly below it passes, wholly above it
fails, else the years do not suffice. That no outage was seen bounds how many there are, and the longest fault of the
log how long one is: a log without any fault says nothing.
Reference: Chinese reliability figures for exchanges (a secondary source): outages longer than 30 s of half of the users
or trunks count, three minutes a year at most.
"""

from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit, Value
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.outages import begun_by, outages
from simtel.verdict.verdict import Text, Verdict, count, need, say, tally, time
from simtel.verdict.yearly import yearly

ID = "outage-seconds-system"


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """Outage of the system in a year against `at_most`."""
    found = outages(log)
    weights = [float(one.length) for one in found.system]
    cuts = found.system_cuts
    figures = {"cuts": count(len(cuts)), "cut-time": time(sum(one.length for one in cuts))}
    begins = [one.event for one in found.system]
    seen: dict[str, Value] = {
        "trunks": sum(one.spans for one in found.system), "seats": sum(one.seats for one in found.system),
        "units": tally(begun_by(log, begins)) or "-", "cuts": len(cuts),
    }  # fmt: skip

    def reason_of(args: dict[str, Value], decided: bool) -> Text:
        if decided:
            return say(
                "outages longer than 30 s: {n} (of half of the trunks {trunks}, of half of the seats {seats}; begun "
                "by: {units}); cuts of 30 s or less: {cuts}; years seen: {years}; faults: {faults}. A year brings "
                "between {low} and {high} in the long run",
                **args,
                **seen,
            )
        return say(
            "outages longer than 30 s: {n} (of half of the trunks {trunks}, of half of the seats {seats}; begun by: "
            "{units}); cuts of 30 s or less: {cuts}; years seen: {years}; faults: {faults}. A year brings between "
            "{low} and {high} in the long run, and the limit lies between: too few years to say",
            **args,
            **seen,
        )

    return yearly(ID, need(expect, "at_most"), found, weights, begins, figures, reason_of)


CRITERION = Criterion(
    ID,
    say("Time in a year without half of the seats or trunks"),
    frozenset({Kind.ACCESS_LOST, Kind.ACCESS_RESTORED}),
    {"at_most": LimitSpec(Unit.TIME)},
    judge,
)
