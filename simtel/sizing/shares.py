"""What a count proves of a share: intervals for `hits` of `tries`, exact or by score. Pure arithmetic.

Of n tries without a hit, the share of hits may still be as large as 3.7/n (the rule of three gives 3/n for one side
alone), so a limit of 1 in 1,000 needs some 3,700 tries of which none hit.
"""

from math import ceil, exp, lgamma, log, log1p, sqrt
from typing import Final

Z95: Final = 1.959963984540054  # two-sided 95 % of the normal distribution
RARE: Final = 10  # hits or misses; below, replications spread too little to show how far their mean may be off
_TAIL: Final = 0.025  # of each side
_HALVINGS: Final = 60  # of the interval 0..1: finer than a float near 1


def wilson(hits: float, tries: int) -> tuple[float, float]:
    """The 95 % interval for a share of which `hits` of `tries` were seen, all of it without a try.

    Source: E. B. Wilson, J. Am. Stat. Assoc. 22, 1927 (score interval).
    """
    if not tries:
        return 0.0, 1.0
    p, z2 = hits / tries, Z95 * Z95
    centre = (p + z2 / (2 * tries)) / (1 + z2 / tries)
    half = Z95 * sqrt(p * (1 - p) / tries + z2 / (4 * tries * tries)) / (1 + z2 / tries)
    return (0.0 if hits == 0 else centre - half), (1.0 if hits == tries else centre + half)


def clopper_pearson(hits: int, tries: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact interval for a share (C. J. Clopper, E. S. Pearson): never too narrow, also for rare hits."""
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else _share_where(hits - 1, tries, 1 - tail)
    return low, 1.0 if hits == tries else _share_where(hits, tries, tail)


def rare_reach(mean: float, tries: int, confidence: float) -> float:
    """How far a share may lie from the `mean` of so many tries where hits or misses are rare; 0 where they are not.

    Tries that hang together, as calls of one hour do, say less than independent ones, never more; so this is the least
    that an interval must reach, and not all.
    """
    share = min(mean, 1 - mean)
    seen = max(0, round(share * tries))
    if seen >= RARE:
        return 0.0
    low, high = clopper_pearson(seen, tries, confidence) if tries else (0.0, 1.0)
    return max(share - low, high - share)


def tries_needed(most: float) -> int:
    """So many tries without a single hit prove a share of at most `most` > 0."""
    return ceil(log(_TAIL) / log1p(-most)) if most < 1 else 1


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
