"""What is to be done at an instant of the capture's clock, if nothing comes before."""

import heapq
from collections.abc import Callable


class Due:
    """Acts in order of time; those of one instant in the order in which they were asked for."""

    def __init__(self) -> None:
        self._due: list[tuple[int, int, Callable[[int], None]]] = []
        self._timers = 0
        self.now = 0

    def at(self, t: int) -> None:
        """Time has come to `t`: what is due by then is done."""
        while self._due and self._due[0][0] <= t:
            when, _, act = heapq.heappop(self._due)
            self.now = when
            act(when)
        self.now = t

    def later(self, t: int, act: Callable[[int], None], after: int) -> None:
        """Do it so long after `t`."""
        self._timers += 1
        heapq.heappush(self._due, (t + after, self._timers, act))
