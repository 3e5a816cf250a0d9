"""Random draws by position: the n-th draw of a stream is had without those before it.

A stream belongs to a seed, a replication and a purpose ("arrivals", "service", "patience"), so two designs under one
seed meet the same callers whatever else they draw, on any number of workers and wherever a run is taken up again.
The generator is SplitMix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): a
counter that steps by an odd number of the stream's own, and a mixing of its bits. It keeps no state, so eight draws, of
eight replications or of one, are made side by side in vector registers.

A law of durations is drawn by its quantile at a uniform in (0, 1), of 52 bits. Durations are int64 nanoseconds.
"""

from collections.abc import Sequence
from math import log, sqrt
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from simtel.sizing.kernels.compiled import compiler, part
from simtel.sizing.kernels.lanes import (
    LANES,
    Doubles,
    Longs,
    bits,
    counting,
    eight,
    fma,
    load,
    root,
    shifted_right,
    store,
    to_doubles,
    to_longs,
    where,
)

compiled = compiler("draws", "lanes")

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Keys = NDArray[np.uint64]  # [2, replications]: where each stream's counter begins, and its step

SECOND: Final = 1e9  # ns
LONGEST: Final = 4e18  # ns, 126 years: what a draw is cut to, so that an instant never leaves int64
_FEWEST_FLIPS: Final = 24  # a step whose neighbouring bits are alike too often mixes badly (the same paper, section 5)


def keys(seed: int, purpose: str, replications: Sequence[int]) -> Keys:
    """The streams of one purpose for the given replications, one a column."""
    made = np.empty((2, len(replications)), np.uint64)
    name = int.from_bytes(purpose.encode(), "big")
    for column, replication in enumerate(replications):
        start, step = np.random.SeedSequence((seed, replication, name)).generate_state(2, np.uint64)
        step |= np.uint64(1)
        if int(step ^ (step >> np.uint64(1))).bit_count() < _FEWEST_FLIPS:
            step ^= np.uint64(0xAAAAAAAAAAAAAAAA)
        made[:, column] = start, step
    return made


EXPONENTIAL, FIXED, UNIFORM, ERLANG_2, HYPEREXPONENTIAL, LOGNORMAL = range(6)


class Law(NamedTuple):
    """A law of durations, built by the constructors below; all lengths in seconds. ValueError where none exists."""

    kind: int
    mean: float
    a: float = 0.0
    b: float = 0.0
    c: float = 0.0

    @classmethod
    def _of(cls, kind: int, mean: float, a: float = 0.0, b: float = 0.0, c: float = 0.0) -> Self:
        """Whole numbers are floats too: kernels are compiled for one type of law."""
        return cls(kind, float(mean), float(a), float(b), float(c))

    @classmethod
    def exponential(cls, mean: float) -> Self:
        """Memoryless."""
        return cls._of(EXPONENTIAL, _positive(mean))

    @classmethod
    def fixed(cls, length: float) -> Self:
        """Always the same; infinite for people who never give up."""
        if not length >= 0:
            raise ValueError(f"a duration is not negative, but {length!r} s is asked for")
        return cls._of(FIXED, length, min(length * SECOND, LONGEST))

    @classmethod
    def uniform(cls, low: float, high: float) -> Self:
        """Evenly between two lengths."""
        if not 0 <= low <= high < np.inf:
            raise ValueError(f"an even law lies between two finite lengths in order, not {low!r} s and {high!r} s")
        return cls._of(UNIFORM, (low + high) / 2, low * SECOND, (high - low) * SECOND)

    @classmethod
    def erlang_2(cls, mean: float) -> Self:
        """Sum of two exponential phases of equal mean: a coefficient of variation of 0.71."""
        return cls._of(ERLANG_2, _positive(mean))

    @classmethod
    def hyperexponential(cls, share: float, first: float, second: float) -> Self:
        """Exponential of mean `first` for a `share` (0..1) of people, of mean `second` for the others."""
        if not 0 <= share <= 1:
            raise ValueError(f"a share lies between 0 and 1, not at {share!r}")
        mean = share * _positive(first) + (1 - share) * _positive(second)
        return cls._of(HYPEREXPONENTIAL, mean, share, first * SECOND, second * SECOND)

    @classmethod
    def lognormal(cls, mean: float, variation: float) -> Self:
        """Of that mean and coefficient of variation: what handling times of call centres look like (Brown et al.,
        "Statistical analysis of a telephone call center", J. Am. Stat. Assoc. 100, 2005)."""
        spread = log(1 + _positive(variation) ** 2)
        return cls._of(LOGNORMAL, mean, log(_positive(mean) * SECOND) - spread / 2, sqrt(spread))


def _positive(length: float) -> float:
    if not 0 < length < np.inf:
        raise ValueError(f"a mean is positive and finite, not {length!r}")
    return length


@part
def _mixed(z: Longs) -> Longs:
    z = (z ^ shifted_right(z, 30)) * -0x40A7B892E31B1A47
    z = (z ^ shifted_right(z, 27)) * -0x6B2FB644ECCEEE15
    return z ^ shifted_right(z, 31)


@part
def _to_bits(counters: Longs, steps: Longs, out: Int) -> None:
    """Doubles in [1, 2) as bits: 52 random ones and the exponent of 1."""
    for row in range(out.size // LANES):
        store(out, row, shifted_right(_mixed(counters), 12) | 0x3FF0000000000000)
        counters = counters + steps


@part
def _uniforms(out: Int, row: int) -> Doubles:
    """In (0, 1), symmetric about a half: from 2**-53 to 1 - 2**-53."""
    return bits(load(out, row)) - (1.0 - 2.0**-53)


@part
def _durations(lengths: Doubles) -> Longs:
    return to_longs(min(lengths, LONGEST))


# Logarithm, exponential and sine without a call of a library, a division or a table, so that every machine has the same
# bits and vector registers can do it. Each polynomial has the least greatest error, beside 2**-45 of the value.
@part
def _logarithm(x: Doubles) -> Doubles:
    """Natural, of positive numbers."""
    exponent = (bits(x) - 0x3FE6A09E667F3BCD) >> 52  # of the power of two next to it: the rest lies about 1
    f = bits(bits(x) - (exponent << 52)) - 1.0
    f2 = f * f
    f4 = f2 * f2
    low = fma(
        f4,
        fma(f2, fma(f, 0.11110626695541004, -0.12499925543447833), fma(f, 0.14285724620516466, -0.1666666813780024)),
        fma(f2, fma(f, 0.19999999893625153, -0.24999999988585112), fma(f, 0.3333333333371035, -0.5000000000001933)),
    )
    high = fma(
        f4,
        fma(f2, fma(f, 0.037618017765606866, -0.07606341846094958), fma(f, 0.07765262042880171, -0.0711504525414165)),
        fma(f2, fma(f, 0.07526520200345253, -0.08317549319714047), fma(f, 0.0910309816736819, -0.1000171422379176)),
    )
    return fma(to_doubles(exponent), 0.6931471805599453, fma(f2, fma(f4 * f4, high, low), f))


@part
def _exponential(x: Doubles) -> Doubles:
    """e to the power of numbers between -700 and 700."""
    shifted = fma(x, 1.4426950408889634, 1.5 * 2.0**52)  # the nearest whole number stands in its last bits
    powers = shifted - 1.5 * 2.0**52
    r = fma(powers, -2.3190468138462996e-17, fma(powers, -0.6931471805599453, x))
    r2 = r * r
    even = fma(r2, fma(r2, fma(r2, fma(r2, 2.74788001965713e-07, 2.480191677543548e-05), 0.0013888888544031567),
                       0.04166666666795056), 0.49999999999998707)  # fmt: skip
    odd = fma(r2, fma(r2, fma(r2, 2.7633847804636272e-06, 0.000198411881702642), 0.008333333368491585),
              0.1666666666661752)  # fmt: skip
    return bits(bits(fma(r2, fma(r, odd, even), r) + 1.0) + (bits(shifted) << 52))


@part
def _sine(turns: Doubles) -> Doubles:
    """Of so many half turns, between -1/2 and 1/2."""
    t = turns * turns
    t2 = t * t
    low = fma(t2, fma(t, -0.5992645287757147, 2.5501640398597765), fma(t, -5.167712780049753, 3.1415926535897927))
    high = fma(
        t2, fma(t, -2.1122953944649905e-05, 0.0004659776178873732), fma(t, -0.0073703610719883334, 0.08214587825660644)
    )
    return turns * fma(t2 * t2, high, low)


@part
def drawn(law: Law, streams: Keys, first: int, out: Int) -> None:
    """`draw`, for kernels."""
    kind, mean, a, b, c = law
    if kind == FIXED:
        out[:] = np.int64(a)
        return
    rows = out.size // LANES
    if out.shape[1] == LANES:
        begins, steps, positions, further = load(streams, 0), load(streams, 1), eight(first), 1
    else:  # the lanes are draws that follow each other in one stream
        begins, steps = eight(np.int64(streams[0, 0])), eight(np.int64(streams[1, 0]))
        positions, further = counting() + first, LANES
    _to_bits(begins + steps * positions, steps * further, out)
    if kind == EXPONENTIAL:
        for row in range(rows):
            store(out, row, _durations(_logarithm(_uniforms(out, row)) * (-mean * SECOND)))
        return
    if kind == UNIFORM:
        for row in range(rows):
            store(out, row, _durations(_uniforms(out, row) * b + a))
        return
    # These laws take two draws: the second of a stream with another beginning and another counter.
    others = np.empty((rows, LANES), np.int64)
    begins, steps = _mixed(begins ^ 0x5851F42D4C957F2D), _mixed(steps) | 1
    _to_bits(begins + steps * positions, steps * further, others)
    if kind == ERLANG_2:
        for row in range(rows):
            both = _logarithm(_uniforms(out, row)) + _logarithm(_uniforms(others, row))
            store(out, row, _durations(both * (-mean * SECOND / 2)))
    elif kind == HYPEREXPONENTIAL:
        for row in range(rows):
            means = where(_uniforms(others, row) < a, -b, -c)
            store(out, row, _durations(_logarithm(_uniforms(out, row)) * means))
    else:  # log-normal, by Box and Muller: one of their pair
        for row in range(rows):
            normal = root(_logarithm(_uniforms(out, row)) * -2.0) * _sine(_uniforms(others, row) - 0.5)
            store(out, row, _durations(_exponential(max(min(normal * b + a, 50.0), -100.0))))


@compiled
def draw(law: Law, streams: Keys, first: int, out: Int) -> None:
    """Fill `out` [n, lanes] with durations (ns) of the draws `first`, `first + 1` ... of each lane's stream.

    There are eight lanes; or one, and n is a multiple of eight.
    """
    drawn(law, streams, first, out)


@compiled
def chance(stream: Keys, position: int) -> float:
    """The uniform in (0, 1) at a position of one stream [2]."""
    drawn = shifted_right(_mixed(np.int64(stream[0] + stream[1] * np.uint64(position))), 12)
    return (np.float64(drawn) + 0.5) * 2.0**-52
