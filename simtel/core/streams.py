"""Seeded random numbers: one independent stream for each purpose.

A stream is named ("arrivals", "talk", "seat.3"), so that a change in one part of a site does not shift the draws of
another: two designs under one seed see the same callers. Durations are rounded to whole microseconds when drawn, so
that no platform's last bit reaches a digest.
"""

import random
from hashlib import sha256
from math import log as _log

from simtel.core.clock import US, Ns


class Stream:
    """Draws of one purpose. Same seed and name, same draws, on every platform."""

    __slots__ = ("_random",)

    def __init__(self, seed: int, name: str) -> None:
        self._random = random.Random(sha256(f"{seed}/{name}".encode()).digest()).random

    def exponential(self, mean: int) -> Ns:
        """A duration of exponential law with `mean` nanoseconds, at least one microsecond."""
        return (round(-_log(1.0 - self._random()) * mean / US) or 1) * US  # type: ignore[return-value]

    def uniform(self, low: int, high: int) -> Ns:
        """A duration between `low` and `high` nanoseconds, both included."""
        return Ns(round((low + self._random() * (high - low)) / US) * US)

    def chance(self, share: float) -> bool:
        """True with probability `share` (0..1)."""
        return self._random() < share

    def index(self, length: int) -> int:
        """A position in 0..length-1."""
        return int(self._random() * length)


class Streams:
    """All streams of one run."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._made: dict[str, Stream] = {}

    def __call__(self, name: str) -> Stream:
        """The stream of that name, made at first use."""
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = Stream(self.seed, name)
        return made
