"""What a sample proves: intervals at 95 %, two-sided, for shares and for rates of events. Pure arithmetic.

A verdict on a sample holds only when its whole interval lies on one side of the limit; a limit inside it means that too
little was seen to say. Of n tries without a hit, the share of hits may still be as large as 3.7/n (the rule of three
gives 3/n for one side alone), so a limit of 1 in 1,000 needs some 3,700 tries of which none hit.
"""

from math import ceil, exp, lgamma, log, log1p, sqrt

from simtel.verdict.outcome import Outcome

Z95 = 1.959963984540054  # two-sided 95 % of the normal distribution
_TAIL = 0.025  # of each side
_HALVINGS = 60  # of the interval 0..1: finer than a float near 1


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """The 95 % interval for a share of which `hits` of `tries` were seen (E. B. Wilson's score interval)."""
    p, z2 = hits / tries, Z95 * Z95
    centre = (p + z2 / (2 * tries)) / (1 + z2 / tries)
    half = Z95 * sqrt(p * (1 - p) / tries + z2 / (4 * tries * tries)) / (1 + z2 / tries)
    return (0.0 if hits == 0 else centre - half), (1.0 if hits == tries else centre + half)


def _at_most(hits: int, tries: int, p: float) -> float:
    """Probability of at most `hits` in `tries` of probability 0 < p < 1."""
    whole, one, other = lgamma(tries + 1), log(p), log1p(-p)
    return sum(
        exp(whole - lgamma(k + 1) - lgamma(tries - k + 1) + k * one + (tries - k) * other) for k in range(hits + 1)
    )


def _share_where(hits: int, tries: int, tail: float) -> float:
    """The share at which at most `hits` of `tries` have the probability `tail`."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(hits, tries, middle) > tail else (low, middle)
    return (low + high) / 2


def clopper_pearson(hits: int, tries: int) -> tuple[float, float]:
    """The exact 95 % interval for a share (C. J. Clopper, E. S. Pearson): never too narrow, also for rare hits."""
    low = 0.0 if hits == 0 else _share_where(hits - 1, tries, 1 - _TAIL)
    return low, 1.0 if hits == tries else _share_where(hits, tries, _TAIL)


def tries_needed(most: float) -> int:
    """So many tries without a single hit prove a share of at most `most` > 0."""
    return ceil(log(_TAIL) / log1p(-most)) if most < 1 else 1


def rate_ratio(hits: int, span: float, base_hits: int, base_span: float) -> tuple[float, float]:
    """The 95 % interval for the ratio of two rates: `hits` in `span` against `base_hits` in `base_span`, none of which
    is 0. Of all that was seen, the part in `span` is a share of the whole whose law knows the ratio alone."""
    low, high = wilson(hits, hits + base_hits)
    scale = base_span / span
    return scale * low / (1 - low), float("inf") if high == 1 else scale * high / (1 - high)


def rate_interval(hits: int, span: float) -> tuple[float, float]:
    """The 95 % interval for a rate of which `hits` were seen in `span` (score interval of the Poisson law)."""
    z2 = Z95 * Z95
    centre, half = hits + z2 / 2, Z95 * sqrt(hits + z2 / 4)
    return max(0.0, centre - half) / span, (centre + half) / span


def placed(low: float, high: float, limit: float, at_most: bool = True) -> Outcome:
    """An interval against a limit: on its good side, on its bad side, or on both."""
    if not at_most:
        low, high, limit = -high, -low, -limit
    return Outcome.PASS if high <= limit else Outcome.FAIL if low > limit else Outcome.INCONCLUSIVE
