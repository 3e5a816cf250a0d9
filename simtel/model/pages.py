"""Pages of the calendar: timers that are due later than on the present page stay out of SimPy's heap.

A heap gets slower with all that waits in it, and most of what a site waits for lies far ahead: renewals of
registrations, ends of talks, and time limits that are taken back long before. Such a timer stands in the list of its
page. When the page begins, what still counts of it enters the heap, before anything happens on that page: the order of
events is the same as without pages.
"""

from heapq import heappush

from simtel.model.clock import BEFORE_ALL, Clock, Light, Slot

PAGE = 33  # a page lasts 2**33 ns, 8.6 s: some hundred events of a busy site
NEVER = 1 << 62


class Pages:
    """Timers of all machines on one clock: light events whose slot is owned by the machine's `CalendarTimers`."""

    __slots__ = ("_clock", "_lists", "_next", "_slot", "end")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lists: dict[int, list[Light]] = {}
        self._next = NEVER  # the first page that has been announced to the clock
        self._slot: Slot = [self._begin, self]
        self.end = 1 << PAGE  # of the present page: what is due before stands in the heap

    def keep(self, timer: Light, now: int) -> None:
        """Put a timer that is due at `end` or later on its page."""
        at = timer[0]
        if type(at) is not int:  # a stand-in (see run.unnoticed): the heap asks less of it
            heappush(self._clock.queue, timer)
            return
        try:
            self._lists[at >> PAGE].append(timer)
        except KeyError:
            self._open(at >> PAGE, timer, now >> PAGE)

    def _open(self, page: int, timer: Light, present: int) -> None:
        """The first timer of a page."""
        if page <= present:  # pages without timers went by
            self.end = present + 1 << PAGE
            heappush(self._clock.queue, timer)
            return
        self._lists[page] = [timer]
        if page < self._next:
            self._announce(page)

    def _announce(self, page: int) -> None:
        self._next = page
        self._clock.post(page << PAGE, self._slot, page, BEFORE_ALL)

    def _begin(self, page: int, _now: int) -> None:
        if page != self._next:  # an earlier page was announced later, and this one then once more
            return
        self.end = page + 1 << PAGE
        queue = self._clock.queue
        for light in self._lists.pop(page):
            timer = light[4]
            if light[3][1].live.get(timer[0]) is timer:  # neither cancelled nor set anew
                heappush(queue, light)
        self._next = NEVER
        if self._lists:
            self._announce(min(self._lists))
