"""What is due, in compiled code: a heap of (instant, order of entry, what), earliest first, equal instants as entered.

Rows of one array, so that an entry lies in one cache line; four children a node, so that the tree is flat. Nothing is
taken back: who no longer wants an entry knows it when it comes.
"""

import numpy as np

from simtel.sizing.compiled import compiler
from simtel.sizing.draws import Int

compiled = compiler("agenda", "draws")

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
    size = heap[0, AT] + 1
    if size == heap.shape[0]:
        raise OverflowError("more is due than there is room for")
    order = heap[0, ENTERED]
    heap[0, AT], heap[0, ENTERED] = size, order + 1
    hole = size
    while hole > 1:
        parent = (hole + 2) >> 2
        if heap[parent, AT] <= at:  # what is entered later gives way to its equals
            break
        heap[hole, AT], heap[hole, ENTERED], heap[hole, WHAT] = (
            heap[parent, AT],
            heap[parent, ENTERED],
            heap[parent, WHAT],
        )
        hole = parent
    heap[hole, AT], heap[hole, ENTERED], heap[hole, WHAT] = at, order, what


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
        if child >= size:
            break
        best = child
        for other in range(child + 1, min(child + 4, size)):
            if heap[other, AT] < heap[best, AT] or (
                heap[other, AT] == heap[best, AT] and heap[other, ENTERED] < heap[best, ENTERED]
            ):
                best = other
        if heap[best, AT] > at or (heap[best, AT] == at and heap[best, ENTERED] > order):
            break
        heap[hole, AT], heap[hole, ENTERED], heap[hole, WHAT] = heap[best, AT], heap[best, ENTERED], heap[best, WHAT]
        hole = best
    heap[hole, AT], heap[hole, ENTERED], heap[hole, WHAT] = at, order, what
    return first
