"""Random draws by position: the n-th draw of a stream is had without those before it.

A stream belongs to a seed, a replication and a purpose ("arrivals", "service", "patience"), so two designs under one
seed meet the same callers whatever else they draw, on any number of workers and wherever a run is taken up again.
The generator is SplitMix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): a
counter that steps by an odd number of the stream's own, and a mixing of its bits. It keeps no state, so a block of
draws for many replications side by side is made in vector registers.

A law of durations is drawn by its quantile at a uniform in (0, 1), of 52 bits. Durations are int64 nanoseconds.
"""

from math import cos, exp, log, pi, sqrt
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from simtel.sizing.kernels.compiled import compiler

compiled = compiler("draws")

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Keys = NDArray[np.uint64]  # [2, replications]: where each stream's counter begins, and its step

SECOND: Final = 1e9  # ns
LONGEST: Final = 4e18  # ns, 126 years: what a draw is cut to, so that an instant never leaves int64
_FEWEST_FLIPS: Final = 24  # a step whose neighbouring bits are alike too often mixes badly (the same paper, section 5)


def keys(seed: int, purpose: str, replications: range) -> Keys:
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
    def exponential(cls, mean: float) -> Self:
        """Memoryless."""
        return cls(EXPONENTIAL, _positive(mean))

    @classmethod
    def fixed(cls, length: float) -> Self:
        """Always the same; infinite for people who never give up."""
        if not length >= 0:
            raise ValueError(f"a duration is not negative, but {length!r} s is asked for")
        return cls(FIXED, length, min(length * SECOND, LONGEST))

    @classmethod
    def uniform(cls, low: float, high: float) -> Self:
        """Evenly between two lengths."""
        if not 0 <= low <= high < np.inf:
            raise ValueError(f"an even law lies between two finite lengths in order, not {low!r} s and {high!r} s")
        return cls(UNIFORM, (low + high) / 2, low * SECOND, (high - low) * SECOND)

    @classmethod
    def erlang_2(cls, mean: float) -> Self:
        """Sum of two exponential phases of equal mean: a coefficient of variation of 0.71."""
        return cls(ERLANG_2, _positive(mean))

    @classmethod
    def hyperexponential(cls, share: float, first: float, second: float) -> Self:
        """Exponential of mean `first` for a `share` (0..1) of people, of mean `second` for the others."""
        if not 0 <= share <= 1:
            raise ValueError(f"a share lies between 0 and 1, not at {share!r}")
        mean = share * _positive(first) + (1 - share) * _positive(second)
        return cls(HYPEREXPONENTIAL, mean, share, first * SECOND, second * SECOND)

    @classmethod
    def lognormal(cls, mean: float, variation: float) -> Self:
        """Of that mean and coefficient of variation: what handling times of call centres look like (Brown et al.,
        "Statistical analysis of a telephone call center", J. Am. Stat. Assoc. 100, 2005)."""
        spread = log(1 + _positive(variation) ** 2)
        return cls(LOGNORMAL, mean, log(_positive(mean) * SECOND) - spread / 2, sqrt(spread))


def _positive(length: float) -> float:
    if not 0 < length < np.inf:
        raise ValueError(f"a mean is positive and finite, not {length!r}")
    return length


@compiled
def _mixed(z: np.uint64) -> np.uint64:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@compiled
def _one(counter: np.uint64) -> np.int64:
    return np.int64((_mixed(counter) >> np.uint64(12)) | np.uint64(0x3FF0000000000000))


@compiled
def _bits(streams: Keys, first: int, out: Int) -> None:
    """Doubles in [1, 2) as bits: 52 random ones and the exponent of 1."""
    start, step = streams[0], streams[1]
    if start.size == 1:  # one replication alone: its draws side by side
        into, begin, by = out.reshape(-1), start[0] + step[0] * np.uint64(first), step[0]
        for n in range(into.size):
            into[n] = _one(begin + by * np.uint64(n))
        return
    for row in range(out.shape[0]):
        into, position = out[row], np.uint64(first + row)
        for lane in range(into.size):
            into[lane] = _one(start[lane] + step[lane] * position)


@compiled
def _to_uniforms(flat: Int) -> Float:
    """The same memory as doubles in (0, 1), symmetric about a half: from 2**-53 to 1 - 2**-53."""
    uniforms = flat.view(np.float64)
    for i in range(flat.size):
        uniforms[i] -= 1.0 - 2.0**-53
    return uniforms


# ln((1 + s) / (1 - s)) = 2s + s * R(s * s): the minimax polynomial published with fdlibm's log, error below 2**-58.
# No call of a library, so that the loop runs in vector registers and gives the same bits on every machine.
@compiled
def _to_exponentials(flat: Int, mean: float) -> None:
    uniforms = _to_uniforms(flat)
    for i in range(flat.size):
        bits = flat[i]
        exponent = (bits - 0x3FE6A09E667F3BCD) >> 52  # of the power of two next to it: the rest lies about 1
        flat[i] = bits - (exponent << 52)
        f = uniforms[i] - 1.0
        s = f / (2.0 + f)
        z = s * s
        w = z * z
        even = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332))
        odd = 0.6666666666666735130 + w * (
            0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591)
        )
        half = 0.5 * f * f
        logarithm = np.float64(exponent) * 0.6931471805599453 + (f - (half - s * (half + (z * odd + even))))
        flat[i] = np.int64(min(-logarithm * mean, LONGEST))


@compiled
def _other(streams: Keys) -> Keys:
    """Streams for the laws that take two draws a duration: other beginnings on other counters."""
    made = np.empty_like(streams)
    for lane in range(streams.shape[1]):
        made[0, lane] = _mixed(streams[0, lane] ^ np.uint64(0x5851F42D4C957F2D))
        made[1, lane] = _mixed(streams[1, lane]) | np.uint64(1)
    return made


@compiled
def draw(law: Law, streams: Keys, first: int, out: Int) -> None:
    """Fill `out` [n, lanes] with durations (ns) of the draws `first`, `first + 1` ... of each lane's stream."""
    kind, mean, a, b, c = law
    flat = out.reshape(-1)
    if kind == FIXED:
        flat[:] = np.int64(a)
        return
    _bits(streams, first, out)
    if kind == EXPONENTIAL:
        _to_exponentials(flat, mean * SECOND)
        return
    if kind == UNIFORM:
        uniforms = _to_uniforms(flat)
        for i in range(flat.size):
            flat[i] = np.int64(a + b * uniforms[i])
        return
    second = np.empty_like(out)
    _bits(_other(streams), first, second)
    others = second.reshape(-1)
    if kind == ERLANG_2:
        _to_exponentials(flat, mean * SECOND / 2)
        _to_exponentials(others, mean * SECOND / 2)
        for i in range(flat.size):
            flat[i] += others[i]
    elif kind == HYPEREXPONENTIAL:
        _to_exponentials(flat, 1.0 * SECOND)
        chosen = _to_uniforms(others)
        for i in range(flat.size):
            flat[i] = np.int64(min(flat[i] * ((b if chosen[i] < a else c) / SECOND), LONGEST))
    else:  # log-normal, by Box and Muller's pair
        radii, turns = _to_uniforms(flat), _to_uniforms(others)
        for i in range(flat.size):
            normal = sqrt(-2.0 * log(radii[i])) * cos(2.0 * pi * turns[i])
            flat[i] = np.int64(min(exp(a + b * normal), LONGEST))


@compiled
def chance(stream: Keys, position: int) -> float:
    """The uniform in (0, 1) at a position of one stream [2]."""
    bits = _mixed(stream[0] + stream[1] * np.uint64(position)) >> np.uint64(12)
    return (np.float64(bits) + 0.5) * 2.0**-52
