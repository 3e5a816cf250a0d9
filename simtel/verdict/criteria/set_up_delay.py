"""set-up-delay: how long incoming calls wait until the centre answers them.

Counts: the time from the attempt (the exchange sends its SETUP at once) to the answer by the centre, for each incoming
call that had a circuit. Attempts that ended without any answer count as longer than every limit; those that somebody
refused do not count, they are the matter of blocking. The quantile is judged as `simtel.verdict.delays` says: fails
when too many exceed `at_most`, inconclusive when too few calls were made to say.
Reference: the exchange call set-up delay of ITU-T Q.543, whose figures could not be read: limits are project targets
(after Q.543, unverified).
"""

from simtel.core.causes import SILENCE
from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.verdict.census import calls, text
from simtel.verdict.criterion import Criterion
from simtel.verdict.delays import LIMITS, judge_delays
from simtel.verdict.verdict import Verdict, say

ID = "set-up-delay"


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """The quantile of the delay before the answer."""
    found = [c for c in calls(log).values() if c.offered and c.seized and text(c.offered[0], "direction") == "in"]
    delays = [(call.connected.t - call.offered[0].t, call) for call in found if call.connected is not None]
    silent = [
        c for c in found if c.connected is None and (c.disposition == "failed" or c.trouble in SILENCE)
    ]  # fmt: skip
    return judge_delays(ID, log, expect, delays, silent)


CRITERION = Criterion(
    ID,
    say("Delay before incoming calls are answered"),
    frozenset({Kind.CALL_OFFERED, Kind.TRUNK_SEIZED, Kind.CALL_CONNECTED, Kind.CALL_ENDED}),
    LIMITS,
    judge,
)
