"""Quantiles of delays, judged by how many exceed the limit.

That 95 % of all delays are at most L means that no more than 5 % exceed it, and that is a share: the exact interval of
the share that was seen to exceed (Clopper-Pearson) is compared with it. So 72 delays are the least that can prove a
95 % quantile. An attempt that nobody answered waited for longer than any limit; a delay that is not known exactly
enough to say counts as short for the lower end of that interval and as long for the upper one.
"""

from math import ceil

from simtel.core.clock import show_duration
from simtel.core.log import EvidenceLog, Expectation, Limit
from simtel.core.quantity import Unit, Value
from simtel.core.units import show
from simtel.sizing.shares import clopper_pearson
from simtel.verdict.census import Call
from simtel.verdict.criterion import LimitSpec
from simtel.verdict.statistics import placed
from simtel.verdict.verdict import Outcome, Verdict, count, need, number_of, numbers, say, share, time

SHARE = Limit("share", 0.95, Unit.SHARE, "assumed", "project target (after Q.543, unverified)")
LIMITS = {"at_most": LimitSpec(Unit.TIME), "share": LimitSpec(Unit.SHARE, required=False, default=SHARE)}


def judge_delays(
    id_: str, log: EvidenceLog, expect: Expectation, delays: list[tuple[int, Call]], unanswered: list[Call]
) -> Verdict:
    """The quantile `share` of the delays against `at_most`; `unanswered` are attempts that nobody answered."""
    limit, part = need(expect, "at_most"), float(number_of(need(expect, "share")))
    tries = len(delays) + len(unanswered)
    if not tries:
        return Verdict(id_, Outcome.INCONCLUSIVE, say("No call shows this delay"), limit=limit)
    most = number_of(limit)
    ordered = sorted(delay for delay, _ in delays)
    off = {
        call.id: log.uncertainty(call.offered[0]) + log.uncertainty(call.seized) for _, call in delays if call.seized
    }
    over = [call for delay, call in delays if delay > most]
    surely = sum(delay - off.get(call.id, 0) > most for delay, call in delays)
    perhaps = sum(delay + off.get(call.id, 0) > most for delay, call in delays)
    low, _ = clopper_pearson(surely + len(unanswered), tries)
    _, high = clopper_pearson(perhaps + len(unanswered), tries)
    outcome = placed(low, high, 1 - part)
    figures = {"calls": count(tries), "unanswered": count(len(unanswered)), "exceeding": share(
        (len(over) + len(unanswered)) / tries
    )}  # fmt: skip
    place = ceil(part * tries) - 1
    measured = time(ordered[place]) if place < len(ordered) else None
    if ordered:
        figures["mean"] = time(sum(ordered) / len(ordered))
        figures["longest"] = time(ordered[-1])
    args: dict[str, Value] = {
        "over": len(over) + len(unanswered), "tries": tries, "limit": show_duration(round(most)),
        "low": show(low, Unit.SHARE), "high": show(high, Unit.SHARE), "share": show(1 - part, Unit.SHARE),
    }  # fmt: skip
    if outcome is Outcome.INCONCLUSIVE:
        reason = say(
            "{over} of {tries} delays exceeded {limit}; the share of {share} that may do so lies between {low} and "
            "{high}, too few calls to say",
            **args,
        )
    else:
        reason = say(
            "{over} of {tries} delays exceeded {limit}, between {low} and {high} in the long run; {share} may do so",
            **args,
        )
    shown = numbers((call.connected or call.end for call in over), (call.end for call in unanswered))
    return Verdict(id_, outcome, reason, measured, limit, shown, figures)
