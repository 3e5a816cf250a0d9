"""post-dialling-delay: how long agents who have dialled wait until it rings.

Counts: the time from the agent's dialling to the SETUP on a circuit of the public network, after which he hears it
ring, for each outgoing call; on a loop line to the end of dialling there, which lasts. Those that came to nothing
without anybody refusing them count as longer than every limit.
The quantile is judged as `simtel.verdict.delays` says: fails when too many exceed `at_most`, inconclusive when too few
calls were dialled to say.
Reference: the delays of ITU-T Q.543, whose figures could not be read (project targets, unverified); on SIP the like of
it is the session request delay of RFC 6076, which sets no limit.
"""

from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.verdict.census import calls, text
from simtel.verdict.criterion import Criterion
from simtel.verdict.delays import LIMITS, judge_delays
from simtel.verdict.verdict import Verdict, say

ID = "post-dialling-delay"


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """The quantile of the delay after dialling."""
    found = [call for call in calls(log).values() if call.offered and text(call.offered[0], "direction") == "out"]
    delays = [(call.dialled.t - call.offered[0].t, call) for call in found if call.dialled is not None]
    return judge_delays(ID, log, expect, delays, [c for c in found if c.dialled is None and c.disposition == "failed"])


CRITERION = Criterion(
    ID,
    say("Delay after agents have dialled"),
    frozenset({Kind.CALL_OFFERED, Kind.TRUNK_SEIZED, Kind.CALL_ENDED}),
    LIMITS,
    judge,
)
