"""What is due, in compiled code: a heap of (instant, order of entry, what), earliest first, equal instants as entered.

Rows of one array, so that an entry lies in one cache line; four children a node, so that the tree is flat. Nothing is
taken back: who no longer wants an entry knows it when it comes.
"""

import numpy as np

from simtel.sizing.kernels.compiled import compiler
from simtel.sizing.kernels.draws import Int

compiled = compiler("agenda", "draws", "lanes")

AT, ENTERED, WHAT = range(3)


@compiled
def agenda(size: int) -> Int:
    """Room for `size` entries, none yet. Row 0 holds how many there are and how many have been; the heap follows."""
    return np.zeros((size + 1, 3), np.int64)


@compiled
def due(heap: Int) -> int:
    """How many entries there are."""
    return heap[0, AT]  # type: ignore[no-any-return]


@compiled
def enter(heap: Int, at: int, what: int) -> None:
    """Enter `what` for an instant (ns); OverflowError when there is no room."""
    if heap[0, AT] + 1 == heap.shape[0]:
        raise OverflowError("more is due than there is room for")
    order = heap[0, ENTERED]
    heap[0, ENTERED] = order + 1
    put(heap, at, order, what)


@compiled
def put(heap: Int, at: int, order: int, what: int) -> None:
    """Put in an entry that has its order already; there must be room."""
    hole = heap[0, AT] + 1
    heap[0, AT] = hole
    while hole > 1:
        parent = (hole + 2) >> 2
        before = heap[parent]
        if before[AT] < at or (before[AT] == at and before[ENTERED] < order):
            break
        heap[hole, AT], heap[hole, ENTERED], heap[hole, WHAT] = before[AT], before[ENTERED], before[WHAT]
        hole = parent
    heap[hole, AT], heap[hole, ENTERED], heap[hole, WHAT] = at, order, what


@compiled
def _sooner(heap: Int, one: int, other: int) -> int:
    """Which of two entries is due first; no branch, as nobody could guess it."""
    at, at_other = heap[one, AT], heap[other, AT]
    return other if (at_other < at) | ((at_other == at) & (heap[other, ENTERED] < heap[one, ENTERED])) else one


@compiled
def take(heap: Int) -> tuple[int, int]:
    """Take out what is due first: (instant, what). There must be something."""
    first = heap[1, AT], heap[1, WHAT]
    size = heap[0, AT]
    heap[0, AT] = size - 1
    at, order, what = heap[size, AT], heap[size, ENTERED], heap[size, WHAT]
    hole = 1
    while True:
        child = 4 * hole - 2
        if child + 3 < size:
            best = _sooner(heap, _sooner(heap, child, child + 1), _sooner(heap, child + 2, child + 3))
        elif child < size:
            best = child
            for other in range(child + 1, size):
                best = _sooner(heap, best, other)
        else:
            break
        soonest, entered = heap[best, AT], heap[best, ENTERED]
        if soonest > at or (soonest == at and entered > order):
            break
        heap[hole, AT], heap[hole, ENTERED], heap[hole, WHAT] = soonest, entered, heap[best, WHAT]
        hole = best
    heap[hole, AT], heap[hole, ENTERED], heap[hole, WHAT] = at, order, what
    return first
