"""What a sample proves: intervals at 95 %, two-sided, for rates of events, and how one lies to a limit.

A verdict on a sample holds only when its whole interval lies on one side of the limit; a limit inside it means that too
little was seen to say. Intervals of shares are those of `sizing.shares`.
"""

from math import sqrt

from simtel.sizing.shares import Z95, wilson
from simtel.verdict.outcome import Outcome


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
