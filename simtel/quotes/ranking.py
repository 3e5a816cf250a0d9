"""Options ranked under weights that the buyer sets.

Each criterion has a worst and a best figure of the buyer's: there its value is 0 and 1, between them on the straight
line, beyond them no less and no more. The score is the weighted mean of the values. That is the simplest rule that can
be defended before a loser: it knows no figure that the buyer did not state, and the score of an option depends on no
other option, so that one more offer never turns the order of the others (as scaling between the offers would).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TIED = 1e-9  # scores that differ by less are one


@dataclass(frozen=True, slots=True)
class Scale:
    """How much a criterion counts, beside the others, and between which figures. ValueError: both alike, or a weight
    below zero."""

    weight: float
    worst: float
    best: float

    def __post_init__(self) -> None:
        if self.worst == self.best:
            raise ValueError(f"worst and best must differ, not both be {self.best!r}")
        if self.weight < 0:
            raise ValueError(f"a weight must be 0 or more, not {self.weight!r}")

    def passed(self, figure: float) -> float | None:
        """The end that a figure lies beyond; None within the scale, ends and all."""
        if min(self.worst, self.best) <= figure <= max(self.worst, self.best):
            return None
        return self.worst if (figure - self.worst) * (self.best - self.worst) < 0 else self.best

    def value(self, figure: float) -> float:
        """0 at the worst and below, 1 at the best and beyond."""
        return min(1.0, max(0.0, (figure - self.worst) / (self.best - self.worst)))


@dataclass(frozen=True, slots=True)
class Place:
    """Where an option stands: 1 is the first, and options that tie share a place. `values` by criterion, 0..1."""

    option: int
    place: int
    score: float
    values: Mapping[str, float]


def score(figures: Mapping[str, float], scales: Mapping[str, Scale]) -> float:
    """The weighted mean of the values, 0..1. ValueError: all weights are 0. KeyError: a figure that is not there."""
    whole = sum(scale.weight for scale in scales.values())
    if not whole:
        raise ValueError("all weights are 0: nothing counts")
    return sum(scale.weight * scale.value(figures[name]) for name, scale in scales.items()) / whole


def best_of(scores: Sequence[float]) -> tuple[int, ...]:
    """The options of which none has a higher score."""
    top = max(scores)
    return tuple(number for number, one in enumerate(scores) if top - one <= TIED)


def rank(options: Sequence[Mapping[str, float]], scales: Mapping[str, Scale]) -> tuple[Place, ...]:
    """Places in the order of the options, each told by its number."""
    scores = [score(figures, scales) for figures in options]
    return tuple(
        Place(number, 1 + sum(other - own > TIED for other in scores), own,
              {name: scale.value(options[number][name]) for name, scale in scales.items()})
        for number, own in enumerate(scores)
    )  # fmt: skip
