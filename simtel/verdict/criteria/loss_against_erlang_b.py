"""loss-against-erlang-b: as many attempts are lost as a group of so many circuits must lose, no more and no fewer.

A. K. Erlang's first formula (1917), which ITU-T E.501 and E.521 use for trunk groups: offered A erlang, N circuits lose
the share B(N, A). Counts: attempts (redials too) that were refused or failed, in nine tenths of the time from the first
attempt to the end of the load; the first tenth fills the site. A is what the log shows for that time: attempts per
second times the mean time for which a circuit was held. Lost calls come in clusters, so the 95 % interval of the excess
over B(`circuits`, A) is that of the means of the nine parts (Student's t), or that of single attempts (Wilson) when it
is wider. Wholly below `excess_at_most` passes, wholly above it fails: something beside the circuits loses calls, and
the reason names it. Wholly below minus `excess_at_most` fails too: lost calls are missing from the log, or circuits
carry calls that nobody states. But the formula is for calls at random from many sources, of which none waits. A few
sources that do not call while they talk, or calls at even intervals, truly lose less: their attempts are spread more
evenly than random ones (variance of their numbers in times as long as a mean holding, against the Poisson law). So do
calls that wait for a circuit. Where either is seen, a loss below Erlang's says nothing: inconclusive. Inconclusive
besides: in between, too few attempts in a part, or more circuits were used than are stated.
"""

from collections import Counter
from math import sqrt
from statistics import mean, stdev, variance

from simtel.core.clock import SECOND
from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit, Value
from simtel.core.units import show
from simtel.sizing.shares import Z95, wilson
from simtel.sizing.theory.erlang_b import erlang_b
from simtel.verdict.census import Call, calls, end_of, text, whole
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.statistics import placed
from simtel.verdict.verdict import Outcome, Verdict, count, need, number_of, numbers, sampled, say, share, tally

ID = "loss-against-erlang-b"
PARTS = 10
T95 = 2.306  # Student's t, two-sided, eight degrees of freedom: nine parts
ENOUGH = 20  # attempts in a part
_LOST = ("refused", "failed")
_AT_ONCE = SECOND  # a call that gets its circuit later than this waited for it


MOST = 10_000  # circuits: far more than a site can have, and the formula takes a step for each


def _parts(log: EvidenceLog) -> tuple[list[list[Call]], float]:
    """The attempts of each part but the first, and how long these parts last together (seconds)."""
    attempts = sorted((call for call in calls(log).values() if call.attempted), key=lambda call: call.offered[0].t)
    if not attempts:
        return [], 0.0
    ended = log.of(Kind.LOAD_ENDED)
    begin, end = attempts[0].offered[0].t, ended[-1].t if ended else end_of(log)
    length = max(end - begin, 1)
    parts: list[list[Call]] = [[] for _ in range(PARTS)]
    for call in attempts:
        if call.offered[0].t < end:
            parts[(call.offered[0].t - begin) * PARTS // length].append(call)
    return parts[1:], length * (PARTS - 1) / PARTS / SECOND


def _even(parts: list[list[Call]], length: float) -> bool:
    """Whether attempts are spread more evenly than random ones over times of `length` ns (index of dispersion)."""
    counts: list[int] = []
    for part in parts:
        begin, end = part[0].offered[0].t, part[-1].offered[0].t
        bins = [0] * int((end - begin) // length)
        for call in part:
            place = int((call.offered[0].t - begin) // length)
            if place < len(bins):
                bins[place] += 1
        counts += bins
    if len(counts) < ENOUGH or not any(counts):
        return False
    return variance(counts) / mean(counts) < 1 - Z95 * sqrt(2 / (len(counts) - 1))


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """Share of attempts lost beyond what the circuits explain, against `excess_at_most`."""
    limit = need(expect, "excess_at_most")
    circuits = int(number_of(need(expect, "circuits")))
    parts, seconds = _parts(log)
    attempts = [call for part in parts for call in part]
    seized = {event.call: event for event in log.of(Kind.TRUNK_SEIZED)}
    freed = {event.call: event.t for event in log.of(Kind.TRUNK_FREED)}
    names = {call.id for call in attempts}
    begun = {call.id: call.offered[0].t for call in attempts if call.id in seized}
    held = [freed[name] - event.t for name, event in seized.items() if name in freed and name in names]
    used = len({(event.subject, whole(event, "slot")) for event in seized.values()})
    if used > circuits:
        reason = say(
            "Calls used {used} circuits, more than the {circuits} that are stated", used=used, circuits=circuits
        )
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, limit=limit)
    if not parts or min(map(len, parts)) < ENOUGH or not held:
        reason = say("Too few attempts to compare their loss with that of {circuits} circuits", circuits=circuits)
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, limit=limit)
    lost = [call for call in attempts if call.disposition in _LOST]
    shares = [mean(call.disposition in _LOST for call in part) for part in parts]
    offered = len(attempts) / seconds * mean(held) / SECOND
    due, seen = erlang_b(offered, circuits), len(lost) / len(attempts)
    half = T95 * stdev(shares) / len(shares) ** 0.5
    low, high = wilson(len(lost), len(attempts))
    low, high = min(low, seen - half), max(high, seen + half)
    outcome = placed(low - due, high - due, float(number_of(limit)))
    fewer = placed(due - high, due - low, float(number_of(limit))) is Outcome.FAIL
    args: dict[str, Value] = {
        "lost": len(lost), "attempts": len(attempts), "offered": f"{offered:.1f} E", "circuits": circuits,
        "low": show(max(low, 0.0), Unit.SHARE), "high": show(high, Unit.SHARE), "due": show(due, Unit.SHARE),
    }  # fmt: skip
    if not fewer:
        reason = say(
            "{lost} of {attempts} attempts were lost, between {low} and {high} in the long run; {offered} on "
            "{circuits} circuits lose {due} (Erlang B)",
            **args,
        )
    elif _even(parts, mean(held)) or any(seized[name].t - since > _AT_ONCE for name, since in begun.items()):
        outcome = Outcome.INCONCLUSIVE
        reason = say(
            "{lost} of {attempts} attempts were lost, between {low} and {high} in the long run, fewer than {offered} "
            "on {circuits} circuits lose at random ({due}, Erlang B); but they came more evenly than at random, or "
            "waited for a circuit: the formula does not hold for them",
            **args,
        )
    else:
        outcome = Outcome.FAIL
        reason = say(
            "{lost} of {attempts} attempts were lost, between {low} and {high} in the long run, fewer than {offered} "
            "on {circuits} circuits must lose ({due}, Erlang B): lost calls are missing from the log, or more circuits "
            "carry them than are stated",
            **args,
        )
    shown = numbers((call.end for call in lost), seized.values() if fewer else ())
    causes = Counter(text(call.refused, "cause") or call.disposition for call in lost)
    notes = (say("Lost by: {causes}", causes=tally(causes)),) if lost else ()
    figures = {"attempts": count(len(attempts)), "lost": count(len(lost)), "due": share(due)}
    measured = sampled(seen - due, low - due, high - due, Unit.SHARE)
    return Verdict(ID, outcome, reason, measured, limit, shown, figures, notes=notes)


CRITERION = Criterion(
    ID,
    say("Loss of the trunk group against Erlang B"),
    frozenset({Kind.CALL_OFFERED, Kind.CALL_ENDED, Kind.TRUNK_SEIZED, Kind.TRUNK_FREED, Kind.LOAD_ENDED}),
    {"excess_at_most": LimitSpec(Unit.SHARE), "circuits": LimitSpec(Unit.COUNT, most=MOST)},
    judge,
)
