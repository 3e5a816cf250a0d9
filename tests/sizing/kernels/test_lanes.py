"""Eight numbers side by side are eight numbers, whatever is done with them."""

import numpy as np
from numba import njit

from simtel.sizing.kernels.lanes import (
    LANES,
    bits,
    counting,
    eight,
    fma,
    load,
    root,
    rows,
    shifted_right,
    store,
    to_doubles,
    to_longs,
    where,
)

X = np.array([0, 1, -1, 7, -(2**62), 2**62, 123_456_789_012, -5], np.int64)
Y = np.array([3, 1, -9, -7, 2**61, 5, 3, 2**40], np.int64)
A = np.array([0.5, -0.25, 1e300, -2.5, 3.75, 1e-300, -1e15, 2.0**-40])
B = np.array([2.0, 1.5, 1e-300, -2.5, 1e17, 7.0, 0.1, 1 / 3])


@njit
def whole_numbers(x: np.ndarray, y: np.ndarray, out: np.ndarray) -> None:
    a, b = load(x, 0), load(y, 0)
    store(out, 0, a + b)
    store(out, 1, a - b)
    store(out, 2, a * b)
    store(out, 3, (a | b) ^ 5)
    store(out, 4, (a << 3) + (b >> 3))
    store(out, 5, shifted_right(a, 60))
    store(out, 6, min(a, b) - max(a, 3))
    store(out, 7, where(a < b, a, 1) + where(a <= b, 10, 20) + where(a > b, 100, b))
    store(out, 8, counting() * 3 + eight(np.int64(shifted_right(np.int64(-1), 62))))


def test_whole_numbers() -> None:
    out = rows(9)
    whole_numbers(X.reshape(1, -1), Y.reshape(1, -1), out)
    with np.errstate(over="ignore"):
        wanted = [
            X + Y, X - Y, X * Y, (X | Y) ^ 5, (X << 3) + (Y >> 3), (X.view(np.uint64) >> np.uint64(60)).view(np.int64),
            np.minimum(X, Y) - np.maximum(X, 3),
            np.where(X < Y, X, 1) + np.where(X <= Y, 10, 20) + np.where(X > Y, 100, Y),
            np.arange(8) * 3 + 3,
        ]  # fmt: skip
    np.testing.assert_array_equal(out, wanted)


@njit
def real_numbers(x: np.ndarray, y: np.ndarray, out: np.ndarray) -> None:
    a, b = bits(load(x, 0)), bits(load(y, 0))
    store(out, 0, bits(a + b))
    store(out, 1, bits(a - b))
    store(out, 2, bits(a * b))
    store(out, 3, bits(min(a, b) + max(a, 2)))
    store(out, 4, bits(where(a < b, a, 1.5) + where(a <= b, 1.0, b) + where(a > b, 0.25, 0.5)))
    store(out, 5, bits(root(max(a, 0.0))))
    store(out, 6, bits(to_doubles(to_longs(min(max(a, -1e18), 1e18)))))


def test_real_numbers() -> None:
    out = rows(7)
    real_numbers(A.view(np.int64).reshape(1, -1), B.view(np.int64).reshape(1, -1), out)
    wanted = [
        A + B, A - B, A * B, np.minimum(A, B) + np.maximum(A, 2.0),
        np.where(A < B, A, 1.5) + np.where(A <= B, 1.0, B) + np.where(A > B, 0.25, 0.5), np.sqrt(np.maximum(A, 0.0)),
        np.trunc(np.clip(A, -1e18, 1e18)),
    ]  # fmt: skip
    np.testing.assert_array_equal(out.view(np.float64), wanted)


@njit
def beyond_a_double(x: np.ndarray, out: np.ndarray) -> None:
    a = bits(load(x, 0))
    store(out, 0, bits(fma(a, a, (a - 1.0) * -2.0 - 1.0)))


def test_a_multiplication_and_addition_is_rounded_once() -> None:
    """(1 + e) ** 2 - 1 - 2e is e ** 2; of the square alone a double has not so many bits."""
    x, out = np.full((1, LANES), 1 + 2.0**-52), rows(1)
    beyond_a_double(x.view(np.int64), out)
    assert set(out.view(np.float64).ravel().tolist()) == {2.0**-104}


def test_rows_begin_at_a_cache_line() -> None:
    for number in range(1, 9):
        made = rows(number)
        assert made.shape == (number, LANES)
        assert made.ctypes.data % 64 == 0
        assert not made.any()
