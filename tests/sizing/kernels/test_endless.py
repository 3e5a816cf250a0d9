"""Callers counted as if there were enough of everything: by hand, and against the Poisson law that they have."""

import numpy as np

from simtel.sizing.kernels import callers, endless
from simtel.sizing.kernels.endless import AGENTS, IVR, TRUNKS, enter
from simtel.sizing.kernels.site_runs import caller_streams


def test_two_callers_by_hand() -> None:
    """They come at 5 and 17, hear the menu for 10, talk for 20 and are written up for 5; read at 10, 20 ... 60."""
    block = np.array([[5, 17], [10, 10], [20, 20], [5, 5], [0, 0]])
    changes = np.zeros((endless.ROWS, 7), np.int64)
    enter(block, 0, caller_streams(0, 1)[callers.CHANCES, :, 0], 1.0, 10, 10, changes)
    numbers = changes[:, :-1].cumsum(axis=1).tolist()
    assert numbers[IVR] == [1, 1, 0, 0, 0, 0]
    assert numbers[TRUNKS] == [1, 2, 2, 1, 0, 0]
    assert numbers[AGENTS] == [0, 1, 2, 1, 1, 0]


def test_who_wants_no_agent_leaves_after_the_menu() -> None:
    block = np.array([[5], [10], [20], [5], [0]])
    changes = np.zeros((endless.ROWS, 7), np.int64)
    enter(block, 0, caller_streams(0, 1)[callers.CHANCES, :, 0], 0.0, 0, 5, changes)
    assert not changes[AGENTS].any()
    assert changes[TRUNKS].tolist() == changes[IVR].tolist() == [0, 1, 0, -1, 0, 0, 0]
