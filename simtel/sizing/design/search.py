"""The cheapest site that meets every target, over agents, trunks and IVR ports at once.

A design is a number of each; what else it takes (seats, licences, E1s, boards) follows and is part of its price. That
may fall when one of the three grows (an agent more may save a spare board), and so what is too dear is told by a
`floor` below the prices of all designs that have as many or more of each. Which targets a design misses is told by a
function that is handed in: a formula, or a simulation. Nothing else is taken for granted of it than this (`rules out`):

- what is missed of the waits is missed with fewer agents, more trunks and more ports too (more calls are let in, of
  which more wait);
- what is missed of the blocking by so many agents is missed by as many of them with fewer trunks and fewer ports. Of
  another number of agents nothing is said: a seat more shortens the queue, but who is served holds his trunk longer
  than one who gives up.

For exponential times and nobody who dials again both are so, state by state of a birth-and-death chain (a trunk more
lets calls in where all others were full; a seat more lets the queue move on). Of other laws, and of callers who dial
again, it is assumed.

The search goes row by row, a row being a number of agents: from the row of the design that a formula proposes, up to
the first in which a design holds, then down to the fewest agents that could carry the calls, then up as long as
anything there is cheaper than the best. In a row the fewest trunks are found by steps that grow and then halve, and,
where ports cost something, for each number of trunks the fewest ports; what has more and may yet be cheaper is judged
one by one; a row ends when everything in it that is cheaper than the best is ruled out. So the best at the end is the
cheapest of all, and when the time ends before, every design that is not ruled out costs at least what `bound` says.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

BLOCKING = "blocking"
_STEPS = 2  # times as far, while the fewest trunks of a row are sought


class Design(NamedTuple):
    """A number of each."""

    agents: int
    trunks: int
    ports: int


Cost = tuple[float, ...]  # of equally dear designs the one with fewer agents comes first, then fewer trunks, then ports


@dataclass(frozen=True, slots=True)
class Space:
    """What is looked through: from `least` to `most` of each. `ports_cost`: a port is worth saving for itself; else
    there is one for each trunk, as far as `most` allows."""

    least: Design
    most: Design
    ports_cost: bool = False

    def full(self, trunks: int) -> int:
        """All the ports that so many trunks can use."""
        return max(self.least.ports, min(trunks, self.most.ports))


@dataclass(frozen=True, slots=True)
class Found:
    """`chosen`: the cheapest, or the best that was known when the time was over; None: nothing holds, or nobody knows.
    `finished`: the time sufficed. `bound`: where it did not, the cheapest design that is not ruled out.
    `tried`: designs that were judged."""

    chosen: Design | None
    finished: bool
    bound: Design | None
    tried: int


class OutOfTime(Exception):  # noqa: N818  (nothing went wrong)
    """Raised by a judge who has no time left."""


Judge = Callable[[Design], frozenset[str]]  # names of targets that are missed; nothing: all are met


def cheapest(
    space: Space, price: Callable[[Design], float], judge: Judge, start: Design,
    floor: Callable[[Design], float] | None = None,
) -> Found:  # fmt: skip
    """The cheapest design that meets every target, sought from `start` on.

    `floor` of a design is at most the price of every one that has no less of anything; None: `price` never falls when a
    part grows. `judge` may raise `OutOfTime`.
    """
    return _Search(space, price, judge, floor or price).run(start)


@dataclass
class _Search:
    space: Space
    price: Callable[[Design], float]
    judge: Judge
    floor: Callable[[Design], float]
    best: Design | None = None
    missed: dict[Design, frozenset[str]] = field(default_factory=dict)
    prices: dict[Design, float] = field(default_factory=dict)
    floors: dict[Design, float] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)  # rows

    def run(self, start: Design) -> Found:
        least, most = self.space.least, self.space.most
        first = min(max(start.agents, least.agents), most.agents)
        finished, trunks = True, start.trunks
        try:
            for agents in self.rows(first):
                trunks = self.row(agents, trunks)
                self.done.add(agents)
        except OutOfTime:
            finished = False
        return Found(self.best, finished, None if finished else self.bound(), len(self.missed))

    def rows(self, first: int) -> Iterator[int]:
        """Up to where something holds, down to the end, and up again while anything there is cheaper."""
        least, most = self.space.least, self.space.most
        behind = first
        while behind <= most.agents and (self.best is None or behind == first):
            yield behind
            behind += 1
        yield from range(first - 1, least.agents - 1, -1)
        while behind <= most.agents and self.worth(least._replace(agents=behind)):
            yield behind
            behind += 1

    def row(self, agents: int, about: int) -> int:
        """All that is cheaper in a row is ruled out, or tried. The trunks about which that was decided."""
        if not self.any_cheaper(agents):
            return about
        trunks = self.fewest_trunks(agents, about)
        if trunks is None:
            return about
        if self.space.ports_cost:
            self.fewest_ports(agents, trunks)
        else:
            self.rest(self.design(agents, more) for more in range(trunks + 1, self.space.most.trunks + 1))
        return trunks

    def any_cheaper(self, agents: int) -> bool:
        """Whether a row has anything cheaper than the best; where ports cost something, whether it may have."""
        for trunks in range(self.space.least.trunks, self.space.most.trunks + 1):
            few = self.fewest(agents, trunks)
            if not self.worth(few):
                return False
            if self.space.ports_cost or self.cheaper(few):
                return True
        return False

    def rest(self, designs: Iterable[Design]) -> None:
        """Of more and more of something, whatever is cheaper than the best."""
        for design in designs:
            if not self.worth(design):
                break
            if self.cheaper(design):
                self.short(design)

    def fewest_trunks(self, agents: int, about: int) -> int | None:
        """That hold, with a port for each, and are worth it; or, where ports cost something, below which the blocking
        is missed. None: no number."""
        low, high = self.space.least.trunks - 1, self.space.most.trunks
        if not self.space.ports_cost:  # from here on it is known that people wait too long
            high = min([high, *(tried.trunks - 1 for tried, short in self.missed.items()
                                if tried.agents >= agents and short - {BLOCKING})])  # fmt: skip
        best: int | None = None
        at, step = about, 1
        while low < high:
            at = min(max(at, low + 1), high)
            design = self.design(agents, at)
            if not self.worth(self.fewest(agents, at)):
                high, at = at - 1, low + (at - low) // 2  # too dear
                continue
            short = self.short(design)
            if BLOCKING in short:
                low, at = at, at + step
            elif short and self.space.ports_cost:
                break  # fewer ports may let fewer callers in, who then wait less
            elif short:
                high, at = at - 1, at - step
            else:
                best, high, at = at, at - 1, at - step
            bounded = best is not None or high < self.space.most.trunks
            step *= _STEPS
            if bounded and low >= self.space.least.trunks:
                at = (low + high + 1) // 2
        return low + 1 if self.space.ports_cost and low < self.space.most.trunks else best

    def fewest_ports(self, agents: int, trunks: int) -> None:
        """For each number of trunks that the ports saved could pay for."""
        about = self.space.full(trunks)
        while trunks <= self.space.most.trunks and self.worth(self.fewest(agents, trunks)):
            low, high = self.space.least.ports - 1, self.space.full(trunks)
            while high > low and not self.worth(Design(agents, trunks, high)):
                high -= 1
            at, step = min(about, high), 1
            while low < high:
                at = min(max(at, low + 1), high)
                short = self.short(Design(agents, trunks, at))
                if BLOCKING in short:
                    low, at = at, at + step
                else:
                    high, at = at - 1, at - step  # it holds, or fewer ports let fewer wait
                    about = at + step
                step *= _STEPS
                if low >= self.space.least.ports:
                    at = (low + high + 1) // 2
            self.rest(Design(agents, trunks, more) for more in range(low + 2, self.space.full(trunks) + 1))
            trunks += 1

    def design(self, agents: int, trunks: int) -> Design:
        return Design(agents, trunks, self.space.full(trunks))

    def fewest(self, agents: int, trunks: int) -> Design:
        """With no more ports than are looked at."""
        return Design(agents, trunks, self.space.least.ports if self.space.ports_cost else self.space.full(trunks))

    def cost(self, design: Design) -> Cost:
        if design not in self.prices:
            self.prices[design] = self.price(design)
        return self.prices[design], *design

    def cheaper(self, design: Design) -> bool:
        """Than the best."""
        return self.best is None or self.cost(design) < self.cost(self.best)

    def worth(self, design: Design, best: Design | None = None) -> bool:
        """Whether a design that has no less of anything may be cheaper than the best."""
        best = best or self.best
        if best is None:
            return True
        if design not in self.floors:
            self.floors[design] = self.floor(design)
        return (self.floors[design], *design) < self.cost(best)

    def short(self, design: Design) -> frozenset[str]:
        """What a design misses, as far as that has to be known: judged unless it is ruled out."""
        if design not in self.missed:
            ruled_out = self.ruled_out(design)
            if ruled_out:
                return ruled_out
            self.missed[design] = self.judge(design)
        short = self.missed[design]
        if not short and self.cheaper(design):
            self.best = design
        return short

    def ruled_out(self, design: Design) -> frozenset[str]:
        """What a design misses because one that was tried does."""
        agents, trunks, ports = design
        names: set[str] = set()
        for tried, short in self.missed.items():
            if tried.agents >= agents and tried.trunks <= trunks and tried.ports <= ports:
                names |= short - {BLOCKING}
            if tried.agents == agents and tried.trunks >= trunks and tried.ports >= ports and BLOCKING in short:
                names.add(BLOCKING)
        return frozenset(names)

    def bound(self) -> Design | None:
        """The cheapest design of the rows that are left that is not ruled out."""
        least, most = self.space.least, self.space.most
        found: Design | None = None
        for agents in (n for n in range(least.agents, most.agents + 1) if n not in self.done):
            for trunks in range(least.trunks, most.trunks + 1):
                few = self.fewest(agents, trunks)
                if not self.worth(few, found):
                    break
                ports = range(few.ports, self.space.full(trunks) + 1)
                left = next((one for n in ports if not self.told(one := few._replace(ports=n))), None)
                if left is not None and self.cheaper(left) and (found is None or self.cost(left) < self.cost(found)):
                    found = left
        return found

    def told(self, design: Design) -> frozenset[str]:
        """What a design is known to miss."""
        return self.missed.get(design) or self.ruled_out(design)
