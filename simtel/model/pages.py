"""Pages of the calendar: timers that are due later than on the present page stay out of SimPy's heap.

A heap gets slower with all that waits in it, and most of what a site waits for lies far ahead: renewals of
registrations, ends of talks, and time limits that are taken back long before. Such a timer stands in the list of its
page. When the page begins, what still counts of it enters the heap, before anything happens on that page: the order of
events is the same as without pages.
"""

from heapq import heappush

from simtel.model.clock import BEFORE_ALL, Clock, Light

PAGE = 33  # a page lasts 2**33 ns, 8.6 s: some hundred events of a busy site
NEVER = 1 << 62


class Pages:
    """Timers of all machines on one clock. A timer is a light event (..., its `CalendarTimers`, its key)."""

    __slots__ = ("_clock", "_lists", "_next", "end")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lists: dict[int, list[Light]] = {}
        self._next = NEVER  # the first page that has been announced to the clock
        self.end = 1 << PAGE  # of the present page: what is due before stands in the heap

    def keep(self, timer: Light, now: int) -> None:
        """Put a timer on its page."""
        page, present = timer[0] >> PAGE, now >> PAGE
        if page <= present:  # pages without timers went by
            self.end = present + 1 << PAGE
            heappush(self._clock.queue, timer)
            return
        timers = self._lists.get(page)
        if timers is not None:
            timers.append(timer)
            return
        self._lists[page] = [timer]
        if page < self._next:
            self._announce(page)

    def _announce(self, page: int) -> None:
        self._next = page
        self._clock.post(page << PAGE, BEFORE_ALL, self._begin, page)

    def _begin(self, light: Light) -> None:
        page = light[4]
        if page != self._next:  # an earlier page was announced later, and this one then once more
            return
        self.end = page + 1 << PAGE
        queue = self._clock.queue
        for timer in self._lists.pop(page):
            if timer[4].live.get(timer[5]) is timer:
                heappush(queue, timer)
        self._next = NEVER
        if self._lists:
            self._announce(min(self._lists))
