"""Which law a set of durations follows: those of a demand file, fitted, and how far each is from what was seen.

Mean and deviation of a fitted law are those of the durations: the load that they bring is then right whatever the law.
`apart` is the largest difference between the law's share of shorter durations and the one seen (the statistic of
Kolmogorov and Smirnov). It is shown and compared; no test is made of it, for with a million calls no law would pass.
"""

from dataclasses import dataclass
from math import erf, log, sqrt

import numpy as np

from simtel.core.quantity import Basis
from simtel.profiles.law import Law, empirical_mean
from simtel.sizing.fitting.tally import Tally, middles
from simtel.sizing.intervals import Interval, student_quantile
from simtel.sizing.theory.arguments import LARGEST_GROUP
from simtel.sizing.theory.quadrature import Floats

NEAR = 0.03  # of the calls: a law that is farther off gives way to quantiles
STEPS = 20  # quantiles of an empirical law lie so much closer than everything
REACH = 0.95  # share that they reach; the tail is exponential
SIMPLER = 0.005  # of the calls: a law that is nearer by less than that is not worth a figure more
FIXED = 0.02  # deviation over mean below which a duration is taken for fixed
FEWEST = 50  # durations without which no law is fitted


@dataclass(frozen=True, slots=True)
class Fitted:
    """A law for durations that were seen, the interval of their mean, and how far this and other laws are off."""

    law: Law
    number: int
    mean: Interval  # seconds
    deviation: Interval  # seconds
    apart: dict[str, float]  # kind of law -> largest difference in share; those that were tried


def fit(tally: Tally, source: str) -> Fitted:
    """The law of those durations: the nearest of exponential, log-normal, deterministic and hyperexponential (of
    balanced means) if it is near, else their quantiles.

    ValueError: fewer than FEWEST durations.
    """
    if tally.number < FEWEST:
        raise ValueError(f"{FEWEST} durations are the fewest for a law, not {tally.number}")
    mean, deviation = tally.mean, tally.deviation
    laws = [_law("deterministic", mean, source)]
    if deviation > FIXED * mean:
        laws = [_law("exponential", mean, source), _law("log-normal", mean, source, deviation=deviation)]
        if deviation > mean:
            laws.append(_balanced(mean, deviation, source))
    apart = {law.kind: distance(law, tally) for law in laws}
    nearest = min(apart.values())
    best = next(law for law in laws if apart[law.kind] <= nearest + SIMPLER)  # the simplest stands first
    if apart[best.kind] > NEAR and deviation > FIXED * mean:
        best = _quantiles(tally, source)
        apart[best.kind] = distance(best, tally)
    return Fitted(best, tally.number, _of_mean(tally), _of_deviation(tally), apart)


def distance(law: Law, tally: Tally) -> float:
    """The largest difference between the law's share of shorter durations and the share seen."""
    points, seen = tally.points()
    return float(np.abs(shorter(law, points) - seen).max())


def shorter(law: Law, times: Floats) -> Floats:
    """Share of durations that are shorter; of those that are just as long, half."""
    if law.kind == "deterministic":
        return np.where(np.abs(times - law.mean) <= FIXED * law.mean, 0.5, (times > law.mean).astype(float))
    if law.kind == "exponential":
        return -np.expm1(-times / law.mean)
    if law.kind == "hyperexponential":
        return np.asarray(sum(-share * np.expm1(-times / mean) for share, mean in law.phases))
    if law.kind == "log-normal":
        place, spread = log_normal(law)
        with np.errstate(divide="ignore"):
            scores = (np.log(times) - place) / spread
        return np.array([(1 + erf(score / sqrt(2))) / 2 for score in scores])
    within = np.interp(times, law.quantiles, np.linspace(0, law.upto, len(law.quantiles)))
    over = np.maximum(times - law.quantiles[-1], 0.0)
    gone = -np.expm1(-over / law.tail) if law.tail else np.zeros_like(over)
    return within + (1 - law.upto) * gone


def draw(law: Law, generator: np.random.Generator, number: int) -> Floats:
    """So many durations of the law (seconds)."""
    if law.kind == "deterministic":
        return np.full(number, law.mean)
    if law.kind == "exponential":
        return generator.exponential(law.mean, number)
    if law.kind == "log-normal":
        return generator.lognormal(*log_normal(law), number)
    if law.kind == "hyperexponential":
        shares = np.array([share for share, _ in law.phases])
        means = np.array([mean for _, mean in law.phases])
        kinds = generator.choice(len(means), number, p=shares / shares.sum())
        return np.asarray(generator.exponential(1.0, number) * means[kinds])
    at = generator.random(number)
    inner = np.interp(at, np.linspace(0, law.upto, len(law.quantiles)), law.quantiles)
    return inner + np.where(at > law.upto, generator.exponential(1.0, number) * law.tail, 0.0)


def log_normal(law: Law) -> tuple[float, float]:
    """Mean and deviation of the logarithms."""
    spread = log(1 + (law.deviation / law.mean) ** 2)
    return log(law.mean) - spread / 2, sqrt(spread)


def _law(kind: str, mean: float, source: str, deviation: float = 0.0) -> Law:
    return Law(kind, mean, Basis.MEASURED, source, deviation)


def _balanced(mean: float, deviation: float, source: str) -> Law:
    """Two kinds of people, each with half of the load (balanced means: Whitt, Operations Research 30, 1982)."""
    variation = (deviation / mean) ** 2
    share = (1 + sqrt((variation - 1) / (variation + 1))) / 2
    phases = ((share, mean / (2 * share)), (1 - share, mean / (2 * (1 - share))))
    return Law("hyperexponential", mean, Basis.MEASURED, source, phases=phases)


def _quantiles(tally: Tally, source: str) -> Law:
    """Quantiles up to REACH, and a tail that has the mean of what lies beyond: the mean of all is kept."""
    quantiles = tuple(tally.quantile(share) for share in np.linspace(0, REACH, STEPS))
    inner = empirical_mean(quantiles, 1.0, 0.0)
    tail = (tally.mean - REACH * inner) / (1 - REACH) - quantiles[-1]
    tail = max(tail, 0.001)
    return Law("empirical", empirical_mean(quantiles, REACH, tail), Basis.MEASURED, source,
               quantiles=quantiles, upto=REACH, tail=tail)  # fmt: skip


def _of_mean(tally: Tally) -> Interval:
    half = _student(tally) * tally.deviation / sqrt(tally.number)
    return Interval(tally.mean, half, 0.95)


def _of_deviation(tally: Tally) -> Interval:
    """By the fourth moment (the delta method), which the bins give well enough."""
    variance = tally.deviation**2
    if not variance:
        return Interval(0.0, 0.0, 0.95)
    fourth = float((tally.counts * (middles() - tally.mean) ** 4).sum()) / tally.number
    error = sqrt(max(0.0, fourth - variance**2) / tally.number) / (2 * tally.deviation)
    return Interval(tally.deviation, _student(tally) * error, 0.95)


def _student(tally: Tally) -> float:
    """The quantile of Student's law; of more than a million durations it is that of a million to six digits."""
    return student_quantile(0.95, min(tally.number - 1, LARGEST_GROUP))
