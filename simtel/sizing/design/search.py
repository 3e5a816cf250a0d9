"""The cheapest site that meets every target, over all its parts at once: seats, trunks, IVR ports, boards, licences.

A design is a number of each part. What it gives is measured by a function that is handed in: a formula, or so many
replications of a simulation. A target says which parts help it and which harm it (more trunks let in more calls, and
those wait). Nothing else is taken for granted of the function, and the search is exact under that alone:

1. A box of designs is bounded for a target where it is best: parts that help at their most, parts that harm at their
   least. What is not met there is met nowhere in the box. So each part that helps has a least number below which the
   whole box fails, each that harms a most; halving finds them, and the box shrinks until no target shrinks it further.
2. The cheapest corner of the box holds the least of everything. If it meets all targets nothing in the box is cheaper.
   If it fails one, whatever meets that target has more of some part that helps: the box is cut into as many smaller
   ones, none of which overlap.
3. Boxes are taken by the cost of their cheapest corner. So the first corner that meets everything is the cheapest
   design of all (branch and bound; Land & Doig, Econometrica 28, 1960).

What holds for exponential times (M/M/n/K+M, whose states are a birth-and-death chain), proved by comparing rates state
by state: one trunk more never raises the share refused, and never raises the share of those let in who are answered in
time, for they meet longer queues. (The share of all offered calls first rises with trunks and then falls, so it is no
target for this search.) One seat more never raises the share refused if people wait at least as long as a call takes;
if they give up sooner it never lowers it, for who is served holds his trunk longer. Once people dial again neither is
so, as seats save redials: then seats touch the blocking, and a box is not bounded for it until their number is fixed,
which takes longer and takes nothing for granted. That a seat more lets more callers be answered in time is proved
without a limit of trunks (Bhattacharya & Ephremides, SIAM J. Appl. Math. 51, 1991) and assumed with one, and all of it
is assumed for other laws. Every pair of designs that was tried is held against what was taken for granted, and a pair
that contradicts it beyond its intervals is told.

Simulated designs are decided in two looks, each with half of the error that is allowed: after the first stage, and if
that leaves a target open after as many replications as the wanted half-width takes (`simtel.sizing.stopping`). What is
still open is not met. All designs see the same replications (common random numbers). The design that is chosen has been
picked out for looking good, so it is tried again on replications of its own; the k-th design that is tried so may err
with 2**-k of the error allowed, so that the answer stands with the stated confidence however many were tried.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush, heapreplace

import numpy as np

from simtel.sizing.intervals import Interval, paired_difference
from simtel.sizing.stopping import Stage, Values, first_stage, joined, values_of
from simtel.sizing.theory import arguments

Design = tuple[int, ...]  # a number of each part, in the order of the parts
Evaluate = Callable[[Design, range], Values]  # the measures of a design in the replications with these numbers
Cost = tuple[float, Design]  # of equally dear designs the one with less of the first part comes first
_ROUNDING = 1e-9  # by so much two results of a formula may differ in the wrong direction


@dataclass(frozen=True, slots=True)
class Part:
    """What a site has a number of, and between which numbers it is looked for. Without prices (all 0) fewer of an
    earlier part is better than fewer of all later ones."""

    name: str
    least: int
    most: int
    price: float = 0.0


@dataclass(frozen=True, slots=True)
class Target:
    """A measure and its limit. More of a part in `helped_by` never makes it worse, more of one in `harmed_by` never
    better; of one in `touched_by` nothing is known; any other part does not matter to it."""

    measure: str
    limit: float
    at_least: bool
    helped_by: frozenset[str]
    harmed_by: frozenset[str] = frozenset()
    touched_by: frozenset[str] = frozenset()
    tries: int = 0  # of which the measure is a share, in one replication; 0: it is none, or known exactly

    def met(self, found: Interval) -> bool | None:
        """None: the limit lies inside the interval."""
        low, high = (found.low, found.high) if self.at_least else (-found.high, -found.low)
        limit = self.limit if self.at_least else -self.limit
        return True if low >= limit else False if high < limit else None


@dataclass(frozen=True, slots=True)
class Precision:
    """How sharply simulated designs are looked at.

    `confidence` that the chosen design meets every target. `half_width`: how close to its limit a measure may lie
    undecided, and so not met. `start`: replications of the first look; `most`: the most for a design.
    """

    half_width: float = 0.001
    confidence: float = 0.95
    start: int = 20
    most: int = 1000


EXACT = Precision(start=2, most=2)  # for formulas, which give the same in every replication


@dataclass(frozen=True, slots=True)
class Tried:
    """A design, its measures, and which targets it meets: True, False, or None where the limit lies in the interval."""

    design: Design
    values: Values
    intervals: Mapping[str, Interval]
    met: tuple[bool | None, ...]
    closer: Stage | None = field(default=None, repr=False)  # of the first look, when a second one is left

    @property
    def meets_all(self) -> bool:
        """Whether every target is met."""
        return all(self.met)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One fewer of `part` than the chosen design, and by how much each measure differs from it (fewer minus chosen)."""

    part: str
    tried: Tried
    saves: float
    difference: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to.

    `chosen`: the cheapest design that meets everything, or that was known when the time ran out; None when there is
    none. `finished`: the time sufficed, and `chosen` is the cheapest. `bound`: when it did not, no design that comes
    before this one in the order of cost meets everything. `neighbours`: each with one part fewer than `chosen`, the
    next cheaper one first. `best`: of each target that no design meets and no part touches, the best that there is.
    `contradicted`: for each target of which a design that should be better was worse beyond their intervals, the two.
    `tried`: designs evaluated.
    """

    chosen: Tried | None
    cost: float | None
    finished: bool
    bound: Design | None
    neighbours: tuple[Neighbour, ...]
    best: Mapping[str, Interval]
    contradicted: Mapping[str, tuple[Design, Design]]
    tried: int


class _OutOfTime(Exception):  # noqa: N818  (nothing went wrong)
    """Raised between two evaluations."""


def cheapest(
    parts: Sequence[Part],
    targets: Sequence[Target],
    evaluate: Evaluate,
    precision: Precision = EXACT,
    start: Design | None = None,
    out_of_time: Callable[[], bool] = lambda: False,
) -> Found:
    """The cheapest design that meets every target with the stated confidence.

    `start`: a design that a formula proposes; if it holds, the search has something to show from the beginning.
    `out_of_time` is asked before each evaluation; those that the answer needs are made all the same. ValueError: parts
    or targets that are none, or an argument out of its domain.
    """
    return _Search(parts, targets, evaluate, precision, out_of_time).run(start)


def given(
    parts: Sequence[Part],
    targets: Sequence[Target],
    evaluate: Evaluate,
    design: Design,
    precision: Precision = EXACT,
) -> tuple[Tried, tuple[Neighbour, ...]]:
    """The inverse: what a site with these numbers of parts gives and which targets it meets, and what one fewer of each
    part would give. ValueError: as for `cheapest`, or a design outside of what the parts may be."""
    search = _Search(parts, targets, evaluate, precision, lambda: False)
    if search.inside(design) != tuple(design):
        raise ValueError(f"{design} is no number of each of {', '.join(part.name for part in parts)} within its bounds")
    tried = search.looked_at(tuple(design), 0, 1 - precision.confidence)
    return tried, search.neighbours(tried, 0)


class _Search:
    def __init__(
        self,
        parts: Sequence[Part],
        targets: Sequence[Target],
        evaluate: Evaluate,
        precision: Precision,
        out_of_time: Callable[[], bool],
    ) -> None:
        names = [part.name for part in parts]
        if not parts or len(set(names)) < len(names):
            raise ValueError(f"parts must have names of their own, not {names}")
        for part in parts:
            least = arguments.whole(f"the least of {part.name}", part.least, 0)
            arguments.whole(f"the most of {part.name}", part.most, least)
            arguments.load(f"the price of {part.name}", part.price)
        if not targets:
            raise ValueError("a search needs a target: without one the least of everything is enough")
        for target in targets:
            told = [*target.helped_by, *target.harmed_by, *target.touched_by]
            if not set(told) <= set(names) or len(set(told)) < len(told):
                raise ValueError(f"{target.measure} must be helped or harmed by some of {', '.join(names)}, not both")
        self.parts, self.targets, self.evaluate, self.precision = parts, targets, evaluate, precision
        self.helped = [[i for i, name in enumerate(names) if name in target.helped_by] for target in targets]
        self.harmed = [[i for i, name in enumerate(names) if name in target.harmed_by] for target in targets]
        self.touched = [[i for i, name in enumerate(names) if name in target.touched_by] for target in targets]
        self.tries = {target.measure: target.tries for target in targets if target.tries}
        self.out_of_time = out_of_time
        self.known: dict[Design, Tried] = {}
        self.sound: list[Cost] = []  # heap of designs that met everything
        self.boxes: list[tuple[Cost, Design]] = []  # heap of cheapest corner, with its cost, and dearest corner
        self.confirmed: Tried | None = None
        self.confirmations = 0

    def run(self, start: Design | None) -> Found:
        least, most = tuple(part.least for part in self.parts), tuple(part.most for part in self.parts)
        self.boxes = [(self.cost(least), most)]
        finished = True
        try:
            if start is not None:
                self.all_met(self.inside(start))
            while not self.answered() and self.boxes:
                self.step()
        except _OutOfTime:
            finished = False
            while self.sound and not self.confirm():
                pass
        chosen = self.confirmed
        return Found(
            chosen,
            None if chosen is None else self.cost(chosen.design)[0],
            finished,
            None if finished else self.boxes[0][0][1],
            () if chosen is None else self.neighbours(chosen, self.precision.most),
            self.best(least, most) if finished and chosen is None else {},
            self.contradicted(),
            len(self.known),
        )

    def cost(self, design: Design) -> Cost:
        return sum(part.price * number for part, number in zip(self.parts, design, strict=True)), design

    def inside(self, design: Design) -> Design:
        return tuple(min(max(n, part.least), part.most) for n, part in zip(design, self.parts, strict=True))

    def answered(self) -> bool:
        """Whether a design that met everything, and that nothing left can undercut, has done so again."""
        while self.sound and (not self.boxes or self.sound[0] <= self.boxes[0][0]):
            if self.confirm():
                return True
        return False

    def step(self) -> None:
        """Shrink the box whose cheapest corner is the cheapest of all, or cut it up there."""
        (_, low), high = self.boxes[0]
        shrunk = self.shrunk(low, high)
        if shrunk is None:
            heappop(self.boxes)
        elif shrunk != (low, high):
            heapreplace(self.boxes, (self.cost(shrunk[0]), shrunk[1]))
        elif not self.all_met(low):
            smaller = list(self.cut(low, high))
            heappop(self.boxes)
            for one, other in smaller:
                heappush(self.boxes, (self.cost(one), other))

    def shrunk(self, low: Design, high: Design) -> tuple[Design, Design] | None:
        """The box without what meets some target nowhere; None when nothing is left."""
        least, most = list(low), list(high)
        for n in range(len(self.targets)):
            if any(least[i] < most[i] for i in self.touched[n]):
                continue  # nobody knows where the box is best
            best = self.best_corner(n, least, most)
            if not self.meets(tuple(best), n):
                return None
            for i in self.helped[n]:
                least[i] = self.halved(best, i, least[i], most[i], n)
            for i in self.harmed[n]:
                most[i] = self.halved(best, i, most[i], least[i], n)
        return tuple(least), tuple(most)

    def best_corner(self, n: int, least: Sequence[int], most: Sequence[int]) -> list[int]:
        """Where a box is best for a target: all but what helps at its least."""
        return [most[i] if i in self.helped[n] else least[i] for i in range(len(self.parts))]

    def halved(self, best: list[int], i: int, worst: int, good: int, n: int) -> int:
        """The number of part i, from `worst` to `good`, from which on target n is met with all else at its best."""
        step = 1 if good >= worst else -1

        def enough(number: int) -> bool:
            return self.meets((*best[:i], number, *best[i + 1 :]), n)

        if good == worst or enough(worst):
            return worst
        while abs(good - worst) > 1:
            middle = worst + step * (abs(good - worst) // 2)
            worst, good = (worst, middle) if enough(middle) else (middle, good)
        return good

    def cut(self, low: Design, high: Design) -> Iterator[tuple[Design, Design]]:
        """The box without its cheapest corner, and without all that fails a target as the corner does: one box for each
        part that may help, with more of that part and the least of the parts before it."""
        n = self.known[low].met.index(False) if False in self.known[low].met else self.known[low].met.index(None)
        most = list(high)
        for i in self.helped[n] + self.touched[n]:
            if low[i] < high[i]:
                yield (*low[:i], low[i] + 1, *low[i + 1 :]), tuple(most)
            most[i] = low[i]

    def meets(self, design: Design, n: int) -> bool:
        """Whether a design meets target n: looked at again if that is open."""
        tried = self.first_look(design)
        if tried.met[n] is None:
            tried = self.second_look(tried)
        return tried.met[n] is True

    def all_met(self, design: Design) -> bool:
        tried = self.first_look(design)
        if False not in tried.met and not tried.meets_all:
            tried = self.second_look(tried)
        return tried.meets_all

    def first_look(self, design: Design) -> Tried:
        if design not in self.known:
            self.check_time()
            self.keep(self.began(design, 0, 1 - self.precision.confidence))
        return self.known[design]

    def second_look(self, tried: Tried) -> Tried:
        if tried.closer is not None:
            self.check_time()
            self.keep(self.ended(tried, 0))
        return self.known[tried.design]

    def keep(self, tried: Tried) -> None:
        self.known[tried.design] = tried
        if tried.meets_all:
            heappush(self.sound, self.cost(tried.design))

    def check_time(self) -> None:
        if self.out_of_time():
            raise _OutOfTime

    def began(self, design: Design, first: int, error: float) -> Tried:
        """The first look, with half of the error, at the replications from `first` on."""
        wanted = self.precision
        values = values_of(self.evaluate(design, range(first, first + wanted.start)), self.measures())
        return self.judged(design, values, first_stage(values, 1 - error / 2, self.tries), last=False)

    def ended(self, tried: Tried, first: int) -> Tried:
        """The second look, with the other half."""
        stage, wanted = tried.closer, self.precision
        assert stage is not None  # noqa: S101  (asked by the callers)
        number = min(stage.wanted(dict.fromkeys(stage.spread, wanted.half_width)), wanted.most)

        def more(those: range) -> Values:
            return self.evaluate(tried.design, range(first + those.start, first + those.stop))

        return self.judged(tried.design, joined(tried.values, more, wanted.start, number), stage, last=True)

    def judged(self, design: Design, values: Values, stage: Stage, *, last: bool) -> Tried:
        intervals = stage.intervals(values)
        met = tuple(target.met(intervals[target.measure]) for target in self.targets)
        return Tried(design, values, intervals, met, None if last else stage)

    def looked_at(self, design: Design, first: int, error: float) -> Tried:
        """Both looks, if it takes two."""
        tried = self.began(design, first, error)
        return self.ended(tried, first) if None in tried.met and tried.closer is not None else tried

    def measures(self) -> list[str]:
        return list(dict.fromkeys(target.measure for target in self.targets))

    def confirm(self) -> bool:
        """Whether the cheapest design that met everything does so again, on replications that did not choose it."""
        self.confirmations += 1
        design = self.sound[0][1]
        tried = self.looked_at(design, self.precision.most, (1 - self.precision.confidence) / 2**self.confirmations)
        if tried.meets_all:
            self.confirmed = tried
        else:
            heappop(self.sound)
            self.known[design] = Tried(design, tried.values, tried.intervals, tried.met)
        return tried.meets_all

    def neighbours(self, chosen: Tried, first: int) -> tuple[Neighbour, ...]:
        """Each design with one part fewer, in the replications of the chosen one, the dearest of them first."""
        found = []
        for i, part in enumerate(self.parts):
            if chosen.design[i] > part.least:
                design = (*chosen.design[:i], chosen.design[i] - 1, *chosen.design[i + 1 :])
                number = len(next(iter(chosen.values.values())))
                values = values_of(self.evaluate(design, range(first, first + number)), self.measures())
                stage = first_stage(values, self.precision.confidence, self.tries)
                tried = self.judged(design, values, stage, last=True)
                difference = {
                    name: paired_difference(values[name], chosen.values[name], self.precision.confidence)
                    for name in values
                }
                found.append(Neighbour(part.name, tried, part.price, difference))
        return tuple(sorted(found, key=lambda one: self.cost(one.tried.design), reverse=True))

    def best(self, least: Design, most: Design) -> dict[str, Interval]:
        """Of each target that no design of all meets, how close one comes."""
        found = {}
        for n, target in enumerate(self.targets):
            corner = tuple(self.best_corner(n, least, most))
            if not self.touched[n] and not self.meets(corner, n):
                found[target.measure] = self.known[corner].intervals[target.measure]
        return found

    def contradicted(self) -> dict[str, tuple[Design, Design]]:
        """For each target the two designs that differ most from what was taken for granted of it."""
        designs = np.array(list(self.known)).reshape(len(self.known), len(self.parts))
        found = {}
        for n, target in enumerate(self.targets):
            better = np.ones((len(designs), len(designs)), dtype=bool)
            for i in self.helped[n]:
                better &= designs[:, None, i] >= designs[None, :, i]
            for i in self.harmed[n]:
                better &= designs[:, None, i] <= designs[None, :, i]
            for i in self.touched[n]:
                better &= designs[:, None, i] == designs[None, :, i]
            ends = [tried.intervals[target.measure] for tried in self.known.values()]
            low, high = np.array([end.low for end in ends]), np.array([end.high for end in ends])
            gap = low[None, :] - high[:, None] if target.at_least else low[:, None] - high[None, :]
            wrong = np.where(better, gap, -np.inf)
            if wrong.size and wrong.max() > _ROUNDING:
                one, other = np.unravel_index(int(wrong.argmax()), wrong.shape)
                known = list(self.known)
                found[target.measure] = (known[int(one)], known[int(other)])
        return found
