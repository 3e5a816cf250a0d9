"""The agenda of the site kernel: earliest first, equals as they were entered, however far apart they are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from simtel.sizing.kernels.agenda import AGENDA, BUCKETS, ENTRIES, clear, enter, take

pytestmark = pytest.mark.timeout(240)  # the first to run compiles; on a busy machine that takes a while

TAKE = -1
SHIFT = 4
ROUND = BUCKETS << SHIFT  # ns until the buckets begin again


@njit
def played(record, shift, steps, taken):  # type: ignore[no-untyped-def]
    """Enter the n-th of `steps` so long after what was taken last, or take; what was taken, and when."""
    agenda = record[0]
    clear(agenda, shift)
    now = first = 0
    for n in range(steps.size):
        if steps[n] != TAKE:
            enter(agenda, now + steps[n], n, -n)
        elif agenda.next < 2**63 - 1:
            now = agenda.next
            what, life = take(agenda)
            taken[first, 0], taken[first, 1], taken[first, 2] = now, what, life
            first += 1
    return first


AFTER = st.one_of(
    st.integers(0, 40), st.sampled_from([0, 16, ROUND, 2 * ROUND]), st.integers(0, 3 * ROUND), st.integers(0, 2**53)
)


@given(st.lists(st.one_of(AFTER, st.just(TAKE), st.just(TAKE)), max_size=400))
def test_entries_come_in_order(steps: list[int]) -> None:
    steps += [TAKE] * len(steps)
    taken = np.zeros((len(steps), 3), np.int64)
    came = played(np.zeros(1, AGENDA), SHIFT, np.array(steps, np.int64), taken)
    held: list[tuple[int, int]] = []
    now, expected = 0, []
    for n, after in enumerate(steps):
        if after != TAKE:
            held.append((now + after, n))
        elif held:
            now, entry = min(held)
            held.remove((now, entry))
            expected.append([now, entry, -entry])
    assert taken[:came].tolist() == expected


def test_there_is_room_for_so_many_and_it_is_used_again() -> None:
    steps = np.concatenate([np.arange(ENTRIES - 1)[::-1], np.full(ENTRIES - 1, TAKE)] * 2)
    taken = np.zeros((steps.size, 3), np.int64)
    record = np.zeros(1, AGENDA)
    assert played(record, SHIFT, steps, taken) == 2 * (ENTRIES - 1)
    assert record["next"][0] == 2**63 - 1
    assert not record["full"].any()
    assert (np.diff(taken[: ENTRIES - 1, 0]) > 0).all()
