"""Call logs that others wrote, read row by row: any columns, any of the usual encodings, of any length.

A log is read in blocks of so many calls, so memory does not grow with it. What cannot be used is dropped and counted by
its reason, with the lines of the first of them; nothing is dropped in silence. What would make all of the log unusable
(no such column, no known encoding, nothing in it) is a `BadInput` with its place.

Rules:

1. Encoding: a byte order mark, else UTF-8 if all of the file is, else GB18030 (which holds GBK) if all of it is.
2. Delimiter: of comma, semicolon, tab and bar the one that the first line holds most often outside quotes.
3. Instants are seconds since 1970 on the clock of the log's zone. One with a zone of its own is brought to that zone;
   one without is taken as it stands.
4. A call that comes again is dropped: the same number of a call, or without such a column the same row of the same
   caller or agent; calls of nobody may well look alike. It is looked for among the latest calls (`WINDOW`).
5. An instant that the outcome of a call does not need may be anything: exchanges write zeros where there was no answer.
6. Names of callers and agents become numbers by a hash and are gone; the log's own text is quoted nowhere.
"""

import codecs
import csv
import math
import os
import stat
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, did_you_mean, quoted, unreadable
from simtel.profiles.columns import OUTCOMES, Columns

BLOCK = 20_000  # calls
WINDOW = 500_000  # calls among which one that comes again is noticed: at least so many, at most twice
FIELD = 1 << 17  # characters of a field
MUCH = 0.02  # of the rows dropped: what is left may be of another kind; our own bound
SHOWN = 3  # lines named for a reason
LONGEST = 86_400.0  # seconds of a wait or talk
EARLIEST, LATEST = 946_684_800.0, 7_258_118_400.0  # the years 2000 and 2200
DELIMITERS = ",;\t|"
ANSWERED, ABANDONED, IVR, BLOCKED, IGNORED = range(len(OUTCOMES))
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (of the log's clock)
_CHUNK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

# Why a row is dropped.
BROKEN = Message("quotes that do not close, or a field that is too long")
FIELDS = Message("more or fewer fields than the first row")
NO_INSTANT = Message("an instant that is missing, or written in none of the formats")
NO_LENGTH = Message("a length that is missing, or is not a number in its unit")
NEGATIVE = Message("a length below zero, or instants out of order")
LONG = Message("a length of more than a day")
NO_OUTCOME = Message("an outcome that the mapping does not name")
LEFT_OUT = Message("an outcome that the mapping leaves out")
TWICE = Message("a call that was there already")


class Calls(NamedTuple):
    """A block of calls, one an entry. Seconds; NaN for a length that the call has not or that is not known."""

    start: NDArray[np.float64]  # on the log's clock, since 1970
    outcome: NDArray[np.int8]
    ivr: NDArray[np.float64]
    wait: NDArray[np.float64]
    talk: NDArray[np.float64]
    wrap_up: NDArray[np.float64]
    caller: NDArray[np.uint64]  # 0: not known
    agent: NDArray[np.uint64]

    def where(self, chosen: NDArray[np.bool_]) -> "Calls":
        """Some of them."""
        return Calls(
            self.start[chosen], self.outcome[chosen], self.ivr[chosen], self.wait[chosen], self.talk[chosen],
            self.wrap_up[chosen], self.caller[chosen], self.agent[chosen],
        )  # fmt: skip


class Dropped(NamedTuple):
    """Rows that were dropped for one reason, and the lines on which the first of them end."""

    reason: str
    rows: int
    lines: tuple[int, ...]

    @property
    def where(self) -> str:
        """Those lines, and whether there are more."""
        return ", ".join(map(str, self.lines)) + (" ..." if self.rows > len(self.lines) else "")


class _DropError(Exception):
    """This row cannot be used, for the reason that is its argument."""


class CallLog:
    """One call log. Iterate over its blocks; `rows` and `dropped` then say what was read."""

    def __init__(self, path: str | os.PathLike[str], columns: Columns) -> None:
        self.path = Path(path)
        self.columns = columns
        self.rows = 0
        self.lost, self.gave_up = 0, 0  # calls that gave up by their outcome: dropped, and in all
        self.window = WINDOW
        self.encoding, self.size = _encoding(self.path, columns.encoding)
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
        delimiter = self.columns.delimiter or _delimiter(file)
        csv.field_size_limit(FIELD)
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        first, places = self._first(reader)
        call_of, outcome_of = _reader(self.columns, places), _outcome(self.columns, places)
        seen = _Seen(self.columns, places)
        width, block, drop = len(first), [], self.drop
        rows = reader if self.columns.header else _again(first, reader)
        last = reader.line_num if self.columns.header else 0
        while True:
            try:
                for row in rows:
                    line, lines, last = reader.line_num, reader.line_num - last, reader.line_num
                    if not row:
                        continue  # a blank line is no row
                    if len(row) != width:
                        self.rows += lines
                        drop(FIELDS, line, lines)
                        continue
                    self.rows += 1
                    try:
                        call = call_of(row)
                    except _DropError as why:
                        drop(why.args[0], line)
                        if outcome_of(row) == ABANDONED:
                            self.lost += 1
                            self.gave_up += 1
                        continue
                    if seen(row, call):
                        drop(TWICE, line)
                        continue
                    self.gave_up += call[1] == ABANDONED
                    block.append(call)
                    if len(block) == BLOCK:
                        self.read = file.buffer.tell() if hasattr(file, "buffer") else 0
                        yield _block(block)
                        block = []
                break
            except csv.Error:
                lines, last = max(1, reader.line_num - last), reader.line_num
                self.rows += lines
                drop(BROKEN, last, lines)
                rows = reader
        if block:
            yield _block(block)
        self.read = self.size
        if not self.rows:
            raise BadInput([Problem(str(self.path), 0, 0, Message("holds no calls"))])

    def _first(self, reader: Any) -> tuple[list[str], dict[str, int]]:
        """The first row that is there, and the position of each column."""
        try:
            first: list[str] = next((row for row in reader if row), [])
        except csv.Error:
            raise BadInput([Problem(str(self.path), max(1, reader.line_num), 1, BROKEN)]) from None
        if not first:
            raise BadInput([Problem(str(self.path), 0, 0, Message("is empty"))])
        names = [name.strip() for name in first]
        places: dict[str, int] = {}
        problems: list[Problem] = []
        for key, column in self.columns.columns.items():
            loc = ("columns", key, "column") if key in self.columns.units else ("columns", key)
            if isinstance(column, int):
                known, times = column <= len(first), 1
                places[key] = column - 1
            else:
                times = names.count(column.strip())
                known = times > 0
                places[key] = names.index(column.strip()) if known else 0
            if not known:
                message = Message("{path} has no column {column}", path=str(self.path), column=quoted(column))
                listed = Message("it has {columns}", columns=", ".join(name[:40] for name in names[:30]))
                hint = did_you_mean(str(column), names) if isinstance(column, str) else None
                problems.append(self.columns.doc.problem(loc, message, hint or listed))
            elif times > 1:
                message = Message("{path} has {count} columns {column}: give its number",
                                  path=str(self.path), count=times, column=quoted(column))  # fmt: skip
                problems.append(self.columns.doc.problem(loc, message))
        if problems:
            raise BadInput(problems)
        return first, places


def clock_of(when: datetime) -> float:
    """An instant on the log's clock, as calls have it: seconds since 1970."""
    return (when - _EPOCH).total_seconds()


def _again(first: list[str], rest: Iterator[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rest


def _block(calls: list[tuple[Any, ...]]) -> Calls:
    start, outcome, ivr, wait, talk, wrap_up, caller, agent = zip(*calls, strict=True)
    instants, i, w, t, u = (np.array(column, dtype=np.float64) for column in (start, ivr, wait, talk, wrap_up))
    names = [np.array(column, dtype=np.uint64) for column in (caller, agent)]
    return Calls(instants, np.array(outcome, dtype=np.int8), i, w, t, u, names[0], names[1])


def _encoding(path: Path, given: str) -> tuple[str, int]:
    """The encoding of all of a file, and its size in bytes. BadInput: none of those that are known."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # a named pipe would block for ever, and is read once only
            raise BadInput([Problem(str(path), 0, 0, Message("is not a regular file; a call log is due"))])
        size = about.st_size
        with path.open("rb") as file:
            head = file.read(4)
        if not size:
            raise BadInput([Problem(str(path), 0, 0, Message("is empty"))])
        marked = next((name for mark, name in _BOMS if head.startswith(mark)), None)
        tried = [marked] if marked else [given] if given else ["utf-8", "gb18030"]
        for encoding in tried:
            line = _undecodable(path, encoding)
            if not line:
                return encoding, size
    except (OSError, ValueError) as error:
        raise BadInput([unreadable(str(path), error)]) from None
    names = ", ".join(tried)
    message = Message("holds bytes that are not {encodings}: save the file as UTF-8, or name its 'encoding'",
                      encodings=names)  # fmt: skip
    raise BadInput([Problem(str(path), line, 1, message)])


def _undecodable(path: Path, encoding: str) -> int:
    """The line of the first bytes that are not in this encoding; 0 when there are none."""
    decoder, lines = codecs.getincrementaldecoder(encoding)(), 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                lines += decoder.decode(chunk, final=not chunk).count("\n")
            except UnicodeDecodeError as error:
                return lines + error.object[: error.start].count(b"\n")
            if not chunk:
                return 0


def _delimiter(file: IO[str]) -> str:
    """The mark that the first line holds most often outside quotes; a comma where it holds none."""
    line = ""
    while not line.strip():
        line = file.readline(FIELD)
        if not line:
            break
    file.seek(0)
    bare = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


class _Seen:
    """Whether a call was among the latest."""

    def __init__(self, columns: Columns, places: dict[str, int]) -> None:
        self._place = places.get("call")
        self._now: set[int] = set()
        self._before: set[int] = set()

    def __call__(self, row: list[str], call: tuple[Any, ...]) -> bool:
        if self._place is None and (call[1] == BLOCKED or not (call[6] or call[7])):
            return False
        key = hash(row[self._place]) if self._place is not None else hash(tuple(row))
        if key in self._now or key in self._before:
            return True
        self._now.add(key)
        if len(self._now) == WINDOW:
            self._before, self._now = self._now, set()
        return False


def _reader(columns: Columns, places: dict[str, int]) -> Callable[[list[str]], tuple[Any, ...]]:
    """What makes a call of a row: (start, outcome, ivr, wait, talk, wrap-up, caller, agent)."""
    instant = _Instant(columns)
    at = {key: places.get(key, -1) for key in (
        "start", "queued", "answered", "ended", "ready", "ivr", "wait", "talk", "wrap_up", "caller", "agent", "outcome",
    )}  # fmt: skip
    lengths = {key: _length(columns.units.get(key, "s")) for key in ("ivr", "wait", "talk", "wrap_up")}
    names: dict[str, int] = {}
    outcome_of = _outcome(columns, places)

    def cell(row: list[str], key: str) -> str:
        text = row[at[key]].strip() if at[key] >= 0 else ""
        return "" if text in columns.empty else text

    def name(row: list[str], key: str) -> int:
        text = cell(row, key)
        if not text or (key == "caller" and text.lower() in columns.unknown):
            return 0
        found = names.get(text)
        if found is None:
            if len(names) > BLOCK:
                names.clear()
            found = names[text] = int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) or 1
        return found

    def when(row: list[str], key: str) -> float | None:
        text = cell(row, key)
        return instant(text) if text else None

    def length(row: list[str], key: str, begin: float | None, end: float | None) -> float | None:
        """A length by its own column, else between two instants; None when neither tells it."""
        if at[key] >= 0:
            text = cell(row, key)
            value = lengths[key](text) if text else None
        else:
            value = None if begin is None or end is None else end - begin
        if value is None:
            return None
        if value < 0:
            raise _DropError(NEGATIVE)
        if value > LONGEST:
            raise _DropError(LONG)
        return value

    def call(row: list[str]) -> tuple[Any, ...]:
        start = when(row, "start")
        if start is None:
            raise _DropError(NO_INSTANT)
        answered = ended = None
        if at["outcome"] >= 0:
            outcome = outcome_of(row)
            if outcome < 0:
                raise _DropError(NO_OUTCOME)
            if outcome == IGNORED:
                raise _DropError(LEFT_OUT)
        else:
            answered, ended = when(row, "answered"), when(row, "ended")
            talk = length(row, "talk", answered, ended)
            if answered is not None or (at["answered"] < 0 and talk):
                outcome = ANSWERED
            elif at["queued"] >= 0 and when(row, "queued") is None:
                outcome = IVR
            else:
                outcome = ABANDONED
        if outcome == BLOCKED:
            return start, outcome, math.nan, math.nan, math.nan, math.nan, name(row, "caller"), 0
        ended = when(row, "ended")
        ivr = length(row, "ivr", start, ended if outcome == IVR else when(row, "queued"))
        if outcome == IVR:
            spent = math.nan if ivr is None else ivr
            return start, outcome, spent, math.nan, math.nan, math.nan, name(row, "caller"), 0
        answered = when(row, "answered") if outcome == ANSWERED else None
        wait = length(row, "wait", start + (ivr or 0.0), answered if outcome == ANSWERED else ended)
        if wait is None:
            raise _DropError(NO_LENGTH)
        wrap_up = math.nan
        if outcome == ANSWERED:
            talk = length(row, "talk", answered, ended)
            if talk is None:
                raise _DropError(NO_LENGTH)
            spent_after = length(row, "wrap_up", ended, when(row, "ready"))
            wrap_up = math.nan if spent_after is None else spent_after
        else:
            talk = math.nan
        spent = math.nan if ivr is None else ivr
        return start, outcome, spent, wait, talk, wrap_up, name(row, "caller"), name(row, "agent")

    return call


def _outcome(columns: Columns, places: dict[str, int]) -> Callable[[list[str]], int]:
    """What tells the outcome of a row by its word; -1 where none does."""
    words = {word: OUTCOMES.index(outcome) for word, outcome in columns.outcomes.items()}
    at = places.get("outcome", -1)
    return lambda row: words.get(row[at].strip(), -1) if at >= 0 else -1


def _length(unit: str) -> Callable[[str], float]:
    """What reads a length in this unit, in seconds; NaN and infinity are no lengths."""

    def clock(text: str) -> float:
        parts = text.split(":")
        if not 1 < len(parts) < 4 or not all(part.strip() for part in parts):
            raise _DropError(NO_LENGTH)
        total = 0.0
        for part in parts:
            total = total * 60 + number(part)
        return -abs(total) if text.lstrip().startswith("-") else total

    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise _DropError(NO_LENGTH) from None
        if not math.isfinite(value):
            raise _DropError(NO_LENGTH)
        return value

    if unit == "h:m:s":
        return clock
    scale = {"s": 1.0, "ms": 0.001, "min": 60.0}[unit]
    return number if scale == 1.0 else lambda text: number(text) * scale


class _Instant:
    """Reads instants in the first of the formats that fits; the one that fitted last is tried first."""

    def __init__(self, columns: Columns) -> None:
        self._zone = columns.zone
        self._readers = [self._of(form) for form in columns.formats]
        self._days: dict[str, float] = {}

    def __call__(self, text: str) -> float:
        for number, reader in enumerate(self._readers):
            try:
                found = reader(text)
            except (ValueError, OverflowError):
                continue
            if EARLIEST <= found < LATEST:  # NaN is not
                if number:
                    self._readers.insert(0, self._readers.pop(number))
                return found
        raise _DropError(NO_INSTANT)

    def _of(self, form: str) -> Callable[[str], float]:
        if form == "iso":
            return lambda text: self._seconds(datetime.fromisoformat(text))
        if form in ("epoch-s", "epoch-ms"):
            scale = 1.0 if form == "epoch-s" else 0.001
            return lambda text: float(text) * scale + self._zone
        date, _, rest = form.rpartition(" ")
        if rest in ("%H:%M:%S", "%H:%M:%S.%f") and date:
            return lambda text: self._dated(date, text)
        return lambda text: self._seconds(datetime.strptime(text, form))  # noqa: DTZ007  (rule 3)

    def _dated(self, form: str, text: str) -> float:
        """A date in its form, and the time behind it: a day is read once."""
        date, _, clock = text.rpartition(" ")
        day = self._days.get(date)
        if day is None:
            if len(self._days) > 10_000:
                self._days.clear()
            day = self._days[date] = self._seconds(datetime.strptime(date, form))  # noqa: DTZ007  (rule 3)
        hour, minute, second = clock.split(":")
        h, m, s = int(hour), int(minute), float(second)
        if not (0 <= h < 24 and 0 <= m < 60 and 0 <= s < 61):
            raise ValueError(clock)
        return day + h * 3600 + m * 60 + s

    def _seconds(self, found: datetime) -> float:
        offset = found.utcoffset()
        if offset is not None:
            found = found.replace(tzinfo=None) - offset + timedelta(seconds=self._zone)
        return clock_of(found)
