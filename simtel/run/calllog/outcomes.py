"""What the rows of a call log say: calls with their outcome and lengths, or why a row cannot be used.

A block of rows is read column by column, and of each column only what the outcome of a call needs counts: exchanges
write zeros where there was no answer, and an instant that nobody asks for is no reason to drop a row. Names of callers
and agents become numbers by a hash and are gone; the log's own text is quoted nowhere.
"""

import math
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simtel.core.i18n import Message
from simtel.profiles.columns import OUTCOMES, Columns
from simtel.run.calllog.instants import OUTSIDE, SKIPPED, UNREADABLE, Instants
from simtel.run.calllog.lengths import Lengths
from simtel.sizing.theory.quadrature import Floats

LONGEST = 86_400.0  # seconds of a wait or talk
ANSWERED, ABANDONED, IVR, BLOCKED, IGNORED = range(len(OUTCOMES))
_NAMES = 50_000  # kept

# Why a row is dropped.
BROKEN = Message("quotes that do not close, or a field that is too long")
FIELDS = Message("more or fewer fields than the first row")
TWICE = Message("a call that was there already")
NO_INSTANT = Message("an instant that is missing, or written in none of the formats")
NO_CENTURY = Message("an instant before the year 2000, or after 2199")
NO_HOUR = Message("an instant in the hour that the clock of the zone skips")
NO_LENGTH = Message("a length that is missing, or is not a number in its unit")
NEGATIVE = Message("a length below zero, or instants out of order")
LONG = Message("a length of more than a day")
NO_OUTCOME = Message("an outcome that the mapping does not name")
LEFT_OUT = Message("an outcome that the mapping leaves out")
REASONS = ("", NO_INSTANT, NO_CENTURY, NO_HOUR, NO_LENGTH, NEGATIVE, LONG, NO_OUTCOME, LEFT_OUT)  # by number; 0: none
_UNTOLD = ((UNREADABLE, NO_INSTANT), (OUTSIDE, NO_CENTURY), (SKIPPED, NO_HOUR))

Some = NDArray[np.bool_]
Rows = Sequence[Sequence[str]]
Cells = Sequence[Sequence[str]]  # of each column


class Calls(NamedTuple):
    """A block of calls, one an entry. Seconds; NaN for a length that the call has not or that is not known."""

    start: Floats  # on the log's clock, since 1970
    outcome: NDArray[np.int8]
    ivr: Floats
    wait: Floats
    talk: Floats
    wrap_up: Floats
    caller: NDArray[np.uint64]  # 0: not known
    agent: NDArray[np.uint64]

    def where(self, chosen: Some) -> "Calls":
        """Some of them."""
        return Calls(
            self.start[chosen], self.outcome[chosen], self.ivr[chosen], self.wait[chosen], self.talk[chosen],
            self.wrap_up[chosen], self.caller[chosen], self.agent[chosen],
        )  # fmt: skip


class Found(NamedTuple):
    """What rows hold. `reasons`: the number in REASONS for each; with one, its call means nothing. `gave_up`: those
    that gave up by the word for it."""

    calls: Calls
    reasons: NDArray[np.int8]
    gave_up: Some


class Reader:
    """Makes calls of rows. `places`: of each key of the mapping, the positions of its columns."""

    def __init__(self, columns: Columns, places: dict[str, tuple[int, ...]]) -> None:
        self.columns, self.places = columns, places
        self.instants = Instants(columns)
        self._lengths = {key: Lengths(unit, columns.decimal) for key, unit in columns.units.items()}
        self._words = {word: OUTCOMES.index(outcome) for word, outcome in columns.outcomes.items()}
        self._names: dict[str, dict[str, int]] = {"caller": {}, "agent": {}}

    def __call__(self, rows: Rows) -> Found:
        """What they hold."""
        return _Block(self, [*zip(*rows, strict=True)]).found()

    def texts(self, cells: Cells, key: str) -> list[str]:
        """The cells of one key; empty where they hold a word for nothing, or either of two columns does."""
        empty = self.columns.empty
        each = [["" if (text := cell.strip()) in empty else text for cell in cells[at]] for at in self.places[key]]
        return each[0] if len(each) == 1 else [f"{a} {b}" if a and b else "" for a, b in zip(*each, strict=True)]

    def length(self, cells: Cells, key: str) -> Floats:
        """The lengths of a column, in seconds; NaN for nothing, infinity for what is no length."""
        found = self._lengths[key].plain(cells[self.places[key][0]])
        return self._lengths[key].read(self.texts(cells, key)) if found is None else found

    def words(self, cells: Cells) -> NDArray[np.int8]:
        """The outcomes that words tell; -1 where none does."""
        (at,) = self.places["outcome"]
        return np.array([self._words.get(cell.strip(), -1) for cell in cells[at]], dtype=np.int8)

    def names(self, cells: Cells, key: str) -> NDArray[np.uint64]:
        """A number for each name."""
        if key not in self.places:
            return np.zeros(len(cells[0]), np.uint64)
        known = self._names[key]
        if len(known) > _NAMES:
            known.clear()
        texts = self.texts(cells, key)
        for text in set(texts).difference(known):
            known[text] = self._number(key, text)
        return np.array([known[text] for text in texts], np.uint64)

    def _number(self, key: str, text: str) -> int:
        if not text or (key == "caller" and text.lower() in self.columns.unknown):
            return 0
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little") or 1


class _Block:
    """Rows that are being read: each key once, and for each row the first reason not to use it."""

    def __init__(self, reader: Reader, cells: Cells) -> None:
        self._reader, self._cells = reader, cells
        self._reasons = np.zeros(len(cells[0]), np.int8)
        self._read: dict[str, Floats] = {}

    def _fail(self, rows: Some, reason: str) -> None:
        self._reasons[rows & (self._reasons == 0)] = REASONS.index(reason)

    def _has(self, key: str) -> bool:
        return key in self._reader.places

    def _instant(self, key: str, of: Some) -> Floats:
        """The instants of some rows, which must be readable if they are there; NaN of the others."""
        if not self._has(key):
            return np.full(len(self._reasons), math.nan)
        if key not in self._read:
            self._read[key] = self._reader.instants.read(self._reader.texts(self._cells, key))
        found = self._read[key]
        for code, reason in _UNTOLD:
            self._fail(of & (found == code), reason)
        return np.where(of & (found > 0), found, math.nan)

    def _length(self, key: str, of: Some, begin: Callable[[], Floats], end: Callable[[], Floats]) -> Floats:
        """The lengths of some rows by a column of their own, else between two instants; NaN where neither tells it."""
        if self._has(key):
            found = self._reader.length(self._cells, key)
            self._fail(of & np.isinf(found), NO_LENGTH)
        else:
            found = end() - begin()
        self._fail(of & (found < 0), NEGATIVE)
        self._fail(of & (found > LONGEST), LONG)
        return np.where(of, found, math.nan)

    def found(self) -> Found:
        every = np.ones(len(self._reasons), bool)
        start = self._instant("start", every)
        self._fail(np.isnan(start), NO_INSTANT)
        words = self._reader.words(self._cells) if self._has("outcome") else None
        outcome = self._told(every) if words is None else words
        self._fail(outcome < 0, NO_OUTCOME)
        self._fail(outcome == IGNORED, LEFT_OUT)
        answered, abandoned, served = (outcome == which for which in (ANSWERED, ABANDONED, IVR))
        queued = answered | abandoned
        ivr = self._length("ivr", queued | served, lambda: start, lambda: np.where(
            served, self._instant("ended", served), self._instant("queued", queued)))  # fmt: skip
        wait = self._length("wait", queued, lambda: start + np.nan_to_num(ivr), lambda: np.where(
            answered, self._instant("answered", answered), self._instant("ended", abandoned)))  # fmt: skip
        self._fail(queued & np.isnan(wait), NO_LENGTH)
        talk = self._length("talk", answered, lambda: self._instant("answered", answered),
                            lambda: self._instant("ended", answered))  # fmt: skip
        self._fail(answered & np.isnan(talk), NO_LENGTH)
        wrap_up = self._length("wrap_up", answered, lambda: self._instant("ended", answered),
                               lambda: self._instant("ready", answered))  # fmt: skip
        agent = np.where(queued, self._reader.names(self._cells, "agent"), np.uint64(0))
        calls = Calls(start, outcome, ivr, wait, talk, wrap_up, self._reader.names(self._cells, "caller"), agent)
        gave_up = np.zeros(len(every), bool) if words is None else words == ABANDONED
        return Found(calls, self._reasons, gave_up)

    def _told(self, every: Some) -> NDArray[np.int8]:
        """Outcomes where no word tells them: by an answer or a talk, and by whether a call ever was queued."""
        if self._has("answered"):
            answered = ~np.isnan(self._instant("answered", every))
        else:
            answered = self._length("talk", every, lambda: np.zeros(0), lambda: np.zeros(0)) > 0
        never = ~answered & np.isnan(self._instant("queued", ~answered)) if self._has("queued") else ~every
        return np.where(answered, ANSWERED, np.where(never, IVR, ABANDONED)).astype(np.int8)
