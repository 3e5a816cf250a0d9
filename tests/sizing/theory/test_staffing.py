"""The square-root rule against its formula in 50 digits and against what it approximates."""

from math import ceil, inf, nan, sqrt

import pytest
from mpmath import mp, mpf

from simtel.sizing.formulas import erlang_a_queue, erlang_c, square_root_staffing
from simtel.sizing.theory.staffing import wait_share
from tests.sizing import oracle


def hazard(x: object) -> object:
    return mp.npdf(x) / (mp.erfc(x / mp.sqrt(2)) / 2)


@pytest.mark.parametrize("beta", [0.001, 0.5, 1.0, 2.0, 5.9, 6.1, 10.0])
@pytest.mark.parametrize("impatience", [0.0, 0.01, 1.0, 50.0])
def test_the_share_that_waits(beta: float, impatience: float) -> None:
    root = sqrt(impatience)
    for b in (beta, -beta) if root else (beta,):
        pressed = mpf(root) * hazard(mpf(b) / mpf(root)) if root else mpf(b)
        assert oracle.close(wait_share(b, root), 1 / (1 + pressed / hazard(-mpf(b))), 1e-10)


@pytest.mark.parametrize("load", [1.0, 5.0, 10.0, 30.0, 100.0, 1000.0])
@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
def test_it_is_a_server_beside_erlang_c(load: float, share: float) -> None:
    exact = next(n for n in range(int(load) + 1, 2000) if erlang_c(load, n) <= share)
    assert abs(square_root_staffing(load, share) - exact) <= 1


@pytest.mark.parametrize("load", [10.0, 100.0, 400.0])
@pytest.mark.parametrize("impatience", [0.5, 2.0])
def test_it_is_a_server_beside_erlang_a(load: float, impatience: float) -> None:
    exact = next(n for n in range(int(load * 0.85), 600) if erlang_a_queue(load, 1.0, 1 / impatience, n).p_wait <= 0.3)
    assert abs(square_root_staffing(load, 0.3, impatience) - exact) <= 1


def test_the_least_share_that_a_float_can_hold() -> None:
    assert square_root_staffing(100.0, 5e-324) == 485  # beta 38.47: its normal density over it is that share


def test_callers_who_give_up_save_seats() -> None:
    assert square_root_staffing(100.0, 0.2, 1.0) < square_root_staffing(100.0, 0.2)
    assert square_root_staffing(0.0, 0.2) == 1
    assert square_root_staffing(100.0, 0.5, 1.0) == ceil(100)  # as many as the load: half of them wait


@pytest.mark.parametrize(
    ("arguments", "words"),
    [((-1.0, 0.2), "offered_load"), ((nan, 0.2), "offered_load"), ((1.0, 0.0), "max_wait"), ((1.0, 1.0), "max_wait"),
     ((1.0, 0.2, -1.0), "impatience"), ((1.0, 0.2, inf), "impatience")],
)  # fmt: skip
def test_what_is_no_target_is_named(arguments: tuple[float, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        square_root_staffing(*arguments)
