"""The time in which a queue forgets its start, against the eigenvalues of its chain."""

from math import inf

import numpy as np
import pytest

from simtel.sizing.theory.settling import settling_time


def slowest(load: float, servers: int, patience: float, places: int) -> float:
    """Seconds: the slowest mode of M/M/n/K+M with services of 1 s, from the chain's own matrix."""
    states = servers + places + 1
    up = np.full(states - 1, load)
    down = np.array([min(k, servers) + max(0, k - servers) / patience for k in range(1, states)])
    leaves = np.append(up, 0.0) + np.append(0.0, down)
    beside = np.diag(np.sqrt(up * down), 1)  # the chain is reversible, so its matrix can be made symmetric
    modes = np.linalg.eigvalsh(np.diag(leaves) - beside - beside.T)
    return float(1 / modes[1])


@pytest.mark.parametrize(
    ("load", "servers", "patience", "places"),
    [(0.9, 1, inf, 300), (9.0, 10, inf, 300), (19.0, 20, inf, 400), (60.0, 50, 30.0, 400), (98.0, 100, 20.0, 200),
     (48.0, 50, inf, 20), (12.0, 10, inf, 15), (50.0, 50, 5.0, 300), (5.0, 20, inf, 200)],
)  # fmt: skip
def test_it_is_near_the_slowest_mode_and_hardly_below_it(
    load: float, servers: int, patience: float, places: int
) -> None:
    exact = slowest(load, servers, patience, places)
    assert 0.7 * exact < settling_time(load, servers, 1.0, patience=patience, places=places) < 4 * exact


def test_one_server_is_exact_and_time_scales() -> None:
    assert settling_time(0.9, 1, 1.0) == pytest.approx(slowest(0.9, 1, inf, 500), rel=0.02)
    assert settling_time(0.9, 1, 180.0) == pytest.approx(180 * settling_time(0.9, 1, 1.0))
    assert settling_time(5.0, 5, 1.0) == inf
    assert settling_time(0.0, 5, 2.0) == 2.0
    with pytest.raises(ValueError, match="servers"):
        settling_time(1.0, 0, 1.0)
