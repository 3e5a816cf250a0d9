"""G.711: A-law and mu-law, `int16` samples to `uint8` codes and back, equal to the tables of ITU-T G.711 (11/88).

A sample is left-justified: the 13 bits of A-law and the 14 of mu-law are the upper ones of 16. Any shape goes in and
comes out. On a decision value, which G.711 gives to neither side, a sample belongs to the interval above in A-law, for
both signs (bits are cut off a negative number), and to the one farther from zero in mu-law. Codes are as on the line:
A-law with its even bits turned over, mu-law with all of them (G.711, 3).
"""

import numpy as np
from numpy.typing import NDArray

RATE = 8_000  # samples per second (G.711, 2)
ALAW_SILENCE = 0xD5
ULAW_SILENCE = 0xFF

_SIGN = 0x80  # set: a positive value, before mu-law turns all bits over (G.711, tables 1 and 2)
_EVEN_BITS = 0x55
_BIAS = 33 << 2  # with it, each segment of mu-law begins at a power of two
_TOP = (1 << 15) - 1


def _alaw_values() -> NDArray[np.int16]:
    code = np.arange(256) ^ _EVEN_BITS
    segment, step = code >> 4 & 7, code & 15
    # The middle of the interval, in halves of the smallest step; segments 0 and 1 have steps of one size.
    middle = np.where(segment == 0, 2 * step + 1, (2 * step + 33) << np.maximum(segment - 1, 0))
    return np.where(code & _SIGN, middle << 3, -(middle << 3)).astype(np.int16)


def _ulaw_values() -> NDArray[np.int16]:
    code = np.arange(256) ^ 0xFF
    segment, step = code >> 4 & 7, code & 15
    size = (((2 * step + 33) << segment) << 2) - _BIAS
    return np.where(code & _SIGN, -size, size).astype(np.int16)


def _code(size: NDArray[np.int64], least: int) -> NDArray[np.int64]:
    """Segment and step of a size; segment 1 is 256 to 511, 16 steps in each, steps as in segment `least` below it."""
    segment = np.maximum(np.frexp(size)[1] - 8, 0).astype(np.int64)
    code: NDArray[np.int64] = segment << 4 | size >> np.maximum(segment, least) + 3 & 15
    return code


def _samples() -> NDArray[np.int64]:
    """All samples, each at the place of its bits taken for an unsigned number."""
    return np.arange(1 << 16, dtype=np.uint16).view(np.int16).astype(np.int64)


def _alaw_codes() -> NDArray[np.uint8]:
    sample = _samples()
    size = np.where(sample < 0, ~sample, sample)
    return (np.where(sample < 0, 0, _SIGN) ^ _code(size, 1) ^ _EVEN_BITS).astype(np.uint8)


def _ulaw_codes() -> NDArray[np.uint8]:
    sample = _samples()
    size = np.minimum(np.abs(sample) + _BIAS, _TOP)
    return (np.where(sample < 0, _SIGN, 0) ^ _code(size, 0) ^ 0xFF).astype(np.uint8)


_ALAW_VALUES, _ULAW_VALUES = _alaw_values(), _ulaw_values()
_ALAW_CODES, _ULAW_CODES = _alaw_codes(), _ulaw_codes()


def alaw_encode(samples: NDArray[np.int16]) -> NDArray[np.uint8]:
    """The A-law codes of samples (`int16`, any shape). TypeError for another kind of array."""
    return _encode(_ALAW_CODES, samples)


def ulaw_encode(samples: NDArray[np.int16]) -> NDArray[np.uint8]:
    """The mu-law codes of samples (`int16`, any shape). TypeError for another kind of array."""
    return _encode(_ULAW_CODES, samples)


def alaw_decode(codes: NDArray[np.uint8]) -> NDArray[np.int16]:
    """The samples of A-law codes (`uint8`, any shape), from -32,256 to 32,256. TypeError for another kind of array."""
    return _decode(_ALAW_VALUES, codes)


def ulaw_decode(codes: NDArray[np.uint8]) -> NDArray[np.int16]:
    """The samples of mu-law codes (`uint8`, any shape), from -32,124 to 32,124. TypeError for another kind of array."""
    return _decode(_ULAW_VALUES, codes)


def _encode(table: NDArray[np.uint8], samples: NDArray[np.int16]) -> NDArray[np.uint8]:
    if samples.dtype != np.int16:
        raise TypeError(f"samples are {samples.dtype}, not int16")
    return table[samples.view(np.uint16)]


def _decode(table: NDArray[np.int16], codes: NDArray[np.uint8]) -> NDArray[np.int16]:
    if codes.dtype != np.uint8:
        raise TypeError(f"codes are {codes.dtype}, not uint8")
    return table[codes]
