"""A file that was read: plain data, and the place in the file of every key and value.

Checks that come later (a shape, a model, a rule that joins several values) speak of a value by its location in the
data, such as `("faults", 0, "kind")`; a `Doc` turns that into line, column and source line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from simtel.core.problems import Problem

Loc = tuple[str | int, ...]
Place = tuple[int, int]  # line, column, both from 1


@dataclass(slots=True)
class Spot:
    """Where one node of the data stands, where its key stands, and the nodes below it."""

    place: Place
    key: Place | None = None
    below: dict[str | int, Spot] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doc:
    """A file that was read: `.data` is plain dict, list, str, int, float, bool and None."""

    name: str
    data: Any
    lines: tuple[str, ...]
    _root: Spot

    def place(self, loc: Loc) -> Place:
        """Line and column of the value at `loc`; of the deepest part of it that is there, if it is not."""
        return self._spot(loc).place

    def key_place(self, loc: Loc) -> Place:
        """Line and column of the key at `loc`; a list item and the whole document stand for themselves."""
        spot = self._spot(loc)
        return spot.key or spot.place

    def snippet(self, line: int) -> str | None:
        """The source line with that number (from 1), or None beyond the end."""
        return self.lines[line - 1] if 0 < line <= len(self.lines) else None

    def problem(self, loc: Loc, message: str, hint: str | None = None, *, at_key: bool = False) -> Problem:
        """A problem with the value (or the key) at `loc`, for checks that no model can make."""
        line, column = self.key_place(loc) if at_key else self.place(loc)
        return Problem(self.name, line, column, message, hint, self.snippet(line))

    def _spot(self, loc: Loc) -> Spot:
        spot = self._root
        for step in loc:
            if step not in spot.below:
                break
            spot = spot.below[step]
        return spot
