"""G.711 against its tables, written down here once more as intervals: how many of each size, from zero outwards."""

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate, pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from simtel.media.g711 import ALAW_SILENCE, ULAW_SILENCE, alaw_decode, alaw_encode, ulaw_decode, ulaw_encode

ALL = np.arange(-32768, 32768).astype(np.int16)
CODES = np.arange(256).astype(np.uint8)
# Sizes of the intervals of one sign in units of the table: 4,096 at the top of A-law, 8,159 at that of mu-law.
ALAW = [2] * 32 + [size for size in (4, 8, 16, 32, 64, 128) for _ in range(16)]
ULAW = [1] + [2] * 15 + [size for size in (4, 8, 16, 32, 64, 128, 256) for _ in range(16)]
ALAW_UNIT, ULAW_UNIT = 8, 4  # a unit of the table, in samples
MILLIWATT_ALAW = "34 21 21 34 b4 a1 a1 b4"  # G.711, tables 5 and 6: a sine of 1 kHz at 0 dBm0
MILLIWATT_ULAW = "1e 0b 0b 1e 9e 8b 8b 9e"


def alaw_signal(interval: int, negative: bool) -> int:
    return ((0 if negative else 128) + interval) ^ 0x55


def ulaw_signal(interval: int, negative: bool) -> int:
    return (0 if negative else 128) + 127 - interval


def table(
    sizes: list[int], unit: int, signal: Callable[[int, bool], int], outwards: bool
) -> tuple[NDArray[np.uint8], NDArray[np.int16]]:
    """The code of each sample from -32,768, and the sample of each code. On a decision value: `outwards` or up."""
    edges = [0, *accumulate(size * unit for size in sizes)]
    codes, values = [], np.zeros(256, np.int16)
    for sample in range(-32768, 32768):
        negative, size = sample < 0, abs(sample)
        inside = size - (negative and not outwards)
        interval = min(bisect_right(edges, inside) - 1, 127)
        codes.append(signal(interval, negative))
    for interval, (low, high) in enumerate(pairwise(edges)):
        middle = 0 if interval == 0 and sizes[0] == 1 else (low + high) // 2
        values[signal(interval, False)], values[signal(interval, True)] = middle, -middle
    return np.array(codes, np.uint8), values


def test_alaw_is_the_table_for_every_sample_and_code() -> None:
    codes, values = table(ALAW, ALAW_UNIT, alaw_signal, outwards=False)
    assert np.array_equal(alaw_encode(ALL), codes)
    assert np.array_equal(alaw_decode(CODES), values)


def test_ulaw_is_the_table_for_every_sample_and_code() -> None:
    codes, values = table(ULAW, ULAW_UNIT, ulaw_signal, outwards=True)
    assert np.array_equal(ulaw_encode(ALL), codes)
    assert np.array_equal(ulaw_decode(CODES), values)


def test_what_the_tables_state_in_words() -> None:
    zero = np.zeros(1, np.int16)
    assert (alaw_encode(zero)[0], ulaw_encode(zero)[0]) == (ALAW_SILENCE, ULAW_SILENCE)
    assert alaw_decode(np.array([0xAA, 0x2A, 0xD5, 0x55], np.uint8)).tolist() == [32256, -32256, 8, -8]
    assert ulaw_decode(np.array([0x80, 0x00, 0xFF, 0x7F, 0xFE], np.uint8)).tolist() == [32124, -32124, 0, 0, 8]


@pytest.mark.parametrize(
    ("decode", "octets", "full"), [(alaw_decode, MILLIWATT_ALAW, 3.14), (ulaw_decode, MILLIWATT_ULAW, 3.17)]
)
def test_the_digital_milliwatt_is_0_dbm0(
    decode: Callable[[NDArray[np.uint8]], NDArray[np.int16]], octets: str, full: float
) -> None:
    samples = decode(np.frombuffer(bytes.fromhex(octets), np.uint8)).astype(float)
    top = float(decode(CODES).max()) * (4096 / 4032 if full == 3.14 else 8159 / 8031)  # the table's virtual top
    level = 10 * np.log10((samples**2).mean() / (top**2 / 2)) + full
    assert level == pytest.approx(0, abs=0.02)
    assert np.abs(np.fft.rfft(samples)).argmax() == 1  # one turn in eight samples: 1 kHz


@pytest.mark.parametrize(("encode", "decode"), [(alaw_encode, alaw_decode), (ulaw_encode, ulaw_decode)])
def test_a_code_comes_back_from_its_sample(
    encode: Callable[[NDArray[np.int16]], NDArray[np.uint8]], decode: Callable[[NDArray[np.uint8]], NDArray[np.int16]]
) -> None:
    back = encode(decode(CODES))
    assert np.array_equal(decode(back), decode(CODES))
    assert [int(code) for code in CODES if back[code] != code] == (
        [0x7F] if decode is ulaw_decode else []
    )  # minus zero


def test_any_shape_and_stride_and_no_other_type() -> None:
    block = ALL.reshape(2, 256, 128)
    assert alaw_encode(block).shape == block.shape
    assert np.array_equal(ulaw_encode(ALL[::-3]), ulaw_encode(ALL)[::-3])
    assert alaw_decode(CODES[::2]).dtype == np.int16
    for wrong in (np.array([0.5]), np.array([40_000]), ALL.astype(">i2"), CODES):
        with pytest.raises(TypeError, match="not int16"):
            alaw_encode(wrong)
    with pytest.raises(TypeError, match="not uint8"):
        ulaw_decode(ALL)
