"""The agenda of the site kernel: earliest first, equals as they were entered, whatever its size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.sizing.kernels.agenda import agenda, due, enter, take


@given(st.lists(st.one_of(st.integers(0, 20), st.none()), max_size=700))
def test_entries_come_in_order(steps: list[int | None]) -> None:
    heap, held = agenda(700), []
    for n, at in enumerate(steps):
        if at is not None:
            enter(heap, at, n)
            held.append((at, n))
        elif held:
            assert take(heap) == min(held)
            held.remove(min(held))
        assert due(heap) == len(held)
    assert [take(heap) for _ in held] == sorted(held)


def test_a_full_agenda_says_so() -> None:
    heap = agenda(3)
    for at in range(3):
        enter(heap, at, at)
    with pytest.raises(OverflowError):
        enter(heap, 3, 3)
    assert [take(heap) for _ in range(3)] == [(0, 0), (1, 1), (2, 2)]
