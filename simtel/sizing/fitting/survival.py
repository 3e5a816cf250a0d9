"""How long callers are willing to wait, from a log in which most were answered before they gave up.

A caller who was answered after 30 s would have waited for 30 s at least: his patience is censored. The estimator of
Kaplan and Meier (J. Am. Stat. Assoc. 53, 1958) takes at each wait the share of those still waiting who gave up then;
the mean of an exponential patience is all time waited over the number who gave up. Durations are in bins (`tally`).
"""

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np

from simtel.core.quantity import Basis
from simtel.profiles.law import Law, empirical_mean
from simtel.sizing.fitting.laws import NEAR
from simtel.sizing.fitting.tally import Tally, middles
from simtel.sizing.shares import Z95
from simtel.sizing.theory.quadrature import Floats

FEWEST = 50  # who gave up, without whom no law of patience is fitted
SUPPORT = 100  # still waiting, below whom the tail is not followed any more
STEP = 0.05  # between quantiles of patience


@dataclass(frozen=True, slots=True)
class Survival:
    """Share of callers still willing to wait, after each wait at which somebody gave up. Times in seconds."""

    times: Floats
    waiting: Floats
    low: Floats  # 95 % interval, by Greenwood's formula on the scale of log(-log)
    high: Floats
    at_risk: Floats
    gone: Floats  # how many gave up at each


@dataclass(frozen=True, slots=True)
class Patience:
    """What was fitted. `law` is None when too few gave up to say."""

    gave_up: int
    answered: int
    law: Law | None
    mean: float  # exponential; seconds; 0 when nobody gave up
    low: float
    high: float
    apart: float  # largest difference between the exponential law and Kaplan-Meier, where enough still waited
    survival: Survival


def survival(gave_up: Tally, answered: Tally) -> Survival:
    """The estimate of Kaplan and Meier. Who is answered in the bin in which another gives up was still at risk."""
    left = gave_up.counts + answered.counts
    at_risk = np.cumsum(left[::-1])[::-1]
    there = np.flatnonzero(gave_up.counts)
    gone, risk = gave_up.counts[there], at_risk[there]
    waiting = np.asarray(np.cumprod(1 - gone / risk), dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(gone / (risk * (risk - gone)))
        error = Z95 * np.sqrt(greenwood) / np.abs(np.log(waiting))
        low, high = waiting ** np.exp(error), waiting ** np.exp(-error)
    ends = np.where(np.isfinite(low), low, 0.0), np.where(np.isfinite(high), high, waiting)
    return Survival(middles()[there], waiting, *ends, risk, gone)


def patience(gave_up: Tally, answered: Tally, source: str) -> Patience:
    """An exponential law if Kaplan-Meier is near it, else its quantiles as far as enough callers still waited."""
    found = survival(gave_up, answered)
    waited = gave_up.total + answered.total
    mean = waited / gave_up.number if gave_up.number else 0.0
    spread = exp(Z95 / sqrt(gave_up.number)) if gave_up.number else 1.0
    known = found.at_risk >= SUPPORT
    apart = float(np.abs(found.waiting - np.exp(-found.times / mean))[known].max()) if known.any() and mean else 0.0
    law = None
    if gave_up.number >= FEWEST and mean:
        law = Law("exponential", mean, Basis.MEASURED, source)
        if apart > NEAR:
            law = _quantiles(found, gave_up, answered, source) or law
    return Patience(
        gave_up.number, answered.number, law, mean, mean / spread, mean * spread, apart, found
    )  # fmt: skip


def _quantiles(found: Survival, gave_up: Tally, answered: Tally, source: str) -> Law | None:
    """Quantiles while enough still waited; whoever is beyond gives up at the rate seen there, or of all."""
    known = found.at_risk >= SUPPORT
    gone = 1 - found.waiting[known]
    steps = int(gone[-1] / STEP + 1e-9) if len(gone) else 0
    if not steps:
        return None
    shares = STEP * np.arange(1, steps + 1)
    quantiles = (0.0, *(float(found.times[np.searchsorted(gone, share - 1e-12)]) for share in shares))
    last, waits = quantiles[-1], middles()
    over = np.maximum(waits - last, 0.0)
    exposed = float(((gave_up.counts + answered.counts) * over).sum())
    events = float(gave_up.counts[waits > last].sum())
    tail = exposed / events if events >= FEWEST else (gave_up.total + answered.total) / gave_up.number
    upto = steps * STEP
    tail = 0.0 if upto >= 1 else max(tail, 0.001)
    mean = empirical_mean(quantiles, min(upto, 1.0), tail)
    return Law("empirical", mean, Basis.MEASURED, source, quantiles=quantiles, upto=min(upto, 1.0), tail=tail)


def hazard(gave_up: Tally, answered: Tally, width: float, most: float) -> list[tuple[float, float]]:
    """How many callers a second give up, of those still waiting: for each stretch of `width` up to `most` seconds in
    which at least SUPPORT waited at its start, its middle and the rate (per second)."""
    waits = middles()
    left = gave_up.counts + answered.counts
    rates = []
    for begin in np.arange(0.0, most, width):
        if left[waits >= begin].sum() < SUPPORT:
            break
        exposed = float((left * np.clip(waits - begin, 0.0, width)).sum())
        events = float(gave_up.counts[(waits >= begin) & (waits < begin + width)].sum())
        rates.append((float(begin) + width / 2, events / exposed if exposed else 0.0))
    return rates
