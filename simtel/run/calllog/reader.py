"""Call logs read block by block: any columns, any of the usual encodings, of any length.

A log is read in blocks of so many rows, so memory does not grow with it. What cannot be used is dropped and counted by
its reason, with the lines of the first of them; nothing is dropped in silence. What would make all of the log unusable
(no such column, no known encoding, nothing in it) is a `BadInput` with its place.

A call that comes again is dropped: the same number of a call, or without one the same row of the same caller or agent;
calls of nobody may well look alike. It is looked for among the latest calls (`WINDOW`).
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np

from simtel.core.document import Loc
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, did_you_mean, quoted, unreadable
from simtel.profiles.columns import Columns
from simtel.run.calllog.dialect import FIELD, delimiter_of, encoding_of
from simtel.run.calllog.outcomes import (
    ABANDONED,
    BLOCKED,
    BROKEN,
    FIELDS,
    LEFT_OUT,
    REASONS,
    TWICE,
    Calls,
    Reader,
    Rows,
    Some,
)

BLOCK = 4_000  # rows, whose cells lie near at hand
WINDOW = 500_000  # calls among which one that comes again is noticed: at least so many, at most twice
MUCH = 0.02  # of the rows dropped: what is left may be of another kind; our own bound
MOST = 0.5  # of the calls at midnight: their time of day was not written; our own bound
SHOWN = 3  # lines named for a reason
_DAY = 86_400


class Dropped(NamedTuple):
    """Rows that were dropped for one reason, and the lines on which the first of them end."""

    reason: str
    rows: int
    lines: tuple[int, ...]

    @property
    def where(self) -> str:
        """Those lines, and whether there are more."""
        return ", ".join(map(str, self.lines)) + (" ..." if self.rows > len(self.lines) else "")


class CallLog:
    """One call log. Iterate over its blocks; `rows` and `dropped` then say what was read."""

    def __init__(self, path: str | os.PathLike[str], columns: Columns) -> None:
        self.path = Path(path)
        self.columns = columns
        self.rows = 0
        self.lost, self.gave_up = 0, 0  # calls that gave up by their outcome: dropped, and in all
        self.calls, self.midnights = 0, 0  # that are used, and came at midnight
        self.twice = 0  # instants in an hour that comes twice, taken for the first
        self.window = WINDOW
        self.encoding, self.size = encoding_of(self.path, columns.encoding)
        self.read = 0  # bytes so far, about
        self._dropped: dict[str, list[int]] = {}
        self._counts: dict[str, int] = {}

    @property
    def dropped(self) -> list[Dropped]:
        """Most frequent reason first."""
        found = [Dropped(reason, self._counts[reason], tuple(lines)) for reason, lines in self._dropped.items()]
        return sorted(found, key=lambda one: (-one.rows, one.reason))

    @property
    def much_dropped(self) -> float:
        """Share of the rows that could not be used, where it is so large that the rest speaks for itself alone; 0
        where it is not. Calls that gave up and were dropped count against those that gave up."""
        unused = sum(one.rows for one in self.dropped if one.reason not in (TWICE, LEFT_OUT))
        share = unused / self.rows if self.rows else 0.0
        return share if share > MUCH or self.lost > MUCH * max(1, self.gave_up) else 0.0

    @property
    def timeless(self) -> float:
        """Share of the calls that came at midnight, where it is so large that no time of day can have been written; 0
        where it is not."""
        share = self.midnights / self.calls if self.calls else 0.0
        return share if share > MOST else 0.0

    def drop(self, reason: str, line: int, rows: int = 1) -> None:
        """Count a row, or as many as broken quotes have run together."""
        self._counts[reason] = self._counts.get(reason, 0) + rows
        lines = self._dropped.setdefault(reason, [])
        if len(lines) < SHOWN:
            lines.append(line)

    def __iter__(self) -> Iterator[Calls]:
        try:
            with self.path.open("r", encoding=self.encoding, newline="") as file:
                yield from self._blocks(file)
        except (OSError, ValueError) as error:
            raise BadInput([unreadable(str(self.path), error)]) from None

    def _blocks(self, file: IO[str]) -> Iterator[Calls]:
        delimiter = self.columns.delimiter or delimiter_of(file, self.columns.decimal)
        csv.field_size_limit(FIELD)
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        first, places = self._first(reader)
        made, seen = Reader(self.columns, places), _Seen(places, self.columns.empty)
        width, block = len(first), _Rows([], [])
        rows = reader if self.columns.header else _again(first, reader)
        last = reader.line_num if self.columns.header else 0
        while True:
            try:
                for row in rows:
                    line = reader.line_num
                    if len(row) == width:
                        block.cells.append(row)
                        block.lines.append(line)
                        if len(block.cells) == BLOCK:
                            self.read = file.buffer.tell() if hasattr(file, "buffer") else 0
                            yield self._calls(block, made, seen)
                            block = _Rows([], [])
                    elif row:  # a blank line is no row
                        self.rows += line - last
                        self.drop(FIELDS, line, line - last)
                    last = line
                break
            except csv.Error:
                lines, last = max(1, reader.line_num - last), reader.line_num
                self.rows += lines
                self.drop(BROKEN, last, lines)
                rows = reader
        if block.cells:
            yield self._calls(block, made, seen)
        self.read = self.size
        if not self.rows:
            raise BadInput([Problem(str(self.path), 0, 0, Message("holds no calls"))])

    def _calls(self, block: "_Rows", made: Reader, seen: "_Seen") -> Calls:
        """The calls of a block of rows, without those that cannot be used."""
        calls, reasons, gave_up = made(block.cells)
        good = reasons == 0
        self.rows += len(good)
        for n in np.flatnonzero(reasons).tolist():
            self.drop(REASONS[reasons[n]], block.lines[n])
        for n in seen(block.cells, calls, good):
            self.drop(TWICE, block.lines[n])
            good[n] = False
        lost = int((gave_up & (reasons > 0)).sum())
        calls = calls.where(good)
        self.lost += lost
        self.gave_up += lost + int((calls.outcome == ABANDONED).sum())
        calls = calls._replace(start=made.instants.local(calls.start))
        self.calls += len(calls.start)
        self.midnights += int((calls.start % _DAY == 0).sum())
        self.twice = made.instants.twice
        return calls

    def _misplaced(self, loc: Loc, column: str | int, names: list[str], times: int) -> Problem:
        """A column that the first row has not, or more than once."""
        path = str(self.path)
        if times:
            message = Message("{path} has {count} columns {column}: give its number",
                              path=path, count=times, column=quoted(str(column)))  # fmt: skip
            return self.columns.doc.problem(loc, message)
        message = Message("{path} has no column {column}", path=path, column=quoted(str(column)))
        listed = Message("it has {columns}", columns=", ".join(name[:40] for name in names[:30]))
        hint = did_you_mean(str(column), names) if isinstance(column, str) else None
        return self.columns.doc.problem(loc, message, hint or listed)

    def _first(self, reader: Any) -> tuple[list[str], dict[str, tuple[int, ...]]]:
        """The first row that is there, and the position of each column."""
        try:
            first: list[str] = next((row for row in reader if row), [])
        except csv.Error:
            raise BadInput([Problem(str(self.path), max(1, reader.line_num), 1, BROKEN)]) from None
        if not first:
            raise BadInput([Problem(str(self.path), 0, 0, Message("is empty"))])
        names = [name.strip() for name in first]
        places: dict[str, tuple[int, ...]] = {}
        problems: list[Problem] = []
        for key, given in self.columns.columns.items():
            for index, column in enumerate(given):
                below = ("column",) if key in self.columns.units else (index,) if len(given) > 1 else ()
                if isinstance(column, int):
                    at, times = column - 1, int(column <= len(first))
                else:
                    times = names.count(column.strip())
                    at = names.index(column.strip()) if times else 0
                places[key] = (*places.get(key, ()), at)
                if times != 1:
                    problems.append(self._misplaced(("columns", key, *below), column, names, times))
        if problems:
            raise BadInput(problems)
        return first, places


def _again(first: list[str], rest: Iterator[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rest


class _Rows(NamedTuple):
    """Rows of one block, and the lines on which they end."""

    cells: list[list[str]]
    lines: list[int]


class _Seen:
    """Which calls were among the latest."""

    def __init__(self, places: dict[str, tuple[int, ...]], empty: frozenset[str]) -> None:
        (self._place,) = places.get("call", (-1,))
        self._empty = empty
        self._now: set[int] = set()
        self._before: set[int] = set()

    def __call__(self, rows: Rows, calls: Calls, good: Some) -> list[int]:
        """The positions of those that come again, of the good ones."""
        alike = (calls.outcome != BLOCKED) & ((calls.caller | calls.agent) != 0)
        place, empty, now, before, found = self._place, self._empty, self._now, self._before, []
        for n, may in zip(np.flatnonzero(good).tolist(), alike[good].tolist(), strict=True):
            row = rows[n]
            number = row[place].strip() if place >= 0 else ""
            if number not in empty:
                key = hash(number)
            elif may:
                key = hash(tuple(row))
            else:
                continue
            if key in now or key in before:
                found.append(n)
                continue
            now.add(key)
            if len(now) == WINDOW:
                self._before, self._now = before, now = now, set()
        return found
